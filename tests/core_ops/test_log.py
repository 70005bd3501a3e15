"""Each request leaves one JSON line that says how it went and nothing about people."""

from __future__ import annotations

import io
import json
import logging

import pytest
from flask import Flask, g
from sqlalchemy import text

from models.core.db import db
from views.core import log
from views.core.log import clean, query_count


@pytest.fixture
def lines():
    """What is logged during the test, line by line."""
    stream = io.StringIO()
    log.configure(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    log.configure()


@pytest.fixture
def site(make_app) -> Flask:
    """A page with a secret in its address, and one that asks the database twice."""
    app = make_app()

    @app.route("/reset/<token>", endpoint="reset", methods=["GET", "POST"])
    def reset(token: str) -> str:
        for _ in range(2):
            db.session.execute(text("SELECT 1"))
        return str(query_count())

    @app.route("/broken", endpoint="broken")
    def broken() -> str:
        raise ValueError("1-1037-00000-00-1 of somchai@x.example")

    return app


def test_a_request_leaves_one_line_with_its_figures(site, lines):
    answer = site.test_client().get("/reset/x")

    [line] = [line for line in lines() if line["event"] == "request"]
    assert line["endpoint"] == "reset"
    assert line["method"] == "GET"
    assert line["status"] == 200
    assert line["queries"] == 2
    assert line["ms"] >= 0
    assert line["user_id"] is None
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["level"] == "info"
    assert "timestamp" in line


def test_no_path_query_or_body_is_written(site, lines):
    site.test_client().post("/reset/tok-secret?otp=123456", data={"password": "p4ssw0rd", "citizen": "1103700000001"})

    written = json.dumps(lines())
    for secret in ("tok-secret", "123456", "p4ssw0rd", "1103700000001"):
        assert secret not in written


def test_a_proxys_request_id_is_kept_when_it_is_one(site):
    client = site.test_client()

    assert client.get("/reset/x", headers={"X-Request-ID": "abcdef-123456"}).headers["X-Request-ID"] == "abcdef-123456"
    for wrong in ("short", "x" * 100, "<script>alert(1)</script>"):
        assert client.get("/reset/x", headers={"X-Request-ID": wrong}).headers["X-Request-ID"] != wrong


def test_an_unexpected_error_is_logged_without_what_people_are_called(site, lines):
    with pytest.raises(ValueError, match="somchai"):
        site.test_client().get("/broken")
    logging.getLogger("test").error("failed for %s", "somchai@x.example")

    written = json.dumps(lines(), ensure_ascii=False)
    assert "somchai" not in written
    assert "[mail]" in written


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("id 1103700000001 here", "id [citizen id] here"),
        ("id 1-1037-00000-00-1.", "id [citizen id]."),
        ("a " + "k" * 43 + " b", "a [token] b"),
        ("to a.b+c@d.example", "to [mail]"),
        ("job 12 of 2026-11-20T11:00:00 failed", "job 12 of 2026-11-20T11:00:00 failed"),
        ("File /srv/sala/models/core/registration.py line 12", "File /srv/sala/models/core/registration.py line 12"),
    ],
)
def test_what_identifies_people_is_taken_out_and_the_rest_stays(text, cleaned):
    assert clean(text) == cleaned


def test_fields_with_telling_names_are_left_out(lines):
    log.log.info("x", password="p4ss", reset_token="t", otp_code="1", why="w")

    assert lines()[0]["why"] == "w"
    assert {lines()[0][key] for key in ("password", "reset_token", "otp_code")} == {"[left out]"}


def test_an_error_of_the_database_does_not_show_what_was_typed(plain):
    try:
        db.session.execute(text("SELECT * FROM nothing WHERE x = :x"), {"x": "1103700000001"})
    except Exception as error:  # noqa: BLE001 - any error will do
        said = str(error)

    assert "1103700000001" not in said
    assert g.get("query_count") == 1
