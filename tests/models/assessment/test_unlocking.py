"""A school saves after the round's end where the national office lets it, for a reason and until a moment."""

from datetime import timedelta

import pytest

from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL, RoundState
from models.assessment.round import refusal_to_save
from models.assessment.rules import LONGEST_UNLOCK
from models.assessment.unlocking import LOCKED_AGAIN, UNLOCKED, take_back, unlock, unlocks_of
from models.core.audit import history_of
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.entity.values import WrongValues
from models.core.outbox import Message, Notification
from models.core.workflow import Refused
from tests.factories.assessment import make_committee, make_round, make_school
from tests.factories.core import make_account

DAY = timedelta(days=1)


@pytest.fixture
def office(session):
    """Somebody of the national office."""
    return make_account(NATIONAL)


@pytest.fixture
def over(session):
    """A round that is over."""
    return make_round(RoundState.LOCKED, closes_at=now() - DAY)


@pytest.fixture
def school(session):
    """A school under its committee."""
    return make_school(make_committee(email="committee@sala.example"), email="school@sala.example")


def let_in(office, over, school, **given):
    return unlock(office, over, school, **{"until": now() + DAY, "reason": "ตกหล่นหนึ่งสาขางาน", **given})


def test_a_school_that_is_let_in_saves_until_the_moment_and_no_other_school_does(office, over, school):
    let_in(office, over, school)

    assert refusal_to_save(over, school) is None
    assert refusal_to_save(over, make_school(school.under)).code == "round_is_over"
    with frozen_at(now() + DAY + timedelta(seconds=1)):
        assert refusal_to_save(over, school).code == "round_is_over"


def test_the_school_and_its_committee_are_told_under_the_bell_and_by_mail(office, over, school):
    let_in(office, over, school)

    told = {line.user_id for line in db.session.query(Notification).filter_by(event=UNLOCKED)}
    assert told == {school.account_id, school.under.account_id}
    mails = {mail.address for mail in db.session.query(Message).filter_by(event=UNLOCKED)}
    assert mails == {"school@sala.example", "committee@sala.example"}


def test_a_committee_that_is_let_in_itself_is_told_once(office, over, school):
    let_in(office, over, school.under)

    assert db.session.query(Notification).filter_by(event=UNLOCKED).count() == 1


def test_letting_a_school_in_anew_ends_what_ran(office, over, school):
    first = let_in(office, over, school, until=now() + 5 * DAY)

    second = let_in(office, over, school, until=now() + DAY)

    assert first.until <= now() < second.until
    assert list(db.session.scalars(unlocks_of(over))) == [second, first]


def test_what_is_taken_back_holds_no_longer_and_is_told(office, over, school):
    given = let_in(office, over, school)

    take_back(office, given)

    assert refusal_to_save(over, school).code == "round_is_over"
    assert db.session.query(Notification).filter_by(event=LOCKED_AGAIN).count() == 2
    with pytest.raises(Refused, match="unlock_is_over"):
        take_back(office, given)


@pytest.mark.parametrize("kind", [SCHOOL, PROVINCIAL, "staff"])
def test_nobody_else_lets_a_school_in_or_takes_it_back(office, over, school, kind):
    given = let_in(office, over, school)
    other = make_account(kind)

    with pytest.raises(Refused, match="not_permitted"):
        let_in(other, over, school)
    with pytest.raises(Refused, match="not_permitted"):
        take_back(other, given)


def test_who_may_save_anyway_or_not_yet_is_not_let_in(office, school):
    with pytest.raises(Refused, match="round_takes_numbers"):
        let_in(office, make_round(RoundState.OPEN, year=2569), school)
    with pytest.raises(Refused, match="round_not_open_yet"):
        let_in(office, make_round(RoundState.PREPARED, year=2570), school)


def test_an_open_round_whose_day_is_over_lets_a_school_in(office, school):
    this = make_round(RoundState.OPEN, closes_at=now() - timedelta(hours=1))

    let_in(office, this, school)

    assert refusal_to_save(this, school) is None


@pytest.mark.parametrize(
    ("given", "name", "code"),
    [
        ({"reason": ""}, "reason", "needed"),
        ({"until": None}, "until", "needed"),
        ({"until": now() - DAY}, "until", "over_already"),
        ({"until": now() + LONGEST_UNLOCK + DAY}, "until", "too_long"),
    ],
)
def test_an_unlock_has_a_reason_and_an_end_that_is_near(office, over, school, given, name, code):
    with pytest.raises(WrongValues) as wrong:
        let_in(office, over, school, **given)

    assert {field: error.code for field, error in wrong.value.errors.items()} == {name: code}


def test_it_stands_in_the_history_of_the_round(office, over, school):
    let_in(office, over, school)
    db.session.commit()

    assert any("assessment_unlock" in str(entry.payload) for entry in history_of(over))
