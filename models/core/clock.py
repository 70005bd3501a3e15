"""The one clock, so that tests can hold it still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

_frozen: datetime | None = None


def now() -> datetime:
    """The present moment as an aware UTC datetime, the only form that is stored."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """The calendar day in Bangkok, which is what people and fiscal years mean by a day."""
    return now().astimezone(BANGKOK).date()


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware); for tests and demo data only."""
    global _frozen
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before


def later(**delta: float) -> datetime:
    """The moment `timedelta(**delta)` from now, UTC."""
    return now() + timedelta(**delta)
