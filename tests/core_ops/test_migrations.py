"""The tables go up, down and up again, and are then what the models say; on the database of this run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from models.core.db import Model, prepare_engine
from services import migrations
from tests.conftest import ON_POSTGRES, postgres_database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if ON_POSTGRES:
        with postgres_database() as url:
            found = create_engine(url, poolclass=sa.NullPool)
            yield found
            found.dispose()
        return
    found = create_engine(f"sqlite:///{tmp_path / 'm.db'}")
    prepare_engine(found)
    yield found
    found.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def test_the_revisions_make_what_the_models_say(engine):
    migrations.upgrade(engine)
    migrations.ensure_trigrams(engine)
    migrations.load_every_model()

    def ours(_item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (kind == "index" and migrations.is_made_by_init(name))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, Model.metadata) == []
        assert migrations.current(connection) == migrations.newest()


def test_up_down_and_up_again(engine):
    migrations.upgrade(engine)
    full = tables(engine)
    migrations.downgrade(engine, "base")
    assert tables(engine) == set()
    migrations.upgrade(engine)

    assert tables(engine) == full == set(Model.metadata.tables)


def test_upgrading_what_is_up_to_date_changes_nothing(engine):
    migrations.upgrade(engine)
    migrations.upgrade(engine)

    assert tables(engine) == set(Model.metadata.tables)


def test_two_processes_at_once_both_end_well(engine):
    failures: list[BaseException] = []

    def up() -> None:
        try:
            migrations.upgrade(engine)
        except BaseException as error:  # noqa: BLE001 - the test says which
            failures.append(error)

    # Alembic's `op` is one per process: the second starter is played by a lock that is held meanwhile.
    with engine.connect() as other:
        transaction = other.begin()
        migrations.take_turns(other)
        waiting = threading.Thread(target=up)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        transaction.rollback()
    waiting.join(30)

    assert failures == []
    assert tables(engine) == set(Model.metadata.tables)


def test_every_key_of_a_table_counts_up_on_its_own(engine):
    """FAB's tables name their sequences; the migrations must make them under those names."""
    migrations.upgrade(engine)
    with engine.begin() as connection:
        for number in (1, 2):
            connection.execute(sa.insert(Model.metadata.tables["ab_role"]).values(name=f"role {number}"))
        assert connection.scalar(text("SELECT count(*) FROM ab_role")) == 2
        if engine.dialect.name == "postgresql":
            there = set(connection.scalars(text("SELECT sequencename FROM pg_sequences")))
            named = {
                column.default.name
                for table in Model.metadata.sorted_tables
                for column in table.columns
                if isinstance(column.default, sa.Sequence)
            }
            assert named <= there


def test_foreign_keys_are_on_again_after_a_migration(engine):
    migrations.upgrade(engine)

    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(
            text("INSERT INTO core_identity (user_id, type, value) VALUES (424242, 'email', 'nobody@x.example')")
        )


def test_searching_by_content_has_its_indexes_on_postgresql(engine):
    migrations.upgrade(engine)
    made = migrations.ensure_trigrams(engine)

    assert migrations.ensure_trigrams(engine) == []
    if engine.dialect.name == "postgresql":
        assert {"trgm_ab_user_search_text", "start_fund_proposal_title_search"} <= set(made)
    else:
        assert made == []
