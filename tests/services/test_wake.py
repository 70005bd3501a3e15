"""Whoever commits work calls the worker; a call that is lost loses no work."""

from __future__ import annotations

import pytest

from models.core.clock import later
from models.core.db import db
from models.core.job import enqueue
from models.core.outbox import post
from services import wake
from tests.servers import REDIS_URL, free_port, redis_answers


def calls() -> int:
    return wake.bell().huey.storage.queue_size()


def test_a_committed_message_calls_the_worker_once(plain):
    post("a@x.example", "test")
    post("b@x.example", "test")
    db.session.flush()
    assert calls() == 0

    db.session.commit()

    assert calls() == 1


def test_what_is_undone_calls_nobody(plain):
    enqueue("test")
    db.session.rollback()
    db.session.commit()

    assert calls() == 0


def test_a_job_for_later_calls_nobody_now(plain):
    enqueue("test", due_at=later(hours=1))
    db.session.commit()

    assert calls() == 0


def test_calls_do_not_pile_up_while_the_worker_is_away(plain):
    for _ in range(50):
        wake.ring(wake.JOBS)

    assert calls() <= 8


@pytest.mark.parametrize("queue", ["file", "redis"])
def test_a_call_reaches_what_the_worker_does(make_app, queue):
    if queue == "redis" and not redis_answers():
        pytest.skip("Redis does not answer")
    with make_app(**({"SALA_REDIS_URL": REDIS_URL} if queue == "redis" else {})).app_context():
        done = []
        wake.check()
        wake.bell().huey.flush()
        wake.bell().on(wake.MAIL, lambda: done.append("mail"))
        wake.bell().ring(wake.MAIL)

        huey = wake.bell().huey
        huey.execute(huey.dequeue())

        assert done == ["mail"]


def test_a_queue_that_is_away_undoes_nothing(make_app):
    with make_app(SALA_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0").app_context():
        message = post("a@x.example", "test")
        db.session.commit()

        assert message.id
