"""Totals of a round: every level is the sum of its parts, and nobody's sums hold more than their rows."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.assessment.codes import NATIONAL
from models.assessment.counts import MOST
from models.assessment.outside import OutsideAgency, agencies_in
from models.assessment.registration import Registration
from models.assessment.school import School
from models.assessment.totals import (
    BRANCH,
    COMMITTEE,
    CURRICULUM,
    FIELD,
    FROM_OUTSIDE,
    FROM_SCHOOLS,
    PROGRAMME,
    PROVINCE,
    REPORTER,
    SOURCE,
    numbers,
    places,
    reporters,
    students,
    totals,
    tree,
)
from models.core.clock import now
from models.core.db import db
from tests.factories.assessment import (
    make_agency,
    make_branches,
    make_committee,
    make_registration,
    make_round,
    make_school,
)
from tests.factories.core import make_account

REPORT = "registration.report"
PVC, PVS = "pvc2562", "pvs2563"

# What lies in what: each level with the wider one that it adds up to.
WITHIN = [
    (BRANCH, FIELD),
    (FIELD, PROGRAMME),
    (PROGRAMME, CURRICULUM),
    (REPORTER, COMMITTEE),
    (REPORTER, PROVINCE),
    (REPORTER, SOURCE),
]


class Country:
    """Two provinces with a committee each, a school that lies under none, and branches of two curricula."""

    def __init__(self) -> None:
        self.round = make_round(year=2571)
        self.last = make_round("locked", year=2570)
        self.one, self.two = make_committee(), make_committee(province_code="21")
        self.under_one = make_school(self.one)
        # It lies under a committee of another province.
        self.under_two = make_school(self.two, province_code="20")
        self.alone = make_school(province_code="22")
        self.schools = [self.one, self.two, self.under_one, self.under_two, self.alone]
        self.branches = [
            *make_branches(2, PVC, field="F1", programme="P1"),
            *make_branches(2, PVC, field="F2", programme="P1"),
            *make_branches(1, PVC, field="F3", programme="P2"),
            # The same codes stand for something else in another curriculum.
            *make_branches(2, PVS, field="F1", programme="P1"),
        ]
        self.ids = {one.id for one in self.schools}

    def all(self, **more):
        """Everything of this country alone: the database may hold more."""
        return numbers(
            self.round.id,
            schools=select(School).where(School.id.in_(self.ids)),
            agencies=agencies_in(self.round.id).where(OutsideAgency.committee_id.in_(self.ids)),
            **more,
        )


@pytest.fixture
def country(session):
    return Country()


# Who reports (a school, or an agency of the first or second committee), which branch, how many.
SAID = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(["school", "agency"]), st.integers(0, 6), st.integers(1, MOST)),
    max_size=25,
    unique_by=lambda one: one[:3],
)


def store(country, said):
    """What was said, as rows; what it is by hand: (source, reporter, committee, province, branch) -> students."""
    by_hand = Counter()
    schools, agencies = {}, {}
    for place, source, number, how_many in said:
        branch = country.branches[number]
        if source == "school":
            schools.setdefault(place, {})[branch] = how_many
        else:
            agencies.setdefault((place % 2, branch.curriculum, place), {})[branch] = how_many
    for place, counts in schools.items():
        school = country.schools[place]
        make_registration(country.round, school, counts)
        for branch, how_many in counts.items():
            key = (FROM_SCHOOLS, school.id, school.committee_id, school.province_code, branch)
            by_hand[key] += how_many
    for (which, _curriculum, _place), counts in agencies.items():
        committee = country.schools[which]
        agency = make_agency(country.round, committee, counts, province_code="23")
        for branch, how_many in counts.items():
            by_hand[FROM_OUTSIDE, agency.id, committee.id, "23", branch] += how_many
    return by_hand


OF = {
    SOURCE: lambda key: key[0],
    REPORTER: lambda key: key[:2],
    COMMITTEE: lambda key: key[2],
    PROVINCE: lambda key: key[3],
    CURRICULUM: lambda key: key[4].curriculum,
    PROGRAMME: lambda key: (key[4].curriculum, key[4].programme_code),
    FIELD: lambda key: (key[4].curriculum, key[4].field_code),
    BRANCH: lambda key: key[4].id,
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(SAID)
def test_every_level_is_what_its_rows_come_to_by_hand_and_the_sum_of_its_parts(country, said):
    before = db.session.begin_nested()
    by_hand = store(country, said)
    rows = country.all()

    for level, of in OF.items():
        expected, who = Counter(), {}
        for key, how_many in by_hand.items():
            expected[(of(key),)] += how_many
            who.setdefault((of(key),), set()).add(key[:2])
        assert totals(rows, level) == expected
        assert reporters(rows, level) == {key: len(names) for key, names in who.items()}
        assert sum(totals(rows, level).values()) == students(rows) == sum(by_hand.values())
    for part, whole in WITHIN:
        pairs = Counter()
        for (upper, _lower), how_many in totals(rows, whole, part).items():
            pairs[(upper,)] += how_many
        assert pairs == totals(rows, whole)
    before.rollback()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(SAID)
def test_the_tree_holds_every_number_and_each_of_its_groups_is_the_sum_of_its_parts(country, said):
    before = db.session.begin_nested()
    store(country, said)
    rows = country.all()
    counts = {branch: how_many for (branch,), how_many in totals(rows, BRANCH).items()}

    found = tree(places(counts), counts)

    assert {one.branch_id: one.students for group in found for one in group.branches()} == counts
    assert {(one.code,): one.students for one in found} == totals(rows, CURRICULUM)
    programmes = {((one.code, part.code),): part.students for one in found for part in one.parts}
    assert programmes == totals(rows, PROGRAMME)
    fields = {((c.code, f.code),): f.students for c in found for p in c.parts for f in p.parts}
    assert fields == totals(rows, FIELD)

    def adds_up(group):
        assert not group.parts or group.students == sum(part.students for part in group.parts)
        assert group.instruments == group.students > 0
        for part in group.parts:
            adds_up(part)

    for group in found:
        adds_up(group)
    before.rollback()


def test_the_curricula_of_a_tree_stand_in_the_order_of_the_menu_and_branches_in_that_of_the_catalogue(country):
    first, second, *_others, later, _last = country.branches
    first.position, second.position = second.position, first.position
    (oldest,) = make_branches(1, "pvc2556")
    db.session.flush()
    counts = {branch.id: 1 for branch in (later, first, second, oldest)}

    found = tree(places(counts), counts)

    assert [one.code for one in found] == ["pvc2556", PVC, PVS]
    assert [one.branch_id for one in found[1].branches()] == [second.id, first.id]


def test_only_the_round_and_curriculum_that_are_asked_for_count(country):
    pvc, pvs = country.branches[0], country.branches[-1]
    make_registration(country.round, country.one, {pvc: 5, pvs: 7})
    make_registration(country.last, country.one, {pvc: 100})
    make_agency(country.round, country.one, {pvc: 11})
    make_agency(country.round, country.one, {pvs: 13})
    make_agency(country.last, country.one, {pvs: 200})

    assert students(country.all()) == 36
    assert students(country.all(curriculum=PVC)) == 16
    assert totals(country.all(), SOURCE, CURRICULUM) == {
        (FROM_SCHOOLS, PVC): 5,
        (FROM_SCHOOLS, PVS): 7,
        (FROM_OUTSIDE, PVC): 11,
        (FROM_OUTSIDE, PVS): 13,
    }


def test_a_round_without_numbers_comes_to_nothing(country):
    assert (students(country.all()), totals(country.all(), BRANCH), tree([], {})) == (0, {}, ())


def test_a_deleted_agency_counts_no_more_and_counts_again_when_it_is_brought_back(country):
    agency = make_agency(country.round, country.one, {country.branches[0]: 5})
    # Whoever asks may hand in deleted ones too: who deletes sees them.
    rows = numbers(country.round.id, agencies=OutsideAgency.reported_by(country.one.account, REPORT))
    assert students(rows) == 5

    agency.deleted_at = now()
    db.session.flush()
    assert students(rows) == 0

    agency.deleted_at = None
    db.session.flush()
    assert students(rows) == 5


def test_a_retired_branch_still_counts_where_a_round_has_it(country):
    branch = country.branches[0]
    make_registration(country.round, country.one, {branch: 5})
    branch.is_retired = True
    db.session.flush()

    counts = {branch: how_many for (branch,), how_many in totals(country.all(), BRANCH).items()}

    assert [one.students for one in tree(places(counts), counts)] == [5]


def test_sums_hold_the_rows_that_their_reader_sees_and_no_others(country):
    branch = country.branches[0]
    for school, how_many in zip(country.schools, (1, 10, 100, 1_000, 5_000), strict=True):
        make_registration(country.round, school, {branch: how_many})
    make_agency(country.round, country.one, {branch: 3})
    make_agency(country.round, country.two, {branch: 4})
    strange = make_account("staff")

    def seen(user):
        schools = School.visible_to(user, REPORT).where(School.id.in_(country.ids))
        agencies = OutsideAgency.visible_to(user, REPORT)
        return students(numbers(country.round.id, schools=schools, agencies=agencies))

    assert seen(country.under_one.account) == 100
    assert seen(country.one.account) == 1 + 100 + 3
    assert seen(country.two.account) == 10 + 1_000 + 4
    assert seen(make_account(NATIONAL)) == 6_111 + 7
    assert seen(strange) == 0


def test_the_sum_that_a_registration_carries_is_that_of_its_lines(country):
    make_registration(country.round, country.one, {country.branches[0]: 5, country.branches[1]: 6})

    assert students(country.all()) == db.session.scalar(
        select(Registration.students).where(Registration.school_id == country.one.id)
    )


def test_nobody_s_numbers_is_no_question(country):
    with pytest.raises(ValueError, match="nobody"):
        numbers(country.round.id)


def test_each_level_costs_one_query(country, count_queries):
    make_registration(country.round, country.one, {country.branches[0]: 5})
    rows = country.all()
    count_queries.clear()

    totals(rows, PROVINCE, FIELD)
    reporters(rows, BRANCH)
    places(branch for (branch,) in totals(rows, BRANCH))

    assert len(count_queries) == 4
