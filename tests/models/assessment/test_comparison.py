"""This year beside last year: like is compared with like, and only what calls for a question is shown."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from models.assessment.comparison import (
    BRANCH,
    CHANGES,
    CURRICULUM,
    DOUBLED,
    HALVED,
    NEW,
    PROVINCE,
    SCHOOL,
    SCHOOL_BRANCH,
    VANISHED,
    Pair,
    change_column,
    change_of,
    compared,
    count_outliers,
    outliers,
    pairs,
)
from models.assessment.counts import is_unusual
from models.assessment.school import School
from models.assessment.status import SchoolStatus, Status
from models.core.db import db
from tests.factories.assessment import make_branches, make_committee, make_registration, make_round, make_school

PVC, PVS = "pvc2562", "pvs2563"
EVERY = select(School)
students = st.integers(0, 200)


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (20, 40, DOUBLED),
        (40, 20, HALVED),
        (20, 0, VANISHED),
        (0, 20, NEW),
        (20, 39, None),
        (19, 0, None),
        (5, 19, None),
    ],
)
def test_a_number_that_doubled_or_vanished_calls_for_a_question(before, now, change):
    assert change_of(before, now) == change
    assert (change is not None) == is_unusual(before, now)


@given(st.lists(st.tuples(students, students), min_size=1, max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_the_database_judges_numbers_as_the_rule_does(session, found):
    columns = [change_column(literal(before), literal(now)) for before, now in found]

    row = db.session.execute(select(*(column.label(f"c{place}") for place, column in enumerate(columns)))).one()

    assert list(row) == [change_of(before, now) for before, now in found]


class Years:
    """Last year's locked round and this year's open one, a committee, its two schools, branches of two curricula."""

    def __init__(self, state="open"):
        self.this, self.last = make_round(state, year=2571), make_round("locked", year=2570)
        self.committee = make_committee()
        self.one, self.two = make_school(self.committee), make_school(self.committee)
        self.a, self.b = make_branches(2, PVC)
        (self.c,) = make_branches(1, PVS)

    def rows(self, schools=EVERY, curriculum=""):
        return compared(self.this, self.last, schools, curriculum)

    def found(self, level=SCHOOL_BRANCH, change=""):
        return {(one.school_id, one.branch_id): (one.before, one.now) for one in outliers(self.rows(), level, change)}


@pytest.fixture
def years(session):
    return Years()


def test_numbers_are_told_by_school_and_branch_the_largest_difference_first(years):
    make_registration(years.last, years.one, {years.a: 30, years.b: 50})
    make_registration(years.this, years.one, {years.a: 90, years.b: 52})
    make_registration(years.last, years.two, {years.a: 400, years.b: 20})
    make_registration(years.this, years.two, {years.a: 120})

    found = outliers(years.rows(), SCHOOL_BRANCH)

    assert [(one.school_id, one.branch_id, one.before, one.now, one.change) for one in found] == [
        (years.two.id, years.a.id, 400, 120, HALVED),
        (years.one.id, years.a.id, 30, 90, DOUBLED),
        (years.two.id, years.b.id, 20, 0, VANISHED),
    ]
    assert outliers(years.rows(), SCHOOL_BRANCH, most=1) == found[:1]
    assert outliers(years.rows(), SCHOOL_BRANCH, VANISHED) == found[2:]
    assert count_outliers(years.rows(), SCHOOL_BRANCH) == {DOUBLED: 1, HALVED: 1, VANISHED: 1, NEW: 0}


def test_a_school_that_has_saved_nothing_yet_is_no_outlier(years):
    make_registration(years.last, years.one, {years.a: 100, years.c: 80})
    make_registration(years.last, years.two, {years.a: 100})

    make_registration(years.this, years.one, {years.c: 82})

    assert years.found() == {}
    assert pairs(years.rows(), CURRICULUM) == {PVS: Pair(80, 82)}
    assert pairs(years.rows(), PROVINCE) == {"20": Pair(80, 82)}


def test_a_curriculum_that_was_saved_without_students_has_vanished(years):
    make_registration(years.last, years.one, {years.a: 100})
    (row,) = make_registration(years.this, years.one, {years.b: 1})
    db.session.execute(db.text("DELETE FROM assessment_line WHERE registration_id = :id"), {"id": row.id})

    assert years.found() == {(years.one.id, years.a.id): (100, 0)}


def test_after_the_lock_what_was_not_saved_has_vanished_unless_the_school_is_excused(session):
    years = Years("locked")
    make_registration(years.last, years.one, {years.a: 100})
    make_registration(years.last, years.two, {years.a: 70})

    assert years.found() == {(years.one.id, years.a.id): (100, 0), (years.two.id, years.a.id): (70, 0)}

    session.add(SchoolStatus(round_id=years.this.id, school_id=years.two.id, status=Status.CLOSED))
    session.flush()

    assert years.found() == {(years.one.id, years.a.id): (100, 0)}


def test_schools_and_branches_are_judged_by_their_sums(years):
    make_registration(years.last, years.one, {years.a: 30, years.b: 30})
    make_registration(years.this, years.one, {years.a: 60, years.b: 1})
    make_registration(years.last, years.two, {years.a: 300})
    make_registration(years.this, years.two, {years.a: 310})

    assert set(years.found()) == {(years.one.id, years.a.id), (years.one.id, years.b.id)}
    assert years.found(SCHOOL) == {}
    assert years.found(BRANCH) == {(0, years.b.id): (30, 1)}


def test_only_the_schools_and_the_curriculum_asked_for_are_compared(years):
    foreign = make_school(province_code="21")
    for school in (years.one, foreign):
        make_registration(years.last, school, {years.a: 30, years.c: 30})
        make_registration(years.this, school, {years.a: 90, years.c: 90})

    own = years.rows(EVERY.where(School.under_id == years.committee.id), PVS)

    assert [(one.school_id, one.curriculum) for one in outliers(own, SCHOOL)] == [(years.one.id, PVS)]
    assert pairs(own, PROVINCE) == {"20": Pair(30, 90)}


numbers_of_a_year = st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.integers(1, 120), max_size=9)


@given(numbers_of_a_year, numbers_of_a_year)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_every_level_is_the_sum_of_the_same_parts(session, before, now):
    with session.begin_nested() as undone:
        years = Years("locked")
        schools, branches = (years.committee, years.one, years.two), (years.a, years.b, years.c)
        for this, found in ((years.last, before), (years.this, now)):
            for place, school in enumerate(schools):
                own = {branches[branch]: number for (of, branch), number in found.items() if of == place}
                make_registration(this, school, own)

        rows = years.rows()
        of_curricula = pairs(rows, CURRICULUM).values()
        whole = Pair(sum(before.values()), sum(now.values()))
        assert Pair(sum(one.before for one in of_curricula), sum(one.now for one in of_curricula)) == whole
        listed = outliers(rows, SCHOOL_BRANCH)
        places = {
            (schools[of].id, branches[branch].id): (before.get((of, branch), 0), now.get((of, branch), 0))
            for of, branch in {*before, *now}
        }
        assert {(one.school_id, one.branch_id): (one.before, one.now) for one in listed} == {
            key: pair for key, pair in places.items() if is_unusual(*pair)
        }
        assert sum(count_outliers(rows, SCHOOL_BRANCH).values()) == len(listed)
        undone.rollback()


def test_the_difference_is_told_in_students_and_of_a_hundred():
    assert (Pair(40, 50).difference, Pair(40, 50).percent) == (10, 25)
    assert (Pair(0, 50).percent, Pair(3, 2).percent, Pair(40, 0).percent) == (None, -33, -100)
    assert {Pair(30, 90).change, Pair(90, 30).change, Pair(30, 0).change, Pair(0, 30).change} == set(CHANGES)


def test_outliers_take_one_query_however_many_they_are(years, count_queries):
    for school in (years.one, years.two, years.committee):
        make_registration(years.last, school, {years.a: 30, years.b: 30, years.c: 30})
        make_registration(years.this, school, {years.a: 90, years.b: 90, years.c: 90})
    rows = years.rows()
    count_queries.clear()

    assert len(outliers(rows, SCHOOL_BRANCH)) == 9

    assert len(count_queries) == 1
