"""What is done each hour or day: as job rows with a key per period, so that several workers do it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.core.clock import BANGKOK
from models.core.db import db, now
from models.core.job import Job, enqueue

Every = Literal["hour", "day"]
_FORMS: dict[str, str] = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d"}


@dataclass(frozen=True)
class _Planned:
    every: Every
    at: time | None = None

    def due_at(self, moment: datetime) -> datetime:
        """When the work of this hour or day is due: at once, or at its time in Bangkok."""
        local = moment.astimezone(BANGKOK)
        return moment if self.at is None else datetime.combine(local.date(), self.at, BANGKOK)


_plan: dict[str, _Planned] = {}


def schedule(kind: str, every: Every, *, at: time | None = None) -> None:
    """Let jobs of this kind come up each hour, or each day in Bangkok; of a day, not before the time `at`.

    The job's parameter `due` is that time (ISO 8601); a day whose time went by while no worker ran is made up for.
    """
    _plan[kind] = _Planned(every, at)


def plan() -> dict[str, Every]:
    """Kind -> how often."""
    return {kind: planned.every for kind, planned in _plan.items()}


def _key(kind: str, every: Every, moment: datetime) -> str:
    return f"{kind}:{moment.astimezone(BANGKOK).strftime(_FORMS[every])}"


def plan_due() -> int:
    """Write down the work of this hour and day, unless it is there already; how many were new."""
    moment = now()
    keys = {_key(kind, planned.every, moment): kind for kind, planned in _plan.items()}
    there = set(db.session.scalars(select(Job.key).where(Job.key.in_(keys))))
    new = 0
    for key in keys.keys() - there:
        planned = _plan[keys[key]]
        due_at = planned.due_at(moment)
        params = {"due": due_at.isoformat()} if planned.at is not None else None
        try:
            with db.session.begin_nested():
                enqueue(keys[key], params, key=key, due_at=due_at)
            new += 1
        except IntegrityError:
            continue  # Another worker wrote it in the same moment.
    db.session.commit()
    return new
