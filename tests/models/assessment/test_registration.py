"""A school's numbers: saved as a whole, by whoever comes, without doubling or losing any."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.assessment.catalogue import Branch
from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL, SCOPE_SCHOOL, RoundState
from models.assessment.registration import REGISTER, Registration, RegistrationLine, Sheet, registered, save, sheet_of
from models.assessment.round import Unlock, unlocked_round, unlocked_until
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.grants import grant
from models.core.matrix import set_cells
from models.core.workflow import Refused
from tests.factories.assessment import make_branches, make_committee, make_round, make_school
from tests.factories.core import make_account

PVC = "pvc2562"


@pytest.fixture(autouse=True)
def schools_register(session):
    """As the matrix will have it: schools enter their own numbers, the province and the office look at them."""
    seen = {("registration.view", kind): True for kind in (SCHOOL, PROVINCIAL, NATIONAL)}
    set_cells({(REGISTER, SCHOOL): True} | seen)


@pytest.fixture
def place(session):
    """An open round, a school, and three branches of one curriculum."""
    return make_round(), make_school(), [one.id for one in make_branches(3, PVC)]


def saved(place, counts, sheet=None, by=None):
    this, school, _branches = place
    sheet = sheet or sheet_of(this.id, school.id, PVC)
    return save(by or school.account, this, school, PVC, counts, read=sheet.counts, version=sheet.version)


def test_what_is_saved_is_read_back_with_its_sum_and_who_saved_it(place):
    this, school, (first, second, _third) = place

    saved(place, {first: 25, second: 7})

    sheet = sheet_of(this.id, school.id, PVC)
    row = db.session.scalars(select(Registration).where(Registration.school_id == school.id)).one()
    assert sheet.counts == {first: 25, second: 7}
    assert (row.students, sheet.saved_by) == (32, school.account_id)


def test_saving_the_same_page_twice_changes_nothing_more(place):
    this, school, (first, *_rest) = place
    before = sheet_of(this.id, school.id, PVC)

    one, two = saved(place, {first: 25}, before), saved(place, {first: 25}, before)

    assert (one.changed, two.changed) == (True, False)
    assert two.sheet.version == one.sheet.version
    assert db.session.scalar(select(func.count()).select_from(RegistrationLine)) == 1


def test_two_people_of_one_school_keep_what_each_of_them_typed(place):
    this, school, (first, second, third) = place
    saved(place, {first: 10, second: 20})
    both = sheet_of(this.id, school.id, PVC)

    saved(place, {first: 11, second: 20}, both)
    later = saved(place, {first: 10, second: 21, third: 5}, both)

    assert later.sheet.counts == {first: 11, second: 21, third: 5}
    assert later.taken == {first: 11}
    assert later.clashes == ()


def test_a_number_that_two_people_changed_differently_is_shown_to_the_later_one_and_stays(place):
    this, school, (first, second, _third) = place
    saved(place, {first: 10})
    both = sheet_of(this.id, school.id, PVC)
    saved(place, {first: 12}, both)

    later = saved(place, {first: 15, second: 3}, both)

    assert [(one.branch, one.before, one.mine, one.theirs) for one in later.clashes] == [(first, 10, 15, 12)]
    assert sheet_of(this.id, school.id, PVC).counts == {first: 12}


def test_a_page_that_carries_other_numbers_than_it_was_given_cannot_pass_them_for_read(place):
    this, school, (first, second, _third) = place
    saved(place, {first: 10, second: 20})
    now_there = sheet_of(this.id, school.id, PVC)

    found = save(school.account, this, school, PVC, {first: 11}, read={}, version=now_there.version)

    assert found.sheet.counts == {first: 11}


def test_a_retired_branch_may_stay_and_go_but_not_come(place):
    _this, _school, (first, second, third) = place
    saved(place, {first: 10, second: 20})
    for branch in (second, third):
        db.session.get(Branch, branch).is_retired = True
    db.session.flush()

    assert saved(place, {first: 11, second: 21}).sheet.counts == {first: 11, second: 21}
    assert saved(place, {first: 11}).sheet.counts == {first: 11}
    with pytest.raises(Refused, match="no_such_branch"):
        saved(place, {first: 11, third: 1})


def test_a_branch_of_another_curriculum_does_not_come_in(place):
    (other,) = make_branches(1, "pvs2563")

    with pytest.raises(Refused, match="no_such_branch"):
        saved(place, {other.id: 3})


@pytest.mark.parametrize("curriculum", [PVC, "pvs2563"])
def test_a_page_cannot_say_that_it_read_a_branch_to_let_it_come(place, curriculum):
    this, school, _branches = place
    (retired,) = make_branches(1, curriculum)
    retired.is_retired = True
    db.session.flush()

    with pytest.raises(Refused, match="no_such_branch"):
        save(school.account, this, school, PVC, {retired.id: 3}, read={retired.id: 3}, version=1)


@pytest.mark.parametrize(
    ("state", "after", "code"),
    [
        (RoundState.PREPARED, 0, "round_not_open_yet"),
        (RoundState.OPEN, -8, "round_not_open_yet"),
        (RoundState.OPEN, 8, "round_is_over"),
        (RoundState.LOCKED, 0, "round_is_over"),
    ],
)
def test_numbers_are_taken_while_the_round_is_open_only(session, state, after, code):
    place = make_round(state), make_school(), [one.id for one in make_branches(1, PVC)]

    with frozen_at(now() + timedelta(days=after)), pytest.raises(Refused, match=code):
        saved(place, {place[2][0]: 5})


def test_a_school_that_was_unlocked_saves_after_the_end_and_no_other_does(session):
    this, school, other = make_round(RoundState.LOCKED), make_school(), make_school()
    branches = [one.id for one in make_branches(1, PVC)]
    db.session.add(
        Unlock(
            round_id=this.id,
            school_id=school.id,
            until=now() + timedelta(days=1),
            reason="กรอกไม่ทันเพราะน้ำท่วม",
            given_by=make_account().id,
        )
    )
    db.session.flush()

    assert saved((this, school, branches), {branches[0]: 5}).changed
    with pytest.raises(Refused, match="round_is_over"):
        saved((this, other, branches), {branches[0]: 5})
    with frozen_at(now() + timedelta(days=2)), pytest.raises(Refused, match="round_is_over"):
        saved((this, school, branches), {branches[0]: 6})


def test_the_account_of_a_school_is_of_its_kinds_for_that_school_alone(session):
    committee = make_committee()
    school = make_school(under=committee)

    held = lambda account: {(one.kind, one.scope_id) for one in account.held}  # noqa: E731

    assert held(school.account) == {("school", school.id)}
    assert held(committee.account) == {("school", committee.id), ("provincial", committee.id)}


def test_nobody_saves_for_a_school_but_itself(place):
    this, school, (first, *_rest) = place
    committee = make_committee()
    school.under = committee
    db.session.flush()

    for other in (make_school().account, committee.account, make_account(NATIONAL), make_account("staff")):
        with pytest.raises(Refused, match="not_permitted"):
            saved(place, {first: 5}, by=other)
    assert sheet_of(this.id, school.id, PVC).counts == {}


def test_a_school_sees_its_own_a_committee_those_under_it_and_the_office_all(session):
    this, committee, other = make_round(), make_committee(), make_school()
    school = make_school(under=committee)
    (branch,) = make_branches(1, PVC)
    for one in (committee, school, other):
        saved((this, one, [branch.id]), {branch.id: 5})

    def seen(account):
        rows = Registration.visible_to(account, "registration.view")
        return {row.school_id for row in db.session.scalars(rows)} & {committee.id, school.id, other.id}

    assert seen(school.account) == {school.id}
    assert seen(committee.account) == {committee.id, school.id}
    assert seen(make_account(NATIONAL)) == {committee.id, school.id, other.id}
    assert seen(make_account("staff")) == set()


def test_a_school_says_by_an_empty_page_that_it_has_nobody_of_that_curriculum(place):
    this, school, _branches = place

    first, again = saved(place, {}), saved(place, {})

    row = registered(this.id, school.id)[PVC]
    assert (first.changed, again.changed) == (True, False)
    assert (row.students, row.saved_by) == (0, school.account_id)
    assert set(registered(this.id, school.id)) == {PVC}


def test_the_later_one_learns_whose_numbers_stand_beside_their_own(place):
    _this, school, (first, second, _third) = place
    other = make_account()
    grant(other.id, SCHOOL, scope_type=SCOPE_SCHOOL, scope_id=school.id)
    saved(place, {first: 10}, by=other)

    later = saved(place, {second: 4}, Sheet())

    assert later.taken == {first: 10}
    assert (later.found.saved_by, later.found.counts) == (other.id, {first: 10})
    assert later.sheet.saved_by == school.account_id


def test_the_round_in_which_a_school_was_let_in_is_found_beside_the_one_that_is_open(session):
    then, school = make_round(RoundState.LOCKED, year=2568), make_school()
    make_round(RoundState.OPEN, year=2569)
    until = now() + timedelta(days=1)
    db.session.add(
        Unlock(round_id=then.id, school_id=school.id, until=until, reason="น้ำท่วม", given_by=make_account().id)
    )
    db.session.flush()

    assert (unlocked_round(school), unlocked_until(then, school)) == (then, until)
    assert (unlocked_round(make_school()), unlocked_until(then, make_school())) == (None, None)
    with frozen_at(until):
        assert (unlocked_round(school), unlocked_until(then, school)) == (None, None)
