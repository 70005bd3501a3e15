"""Deletes what is past its time and says what; the periods are settings (models.core.retention)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from jobs import sweep
from jobs.runner import Task, job
from jobs.schedule import schedule
from models.core import audit, retention, throttle
from models.core.audit import AuditEntry
from models.core.backup import Backup
from models.core.db import begin_writing, db, now
from models.core.draft import Draft
from models.core.file import StoredFile, orphan_count
from models.core.identity import Account, OneTimeLink, SignInSession
from models.core.imports import Import
from models.core.job import CANCELLED, DONE, Job
from models.core.job import FAILED as JOB_FAILED
from models.core.outbox import FAILED, GATHERED, SENT, Message, Notification
from models.core.registration import forget_unconfirmed, unconfirmed

log = logging.getLogger("sala.retention")

BATCH = 500  # rows of one transaction: nobody waits long for it


@dataclass(frozen=True)
class Rule:
    """What goes: `rows` picks what is past its time, `drop` takes a batch of those keys away."""

    name: str
    model: Any
    past: Callable[[], Any]  # the condition, with the periods of today
    drop: Callable[[list[Any]], None] | None = None

    @property
    def key(self) -> Any:
        """The primary key's column."""
        [column] = self.model.__table__.primary_key.columns
        return column

    def count(self) -> int:
        """How many rows are past their time."""
        return db.session.scalar(select(func.count()).select_from(self.model).where(self.past())) or 0

    def apply(self) -> int:
        """Take them away, each batch in a transaction of its own; how many went."""
        gone = 0
        while True:
            begin_writing()
            keys = list(db.session.scalars(select(self.key).where(self.past()).order_by(self.key).limit(BATCH)))
            if keys:
                if self.drop is None:
                    db.session.execute(delete(self.model).where(self.key.in_(keys)))
                else:
                    self.drop(keys)
            db.session.commit()
            gone += len(keys)
            if len(keys) < BATCH:
                return gone


def _before(name: str) -> Any:
    return now() - retention.lasts(name)


def _sessions() -> Any:
    before = _before(retention.SESSIONS)
    return or_(SignInSession.ended_at < before, SignInSession.seen_at < before)


def _messages() -> Any:
    over = Message.state.in_((SENT, FAILED, GATHERED))
    return over & (func.coalesce(Message.sent_at, Message.made_at) < _before(retention.MESSAGES))


def _jobs() -> Any:
    # A job whose file is still there goes with its file, not before.
    ended = Job.state.in_((DONE, CANCELLED, JOB_FAILED)) & Job.file_id.is_(None)
    return ended & (Job.ended_at < _before(retention.JOBS))


def _log_values() -> Any:
    return AuditEntry.payload.is_not(None) & (AuditEntry.at < _before(retention.LOG_VALUES))


def _exports() -> Any:
    return Job.file_id.is_not(None) & (Job.ended_at < _before(retention.EXPORTS))


def _forget_values(keys: list[Any]) -> None:
    """The chain links digests of the values: without values and salt it still holds, and nothing can be guessed."""
    db.session.execute(update(AuditEntry).where(AuditEntry.seq.in_(keys)).values(payload=None, salt=""))


def _let_files_go(keys: list[Any]) -> None:
    """The file is nobody's any more, and the next sweep of uploads takes it."""
    ids = list(db.session.scalars(select(Job.file_id).where(Job.id.in_(keys))))
    db.session.execute(update(Job).where(Job.id.in_(keys)).values(file_id=None))
    db.session.execute(update(StoredFile).where(StoredFile.id.in_(ids)).values(attached_at=None))


def _let_imports_go(keys: list[Any]) -> None:
    """The rows go with all they found; the next sweep of uploads takes their files."""
    rows = select(Import.file_id, Import.plan_id, Import.report_id).where(Import.id.in_(keys))
    ids = [file_id for row in db.session.execute(rows) for file_id in row if file_id is not None]
    db.session.execute(delete(Import).where(Import.id.in_(keys)))
    db.session.execute(update(StoredFile).where(StoredFile.id.in_(ids)).values(attached_at=None))


class Uploads:
    """Files that no row named in time; their content goes with them."""

    name = "uploads"

    def count(self) -> int:
        """How many there are."""
        return orphan_count()

    def apply(self) -> int:
        """Take them away; how many went."""
        return sweep.sweep_uploads()


HOURLY: tuple[Rule, ...] = (
    Rule("throttle", throttle.Throttle, lambda: throttle.Throttle.ends_at < now()),
    Rule("unconfirmed", Account, unconfirmed, lambda _keys: forget_unconfirmed()),
)
DAILY: tuple[Rule, ...] = (
    Rule("drafts", Draft, lambda: Draft.saved_at < _before(retention.DRAFTS)),
    Rule("sessions", SignInSession, _sessions),
    Rule("links", OneTimeLink, lambda: OneTimeLink.expires_at < _before(retention.LINKS)),
    Rule("messages", Message, _messages),
    Rule("notifications", Notification, lambda: Notification.told_at < _before(retention.NOTIFICATIONS)),
    Rule("exports", Job, _exports, _let_files_go),
    Rule("jobs", Job, _jobs),
    Rule("imports", Import, lambda: Import.made_at < _before(retention.EXPORTS), _let_imports_go),
    Rule("backups", Backup, lambda: Backup.ended_at < _before(retention.MESSAGES)),
    Rule("log_values", AuditEntry, _log_values, _forget_values),
)


def past() -> dict[str, int]:
    """What would go now: name -> rows. Nothing is changed."""
    return {rule.name: rule.count() for rule in (*HOURLY, *DAILY, Uploads())}


def apply(told: Callable[[str], object] = lambda _name: None) -> dict[str, int]:
    """Take away all that is past its time: name -> rows; noted in the log when there was anything but counts."""
    gone = {}
    for rule in (*HOURLY, *DAILY, Uploads()):
        told(rule.name)
        gone[rule.name] = rule.apply()
    found = {name: count for name, count in gone.items() if count and name != "throttle"}
    if found:
        begin_writing()
        audit.note("retention.applied", entity="system", **found)
        db.session.commit()
        log.info("past its time", extra=found)
    return gone


@job("sweep", reads=True)
def hourly(_task: Task) -> None:
    """What is over within the day: counts of tries, accounts that nobody confirmed."""
    for rule in HOURLY:
        rule.apply()


@job("retention", reads=True)
def daily(task: Task) -> None:
    """All that is past its time."""
    apply(lambda _name: task.progress(50))


schedule("sweep", "hour")
schedule("retention", "day", at=time(3, 30))
