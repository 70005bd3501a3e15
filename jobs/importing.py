"""Files of records in: judged row by row without storing anything, then stored as a whole or not at all.

Judging leaves three things: counts and samples for the page, a report of every row that cannot be stored, and a plan,
the rows as they were read with the stamps of the records they are about. Storing follows the plan alone.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from jobs.exporting import asker_of, speaking_to
from jobs.runner import GivenUp, Task, job
from models.core import audit, imports, outbox, setting
from models.core.db import begin_writing, db
from models.core.entity import Entity, entity_named
from models.core.entity.alike import Alike
from models.core.entity.cells import Codes, ExcelError, Heading, WrongHeadings, match
from models.core.entity.importing import ADD, BAD, BATCH, CHANGE, SAME, Given, Judge, Moved, Outcome, Why, store_all
from models.core.entity.portions import Coded, Label
from models.core.file import StoredFile, new_file_id
from models.core.identity import Account
from models.core.imports import PURPOSE, Import
from models.core.job import Job, enqueue
from models.core.thai.dates import format_typed
from reports.core.table import XLSX_TYPE, Column, write_xlsx
from services import storage
from services.content import ending_of
from services.core import BadFile
from services.sheets import count_rows, read_table

CHECK, STORE = "import_check", "import_store"
AT_ONCE = 200 * 1024  # bytes; a smaller file is judged while its sender waits
ROWS_AT_ONCE = 300
SHOWN, SAMPLED = 200, 20
_LIMIT = 512 * 1024**2  # bytes


@dataclass(frozen=True)
class Words:
    """What an entity's fields, codes and mistakes are called, in the sender's language.

    `names` has fields by folded heading, in every language; `coded` are the fields whose values have words without
    being choices. `report` are the headings of the report: row, column, what was read, reason.
    """

    names: Mapping[str, str]
    heading: Callable[[str], str]
    label: Label
    coded: Coded
    text: Callable[[str, Any], str]
    reason: Callable[[Why], str]
    report: tuple[str, str, str, str]


_words: list[Callable[[Entity], Words]] = []


def register_words(source: Callable[[Entity], Words]) -> None:
    """Let the views say what things are called."""
    _words[:] = [source]


def ask_check(user: Account, entity: Entity, way: str, file: StoredFile, lang: str) -> Import:
    """Want a file judged; the caller commits and, where the file is small, judges it at once."""
    db.session.add(file)
    file.attach()
    run = Import(user_id=user.id, entity=entity.name, way=way, lang=lang, file_id=file.id, name=file.name, found={})
    db.session.add(run)
    db.session.flush()
    if file.size > AT_ONCE:
        run.job_id = enqueue(CHECK, {"import": run.id}, key=f"{CHECK}:{run.id}", by=user.id).id
    return run


def ask_store(user: Account, run: Import) -> bool:
    """Want what was judged stored, once; whether it is this call's to do. The caller commits."""
    if not run.can_be_stored or not run.move(imports.CHECKED, imports.STORING):
        return False
    if run.rows > ROWS_AT_ONCE:
        run.job_id = enqueue(STORE, {"import": run.id}, key=f"{STORE}:{run.id}", by=user.id).id
    return True


# --- judging ---------------------------------------------------------------------------------------------------------


@job(CHECK, reads=True)
def check_job(task: Task) -> str | None:
    """Judge a file that its sender does not wait for, and tell them under the bell."""
    user = asker_of(task)
    run = db.session.get(Import, task.params["import"])
    if run is None or run.state != imports.CHECKING:
        return None
    with speaking_to(user, run.lang):
        check(run, user, task.progress)
    outbox.tell([user], "import_checked", db.session.get(Job, task.id), mail=False, name=run.name, **{"import": run.id})
    return None


def check(run: Import, user: Account, told: Callable[[int], object] = lambda _percent: None) -> None:
    """Judge the file and keep what was found; nothing of it is stored. Ends the open transaction, then writes."""
    entity, words = _entity(run), _words[0](_entity(run))
    key = run.id
    try:
        found, files = _judged(run, entity, user, words, told)
    except BadFile as bad:
        found, files = {"state": imports.UNREAD, "why": bad.code, "found": _plain(bad.values)}, []
    except WrongHeadings as wrong:
        found, files = {"state": imports.UNREAD, "why": wrong.code, "found": _plain(wrong.values)}, []
    db.session.rollback()
    begin_writing()
    run = db.session.get_one(Import, key, populate_existing=True)
    for file in files:
        file.uploaded_by = run.user_id
        file.attach()
        db.session.add(file)
    db.session.flush()
    for name, value in found.items():
        setattr(run, name, value)
    audit.note(f"{entity.model.__tablename__}.import_checked", entity=entity.model.__tablename__, name=run.name)
    db.session.flush()


