"""What happens when: the demo's years are lived through in their order, with the clock held at each moment."""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from models.core import audit
from models.core.clock import BANGKOK, frozen_at, today
from models.core.db import db, now
from models.core.identity import Account

Deed = Callable[[], Any]


class Diary:
    """Deeds by moment; each is one person's, in one transaction, with the clock at its moment."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.until = now()
        self.today = today()
        self._waiting: list[tuple[datetime, int, Account | None, Deed]] = []
        self._order = count()

    def day(self, offset: float, hour: int | None = None, minute: int | None = None) -> datetime:
        """A moment in office hours (unless given) so many days from today, on a weekday."""
        found = self.today + timedelta(days=round(offset))
        found += timedelta(days={5: -1, 6: 1}.get(found.weekday(), 0))
        hour = self.random.randint(8, 16) if hour is None else hour
        minute = self.random.randint(0, 59) if minute is None else minute
        return datetime.combine(
            found, time(hour, minute, 0 if minute % 30 == 0 else self.random.randint(0, 59)), BANGKOK
        )

    def after(self, moment: datetime, lowest: float, highest: float) -> datetime:
        """A moment in office hours, between so many days after another (or before, where they are negative)."""
        offset = (moment.astimezone(BANGKOK).date() - self.today).days + self.random.uniform(lowest, highest)
        found = self.day(offset)
        return found if highest < 0 else max(found, moment + timedelta(minutes=self.random.randint(5, 50)))

    def at(self, moment: datetime, by: Account | None, do: Deed) -> None:
        """Let `by` do something at a moment; what lies in the future is not done."""
        if moment < self.until:
            heapq.heappush(self._waiting, (moment, next(self._order), by, do))

    def run(self) -> None:
        """Live through it all, deeds that follow from deeds included."""
        # What was flushed is held by cycles alone: swept now and then, or every flush looks at all there ever was.
        gc.freeze()
        for number in count():
            if not self._waiting:
                break
            if number % 150 == 0:
                gc.collect()
            moment, _order, by, do = heapq.heappop(self._waiting)
            with frozen_at(moment):
                audit.act_as(by.id if by is not None else None, "127.0.0.1")
                do()
                db.session.commit()
        gc.unfreeze()
        audit.act_as(None)
