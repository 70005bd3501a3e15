"""What the tests of the record form share: an item on an agenda, a sheet as a browser posts it, what is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from models.core.db import db
from models.fund.codes import GROUP, State
from models.fund.proposal import Proposal
from models.fund.scoring import Sheet, sheet_of
from models.fund.session import AgendaItem
from tests.factories.fund import Cast, make_proposal


def on_agenda(cast: Cast, state: str = State.AGENDA_GROUP) -> tuple[Proposal, AgendaItem]:
    """A proposal on an agenda, and its item."""
    proposal = make_proposal(state, cast=cast)
    item = proposal.open_item
    assert item is not None
    db.session.commit()
    return proposal, item


def typed(
    proposal: Proposal,
    ticked: int | Mapping[int, int] = 4,
    leave_out: Sequence[int] = (),
    version: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """A whole sheet as a browser posts it: so many indicators ticked, on each topic or by number."""
    data: dict[str, Any] = {"version": version, "proposal_version": proposal.version, "advice": "", **more}
    for number in range(1, 12):
        if number in leave_out:
            continue
        ticks = ticked.get(number, 4) if isinstance(ticked, Mapping) else ticked
        data[f"choice-{number}"] = "has"
        data[f"tick-{number}"] = [str(position) for position in range(ticks)]
    return data


def sheet(proposal: Proposal, level: str = GROUP) -> Sheet | None:
    """The sheet as the database has it now."""
    db.session.expire_all()
    return sheet_of(proposal.submitted_revision, level)


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]
