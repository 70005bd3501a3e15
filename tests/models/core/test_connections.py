"""Connections to PostgreSQL: a dead one is not what a request finds; reading costs as little as it can."""

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


def prepared(connection):
    return set(connection.scalars(sa.text("SELECT statement FROM pg_prepared_statements")))


def state_of(engine):
    """How the database sees the one connection of this engine, asked on another."""
    other = sa.create_engine(POSTGRES_URL, poolclass=sa.NullPool)
    with engine.connect() as connection:
        process = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        with other.connect() as beside:
            found = sa.text("SELECT state FROM pg_stat_activity WHERE pid = :process")
            return beside.scalar(found, {"process": process})


def test_what_the_database_has_planned_stays_planned_when_a_reading_ends(engine):
    for _ in range(8):  # The driver prepares what it is asked for the sixth time.
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1 AS asked_often"))

    with engine.connect() as connection:
        assert "SELECT 1 AS asked_often" in prepared(connection)


def test_a_request_that_only_reads_holds_no_transaction_and_any_other_does(engine):
    with database.reading():
        assert state_of(engine) == "idle"

    assert state_of(engine) == "idle in transaction"


NUMBERS = sa.Table("sala_test_connections", sa.MetaData(), sa.Column("number", sa.Integer))


@pytest.fixture
def table(engine):
    NUMBERS.create(engine)
    yield NUMBERS
    NUMBERS.drop(engine)


def store(connection, *numbers):
    connection.execute(NUMBERS.insert(), [{"number": number} for number in numbers])


def stored(engine):
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(NUMBERS)))


@pytest.mark.usefixtures("table")
def test_a_reading_that_writes_after_all_writes_everything_or_nothing(engine):
    with database.reading():
        with engine.connect() as connection:
            connection.execute(sa.select(1))
            store(connection, 1)
            store(connection, 2)
            connection.rollback()
        assert stored(engine) == []

        with engine.connect() as connection:
            store(connection, 3)
            connection.commit()
        assert stored(engine) == [3]


@pytest.mark.usefixtures("table")
def test_a_lock_that_a_reading_takes_is_held_until_it_ends(engine):
    with engine.begin() as connection:
        store(connection, 1)
    other = sa.create_engine(POSTGRES_URL, poolclass=sa.NullPool)
    free = sa.select(NUMBERS).with_for_update(skip_locked=True)

    with database.reading(), engine.connect() as connection, other.connect() as beside:
        connection.execute(sa.select(NUMBERS).with_for_update())
        assert beside.execute(free).all() == []
        connection.rollback()
        assert beside.execute(free).all() == [(1,)]


@pytest.mark.usefixtures("table")
def test_a_long_list_that_a_reading_fetches_in_portions_is_read_whole(engine):
    with engine.begin() as connection:
        store(connection, *range(500))

    with database.reading(), engine.connect() as connection:
        rows = connection.execution_options(yield_per=50).scalars(sa.select(NUMBERS))
        assert len(list(rows)) == 500


def test_a_connection_that_was_told_how_to_be_stays_so(engine):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.select(1))
        assert connection.connection.dbapi_connection.autocommit
