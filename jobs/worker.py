"""The worker process: waits to be called, and looks by itself each minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Flask

from jobs import digest, heads, outbox, privacy, retention, runner, schedule, sweep
from models.core.db import db
from services import wake

log = logging.getLogger("sala.worker")

# Imported for what they register.
WORK = (digest, heads, privacy, retention, sweep)
MINUTE = 60.0


class Worker:
    """Runs each kind of work in one thread at a time: a long job holds up no mail."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._turns = {wake.MAIL: threading.Lock(), wake.JOBS: threading.Lock()}
        self._stopping = threading.Event()

    def do(self, what: str, work: Callable[[], object]) -> None:
        """Do the work in a context of its own, unless a thread of this process is at it already."""
        if not self._turns[what].acquire(blocking=False):
            return
        try:
            with self._app.app_context():
                work()
        except Exception as error:  # noqa: BLE001 - the database may be away; the next minute tries again
            log.warning("%s had to stop", what, extra={"why": type(error).__name__})
        finally:
            self._turns[what].release()

    def send(self) -> None:
        """Send what is due."""
        self.do(wake.MAIL, outbox.send_due)

    def work(self) -> None:
        """Plan and do what is due."""

        def both() -> None:
            schedule.plan_due()
            runner.run_due()

        self.do(wake.JOBS, both)

    def _each_minute(self, work: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            work()
            self._stopping.wait(MINUTE)

    def run(self) -> None:
        """Run until SIGINT or SIGTERM; both let the work in hand be finished first."""
        with self._app.app_context():
            bell = wake.bell()
            db.engine.dispose()
        bell.on(wake.MAIL, self.send)
        bell.on(wake.JOBS, self.work)
        # Not the queue's own clock: with the queue down the work must still be found.
        for work in (self.send, self.work):
            threading.Thread(target=self._each_minute, args=(work,), daemon=True).start()
        consumer = bell.huey.create_consumer(workers=2, periodic=False, max_delay=0.5, graceful_signal="TERM")
        log.info("worker started")
        consumer.run()
        self._stopping.set()


def run(app: Flask) -> None:
    """Be the worker of this application."""
    Worker(app).run()
