"""Each of the registry's routes; beside test_access, so that two processes share the walk."""

from __future__ import annotations

import pytest

from tests.access.assessment_routes import ASSESSMENT_ROUTES
from tests.access.walking import walked, wrong_answers


@pytest.mark.parametrize("endpoint", walked(ASSESSMENT_ROUTES))
def test_a_route_lets_in_whom_the_matrix_and_the_scope_let_in_and_nobody_else(endpoint, app, world):
    wrong = wrong_answers(endpoint, app, world)

    assert not wrong, "\n".join(wrong)
