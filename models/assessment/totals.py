"""What the numbers of a round come to: by branch, field, programme type, curriculum, reporter, committee and province.

Whose numbers count is handed in as what `visible_to` gives, so that nobody's sums hold more than their rows. Every
level is summed from the same rows, so each equals the sum of its parts; a reporter or branch without students is not
there (spec: assessment.md 5, 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from models.assessment import standing
from models.assessment.catalogue import Branch
from models.assessment.counts import Counts
from models.assessment.outside import OutsideAgency, OutsideLine
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import Registration, RegistrationLine
from models.assessment.school import School
from models.core.db import db

SOURCE: Final = "source"
REPORTER: Final = "reporter"
COMMITTEE: Final = "committee"
PROVINCE: Final = "province"
CURRICULUM: Final = "curriculum"
PROGRAMME: Final = "programme"
FIELD: Final = "field"
BRANCH: Final = "branch"

FROM_SCHOOLS: Final = "school"
FROM_OUTSIDE: Final = "outside"

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    SOURCE: ("source",),
    REPORTER: ("source", "reporter_id"),
    COMMITTEE: ("committee_id",),
    PROVINCE: ("province_code",),
    CURRICULUM: ("curriculum",),
    PROGRAMME: ("curriculum", "programme_code"),
    FIELD: ("curriculum", "field_code"),
    BRANCH: ("branch_id",),
}
"""Level -> what names one of it; codes of programme types and fields are unique within their curriculum only."""

Key = tuple[Any, ...]
"""One value for each level that was asked for; of a level that two columns name, a pair."""


def numbers(
    round_id: int, *, schools: Select[Any] | None = None, agencies: Select[Any] | None = None, curriculum: str = ""
) -> Subquery:
    """The rows that are summed: every branch's students of a round, by whom reports them.

    `schools` selects `School`s and `agencies` `OutsideAgency`s (each what `visible_to` gives, narrowed as the reader
    wants it); of those left out nothing counts. `curriculum` is one's code, or empty for all. Raises ValueError
    without either.
    """
    parts = []
    if schools is not None:
        parts.append(_of_schools(round_id, schools, curriculum))
    if agencies is not None:
        parts.append(_of_agencies(round_id, agencies, curriculum))
    if not parts:
        raise ValueError("nobody's numbers were asked for")
    return (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("numbers")


def _of_schools(round_id: int, schools: Select[Any], curriculum: str) -> Select[Any]:
    seen = schools.with_only_columns(School.id, standing.COMMITTEE.label("committee_id"), School.province_code)
    school = seen.order_by(None).subquery("school")
    rows = (
        select(
            literal(FROM_SCHOOLS).label("source"),
            school.c.id.label("reporter_id"),
            school.c.committee_id,
            school.c.province_code,
            Registration.curriculum,
            RegistrationLine.branch_id,
            RegistrationLine.students,
        )
        .select_from(Registration)
        .join(RegistrationLine, RegistrationLine.registration_id == Registration.id)
        .join(school, school.c.id == Registration.school_id)
        .where(Registration.round_id == round_id)
    )
    return rows.where(Registration.curriculum == curriculum) if curriculum else rows


def _of_agencies(round_id: int, agencies: Select[Any], curriculum: str) -> Select[Any]:
    wanted = OutsideAgency
    asked = agencies.with_only_columns(wanted.id, wanted.committee_id, wanted.province_code, wanted.curriculum)
    asked = asked.where(wanted.round_id == round_id, wanted.deleted_at.is_(None))
    if curriculum:
        asked = asked.where(wanted.curriculum == curriculum)
    agency = asked.order_by(None).subquery("agency")
    return select(
        literal(FROM_OUTSIDE).label("source"),
        agency.c.id.label("reporter_id"),
        agency.c.committee_id,
        agency.c.province_code,
        agency.c.curriculum,
        OutsideLine.branch_id,
        OutsideLine.students,
    ).join_from(agency, OutsideLine, OutsideLine.agency_id == agency.c.id)


def totals(rows: Subquery, *levels: str) -> dict[Key, int]:
    """Students by the levels, one query: `totals(rows, PROVINCE, BRANCH)[("20", branch_id)]`.

    A committee is None for a school that lies under none. Without levels the one key is ().
    """
    return _grouped(rows, levels, func.coalesce(func.sum(rows.c.students), 0))


def reporters(rows: Subquery, *levels: str) -> dict[Key, int]:
    """How many schools and agencies have students, by the levels, one query.

    Unlike students these do not add up: a school with two branches is one school. An agency is one in each curriculum.
    """
    columns = [*_columns(rows, levels), rows.c.source, rows.c.reporter_id]
    named = [column.label(f"level_{place}") for place, column in enumerate(columns)]
    each = _placed(select(*named), rows, levels).distinct().subquery()
    groups = list(each.c)[: len(columns) - 2]
    found = db.session.execute(select(*groups, func.count()).select_from(each).group_by(*groups))
    return _keyed(found, levels)


def students(rows: Subquery) -> int:
    """All students together; as many instruments are to be printed."""
    return totals(rows)[()]


def _grouped(rows: Subquery, levels: tuple[str, ...], figure: Any) -> dict[Key, int]:
    columns = _columns(rows, levels)
    return _keyed(db.session.execute(_placed(select(*columns, figure), rows, levels).group_by(*columns)), levels)


def _placed(query: Select[Any], rows: Subquery, levels: tuple[str, ...]) -> Select[Any]:
    """The query from the rows, with the catalogue where a level stands there alone."""
    query = query.select_from(rows)
    return query.join(Branch, Branch.id == rows.c.branch_id) if {PROGRAMME, FIELD} & set(levels) else query


def _columns(rows: Subquery, levels: tuple[str, ...]) -> list[Any]:
    of_catalogue = {"programme_code": Branch.programme_code, "field_code": Branch.field_code}
    return [of_catalogue[name] if name in of_catalogue else rows.c[name] for one in levels for name in _COLUMNS[one]]


def _keyed(found: Iterable[Any], levels: tuple[str, ...]) -> dict[Key, int]:
    keyed: dict[Key, int] = {}
    for row in found:
        values = iter(row)
        key = []
        for level in levels:
            names = _COLUMNS[level]
            key.append(next(values) if len(names) == 1 else tuple(next(values) for _name in names))
        keyed[tuple(key)] = int(next(values))
    return keyed


# --- the tree that a report lists -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """A curriculum, programme type, field or branch with its students, and what it consists of."""

    level: str
    code: str
    name: str
    students: int
    parts: tuple[Group, ...] = ()
    branch_id: int = 0  # of a branch alone

    @property
    def instruments(self) -> int:
        """How many instruments are to be printed: one for each student (spec: assessment.md, first paragraph)."""
        return self.students

    def branches(self) -> list[Group]:
        """The branches in it, in their order; of a branch, itself."""
        return [self] if self.level == BRANCH else [branch for part in self.parts for branch in part.branches()]


def places(branch_ids: Iterable[int]) -> list[Branch]:
    """These branches in the order of the menu and the catalogue; one query."""
    found = db.session.scalars(
        select(Branch).where(Branch.id.in_(set(branch_ids))).order_by(Branch.position, Branch.id)
    )
    order = list(CURRICULA)
    return sorted(found, key=lambda branch: order.index(branch.curriculum))


def tree(branches: Iterable[Branch], counts: Counts) -> tuple[Group, ...]:
    """The curricula that have students, down to their branches; each the sum of its parts. Pure.

    `branches` are in the order that they are to be listed in (`places`); a count whose branch is not among them is
    left out.
    """
    return _groups([branch for branch in branches if counts.get(branch.id)], counts, (CURRICULUM, PROGRAMME, FIELD))


def _groups(branches: list[Branch], counts: Counts, levels: tuple[str, ...]) -> tuple[Group, ...]:
    if not levels:
        return tuple(Group(BRANCH, one.branch_code, one.branch, counts[one.id], branch_id=one.id) for one in branches)
    level, below = levels[0], levels[1:]
    within: dict[str, list[Branch]] = {}
    for branch in branches:
        within.setdefault(_code(branch, level), []).append(branch)
    found = []
    for code, members in within.items():
        parts = _groups(members, counts, below)
        name = CURRICULA[code].title_th if level == CURRICULUM else getattr(members[0], level)
        found.append(Group(level, code, name, sum(part.students for part in parts), parts))
    return tuple(found)


def _code(branch: Branch, level: str) -> str:
    code: str = branch.curriculum if level == CURRICULUM else getattr(branch, f"{level}_code")
    return code
