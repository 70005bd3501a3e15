"""Takes away files that nobody needs: rows without use, content without a row. What else goes: jobs.retention."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from jobs.runner import Task, job
from jobs.schedule import schedule
from models.core.backup import content_may_go
from models.core.db import begin_writing, db, now
from models.core.file import STAGING_LASTS, StoredFile, orphans
from services import storage

log = logging.getLogger("sala.sweep")


def drop_content(keys: Iterable[str]) -> None:
    """Delete content whose rows are gone, after the commit that took them away.

    While a backup is being taken it stays: the snapshot may name it. `sweep_storage` finds it later.
    """
    may_go = content_may_go()
    db.session.commit()
    if may_go:
        for key in keys:
            storage.delete(key)


def sweep_uploads() -> int:
    """Take files away that were uploaded and never named by a row: first the row goes, then the content; how many."""
    swept = 0
    for file in orphans():
        begin_writing()
        try:
            # Somebody may attach it at this very moment: the row goes only while it is unattached.
            gone: Any = db.session.execute(
                delete(StoredFile).where(StoredFile.id == file.id, StoredFile.attached_at.is_(None))
            )
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            log.error("file %s is named by a row but was never attached", file.id)
            continue
        if gone.rowcount == 1:
            drop_content([file.key])
            swept += 1
    return swept


@job("sweep_staging", reads=True)
def sweep_staging(_task: Task) -> None:
    """Uploads that nobody wanted."""
    sweep_uploads()


@job("sweep_storage", reads=True)
def sweep_storage(task: Task) -> None:
    """Content without a row, left by a crash between storing and committing; only what is old enough to be sure."""
    before = now() - STAGING_LASTS
    old = (key for key, since in storage.listed() if since < before)
    while keys := list(islice(old, 500)):
        ids = {key.rpartition("/")[2]: key for key in keys}
        known = set(db.session.scalars(select(StoredFile.id).where(StoredFile.id.in_(ids))))
        db.session.commit()
        drop_content(ids[file_id] for file_id in ids.keys() - known)
        task.progress(50)


schedule("sweep_staging", "hour")
schedule("sweep_storage", "day")
