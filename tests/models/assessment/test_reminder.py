"""Schools whose numbers are missing are reminded, those of one's own, once a day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.assessment.codes import RoundState
from models.assessment.registration import Registration
from models.assessment.reminder import REMINDED, Reminded, Reminder, last_reminded, remind
from models.assessment.status import SchoolStatus, Status
from models.core.clock import frozen_at, now, today
from models.core.db import db
from models.core.outbox import Message, Notification
from models.core.workflow import Refused
from tests.factories.assessment import make_committee, make_round, make_school
from tests.factories.core import make_account


@pytest.fixture
def place(session):
    """An open round, a committee, and under it a school with an e-mail and one without; both are missing."""
    committee = make_committee()
    with_mail = make_school(under=committee, email="contact@school.example")
    return make_round(), committee, with_mail, make_school(under=committee)


def told(school):
    return list(db.session.scalars(select(Notification.event).where(Notification.user_id == school.account_id)))


def test_a_missing_school_is_told_under_its_bell_and_by_mail_where_it_has_one(place):
    this, committee, with_mail, without = place

    assert remind(committee.account, this, [with_mail.id, without.id]) == Reminded(sent=2, without_mail=1)

    assert told(with_mail) == told(without) == [REMINDED]
    assert [one.address for one in db.session.scalars(select(Message).where(Message.event == REMINDED))] == [
        "contact@school.example"
    ]
    assert last_reminded(this.id, [with_mail.id, without.id]) == {with_mail.id: today(), without.id: today()}


def test_nobody_is_reminded_twice_a_day_whoever_asks_for_it(place):
    this, committee, with_mail, _without = place
    remind(committee.account, this, [with_mail.id])

    assert remind(make_account("national"), this, [with_mail.id]) == Reminded(already=1)
    with frozen_at(now() + timedelta(days=1)):
        assert remind(committee.account, this, [with_mail.id]).sent == 1

    assert told(with_mail) == [REMINDED, REMINDED]


def test_who_reported_or_is_excused_is_left_alone(place):
    this, committee, reported, closed = place
    db.session.add(Registration(round=this, school=reported, curriculum="pvc2562", students=3))
    db.session.add(SchoolStatus(round=this, school=closed, status=Status.CLOSED))
    db.session.flush()

    assert remind(committee.account, this, [reported.id, closed.id]) == Reminded()
    assert told(reported) == told(closed) == []


def test_schools_of_others_are_passed_over(place):
    this, _committee, with_mail, _without = place

    for other in (make_committee().account, with_mail.account, make_account("staff")):
        assert remind(other, this, [with_mail.id]) == Reminded()
    assert db.session.scalar(select(Reminder.id)) is None


@pytest.mark.parametrize("state", [RoundState.PREPARED, RoundState.LOCKED])
def test_nobody_is_reminded_of_a_round_that_takes_no_numbers(place, state):
    this, committee, with_mail, _without = place
    this.state = state
    db.session.flush()

    with pytest.raises(Refused, match="round_takes_no_numbers"):
        remind(committee.account, this, [with_mail.id])
