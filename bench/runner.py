"""What every benchmark shares: a name, a database of its own, and a line of figures."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask

import config

Body = Callable[["Meter"], None]
_benches: dict[str, Body] = {}


def bench(name: str) -> Callable[[Body], Body]:
    """Register a benchmark; its body measures with the meter that it gets."""

    def register(body: Body) -> Body:
        _benches[name] = body
        return body

    return register


def names() -> list[str]:
    """Every benchmark, in the order of registration."""
    return list(_benches)


@dataclass
class Meter:
    """Measures and prints; `app` is an application on a fresh, filled database."""

    name: str
    app: Flask

    def repeat(self, what: str, body: Callable[[], object], times: int = 100, warm: int = 3) -> float:
        """Run `body` so many times; prints median, 95th percentile (ms) and rate; gives the median in seconds."""
        for _ in range(warm):
            body()
        spans = []
        for _ in range(times):
            begun = time.perf_counter()
            body()
            spans.append(time.perf_counter() - begun)
        median, slow = statistics.median(spans), sorted(spans)[max(0, int(len(spans) * 0.95) - 1)]
        print(f"{self.name:<12} {what:<44} {median * 1000:9.2f} ms {slow * 1000:9.2f} ms p95 {1 / median:9.0f} /s")
        return median

    @contextmanager
    def once(self, what: str, count: int = 1) -> Iterator[None]:
        """Time a block that handles `count` things; prints seconds and things per second."""
        begun = time.perf_counter()
        yield
        span = time.perf_counter() - begun
        print(f"{self.name:<12} {what:<44} {span:9.2f} s  {count:9} things {count / span:12.0f} /s")


@contextmanager
def fresh_app(database_url: str = "") -> Iterator[Flask]:
    """The application on an empty database that is initialised; gone afterwards (a given database is left as it is)."""
    from app import create_app
    from models.core.db import db
    from views.core.cli import initialize

    with tempfile.TemporaryDirectory(prefix="sala-bench-") as folder:
        env = {"SALA_ENV": "test", "SALA_DATA_DIR": folder, "SALA_DATABASE_URL": database_url}
        app = create_app(config.read({**env, "SALA_BASE_URL": "http://localhost", "SALA_PASSWORD_ROUNDS": "1"}))
        with app.app_context():
            initialize()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def run(chosen: list[str], database_url: str = "") -> None:
    """Run the chosen benchmarks (all when none is), each on a database of its own."""
    unknown = set(chosen) - set(_benches)
    if unknown:
        raise SystemExit(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(_benches)}.")
    for name in chosen or names():
        with fresh_app(database_url) as app:
            _benches[name](Meter(name, app))
