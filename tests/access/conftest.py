"""The world is made once for each file of tests; each test undoes what it did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.world import World, make_world, pass_of
from tests.conftest import one_transaction


@pytest.fixture(scope="module")
def lived_in(filled_app: Any) -> Iterator[tuple[Any, World]]:
    """The transaction of all these tests, with the world in it; each test undoes what it did."""
    with one_transaction(filled_app) as connection:
        with filled_app.app_context():
            made = make_world()
        made.passes = {name: pass_of(filled_app, person) for name, person in made.people.items()}
        yield connection, made


@pytest.fixture
def app(filled_app: Any, lived_in: tuple[Any, World]) -> Iterator[Any]:
    """The application inside a savepoint of the test's own."""
    point = lived_in[0].begin_nested()
    yield filled_app
    point.rollback()


@pytest.fixture
def world(app: Any, lived_in: tuple[Any, World]) -> World:
    """The people and records, with no session left open behind them."""
    made = lived_in[1]
    return World(made.people, dict(made.values), made.passes)
