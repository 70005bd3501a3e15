"""What is past its time goes, on its day and not before; a trial says what would go; the audit chain stays whole."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from jobs import retention
from jobs.runner import Task
from models.core import audit, draft, outbox, setting, throttle
from models.core import retention as periods
from models.core.audit import AuditEntry
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.draft import Draft
from models.core.file import StoredFile, new_file_id
from models.core.identity import OneTimeLink, SignInSession, make_link, open_session
from models.core.job import Job, enqueue, finish
from models.core.outbox import Message, Notification
from services import storage
from tests.factories.core import make_account


def stored() -> StoredFile:
    file = StoredFile(id=new_file_id(), purpose="test", name="a.zip", content_type="application/zip")
    file.size, file.sha256 = storage.put(file.key, io.BytesIO(b"x"), 10)
    db.session.add(file)
    db.session.flush()
    return file


@pytest.fixture
def account(plain):
    """Somebody of whom rows remain."""
    made = make_account()
    db.session.commit()
    return made


def leave_traces(account: Any) -> None:
    """One row of each kind that passes."""
    throttle.hit("t", timedelta(hours=1))
    draft.keep(account.id, "f", "1", "", 1, {})
    open_session(account, "device", "")
    make_link(account.id, "reset", timedelta(hours=1))
    outbox.tell([account], "told")
    outbox.was_sent(db.session.scalars(select(Message)).one())
    finish(enqueue("done"))
    exported = stored()
    exported.attach()
    finish(enqueue("exported", by=account.id), exported.id)
    audit.note("test.changed", entity="test", secret="ความลับ")
    stored()
    db.session.commit()


# Days after which each kind goes; the log's values after 10 years.
LASTS = {
    "throttle": 0.1,
    "uploads": 2,
    "exports": 7,
    "links": 30,
    "jobs": 30,
    "sessions": 90,
    "drafts": 180,
    "messages": 365,
    "notifications": 365,
    "log_values": 3652.5,
}


def test_each_kind_goes_on_its_day_and_not_before(account):
    leave_traces(account)
    for name, days in LASTS.items():
        if days > 1:
            with frozen_at(now() + timedelta(days=days, hours=-1)):
                assert retention.past()[name] == 0, name
        with frozen_at(now() + timedelta(days=days, hours=2)):
            assert retention.past()[name] >= 1, name


def test_a_trial_changes_nothing_and_the_deed_takes_what_the_trial_said(account):
    leave_traces(account)
    counted = (Draft, SignInSession, OneTimeLink, Message, Notification, Job, throttle.Throttle)

    def rows() -> list[int]:
        return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in counted]

    before = rows()
    with frozen_at(now() + timedelta(days=400)):
        said = retention.past()
        assert rows() == before
        db.session.commit()
        gone = retention.apply()

    # The file of the export is let go by one rule and taken by another in the same round, the job after it.
    assert {name: count for name, count in gone.items() if name not in ("uploads", "jobs")} == {
        name: count for name, count in said.items() if name not in ("uploads", "jobs")
    }
    assert (gone["uploads"], gone["jobs"]) == (2, 2)
    assert rows() == [0] * len(counted)
    assert list(storage.listed()) == []
    last = select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(1)
    assert db.session.scalar(last) == "retention.applied"


def test_what_is_in_time_stays(account):
    leave_traces(account)
    with frozen_at(now() + timedelta(minutes=5)):
        assert not any(retention.apply().values())
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 1


def test_the_office_sets_the_periods(account):
    leave_traces(account)
    db.session.add(setting.SettingsVersion(id=1, version=1))
    setting.change(periods.DRAFTS, 30, 0)
    db.session.commit()

    with frozen_at(now() + timedelta(days=31)):
        assert retention.past()["drafts"] == 1


@pytest.mark.parametrize(("name", "value"), [(periods.LOG_VALUES, 1), (periods.SESSIONS, 89)])
def test_no_period_is_shorter_than_the_law_lets(account, name, value):
    with pytest.raises(setting.WrongSetting):
        setting.change(name, value, 0)


def test_old_entries_of_the_log_lose_their_values_and_the_chain_stays_whole(account):
    leave_traces(account)
    with frozen_at(now() + timedelta(days=3660)):
        retention.apply()

        assert audit.verify() is None
        db.session.rollback()
        entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "test.changed"))
        assert (entry.payload, entry.salt) == (None, "")
        # Whoever takes them to be untouched values is not believed.
        entry.payload = {"notes": []}
        db.session.flush()
        assert audit.verify().why == "payload"
        db.session.rollback()


def test_more_than_one_batch_goes(account):
    db.session.add_all(
        Notification(user_id=account.id, event="e", values={}, told_at=now() - timedelta(days=500)) for _ in range(1203)
    )
    db.session.commit()

    assert retention.apply()["notifications"] == 1203


def test_the_daily_job_does_it(account):
    leave_traces(account)
    job_id = enqueue("retention").id
    db.session.commit()
    with frozen_at(now() + timedelta(days=400)):
        retention.daily(Task(job_id, "retention", {}, None, 1, reads=True))
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_the_command_says_what_would_go_and_what_went(account, plain):
    leave_traces(account)
    run = plain.test_cli_runner().invoke
    with frozen_at(now() + timedelta(days=200)):
        trial = run(args=["sala", "retention", "--dry-run"])
        deed = run(args=["sala", "retention"])
        again = run(args=["sala", "retention"])

    assert "would go" in trial.output
    assert "kept typing that was never saved" in trial.output
    assert "deleted" in deed.output
    assert "Nothing is past its time" in again.output
