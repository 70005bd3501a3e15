"""Schools, branches and rounds for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from models.assessment.catalogue import Branch
from models.assessment.codes import Committee, RoundState
from models.assessment.enrolment import Newcomer, enrol_all
from models.assessment.outside import OutsideAgency, OutsideLine
from models.assessment.registration import Registration, RegistrationLine
from models.assessment.round import Round
from models.assessment.school import School
from models.core.clock import now
from models.core.db import db
from tests.factories.core import make_account

_numbers = count(1)


def make_round(state: str = RoundState.OPEN, *, year: int = 2569, **fields: Any) -> Round:
    """A round that runs from last week to the next."""
    values = {"opens_at": now() - timedelta(days=7), "closes_at": now() + timedelta(days=7), **fields}
    made = Round(academic_year=year, state=state, **values)
    db.session.add(made)
    db.session.flush()
    return made


def make_school(under: School | None = None, committee: str | None = None, **fields: Any) -> School:
    """A school with an account of its own."""
    number = next(_numbers)
    values = {"name": f"วิทยาลัยเทคนิคบ้านสวน {number}", "province_code": "20", **fields}
    made = School(code=f"13200{number:05}", under=under, committee=committee, account=make_account(), **values)
    db.session.add(made)
    db.session.flush()
    return made


def enrolled(*newcomers: Newcomer) -> list[School]:
    """Schools as they come to be, past their first sign-in: with a password."""
    schools = enrol_all(newcomers)
    for school in schools:
        assert school.account is not None
        school.activated_at = school.account.password_changed_at = now()
        school.account.password = "pbkdf2:sha256:1$none$none"
    db.session.flush()
    return schools


def make_committee(**fields: Any) -> School:
    """A school that was made the committee of its province."""
    return make_school(committee=Committee.PROVINCE, **fields)


def make_branches(
    how_many: int, curriculum: str = "pvc2562", *, field: str = "29901", programme: str = "299"
) -> list[Branch]:
    """Branches of one field of a curriculum."""
    made = []
    for _ in range(how_many):
        number = next(_numbers)
        one = Branch(
            curriculum=curriculum,
            programme_code=programme,
            programme="อุตสาหกรรม" if programme == "299" else f"ประเภทวิชา {programme}",
            field_code=field,
            field="ช่างทดสอบ" if field == "29901" else f"สาขาวิชา {field}",
            branch_code=f"299{number:06}",
            branch=f"สาขางานทดสอบ {number}",
            position=number,
        )
        one.place()
        made.append(one)
    db.session.add_all(made)
    db.session.flush()
    return made


def make_registration(this: Round, school: School, counts: Mapping[Branch, int]) -> list[Registration]:
    """What a school registered in a round: a registration for each curriculum that the branches are of."""
    made = []
    for curriculum, own in _by_curriculum(counts).items():
        row = Registration(round_id=this.id, school_id=school.id, curriculum=curriculum, students=sum(own.values()))
        row.saved_by = school.account_id
        db.session.add(row)
        db.session.flush()
        db.session.add_all(
            RegistrationLine(registration_id=row.id, branch_id=one.id, students=number) for one, number in own.items()
        )
        made.append(row)
    db.session.flush()
    return made


def make_agency(this: Round, committee: School, counts: Mapping[Branch, int], **fields: Any) -> OutsideAgency:
    """What an agency outside asks for through a committee; the branches are of one curriculum."""
    ((curriculum, own),) = _by_curriculum(counts).items()
    values = {"name": f"โรงเรียนบ้านนอกทุ่ง {next(_numbers)}", "province_code": committee.province_code, **fields}
    made = OutsideAgency(
        round_id=this.id, committee_id=committee.id, curriculum=curriculum, students=sum(own.values()), **values
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all(OutsideLine(agency_id=made.id, branch_id=one.id, students=number) for one, number in own.items())
    db.session.flush()
    return made


def _by_curriculum(counts: Mapping[Branch, int]) -> dict[str, dict[Branch, int]]:
    found: dict[str, dict[Branch, int]] = {}
    for branch, students in counts.items():
        found.setdefault(branch.curriculum, {})[branch] = students
    return found
