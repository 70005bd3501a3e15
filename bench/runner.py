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

import sqlalchemy as sa
from flask import Flask

import config
from models.core.clock import today

SQLITE, POSTGRESQL = "sqlite", "postgresql"
POSTGRES_URL = os.environ.get("SALA_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")

Body = Callable[["Meter"], None]
_benches: dict[str, tuple[Body, tuple[str, ...]]] = {}


def bench(name: str, on: tuple[str, ...] = (SQLITE,)) -> Callable[[Body], Body]:
    """Register a benchmark that runs on these databases; its body measures with the meter that it gets."""

    def register(body: Body) -> Body:
        _benches[name] = (body, on)
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
    server = sa.create_engine(sa.make_url(POSTGRES_URL), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    locale = "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0 {locale}"))
    try:
        yield sa.make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


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
def _database(kind: str, given: str, folder: Path) -> Iterator[str]:
    if given:
        yield given
    elif kind == POSTGRESQL:
        with postgres_database() as url:
            yield url
    else:
        yield f"sqlite:///{folder / 'bench.db'}"


def run(chosen: list[str], database_url: str = "") -> None:
    """Run the chosen benchmarks (all when none is), each on databases of its own, or on one that is given."""
    unknown = set(chosen) - set(_benches)
    if unknown:
        raise SystemExit(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(_benches)}.")
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{today()}  {cores} cores, load {load:.1f}, Python {platform.python_version()}", flush=True)
    postgres = has_postgres()
    for name in chosen or names():
        body, on = _benches[name]
        for kind in on:
            if kind == POSTGRESQL and not (postgres or database_url):
                print(f"!! {name} left out: PostgreSQL does not answer at {POSTGRES_URL}")
                continue
            with tempfile.TemporaryDirectory(prefix="sala-bench-") as folder:
                path = Path(folder)
                with _database(kind, database_url, path) as url, fresh_app(url, path) as (app, env):
                    body(Meter(name, app, env))
            if database_url:
                break
