"""A server of its own for benchmarks that ask as browsers do, and the cookies to ask with; on 127.0.0.1 alone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient

from bench.runner import Meter

WORKERS = 2
ROOT = Path(__file__).parent.parent


@contextmanager
def server(meter: Meter) -> Iterator[int]:
    """`flask sala serve` with two workers on a free port (given), ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {**os.environ, **meter.env, "SALA_WORKERS": str(WORKERS), "SALA_BASE_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "flask", "--app", "app", "sala", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        for _ in range(120):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.25)
        yield port
    finally:
        process.terminate()
        process.wait(30)


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
    """The Cookie header of an account that has signed in."""
    name = meter.app.config["SESSION_COOKIE_NAME"]
    found = client_of(meter, user_id).get_cookie(name)
    assert found is not None
    return f"{name}={found.value}"


def staff_of_the_demo(meter: Meter) -> int:
    """The id of the demo's member of staff."""
    from models.core.identity import account_by_identity

    with meter.app.app_context():
        account = account_by_identity("email", "staff@demo.sala.example")
        assert account is not None, "the demo has it"
        return account.id
