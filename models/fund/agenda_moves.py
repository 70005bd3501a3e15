"""The moves of a proposal that have to do with agendas: on, off, from one session to another (spec: fund.md 5, 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models.core.db import db, now
from models.core.identity import Account
from models.core.thai.text import clean_line
from models.core.workflow import Refusal, Refused
from models.fund.codes import LEVEL_OF_STATE, SHORT_LENGTH, LevelStatus
from models.fund.session import OPEN, AgendaItem, EvaluationSession, ItemState
from models.fund.session.quorum import count_for_record

if TYPE_CHECKING:
    from models.fund.proposal import Proposal


class AgendaMoves:
    """Guards and effects of the moves on and off agendas; mixed into `ProposalMoves`."""

    if TYPE_CHECKING:
        # Columns of Proposal, and what ProposalMoves gives.
        id: Any
        state: Any
        submitted_revision_id: Any

        def _show_status(self, level: str, status: str) -> None: ...

    def _guard_put_on_agenda(self, _user: Account, given: Mapping[str, Any]) -> Refusal | None:
        session: EvaluationSession | None = given.get("session")
        return _closed_to(session, LEVEL_OF_STATE[self.state]) if session is not None else None

    def _guard_take_off_agenda(self, _user: Account, given: Mapping[str, Any]) -> Refusal | None:
        item = self.open_item
        if item is None or item.session.state != OPEN:
            return Refusal("session_not_open")
        target: EvaluationSession | None = given.get("moves_to")
        if target is None:
            return None
        return Refusal("same_session") if target.id == item.session_id else _closed_to(target, item.session.level)

    def _ask_quorum(self, without_quorum: str) -> None:
        """Where fewer take part than are needed, a result is recorded knowingly, for a reason, or not at all."""
        item = self.open_item
        if item is None or clean_line(without_quorum):
            return
        count = count_for_record(item)
        if count.is_short:
            raise Refused(Refusal("below_quorum", present=count.present, needed=count.needed))

    def on_put_on_agenda(
        self,
        by: Account,  # noqa: ARG002
        session: EvaluationSession,
        moved_from: EvaluationSession | None = None,  # noqa: ARG002 - for what is told
    ) -> None:
        """Put the submitted revision at the end of the session's agenda and find who must step out."""
        from models.fund.conflicts import mark_conflicts

        # The session is locked too, so that it does not close meanwhile.
        db.session.refresh(session, attribute_names=["state", "version"], with_for_update=True)
        if session.state != OPEN:
            raise Refused(Refusal("session_not_open"))
        position = max((item.position for item in session.items), default=-1) + 1
        item = AgendaItem(
            proposal_id=self.id, revision_id=self.submitted_revision_id, position=position, state=ItemState.ON
        )
        session.items.append(item)
        self._show_status(session.level, LevelStatus.SCHEDULED)
        db.session.flush()
        mark_conflicts(session, [item])

    def on_take_off_agenda(self, by: Account, moves_to: EvaluationSession | None = None) -> None:  # noqa: ARG002
        """Let the proposal wait for another session."""
        item = self._end_item(ItemState.OFF)
        self._show_status(item.session.level, LevelStatus.WAITING)

    @property
    def open_item(self) -> AgendaItem | None:
        """The item of the agenda it stands on now."""
        return db.session.scalar(
            select(AgendaItem).where(AgendaItem.proposal_id == self.id, AgendaItem.state == ItemState.ON)
        )

    def _end_item(self, state: str, without_quorum: str = "") -> AgendaItem:
        item = self.open_item
        assert item is not None, "what is on an agenda has its item"  # noqa: S101
        item.state, item.ended_at = state, now()
        item.quorum_reason = clean_line(without_quorum)[:SHORT_LENGTH]
        return item


def _closed_to(session: EvaluationSession, level: str) -> Refusal | None:
    if session.level != level:
        return Refusal("wrong_level", level=session.level)
    if session.state != OPEN or session.is_deleted:
        return Refusal("session_not_open")
    return None


def move_to_session(
    proposal: Proposal, session: EvaluationSession, by: Account, version: int | str | None
) -> EvaluationSession:
    """Take a proposal off its agenda and put it on another of the same level, in one transaction; where it was.

    Its applicants are told once, of the new meeting. The caller commits. Raises Refused or StaleVersion.
    """
    item = proposal.open_item
    if item is None:
        raise Refused(Refusal("wrong_stage", state=proposal.state, action="take_off_agenda"))
    before = item.session
    proposal.perform("take_off_agenda", by, version, moves_to=session)
    proposal.perform("put_on_agenda", by, proposal.version, session=session, moved_from=before)
    return before


def end_session(
    session: EvaluationSession, action: str, by: Account, version: int | str | None, reason: str = ""
) -> int:
    """Close or cancel a session whose undecided items go back to wait for another; how many did.

    Proposals are locked before the session, as when they are put on it. The caller commits.
    Raises Refused (stepped_out_of_item where `by` may not touch an item) or StaleVersion.
    """
    session.take_version(version)
    given = {"reason": reason} if action == "cancel" else {}
    refused = session.refusal(action, by, **given)
    if refused is not None and refused.code != "items_undecided":
        raise Refused(refused)
    waiting = sorted(session.undecided, key=lambda item: item.proposal_id)
    for item in waiting:
        if not item.proposal.within(by, "session.edit"):
            raise Refused(Refusal("stepped_out_of_item", place=session.agenda.index(item) + 1))
        item.proposal.perform("take_off_agenda", by, item.proposal.version)
    session.perform(action, by, session.version, **given)
    return len(waiting)
