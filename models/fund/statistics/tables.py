"""The tables behind the statistics: one fact per submitted proposal, sums over facts, and sums not yet folded in."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Id, Model, Money

UNDECIDED = -1  # `days` of a proposal that waits for a result

# What a sum is over: proposals and baht by stage, or proposals by days to the decision.
STAGE, DAYS = "stage", "days"
CODE_LENGTH = 30


class StatisticFact(Model):
    """What a submitted proposal counts as now; kept beside it so that a change knows what to take back.

    Province, sector, kinds of disability and amount are those of the submitted revision, frozen with it: a move of the
    organization to another province rewrites no year gone by (spec: fund.md 10, assumed).
    """

    __tablename__ = "fund_statistic_fact"
    __table_args__ = (CheckConstraint("days >= -1", name="days"),)

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("fund_proposal.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    fiscal_year: Mapped[int] = mapped_column(Integer, nullable=False)  # พ.ศ., of the number
    province: Mapped[str] = mapped_column(String(2), nullable=False)  # "" where the organization named none
    sector: Mapped[str] = mapped_column(String(10), nullable=False)
    kinds: Mapped[str] = mapped_column(Text, nullable=False)  # codes of kinds of disability in order, by commas
    stage: Mapped[str] = mapped_column(String(CODE_LENGTH), nullable=False)
    days: Mapped[int] = mapped_column(Integer, nullable=False)  # whole days in Bangkok, or UNDECIDED
    asked: Mapped[Decimal] = mapped_column(Money, nullable=False)


class _Sum:
    """How many proposals and how much baht a group has: of a family, for a kind of disability ("" is any)."""

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    family: Mapped[str] = mapped_column(String(5), nullable=False)
    kind: Mapped[str] = mapped_column(String(20), nullable=False)
    fiscal_year: Mapped[int] = mapped_column(Integer, nullable=False)
    province: Mapped[str] = mapped_column(String(2), nullable=False)
    sector: Mapped[str] = mapped_column(String(10), nullable=False)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), nullable=False)  # a stage, or days in figures
    proposals: Mapped[int] = mapped_column(Integer, nullable=False)
    asked: Mapped[Decimal] = mapped_column(Money, nullable=False)


KEY = ("family", "kind", "fiscal_year", "province", "sector", "code")


class StatisticCell(_Sum, Model):
    """A sum over facts, as of the last folding."""

    __tablename__ = "fund_statistic_cell"
    __table_args__ = (UniqueConstraint(*KEY, name="uq_fund_statistic_cell_key"),)


class StatisticDelta(_Sum, Model):
    """What one change of a proposal adds to a sum or takes from it.

    Written in the transaction of the change and only ever appended, so that two hundred who submit at once wait for
    nobody's row; a job folds them into the cells.
    """

    __tablename__ = "fund_statistic_delta"
