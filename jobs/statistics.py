"""Folds what changed in the statistics into their sums, so that reading stays quick (docs: architecture.md)."""

from __future__ import annotations

from jobs.runner import Task, job
from jobs.schedule import schedule
from models.core.db import db
from models.fund.statistics import keeping

MOST_PARTS = 100


@job("fund_statistics")
def fold_statistics(_task: Task) -> None:
    """Fold what there is, a part at a time so that nobody waits long; what a run leaves is left to the next hour."""
    for _ in range(MOST_PARTS):
        count = keeping.fold()
        db.session.commit()
        if count < keeping.FOLDED_AT_ONCE:
            return


schedule("fund_statistics", "hour")
