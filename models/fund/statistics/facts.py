"""What a proposal counts as in the statistics, read from its rows alone (spec: fund.md 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by

from models.fund.codes import BOARD, LEVELS, SCREENING, LevelStatus
from models.fund.proposal import Proposal
from models.fund.revision import Disability, Revision
from models.fund.screening import Screening
from models.fund.statistics.tables import DAYS, STAGE, UNDECIDED

STARTED = "started"  # at screening: the form is saved, not sent
IN_HAND = (LevelStatus.WAITING, STARTED, LevelStatus.SCHEDULED)
BAD_ENDS = (LevelStatus.FAILED, LevelStatus.DOCUMENTS, LevelStatus.REFUSED)
APPROVED_STAGE = f"{BOARD}.{LevelStatus.APPROVED}"

Key = tuple[str, str, int, str, str, str]  # the columns of tables.KEY


@dataclass(frozen=True)
class Fact:
    """One proposal in the statistics; the columns of StatisticFact."""

    proposal_id: int
    fiscal_year: int
    province: str
    sector: str
    kinds: str
    stage: str
    days: int
    asked: Decimal

    def sums(self) -> Iterator[tuple[Key, Decimal]]:
        """The sums it counts in, each with the baht that it brings there; once for any kind, once for each of its."""
        for kind in ("", *filter(None, self.kinds.split(","))):
            place = (kind, self.fiscal_year, self.province, self.sector)
            yield (STAGE, *place, self.stage), self.asked
            if self.days != UNDECIDED:
                yield (DAYS, *place, str(self.days)), Decimal(0)


@cache
def facts(dialect: str, *, some: bool = False) -> Select[Any]:
    """SELECT of the facts of every submitted proposal, in the order of Fact's fields; `some`: of the ids in `ids`.

    Made once: putting it together takes longer than running it for one proposal.
    """
    stage = _stage()
    ended = case(
        *(
            (getattr(Proposal, f"{level}_status").in_((*BAD_ENDS, LevelStatus.APPROVED, LevelStatus.NOT_CONSIDERED)),
             getattr(Revision, f"{level}_at"))
            for level in LEVELS
        )
    )  # fmt: skip
    rows = (
        select(
            Proposal.id.label("proposal_id"),
            Proposal.fiscal_year.label("fiscal_year"),
            func.coalesce(_frozen("province_code", dialect), "").label("province"),
            func.coalesce(_frozen("sector", dialect), "").label("sector"),
            func.coalesce(_kinds(dialect), "").label("kinds"),
            stage.label("stage"),
            func.coalesce(_days_between(Revision.submitted_at, ended, dialect), UNDECIDED).label("days"),
            Proposal.amount_asked.label("asked"),
        )
        .join(Revision, Revision.id == Proposal.submitted_revision_id)
        .where(Proposal.fiscal_year.is_not(None))
    )
    return rows.where(Proposal.id.in_(bindparam("ids", expanding=True))) if some else rows


def _stage() -> Any:
    """Level and status, of the highest level that the submitted revision has reached: "group.scheduled"."""
    is_started = (
        select(Screening.id)
        .where(Screening.revision_id == Proposal.submitted_revision_id, Screening.sent_at.is_(None))
        .exists()
    )
    reached = [
        (getattr(Proposal, f"{level}_status") != LevelStatus.NONE, _code(level, getattr(Proposal, f"{level}_status")))
        for level in reversed(LEVELS)
        if level != SCREENING
    ]
    started = ((Proposal.screening_status == LevelStatus.WAITING) & is_started, literal(f"{SCREENING}.{STARTED}"))
    return case(*reached, started, else_=_code(SCREENING, Proposal.screening_status))


def _kinds(dialect: str) -> Any:
    """The codes of the kinds of disability in order, by commas."""
    kind, of = Disability.kind, Disability.revision_id == Proposal.submitted_revision_id
    if dialect == "postgresql":
        joined = func.string_agg(kind, aggregate_order_by(literal_column("','"), kind.asc()))
        return select(joined).where(of).correlate(Proposal).scalar_subquery()
    # SQLite orders within an aggregate only since 3.44: it joins rows in the order in which it gets them.
    ordered = select(kind).where(of).correlate(Proposal).order_by(kind).subquery()
    return select(func.group_concat(ordered.c.kind, ",")).scalar_subquery()


def _code(level: str, status: Any) -> Any:
    return literal(f"{level}.", String) + status


def _frozen(field: str, dialect: str) -> Any:
    """A field of the organization as the revision froze it."""
    text = type_coerce(Revision.organization_snapshot, Text)
    if dialect == "postgresql":
        return cast(text, JSON)[field].astext
    return func.json_extract(text, f"$.{field}")


def _days_between(first: Any, last: Any, dialect: str) -> Any:
    """Whole days from one moment to another by the calendar of Bangkok, which has kept UTC+7 since 1920."""
    if dialect == "postgresql":
        return cast(func.timezone("Asia/Bangkok", last), Date) - cast(func.timezone("Asia/Bangkok", first), Date)
    return cast(
        func.julianday(func.date(last, "+7 hours")) - func.julianday(func.date(first, "+7 hours")), Integer
    )  # fmt: skip
