"""The real processes: they start from nothing by `init`, answer, and stop when told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation that was initialised."""
    folder = tmp_path_factory.mktemp("served")
    env = {name: value for name, value in os.environ.items() if not name.startswith("SALA_")}
    env |= {"SALA_DATA_DIR": str(folder), "SALA_METRICS_TOKEN": "figures", "PYTHONUNBUFFERED": "1"}
    done = flask(env, "init")
    assert done.returncode == 0, done.stderr
    return env


def flask(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", "sala", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def get(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def served(surroundings: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A running server: its address and process."""
    port = free_port()
    command = [sys.executable, "-m", "flask", "sala", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                if get(f"{address}/healthz")[0] == 200:
                    break
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)  # The server has no other way to say that it listens.
        yield address, process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def test_the_server_is_ready_and_counts_over_all_its_processes(served):
    address, _process = served

    assert get(f"{address}/readyz")[0] == 200
    for _ in range(6):
        assert get(f"{address}/sign/in")[0] == 200
    page = get(f"{address}/metrics", Authorization="Bearer figures")[1]

    assert 'sala_requests_total{endpoint="SignView.sign_in",method="GET",status="2xx"} 6.0' in page


def test_an_address_that_is_too_long_is_answered_in_our_look(served):
    address, _process = served

    status, page = get(f"{address}/search?q={'%E0%B8%81' * 200}")
    assert status == 200
    status, page = get(f"{address}/search?q={'%E0%B8%81' * 1000}")

    assert status == 414
    assert "คำค้นยาวเกินไป" in page
    assert 'lang="th"' in page
    assert "s-" in page


def test_a_taken_port_is_said_in_one_line(served, surroundings):
    port = served[0].rpartition(":")[2]

    done = flask(surroundings, "serve", "--port", port)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port}")


def test_told_to_stop_the_server_stops(served):
    _address, process = served
    process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=30)[0]

    assert process.returncode == 0
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert any(line["event"] == "request" for line in lines)


def test_told_to_stop_the_worker_stops(surroundings):
    command = [sys.executable, "-m", "flask", "sala", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "worker started" in process.stdout.readline()
    time.sleep(1)  # Until its signal handlers stand.
    process.send_signal(signal.SIGTERM)

    process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_bad_setting_is_one_line_on_the_command_line(surroundings):
    done = flask({**surroundings, "SALA_ENV": "prod"}, "init")

    assert done.returncode == 1
    assert done.stderr.strip() == "Error: SALA_ENV: 'prod' is not development, production or test."


def test_init_may_be_repeated(surroundings):
    assert flask(surroundings, "init").returncode == 0
