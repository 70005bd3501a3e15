"""The sheet that a working group or sub-committee fills for a revision, and the board's decision (spec: fund.md 8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.core import audit
from models.core.db import Audited, Id, Model, UtcDateTime, Versioned, db, now, sql_list, touch
from models.core.thai.text import clean_block, clean_line
from models.core.workflow import Refusal, Refused
from models.fund.codes import LEVEL_OF_STATE, LONG_LENGTH, SCORED_LEVELS, SHORT_LENGTH
from models.fund.scoring.form import ScoringForm, Topic
from models.fund.scoring.points import points, ticked_in
from models.fund.scoring.versions import current_form

if TYPE_CHECKING:
    from models.core.identity import Account
    from models.fund.proposal import Proposal
    from models.fund.revision import Revision


class Choice:
    """The main choice of a topic."""

    NONE = "none"  # ไม่มีข้อบ่งชี้ฯ: 0 points
    HAS = "has"  # มีข้อบ่งชี้ฯ: as many points as the ticked indicators give


class Sheet(Versioned, Audited, Model):
    """The meeting's resolution on one revision at one level: one sheet, not one per member."""

    __tablename__ = "fund_sheet"
    __table_args__ = (
        UniqueConstraint("revision_id", "level"),
        CheckConstraint(f"level IN ({sql_list(SCORED_LEVELS)})", name="level"),
        CheckConstraint("total BETWEEN 0 AND 100", name="total"),
        Index("ix_fund_sheet_form_id", "form_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id"), nullable=False)
    level: Mapped[str] = mapped_column(String(10), nullable=False)
    form_id: Mapped[int] = mapped_column(ForeignKey("fund_scoring_form.id"), nullable=False)
    total: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    advice: Mapped[str] = mapped_column(Text, nullable=False, default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now, info={"audit": "skip"})
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    revision: Mapped[Revision] = relationship("Revision")
    form: Mapped[ScoringForm] = relationship(ScoringForm)
    answers: Mapped[list[Answer]] = relationship(
        back_populates="sheet", cascade="all, delete-orphan", order_by=lambda: Answer.number
    )

    def audit_root(self) -> Any:
        """The proposal."""
        return self.revision.proposal if self.revision is not None else None

    @property
    def is_sent(self) -> bool:
        """Whether it is final."""
        return self.sent_at is not None

    @property
    def band(self) -> str:
        """The band of its total, by its version of the form."""
        return self.form.scale.band(self.total)

    @property
    def passes(self) -> bool:
        """Whether its total passes, by its version of the form."""
        return self.form.scale.passes(self.total)

    @property
    def unanswered(self) -> list[int]:
        """Numbers of the topics without a main choice."""
        answered = {answer.number for answer in self.answers if answer.choice is not None}
        return [topic.number for topic in self.form.topics if topic.number not in answered]

    def compute(self) -> int:
        """Compute the points of each answer and the total; the server's, whatever the screen showed."""
        for answer in self.answers:
            answer.points = answer.compute()
        self.total = sum(answer.points for answer in self.answers)
        return self.total

    def fill(self, content: Mapping[str, Any]) -> None:
        """Take over typed content; see `save_sheet`."""
        if "advice" in content:
            self.advice = clean_block(content["advice"] or "")[:LONG_LENGTH]
        answers = {answer.number: answer for answer in self.answers}
        for number, typed in content.get("topics", {}).items():
            answer = answers.get(int(number))
            if answer is None:
                raise Refused(Refusal("no_such_topic", number=int(number)))
            answer.fill(typed)
        self.compute()


