"""Who has reported in a round, who is excused, who is missing: of schools, committees, provinces and curricula.

A school has reported when it registered students in any curriculum, whatever was said of it. It is excused when its
province says that it closed or has no students. Else it is missing (spec: assessment.md 6.2, 6.3, 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import Registration
from models.assessment.school import School
from models.assessment.status import SchoolStatus, Status
from models.core.db import db

if TYPE_CHECKING:
    from models.core.identity import Account

REPORTED, EXCUSED, MISSING = "reported", "excused", "missing"
STANDINGS: Final = (REPORTED, EXCUSED, MISSING)
ELSEWHERE: Final = "elsewhere"
"""Of one curriculum: the school has reported, in others alone."""

Schools = Select[Any]
"""A SELECT of schools, as `School.visible_to(user, permission)` gives it, narrowed as the page wants it."""


def standing(students: int, status: str = Status.NORMAL) -> str:
    """Where a school stands that registered so many students in all and of which its province says `status`."""
    if students:
        return REPORTED
    return MISSING if status == Status.NORMAL else EXCUSED


def standing_in(here: int, students: int, status: str = Status.NORMAL) -> str:
    """Where it stands in one curriculum: as in all, but `elsewhere` where it has students in others alone."""
    whole = standing(students, status)
    return ELSEWHERE if whole == REPORTED and not here else whole


@dataclass(frozen=True)
class Tally:
    """How many schools have reported, are excused, are missing."""

    reported: int = 0
    excused: int = 0
    missing: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.reported + self.excused + self.missing

    @property
    def done(self) -> int:
        """Those of which nothing is awaited any more."""
        return self.reported + self.excused

    @property
    def percent(self) -> int:
        """Of how many in a hundred nothing is awaited: 100 where it is all of them and never before; of none, 100."""
        return self.done * 100 // self.total if self.total else 100

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.reported + other.reported, self.excused + other.excused, self.missing + other.missing)


@dataclass(frozen=True)
class InCurriculum:
    """One curriculum: schools that registered students in it, and how many students."""

    schools: int = 0
    students: int = 0


@dataclass(frozen=True)
class SchoolStanding:
    """A school in a round: students by curriculum, when it saved last, what its province says, and where it stands."""

    school: School
    students: Mapping[str, int] = field(default_factory=dict)
    saved_at: datetime | None = None
    status: str = Status.NORMAL
    status_version: int = 0

    @property
    def total(self) -> int:
        """Its students in all curricula."""
        return sum(self.students.values())

    @property
    def standing(self) -> str:
        """reported, excused or missing."""
        return standing(self.total, self.status)

    def standing_in(self, curriculum: str) -> str:
        """The same of one curriculum; elsewhere, where it reported in others alone."""
        return standing_in(self.students.get(curriculum, 0), self.total, self.status)


COMMITTEE: Final[Any] = case((School.committee.is_not(None), School.id), else_=School.under_id)
"""The committee in whose reports a school is, as a column: see `School.committee_id`; NULL under none."""


def committees_of(user: Account, permission: str) -> Schools:
    """The committees for whose schools the user holds a permission, by their names."""
    led = School.visible_to(user, permission).where(School.committee.is_not(None))
    return led.order_by(School.name_sort, School.id)


def schools_of(committee: School, user: Account, permission: str) -> Schools:
    """The committee itself and the schools under it on which the user holds a permission, by their names."""
    rows = School.visible_to(user, permission).where(COMMITTEE.in_([committee.id]))
    return rows.order_by(School.committee.is_(None), School.name_sort, School.id)


def standing_of_row(round_id: int) -> Any:
    """Where a school stands in a round, as a column for a SELECT of schools."""
    registered = select(Registration.id).where(
        Registration.round_id == round_id, Registration.school_id == School.id, Registration.students > 0
    )
    said = select(SchoolStatus.id).where(
        SchoolStatus.round_id == round_id, SchoolStatus.school_id == School.id, SchoolStatus.status != Status.NORMAL
    )
    return case(
        (registered.correlate(School).exists(), REPORTED), (said.correlate(School).exists(), EXCUSED), else_=MISSING
    )


def tally(round_id: int, schools: Schools) -> Tally:
    """How many of these schools have reported, are excused, are missing; one query."""
    return sum(tally_by(round_id, schools, School.sector).values(), Tally())


def tally_by(round_id: int, schools: Schools, place: Any) -> dict[Any, Tally]:
    """The same by a column of School: its province_code, its sector, or `COMMITTEE`; one query."""
    each = schools.with_only_columns(place.label("place"), standing_of_row(round_id).label("standing"))
    rows = each.order_by(None).subquery()
    found: dict[Any, dict[str, int]] = {}
    counted = select(rows.c.place, rows.c.standing, func.count()).group_by(rows.c.place, rows.c.standing)
    for where, how, many in db.session.execute(counted):
        found.setdefault(where, {})[how] = many
    return {where: Tally(**counts) for where, counts in found.items()}


def by_curriculum(round_id: int, schools: Schools) -> dict[str, InCurriculum]:
    """Each curriculum, in the menu's order: how many of these schools registered in it, and students; one query."""
    ids = schools.with_only_columns(School.id).order_by(None)
    rows = (
        select(Registration.curriculum, func.count(), func.sum(Registration.students))
        .where(Registration.round_id == round_id, Registration.students > 0, Registration.school_id.in_(ids))
        .group_by(Registration.curriculum)
    )
    found = {code: InCurriculum(many, int(students)) for code, many, students in db.session.execute(rows)}
    return {code: found.get(code, InCurriculum()) for code in CURRICULA}


def standings(round_id: int, schools: Schools) -> list[SchoolStanding]:
    """Where each of these schools stands, in the SELECT's order; two queries, however many they are."""
    status = aliased(SchoolStatus)
    joined = schools.outerjoin(status, (status.school_id == School.id) & (status.round_id == round_id))
    found = db.session.execute(joined.add_columns(status.status, status.version)).all()
    students: dict[int, dict[str, int]] = {}
    saved: dict[int, datetime] = {}
    rows = select(Registration.school_id, Registration.curriculum, Registration.students, Registration.saved_at)
    ids = schools.with_only_columns(School.id).order_by(None)
    for school_id, curriculum, many, at in db.session.execute(
        rows.where(Registration.round_id == round_id, Registration.school_id.in_(ids))
    ):
        if many:
            students.setdefault(school_id, {})[curriculum] = many
        saved[school_id] = max(at, saved.get(school_id, at))
    return [
        SchoolStanding(school, students.get(school.id, {}), saved.get(school.id), said or Status.NORMAL, version or 0)
        for school, said, version in found
    ]
