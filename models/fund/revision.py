"""One version of a proposal's content: a draft, or what was submitted and judged and never changes again.

The rows of a revision carry a line id that lasts over copies, so that two revisions compare row by row.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
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
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.core.db import Audited, Id, Json, Model, Money, UtcDateTime, Versioned, db, now
from models.core.file import StoredFile
from models.fund.codes import (
    ALL_LINE_KINDS,
    ATTACHMENT_KINDS,
    DISABILITIES,
    EMAIL_LENGTH,
    NAME_LENGTH,
    PHONE_LENGTH,
    SHORT_LENGTH,
    Result,
    sql_list,
)

if TYPE_CHECKING:
    from models.fund.proposal import Proposal

ZERO = Decimal(0)


def new_line_id() -> str:
    """An identity for a new row; its copies in later revisions keep it."""
    return uuid.uuid4().hex


class FrozenRevision(Exception):
    """Something tried to change a revision that was submitted; it is a mistake of the program, never of a user."""

    def __init__(self, revision: Revision, what: str) -> None:
        super().__init__(f"Revision {revision.number} of proposal {revision.proposal_id} was submitted: {what}")
        self.revision = revision


class Revision(Versioned, Audited, Model):
    """The content of the wizard's parts 1 to 4 and, once judged, the result of each level."""

    __tablename__ = "fund_revision"
    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("budget >= 0", name="budget"),
        CheckConstraint("amount_asked >= 0", name="amount_asked"),
        CheckConstraint("duration_days >= 0", name="duration_days"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("span_ends_on >= span_starts_on", name="span"),
        CheckConstraint("times_asked >= 1", name="times_asked"),
        CheckConstraint("(submitted_at IS NULL) = (organization_snapshot IS NULL)", name="frozen_at_submission"),
        CheckConstraint(
            "submitted_at IS NOT NULL OR (screening_result IS NULL AND group_result IS NULL"
            " AND sub_result IS NULL AND board_result IS NULL)",
            name="judged_after_submission",
        ),
        CheckConstraint("group_points BETWEEN 0 AND 100", name="group_points"),
        CheckConstraint("sub_points BETWEEN 0 AND 100", name="sub_points"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("fund_proposal.id"), nullable=False)
    number: Mapped[int] = mapped_column(Integer, nullable=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now, info={"audit": "skip"})
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    organization_snapshot: Mapped[Any | None] = mapped_column(Json)

    # --- part 1 ------------------------------------------------------------------------------------------------------
    achievements: Mapped[str] = mapped_column(Text, nullable=False, default="")
    asked_before: Mapped[bool | None] = mapped_column(Boolean)
    times_asked: Mapped[int | None] = mapped_column(Integer)
    last_supported_year: Mapped[int | None] = mapped_column(Integer)  # พ.ศ.
    last_project: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")
    problems_met: Mapped[str] = mapped_column(Text, nullable=False, default="")

    # --- part 2.1 ----------------------------------------------------------------------------------------------------
    title: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")
    unit_name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")
    unit_phone: Mapped[str] = mapped_column(String(PHONE_LENGTH), nullable=False, default="")
    unit_email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), nullable=False, default="")
    coordinator_name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")
    coordinator_phone: Mapped[str] = mapped_column(String(PHONE_LENGTH), nullable=False, default="")
    coordinator_email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), nullable=False, default="")
    is_research: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)

    # --- parts 2.2 and 2.3 -------------------------------------------------------------------------------------------
    rationale: Mapped[str] = mapped_column(Text, nullable=False, default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    method: Mapped[str] = mapped_column(Text, nullable=False, default="")
    amount_asked: Mapped[Decimal | None] = mapped_column(Money)

    # --- part 2.4: stored sums over the activities, the server's -----------------------------------------------------
    budget: Mapped[Decimal] = mapped_column(Money, nullable=False, default=ZERO)
    duration_days: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    span_starts_on: Mapped[date | None] = mapped_column(Date)
    span_ends_on: Mapped[date | None] = mapped_column(Date)
    budget_note: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")

    # --- results, the only columns that are written after submission -------------------------------------------------
    screening_result: Mapped[str | None] = mapped_column(String(20))
    screening_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    group_result: Mapped[str | None] = mapped_column(String(20))
    group_points: Mapped[int | None] = mapped_column(Integer)
    group_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sub_result: Mapped[str | None] = mapped_column(String(20))
    sub_points: Mapped[int | None] = mapped_column(Integer)
    sub_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    board_result: Mapped[str | None] = mapped_column(String(20))
    board_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    proposal: Mapped[Proposal] = relationship("Proposal", back_populates="revisions", foreign_keys=[proposal_id])
    disability_rows: Mapped[list[Disability]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by=lambda: Disability.id
    )
    steps: Mapped[list[Step]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by=lambda: (Step.position, Step.id)
    )
    lines: Mapped[list[Line]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by=lambda: (Line.position, Line.id)
    )
    attachments: Mapped[list[Attachment]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by=lambda: (Attachment.position, Attachment.id)
    )

    RESULT_COLUMNS = frozenset(
        {"version"}
        | {f"{level}_{what}" for level in ("screening", "group", "sub", "board") for what in ("result", "at")}
        | {"group_points", "sub_points"}
    )

    def __str__(self) -> str:
        return self.title

    def audit_root(self) -> Any:
        """The proposal."""
        return self.proposal

    @property
    def is_submitted(self) -> bool:
        """Whether the fund has received it, which makes it immutable."""
        return self.submitted_at is not None

    @property
    def disabilities(self) -> list[str]:
        """The kinds of disability it concerns, in the order of the form."""
        chosen = {row.kind for row in self.disability_rows}
        return [kind for kind in DISABILITIES if kind in chosen]

    def lines_of(self, kind: str) -> list[Line]:
        """Its rows of one kind, in their order."""
        return [line for line in self.lines if line.kind == kind]

    def attachments_of(self, kind: str) -> list[Attachment]:
        """Its files of one kind, in their order."""
        return [attachment for attachment in self.attachments if attachment.kind == kind]

    @property
    def organization_data(self) -> dict[str, Any]:
        """The organization as this revision shows it: live in a draft, frozen once submitted."""
        return self.organization_snapshot or self.proposal.organization.snapshot()

    def compute_budget(self) -> Decimal:
        """Baht over all activities of all steps (spec: fund.md 4)."""
        return sum((step.budget for step in self.steps), ZERO)

    def compute_duration(self) -> int:
        """Days over all activities of all steps, each with its start and end included (spec: fund.md 4)."""
        return sum(step.duration_days for step in self.steps)

    def compute_totals(self) -> None:
        """Store the sums of part 2.4 and the calendar span from the first start to the last end."""
        self.budget = self.compute_budget()
        self.duration_days = self.compute_duration()
        dated = [a for step in self.steps for a in step.activities if a.starts_on and a.ends_on]
        self.span_starts_on = min((a.starts_on for a in dated if a.starts_on), default=None)
        self.span_ends_on = max((a.ends_on for a in dated if a.ends_on), default=None)

    @property
    def span_days(self) -> int:
        """Calendar days from the first start to the last end, both included; 0 without dates."""
        return days(self.span_starts_on, self.span_ends_on)

    @property
    def other_sources(self) -> Decimal:
        """Baht asked from other sources for this project."""
        return sum((line.amount or ZERO for line in self.lines_of("other_source")), ZERO)

    @property
    def budget_difference(self) -> Decimal:
        """Budget of part 2.4 less what is asked from the fund and from others; needs a note unless 0."""
        return self.budget - (self.amount_asked or ZERO) - self.other_sources

    def result_at(self, level: str) -> str | None:
        """The result of a level, None while there is none."""
        result: str | None = getattr(self, f"{level}_result")
        return result

    def points_at(self, level: str) -> int | None:
        """The points of the working group or the sub-committee."""
        points: int | None = getattr(self, f"{level}_points")
        return points

    def store_result(self, level: str, result: str, points: int | None = None) -> None:
        """Write a level's result, once."""
        if self.result_at(level) is not None:
            raise FrozenRevision(self, f"{level} has its result")
        setattr(self, f"{level}_result", result)
        setattr(self, f"{level}_at", now())
        if points is not None:
            setattr(self, f"{level}_points", points)

    @property
    def was_judged_well(self) -> bool:
        """Whether the board approved it."""
        return self.board_result == Result.APPROVED


class _Row:
    """What the rows of a revision share: their root in the history."""

    revision: Any
    revision_id: Any

    def audit_root(self) -> Any:
        """The proposal."""
        revision = self.revision or db.session.get(Revision, self.revision_id)
        return revision.proposal if revision is not None else None


class Disability(_Row, Audited, Model):
    """A kind of disability that the project concerns."""

    __tablename__ = "fund_disability"
    __table_args__ = (
        UniqueConstraint("revision_id", "kind"),
        CheckConstraint(f"kind IN ({sql_list(DISABILITIES)})", name="kind"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id", ondelete="CASCADE"), nullable=False)
    kind: Mapped[str] = mapped_column(String(20), nullable=False)

    revision: Mapped[Revision] = relationship(Revision, back_populates="disability_rows")


class Step(_Row, Audited, Model):
    """A step (ขั้นตอน) of the project; its budget and duration are sums over its activities."""

    __tablename__ = "fund_step"
    __table_args__ = (UniqueConstraint("revision_id", "line_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id", ondelete="CASCADE"), nullable=False)
    line_id: Mapped[str] = mapped_column(String(32), nullable=False, default=new_line_id)
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")

    revision: Mapped[Revision] = relationship(Revision, back_populates="steps")
    activities: Mapped[list[Activity]] = relationship(
        back_populates="step", cascade="all, delete-orphan", order_by=lambda: (Activity.position, Activity.id)
    )

    @property
    def budget(self) -> Decimal:
        """Baht over its activities."""
        return sum((activity.budget for activity in self.activities), ZERO)

    @property
    def duration_days(self) -> int:
        """Days over its activities."""
        return sum(activity.duration_days for activity in self.activities)


class Activity(_Row, Audited, Model):
    """An activity (กิจกรรม) of a step: from when to when, for how much."""

    __tablename__ = "fund_activity"
    __table_args__ = (
        UniqueConstraint("revision_id", "line_id"),
        CheckConstraint("budget >= 0", name="budget"),
        CheckConstraint("ends_on >= starts_on", name="period"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id", ondelete="CASCADE"), nullable=False)
    step_id: Mapped[int] = mapped_column(ForeignKey("fund_step.id", ondelete="CASCADE"), nullable=False, index=True)
    line_id: Mapped[str] = mapped_column(String(32), nullable=False, default=new_line_id)
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")
    detail: Mapped[str] = mapped_column(Text, nullable=False, default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    budget: Mapped[Decimal] = mapped_column(Money, nullable=False, default=ZERO)

    revision: Mapped[Revision] = relationship(Revision)
    step: Mapped[Step] = relationship(Step, back_populates="activities")

    @property
    def duration_days(self) -> int:
        """Days from start to end, both included; 0 while a date is missing."""
        return days(self.starts_on, self.ends_on)


class Line(_Row, Audited, Model):
    """One row of one of the wizard's lists: a text, with detail (or agency) and amount where the kind has them."""

    __tablename__ = "fund_line"
    __table_args__ = (
        UniqueConstraint("revision_id", "line_id"),
        CheckConstraint(f"kind IN ({sql_list(ALL_LINE_KINDS)})", name="kind"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_fund_line_revision_id", "revision_id", "kind", "position"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id", ondelete="CASCADE"), nullable=False)
    line_id: Mapped[str] = mapped_column(String(32), nullable=False, default=new_line_id)
    kind: Mapped[str] = mapped_column(String(30), nullable=False)
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    text: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")
    detail: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")
    amount: Mapped[Decimal | None] = mapped_column(Money)

    revision: Mapped[Revision] = relationship(Revision, back_populates="lines")


class Attachment(_Row, Audited, Model):
    """A file of part 4; `kind_name` names a kind of the user's own."""

    __tablename__ = "fund_attachment"
    __table_args__ = (
        UniqueConstraint("revision_id", "line_id"),
        CheckConstraint(f"kind IN ({sql_list(ATTACHMENT_KINDS)})", name="kind"),
        CheckConstraint("kind = 'other' OR kind_name = ''", name="kind_name"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id", ondelete="CASCADE"), nullable=False)
    line_id: Mapped[str] = mapped_column(String(32), nullable=False, default=new_line_id)
    kind: Mapped[str] = mapped_column(String(30), nullable=False)
    kind_name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    file_id: Mapped[str] = mapped_column(ForeignKey("core_file.id"), nullable=False, index=True)

    revision: Mapped[Revision] = relationship(Revision, back_populates="attachments")
    file: Mapped[StoredFile] = relationship(StoredFile)


def days(start: date | None, end: date | None) -> int:
    """Days from `start` to `end`, both included; 0 while one is missing or they are the wrong way round."""
    if start is None or end is None:
        return 0
    return max((end - start).days + 1, 0)


_ROWS = (Disability, Step, Activity, Line, Attachment)


@event.listens_for(Session, "before_flush")
def _keep_submitted_revisions(session: Session, _context: Any, _instances: Any) -> None:
    """Refuse to write what would change a revision that was submitted before this transaction's change of it."""
    for record in session.deleted:
        _refuse_if_frozen(record, "a row was removed" if isinstance(record, _ROWS) else "it was deleted")
    for record in (*session.new, *session.dirty):
        if isinstance(record, _ROWS) and session.is_modified(record):
            _refuse_if_frozen(record, "a row was changed")
        elif isinstance(record, Revision) and record not in session.new:
            changed = set(_changed_columns(record)) - Revision.RESULT_COLUMNS
            if changed:
                _refuse_if_frozen(record, ", ".join(sorted(changed)))


def _changed_columns(record: Any) -> Iterable[str]:
    state = inspect(record)
    return (a.key for a in state.mapper.column_attrs if state.attrs[a.key].history.has_changes())


def _refuse_if_frozen(record: Any, what: str) -> None:
    revision = _revision_of(record)
    if revision is None or inspect(revision).transient or inspect(revision).pending:
        return
    history = inspect(revision).attrs.submitted_at.load_history()
    was_submitted = any(value is not None for value in (*history.unchanged, *history.deleted))
    if was_submitted:
        raise FrozenRevision(revision, what)


def _revision_of(record: Any) -> Revision | None:
    if isinstance(record, Revision):
        return record
    if not isinstance(record, _ROWS):
        return None
    if record.revision is not None:
        return record.revision
    revision_id = inspect(record).committed_state.get("revision_id", record.revision_id)
    return db.session.get(Revision, revision_id) if revision_id else None
