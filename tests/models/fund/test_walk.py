"""A proposal's way from draft to approval, by its moves alone."""

import pytest

from models.fund.codes import STATES
from tests.factories.fund import make_proposal


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_reached_by_moves(session, state):
    proposal = make_proposal(state)
    session.commit()
    assert proposal.state == state
