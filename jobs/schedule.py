"""What is done each hour or day: as job rows with a key per period, so that several workers do it once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.core.clock import BANGKOK
from models.core.db import db, now
from models.core.job import Job, enqueue

Every = Literal["hour", "day"]
_FORMS: dict[str, str] = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d"}
_plan: dict[str, Every] = {}


def schedule(kind: str, every: Every) -> None:
    """Let jobs of this kind come up each hour, or each day in Bangkok."""
    _plan[kind] = every


def plan() -> dict[str, Every]:
    """Kind -> how often."""
    return dict(_plan)


def _key(kind: str, every: Every, moment: datetime) -> str:
    return f"{kind}:{moment.astimezone(BANGKOK).strftime(_FORMS[every])}"


def plan_due() -> int:
    """Write down the work of this hour and day, unless it is there already; how many were new."""
    moment = now()
    keys = {_key(kind, every, moment): kind for kind, every in _plan.items()}
    there = set(db.session.scalars(select(Job.key).where(Job.key.in_(keys))))
    new = 0
    for key in keys.keys() - there:
        try:
            with db.session.begin_nested():
                enqueue(keys[key], key=key)
            new += 1
        except IntegrityError:
            continue  # Another worker wrote it in the same moment.
    db.session.commit()
    return new
