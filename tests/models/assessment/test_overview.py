"""How far every province is: its schools, its students, and what its committees say of agencies outside."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.assessment.codes import PRIVATE
from models.assessment.outside import NoneOutside, agencies_in
from models.assessment.overview import Outside, Place, committees, outside_of, places
from models.assessment.school import School
from models.assessment.standing import Tally
from models.assessment.status import SchoolStatus, Status
from models.core.db import db
from tests.factories.assessment import (
    make_agency,
    make_branches,
    make_committee,
    make_registration,
    make_round,
    make_school,
)

SCHOOLS = select(School)
LED = SCHOOLS.where(School.committee.is_not(None)).order_by(School.id)


@pytest.fixture
def country(session):
    """A province that is through with an agency outside, one that has hardly begun, and one with a lone school."""
    this = make_round(year=2571)
    one, two = make_committee(province_code="20"), make_committee(province_code="21")
    branches = make_branches(2)
    make_registration(this, one, {branches[0]: 30})
    under = make_school(one, province_code="20", sector=PRIVATE)
    make_registration(this, under, {branches[0]: 12, branches[1]: 8})
    closed = make_school(one, province_code="20")
    session.add(SchoolStatus(round_id=this.id, school_id=closed.id, status=Status.CLOSED))
    make_school(two, province_code="21")
    make_school(province_code="22")
    make_agency(this, one, {branches[0]: 5})
    session.flush()
    return this, one, two


def found(this, schools=SCHOOLS):
    return {place.province_code: place for place in places(this, schools, agencies_in(this.id), LED)}


def test_a_province_is_told_by_its_schools_students_and_answers(country):
    this, _one, two = country
    db.session.add(NoneOutside(round_id=make_round("locked", year=2570).id, committee_id=two.id))
    db.session.flush()

    assert found(this) == {
        "20": Place("20", Tally(2, 1, 0), 50, 5, 1, 1),
        "21": Place("21", Tally(0, 0, 2), 0, 0, 1, 0),
        "22": Place("22", Tally(0, 0, 1), 0, 0, 0, 0),
    }
    assert found(this)["20"].instruments == 55


def test_the_word_that_there_are_none_is_an_answer_in_its_round(country):
    this, one, two = country
    db.session.add(NoneOutside(round_id=this.id, committee_id=two.id))
    db.session.flush()

    assert outside_of(this.id) == {one.id: Outside(agencies=1), two.id: Outside(is_none=True)}
    assert found(this)["21"].answered == 1


def test_an_agency_that_was_deleted_is_no_answer(country):
    this, one, _two = country
    agency = db.session.scalars(agencies_in(this.id)).one()
    agency.deleted_at = this.opens_at
    db.session.flush()

    assert one.id not in outside_of(this.id)
    assert (found(this)["20"].answered, found(this)["20"].outside_students) == (0, 0)


def test_of_some_schools_alone_the_committees_stay(country):
    this, one, two = country

    of_private = found(this, SCHOOLS.where(School.sector == PRIVATE))
    listed = committees(this, SCHOOLS.where(School.sector == PRIVATE), LED)

    assert of_private["20"].tally == Tally(reported=1)
    assert of_private["21"] == Place("21", committees=1)
    assert [(row.id, row.tally, row.students) for row in listed] == [
        (one.id, Tally(reported=1), 20),
        (two.id, Tally(), 0),
    ]


def test_a_committee_is_told_with_itself_among_its_schools(country):
    this, one, two = country

    first, second = committees(this, SCHOOLS, LED)

    assert (first.id, first.tally, first.students, first.outside) == (one.id, Tally(2, 1, 0), 50, Outside(agencies=1))
    assert (second.id, second.tally, second.outside.is_answered) == (two.id, Tally(0, 0, 2), False)


def test_provinces_cost_five_queries_however_many_they_are(country, count_queries):
    this = country[0]
    for province in ("30", "31", "32", "33"):
        make_school(make_committee(province_code=province), province_code=province)
    db.session.flush()
    count_queries.clear()

    assert len(found(this)) == 7

    assert len(count_queries) == 5
