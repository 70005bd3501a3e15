"""Takes away what nobody needs: files that no row names, old drafts, ended sessions, counts that are over."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from jobs.runner import Task, job
from jobs.schedule import schedule
from models.core import throttle
from models.core.db import begin_writing, db, now
from models.core.draft import Draft
from models.core.file import STAGING_LASTS, StoredFile, orphans
from models.core.identity import OneTimeLink, SignInSession
from models.core.job import DONE, Job
from models.core.registration import forget_unconfirmed
from services import storage

log = logging.getLogger("sala.sweep")

DRAFTS_LAST = timedelta(days=180)
SESSIONS_STAY = timedelta(days=90)
LINKS_STAY = timedelta(days=30)
OWN_JOBS_STAY = timedelta(days=7)


@job("sweep")
def sweep(_task: Task) -> None:
    """Rows that are over: throttle counts, drafts, sessions, links, accounts nobody confirmed, the schedule's jobs."""
    moment = now()
    forget_unconfirmed()
    throttle.sweep()
    db.session.execute(delete(Draft).where(Draft.saved_at < moment - DRAFTS_LAST))
    db.session.execute(
        delete(SignInSession).where(
            or_(SignInSession.ended_at < moment - SESSIONS_STAY, SignInSession.seen_at < moment - SESSIONS_STAY)
        )
    )
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < moment - LINKS_STAY))
    db.session.execute(
        delete(Job).where(Job.state == DONE, Job.requested_by.is_(None), Job.ended_at < moment - OWN_JOBS_STAY)
    )


@job("sweep_staging", reads=True)
def sweep_staging(_task: Task) -> None:
    """Files uploaded and never named by a row: first the row goes, then the content."""
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
            storage.delete(file.key)


@job("sweep_storage", reads=True)
def sweep_storage(task: Task) -> None:
    """Content without a row, left by a crash between storing and committing; only what is old enough to be sure."""
    before = now() - STAGING_LASTS
    old = (key for key, since in storage.listed() if since < before)
    while keys := list(islice(old, 500)):
        ids = {key.rpartition("/")[2]: key for key in keys}
        known = set(db.session.scalars(select(StoredFile.id).where(StoredFile.id.in_(ids))))
        db.session.commit()
        for file_id in ids.keys() - known:
            storage.delete(ids[file_id])
        task.progress(50)


schedule("sweep", "hour")
schedule("sweep_staging", "hour")
schedule("sweep_storage", "day")
