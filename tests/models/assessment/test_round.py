"""Rounds: opened and locked by who may, one at a time."""

from datetime import timedelta

import pytest

from models.assessment.codes import NATIONAL, SCHOOL, RoundState
from models.assessment.round import MANAGE
from models.core.clock import frozen_at, now
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
