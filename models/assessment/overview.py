"""How far every province is: where its schools stand, what it says of agencies outside (spec: assessment.md 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select

from models.assessment.outside import NoneOutside, OutsideAgency, agencies_in
from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.standing import COMMITTEE, Schools, Tally, tally_by
from models.assessment.totals import COMMITTEE as OF_COMMITTEE
from models.assessment.totals import FROM_OUTSIDE, FROM_SCHOOLS, PROVINCE, SOURCE, numbers, totals
from models.core.db import db


@dataclass(frozen=True)
class Outside:
    """What a committee said of agencies outside: how many ask in a round, or its word that there are none."""

    agencies: int = 0
    is_none: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether it said either."""
        return self.is_none or self.agencies > 0


@dataclass(frozen=True)
class Committee:
    """A committee in a round: its name, where its schools stand, their students, what it said of agencies outside."""

    id: int
    name: str
    province_code: str
    tally: Tally
    students: int
    outside: Outside


@dataclass(frozen=True)
class Place:
    """A province in a round: where its schools stand, students of schools and of agencies, its committees' answers."""

    province_code: str
    tally: Tally = field(default_factory=Tally)
    students: int = 0
    outside_students: int = 0
    committees: int = 0
    answered: int = 0  # of those committees that said something of agencies outside

    @property
    def instruments(self) -> int:
        """How many instruments are to be printed for it: one for each student."""
        return self.students + self.outside_students


def outside_of(round_id: int) -> dict[int, Outside]:
    """Committee -> what it said of agencies outside in a round; two queries. Who said nothing is not there."""
    asked = agencies_in(round_id).with_only_columns(OutsideAgency.committee_id, func.count())
    found = {key: Outside(many) for key, many in db.session.execute(asked.group_by(OutsideAgency.committee_id))}
    none = select(NoneOutside.committee_id).where(NoneOutside.round_id == round_id)
    return found | {key: Outside(is_none=True) for key in db.session.scalars(none)}


def committees(this: Round, schools: Schools, led: Schools) -> list[Committee]:
    """The committees `led`, in that order, each with those of `schools` that are in its reports; five queries."""
    tallies = tally_by(this.id, schools, COMMITTEE)
    students = totals(numbers(this.id, schools=schools), OF_COMMITTEE)
    outside = outside_of(this.id)
    return [
        Committee(
            one.id,
            one.name,
            one.province_code,
            tallies.get(one.id, Tally()),
            students.get((one.id,), 0),
            outside.get(one.id, Outside()),
        )
        for one in db.session.scalars(led)
    ]


def places(this: Round, schools: Schools, agencies: Select[Any], led: Schools) -> list[Place]:
    """The provinces of these schools, in no order, with the answers of the committees `led` in them; five queries."""
    tallies = tally_by(this.id, schools, School.province_code)
    students = totals(numbers(this.id, schools=schools, agencies=agencies), PROVINCE, SOURCE)
    said = outside_of(this.id)
    answers: dict[str, list[bool]] = {}
    for key, province in db.session.execute(led.with_only_columns(School.id, School.province_code).order_by(None)):
        answers.setdefault(province, []).append(said.get(key, Outside()).is_answered)
    found = []
    for code in {*tallies, *answers, *(province for province, _source in students)}:
        of_schools, of_agencies = (students.get((code, source), 0) for source in (FROM_SCHOOLS, FROM_OUTSIDE))
        answered = answers.get(code, [])
        tally = tallies.get(code, Tally())
        found.append(Place(code, tally, of_schools, of_agencies, len(answered), sum(answered)))
    return found
