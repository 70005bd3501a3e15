"""Servers of their own for benchmarks that ask as browsers do, and the cookies to ask with; on 127.0.0.1 alone."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from bench import processes
from bench.runner import Meter, percentile

WORKERS, THREADS = 2, 4
ROOT = Path(__file__).parent.parent
SALA = "app"
SALA_WITH_FULL_MENU = "bench.served"


@dataclass(frozen=True)
class Served:
    """A server that answers: its port, its master process, and how long it took from nothing to listening (s)."""

    port: int
    pid: int
    listening_after: float

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return processes.family(self.pid)[1:]


@contextmanager
def server(meter: Meter, app: str = SALA, workers: int = WORKERS) -> Iterator[Served]:
    """`flask sala serve` with its workers on a free port, as docs/operations.md says; ended afterwards."""
    port = _free_port()
    env = {**meter.env, "SALA_WORKERS": str(workers), "SALA_BASE_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "flask", "--app", app, "sala", "serve", "--port", str(port)]
    with _running(command, env, port) as served:
        yield served


@contextmanager
def django_server(meter: Meter) -> Iterator[tuple[Served, str]]:
    """The plain Django admin on the same tables, served with the same options; and the cookie of its super user."""
    port = _free_port()
    env = {"SALA_BENCH_DJANGO_DATABASE": meter.env["SALA_DATABASE_URL"]}
    prepare = [sys.executable, "-m", "bench.django_admin.prepare"]
    cookie = subprocess.run(
        prepare, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    options = f"--preload --workers {WORKERS} --worker-class gthread --threads {THREADS} --keep-alive 5"
    command = [sys.executable, "-m", "gunicorn", *options.split(), "--log-level", "warning", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "bench.django_admin.wsgi:application"]
    with _running(command, env, port) as served:
        yield served, cookie


@contextmanager
def _running(command: list[str], env: dict[str, str], port: int) -> Iterator[Served]:
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.DEVNULL)

    def listens() -> bool:
        if process.poll() is not None:
            raise SystemExit(f"The server ended: {' '.join(command)}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        listening = processes.wait_for("the server listens", listens)
        yield Served(port, process.pid, listening - begun)
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:  # A worker that computes for a minute is not waited for.
            process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- load -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Round:
    """What a round of load came to. Times in ms; the processor time is per request: workers, database, client."""

    rate: float
    p50: float
    p95: float
    p99: float
    workers: float
    database: float
    client: float
    size: float
    asked: int

    def __str__(self) -> str:
        return (
            f"{self.rate:7.1f} /s  p50 {self.p50:7.1f}  p95 {self.p95:7.1f}  p99 {self.p99:7.1f} ms"
            f"  own: workers {self.workers:6.2f} database {self.database:7.2f} client {self.client:5.2f} ms"
            f"  {self.size:5.0f} KB"
        )


def load(meter: Meter, served: Served, cookie: str, paths: list[str], connections: int, seconds: float) -> Round:
    """Ask for the paths in turn for so long, on so many connections that are kept alive. Raises on a wrong answer."""
    name = meter.env["SALA_DATABASE_URL"].rpartition("/")[2]
    asked = {"port": served.port, "cookie": cookie, "paths": paths, "connections": connections, "seconds": seconds}
    worked, queried = processes.processor_time(served.pid), processes.database_time(name)
    client = [sys.executable, "-S", str(ROOT / "bench" / "load.py")]
    done = subprocess.run(client, input=json.dumps(asked), capture_output=True, text=True, check=True)
    worked, queried = processes.processor_time(served.pid) - worked, processes.database_time(name) - queried
    seen: dict[str, Any] = json.loads(done.stdout)
    if seen["wrong"]:
        raise SystemExit(f"Wrong answers: {seen['wrong']}")
    spans, count = seen["spans"], len(seen["spans"])
    p50, p95, p99 = (percentile(spans, share) * 1000 for share in (0.5, 0.95, 0.99))
    each = 1000 / count
    return Round(
        count / seen["took"],
        p50,
        p95,
        p99,
        worked * each,
        queried * each,
        seen["own"] * each,
        seen["bytes"] / count / 1000,
        count,
    )


# --- who asks -------------------------------------------------------------------------------------------------------


def client_of(meter: Meter, user_id: int) -> FlaskClient:
    """A test client on which an account has signed in."""
    from models.core.db import db
    from models.core.identity import Account, open_session

    client = meter.app.test_client()
    with meter.app.app_context():
        account = db.session.get(Account, user_id)
        assert account is not None
        token = open_session(account, "bench", "127.0.0.1")
        db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def cookie_of(meter: Meter, user_id: int) -> str:
    """The Cookie header of an account that has signed in and seen its main page, as a browser sends it from then on."""
    name = meter.app.config["SESSION_COOKIE_NAME"]
    client = client_of(meter, user_id)
    assert client.get("/").status_code == 200
    found = client.get_cookie(name)
    assert found is not None
    return f"{name}={found.value}"


def cookies_of(meter: Meter, user_ids: list[int]) -> list[str]:
    """The Cookie headers of many accounts that have signed in, without a page for each."""
    from models.core.db import db
    from models.core.identity import Account, open_session

    app = meter.app
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    made = []
    with app.app_context():
        for user_id in user_ids:
            token = open_session(db.session.get_one(Account, user_id), "bench", "127.0.0.1")
            values = {"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)}
            made.append(f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(values)}")
        db.session.commit()
        db.session.remove()
    return made


def staff_of_the_demo(meter: Meter) -> int:
    """The id of the demo's member of staff."""
    from models.core.identity import account_by_identity

    with meter.app.app_context():
        account = account_by_identity("email", "staff@demo.sala.example")
        assert account is not None, "the demo has it"
        return account.id
