"""Asks for the figures: cells and what is not folded in yet, in one statement, so that a page is of one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, String, cast, func, literal, select, union_all

from models.core.db import db
from models.fund.codes import BOARD, LEVELS, LevelStatus
from models.fund.statistics.facts import APPROVED_STAGE, BAD_ENDS, IN_HAND
from models.fund.statistics.tables import DAYS, STAGE, StatisticCell, StatisticDelta

ZERO = Decimal(0)
DIMENSIONS = ("province", "sector", "kind")


@dataclass(frozen=True)
class Asked:
    """What the figures are narrowed to: fiscal years (พ.ศ.) from and to, a province, a sector, a kind of disability."""

    first: int
    last: int
    province: str = ""
    sector: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Count:
    """Proposals and the baht they ask for."""

    proposals: int = 0
    asked: Decimal = ZERO

    def __add__(self, other: Count) -> Count:
        return Count(self.proposals + other.proposals, self.asked + other.asked)


class Stages(dict[str, Count]):
    """Count by stage, "group.scheduled"; with the sums that tables show."""

    def over(self, stages: Iterable[str]) -> Count:
        """The sum over these stages."""
        return sum((self[stage] for stage in stages if stage in self), Count())

    @property
    def total(self) -> Count:
        """Every submitted proposal."""
        return self.over(self)

    @property
    def approved(self) -> Count:
        """Approved by the board, with the baht asked, which is what it approves (spec: fund.md 5, assumed)."""
        return self.get(APPROVED_STAGE, Count())

    @property
    def decided(self) -> Count:
        """Those with a result that ended the review of their revision: approved, sent back, not considered."""
        return self.approved + self.sent_back() + self.not_considered()

    def in_hand(self, level: str) -> Count:
        """Those that the level has in hand."""
        return self.over(f"{level}.{status}" for status in IN_HAND)

    def sent_back(self, *levels: str) -> Count:
        """Those sent back by these levels (any), whether a new revision is being written or not."""
        return self.over(f"{level}.{status}" for level in levels or LEVELS for status in BAD_ENDS)

    def not_considered(self, *levels: str) -> Count:
        """Those closed without a judgement at these levels (any)."""
        return self.over(f"{level}.{LevelStatus.NOT_CONSIDERED}" for level in levels or LEVELS)

    def passed(self, level: str) -> Count:
        """Those that came past a level: at a higher one now, or approved."""
        if level == BOARD:
            return self.approved
        higher = LEVELS[LEVELS.index(level) + 1 :]
        return self.over(stage for stage in self if stage.split(".", 1)[0] in higher)

    def reached(self, level: str) -> Count:
        """Those that came as far as a level."""
        return self.over(stage for stage in self if stage.split(".", 1)[0] in LEVELS[LEVELS.index(level) :])


def quantile(days: Mapping[int, int], percent: int) -> int | None:
    """The least number of whole days within which so many of a hundred were decided; None without any."""
    total, seen = sum(days.values()), 0
    for day in sorted(days):
        seen += days[day]
        if seen and seen * 100 >= percent * total:
            return day
    return None


def mean(days: Mapping[int, int]) -> Decimal | None:
    """The mean of days, to a tenth; None without any."""
    count = sum(days.values())
    if not count:
        return None
    return (Decimal(sum(day * number for day, number in days.items())) / count).quantize(Decimal("0.1"))


@dataclass
class Figures:
    """Everything that a page of statistics shows, before anything is hidden."""

    asked: Asked
    years: dict[int, Stages] = field(default_factory=dict)  # every year, whatever the span
    days: dict[int, Counter[int]] = field(default_factory=dict)  # every year: days to the decision -> proposals
    by: dict[str, dict[str, Stages]] = field(default_factory=dict)  # dimension -> code -> stages, within the span

    @property
    def span(self) -> Stages:
        """The stages of the years asked for together."""
        found = Stages()
        for year, stages in self.years.items():
            if self.asked.first <= year <= self.asked.last:
                for stage, count in stages.items():
                    found[stage] = found.get(stage, Count()) + count
        return found

    @property
    def span_days(self) -> Counter[int]:
        """Days to the decision over the years asked for."""
        found: Counter[int] = Counter()
        for year, days in self.days.items():
            if self.asked.first <= year <= self.asked.last:
                found.update(days)
        return found


def read(asked: Asked) -> Figures:
    """The figures, exact at this moment; one statement over the cells, some tens of thousands at most."""
    figures = Figures(asked, by={name: {} for name in DIMENSIONS})
    parts = [
        _part("year", asked, STAGE),
        _part("days", asked, DAYS),
        *(_part(name, asked, STAGE) for name in DIMENSIONS),
    ]
    found = union_all(*(part for pair in parts for part in pair)).subquery()
    keys = [found.c.part, found.c.year, found.c.key, found.c.code]
    baht = StatisticCell.__table__.c.asked.type
    rows = select(*keys, func.sum(found.c.proposals), func.sum(found.c.asked, type_=baht)).group_by(*keys)
    for part, year, key, code, proposals, money in db.session.execute(rows):
        count = Count(int(proposals), money)
        if not count.proposals and not count.asked:
            continue
        if part == "year":
            figures.years.setdefault(year, Stages())[code] = count
        elif part == "days":
            figures.days.setdefault(year, Counter())[int(code)] = count.proposals
        else:
            figures.by[part].setdefault(key, Stages())[code] = count
    return figures


def _part(name: str, asked: Asked, family: str) -> list[Any]:
    """One part of the page: its sums in the cells, and in what is not folded in yet."""
    return [_sums(model, name, asked, family) for model in (StatisticCell, StatisticDelta)]


def _sums(model: Any, name: str, asked: Asked, family: str) -> Any:
    by_year = name in ("year", "days")
    year = model.fiscal_year if by_year else literal(0, Integer)
    key = literal("", String) if by_year else getattr(model, name)
    columns = [
        literal(name, String).label("part"),
        year.label("year"),
        key.label("key"),
        model.code.label("code"),
    ]
    rows = select(
        *columns, cast(func.sum(model.proposals), Integer).label("proposals"), func.sum(model.asked).label("asked")
    ).where(model.family == family)
    rows = rows.where(model.kind == asked.kind if name != "kind" or asked.kind else model.kind != "")
    if not by_year:
        rows = rows.where(model.fiscal_year.between(asked.first, asked.last))
    if asked.province:
        rows = rows.where(model.province == asked.province)
    if asked.sector:
        rows = rows.where(model.sector == asked.sector)
    # Constants are no columns to group by.
    return rows.group_by(*([model.fiscal_year] if by_year else [key]), model.code)
