"""The rows of a revision; each carries a line id that lasts over copies, so that two revisions compare row by row."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.core.db import Audited, Id, Model, Money, db, sql_list
from models.core.file import StoredFile
from models.fund.codes import FIXED_LINES, NAME_LENGTH, SHORT_LENGTH
from models.fund.revision.content import Revision
from models.fund.revision.sums import ZERO, days


def new_line_id() -> str:
    """An identity for a new row; its copies in later revisions keep it."""
    return uuid.uuid4().hex


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
    __table_args__ = (UniqueConstraint("revision_id", "kind"),)

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
        # The kinds of part 3 are a setting (models/fund/settings.py).
        CheckConstraint(f"kind IN ({sql_list(FIXED_LINES)}) OR substr(kind, 1, 13) = 'contribution_'", name="kind"),
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
