"""The worker process sends and works, when called and by itself, and stops when told."""

from __future__ import annotations

import threading

from jobs import letters, runner
from jobs.runner import job
from jobs.worker import Worker
from models.core.db import db
from models.core.job import DONE, Job, enqueue
from models.core.outbox import SENT, Message, post
from services import wake
from tests.servers import smtp_server


def test_one_kind_of_work_runs_in_one_thread_at_a_time(plain):
    worker = Worker(plain)
    order: list[str] = []

    def outer() -> None:
        order.append("begin")
        worker.do(wake.JOBS, lambda: order.append("again"))
        worker.do(wake.MAIL, lambda: order.append("mail"))
        order.append("end")

    worker.do(wake.JOBS, outer)

    assert order == ["begin", "mail", "end"]


def test_a_failure_stops_neither_the_worker_nor_the_next_round(plain):
    worker = Worker(plain)
    done: list[int] = []

    worker.do(wake.MAIL, lambda: 1 / 0)
    worker.do(wake.MAIL, lambda: done.append(1))

    assert done == [1]


def test_work_that_was_there_before_the_worker_is_found(make_app, monkeypatch):
    monkeypatch.setattr(runner, "_handlers", dict(runner._handlers))
    monkeypatch.setattr(letters, "_general", [])
    done = threading.Event()
    job("test")(lambda _task: done.set())
    with smtp_server() as server:
        app = make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}")
        with app.app_context():
            post("a@x.example", "test")
            enqueue("test")
            db.session.commit()
        worker = Worker(app)
        worker.send()
        worker.work()

        with app.app_context():
            assert db.session.query(Message).one().state == SENT
            assert db.session.query(Job).filter_by(kind="test").one().state == DONE
    assert done.is_set()
