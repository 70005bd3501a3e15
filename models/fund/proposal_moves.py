"""What the moves of a proposal ask for and do, beyond the change of state (spec: fund.md 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models.core import outbox
from models.core.counter import next_number
from models.core.db import db, now
from models.core.grants import users_of_kind
from models.core.identity import Account
from models.core.thai.dates import bangkok_day, fiscal_year
from models.core.thai.text import clean_line
from models.core.workflow import HasWorkflow, Move, Refusal, Refused
from models.fund.agenda_moves import AgendaMoves
from models.fund.codes import (
    AGENDA_STATE,
    BOARD,
    LEVEL_OF_STATE,
    LEVELS,
    SCREENING,
    SHORT_LENGTH,
    STAFF,
    STATE_AFTER,
    STATUS_OF_RESULT,
    WAITING_STATE,
    LevelStatus,
    Result,
    State,
)
from models.fund.membership import managers_of
from models.fund.scope import stepped_out_of
from models.fund.scoring.sheet import BoardDecision, Sheet, clean_resolution, sheet_of
from models.fund.screening import Screening, screening_of
from models.fund.session import ItemState
from models.fund.wizard import copy_revision, missing, write_part
from models.fund.workflow import PROPOSAL_MOVES

if TYPE_CHECKING:
    from models.fund.revision import Revision

NUMBER_COUNTER = "fund_proposal"


class ProposalMoves(AgendaMoves, HasWorkflow):
    """The workflow of a proposal: guards, ends, effects and who is told."""

    moves = PROPOSAL_MOVES

    if TYPE_CHECKING:
        # Columns and properties of Proposal, which this class is the behaviour of.
        organization: Any
        organization_id: Any
        organization_sort: Any
        author_id: Any
        author: Any
        current_revision_id: Any
        submitted_revision_id: Any
        fiscal_year: Any
        sequence: Any
        number_sort: Any
        title: Any
        revisions: Any
        revision_number: Any
        saved_at: Any
        submitted_at: Any
        first_submitted_at: Any
        listed_at: Any
        decided_at: Any
        deleted_at: Any
        closing_reason: Any

        @property
        def current_revision(self) -> Revision: ...

        @property
        def submitted_revision(self) -> Revision | None: ...

        @property
        def number(self) -> str: ...

        @property
        def was_submitted(self) -> bool: ...

        def show_content(self, revision: Revision) -> None: ...

    # --- guards ------------------------------------------------------------------------------------------------------

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:
        """The guard column of the table; what is given with a move is judged only when it is given."""
        judge = getattr(self, f"_guard_{action}", None)
        reason: Refusal | None = judge(user, given) if judge is not None else None
        return reason

    def _guard_mark_ready(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        return self._incomplete()

    def _guard_take_back(self, user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        if user.id == self.author_id or self.organization.is_managed_by(user):
            return None
        return Refusal("not_author_or_manager")

    def _guard_submit(self, user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        if not self.organization.is_managed_by(user):
            return Refusal("not_manager")
        if self.organization.is_deleted:
            return Refusal("organization_deleted")
        if self.state == State.DRAFT and self.author_id != user.id:
            return Refusal("not_ready")
        return self._incomplete()

    def _guard_pass_screening(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        form = self._screening()
        if form is None:
            return Refusal("screening_missing")
        if form.unanswered:
            return Refusal("screening_unanswered", items=tuple(form.unanswered))
        return None

    _guard_fail_screening = _guard_pass_screening
    _guard_documents_incomplete = _guard_pass_screening

    def _guard_record(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        sheet = self._sheet()
        if sheet is None:
            return Refusal("sheet_missing")
        if sheet.unanswered:
            return Refusal("topics_unanswered", topics=tuple(sheet.unanswered))
        return None

    def _guard_not_consider(self, _user: Account, given: Mapping[str, Any]) -> Refusal | None:
        if "reason" in given and not clean_line(given["reason"] or ""):
            return Refusal("reason_needed")
        return None

    def _guard_discard(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        return None if self.was_submitted else Refusal("first_draft")

    def _guard_delete(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        return Refusal("was_submitted") if self.was_submitted else None

    def _guard_restore(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        return Refusal("organization_deleted") if self.organization.is_deleted else None

    def _incomplete(self) -> Refusal | None:
        found = missing(self.current_revision)
        return Refusal("incomplete", parts={part: tuple(codes) for part, codes in found.items()}) if found else None

    # --- ends --------------------------------------------------------------------------------------------------------

    def target_of(self, action: str, given: Mapping[str, Any]) -> str | None:
        """The end of a move; of those with several, by the level it stands at and the points."""
        level = LEVEL_OF_STATE.get(self.state, "")
        if action == "put_on_agenda":
            return AGENDA_STATE[level]
        if action == "take_off_agenda":
            return WAITING_STATE[level]
        if action == "record":
            sheet = self._sheet()
            return STATE_AFTER[level] if sheet is not None and _would_pass(sheet) else State.RETURNED
        return super().target_of(action, given)

    # --- effects -----------------------------------------------------------------------------------------------------

    def on_save(self, by: Account, part: str, content: Mapping[str, Any]) -> None:
        """Write one part of the wizard into the draft."""
        revision = self.current_revision
        write_part(revision, part, content, by)
        self.saved_at = revision.saved_at = now()
        self.show_content(revision)

    def on_submit(self, by: Account) -> None:
        """Freeze the draft as a revision; the first one gives the proposal its number."""
        moment = now()
        revision = self.current_revision
        revision.compute_totals()
        revision.organization_snapshot = self.organization.snapshot()
        revision.submitted_at, revision.submitted_by_id = moment, by.id
        db.session.flush()
        self.submitted_at = self.listed_at = moment
        self.revision_number = revision.number
        self.organization_sort = self.organization.name_sort
        for level in LEVELS:
            self._show_status(level, LevelStatus.NONE)
        self._show_status(SCREENING, LevelStatus.WAITING)
        self._show_points(None, None)
        if self.sequence is None:
            self.first_submitted_at = moment
            year = fiscal_year(bangkok_day(moment))
            # Last, for the counter stays locked until the commit.
            self.sequence = next_number(NUMBER_COUNTER, year)
            self.fiscal_year = year
            self.number_sort = year * 1_000_000 + self.sequence
        self.submitted_revision_id = revision.id
        self.show_content(revision)

    def on_pass_screening(self, by: Account) -> None:
        """Send the form; the proposal waits for the working group."""
        self._send_screening(by, Result.PASS)

    def on_fail_screening(self, by: Account) -> None:
        """Send the form; the proposal goes back."""
        self._send_screening(by, Result.FAIL)

    def on_documents_incomplete(self, by: Account) -> None:
        """Send the form; the proposal goes back for its documents."""
        self._send_screening(by, Result.DOCUMENTS)

    def _send_screening(self, by: Account, result: str) -> None:
        form = self._screening()
        assert form is not None, "guarded"  # noqa: S101
        form.result, form.sent_at, form.sent_by_id = result, now(), by.id
        self._judged(SCREENING, result)

    def on_record(self, by: Account, without_quorum: str = "") -> None:
        """Send the sheet with the points that the server computes; below the quorum only for a reason."""
        self._ask_quorum(without_quorum)
        sheet = self._sheet()
        assert sheet is not None, "guarded"  # noqa: S101
        sheet.compute()
        sheet.sent_at, sheet.sent_by_id = now(), by.id
        self._end_item(ItemState.DONE, without_quorum)
        self._judged(sheet.level, Result.PASS if sheet.passes else Result.FAIL, sheet.total)

    def on_approve(self, by: Account, **given: Any) -> None:
        """Note the board's approval: the end of the way. `given` as for `_decide`."""
        self._decide(by, Result.APPROVED, **given)
        self.decided_at = now()

    def on_refuse(self, by: Account, **given: Any) -> None:
        """Note the board's refusal; the proposal goes back. `given` as for `_decide`."""
        self._decide(by, Result.REFUSED, **given)

    def _decide(
        self,
        by: Account,
        result: str,
        resolution_number: str = "",
        resolution_date: date | None = None,
        without_quorum: str = "",
    ) -> None:
        self._ask_quorum(without_quorum)
        db.session.add(
            BoardDecision(
                revision=self.submitted_revision,
                result=result,
                resolution_number=clean_resolution(resolution_number),
                resolution_date=resolution_date,
                recorded_by_id=by.id,
            )
        )
        self._end_item(ItemState.DONE, without_quorum)
        self._judged(BOARD, result)

    def on_not_consider(self, by: Account, reason: str = "") -> None:  # noqa: ARG002
        """Close the proposal without a judgement, for a reason."""
        reason = clean_line(reason)[:SHORT_LENGTH]
        if not reason:
            raise Refused(Refusal("reason_needed"))
        self.closing_reason = reason
        self.decided_at = now()
        self._judged(LEVEL_OF_STATE[self.state], Result.NOT_CONSIDERED)

    def on_revise(self, by: Account) -> None:  # noqa: ARG002
        """Begin the next revision as a copy of the one that came back."""
        revision = copy_revision(self.current_revision)
        db.session.flush()
        self.current_revision_id = revision.id

    def on_discard(self, by: Account) -> None:  # noqa: ARG002
        """Let the unsent revision go."""
        draft = self.current_revision
        self.current_revision_id = self.submitted_revision_id
        db.session.flush()
        self.revisions.remove(draft)

    def on_delete(self, by: Account) -> None:  # noqa: ARG002
        """Mark as deleted."""
        self.deleted_at = now()

    def on_restore(self, by: Account) -> None:  # noqa: ARG002
        """Unmark."""
        self.deleted_at = None

    # --- who is told -------------------------------------------------------------------------------------------------

    def tell(self, move: Move, by: Account, given: Mapping[str, Any]) -> None:
        """Queue what the move tells, with what a sentence about it needs; whoever did it knows already."""
        if move.tells is None or "moves_to" in given:  # What moves to another session is told once, of that one.
            return
        revision = self.submitted_revision or self.current_revision
        values: dict[str, Any] = {"number": self.number, "title": self.title or revision.title}
        event = move.tells
        if move.name == "record":
            level = next(level for level in reversed(LEVELS) if revision.result_at(level))
            event = "evaluation_passed" if revision.result_at(level) == Result.PASS else "evaluation_failed"
            values |= {"level": level, "points": revision.points_at(level)}
        elif move.name in ("put_on_agenda", "take_off_agenda"):
            values["level"] = LEVEL_OF_STATE[self.state]
            if "moved_from" in given:
                event = "proposal_moved_session"
            item = self.open_item
            if item is not None:
                values |= {"session": item.session.name, "starts_at": item.session.starts_at.isoformat()}
        elif move.name == "not_consider":
            values["reason"] = self.closing_reason
        people = [person for person in self.audience(move) if person.id != by.id or move.name == "submit"]
        outbox.tell(people, event, self, **values)

    def audience(self, move: Move) -> Iterable[Account]:
        """Whom a move concerns: the author while a member, and the managers; of a submission the staff as well.

        What is ready is told to those who can submit it. Of the staff, who stepped out of the proposal hears nothing.
        """
        people = managers_of(self.organization_id)
        if move.name != "mark_ready" and self.organization.has_member(self.author):
            people.append(self.author)
        if move.name == "submit":
            staff = select(Account).where(
                Account.id.in_(users_of_kind(STAFF)), Account.active, Account.id.not_in(stepped_out_of(self.id))
            )
            people.extend(db.session.scalars(staff.order_by(Account.id)))
        return people

    # --- what the moves share ----------------------------------------------------------------------------------------

    def _screening(self) -> Screening | None:
        return screening_of(self.submitted_revision) if self.submitted_revision else None

    def _sheet(self) -> Sheet | None:
        level = LEVEL_OF_STATE.get(self.state)
        return sheet_of(self.submitted_revision, level) if self.submitted_revision and level else None

    def _judged(self, level: str, result: str, points: int | None = None) -> None:
        revision = self.submitted_revision
        assert revision is not None, "only what was submitted is judged"  # noqa: S101
        revision.store_result(level, result, points)
        self._show_status(level, STATUS_OF_RESULT[result])
        if points is not None:
            setattr(self, f"{level}_points", points)
        if result == Result.PASS:
            self._show_status(LEVELS[LEVELS.index(level) + 1], LevelStatus.WAITING)

    def _show_status(self, level: str, status: str) -> None:
        setattr(self, f"{level}_status", status)

    def _show_points(self, group: int | None, sub: int | None) -> None:
        self.group_points, self.sub_points = group, sub


def _would_pass(sheet: Sheet) -> bool:

    return sheet.form.scale.passes(sum(answer.compute() for answer in sheet.answers))
