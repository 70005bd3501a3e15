"""An agenda as one reader may see it: items that they stepped out of are a place and nothing more (spec: fund.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from models.core.db import db
from models.core.identity import Account
from models.fund.codes import AGENDA_STATE, BOARD
from models.fund.proposal import Proposal
from models.fund.session import AgendaItem, EvaluationSession, ItemState, SteppingOut


@dataclass
class Line:
    """An item of the agenda as one reader sees it; `is_left` hides everything but its place."""

    n: int
    item: AgendaItem
    is_left: bool
    may_record: bool

    @property
    def result(self) -> str | None:
        """The result of this session's level on the item's revision."""
        found = getattr(self.item.revision, f"{self.item.session.level}_result")
        return found if self.item.state == ItemState.DONE else None

    @property
    def points(self) -> int | None:
        """The points that go with the result; the board gives none."""
        level = self.item.session.level
        return None if self.result is None or level == BOARD else getattr(self.item.revision, f"{level}_points")

    @property
    def amount(self) -> Decimal:
        """Baht that the revision asks for."""
        return self.item.revision.amount_asked or Decimal(0)


def lines_of(session: EvaluationSession, user: Account) -> list[Line]:
    """The agenda for one reader: items they stepped out of are only a place; two queries."""
    agenda = session.agenda
    proposals = [item.proposal_id for item in agenda]
    if not proposals:
        return []
    left = set(
        db.session.scalars(
            select(AgendaItem.proposal_id)
            .join(SteppingOut, SteppingOut.item_id == AgendaItem.id)
            .where(SteppingOut.user_id == user.id, AgendaItem.proposal_id.in_(proposals))
        )
    )
    recordable = set(
        db.session.scalars(
            Proposal.visible_to(user, "result.record")
            .where(Proposal.id.in_(proposals), Proposal.state == AGENDA_STATE[session.level])
            .with_only_columns(Proposal.id)
        )
    )
    return [
        Line(
            n,
            item,
            is_left=item.proposal_id in left,
            may_record=item.state == ItemState.ON and item.proposal_id in recordable and item.proposal_id not in left,
        )
        for n, item in enumerate(agenda, 1)
    ]


def total_of(lines: Iterable[Line]) -> Decimal:
    """Baht over the items that the reader may know; a sum over all would give the hidden one away."""
    return sum((line.amount for line in lines if not line.is_left), Decimal(0))
