"""Rounds are made with a year, a number and dates that follow each other, and edited as long as that means no harm."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL, RoundState
from models.assessment.round import create_round
from models.assessment.rules import LONGEST_ROUND, MOST_ROUNDS, academic_years, wrong_round
from models.core.clock import now
from models.core.db import StaleVersion, db
from models.core.workflow import Refused
from tests.factories.assessment import make_round
from tests.factories.core import make_account


@pytest.fixture
def office(session):
    """Somebody of the national office."""
    return make_account(NATIONAL)


def content(**changed):
    """What is said of a round of this year."""
    start = now()
    return {
        "academic_year": academic_years()[-2],
        "number": 1,
        "opens_at": start,
        "closes_at": start + timedelta(days=30),
        **changed,
    }


def of(this, **changed):
    """What is said of a round as it stands, with some of it changed."""
    names = ("academic_year", "number", "opens_at", "closes_at")
    return {name: getattr(this, name) for name in names} | changed


def test_a_round_that_is_made_is_prepared_and_takes_no_numbers(office):
    made = create_round(office, content())

    assert made.state == RoundState.PREPARED
    assert not made.takes_numbers


@pytest.mark.parametrize("kind", [SCHOOL, PROVINCIAL, "staff"])
def test_nobody_else_makes_a_round(session, kind):
    with pytest.raises(Refused, match="not_permitted"):
        create_round(make_account(kind), content())


def test_a_year_has_each_round_once(office):
    first = create_round(office, content())
    second = create_round(office, content(number=2))

    with pytest.raises(Refused, match="round_exists"):
        create_round(office, content())
    with pytest.raises(Refused, match="round_exists"):
        second.perform("edit", office, second.version, content=of(second, number=first.number))


def test_the_name_of_a_round_stays_once_it_was_opened_and_its_dates_do_not(office):
    this = make_round(RoundState.OPEN)
    later = this.closes_at + timedelta(days=5)

    with pytest.raises(Refused, match="round_is_named"):
        this.perform("edit", office, this.version, content=of(this, number=2))
    this.perform("edit", office, this.version, content=of(this, closes_at=later))

    assert (this.state, this.closes_at) == (RoundState.OPEN, later)


def test_an_open_round_is_locked_and_not_ended_by_its_date(office):
    this = make_round(RoundState.OPEN)

    with pytest.raises(Refused, match="lock_instead"):
        this.perform("edit", office, this.version, content=of(this, closes_at=now()))


def test_a_locked_round_is_opened_again_once_its_end_is_put_off(office):
    this = make_round(RoundState.LOCKED, closes_at=now() - timedelta(days=1))
    with pytest.raises(Refused, match="round_is_over"):
        this.perform("reopen", office, this.version)

    this.perform("edit", office, this.version, content=of(this, closes_at=now() + timedelta(days=3)))
    this.perform("reopen", office, this.version)

    assert this.takes_numbers


def test_of_two_who_edit_at_once_the_later_one_is_told(office):
    this = make_round(RoundState.PREPARED)
    read = this.version
    this.perform("edit", office, read, content=of(this, number=2))

    with pytest.raises(StaleVersion):
        this.perform("edit", office, read, content=of(this, number=3))


def test_the_database_itself_lets_one_round_be_open(session):
    make_round(RoundState.OPEN, year=2568)
    other = make_round(RoundState.PREPARED, year=2569)
    other.state = RoundState.OPEN

    with pytest.raises(IntegrityError):
        db.session.flush()


def test_two_rounds_that_are_opened_at_once_do_not_both_open(office, monkeypatch):
    make_round(RoundState.OPEN, year=2568)
    other = make_round(RoundState.PREPARED, year=2569)
    # Its guard looked a moment before the other one was opened.
    monkeypatch.setattr("models.assessment.round.open_round", lambda: None)

    with pytest.raises(Refused, match="another_round_is_open"):
        other.perform("open", office, other.version)


@pytest.mark.parametrize(
    ("changed", "name", "code"),
    [
        ({"academic_year": None}, "academic_year", "needed"),
        ({"academic_year": 2026}, "academic_year", "year_unlikely"),
        ({"number": 0}, "number", "number_unlikely"),
        ({"number": MOST_ROUNDS + 1}, "number", "number_unlikely"),
        ({"closes_at": None}, "closes_at", "needed"),
        ({"closes_at": now() - timedelta(days=1)}, "closes_at", "closes_before_it_opens"),
        ({"closes_at": now() + LONGEST_ROUND + timedelta(days=1)}, "closes_at", "too_long"),
    ],
)
def test_what_no_round_says_is_named_with_its_field(changed, name, code):
    ((field, wrong),) = wrong_round(content(**changed))

    assert (field, wrong.code) == (name, code)


@given(st.sampled_from(list(academic_years())), st.integers(1, MOST_ROUNDS), st.integers(1, LONGEST_ROUND.days))
def test_every_round_of_a_likely_year_that_closes_after_it_opens_is_right(year, number, days):
    start = now()

    said = content(academic_year=year, number=number, opens_at=start, closes_at=start + timedelta(days=days))

    assert list(wrong_round(said)) == []
