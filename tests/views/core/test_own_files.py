"""A long list is made outside the request, as its asker may read it then; the file is theirs alone."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from jobs import exporting
from jobs.exporting import EXPORT, MOST_WAITING, NotGiven, Table, register_list
from jobs.runner import run_due
from models.core import audit
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.grants import Grant
from models.core.job import CANCELLED, DONE, FAILED, RUNNING, Job
from models.core.matrix import allows
from models.core.outbox import Message, Notification
from reports.core.table import Column
from tests.factories.core import make_account
from views.core import export

NAME = "test_numbers"


@pytest.fixture(autouse=True)
def numbers(monkeypatch):
    """A list of three numbers that who may see organizations may have."""
    monkeypatch.setattr(exporting, "_lists", dict(exporting._lists))
    rows = [(1, "หนึ่ง"), (2, "=1+1"), (3, "สาม")]

    def opener(user, asked):
        if not allows(user, "organization.view"):
            raise NotGiven
        found = [row for row in rows if row[0] >= asked.get("from", 0)]
        columns = [Column("ที่", "number"), Column("ชื่อ")]
        return Table("จำนวน", "numbers", "test", columns, lambda most: min(len(found), most + 1), lambda: iter(found))

    register_list(NAME, opener)
    return rows


@pytest.fixture
def officer(session):
    account = make_account("staff")
    session.commit()
    return account


@pytest.fixture
def browser(client, sign_in, officer):
    return sign_in(client, officer)


def ask(officer, **asked) -> Job:
    job = exporting.ask_export(officer, NAME, "csv", asked, title="จำนวน", lang="th")
    db.session.commit()
    return job


def state_of(job: Job) -> Job:
    return db.session.get_one(Job, job.id, populate_existing=True)


def link_on(page: str) -> str:
    return re.search(r'href="(/files/[^"]+)"', page)[1].replace("&amp;", "&")


def test_the_file_is_made_later_told_under_the_bell_and_its_fetching_is_written_down(browser, session, officer):
    ask(officer, **{"from": 2})
    assert "รอคิว" in browser.get("/exports/").text
    run_due()

    with browser.get(link_on(browser.get("/exports/").text)) as answer:
        lines = answer.data.decode("utf-8-sig").splitlines()

    assert lines == ["ที่,ชื่อ", "2,'=1+1", "3,สาม"]
    told = session.scalars(select(Notification.event).where(Notification.user_id == officer.id)).all()
    assert told == ["export_ready"]
    assert session.scalars(select(Message)).all() == []
    written = session.scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.seq)).all()
    assert {"test.export", "file.download"} <= set(written)


def test_a_right_that_was_lost_meanwhile_gives_nothing(browser, session, officer):
    job = ask(officer)
    for held in session.scalars(select(Grant).where(Grant.user_id == officer.id)):
        held.ends_at = held.begins_at
    session.commit()
    run_due()

    assert (state_of(job).state, state_of(job).error, state_of(job).file_id) == (FAILED, "not_permitted", None)
    assert "ไม่มีสิทธิ์ดูรายการนี้แล้ว" in browser.get("/exports/").text


def test_a_right_that_is_lost_while_the_rows_are_read_gives_nothing(session, officer, numbers, monkeypatch):
    job = ask(officer)

    def losing(*_given):
        for held in session.scalars(select(Grant).where(Grant.user_id == officer.id)):
            held.ends_at = held.begins_at
        session.commit()
        return 3

    monkeypatch.setattr(exporting, "write", losing)
    run_due()

    assert (state_of(job).state, state_of(job).file_id) == (FAILED, None)


def test_who_closed_their_account_gets_no_file(session, officer):
    job = ask(officer)
    officer.active = False
    session.commit()
    run_due()

    assert (state_of(job).state, state_of(job).file_id) == (FAILED, None)


def test_another_s_file_is_not_found_nor_cancelled_nor_made_anew(browser, new_client, sign_in, session, officer):
    other = make_account("super_user")
    waiting = ask(officer)
    session.commit()
    theirs = sign_in(new_client(), other)

    assert theirs.post(f"/exports/{waiting.id}/cancel").status_code == 404
    run_due()
    url = link_on(browser.get("/exports/").text)
    assert theirs.get(url).status_code == 404
    assert theirs.post(f"/exports/{waiting.id}/again").status_code == 404
    assert "จำนวน" not in theirs.get("/exports/").text.partition("own-files")[2]


def test_the_same_list_is_not_made_twice_at_once_and_not_too_many_are(session, officer):
    first = ask(officer)
    assert ask(officer).id == first.id

    for number in range(1, MOST_WAITING):
        ask(officer, **{"from": number})
    with pytest.raises(exporting.Refused):
        ask(officer, **{"from": 99})


def test_a_cancelled_file_is_never_made_and_can_be_made_anew(browser, session, officer):
    job = ask(officer)
    browser.post(f"/exports/{job.id}/cancel")
    run_due()
    assert (state_of(job).state, state_of(job).file_id) == (CANCELLED, None)

    browser.post(f"/exports/{job.id}/again")
    run_due()

    states = session.scalars(select(Job.state).where(Job.kind == EXPORT).order_by(Job.id)).all()
    assert states == [CANCELLED, DONE]


def test_what_is_being_made_shows_how_far_it_is_and_asks_again_by_itself(browser, session, officer):
    job = ask(officer)
    job.state, job.progress = RUNNING, 40
    session.commit()
    page = browser.get("/exports/").text

    assert 'max="100" value="40"' in page
    assert 'hx-get="/exports/lines"' in page
    job.state, job.ended_at = DONE, now()
    session.commit()
    part = browser.get("/exports/lines").text
    assert "hx-get" not in part
    assert "<html" not in part


def test_a_short_list_is_sent_at_once_and_a_long_one_becomes_work(app, browser, session, officer, monkeypatch):
    monkeypatch.setitem(export.AT_ONCE, "xlsx", 2)

    with app.test_request_context():
        from flask import g

        g.user = officer
        short = export.send_list(NAME, "xlsx", {"from": 2}, back="/")
        long = export.send_list(NAME, "xlsx", {}, back="/")

    assert short.status_code == 200
    assert (long.status_code, long.location) == (302, "/exports/")
    assert session.scalars(select(Job.params).where(Job.kind == EXPORT)).one()["asked"] == {}


def test_a_file_is_kept_as_long_as_the_setting_says(browser, session, officer):
    from datetime import timedelta

    from jobs import retention

    job = ask(officer)
    run_due()
    url = link_on(browser.get("/exports/").text)

    with frozen_at(now() + timedelta(days=7, minutes=1)):
        retention.apply()

    assert state_of(job).file_id is None
    assert browser.get(url).status_code == 404
