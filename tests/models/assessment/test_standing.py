"""Who has reported, who is excused, who is missing: of one school, and of however many together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from models.assessment.note import CHECK
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import Registration
from models.assessment.school import School
from models.assessment.standing import (
    COMMITTEE,
    ELSEWHERE,
    EXCUSED,
    MISSING,
    REPORTED,
    Tally,
    by_curriculum,
    committees_of,
    schools_of,
    standing,
    standing_in,
    standings,
    tally,
    tally_by,
)
from models.assessment.status import STATUSES, SchoolStatus, Status
from models.core.db import db
from tests.factories.assessment import make_committee, make_round, make_school
from tests.factories.core import make_account

PVC, PVS = "pvc2562", "pvs2563"
STUDENTS = st.integers(0, 9_999)


@pytest.mark.parametrize(
    ("students", "status", "found"),
    [
        (5, Status.NORMAL, REPORTED),
        (5, Status.CLOSED, REPORTED),
        (0, Status.NORMAL, MISSING),
        (0, Status.CLOSED, EXCUSED),
        (0, Status.NO_STUDENTS, EXCUSED),
    ],
)
def test_a_school_has_reported_is_excused_or_is_missing(students, status, found):
    assert standing(students, status) == found


def test_of_one_curriculum_a_school_that_reported_in_others_alone_is_not_missing():
    assert standing_in(0, 5) == ELSEWHERE
    assert standing_in(5, 5) == REPORTED
    assert standing_in(0, 0) == MISSING


@given(st.lists(st.tuples(STUDENTS, st.sampled_from(STATUSES))))
def test_every_school_stands_somewhere_and_only_a_whole_is_a_hundred_percent(schools):
    found = Tally()
    for students, status in schools:
        found += Tally(**{standing(students, status): 1})

    assert found.total == len(schools)
    assert 0 <= found.percent <= 100
    assert (found.percent == 100) == (found.missing == 0)


@pytest.fixture
def place(session):
    """A round; a committee that reported, and under it a school that reported, one that closed, one that is missing."""
    this, before = make_round(), make_round("locked", year=2568)
    committee = make_committee(province_code="20")
    reported, closed, missing = (make_school(under=committee, province_code=code) for code in ("20", "20", "21"))
    for school, curriculum, students in ((committee, PVC, 7), (reported, PVC, 30), (reported, PVS, 12)):
        db.session.add(Registration(round=this, school=school, curriculum=curriculum, students=students))
    # What was saved and emptied again, and what was said and registered in another round, count for nothing here.
    db.session.add(Registration(round=this, school=missing, curriculum=PVC, students=0))
    db.session.add(Registration(round=before, school=missing, curriculum=PVC, students=9))
    db.session.add(SchoolStatus(round=before, school=missing, status=Status.CLOSED))
    db.session.add(SchoolStatus(round=this, school=closed, status=Status.CLOSED))
    db.session.flush()
    return this, committee, reported, closed, missing


def under(committee):
    return select(School).where(committee.id == COMMITTEE).order_by(School.id)


def test_each_school_is_listed_with_its_students_its_status_and_where_it_stands(place):
    this, committee, reported, closed, missing = place

    found = {one.school.id: one for one in standings(this.id, under(committee))}

    assert list(found) == [committee.id, reported.id, closed.id, missing.id]
    assert [one.standing for one in found.values()] == [REPORTED, REPORTED, EXCUSED, MISSING]
    assert (found[reported.id].students, found[reported.id].total) == ({PVC: 30, PVS: 12}, 42)
    assert (found[closed.id].status, found[closed.id].status_version) == (Status.CLOSED, 1)
    assert (found[missing.id].students, found[missing.id].total) == ({}, 0)
    assert found[committee.id].standing_in(PVS) == ELSEWHERE


def test_counting_in_the_database_finds_what_the_list_says_by_whatever_place(place):
    this, committee, *_schools = place
    listed = standings(this.id, under(committee))

    for column, place_of in (
        (School.province_code, lambda school: school.province_code),
        (School.sector, lambda school: school.sector),
        (COMMITTEE, lambda school: school.committee_id),
    ):
        expected = {}
        for one in listed:
            where = place_of(one.school)
            expected[where] = expected.get(where, Tally()) + Tally(**{one.standing: 1})
        assert tally_by(this.id, under(committee), column) == expected
    assert tally(this.id, under(committee)) == Tally(reported=2, excused=1, missing=1)


def test_a_curriculum_says_how_many_schools_registered_in_it_and_how_many_students(place):
    this, committee, *_schools = place

    found = by_curriculum(this.id, under(committee))

    assert list(found) == list(CURRICULA)
    assert {code: (one.schools, one.students) for code, one in found.items() if one.schools} == {
        PVC: (2, 37),
        PVS: (1, 12),
    }


def test_no_schools_are_complete_and_make_nothing_of_themselves(session):
    none = select(School).where(School.id < 0)

    assert tally(make_round().id, none) == Tally()
    assert Tally().percent == 100


def test_the_list_asks_as_much_of_one_school_as_of_many(place):
    this, committee, *_schools = place

    def asked(schools):
        said = []
        engine = db.session.connection()
        event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        standings(this.id, schools)
        return len(said)

    assert asked(under(committee).limit(1)) == asked(under(committee)) == 2


def test_a_committee_is_one_of_the_users_own_and_its_schools_are_itself_first_and_those_under_it(place):
    _this, committee, reported, closed, missing = place
    other = make_committee()
    make_school(under=other)

    assert db.session.scalars(committees_of(committee.account, CHECK)).all() == [committee]
    assert db.session.scalars(committees_of(make_account("national"), "completeness.view")).all() != []
    assert db.session.scalars(committees_of(reported.account, CHECK)).all() == []
    listed = db.session.scalars(schools_of(committee, committee.account, CHECK)).all()
    assert (listed[0], {*listed}) == (committee, {committee, reported, closed, missing})
    assert db.session.scalars(schools_of(other, committee.account, CHECK)).all() == []
