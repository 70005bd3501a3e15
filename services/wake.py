"""Wakes the worker when there is something to do: huey over a file in the data folder, or over Redis.

The work itself lies in rows (messages, jobs); a call that is lost costs at most a minute, never the work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from config import Settings
from models.core.db import now
from models.core.job import Job
from models.core.outbox import Message
from services.core import ServiceDown, kept

if TYPE_CHECKING:
    from huey import Huey

log = logging.getLogger("sala.wake")

MAIL, JOBS = "mail", "jobs"
# More calls than these waiting say nothing new to a worker.
_ENOUGH = 8
_CALLS = "wake_calls"


class QueueDown(ServiceDown):
    """The queue that wakes workers does not answer."""


class Bell:
    """The queue between those who have work and the worker that does it."""

    def __init__(self, settings: Settings) -> None:
        from huey import RedisHuey, SqliteHuey
        from huey.serializer import SignedSerializer

        # Tasks are pickled: the signature keeps strangers' pickles out.
        serializer = SignedSerializer(secret=settings.secret_key, salt="sala.wake")
        options: dict[str, Any] = {"results": False, "serializer": serializer}
        self.huey: Huey
        if settings.redis_url:
            from redis import ConnectionPool

            # Longer than the second that a worker listens at a time.
            pool = ConnectionPool.from_url(settings.redis_url, socket_connect_timeout=1, socket_timeout=5)
            self.huey = RedisHuey("sala", connection_pool=pool, **options)
        else:
            self.huey = SqliteHuey("sala", filename=str(settings.data_dir / "queue.db"), timeout=2, **options)
        self._work: dict[str, Callable[[], object]] = {}
        self._answer = self.huey.task(name="answer")(self._do)

    def _do(self, what: str) -> None:
        if what in self._work:
            self._work[what]()

    def ring(self, what: str) -> None:
        """Call the worker to `what`."""
        if self.huey.storage.queue_size() < _ENOUGH:
            self._answer(what)

    def on(self, what: str, work: Callable[[], object]) -> None:
        """In the worker: what to do when called to `what`."""
        self._work[what] = work


def bell() -> Bell:
    """The application's queue."""
    return kept("bell", Bell)


def ring(what: str) -> None:
    """Call the worker to `what`; never raises, for the work is found each minute anyway."""
    try:
        bell().ring(what)
    except Exception as error:  # noqa: BLE001 - a queue that is down must not undo what was just saved
        log.warning("the worker could not be called", extra={"why": type(error).__name__})


def check() -> None:
    """Raise QueueDown when the queue does not answer."""
    try:
        bell().huey.storage.queue_size()
    except Exception as error:
        raise QueueDown(f"{type(error).__name__}: {error}") from error


# --- Nobody has to remember to call: whoever commits a row that is due calls the worker. ---------------------------


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _context: Any) -> None:
    for row in session.new:
        if isinstance(row, Message):
            session.info.setdefault(_CALLS, set()).add(MAIL)
        elif isinstance(row, Job) and row.due_at <= now():
            session.info.setdefault(_CALLS, set()).add(JOBS)


@event.listens_for(Session, "after_commit")
def _call(session: Session) -> None:
    if session.in_nested_transaction() or not has_app_context():
        return
    for what in session.info.pop(_CALLS, ()):
        ring(what)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_CALLS, None)
