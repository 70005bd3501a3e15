"""Notes on a school's registration: what the province found to be corrected, and what the school says to it.

A note is about one curriculum of a round. It waits for the school until the school saves that curriculum or answers in
words, and for the province until that says it is settled (spec: assessment.md 6.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models.assessment.codes import RoundState
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import REGISTER, Registration, follow_saves
from models.assessment.round import Round, refusal_to_save
from models.assessment.school import School
from models.assessment.telling import tell_committee, tell_schools
from models.core.clock import now
from models.core.db import Audited, Id, Model, UtcDateTime, db, sql_list
from models.core.thai.text import clean_block
from models.core.workflow import HasWorkflow, Move, Refusal, Refused, move, moves

if TYPE_CHECKING:
    from models.core.identity import Account

CHECK: Final = "registration.check"
TEXT_LENGTH: Final = 1000
WRITTEN, ANSWERED_NEWS, AGAIN = "assessment_note_written", "assessment_note_answered", "assessment_note_again"


class NoteState:
    """Whom a note waits for: the school, the province, nobody any more."""

    OPEN = "open"
    ANSWERED = "answered"
    SETTLED = "settled"


NOTE_STATES: Final = (NoteState.OPEN, NoteState.ANSWERED, NoteState.SETTLED)
S = NoteState

NOTE_MOVES = moves(
    move("answer", S.OPEN, S.ANSWERED, REGISTER, ANSWERED_NEWS),
    move("settle", (S.OPEN, S.ANSWERED), S.SETTLED, CHECK),
    move("ask_again", S.ANSWERED, S.OPEN, CHECK, AGAIN),
)
"""The school answers; the province is content, or is not yet."""


class Note(HasWorkflow, Audited, Model):
    """What is to be corrected in a school's numbers of one curriculum, who says so, and the school's answer."""

    __tablename__ = "assessment_note"
    __table_args__ = (
        CheckConstraint(f"curriculum IN ({sql_list(tuple(CURRICULA))})", name="curriculum"),
        CheckConstraint(f"state IN ({sql_list(NOTE_STATES)})", name="state"),
        Index("ix_assessment_note_place", "round_id", "school_id", "curriculum", "id"),
        Index("ix_assessment_note_school_id", "school_id"),
    )
    moves = NOTE_MOVES

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("assessment_round.id"), nullable=False)
    school_id: Mapped[int] = mapped_column(ForeignKey("assessment_school.id"), nullable=False)
    curriculum: Mapped[str] = mapped_column(String(10), nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default=S.OPEN)
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH), nullable=False)
    written_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    # Empty where the school answered by saving its numbers.
    answer: Mapped[str] = mapped_column(String(TEXT_LENGTH), nullable=False, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[Round] = relationship(Round)
    school: Mapped[School] = relationship(School)

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The notes on the schools on which `user` holds `permission`."""
        schools = School.visible_to(user, permission).with_only_columns(School.id)
        return select(cls).where(cls.school_id.in_(schools))

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG002
        """An answer in words says something; what is asked again can still be corrected."""
        if action == "answer" and given.get("text") is not None:
            return _wrong_text(given["text"])
        return refusal_to_save(self.round, self.school) if action == "ask_again" else None

    def on_answer(self, by: Account, text: str | None = None) -> None:
        """Keep the school's words; None where it answered by saving its numbers."""
        self.answer, self.answered_by, self.answered_at = clean_block(text or ""), by.id, now()

    def tell(self, move: Move, by: Account, given: Mapping[str, Any]) -> None:  # noqa: ARG002
        """The province hears of an answer, the school of a question that still stands."""
        if move.tells == ANSWERED_NEWS:
            tell_committee(self.school, move.tells, self, **self._said())
        elif move.tells:
            tell_schools([self.school], move.tells, self, **self._said())

    def _said(self) -> dict[str, Any]:
        return {"school": self.school.name, "curriculum": self.curriculum}


def write(user: Account, this: Round, school: School, curriculum: str, text: str) -> Note:
    """Note what is to be corrected and tell the school; the caller commits.

    Raises Refused: not_permitted, no_such_curriculum, note_is_empty, note_is_too_long, and why the school could not
    correct it now.
    """
    theirs = School.visible_to(user, CHECK).where(School.id == school.id).with_only_columns(School.id)
    if not db.session.scalar(select(theirs.exists())):
        raise Refused(Refusal("not_permitted", permission=CHECK))
    if curriculum not in CURRICULA:
        raise Refused(Refusal("no_such_curriculum"))
    if reason := _wrong_text(text) or refusal_to_save(this, school):
        raise Refused(reason)
    note = Note(round=this, school=school, curriculum=curriculum, text=clean_block(text), written_by=user.id)
    db.session.add(note)
    db.session.flush()
    tell_schools([school], WRITTEN, note, **note._said())
    return note


def notes_on(round_id: int, school_ids: Iterable[int], curriculum: str | None = None) -> dict[int, list[Note]]:
    """School -> the notes on it that are not settled, oldest first; of one curriculum or of all. One query."""
    rows = select(Note).where(
        Note.round_id == round_id, Note.school_id.in_(list(school_ids)), Note.state != NoteState.SETTLED
    )
    if curriculum is not None:
        rows = rows.where(Note.curriculum == curriculum)
    found: dict[int, list[Note]] = {}
    for note in db.session.scalars(rows.options(joinedload(Note.school)).order_by(Note.id)):
        found.setdefault(note.school_id, []).append(note)
    return found


def waiting_for(user: Account) -> Select[Any]:
    """The answered notes of the open round that wait for `user` to look again, the longest waiting first."""
    rows = Note.visible_to(user, CHECK).join(Note.round)
    return rows.where(Note.state == S.ANSWERED, Round.state == RoundState.OPEN).order_by(Note.answered_at, Note.id)


def _wrong_text(text: str) -> Refusal | None:
    said = clean_block(text)
    if not said:
        return Refusal("note_is_empty")
    return Refusal("note_is_too_long", most=TEXT_LENGTH) if len(said) > TEXT_LENGTH else None


def _answered_by_saving(row: Registration, by: Account) -> None:
    """Numbers that a school saves answer what was asked of that curriculum; the province looks at them again."""
    asked = select(Note).where(
        Note.round_id == row.round_id,
        Note.school_id == row.school_id,
        Note.curriculum == row.curriculum,
        Note.state == NoteState.OPEN,
    )
    for note in db.session.scalars(asked.order_by(Note.id)).all():
        note.perform("answer", by, note.version)


follow_saves(_answered_by_saving)
