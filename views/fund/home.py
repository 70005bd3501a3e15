"""What proposals put on the main page: what waits for this person now, and the ways on (spec: fund.md 2.6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select

from models.core.clock import now
from models.core.db import db
from models.core.matrix import allows, kinds_of
from models.fund.codes import ORGANIZATION_MANAGER, State
from models.fund.proposal import Proposal
from models.fund.revision import Revision
from models.fund.screening import Screening
from views.core.home import Tile, Waiting, tile_sources, waiting_sources
from views.core.pulse import badge_sources

COUNTED = 1000
LATE = timedelta(days=3)


def _waiting(rows: Select[Any], since: Any) -> tuple[int, datetime | None, int | None]:
    """How many (up to a limit), since when the oldest, and the id of one of them; one query."""
    some = rows.with_only_columns(Proposal.id.label("id"), since.label("since")).limit(COUNTED).subquery()
    found = db.session.execute(
        select(func.count(), func.min(some.c.since), func.min(some.c.id)).select_from(some)
    ).one()
    return int(found[0]), found[1], found[2]


def _url(count: int, key: int | None, **filters: Any) -> str:
    """One proposal is opened at once, several are listed."""
    return url_for("ProposalView.show", pk=key) if count == 1 else url_for("ProposalView.list", **filters)


def to_confirm(user: Any) -> list[Waiting]:
    """Proposals that are ready for a manager to submit."""
    if ORGANIZATION_MANAGER not in kinds_of(user, "proposal.submit"):
        return []
    rows = Proposal.visible_to(user, "proposal.submit").where(Proposal.state == State.READY)
    count, oldest, key = _waiting(rows, Proposal.saved_at)
    detail = _("Read them, then submit them to the fund or take them back")
    url = _url(count, key, tab="drafts")
    return [Waiting(count, _("Proposals ready for you to confirm"), detail, url, _("Confirm"), oldest)]


def to_revise(user: Any) -> list[Waiting]:
    """Proposals that came back with advice."""
    if not allows(user, "proposal.edit"):
        return []
    since = func.coalesce(Revision.board_at, Revision.sub_at, Revision.group_at, Revision.screening_at)
    rows = (
        Proposal.visible_to(user, "proposal.edit")
        .where(Proposal.state == State.RETURNED)
        .join(Revision, Revision.id == Proposal.submitted_revision_id)
    )
    count, oldest, key = _waiting(rows, since)
    detail = _("Read the advice and make a new revision")
    url = _url(count, key, tab="returned")
    return [Waiting(count, _("Proposals returned for revision"), detail, url, _("Read the advice"), oldest)]


def to_finish(user: Any) -> list[Waiting]:
    """Drafts that are still being written."""
    if not allows(user, "proposal.edit"):
        return []
    rows = Proposal.visible_to(user, "proposal.edit").where(Proposal.state == State.DRAFT)
    count, oldest, key = _waiting(rows, Proposal.saved_at)
    detail = _("Saved by themselves; take them up where you left them")
    url = _url(count, key, tab="drafts")
    return [Waiting(count, _("Drafts to finish"), detail, url, _("Go on"), oldest)]


def to_screen(user: Any) -> list[Waiting]:
    """Proposals to check, and screening forms that are saved and not sent."""
    if not allows(user, "proposal.decide"):
        return []
    rows = Proposal.visible_to(user, "proposal.decide").where(Proposal.state == State.SCREENING)
    some = (
        rows.with_only_columns(Proposal.revision_number.label("number"), Proposal.listed_at.label("since"))
        .order_by(Proposal.listed_at)
        .limit(COUNTED)
        .subquery()
    )
    again = func.sum(case((some.c.number > 1, 1), else_=0))
    found = db.session.execute(select(func.count(), func.min(some.c.since), again).select_from(some)).one()
    count, oldest, revised = int(found[0]), found[1], int(found[2] or 0)
    detail = _("New %(new)s · revised %(revised)s", new=count - revised, revised=revised) if revised else ""
    saved = rows.join(Screening, Screening.revision_id == Proposal.submitted_revision_id)
    saved_count, saved_oldest, _key = _waiting(saved, Screening.saved_at)
    is_late = oldest is not None and now() - oldest > LATE
    queue, kept = url_for("ScreeningView.list"), url_for("ScreeningView.list", tab="saved")
    return [
        Waiting(count, _("Proposals to check"), detail, queue, _("Check the documents"), oldest, is_late),
        Waiting(saved_count, _("Screening results saved, not sent"), "", kept, _("Go on"), saved_oldest),
    ]


def badges(user: Any) -> dict[str, Select[Any]]:
    """What waits behind the menu's entries: proposals to check; for applicants, those to confirm and to revise."""
    found = {}
    if allows(user, "proposal.decide"):
        rows = Proposal.visible_to(user, "proposal.decide")
        found["ScreeningView.list"] = rows.where(Proposal.state == State.SCREENING)
    if allows(user, "proposal.edit"):
        states = [State.RETURNED]
        if ORGANIZATION_MANAGER in kinds_of(user, "proposal.submit"):
            states.append(State.READY)
        found["ProposalView.list"] = Proposal.visible_to(user, "proposal.edit").where(Proposal.state.in_(states))
    return found


def tiles(user: Any) -> list[Tile]:
    """The tile of the proposals, with the links that this user may follow."""
    tile = Tile(_("Proposals"), "folder2")
    if allows(user, "proposal.view"):
        tile.links.append((_("Show list"), url_for("ProposalView.list")))
    if allows(user, "proposal.create"):
        tile.links.append((_("Create a proposal"), url_for("ProposalView.list", _anchor="create")))
    if allows(user, "proposal.decide"):
        tile.links.append((_("Document check"), url_for("ScreeningView.list")))
    return [tile]


def register(builder: Any) -> None:  # noqa: ARG001 - every module of the fund is registered alike
    """Add the sources of the main page, once."""
    sources = (to_confirm, to_revise, to_finish, to_screen)
    waiting_sources[:] = [*sources, *(source for source in waiting_sources if source not in sources)]
    if badges not in badge_sources:
        badge_sources.append(badges)
    if tiles not in tile_sources:
        tile_sources.insert(0, tiles)
