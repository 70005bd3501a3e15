"""The national office makes committees, and says which schools lie under which."""

from __future__ import annotations

from typing import Any

import pytest

from models.assessment.codes import NATIONAL, Committee
from models.assessment.school import School
from models.core.db import db
from tests.factories.assessment import make_committee, make_school
from tests.factories.core import make_account


@pytest.fixture
def office(session: Any, new_client: Any, sign_in: Any) -> Any:
    account = make_account(NATIONAL)
    session.commit()
    return sign_in(new_client(), account)


def again(school: School) -> School:
    db.session.refresh(school)
    return school


def test_the_list_says_how_many_schools_lie_under_each_and_under_none(office, session):
    committee = make_committee(name="วิทยาลัยเทคนิคเมืองชล", province_code="20")
    for _n in range(3):
        make_school(under=committee)
    make_school()
    session.commit()

    page = office.get("/committees/").text

    assert "วิทยาลัยเทคนิคเมืองชล" in page
    assert 'data-l="สถานศึกษาในสังกัด">3</td>' in page
    assert "สถานศึกษา 1 แห่งไม่มีสังกัด อศก./อศจ." in page


@pytest.mark.parametrize("typed", ["เมืองชล", "ชลบุรี", "Chon"])
def test_a_committee_is_found_by_name_and_by_province(office, session, typed):
    make_committee(name="วิทยาลัยเทคนิคเมืองชล", province_code="20")
    make_committee(name="วิทยาลัยเทคนิคเมืองแกลง", province_code="21")
    session.commit()

    page = office.get("/committees/", query_string={"q": typed}).text

    assert "วิทยาลัยเทคนิคเมืองชล" in page
    assert "วิทยาลัยเทคนิคเมืองแกลง" not in page


def test_the_list_costs_as_many_queries_with_thirty_committees_as_with_one(office, session, count_queries):
    def cost() -> int:
        session.commit()
        count_queries.clear()
        office.get("/committees/")
        return len(count_queries)

    make_school(under=make_committee())
    cost()
    one = cost()
    for _n in range(30):
        make_school(under=make_committee())

    assert cost() == one <= 10


def test_a_school_is_made_a_committee_and_gets_its_schools_by_name(office, session):
    school, first, second = make_school(province_code="10"), make_school(), make_school()
    session.commit()

    page = office.post("/committees/make", data={"school": school.id}, follow_redirects=True).text
    office.post("/committees/move", data={"from": school.id, "target": school.id, "ids": [first.id, second.id]})

    assert again(school).committee == Committee.BANGKOK
    assert "เป็น อศก. แล้ว" in page
    assert {again(first).under_id, again(second).under_id} == {school.id}


def test_ticked_schools_move_to_another_committee_or_to_none(office, session):
    here, there = make_committee(), make_committee()
    one, other = make_school(under=here), make_school(under=here)
    session.commit()

    office.post("/committees/move", data={"from": here.id, "target": there.id, "ids": [one.id]})
    office.post("/committees/move", data={"from": here.id, "target": "none", "ids": [other.id]})

    assert (again(one).under_id, again(other).under_id) == (there.id, None)
    assert other.name in office.get("/committees/none").text


def test_a_committee_with_schools_says_why_it_stays_one_and_an_empty_one_can_be_unmade(office, session):
    committee = make_committee()
    school = make_school(under=committee)
    session.commit()
    url = f"/committees/{committee.id}"

    full = office.get(url).text
    refused = office.post(f"{url}/unmake", data={"version": committee.version}, follow_redirects=True).text
    office.post("/committees/move", data={"from": committee.id, "target": "none", "ids": [school.id]})
    office.post(f"{url}/unmake", data={"version": again(committee).version})

    assert "มีสถานศึกษาในสังกัด 1 แห่ง" in full
    assert "/unmake" not in full
    assert "มีสถานศึกษาในสังกัด 1 แห่ง" in refused
    assert again(committee).committee is None
    assert office.get(url).status_code == 404


def test_who_read_an_older_state_unmakes_nothing(office, session):
    committee = make_committee()
    session.commit()

    answer = office.post(f"/committees/{committee.id}/unmake", data={"version": 99}, follow_redirects=True)

    assert "มีผู้แก้ไขสถานศึกษานี้ระหว่างนั้น" in answer.text
    assert again(committee).committee


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"target": "none"},
        {"target": "none", "ids": "999999"},
        {"target": "999999", "ids": "1"},
        {"target": "none", "ids": "x"},
        {"target": "๑", "ids": "9" * 40, "from": "-1"},
    ],
)
def test_nonsense_moves_nothing(office, session, data):
    school = make_school(under=make_committee())
    session.commit()

    answer = office.post("/committees/move", data=data)

    assert answer.status_code in (302, 404)
    assert again(school).under_id


def test_schools_to_choose_from_are_those_that_are_no_committee(office, session):
    school, committee = make_school(name="วิทยาลัยการอาชีพบ้านสวน"), make_committee(name="วิทยาลัยการอาชีพบ้านไร่")
    session.commit()

    found = office.get("/committees/schools", query_string={"q": "การอาชีพ"}).json["results"]

    assert [one["value"] for one in found] == [school.id]
    assert committee.id != school.id
