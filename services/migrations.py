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

if TYPE_CHECKING:
    from alembic.config import Config

# Indexes that make "contains" quick on PostgreSQL, by the beginning of their names.
TRIGRAM = "trgm_"
# The columns that are searched by what they contain (see models.core.thai.text.search_text).
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
    """On PostgreSQL, put a trigram index on every searched column that has none; the names of those that are new.

    Where the extension pg_trgm may not be installed by us there are none, and searching is slow but right.
    """
    if engine.dialect.name != "postgresql":
        return []
    load_every_model()
    made = []
    with engine.begin() as connection:
        if not _has_trigrams(connection):
            try:
                with connection.begin_nested():
                    connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            except SQLAlchemyError:
                return []
        there = set(connection.scalars(text("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")))
        for table in Model.metadata.sorted_tables:
            for column in table.columns:
                name = f"{TRIGRAM}{table.name}_{column.name}"
                if column.name in SEARCHED and name not in there:
                    connection.execute(
                        text(f'CREATE INDEX "{name}" ON "{table.name}" USING gin ("{column.name}" gin_trgm_ops)')
                    )
                    made.append(name)
    return made


def _has_trigrams(connection: Connection) -> bool:
    return bool(connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")))
