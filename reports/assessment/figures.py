"""The figures of each report: asked for once, drawn as paper or written as sheets (spec: assessment.md 5).

Whose rows they are is the caller's to say, by what `visible_to` and `led_by` gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Subquery, or_, select

from models.assessment.outside import OutsideAgency, none_outside
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.school import School
from models.assessment.standing import COMMITTEE as COMMITTEE_COLUMN
from models.assessment.standing import SchoolStanding, Tally, standings, tally_by
from models.assessment.totals import (
    BRANCH,
    COMMITTEE,
    CURRICULUM,
    FROM_OUTSIDE,
    PROVINCE,
    REPORTER,
    SOURCE,
    Group,
    numbers,
    places,
    reporters,
    students,
    totals,
    tree,
)
from models.core.db import db

if TYPE_CHECKING:
    from models.assessment.round import Round


@dataclass(frozen=True)
class Asked:
    """The round that a report is about, and one curriculum's code or empty for all."""

    round: Round
    curriculum: str = ""

    @property
    def curricula(self) -> tuple[str, ...]:
        """The curricula that it is about, in the menu's order."""
        return (self.curriculum,) if self.curriculum else tuple(CURRICULA)

    def numbers(self, schools: Select[Any] | None = None, agencies: Select[Any] | None = None) -> Subquery:
        """The rows of these reporters in the round and curriculum."""
        return numbers(self.round.id, schools=schools, agencies=agencies, curriculum=self.curriculum)


@dataclass(frozen=True)
class Branches:
    """Numbers by branch: the tree, what of it agencies outside ask for, how many ask for each branch."""

    tree: tuple[Group, ...]
    outside: Mapping[int, int]
    reporters: Mapping[int, int]

    @property
    def students(self) -> int:
        """All together, as many as instruments to be printed."""
        return sum(group.students for group in self.tree)

    def from_outside(self, group: Group) -> int:
        """What of a group's students is of agencies outside."""
        return sum(self.outside.get(branch.branch_id, 0) for branch in group.branches())


def by_branch(rows: Subquery) -> Branches:
    """The rows by branch; three queries."""
    counts: dict[int, int] = {}
    outside: dict[int, int] = {}
    for (source, branch), how_many in totals(rows, SOURCE, BRANCH).items():
        counts[branch] = counts.get(branch, 0) + how_many
        if source == FROM_OUTSIDE:
            outside[branch] = how_many
    asking = {branch: how_many for (branch,), how_many in reporters(rows, BRANCH).items()}
    return Branches(tree(places(counts), counts), outside, asking)


# --- a school ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OfSchool:
    """One school's registration."""

    school: Any
    standing: SchoolStanding
    branches: Branches


def of_school(asked: Asked, school: School) -> OfSchool:
    """What a school registered."""
    own = select(School).where(School.id == school.id)
    (standing,) = standings(asked.round.id, own)
    return OfSchool(school, standing, by_branch(asked.numbers(own)))


# --- a committee ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OfAgency:
    """What an agency outside asks for; its branches lie in one curriculum."""

    agency: OutsideAgency
    tree: tuple[Group, ...]

    @property
    def students(self) -> int:
        """Students of all its branches."""
        return sum(group.students for group in self.tree)


@dataclass(frozen=True)
class OfOutside:
    """The agencies that a committee reports for, or its word that there is none."""

    committee: School
    agencies: tuple[OfAgency, ...]
    branches: Branches
    is_none_confirmed: bool


def agencies_of(asked: Asked, agencies: Select[Any]) -> Select[Any]:
    """Those of the agencies that the report is about."""
    wanted = agencies.where(OutsideAgency.round_id == asked.round.id, OutsideAgency.deleted_at.is_(None))
    return wanted.where(OutsideAgency.curriculum == asked.curriculum) if asked.curriculum else wanted


def of_outside(asked: Asked, committee: School, agencies: Select[Any]) -> OfOutside:
    """What the agencies of a committee ask for, in the order of the menu and of their names; seven queries."""
    own = agencies_of(asked, agencies.where(OutsideAgency.committee_id == committee.id))
    rows = asked.numbers(agencies=own)
    counts: dict[int, dict[int, int]] = {}
    for ((_source, agency_id), branch), how_many in totals(rows, REPORTER, BRANCH).items():
        counts.setdefault(agency_id, {})[branch] = how_many
    known = places({branch for one in counts.values() for branch in one})
    order = list(CURRICULA)
    found = list(db.session.scalars(own.order_by(OutsideAgency.name_sort, OutsideAgency.id)))
    found.sort(key=lambda agency: order.index(agency.curriculum))
    return OfOutside(
        committee,
        tuple(OfAgency(agency, tree(known, counts.get(agency.id, {}))) for agency in found),
        by_branch(rows),
        none_outside(asked.round.id, committee.id) is not None,
    )


