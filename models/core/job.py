"""Work that outlives a request, as rows: taken on lease, done at least once, once only by its key."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, and_, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Id, Json, Model, UtcDateTime, db, now
from models.core.workflow import Refusal, Refused

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 5


class Job(Model):
    """One piece of work: what, for whom, how far, and what came of it."""

    __tablename__ = "core_job"
    __table_args__ = (
        Index("ix_core_job_due", "state", "due_at", "id"),
        Index("ix_core_job_requested_by", "requested_by", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), nullable=False)
    params: Mapped[Any] = mapped_column(Json, nullable=False)
    key: Mapped[str] = mapped_column(String(120), nullable=False, unique=True)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default=WAITING)
    attempts: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    progress: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_id: Mapped[str | None] = mapped_column(ForeignKey("core_file.id"))
    error: Mapped[str] = mapped_column(Text, nullable=False, default="")


def enqueue(
    kind: str, params: Any = None, *, key: str | None = None, by: int | None = None, due_at: datetime | None = None
) -> Job:
    """Want a piece of work, in the open transaction; with `key`, once only: the row already there is returned."""
    if key is not None and (found := db.session.scalar(select(Job).where(Job.key == key))):
        return found
    job = Job(kind=kind, params=params or {}, key=key or secrets.token_hex(16), requested_by=by, due_at=due_at or now())
    db.session.add(job)
    db.session.flush()
    return job


def lease_job() -> Job | None:
    """Take the job that is due first, or one whose worker died; commit before working."""
    moment = now()
    ready = or_(
        and_(Job.state == WAITING, Job.due_at <= moment),
        and_(Job.state == RUNNING, Job.leased_until < moment),
    )
    found = db.session.scalar(
        select(Job.id).where(ready).order_by(Job.due_at, Job.id).limit(1).with_for_update(skip_locked=True)
    )
    if found is None:
        return None
    taken = db.session.execute(
        update(Job)
        .where(Job.id == found, ready)
        .values(state=RUNNING, leased_until=moment + LEASE, attempts=Job.attempts + 1)
    )
    return db.session.get(Job, found, populate_existing=True) if taken.rowcount == 1 else None


def finish(job: Job, file_id: str | None = None) -> None:
    """The work is done, perhaps with a file to fetch."""
    job.state, job.progress, job.file_id, job.ended_at, job.error = DONE, 100, file_id, now(), ""


def fail(job: Job, error: str) -> None:
    """The work failed: again later, or given up after `MOST_ATTEMPTS`."""
    job.error = error[:2000]
    if job.attempts >= MOST_ATTEMPTS:
        job.state, job.ended_at = FAILED, now()
    else:
        job.state, job.due_at = WAITING, now() + timedelta(minutes=2**job.attempts)


def give_up(job: Job, code: str) -> None:
    """The work cannot be done, and trying again would change nothing; one that was cancelled stays so."""
    if job.state != CANCELLED:
        job.state, job.ended_at, job.error = FAILED, now(), code


def retry(job: Job) -> None:
    """Let work that was given up be done anew, at once; the caller commits. Raises Refused: job_not_failed."""
    taken = db.session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == FAILED)
        .values(state=WAITING, attempts=0, progress=0, due_at=now(), ended_at=None, leased_until=None)
    )
    if taken.rowcount != 1:
        raise Refused(Refusal("job_not_failed"))
    db.session.refresh(job)


def cancel(job: Job) -> None:
    """Stop work that waits or runs; its worker sees it when it next says how far it is. The caller commits.

    Raises Refused: job_is_over.
    """
    taken = db.session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state.in_((WAITING, RUNNING)))
        .values(state=CANCELLED, ended_at=now(), leased_until=None)
    )
    if taken.rowcount != 1:
        raise Refused(Refusal("job_is_over"))
    db.session.refresh(job)
