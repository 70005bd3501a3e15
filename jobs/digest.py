"""The daily digest: one mail at seven in the morning with all that its reader did not want to be told one by one."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from sqlalchemy.exc import IntegrityError

from jobs.runner import Task, job
from jobs.schedule import schedule
from models.core import outbox
from models.core.choice import DIGEST_AT
from models.core.db import begin_writing, db, now, reading

KIND = "daily_digest"


def send_digests(until: datetime, task: Task | None = None) -> int:
    """Make the digest of that moment for everybody who waits for one; how many mails.

    Each reader's is a transaction of its own: whoever runs this again, or after a crash, goes on where it ended.
    """
    with reading():
        readers = iter(outbox.readers_of_digest(until))
    made = 0
    while some := list(islice(readers, 100)):
        for user_id in some:
            begin_writing()
            try:
                made += outbox.gather(user_id, until) is not None
                db.session.commit()
            except IntegrityError:
                db.session.rollback()  # Another worker made this one in the same moment.
        if task is not None:
            task.progress(50)
    return made


@job(KIND, reads=True)
def digest(task: Task) -> None:
    """The digest of the day that the job is of."""
    due = task.params.get("due")
    send_digests(datetime.fromisoformat(due) if due else now(), task)


schedule(KIND, "day", at=DIGEST_AT)