@dataclass(frozen=True)
class OfSchools:
    """All schools of a committee: where each stands, what they and its agencies ask for together."""

    committee: School
    standings: tuple[SchoolStanding, ...]
    branches: Branches
    outside: int

    @property
    def tally(self) -> Tally:
        """How many have reported, are excused, are missing, in all curricula."""
        whole = [one.standing for one in self.standings]
        return Tally(whole.count("reported"), whole.count("excused"), whole.count("missing"))


def schools_under(schools: Select[Any], committee: School) -> Select[Any]:
    """Those of the schools that are in a committee's reports: itself first, then by name."""
    own = schools.where(or_(School.id == committee.id, School.under_id == committee.id))
    return own.order_by(School.committee.is_(None), School.name_sort, School.id)


def of_schools(asked: Asked, committee: School, schools: Select[Any], agencies: Select[Any]) -> OfSchools:
    """What all schools of a committee registered."""
    own = schools_under(schools, committee)
    outside = asked.numbers(agencies=agencies.where(OutsideAgency.committee_id == committee.id))
    return OfSchools(
        committee,
        tuple(standings(asked.round.id, own)),
        by_branch(asked.numbers(own)),
        students(outside),
    )


@dataclass(frozen=True)
class InDetail:
    """Each school of a committee with its branches."""

    committee: School
    schools: tuple[tuple[SchoolStanding, tuple[Group, ...]], ...]

    @property
    def rows(self) -> int:
        """How many rows of branches there are; a paper has room for so many."""
        return sum(len(group.branches()) for _standing, groups in self.schools for group in groups)


def in_detail(asked: Asked, committee: School, schools: Select[Any]) -> InDetail:
    """What each school of a committee registered, branch by branch; four queries."""
    own = schools_under(schools, committee)
    counts: dict[int, dict[int, int]] = {}
    for ((_source, school_id), branch), how_many in totals(asked.numbers(own), REPORTER, BRANCH).items():
        counts.setdefault(school_id, {})[branch] = how_many
    known = places({branch for one in counts.values() for branch in one})
    found = standings(asked.round.id, own)
    return InDetail(committee, tuple((one, tree(known, counts.get(one.school.id, {}))) for one in found))


# --- the country ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A province or committee: its key, its schools, and students by curriculum and from where."""

    key: Any
    tally: Tally
    by_curriculum: Mapping[str, int]
    outside: int

    @property
    def students(self) -> int:
        """All together, as many as instruments to be printed."""
        return sum(self.by_curriculum.values())

    def __add__(self, other: Place) -> Place:
        mine, theirs = self.by_curriculum, other.by_curriculum
        both = {code: mine.get(code, 0) + theirs.get(code, 0) for code in {*mine, *theirs}}
        return Place(None, self.tally + other.tally, both, self.outside + other.outside)


def by_place(asked: Asked, level: str, schools: Select[Any], agencies: Select[Any]) -> dict[Any, Place]:
    """The country by `PROVINCE` or `COMMITTEE`: every one with a school or a number; two queries.

    A reporter's province is where it lies, its committee the one that it reports to; the key None are the schools
    that lie under no committee.
    """
    column = {PROVINCE: School.province_code, COMMITTEE: COMMITTEE_COLUMN}[level]
    tallies = tally_by(asked.round.id, schools, column)
    found: dict[Any, dict[str, int]] = {}
    outside: dict[Any, int] = {}
    for (key, source, curriculum), how_many in totals(
        asked.numbers(schools, agencies), level, SOURCE, CURRICULUM
    ).items():
        of_place = found.setdefault(key, {})
        of_place[curriculum] = of_place.get(curriculum, 0) + how_many
        if source == FROM_OUTSIDE:
            outside[key] = outside.get(key, 0) + how_many
    return {
        key: Place(key, tallies.get(key, Tally()), found.get(key, {}), outside.get(key, 0))
        for key in tallies.keys() | found.keys()
    }
