"""Why a school reports nothing: its province says it, while there are no numbers and the round takes some."""

import pytest
from sqlalchemy import select

from models.assessment.codes import RoundState
from models.assessment.registration import Registration, save, sheet_of
from models.assessment.status import REPORTED_AFTER_ALL, STATUSES, SchoolStatus, Status, set_status
from models.core.db import StaleVersion, db
from models.core.outbox import Notification
from models.core.workflow import Refused
from tests.factories.assessment import make_branches, make_committee, make_round, make_school
from tests.factories.core import make_account

PVC = "pvc2562"


@pytest.fixture
def place(session):
    """An open round, a committee and a school under it."""
    committee = make_committee()
    return make_round(), committee, make_school(under=committee)


def enter(this, school, students):
    (branch,) = make_branches(1, PVC)
    return save(school.account, this, school, PVC, {branch.id: students}, read={}, version=0)


def said_of(school):
    return db.session.scalar(select(SchoolStatus).where(SchoolStatus.school_id == school.id))


def test_a_province_says_that_a_school_closed_and_takes_it_back(place):
    this, committee, school = place

    row = set_status(committee.account, this, school, Status.CLOSED, 0)
    assert (row.status, row.set_by) == (Status.CLOSED, committee.account_id)
    set_status(committee.account, this, school, Status.NORMAL, row.version)

    assert said_of(school).status == Status.NORMAL


def test_a_normal_school_needs_no_row_to_be_normal(place):
    this, committee, school = place

    assert set_status(committee.account, this, school, Status.NORMAL, 0) is None
    assert said_of(school) is None


def test_nobody_but_the_province_of_a_school_says_why_it_reports_nothing(place):
    this, _committee, school = place

    for other in (school.account, make_committee().account, make_account("national"), make_account("staff")):
        with pytest.raises(Refused, match="not_permitted"):
            set_status(other, this, school, Status.CLOSED, 0)


def test_a_school_that_has_numbers_is_not_said_to_have_none(place):
    this, committee, school = place
    enter(this, school, 25)

    with pytest.raises(Refused, match="school_has_numbers") as refused:
        set_status(committee.account, this, school, Status.NO_STUDENTS, 0)
    assert refused.value.refusal.values == {"students": 25}
    assert set_status(committee.account, this, school, Status.NORMAL, 0) is None


def test_numbers_of_an_earlier_round_say_nothing_about_this_one(place):
    this, committee, school = place
    earlier = make_round(RoundState.LOCKED, year=this.academic_year - 1)
    db.session.add(Registration(round=earlier, school=school, curriculum=PVC, students=25))
    db.session.flush()

    assert set_status(committee.account, this, school, Status.CLOSED, 0).status == Status.CLOSED


@pytest.mark.parametrize(
    ("state", "code"), [(RoundState.PREPARED, "round_not_open_yet"), (RoundState.LOCKED, "round_is_over")]
)
def test_a_status_is_said_while_the_round_takes_numbers(session, state, code):
    this, committee = make_round(state), make_committee()

    with pytest.raises(Refused, match=code):
        set_status(committee.account, this, make_school(under=committee), Status.CLOSED, 0)


def test_a_status_that_there_is_not_is_refused(place):
    this, committee, school = place

    with pytest.raises(Refused, match="no_such_status"):
        set_status(committee.account, this, school, "asleep", 0)
    assert "asleep" not in STATUSES


def test_of_two_who_say_it_at_once_the_later_one_is_told(place):
    this, committee, school = place
    set_status(committee.account, this, school, Status.CLOSED, 0)

    with pytest.raises(StaleVersion):
        set_status(committee.account, this, school, Status.NO_STUDENTS, 0)
    assert said_of(school).status == Status.CLOSED


def test_a_school_that_saves_numbers_after_all_is_normal_again_and_its_province_hears_of_it(place):
    this, committee, school = place
    set_status(committee.account, this, school, Status.NO_STUDENTS, 0)

    enter(this, school, 3)

    assert said_of(school).status == Status.NORMAL
    news = db.session.scalars(select(Notification).where(Notification.user_id == committee.account_id)).all()
    assert [(one.event, one.values["was"]) for one in news] == [(REPORTED_AFTER_ALL, Status.NO_STUDENTS)]


def test_a_sheet_that_stays_empty_leaves_the_status_as_it_is(place):
    this, committee, school = place
    set_status(committee.account, this, school, Status.CLOSED, 0)

    save(school.account, this, school, PVC, {}, read={}, version=sheet_of(this.id, school.id, PVC).version)

    assert said_of(school).status == Status.CLOSED
