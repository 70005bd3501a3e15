"""One deed on many records: asked for at once, done one by one, each refused one told with its reason.

Every record is a row of its own, marked in the very transaction that changes the record: work that was cut off goes on
where it stood, and a second run does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Id, Json, Model, StaleVersion, begin_writing, db, now
from models.core.entity import Entity, deeds, entity_named
from models.core.entity.rows import deleted_for, read_key, seen_by
from models.core.entity.values import WrongValues
from models.core.identity import Account
from models.core.job import RUNNING, Job, enqueue, finish
from models.core.workflow import Refused

KIND = "bulk"
MOST = 1_000
AT_ONCE = 20  # records that a request changes while somebody waits
DEEDS = ("delete", "restore", "set")

WAITS, DID = "waits", "done"
STALE, GONE, WRONG = "stale", "gone", "wrong_value"


class BulkRow(Model):
    """One record of a bulk deed: what was read of it, and what came of it (a refusal's code and values)."""

    __tablename__ = "core_bulk_row"
    __table_args__ = (Index("ix_core_bulk_row_outcome", "job_id", "outcome", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("core_job.id", ondelete="CASCADE"), nullable=False)
    key: Mapped[str] = mapped_column(String(100), nullable=False)
    stamp: Mapped[str] = mapped_column(String(40), nullable=False)
    outcome: Mapped[str] = mapped_column(String(60), nullable=False, default=WAITS)
    said: Mapped[Any | None] = mapped_column(Json)
    position: Mapped[int] = mapped_column(Integer, nullable=False)


@dataclass(frozen=True)
class Asked:
    """What is to be done with each record: delete, restore, or set a field to a value."""

    deed: str
    field: str = ""
    value: str = ""


def ask(entity: Entity, user: Account, asked: Asked, records: Sequence[tuple[Any, str]]) -> Job:
    """Want the deed done with these records (key and stamp as they were read); the caller commits.

    A few are to be done at once by `run`: their job counts as taken, so that no worker takes it too.
    """
    params = {"entity": entity.name, "deed": asked.deed, "field": asked.field, "value": asked.value}
    job = enqueue(KIND, params, by=user.id)
    if len(records) <= AT_ONCE:
        job.state, job.attempts, job.leased_until = RUNNING, 1, now() + timedelta(minutes=2)
    db.session.add_all(
        BulkRow(job_id=job.id, key=str(key), stamp=stamp, position=position)
        for position, (key, stamp) in enumerate(records, 1)
    )
    db.session.flush()
    return job


def run(job_id: int, on_progress: Callable[[int], None] | None = None) -> None:
    """Do what is still to be done of a job, each record in a transaction of its own."""
    begin_writing()
    job = db.session.get_one(Job, job_id)
    asked = Asked(job.params["deed"], job.params["field"], job.params["value"])
    entity, user_id = entity_named(job.params["entity"]), job.requested_by
    rows = select(BulkRow.id).where(BulkRow.job_id == job_id)
    total = len(db.session.scalars(rows).all())
    waiting = db.session.scalars(rows.where(BulkRow.outcome == WAITS).order_by(BulkRow.id)).all()
    db.session.commit()
    for done, row_id in enumerate(waiting, total - len(waiting)):
        if on_progress is not None and done % AT_ONCE == 0:
            on_progress(100 * done // total)
        begin_writing()
        _one(entity, user_id, asked, row_id)


def finish_at_once(job_id: int) -> None:
    """Say that a job that `run` did within a request is over; the caller commits."""
    finish(db.session.get_one(Job, job_id))


class _Gone(Exception):
    """The record is not there any more, or not for this user."""


def _one(entity: Entity | None, user_id: int | None, asked: Asked, row_id: int) -> None:
    """Do the deed with one record and mark its row; both are committed, or the reason why not."""
    row = db.session.get_one(BulkRow, row_id, with_for_update=True)
    if row.outcome != WAITS:
        db.session.commit()
        return
    user = db.session.get(Account, user_id) if user_id is not None else None
    outcome, said = DID, None  # type: str, dict[str, Any] | None
    try:
        if entity is None or user is None or not user.is_active:
            outcome = GONE
        else:
            _do(entity, user, asked, row)
    except Refused as refused:
        outcome, said = refused.refusal.code, refused.refusal.values
    except StaleVersion:
        outcome = STALE
    except WrongValues as wrong:
        outcome, said = WRONG, {"fields": sorted(wrong.errors)}
    except _Gone:
        outcome = GONE
    if outcome != DID:
        db.session.rollback()
        begin_writing()
        row = db.session.get_one(BulkRow, row_id)
    row.outcome, row.said = outcome, said
    db.session.commit()


def _do(entity: Entity, user: Account, asked: Asked, row: BulkRow) -> None:
    key = read_key(entity, row.key)
    rows = deleted_for(entity, user) if asked.deed == "restore" else seen_by(entity, user)
    record = db.session.scalar(rows.where(entity.pk == key)) if key is not None else None
    if record is None:
        raise _Gone
    if asked.deed == "delete":
        deeds.delete(entity, user, record, row.stamp)
    elif asked.deed == "restore":
        deeds.restore(entity, user, record, row.stamp)
    else:
        deeds.change(entity, user, record, {asked.field: asked.value}, row.stamp)


@dataclass(frozen=True)
class Outcome:
    """How far a bulk deed is: all its records, those done, and the rows of the refused ones."""

    total: int
    done: int
    refused: list[BulkRow]

    @property
    def handled(self) -> int:
        """Records that were done or refused."""
        return self.done + len(self.refused)


def outcome_of(job: Job) -> Outcome:
    """What came of a job so far; two queries."""
    grouped = select(BulkRow.outcome, func.count()).where(BulkRow.job_id == job.id).group_by(BulkRow.outcome)
    counts: dict[str, int] = {row.outcome: row[1] for row in db.session.execute(grouped)}
    rows = select(BulkRow).where(BulkRow.job_id == job.id, BulkRow.outcome.not_in((WAITS, DID)))
    refused: Iterable[BulkRow] = db.session.scalars(rows.order_by(BulkRow.position))
    return Outcome(sum(counts.values()), counts.get(DID, 0), list(refused))