class Answer(Audited, Model):
    """What the meeting found on one topic."""

    __tablename__ = "fund_answer"
    __table_args__ = (
        UniqueConstraint("sheet_id", "topic_id"),
        CheckConstraint("choice IN ('none', 'has')", name="choice"),
        CheckConstraint("ticked BETWEEN 0 AND 15", name="ticked"),
        CheckConstraint("choice = 'has' OR ticked = 0", name="ticks_only_where_has"),
        CheckConstraint("points >= 0", name="points"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("fund_sheet.id", ondelete="CASCADE"), nullable=False)
    topic_id: Mapped[int] = mapped_column(ForeignKey("fund_scoring_topic.id"), nullable=False)
    number: Mapped[int] = mapped_column(Integer, nullable=False)
    choice: Mapped[str | None] = mapped_column(String(5))
    ticked: Mapped[int] = mapped_column(Integer, nullable=False, default=0)  # bit 0: the first indicator
    points: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    advice: Mapped[str] = mapped_column(Text, nullable=False, default="")

    sheet: Mapped[Sheet] = relationship(Sheet, back_populates="answers")
    topic: Mapped[Topic] = relationship(Topic)

    def audit_root(self) -> Any:
        """The proposal."""
        return self.sheet.audit_root() if self.sheet is not None else None

    def is_ticked(self, position: int) -> bool:
        """Whether the indicator at `position` (0 to 3) is ticked."""
        return bool(self.ticked >> position & 1)

    def compute(self) -> int:
        """Its points, from the choice and how many indicators are ticked."""
        return points(self.topic, ticked_in(self.ticked)) if self.choice == Choice.HAS else 0

    def fill(self, typed: Mapping[str, Any]) -> None:
        """Take over choice, ticked (positions 0 to 3) and advice. Raises Refused for anything else."""
        choice = typed.get("choice", self.choice) or None
        if choice not in (None, Choice.NONE, Choice.HAS):
            raise Refused(Refusal("no_such_choice", number=self.number))
        positions = {int(position) for position in typed["ticked"]} if "ticked" in typed else self._positions()
        if not positions <= set(range(4)):
            raise Refused(Refusal("no_such_indicator", number=self.number))
        self.choice = choice
        self.ticked = sum(1 << position for position in positions) if choice == Choice.HAS else 0
        if "advice" in typed:
            self.advice = clean_block(typed["advice"] or "")[:LONG_LENGTH]

    def _positions(self) -> set[int]:
        return {position for position in range(4) if self.is_ticked(position)}


class BoardDecision(Audited, Model):
    """The board's อนุมัติ or ไม่อนุมัติ on a revision, with the resolution's number and date where noted."""

    __tablename__ = "fund_board_decision"
    __table_args__ = (
        UniqueConstraint("revision_id"),
        CheckConstraint("result IN ('approved', 'refused')", name="result"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id"), nullable=False)
    result: Mapped[str] = mapped_column(String(10), nullable=False)
    resolution_number: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")
    resolution_date: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    revision: Mapped[Revision] = relationship("Revision")

    def audit_root(self) -> Any:
        """The proposal."""
        return self.revision.proposal if self.revision is not None else None


def sheet_of(revision: Revision, level: str) -> Sheet | None:
    """The sheet of a revision at a level, saved or sent."""
    return db.session.scalar(select(Sheet).where(Sheet.revision_id == revision.id, Sheet.level == level))


def decision_of(revision: Revision) -> BoardDecision | None:
    """The board's decision on a revision."""
    return db.session.scalar(select(BoardDecision).where(BoardDecision.revision_id == revision.id))


def begin_sheet(revision: Revision, level: str) -> Sheet:
    """An empty sheet on the current form, in the database session but not saved yet."""
    form = current_form()
    sheet = Sheet(revision=revision, level=level, form=form)
    sheet.answers = [Answer(topic=topic, number=topic.number) for topic in form.topics]
    return sheet


def refusal_to_save(proposal: Proposal, by: Account) -> Refusal | None:
    """Why `by` may not write on the sheet of the level the proposal is at; None means they may."""
    if not proposal.within(by, "result.record"):
        return Refusal("not_permitted", permission="result.record")
    if proposal.state not in proposal.moves["record"].sources:
        return Refusal("wrong_stage", state=proposal.state, action="save_sheet")
    return None


def save_sheet(proposal: Proposal, content: Mapping[str, Any], by: Account, version: int | str | None) -> Sheet:
    """Keep the sheet of the level the proposal is at as a draft; the caller commits.

    `content`: {"advice": str, "topics": {number: {"choice": "none" | "has" | None, "ticked": positions 0 to 3,
    "advice": str}}}; what is missing stays. `version` is the sheet's, 0 where none was saved yet.
    Raises Refused or StaleVersion.
    """
    db.session.refresh(proposal, attribute_names=["state", "version", "submitted_revision_id"], with_for_update=True)
    if reason := refusal_to_save(proposal, by):
        raise Refused(reason)
    revision = proposal.submitted_revision
    assert revision is not None, "a proposal on an agenda was submitted"  # noqa: S101
    level = LEVEL_OF_STATE[proposal.state]
    sheet = sheet_of(revision, level)
    if sheet is None:
        sheet = begin_sheet(revision, level)
        db.session.add(sheet)
    else:
        sheet.take_version(version)
    sheet.fill(content)
    sheet.saved_at, sheet.saved_by_id = now(), by.id
    if sheet.id is not None:
        touch(sheet, "saved_at")
    db.session.flush()
    audit.note("fund_proposal.save_sheet", proposal, level=level)
    return sheet


class SentSheet(Exception):
    """Something tried to change a sheet that was sent; a mistake of the program, never of a user."""


@event.listens_for(Session, "before_flush")
def _keep_sent_sheets(session: Session, _context: Any, _instances: Any) -> None:
    for record in (*session.dirty, *session.deleted):
        sheet = record if isinstance(record, Sheet) else record.sheet if isinstance(record, Answer) else None
        if sheet is None or not (record in session.deleted or session.is_modified(record)):
            continue
        history: Any = inspect(sheet).attrs.sent_at.load_history()
        if any(value is not None for value in (*history.unchanged, *history.deleted)):
            raise SentSheet(f"The sheet of revision {sheet.revision_id} at {sheet.level} was sent")


def clean_resolution(number: str | None) -> str:
    """A resolution's number as stored."""
    return clean_line(number or "")[:SHORT_LENGTH]
