"""Rounds: opened and locked by who may, one at a time."""

from datetime import timedelta

import pytest

from models.assessment.codes import NATIONAL, SCHOOL, RoundState
from models.assessment.round import MANAGE, current_round, round_before
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.matrix import set_cells
from models.core.workflow import Refused
from tests.factories.assessment import make_round
from tests.factories.core import make_account


@pytest.fixture
def office(session):
    """Somebody of the national office, which the matrix lets manage rounds."""
    set_cells({(MANAGE, NATIONAL): True})
    return make_account(NATIONAL)


def test_a_round_is_opened_locked_and_opened_again(office):
    this = make_round(RoundState.PREPARED)

    for action, state in (("open", RoundState.OPEN), ("lock", RoundState.LOCKED), ("reopen", RoundState.OPEN)):
        this.perform(action, office, this.version)
        assert this.state == state


def test_nobody_else_opens_a_round(office):
    this = make_round(RoundState.PREPARED)

    for kind in (SCHOOL, "staff", "super_user"):
        with pytest.raises(Refused, match="not_permitted"):
            this.perform("open", make_account(kind), this.version)


@pytest.mark.parametrize(("state", "action"), [(RoundState.PREPARED, "open"), (RoundState.LOCKED, "reopen")])
def test_one_round_is_open_at_a_time(office, state, action):
    make_round(RoundState.OPEN, year=2569)
    other = make_round(state, year=2570)

    with pytest.raises(Refused, match="another_round_is_open"):
        other.perform(action, office, other.version)


@pytest.mark.parametrize(("state", "action"), [(RoundState.PREPARED, "open"), (RoundState.LOCKED, "reopen")])
def test_what_is_over_by_its_date_is_not_opened(office, state, action):
    this = make_round(state)

    with frozen_at(now() + timedelta(days=8)), pytest.raises(Refused, match="round_is_over"):
        this.perform(action, office, this.version)


def test_pages_are_about_the_open_round_and_between_rounds_about_the_latest(session):
    assert current_round() is None

    this, older = make_round(RoundState.OPEN, year=2568), make_round(RoundState.LOCKED, year=2567)
    later = make_round(RoundState.PREPARED, year=2569)
    assert current_round() is this

    this.state = RoundState.LOCKED
    db.session.flush()
    assert current_round() is later
    assert round_before(later) is this
    assert round_before(this) is older
    assert round_before(older) is None


def test_the_second_round_of_a_year_comes_after_its_first(session):
    last_year = make_round(RoundState.LOCKED, year=2567, number=3)
    first = make_round(RoundState.LOCKED, year=2568, number=1)
    second = make_round(RoundState.LOCKED, year=2568, number=2)

    assert current_round() is second
    assert round_before(second) is first
    assert round_before(first) is last_year