def _judged(
    run: Import, entity: Entity, user: Account, words: Words, told: Callable[[int], object]
) -> tuple[dict[str, Any], list[StoredFile]]:
    source = db.session.get_one(StoredFile, run.file_id)
    counts = dict.fromkeys((ADD, CHANGE, SAME, BAD), 0)
    changes: list[Any] = []
    adds: list[Any] = []
    alike: list[Any] = []
    wrong: list[tuple[int, str, str, str]] = []
    with storage.open(source.key) as stream, tempfile.TemporaryFile() as plan:
        ending, most = ending_of(source.name), int(setting.value(imports.MOST_ROWS))
        all_rows = count_rows(ending, stream, most)  # before anything of a file that is too long is judged
        table = read_table(ending, stream, most)
        first = next(table.lines, None)
        if first is None or not all_rows:
            raise BadFile("empty")
        heading = match(entity, words.names, first.cells, needs_key=run.way == CHANGE)
        judge = Judge(entity, user, run.way, Codes.of(entity, words.label, words.coded))
        new = [name for name in heading.known if name in entity.added]
        names = Alike(entity, user)
        given = (Given(line.number, heading.given(line.cells), heading.surplus(line.cells)) for line in table.lines)
        with gzip.open(plan, "wt", encoding="utf-8") as kept:
            for some in judge.batches(given):
                judge.attempt(some)
                names.warn(some)
                for one in some:
                    counts[one.deed] += 1
                    wrong += _wrong(one, words)
                    if one.deed == CHANGE and len(changes) < SAMPLED:
                        changes.append(_change(one, words))
                    elif one.deed == ADD and len(adds) < SAMPLED:
                        adds.append(
                            [one.given.number, [_said(one, name, words) for name in new], one.warning is not None]
                        )
                    if one.warning is not None:
                        alike.append([one.given.number, words.reason(one.warning)])
                    kept.write(_written(one))
                if len(some) == BATCH:
                    told(sum(counts.values()) * 99 // all_rows)
        files = [_stored(plan, "application/gzip", f"plan-{run.id}.jsonl.gz")]
    found: dict[str, Any] = {
        "state": imports.CHECKED,
        "rows": sum(counts.values()),
        "adds": counts[ADD],
        "changes": counts[CHANGE],
        "same": counts[SAME],
        "bad": counts[BAD],
        "plan_id": files[0].id,
        "found": {
            "bad": wrong[:SHOWN],
            "wrongs": len(wrong),
            "changes": changes,
            "unread": list(heading.unread),
            "columns": [words.heading(name) for name in new],
            "adds": adds,
            "alike": len(alike),
            "alikes": alike[:SHOWN],
            "coding": table.coding,
            "sign": table.sign,
        },
    }
    if wrong:
        files.append(_report(run, wrong, words))
        found["report_id"] = files[1].id
    return found, files


def _wrong(one: Outcome, words: Words) -> Iterator[tuple[int, str, str, str]]:
    """Each thing that is wrong with a row: number, column, what was read, reason."""
    for name, why in one.wrong:
        cell = one.given.cells.get(name) if name else None
        read = format_typed(cell) if isinstance(cell, date) else "" if cell is None else str(cell)
        yield one.given.number, words.heading(name) if name else "", read[:200], words.reason(why)


def _said(one: Outcome, name: str, words: Words) -> str:
    """What a new row would hold in a field, in words."""
    return words.text(name, one.values[name]) if one.values.get(name) is not None else ""


def _change(one: Outcome, words: Words) -> Any:
    """What a row would change, in words: number, key, and from what to what."""
    fields = [
        (words.heading(name), words.text(name, one.before[name]), words.text(name, value))
        for name, value in one.values.items()
    ]
    return [one.given.number, str(one.key), fields]


def _report(run: Import, wrong: Iterable[tuple[int, str, str, str]], words: Words) -> StoredFile:
    row, column, read, reason = words.report
    columns = [Column(row, "number", 10), Column(column, width=30), Column(read, width=40), Column(reason, width=80)]
    with tempfile.TemporaryFile() as out:
        write_xlsx(out, columns, wrong)
        return _stored(out, XLSX_TYPE, f"import-{run.id}-report.xlsx")


def _stored(content: IO[bytes], content_type: str, name: str) -> StoredFile:
    content.seek(0)
    file = StoredFile(id=new_file_id(), purpose=PURPOSE, content_type=content_type, name=name)
    file.size, file.sha256 = storage.put(file.key, content, _LIMIT)
    return file


# --- the plan: rows as they were read, with what they were judged by -------------------------------------------------


def _written(one: Outcome) -> str:
    cells = {name: _packed(cell) for name, cell in one.given.cells.items()}
    is_alike = one.warning is not None
    return json.dumps([one.given.number, one.deed, one.key, one.stamp, cells, is_alike], ensure_ascii=False) + "\n"


def _packed(cell: Any) -> Any:
    if isinstance(cell, datetime | date):
        return {"moment" if isinstance(cell, datetime) else "day": cell.isoformat()}
    if isinstance(cell, ExcelError):
        return {"error": str(cell)}
    return cell if cell is None or isinstance(cell, bool | int | float | str) else str(cell)


def _unpacked(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    [(kind, text)] = cell.items()
    if kind == "moment":
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if kind == "day" else ExcelError(text)


def _planned(stream: IO[bytes], *, leaves_alike: bool) -> Iterator[Given]:
    with gzip.open(stream, "rt", encoding="utf-8") as lines:
        for line in lines:
            number, deed, key, stamp, cells, is_alike = json.loads(line)
            if not (is_alike and leaves_alike):
                cells = {name: _unpacked(cell) for name, cell in cells.items()}
                yield Given(number, cells, deed=deed, key=key, stamp=stamp)


# --- storing ---------------------------------------------------------------------------------------------------------


@job(STORE)
def store_job(task: Task) -> str | None:
    """Store what was judged, in this one transaction, and tell its sender."""
    user = asker_of(task)
    run = db.session.get(Import, task.params["import"])
    if run is None or run.state != imports.STORING:
        return None
    rows = max(run.rows, 1)
    with speaking_to(user, run.lang):
        run = store(run, user, lambda done: task.progress(done * 99 // max(rows, done)))
    about = {"import": run.id}
    outbox.tell(
        [user], "import_stored", db.session.get(Job, task.id), mail=False, name=run.name, state=run.state, **about
    )
    return None


def store(run: Import, user: Account, told: Callable[[int], object] = lambda _done: None) -> Import:
    """Store every row of the plan or none, in the open transaction; what stands there now if something has moved.

    The caller commits. A second call finds it done and does nothing.
    """
    entity, words, key = _entity(run), _words[0](_entity(run)), run.id
    if not run.move(imports.STORING, imports.STORED):
        return run
    plan = db.session.get_one(StoredFile, run.plan_id)
    judge = Judge(entity, user, run.way, Codes.of(entity, words.label, words.coded))
    try:
        with storage.open(plan.key) as stream:
            store_all(judge, _planned(stream, leaves_alike=run.is_alike_left), told)
    except Moved as moved:
        db.session.rollback()
        begin_writing()
        run = db.session.get_one(Import, key, populate_existing=True)
        run.move(imports.STORING, imports.MOVED)
        run.found = {**run.found, "moved": [number for number, _why in moved.rows[:SHOWN]]}
        db.session.flush()
        return run
    if run.is_alike_left:
        run.adds -= run.alike
    table = entity.model.__tablename__
    audit.note(f"{table}.import", entity=table, name=run.name, added=run.adds, changed=run.changes)
    db.session.flush()
    return run


def _entity(run: Import) -> Entity:
    entity = entity_named(run.entity)
    if entity is None:
        raise GivenUp("not_permitted")
    return entity


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str) else str(value) for name, value in values.items()}


__all__ = ["CHECK", "STORE", "Heading", "Words", "ask_check", "ask_store", "check", "register_words", "store"]
