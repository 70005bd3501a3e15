"""Lists as files: a short one is made at once, a long one outside the request, as its asker and in their language.

A domain registers what its lists are (`register_list`); the rows are asked for when the file is made, so that a right
that was lost meanwhile gives nothing. They are read in portions: a million rows need no more memory than some thousand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from flask import current_app, g
from flask_babel import force_locale
from sqlalchemy import select

from jobs.runner import GivenUp, Task, job
from models.core import audit, outbox
from models.core.db import begin_writing, db, now
from models.core.file import StoredFile, new_file_id, register_file_gate
from models.core.identity import Account
from models.core.job import RUNNING, WAITING, Job, enqueue
from models.core.once import take_turn
from models.core.thai.dates import bangkok_today
from models.core.workflow import Refusal, Refused
from reports.core.table import CSV_TYPE, XLSX_TYPE, Column, write_csv, write_xlsx
from services import storage
from services.core import settings

EXPORT = "export"
KINDS = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}
MOST_WAITING = 5  # of one person: a worker makes one file after the other
_LIMIT = 2 * 1024**3  # bytes
_WHOLE = 2_000_000_000  # rows; a count that stops nowhere
_TELL_AFTER = 5_000  # rows

Asked = Mapping[str, Any]


class NotGiven(Exception):
    """The list is not for this user, or not what it was when it was asked for."""


@dataclass(frozen=True)
class Table:
    """A list as it goes into a file, in the reader's language.

    `name` is the file's without its ending; `entity` what the log calls the rows. `count(most)` counts them up to
    `most` + 1; `rows` reads them, each with a value for every column.
    """

    title: str
    name: str
    entity: str
    columns: Sequence[Column]
    count: Callable[[int], int]
    rows: Callable[[], Iterable[Sequence[Any]]]


Opener = Callable[[Any, Asked], Table]
"""(user, what was asked of the list) -> the table; raises NotGiven. Called in a request's context."""

_lists: dict[str, Opener] = {}


def register_list(name: str, opener: Opener) -> None:
    """Let lists of this name be exported."""
    _lists[name] = opener


def opened(name: str, user: Any, asked: Asked) -> Table:
    """The list of that name as the user may read it now. Raises NotGiven."""
    if name not in _lists:
        raise NotGiven
    return _lists[name](user, asked)


def write(ending: str, out: IO[bytes], table: Table, rows: Iterable[Sequence[Any]]) -> int:
    """Write the rows as "xlsx" or "csv"; how many there were."""
    if ending == "xlsx":
        return write_xlsx(out, table.columns, rows, sheet=table.title)
    return write_csv(out, table.columns, rows)


def ask_export(user: Account, name: str, ending: str, asked: Asked, *, title: str, lang: str) -> Job:
    """Want a list as a file; while the same one is waiting, that one. The caller commits.

    Raises Refused: too_many_files.
    """
    take_turn(user.id)
    params = {"list": name, "ending": ending, "asked": dict(asked), "title": title, "lang": lang}
    unfinished = select(Job).where(Job.requested_by == user.id, Job.state.in_((WAITING, RUNNING)))
    mine = list(db.session.scalars(unfinished.where(Job.kind == EXPORT)))
    if found := next((one for one in mine if one.params == params), None):
        return found
    if len(mine) >= MOST_WAITING:
        raise Refused(Refusal("too_many_files", limit=MOST_WAITING))
    return enqueue(EXPORT, params, by=user.id)


def ask_again(old: Job, user: Account) -> Job:
    """Want the same file anew. The caller commits. Raises Refused: too_many_files."""
    params = old.params
    return ask_export(
        user, params["list"], params["ending"], params["asked"], title=params["title"], lang=params["lang"]
    )


@contextmanager
def speaking_to(user: Account, lang: str) -> Iterator[None]:
    """Words and addresses as in a request of that user."""
    with current_app.test_request_context(base_url=settings().base_url), force_locale(lang):
        before = g.get("user")
        g.user = user
        try:
            yield
        finally:
            g.user = before


def asker_of(task: Task) -> Account:
    """Who asked, as they are now. Raises GivenUp."""
    user = db.session.get(Account, task.requested_by or 0)
    if user is None or not user.active:
        raise GivenUp("not_permitted")
    return user


@job(EXPORT, reads=True)
def export(task: Task) -> str | None:
    """Make the file, keep it where only its asker reads it, and tell them under the bell."""
    user, params = asker_of(task), task.params
    ending, name, asked = params["ending"], params["list"], params["asked"]
    with speaking_to(user, params["lang"]), tempfile.TemporaryFile() as target:
        try:
            table = opened(name, user, asked)
            count = write(ending, target, table, _told(table, task))
            # Rights may have been taken while a long list was being read.
            db.session.rollback()
            user = asker_of(task)
            user.forget_grants()
            table = opened(name, user, asked)
        except NotGiven:
            raise GivenUp("not_permitted") from None
        target.seek(0)
        file = StoredFile(id=new_file_id(), purpose=EXPORT, content_type=KINDS[ending].partition(";")[0])
        file.name = f"{table.name}-{bangkok_today(now()).isoformat()}.{ending}"
        file.size, file.sha256 = storage.put(file.key, target, _LIMIT)
    begin_writing()
    file.uploaded_by = user.id
    file.attach()
    db.session.add(file)
    outbox.tell([user], "export_ready", db.session.get(Job, task.id), mail=False, title=params["title"], rows=count)
    audit.note(f"{table.entity}.export", entity=table.entity, ending=ending, count=count, asked=asked)
    db.session.flush()
    return file.id


def _told(table: Table, task: Task) -> Iterator[Sequence[Any]]:
    """The rows, and now and then how far they are."""
    total = 0
    for number, row in enumerate(table.rows(), 1):
        if number % _TELL_AFTER == 0:
            total = total or max(table.count(_WHOLE), 1)
            task.progress(number * 99 // max(total, number))
        yield row


def _may_read(user: Any, file: StoredFile) -> bool:
    return user.id is not None and file.uploaded_by == user.id


register_file_gate(EXPORT, _may_read)
