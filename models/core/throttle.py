"""A small table of counted tries, for limits when there is no Redis."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, String, case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Model, UtcDateTime, db, now


class Throttle(Model):
    """How often something was tried in the window that ends then."""

    __tablename__ = "core_throttle"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int] = mapped_column(Integer, nullable=False)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, index=True)


def hit(key: str, window: timedelta, times: int = 1) -> tuple[int, datetime]:
    """Count a try, or several `times` one, under `key`: how many in this window with it, and when that ends (UTC)."""
    moment = now()
    insert: Any = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    over = Throttle.ends_at <= moment
    statement = insert(Throttle).values(key=key, count=times, ends_at=moment + window)
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((over, times), else_=Throttle.count + times),
            "ends_at": case((over, moment + window), else_=Throttle.ends_at),
        },
    ).returning(Throttle.count, Throttle.ends_at)
    count, ends_at = db.session.execute(statement).one()
    return int(count), ends_at


def forget(key: str) -> None:
    """Start the count of `key` anew, as after a success."""
    db.session.execute(delete(Throttle).where(Throttle.key == key))


def sweep() -> int:
    """Delete windows that are over; how many."""
    return int(db.session.execute(delete(Throttle).where(Throttle.ends_at < now())).rowcount)
