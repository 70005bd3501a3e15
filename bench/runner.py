"""What every benchmark shares: a name, a database of its own, and a line of figures."""

from __future__ import annotations

import os
import platform
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

import config
from models.core.clock import today

SQLITE, POSTGRESQL = "sqlite", "postgresql"
POSTGRES_URL = os.environ.get("SALA_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")

Body = Callable[["Meter"], None]
Rows = Callable[[str], int]


@dataclass(frozen=True)
class Bench:
    """A benchmark, the databases that it runs on, and how many proposals it wants there (0: an empty database)."""

    body: Body
    on: tuple[str, ...]
    proposals: Rows


@dataclass(frozen=True)
class Choice:
    """What was asked for: a database that is there, to keep or to throw away those that are filled, how many rows."""

    database_url: str = ""
    keep: bool = False
    fresh: bool = False
    proposals: int = 0


_benches: dict[str, Bench] = {}


def bench(name: str, on: tuple[str, ...] = (SQLITE,), proposals: Rows = lambda _kind: 0) -> Callable[[Body], Body]:
    """Register a benchmark that runs on these databases; its body measures with the meter that it gets."""

    def register(body: Body) -> Body:
        _benches[name] = Bench(body, on, proposals)
        return body

    return register


def names() -> list[str]:
    """Every benchmark, in the order of registration."""
    return list(_benches)


def percentile(spans: list[float], share: float) -> float:
    """The span below which `share` of them lie."""
    return sorted(spans)[max(0, round(len(spans) * share) - 1)]


