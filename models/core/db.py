"""The database handle, column types and mixins that every table is made of."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from flask_appbuilder import Model as _FabModel
from flask_appbuilder.models.sqla.base import SQLA
from sqlalchemy import BigInteger, Connection, DateTime, Engine, Integer, Text, event, inspect
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.types import TypeDecorator

from models.core.clock import now as now

Model: Any = _FabModel

# Names for every constraint, so that migrations can speak of them on both databases.
Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Only a session bound to a connection that already has a transaction (the tests') is touched by the join mode.
db = SQLA(
    metadata=Model.metadata,
    session_options={"join_transaction_mode": "create_savepoint", "expire_on_commit": False},
)

# SQLite counts up only in a column called INTEGER; PostgreSQL wants the room.
Id = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored moment needs its time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """Baht as a Decimal with two places, stored as whole satang so that sums are exact on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        satang = Decimal(value) * 100
        if satang != satang.to_integral_value():
            raise ValueError("Money has two decimals.")
        return int(satang)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else (Decimal(int(value)) / 100).quantize(Decimal("0.01"))


class Json(TypeDecorator[Any]):
    """Plain JSON text, the same bytes on both databases (audit digests depend on it)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spare spaces: equal values give equal text.

    Half a character (a lone surrogate, which JSON can name and no database can keep) becomes a question mark.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return text.encode("utf-8", "replace").decode()


Model.registry.update_type_annotation_map({datetime: UtcDateTime, Decimal: Money})


class StaleVersion(Exception):
    """Somebody saved the record after this page of it was opened."""

    def __init__(self, record: Any, posted: int | None = None) -> None:
        super().__init__(f"{type(record).__name__} {getattr(record, 'id', None)} has moved on")
        self.record = record
        self.posted = posted


class Versioned:
    """Gives a row its version, so that a stale form is told instead of winning."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}

    def take_version(self, version: int | str | None) -> None:
        """Check the version that a form carried; raises StaleVersion when another save came between."""
        try:
            posted = int(cast(Any, version))
        except (TypeError, ValueError):
            posted = -1
        if posted != self.version:
            raise StaleVersion(self, posted)


class SoftDeleted:
    """Deleting marks; restoring unmarks; history stays readable."""

    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, nullable=True)

    @property
    def is_deleted(self) -> bool:
        """Whether the record is marked as deleted."""
        return self.deleted_at is not None


def touch(record: Any, column: str) -> None:
    """Let the next flush count as a change of the row, so that its version moves, though none of its columns changed.

    `column` is one that needs no writing; that it was touched is no change for the log.
    """
    if inspect(record).attrs[column].history.has_changes():
        return  # It is a change as it is; flagging it would lose what was there.
    flag_modified(record, column)
    inspect(record).info.setdefault("touched", set()).add(column)


class Audited:
    """Marks a model whose field changes are written to the audit chain at every commit."""

    def audit_root(self) -> Any:
        """The record whose history this change belongs to; a child row names its parent."""
        return self


def sql_list(codes: tuple[str, ...] | frozenset[str]) -> str:
    """Codes as they stand between the brackets of a CHECK constraint's IN."""
    return ", ".join(f"'{code}'" for code in sorted(codes))


# --- SQLite: WAL, foreign keys, and writers that say so at once ------------------------------------------------------

_writing: ContextVar[bool] = ContextVar("sala_writing", default=True)


def begin_writing() -> None:
    """Let the next transaction of this context be a writer's (SQLite: BEGIN IMMEDIATE).

    A request that only reads starts a plain transaction; the moment it must write, the read ends here,
    because on SQLite a read that turns into a write fails at once when somebody else wrote in between.
    """
    if not _writing.get():
        db.session.commit()
        _writing.set(True)


@contextmanager
def reading() -> Iterator[None]:
    """Run the block with transactions that do not take SQLite's write lock."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def set_reading(only_read: bool) -> None:
    """Say at the start of a request whether it only reads."""
    _writing.set(not only_read)


REST = 1.0
"""Seconds that a connection may lie unused before it is asked whether it still answers."""


def prepare_engine(engine: Engine) -> None:
    """Give an SQLite engine its pragmas and honest transactions; have other databases' connections looked after."""
    if engine.dialect.name != "sqlite":
        _ask_rested(engine)
        _read_lightly(engine)
        return

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # Transactions are begun below, not by the driver.
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


# --- PostgreSQL: a connection that died while nobody used it is told from a living one -------------------------------


def _ask_rested(engine: Engine) -> None:
    """Ping a connection that comes out of the pool after a rest; in a rush nobody waits for pings.

    With one that does not answer, all that are as old go, and the request gets a new one.
    """

    @event.listens_for(engine, "checkin")
    def _rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _asked(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", float("inf")) < REST:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            if engine.dialect.is_disconnect(error, connection, None):
                raise InvalidatePoolError from error
            raise


# --- PostgreSQL: reading costs no transaction, and what the database has planned once stays planned -------------------


def _read_lightly(engine: Engine) -> None:
    """Read without BEGIN and ROLLBACK where a request only reads, until it does write after all.

    Every statement sees what is committed when it begins, as within a transaction of PostgreSQL's usual kind. A
    transaction that wrote nothing ends by COMMIT where it would be rolled back: to the database both are the same, but
    psycopg forgets what it had prepared on a connection with every ROLLBACK, and planning the statements of a page anew
    costs more than running them.
    """
    errors = engine.dialect.loaded_dbapi.Error

    @event.listens_for(engine, "begin")
    def _begins(connection: Connection) -> None:
        if "isolation_level" in connection.get_execution_options():
            return
        only_reads = connection.info["only_reads"] = not _writing.get()
        driver: Any = connection.connection.dbapi_connection
        if driver.autocommit != only_reads:
            driver.autocommit = only_reads

    @event.listens_for(engine, "before_cursor_execute")
    def _watches(connection: Connection, cursor: Any, statement: str, *_rest: Any) -> None:
        # A lock and a cursor of the server's need a transaction as a change does.
        if statement.startswith("SELECT") and " FOR " not in statement and not hasattr(cursor, "name"):
            return
        connection.info["may_have_written"] = True
        if connection.info.pop("only_reads", False):
            driver: Any = connection.connection.dbapi_connection
            driver.autocommit = False

    @event.listens_for(engine, "commit")
    def _ends(connection: Connection) -> None:
        connection.info.pop("may_have_written", None)

    @event.listens_for(engine, "rollback")
    def _ends_gently(connection: Connection) -> None:
        if connection.info.pop("may_have_written", False):
            return
        driver: Any = connection.connection.dbapi_connection
        with suppress(errors):  # One that died meanwhile is found out by the ROLLBACK itself.
            driver.commit()
