"""How Alembic reaches the database: one transaction for all steps, foreign keys off meanwhile on SQLite and checked after."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.types import TypeDecorator

import config as settings_module
from models.core.db import Model, prepare_engine
from services.migrations import is_made_by_init, load_every_model, take_turns

load_every_model()


def include_object(_object: Any, name: str | None, type_: str, _reflected: bool, _compare_to: Any) -> bool:
    """Leave out PostgreSQL's indexes for searching: `init` makes them where the database can have them."""
    return not (type_ == "index" and is_made_by_init(name))


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own column types as what they are in the database: a revision must not change with the code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run(connection: Connection) -> None:
    """Run the steps in one transaction of this connection."""
    sqlite = connection.dialect.name == "sqlite"
    if connection.in_transaction():
        connection.commit()
    if sqlite:
        # Batch mode copies and drops tables: with foreign keys on, ON DELETE CASCADE would empty their children.
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
    try:
        with connection.begin():
            take_turns(connection)
            context.configure(
                connection=connection,
                target_metadata=Model.metadata,
                render_as_batch=True,
                transactional_ddl=True,
                compare_type=True,
                include_object=include_object,
                render_item=render_item,
            )
            with context.begin_transaction():
                context.run_migrations()
            if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
                raise RuntimeError(f"Rows without their parents after the migration, nothing was changed: {broken[:5]}")
    finally:
        if sqlite:
            raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def main() -> None:
    """On the connection that was given, else on the database of the settings."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        run(connection)
        return
    engine = create_engine(context.config.attributes.get("url") or settings_module.read().database_url)
    prepare_engine(engine)
    with engine.connect() as own:
        run(own)


main()
