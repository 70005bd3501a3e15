"""Does the jobs that are due: leased, run by the handler of their kind, finished or tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from models.core import audit
from models.core.db import begin_writing, db, now, reading
from models.core.file import StoredFile
from models.core.job import CANCELLED, LEASE, MOST_ATTEMPTS, RUNNING, Job, fail, finish, give_up, lease_job

log = logging.getLogger("sala.jobs")


class Cancelled(Exception):
    """Whoever asked for the work does not want it any more; what the handler changed is undone."""


class GivenUp(Exception):
    """The work cannot be done, now or later: its code says why, for whoever asked; it is not tried again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Task:
    """What a handler gets: its parameters, who asked, and `progress` to say how far it is."""

    id: int
    kind: str
    params: dict[str, Any]
    requested_by: int | None
    attempt: int
    reads: bool

    def progress(self, percent: int) -> None:
        """Say how far the work is (0 to 99) and keep the lease; call it more often than every ten minutes.

        Raises Cancelled where the work is not wanted any more.
        """
        change = (
            update(Job)
            .where(Job.id == self.id, Job.state == RUNNING)
            .values(progress=min(max(percent, 0), 99), leased_until=now() + LEASE)
        )
        bind = db.session.get_bind()
        if not self.reads and bind.dialect.name == "sqlite":
            # This job holds the only write lock there is: nobody else could lease it meanwhile.
            db.session.execute(change)
            return
        with db.engine.begin() as connection:
            connection.execute(change)
            state = connection.scalar(select(Job.state).where(Job.id == self.id))
        if state == CANCELLED:
            raise Cancelled


# A handler gives the id of the file it made, or None. Done at least once: it must not mind being run again.
Handler = Callable[[Task], str | None]


@dataclass(frozen=True)
class _Registered:
    run: Handler
    reads: bool


_handlers: dict[str, _Registered] = {}


def job(kind: str, *, reads: bool = False) -> Callable[[Handler], Handler]:
    """Register what does the jobs of a kind.

    With `reads` the handler mostly reads (a render, an export) and does not hold SQLite's write lock: it calls
    `begin_writing()` before it writes. Without, its transaction is a writer's from the start, and it is to be short.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = _Registered(handler, reads)
        return handler

    return register


def run_due(most: int = 1000) -> int:
    """Do the jobs that are due, at most so many; how many were taken. Each in an application context of its own."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    for done in range(most):
        with app.app_context():
            taken = lease_job()
            db.session.commit()
            if taken is None:
                return done
            _run(taken)
    return most


def _run(taken: Job) -> None:
    handler = _handlers.get(taken.kind)
    if handler is None or taken.attempts > MOST_ATTEMPTS:
        # A job that took its worker down with it each time is not run once more.
        fail(taken, "nothing does this kind of work" if handler is None else "its worker died each time")
        db.session.commit()
        return
    audit.act_as(taken.requested_by)
    task = Task(taken.id, taken.kind, taken.params, taken.requested_by, taken.attempts, handler.reads)
    try:
        with reading() if handler.reads else nullcontext():
            file_id = handler.run(task)
            db.session.commit()
    except Cancelled:
        db.session.rollback()
        log.info("job %s (%s) was cancelled", task.id, task.kind)
        return
    except GivenUp as why:
        db.session.rollback()
        give_up(db.session.get_one(Job, task.id, populate_existing=True), why.code)
    except Exception as error:
        db.session.rollback()
        log.exception("job %s (%s) failed", task.id, task.kind)
        broken = db.session.get_one(Job, task.id, populate_existing=True)
        if broken.state != CANCELLED:
            fail(broken, type(error).__name__)
    else:
        _finish(task.id, file_id)
    db.session.commit()


def _finish(job_id: int, file_id: str | None) -> None:
    """Say that the work is done, unless somebody cancelled it in the last moment: then its file is nobody's."""
    begin_writing()
    done = db.session.get_one(Job, job_id, populate_existing=True, with_for_update=True)
    if done.state == CANCELLED:
        if file_id is not None:
            db.session.execute(update(StoredFile).where(StoredFile.id == file_id).values(attached_at=None))
        return
    finish(done, file_id)
