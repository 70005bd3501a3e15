"""Jobs are done at least once, tried again when they fail, and given up in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs import runner, schedule
from jobs.runner import job, run_due
from models.core import audit
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.job import (
    CANCELLED,
    DONE,
    FAILED,
    LEASE,
    MOST_ATTEMPTS,
    RUNNING,
    WAITING,
    Job,
    cancel,
    enqueue,
    lease_job,
)
from models.core.throttle import Throttle, hit
from models.core.workflow import Refused
from tests.factories.core import make_account


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch):
    """Handlers registered by a test are gone after it."""
    monkeypatch.setattr(runner, "_handlers", {})
    monkeypatch.setattr(schedule, "_plan", {})


def wanted(kind: str, **params: object) -> int:
    row = enqueue(kind, params)
    db.session.commit()
    return row.id


def state_of(job_id: int) -> Job:
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_is_done_once_with_what_it_was_given(plain):
    seen = []

    @job("test")
    def handler(task):
        seen.append((task.params, task.attempt))

    job_id = wanted("test", number=5)

    assert run_due() == 1
    assert run_due() == 0
    assert seen == [({"number": 5}, 1)]
    assert (state_of(job_id).state, state_of(job_id).progress) == (DONE, 100)


def test_what_a_failed_job_changed_is_undone_and_it_comes_again(plain):
    @job("test")
    def handler(_task):
        hit("half", timedelta(hours=1))
        raise ValueError("1103700000001")

    job_id = wanted("test")
    run_due()

    row = state_of(job_id)
    assert db.session.get(Throttle, "half") is None
    assert (row.state, row.attempts) == (WAITING, 1)
    assert row.due_at > now()
    assert row.error == "ValueError"


def test_a_job_that_keeps_failing_is_given_up(plain):
    @job("test")
    def handler(_task):
        raise ValueError

    job_id = wanted("test")
    for day in range(MOST_ATTEMPTS + 2):
        with frozen_at(now() + timedelta(days=day)):
            run_due()

    assert state_of(job_id).state == FAILED
    assert state_of(job_id).attempts == MOST_ATTEMPTS


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends(plain):
    done = []
    job("test")(lambda task: done.append(task.attempt))
    wanted("test")
    lease_job()
    db.session.commit()

    assert run_due() == 0
    with frozen_at(now() + LEASE + timedelta(seconds=1)):
        assert run_due() == 1

    assert done == [2]


def test_a_job_that_kills_each_worker_is_not_run_for_ever(plain):
    job("test")(lambda _task: pytest.fail("must not run"))
    job_id = wanted("test")
    for hour in range(MOST_ATTEMPTS):
        with frozen_at(now() + timedelta(hours=hour)):
            lease_job()
            db.session.commit()

    with frozen_at(now() + timedelta(days=1)):
        run_due()

    assert state_of(job_id).state == FAILED


def test_progress_is_seen_by_others_while_a_reading_job_runs_and_keeps_the_lease(plain):
    seen = []

    @job("test", reads=True)
    def handler(task):
        db.session.scalar(select(Job.id))
        with frozen_at(now() + timedelta(minutes=9)):
            task.progress(40)
        with db.engine.connect() as other:
            seen.append(other.execute(select(Job.progress, Job.state, Job.leased_until)).one())

    job_id = wanted("test")
    run_due()

    assert seen[0][:2] == (40, RUNNING)
    assert seen[0][2] > now() + timedelta(minutes=15)
    assert state_of(job_id).state == DONE


def test_a_reading_job_holds_no_write_lock(plain):
    @job("test", reads=True)
    def handler(_task):
        db.session.scalar(select(Job.id))
        with db.engine.begin() as other:
            other.execute(Throttle.__table__.insert().values(key="k", count=1, ends_at=now()))

    job_id = wanted("test")
    run_due()

    assert state_of(job_id).state == DONE


def test_a_writing_job_may_say_its_progress(plain):
    @job("test")
    def handler(task):
        hit("k", timedelta(hours=1))
        task.progress(40)

    job_id = wanted("test")
    run_due()

    assert state_of(job_id).state == DONE


def test_what_a_job_does_is_done_in_the_name_of_who_asked(plain):
    @job("test")
    def handler(_task):
        audit.note("test.done", entity="test")

    asker = make_account().id
    enqueue("test", by=asker)
    db.session.commit()
    run_due()

    entry = db.session.scalar(select(audit.AuditEntry).where(audit.AuditEntry.action == "test.done"))
    assert entry.actor_id == asker


def test_work_that_nobody_knows_is_said(plain):
    job_id = wanted("unheard of")
    run_due()

    assert "nothing does" in state_of(job_id).error


def test_each_hours_work_is_written_down_once(plain):
    schedule.schedule("test", "hour")

    with frozen_at(now().replace(minute=5)):
        assert schedule.plan_due() == 1
        assert schedule.plan_due() == 0
    with frozen_at(now().replace(minute=5) + timedelta(hours=1)):
        assert schedule.plan_due() == 1


def test_a_day_begins_at_midnight_in_bangkok(plain):
    schedule.schedule("test", "day")
    before = now().replace(hour=16, minute=59)

    with frozen_at(before):
        schedule.plan_due()
    with frozen_at(before + timedelta(minutes=2)):
        assert schedule.plan_due() == 1


def test_a_job_that_is_cancelled_meanwhile_stops_at_its_next_word_and_is_not_done_again(plain):
    seen = []

    @job("test", reads=True)
    def handler(task):
        hit("half", timedelta(hours=1))
        db.session.commit()
        cancel(db.session.get_one(Job, task.id))
        db.session.commit()
        seen.append("begun")
        task.progress(50)
        seen.append("went on")

    job_id = wanted("test")

    assert run_due() == 1
    assert run_due() == 0
    assert seen == ["begun"]
    assert (state_of(job_id).state, state_of(job_id).error) == (CANCELLED, "")


def test_a_job_that_is_cancelled_before_its_turn_is_never_begun(plain):
    seen = []
    job("test")(seen.append)
    row = state_of(wanted("test"))

    cancel(row)
    db.session.commit()

    assert run_due() == 0
    assert seen == []


def test_what_is_over_cannot_be_cancelled(plain):
    job("test")(lambda _task: None)
    job_id = wanted("test")
    run_due()

    with pytest.raises(Refused):
        cancel(state_of(job_id))

    assert state_of(job_id).state == DONE
