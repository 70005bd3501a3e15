"""Which schools are committees and what lies under them; the national office takes schools in and closes them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models.assessment import committees
from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL, Committee
from models.assessment.committees import make, move, unmake, wrong_school
from models.assessment.enrolment import Newcomer, enrol
from models.assessment.entities.schools import SCHOOL_RECORD
from models.assessment.school import School
from models.core.audit import AuditEntry
from models.core.db import StaleVersion, db
from models.core.entity import deeds
from models.core.entity.values import WrongValues
from models.core.workflow import Refused
from tests.factories.assessment import (
    make_agency,
    make_branches,
    make_committee,
    make_registration,
    make_round,
    make_school,
)
from tests.factories.core import make_account


@pytest.fixture
def office(session: Any) -> Any:
    return make_account(NATIONAL)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


@pytest.mark.parametrize(("province", "kind"), [("10", Committee.BANGKOK), ("20", Committee.PROVINCE)])
def test_a_school_is_made_what_its_province_has(office, province, kind):
    school = make_school(under=make_committee(), province_code=province)

    make(office, school, school.version)

    school.account.forget_grants()
    assert (school.committee, school.under_id) == (kind, None)
    assert school.account.kinds == {SCHOOL, PROVINCIAL}


def test_a_committee_is_none_any_more_once_nothing_lies_under_it(office):
    first, second = make_committee(), make_committee()
    school = make_school(under=first)

    with pytest.raises(Refused) as refused:
        unmake(office, first, first.version)
    move(office, [school.id], second)
    unmake(office, first, first.version, second)

    first.account.forget_grants()
    assert code_of(refused) == "schools_lie_under"
    assert (first.committee, first.under_id, school.under_id) == (None, second.id, second.id)
    assert first.account.kinds == {SCHOOL}


def test_a_committee_stays_one_while_agencies_ask_through_it_in_the_open_round(office):
    committee, this = make_committee(), make_round()
    (branch,) = make_branches(1)
    asked = make_agency(this, committee, {branch: 5})

    with pytest.raises(Refused) as refused:
        unmake(office, committee, committee.version)
    this.state = "locked"
    db.session.flush()
    unmake(office, committee, committee.version)

    assert code_of(refused) == "agencies_ask_through"
    assert (committee.committee, asked.committee_id) == (None, committee.id)


def test_of_two_who_make_and_unmake_the_later_one_is_told(office):
    school = make_school()
    read = school.version

    make(office, school, read)

    with pytest.raises(StaleVersion):
        unmake(office, school, read)


def test_only_the_national_office_says_who_is_a_committee(session):
    committee, school = make_committee(), make_school()

    with pytest.raises(Refused) as refused:
        make(committee.account, school, school.version)

    assert code_of(refused) == "not_permitted"


def test_schools_move_together_and_those_that_lie_there_already_are_left(office):
    first, second = make_committee(), make_committee()
    schools = [make_school(under=first), make_school(), make_school(under=second)]

    moved = move(office, [school.id for school in schools], second)

    assert [school.id for school in moved] == [schools[0].id, schools[1].id]
    assert {school.under_id for school in schools} == {second.id}


def test_of_schools_that_cannot_all_move_none_does(office):
    first, second = make_committee(), make_committee()
    school = make_school(under=first)

    with pytest.raises(Refused) as a_committee:
        move(office, [school.id, second.id], first)
    with pytest.raises(Refused) as no_committee:
        move(office, [school.id], make_school())
    with pytest.raises(Refused) as unknown:
        move(office, [school.id, 999_999], second)

    codes = [code_of(one) for one in (a_committee, no_committee, unknown)]
    assert codes == ["committee_lies_under_none", "not_a_committee", "not_permitted"]
    assert school.under_id == first.id


def test_no_more_schools_move_at_once_than_a_page_shows(office, monkeypatch):
    monkeypatch.setattr(committees, "MOST_MOVED", 1)

    with pytest.raises(Refused) as refused:
        move(office, [make_school().id, make_school().id], None)

    assert code_of(refused) == "too_many_schools"


def test_a_move_stands_in_the_history_from_where_to_where(office):
    first, second = make_committee(), make_committee()
    school = make_school(under=first)
    db.session.commit()

    move(office, [school.id], second)
    db.session.commit()

    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.entity, entry.entity_id) == ("assessment_school", str(school.id))
    assert entry.payload["changes"][0]["fields"]["under_id"] == [first.id, second.id]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"province_code": "20", "committee": Committee.PROVINCE}, []),
        ({"province_code": "10", "committee": Committee.PROVINCE}, [("committee", "committee_elsewhere")]),
        ({"province_code": "20", "committee": Committee.BANGKOK}, [("committee", "committee_elsewhere")]),
        ({"province_code": "20", "committee": Committee.PROVINCE, "under_id": 7}, [("under_id", "lies_under_none")]),
        ({"province_code": "20", "under_id": 7}, []),
    ],
)
def test_what_a_school_cannot_be_at_once(values, wrong):
    assert [(name, why.code) for name, why in wrong_school(values)] == wrong


# --- schools as records ----------------------------------------------------------------------------------------------


def stamp(school: School) -> str:
    return deeds.stamp_of(SCHOOL_RECORD, school)


def test_a_school_is_taken_in_with_its_account(office):
    committee = make_committee()
    given = {"code": "1320026301", "name": "วิทยาลัยเทคนิคเนินงาม", "sector": "state", "province_code": "20"}

    made = deeds.add(SCHOOL_RECORD, office, given | {"under_id": committee.id, "phone": "038 000 111"})

    assert (made.under_id, made.phone, made.account.full_name) == (committee.id, "038000111", made.name)


@pytest.mark.parametrize("code", ["132002630", "13200263011", "วิทยาลัย"])
def test_a_school_without_a_proper_code_is_told_at_its_field(office, code):
    given = {"code": code, "name": "วิทยาลัยเทคนิคเนินงาม", "sector": "state", "province_code": "20"}

    with pytest.raises(WrongValues) as wrong:
        deeds.add(SCHOOL_RECORD, office, given)

    assert wrong.value.errors["code"].code == "not_so_many_digits"


def test_what_a_school_lies_under_must_be_a_committee(office):
    given = {"code": "1320026301", "name": "วิทยาลัยเทคนิคเนินงาม", "sector": "state", "province_code": "20"}

    with pytest.raises(WrongValues) as wrong:
        deeds.add(SCHOOL_RECORD, office, given | {"under_id": make_school().id})

    assert wrong.value.errors["under_id"].code == "not_a_committee"


def test_a_form_makes_and_unmakes_committees_by_the_same_rules(office):
    committee = make_committee()
    school = make_school(under=committee)

    with pytest.raises(Refused) as refused:
        deeds.change(SCHOOL_RECORD, office, committee, {"committee": None}, stamp(committee))
    deeds.change(SCHOOL_RECORD, office, school, {"committee": "province", "under_id": None}, stamp(school))
    deeds.change(SCHOOL_RECORD, office, school, {"name": "ชื่อใหม่", "committee": None}, stamp(school))

    assert code_of(refused) == "schools_lie_under"
    assert (school.committee, school.account.full_name) == (None, "ชื่อใหม่")


def test_a_closed_school_signs_in_no_more_until_it_is_taken_back(office):
    school = enrol(Newcomer("1320026301", "วิทยาลัยเทคนิคเนินงาม", "20"))

    deeds.delete(SCHOOL_RECORD, office, school, stamp(school))

    school.account.forget_grants()
    assert (school.account.active, school.account.kinds) == (False, frozenset())
    deeds.restore(SCHOOL_RECORD, office, school, stamp(school))
    school.account.forget_grants()
    assert (school.account.active, school.account.kinds) == (True, {SCHOOL})


def test_a_school_with_numbers_of_the_open_round_is_not_closed(office):
    school, this = make_school(), make_round()
    (branch,) = make_branches(1)
    make_registration(this, school, {branch: 12})

    with pytest.raises(Refused) as refused:
        deeds.delete(SCHOOL_RECORD, office, school, stamp(school))

    assert code_of(refused) == "school_has_numbers"
    assert school.deleted_at is None


def test_a_school_that_comes_back_lies_under_what_is_still_a_committee(office):
    committee = make_committee()
    school = make_school(under=committee)
    deeds.delete(SCHOOL_RECORD, office, school, stamp(school))
    unmake(office, committee, committee.version)

    deeds.restore(SCHOOL_RECORD, office, school, stamp(school))

    assert school.under_id is None