@dataclass
class Meter:
    """Measures and prints; `app` is an application on a fresh, filled database, `env` what another process needs."""

    name: str
    app: Flask
    env: dict[str, str]

    @property
    def database(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self.env["SALA_DATABASE_URL"].split(":", 1)[0].split("+", 1)[0]

    def say(self, what: str, figures: str) -> None:
        """Print one line of figures."""
        print(f"{self.name:<7} {self.database:<11} {what:<46} {figures}", flush=True)

    def repeat(self, what: str, body: Callable[[], object], times: int = 100, warm: int = 3) -> float:
        """Run `body` so many times; prints median and 95th percentile (ms), and the median of this process's own time.

        The own time stays the same when others use the machine. Gives the median in seconds.
        """
        for _ in range(warm):
            body()
        spans, own = [], []
        for _ in range(times):
            begun, worked = time.perf_counter(), time.process_time()
            body()
            spans.append(time.perf_counter() - begun)
            own.append(time.process_time() - worked)
        median = statistics.median(spans)
        slow, busy = percentile(spans, 0.95) * 1000, statistics.median(own) * 1000
        self.say(what, f"{median * 1000:8.2f} ms p50 {slow:8.2f} ms p95 {busy:8.2f} ms own")
        return median

    @contextmanager
    def once(self, what: str, count: int = 1) -> Iterator[None]:
        """Time a block that handles `count` things; prints seconds and things per second."""
        begun = time.perf_counter()
        yield
        span = time.perf_counter() - begun
        self.say(what, f"{span:9.2f} s  {count:9} things {count / span:12.0f} /s")


@contextmanager
def postgres_database() -> Iterator[str]:
    """A fresh PostgreSQL database in C.UTF-8, dropped afterwards; its address."""
    name = f"sala_bench_{secrets.token_hex(4)}"
    _create(name)
    try:
        yield sa.make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    finally:
        _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _on_server(statement: str) -> Any:
    server = sa.create_engine(sa.make_url(POSTGRES_URL), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        found = connection.execute(sa.text(statement))
        return found.scalar() if found.returns_rows else None


def _create(name: str) -> None:
    locale = "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    _on_server(f"CREATE DATABASE {name} TEMPLATE template0 {locale}")


def _has_database(name: str) -> bool:
    return name in _on_server("SELECT array_agg(datname) FROM pg_database")


def has_postgres() -> bool:
    """Whether PostgreSQL answers."""
    engine = sa.create_engine(POSTGRES_URL, poolclass=sa.NullPool, connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return True
    except sa.exc.OperationalError:
        return False


@contextmanager
def fresh_app(database_url: str, folder: Path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """The application on a database that is initialised, and its settings; what is in the database stays."""
    from app import create_app
    from models.core.db import db
    from views.core.cli import initialize

    env = {
        "SALA_ENV": "test",
        "SALA_DATA_DIR": str(folder),
        "SALA_DATABASE_URL": database_url,
        "SALA_BASE_URL": "http://localhost",
        "SALA_PASSWORD_ROUNDS": "1",
        "SALA_SECRET_KEY": secrets.token_hex(32),
        "SALA_AUDIT_KEY": "b" * 64,
    }
    app = create_app(config.read(env))
    with app.app_context():
        initialize()
    yield app, env
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _database(kind: str, wanted: int, choice: Choice, folder: Path) -> Iterator[str]:
    """The address of the database: the given one, a kept one with so many proposals, or a fresh one."""
    if choice.database_url:
        yield choice.database_url
    elif wanted:
        with _filled_database(kind, wanted, choice) as url:
            yield url
    elif kind == POSTGRESQL:
        with postgres_database() as url:
            yield url
    else:
        yield f"sqlite:///{folder / 'bench.db'}"


@contextmanager
def _filled_database(kind: str, wanted: int, choice: Choice) -> Iterator[str]:
    """One with so many proposals: kept by an earlier run, or made now (and kept, if that was asked for)."""
    name = f"sala_bench_{wanted}"
    path = Path(tempfile.gettempdir()) / f"{name}.db"
    there = _has_database(name) if kind == POSTGRESQL else path.exists()
    if there and choice.fresh:
        _drop(kind, name, path)
        there = False
    if kind == POSTGRESQL:
        if not there:
            _create(name)
        yield sa.make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    else:
        yield f"sqlite:///{path}"
    if not there and not choice.keep:
        _drop(kind, name, path)


def _drop(kind: str, name: str, path: Path) -> None:
    if kind == POSTGRESQL:
        _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    else:
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def run(chosen: list[str], choice: Choice) -> None:
    """Run the chosen benchmarks (all when none is), each on databases of its own, or on one that is given."""
    unknown = set(chosen) - set(_benches)
    if unknown:
        raise SystemExit(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(_benches)}.")
    print(machine(), flush=True)
    postgres = has_postgres()
    for name in chosen or names():
        one = _benches[name]
        for kind in one.on:
            if choice.database_url and not choice.database_url.startswith(kind):
                continue
            if kind == POSTGRESQL and not (postgres or choice.database_url):
                print(f"!! {name} left out: PostgreSQL does not answer at {POSTGRES_URL}")
                continue
            wanted = one.proposals(kind) and (choice.proposals or one.proposals(kind))
            with tempfile.TemporaryDirectory(prefix="sala-bench-") as folder:
                path = Path(folder)
                with _database(kind, wanted, choice, path) as url, fresh_app(url, path) as (app, env):
                    meter = Meter(name, app, env)
                    if wanted:
                        _fill(meter, wanted)
                    one.body(meter)


def machine() -> str:
    """What it is measured on: the day, cores, memory, load, Python."""
    cores, load = os.cpu_count(), os.getloadavg()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3 if hasattr(os, "sysconf") else 0
    loads = " ".join(f"{one:.1f}" for one in load)
    return f"{today()}  {cores} cores, {memory:.0f} GiB, load {loads}, Python {platform.python_version()}"


def _fill(meter: Meter, wanted: int) -> None:
    """Make the proposals, unless the database has them."""
    from sqlalchemy import func, select

    from models.core.db import db
    from models.fund.organization import Organization
    from models.fund.proposal import Proposal
    from views.core.cli import DemoOptions
    from views.fund.demo import build

    with meter.app.app_context():
        if db.session.scalar(select(Proposal.id).limit(1)) is None:
            with meter.once("made", wanted):
                list(build(DemoOptions(proposals=wanted)))
        proposals, organizations = (
            f"{db.session.scalar(select(func.count(model.id))):,}" for model in (Proposal, Organization)
        )
        meter.say("in the database", f"{proposals} proposals of {organizations} organizations")
        db.session.commit()
        db.session.remove()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
            alone.exec_driver_sql("ANALYZE")  # A kept database may have been left without what the planner needs.
