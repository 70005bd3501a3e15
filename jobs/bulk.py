"""Deeds on many records, done by the worker (models.core.bulk says how)."""

from __future__ import annotations

from jobs.runner import Task, job
from models.core import bulk


@job(bulk.KIND, reads=True)
def do_bulk(task: Task) -> None:
    """Do what is still to be done; each record is committed by itself, so that others write in between."""
    bulk.run(task.id, task.progress)
