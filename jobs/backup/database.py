"""The database's part of a backup: frozen at one moment into a file, and loaded from it, on both databases."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, text

from jobs.backup.manifest import Entry, Trouble
from models.core.db import reading
from models.core.file import key_of


def size_of(engine: Engine) -> int:
    """Bytes that a copy may need at most."""
    with reading(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)


@contextmanager
def frozen(engine: Engine, target: Path) -> Iterator[Connection]:
    """Write the database into `target` while others go on; gives a connection that sees exactly what was written."""
    if engine.dialect.name == "sqlite":
        _vacuum(str(engine.url.database), target)
        with _opened(target) as connection:
            yield connection
        return
    program = _client("pg_dump")
    one_moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**one_moment) as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        # As one database belongs to one Sala, its extensions come along; who owns what is the new server's business.
        kind = ("--format=custom", "--no-owner", "--no-privileges", "--no-comments")
        _run(engine, [program, *kind, f"--snapshot={snapshot}", f"--file={target}"])
        yield connection


def _vacuum(source: str, target: Path) -> None:
    """SQLite's own copy under one read transaction: writers neither wait for it nor change it."""
    try:
        with closing(sqlite3.connect(source, timeout=30, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise Trouble(f"SQLite could not copy the database: {error}.") from error


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def _client(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise Trouble(f"{program} is not on the PATH: install PostgreSQL's client programs, no older than the server.")
    return found


def _run(engine: Engine, words: list[str]) -> None:
    url = engine.url.set(drivername="postgresql")
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}  # Other users see the words of a command.
    address = url.set(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - a program of the operator's own machine, no shell
        [*words, f"--dbname={address}", "--no-password"],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
        raise Trouble(f"{Path(words[0]).name} failed: {said[0].strip()}")


# --- what the snapshot holds -----------------------------------------------------------------------------------------


def version(connection: Connection) -> str:
    """The database program's version."""
    return ".".join(str(part) for part in connection.dialect.server_version_info or ())


def counts(connection: Connection) -> dict[str, int]:
    """Rows by table."""
    names = sorted(inspect(connection).get_table_names())
    return {name: int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in names}  # noqa: S608


def files(connection: Connection) -> Iterator[Entry]:
    """The files that rows name."""
    rows = text("SELECT id, purpose, size, sha256 FROM core_file ORDER BY id")
    for file_id, purpose, size, sha256 in connection.execution_options(stream_results=True).execute(rows):
        yield Entry(key_of(purpose, file_id), int(size), sha256)


def audit_head(connection: Connection) -> tuple[int, str]:
    """The audit chain's last link: its number and MAC; 0 and nothing while it is empty."""
    row = connection.execute(text("SELECT seq, mac FROM core_audit_head WHERE id = 1")).one_or_none()
    return (int(row.seq), str(row.mac)) if row else (0, "")


# --- the way back ----------------------------------------------------------------------------------------------------


def is_empty(engine: Engine) -> bool:
    """Whether there is no table at all."""
    return not inspect(engine).get_table_names()


def load(engine: Engine, source: Path) -> None:
    """Put a backup's database into the empty one, whole or not at all."""
    if engine.dialect.name == "postgresql":
        program = _client("pg_restore")
        _run(engine, [program, "--single-transaction", "--exit-on-error", "--no-owner", str(source)])
        engine.dispose()
        return
    place = Path(str(engine.url.database))
    waiting = place.with_name(f".{place.name}.restoring")
    shutil.copyfile(source, waiting)
    os.chmod(waiting, 0o600)
    with _opened(waiting) as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if found != "ok":
            raise Trouble(f"SQLite finds the copied database damaged: {found}.")
    engine.dispose()
    for ending in ("-wal", "-shm"):
        place.with_name(place.name + ending).unlink(missing_ok=True)
    with waiting.open("r+b") as file:
        os.fsync(file.fileno())
    waiting.replace(place)


def orphaned(connection: Connection) -> int:
    """Rows that name a parent which is not there; PostgreSQL has checked by itself while loading."""
    if connection.dialect.name != "sqlite":
        return 0
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
