"""Uploads are shown to a virus scanner where one is configured."""

from __future__ import annotations

import io

import pytest

from services import scanner
from services.scanner import Infected, ScannerDown
from tests.servers import clamd, free_port


def test_a_clean_file_passes_whole_and_is_left_at_its_start(make_app):
    content = io.BytesIO(b"x" * 200_000)
    with clamd("stream: OK") as (port, got), make_app(SALA_SCANNER_URL=f"tcp://127.0.0.1:{port}").app_context():
        scanner.scan(content)

    assert got == [b"x" * 200_000]
    assert content.tell() == 0


def test_what_is_found_is_refused(make_app):
    with clamd("stream: Eicar-Test FOUND") as (port, _got):
        app = make_app(SALA_SCANNER_URL=f"tcp://127.0.0.1:{port}")
        with app.app_context(), pytest.raises(Infected) as refused:
            scanner.scan(io.BytesIO(b"x"))

    assert (refused.value.code, refused.value.values) == ("unsafe", {"found": "Eicar-Test"})


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", ""])
def test_a_scanner_that_gives_no_verdict_lets_nothing_through(make_app, answer):
    with clamd(answer) as (port, _got):
        app = make_app(SALA_SCANNER_URL=f"tcp://127.0.0.1:{port}")
        with app.app_context(), pytest.raises(ScannerDown):
            scanner.scan(io.BytesIO(b"x"))


def test_a_scanner_that_is_away_lets_nothing_through(make_app):
    app = make_app(SALA_SCANNER_URL=f"tcp://127.0.0.1:{free_port()}")
    with app.app_context():
        with pytest.raises(ScannerDown):
            scanner.scan(io.BytesIO(b"x"))
        with pytest.raises(ScannerDown):
            scanner.check()


def test_a_scanner_that_is_there_is_well(make_app):
    with clamd("stream: OK") as (port, _got), make_app(SALA_SCANNER_URL=f"tcp://127.0.0.1:{port}").app_context():
        scanner.check()


def test_without_a_scanner_everything_passes(plain):
    scanner.scan(io.BytesIO(b"x"))
