"""A connection that died while nobody used it is not what somebody's request finds."""

import pytest
import sqlalchemy as sa

from models.core import db as database
from tests.conftest import ON_POSTGRES, POSTGRES_URL

pytestmark = pytest.mark.skipif(not ON_POSTGRES, reason="a file does not go away")


@pytest.fixture
def engine():
    found = sa.create_engine(POSTGRES_URL, pool_size=1, max_overflow=0)
    database.prepare_engine(found)
    yield found
    found.dispose()


def server_process(engine):
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT pg_backend_pid()"))


def end(process):
    other = sa.create_engine(POSTGRES_URL, poolclass=sa.NullPool)
    with other.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})


def test_one_that_rested_is_asked_first_and_replaced_when_it_is_dead(engine, monkeypatch):
    monkeypatch.setattr(database, "REST", 0)
    first = server_process(engine)
    end(first)

    assert server_process(engine) not in (None, first)


def test_in_a_rush_nobody_waits_for_an_answer_that_came_a_moment_ago(engine, monkeypatch):
    asked = []
    monkeypatch.setattr(engine.dialect, "do_ping", asked.append)
    monkeypatch.setattr(database, "REST", 3600)

    assert server_process(engine) == server_process(engine)
    assert asked == []
