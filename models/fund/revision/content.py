"""One version of a proposal's content: a draft, or what was submitted and judged and never changes again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.core import setting
from models.core.db import Audited, Id, Json, Model, Money, UtcDateTime, Versioned, now
from models.fund.codes import EMAIL_LENGTH, NAME_LENGTH, PHONE_LENGTH, SHORT_LENGTH
from models.fund.revision.sums import ZERO, days
from models.fund.settings import KINDS_OF_DISABILITY

if TYPE_CHECKING:
    from models.fund.proposal import Proposal
    from models.fund.revision.rows import Attachment, Disability, Line, Step


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
        "Disability", back_populates="revision", cascade="all, delete-orphan", order_by="Disability.id"
    )
    steps: Mapped[list[Step]] = relationship(
        "Step", back_populates="revision", cascade="all, delete-orphan", order_by="(Step.position, Step.id)"
    )
    lines: Mapped[list[Line]] = relationship(
        "Line", back_populates="revision", cascade="all, delete-orphan", order_by="(Line.position, Line.id)"
    )
    attachments: Mapped[list[Attachment]] = relationship(
        "Attachment",
        back_populates="revision",
        cascade="all, delete-orphan",
        order_by="(Attachment.position, Attachment.id)",
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
        return [kind for kind in setting.choices(KINDS_OF_DISABILITY) if kind in chosen]

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
