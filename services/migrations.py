"""Brings the tables up to date, and says whether they are; only `flask sala init` changes them."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).parent.parent / "migrations"


def load_every_model() -> None:
    """Import every module of `models`, so that the metadata knows every table."""
    import models

    for found in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(found.name)


def config_for(connection: Connection | None = None, url: str = "") -> Config:
    """Alembic's configuration, on an open connection or on an address."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("version_path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["url"] = url
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Take the database to a revision, in one transaction; a second process waits and finds it done."""
    with engine.connect() as connection:
        command.upgrade(config_for(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to a revision ("base": no tables)."""
    with engine.connect() as connection:
        command.downgrade(config_for(connection), to)


def revision(engine: Engine, message: str, **options: Any) -> None:
    """Write a new revision from the difference between the models and the database."""
    with engine.connect() as connection:
        command.revision(config_for(connection), message, autogenerate=True, **options)


def newest() -> str | None:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(config_for()).get_current_head()


def current(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()
