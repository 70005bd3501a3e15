"""One mail a day for those who want it so: all that happened, each thing in one digest, whatever happens to the job."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from jobs import digest, schedule
from jobs.digest import send_digests
from jobs.letters import render
from jobs.runner import run_due
from models.core import choice, outbox
from models.core.clock import BANGKOK, frozen_at
from models.core.db import db
from models.core.job import DONE, Job
from models.core.outbox import Message, tell
from tests.factories.core import make_account
from tests.factories.fund import make_proposal

EVENT = "kind_given"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=BANGKOK)
SEVEN = datetime(2026, 11, 21, 7, 0, tzinfo=BANGKOK)


@pytest.fixture
def reader(session):
    """Somebody who wants one mail a day about administration."""
    account = make_account("staff")
    choice.choose(account.id, {choice.ADMINISTRATION: choice.DAILY}, 1)
    return account


def mails(account, state=None):
    rows = select(Message).where(Message.user_id == account.id).order_by(Message.id)
    found = db.session.scalars(rows).all()
    return [message for message in found if state is None or message.state == state]


def news(account, times=1, moment=NOON):
    with frozen_at(moment):
        for _n in range(times):
            tell([account], EVENT, account, kind="committee")
        db.session.commit()


def test_what_happened_in_a_day_is_one_mail_at_seven(reader):
    news(reader, 3)
    assert {message.state for message in mails(reader)} == {outbox.HELD}
    assert outbox.lease_message() is None  # none of them goes out by itself

    with frozen_at(SEVEN):
        assert send_digests(SEVEN) == 1

        [mail] = mails(reader, outbox.WAITING)
        assert (mail.event, mail.values) == (outbox.DIGEST, {"count": 3})
        assert [row.digest_id for row in mails(reader, outbox.GATHERED)] == [mail.id] * 3
        assert outbox.unread_count(reader.id) == 3


def test_the_job_run_again_makes_no_second_mail(reader):
    news(reader)

    assert [send_digests(SEVEN), send_digests(SEVEN)] == [1, 0]

    assert len(mails(reader, outbox.WAITING)) == 1


def test_when_nothing_happened_nothing_is_sent(reader):
    assert send_digests(SEVEN) == 0
    assert mails(reader) == []


def test_a_job_killed_between_two_readers_goes_on_with_the_second(reader, monkeypatch):
    second = make_account("staff")
    choice.choose(second.id, {choice.ADMINISTRATION: choice.DAILY}, 1)
    news(reader)
    news(second)
    gather = outbox.gather
    calls = []

    def die(user_id, until):
        calls.append(user_id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return gather(user_id, until)

    monkeypatch.setattr(outbox, "gather", die)
    with pytest.raises(KeyboardInterrupt):
        send_digests(SEVEN)
    db.session.rollback()
    monkeypatch.undo()

    assert send_digests(SEVEN) == 1

    assert [len(mails(account, outbox.WAITING)) for account in (reader, second)] == [1, 1]
    assert [len(mails(account, outbox.GATHERED)) for account in (reader, second)] == [1, 1]


def test_of_two_workers_at_once_only_one_mail_comes_of_it(reader):
    news(reader)
    send_digests(SEVEN)
    news(reader)

    with pytest.raises(IntegrityError):
        outbox.gather(reader.id, SEVEN)  # the same reader and day
    db.session.rollback()


def test_what_happens_after_seven_waits_for_the_next_day(reader):
    news(reader, moment=SEVEN)

    assert send_digests(SEVEN) == 0
    assert send_digests(SEVEN + timedelta(days=1)) == 1


def test_a_closed_account_gets_no_digest(reader):
    news(reader)
    reader.active = False
    db.session.commit()

    assert send_digests(SEVEN) == 0
    assert send_digests(SEVEN) == 0
    assert len(mails(reader, outbox.GATHERED)) == 1


def test_the_digest_is_planned_for_seven_and_made_up_for_when_no_worker_ran(plain, monkeypatch):
    monkeypatch.setattr(schedule, "_plan", {digest.KIND: schedule._plan[digest.KIND]})
    reader = make_account("staff")
    choice.choose(reader.id, {choice.ADMINISTRATION: choice.DAILY}, 1)
    news(reader)
    with frozen_at(SEVEN - timedelta(hours=2)):
        schedule.plan_due()
        run_due()
        assert mails(reader, outbox.WAITING) == []
    with frozen_at(SEVEN + timedelta(hours=3)):
        schedule.plan_due()
        run_due()
        run_due()

        assert len(mails(reader, outbox.WAITING)) == 1
        [job] = db.session.scalars(select(Job).where(Job.kind == digest.KIND)).all()
        db.session.refresh(job)
        assert job.state == DONE


def test_the_mail_groups_by_what_it_is_about_and_leads_there(session, reader):
    news(reader, 2)
    with frozen_at(NOON):
        tell([reader], "member_added", None, organization="มูลนิธิ <แสงเทียน>")
        db.session.commit()
    send_digests(SEVEN)

    letter = render(mails(reader, outbox.WAITING)[0])

    assert "3 เรื่อง" in letter.subject
    assert letter.text.count("http://localhost/account/\n") == 1
    assert letter.text.count("กรรมการ") == 2
    assert "&lt;แสงเทียน&gt;" in letter.html
    assert "/account/messages/" in letter.text
    assert "\n\n\n" not in letter.text


MINUTES = st.integers(0, 20 * 366 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))


@given(MINUTES)
def test_the_next_digest_is_the_first_seven_o_clock_after_any_moment(moment):
    following = choice.next_digest(moment)

    assert moment < following <= moment + timedelta(days=1)
    assert (following.hour, following.minute, following.utcoffset()) == (7, 0, timedelta(hours=7))


def test_a_records_name_stands_once_over_its_news(session):
    proposal = make_proposal("draft", title="อ่านง่าย")
    reader = proposal.author
    choice.choose(reader.id, {choice.PROPOSALS: choice.DAILY}, 1)
    with frozen_at(NOON):
        for event in ("proposal_ready", "proposal_taken_back"):
            tell([reader], event, proposal, number="2569-0001", title="อ่านง่าย")
        db.session.commit()
    send_digests(SEVEN)

    letter = render(mails(reader, outbox.WAITING)[0])

    assert letter.text.count("2569-0001 อ่านง่าย") == 1
    assert f"http://localhost/proposals/{proposal.id}\n" in letter.text
