"""What is known of backups: which one is being taken, and when the last good one was (spec: fund.md 12)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Index, Integer, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Id, Model, UtcDateTime, db, now

# A backup that was not seen for so long was killed.
LEASE = timedelta(minutes=3)
# In full every 24 hours, and two to be late.
OVERDUE = timedelta(hours=26)


class Backup(Model):
    """One backup: begun, seen while it is being taken, ended well or with an error."""

    __tablename__ = "core_backup"
    __table_args__ = (Index("ix_core_backup_ended_at", "ended_at", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    files: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    missing: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    size: Mapped[int] = mapped_column(BigInteger, nullable=False, default=0)  # bytes


def running() -> Backup | None:
    """The backup that is being taken at this moment, on whichever machine."""
    alive = (Backup.ended_at.is_(None), Backup.seen_at > now() - LEASE)
    return db.session.scalar(select(Backup).where(*alive).order_by(Backup.id.desc()).limit(1))


def content_may_go() -> bool:
    """Whether content whose row is gone, and committed as gone, may be deleted from storage now.

    While a backup is being taken its snapshot may still name that content; the sweep comes again.
    """
    return running() is None


def last_good() -> datetime | None:
    """When the last backup ended that lacked nothing; None before the first."""
    good = select(Backup.ended_at).where(Backup.ended_at.is_not(None), Backup.error == "", Backup.missing == 0)
    return db.session.scalar(good.order_by(Backup.ended_at.desc()).limit(1))


def still_running(backup_id: int) -> object:
    """The statement that says a backup is alive, for a connection beside the session."""
    return update(Backup).where(Backup.id == backup_id, Backup.ended_at.is_(None)).values(seen_at=now())
