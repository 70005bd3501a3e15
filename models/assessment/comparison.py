"""This year beside last year: which numbers doubled, halved, vanished or are new (spec: assessment.md 7).

Like is compared with like: last year's numbers of a school count where it saved that curriculum this year too. A school
that has saved nothing yet is missing, not an outlier (models.assessment.standing). Once the round is locked, what was
not saved has vanished, unless the province excused the school.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, Subquery, and_, case, func, literal, not_, or_, select, union_all

from models.assessment.codes import RoundState
from models.assessment.counts import UNUSUAL_FROM, is_unusual
from models.assessment.registration import Registration
from models.assessment.round import Round
from models.assessment.status import SchoolStatus, Status
from models.assessment.totals import numbers
from models.core.db import db

DOUBLED, HALVED, VANISHED, NEW = "doubled", "halved", "vanished", "new"
CHANGES: Final = (DOUBLED, HALVED, VANISHED, NEW)

SCHOOL_BRANCH, SCHOOL, BRANCH, PROVINCE, CURRICULUM = "school_branch", "school", "branch", "province", "curriculum"
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    SCHOOL_BRANCH: ("reporter_id", "curriculum", "branch_id"),
    SCHOOL: ("reporter_id", "curriculum"),
    BRANCH: ("curriculum", "branch_id"),
    PROVINCE: ("province_code",),
    CURRICULUM: ("curriculum",),
}
LEVELS: Final = (SCHOOL_BRANCH, SCHOOL, BRANCH)
"""By what outliers are looked for: a school's branch, a school in a curriculum, a branch of all schools together."""


def change_of(before: int, now: int) -> str | None:
    """What became of a number: doubled (or more), halved (or less), vanished, new; None where it is not unusual."""
    if not is_unusual(before, now):
        return None
    if now == 0:
        return VANISHED
    if before == 0:
        return NEW
    return DOUBLED if now >= 2 * before else HALVED


def change_column(before: Any, now: Any) -> Any:
    """The same as `change_of`, of columns."""
    return case(
        (and_(before < UNUSUAL_FROM, now < UNUSUAL_FROM), None),
        (now == 0, VANISHED),
        (before == 0, NEW),
        (now >= 2 * before, DOUBLED),
        (before >= 2 * now, HALVED),
        else_=None,
    )


@dataclass(frozen=True)
class Pair:
    """Students of last year and of this year."""

    before: int = 0
    now: int = 0

    @property
    def difference(self) -> int:
        """How many more (or, below zero, fewer) they are this year."""
        return self.now - self.before

    @property
    def percent(self) -> int | None:
        """The difference of a hundred of last year's, to the nearest whole; None where there were none."""
        return round(self.difference * 100 / self.before) if self.before else None

    @property
    def change(self) -> str | None:
        """What became of it."""
        return change_of(self.before, self.now)


@dataclass(frozen=True)
class Outlier(Pair):
    """A number that calls for a question, of a school, a branch or both; 0 or "" for what it is not of."""

    school_id: int = 0
    curriculum: str = ""
    branch_id: int = 0


def compared(this: Round, last: Round, schools: Select[Any], curriculum: str = "") -> Subquery:
    """The rows that are compared: a school's branch with `before` or `now`; `schools` is what `visible_to` gives."""
    here = numbers(this.id, schools=schools, curriculum=curriculum)
    there = numbers(last.id, schools=schools, curriculum=curriculum)

    def columns(rows: Subquery) -> tuple[Any, ...]:
        return rows.c.reporter_id, rows.c.province_code, rows.c.curriculum, rows.c.branch_id

    ours = select(*columns(here), literal(0).label("before"), here.c.students.label("now"))
    theirs = select(*columns(there), there.c.students.label("before"), literal(0).label("now"))
    return union_all(ours, theirs.where(_is_comparable(this, there))).subquery("compared")


def _is_comparable(this: Round, rows: Subquery) -> Any:
    saved = (
        select(Registration.id)
        .where(
            Registration.round_id == this.id,
            Registration.school_id == rows.c.reporter_id,
            Registration.curriculum == rows.c.curriculum,
        )
        .exists()
    )
    if this.state != RoundState.LOCKED:
        return saved
    excused = (
        select(SchoolStatus.id)
        .where(
            SchoolStatus.round_id == this.id,
            SchoolStatus.school_id == rows.c.reporter_id,
            SchoolStatus.status != Status.NORMAL,
        )
        .exists()
    )
    return or_(saved, not_(excused))


def pairs(rows: Subquery, level: str) -> dict[Any, Pair]:
    """Last year and this year by a level of one column: PROVINCE or CURRICULUM; one query."""
    (name,) = _COLUMNS[level]
    column = rows.c[name]
    found = db.session.execute(select(column, func.sum(rows.c.before), func.sum(rows.c.now)).group_by(column))
    return {key: Pair(int(before), int(now)) for key, before, now in found}


def count_outliers(rows: Subquery, level: str) -> dict[str, int]:
    """How many numbers doubled, halved, vanished, are new; one query."""
    grouped = _grouped(rows, level)
    change = change_column(grouped.c.before, grouped.c.now).label("change")
    each = select(change).subquery()
    counted = select(each.c.change, func.count()).where(each.c.change.is_not(None)).group_by(each.c.change)
    found = {change: int(many) for change, many in db.session.execute(counted)}
    return {change: found.get(change, 0) for change in CHANGES}


def outliers(rows: Subquery, level: str, change: str = "", most: int | None = None) -> list[Outlier]:
    """Those numbers, the largest difference first, of one kind of change or of all; one query."""
    grouped = _grouped(rows, level)
    kind = change_column(grouped.c.before, grouped.c.now)
    keys = [grouped.c[name] for name in _COLUMNS[level]]
    listed = (
        select(grouped)
        .where(kind == change if change else kind.is_not(None))
        .order_by(func.abs(grouped.c.now - grouped.c.before).desc(), *keys)
        .limit(most)
    )
    return [_outlier(row._mapping) for row in db.session.execute(listed)]


def _grouped(rows: Subquery, level: str) -> Subquery:
    keys = [rows.c[name] for name in _COLUMNS[level]]
    before, now = func.sum(rows.c.before).label("before"), func.sum(rows.c.now).label("now")
    return select(*keys, before, now).group_by(*keys).subquery("grouped")


def _outlier(row: Mapping[str, Any]) -> Outlier:
    return Outlier(
        before=int(row["before"]),
        now=int(row["now"]),
        school_id=row.get("reporter_id", 0),
        curriculum=row.get("curriculum", ""),
        branch_id=row.get("branch_id", 0),
    )
