"""Brings the tables up to date, and says whether they are; only `flask sala init` changes them.

Alembic is imported by what changes them: a server only looks.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from models.core.db import Model
from models.core.thai.text import CONTAINS_FROM

if TYPE_CHECKING:
    from alembic.config import Config

# Indexes that make "contains" quick on PostgreSQL, by the beginning of their names.
TRIGRAM = "trgm_"
# Those for less than a trigram needs: what a column begins with.
BEGINNING = "start_"
# The columns that are searched by what they contain (see models.core.containing).
SEARCHED = ("search_text", "title_search", "name_search")

# One number for everything that only one process may do at a time to a PostgreSQL database.
LOCK = 7_350_211

FOLDER = Path(__file__).parent.parent / "migrations"


def load_every_model() -> None:
    """Import every module of `models`, so that the metadata knows every table."""
    import models

    for found in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(found.name)


def config_for(connection: Connection | None = None, url: str = "") -> Config:
    """Alembic's configuration, on an open connection or on an address."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("version_path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["url"] = url
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Take the database to a revision, in one transaction; a second process waits and finds it done."""
    from alembic import command

    with engine.connect() as connection:
        command.upgrade(config_for(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to a revision ("base": no tables)."""
    from alembic import command

    with engine.connect() as connection:
        command.downgrade(config_for(connection), to)


def revision(engine: Engine, message: str, **options: Any) -> None:
    """Write a new revision from the difference between the models and the database."""
    from alembic import command

    with engine.connect() as connection:
        command.revision(config_for(connection), message, autogenerate=True, **options)


def take_turns(connection: Connection) -> None:
    """Wait for other processes that change tables or reference data, until this transaction ends.

    On SQLite a writer's transaction has waited already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def newest() -> str | None:
    """The revision that this code expects."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config_for()).get_current_head()


def current(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def ensure_trigrams(engine: Engine) -> list[str]:
    """On PostgreSQL, index every searched column by its trigrams and its beginning; the names of the new indexes.

    Where the extension pg_trgm may not be installed by us there are no trigrams, and searching is slow but right.
    """
    if engine.dialect.name != "postgresql":
        return []
    load_every_model()
    made: list[str] = []
    with engine.begin() as connection:
        beginnings = ", ".join(f'substr("{{column}}", 1, {length})' for length in range(1, CONTAINS_FROM))
        kinds = {BEGINNING: f"btree ({beginnings})"}
        if _can_have_trigrams(connection):
            kinds[TRIGRAM] = 'gin ("{column}" gin_trgm_ops)'
        there = set(connection.scalars(text("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")))
        for table in Model.metadata.sorted_tables:
            before = len(made)
            for column in table.columns:
                for beginning, how in kinds.items():
                    name = f"{beginning}{table.name}_{column.name}"
                    if column.name in SEARCHED and name not in there:
                        using = how.format(column=column.name)
                        connection.execute(text(f'CREATE INDEX "{name}" ON "{table.name}" USING {using}'))
                        made.append(name)
            if len(made) > before:
                connection.execute(text(f'ANALYZE "{table.name}"'))  # How often names begin so, for the planner.
    return made


def is_made_by_init(name: str | None) -> bool:
    """Whether an index is one of those, which neither models nor revisions name."""
    return (name or "").startswith((TRIGRAM, BEGINNING))


def _can_have_trigrams(connection: Connection) -> bool:
    if not _has_trigrams(connection):
        try:
            with connection.begin_nested():
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        except SQLAlchemyError:
            return False
    return True


def _has_trigrams(connection: Connection) -> bool:
    return bool(connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")))
