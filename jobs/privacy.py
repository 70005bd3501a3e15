"""A person's data as one file to keep: JSON for programs, a Thai README for people, the files themselves."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from jobs.privacy_words import COLUMNS, INTRODUCTION, LEFT_OUT, TABLES
from jobs.runner import Task, job
from models.core import audit, outbox
from models.core.db import begin_writing, db, now
from models.core.file import StoredFile, new_file_id, register_file_gate
from models.core.identity import Account
from models.core.job import Job, enqueue
from models.core.once import take_turn
from models.core.privacy.erasing import OWN_DATA
from models.core.privacy.gathering import Rows, Subject, asker_of, gather
from models.core.thai.dates import bangkok_today, format_date
from services import storage

_LIMIT = 2 * 1024**3  # bytes
README = "อ่านก่อน.txt"


def write_zip(subject: Subject, target: IO[bytes], note: str = "") -> int:
    """Write everything that is kept of the person into `target`; how many rows and files. `note` goes into README."""
    found = gather(subject)
    files = _files(found)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as pack:
        for name, rows in found.items():
            pack.writestr(f"data/{name}.json", json.dumps(rows, ensure_ascii=False, indent=1))
        lost = []
        for file in files:
            try:
                with storage.open(file.key) as source, pack.open(_path(file), "w") as into:
                    while block := source.read(1024 * 1024):
                        into.write(block)
            except FileNotFoundError:
                lost.append(file.name)
        pack.writestr(README, _readme(found, files, lost, note))
    return sum(len(rows) for rows in found.values()) + len(files)


def _files(found: dict[str, Rows]) -> list[StoredFile]:
    """The files of the person's rows that a row still names; copies of own data are left out of the next copy."""
    ids = [row["id"] for row in found.get(StoredFile.__tablename__, ()) if row["attached_at"]]
    rows = select(StoredFile).where(StoredFile.id.in_(ids), StoredFile.purpose != OWN_DATA).order_by(StoredFile.id)
    return list(db.session.scalars(rows))


def _path(file: StoredFile) -> str:
    name = "".join("_" if letter in '/\\:*?"<>|' or ord(letter) < 32 else letter for letter in file.name)
    return f"files/{file.id[:8]}-{name}"


def _readme(found: dict[str, Rows], files: list[StoredFile], lost: list[str], note: str) -> str:
    lines = [INTRODUCTION.format(day=format_date(bangkok_today(now()))), *([note] if note else []), ""]
    for name, rows in found.items():
        lines += [f"data/{name}.json", f"    {TABLES.get(name, name)}: {len(rows):,} รายการ"]
        known = [f"{column} = {COLUMNS[column]}" for column in rows[0] if column in COLUMNS]
        lines += ["    " + " · ".join(known[at : at + 4]) for at in range(0, len(known), 4)]
    if files:
        lines += ["", f"files/ ไฟล์ที่ท่านนำเข้า {len(files):,} ไฟล์"]
        lines += [f"    {_path(file).removeprefix('files/')}" for file in files if file.name not in lost]
    lines += [f"    ไม่พบเนื้อหาของไฟล์: {name}" for name in lost]
    return "\r\n".join(lines) + "\r\n"  # Windows' Notepad, too, shows lines.


# --- for the person themselves ---------------------------------------------------------------------------------------


def ask_copy(account: Account) -> Job:
    """Want a copy of one's own data; while one is being made, that one. The caller commits."""
    take_turn(account.id)
    waiting = select(Job).where(Job.kind == OWN_DATA, Job.requested_by == account.id, Job.ended_at.is_(None))
    if (found := db.session.scalar(waiting)) is not None:
        return found
    audit.note("privacy.copy_asked", account)
    return enqueue(OWN_DATA, by=account.id)


def copies_of(account: Account) -> list[Job]:
    """The copies that were asked for, newest first, as long as the schedule keeps them."""
    rows = select(Job).where(Job.kind == OWN_DATA, Job.requested_by == account.id).order_by(Job.id.desc())
    return list(db.session.scalars(rows.limit(5)))


@job(OWN_DATA, reads=True)
def own_data(task: Task) -> str | None:
    """Make the copy, keep it where only its owner reads it, and tell them."""
    account = db.session.get(Account, task.requested_by or 0)
    if account is None or not account.active:
        return None
    with tempfile.TemporaryFile() as target:
        write_zip(asker_of(account), target, note=LEFT_OUT)
        target.seek(0)
        file = StoredFile(id=new_file_id(), purpose=OWN_DATA, name=_name(), content_type="application/zip")
        file.size, file.sha256 = storage.put(file.key, target, _LIMIT)
    begin_writing()
    file.uploaded_by = account.id
    file.attach()
    db.session.add(file)
    outbox.tell([account], "own_data_ready", db.session.get(Job, task.id))
    audit.note("privacy.copy_made", account, size=file.size)
    db.session.flush()
    return file.id


def _name() -> str:
    return f"my-data-{bangkok_today(now()).isoformat()}.zip"


def _may_read(user: Any, file: StoredFile) -> bool:
    return user.id is not None and file.uploaded_by == user.id


register_file_gate(OWN_DATA, _may_read)


def write_to(subject: Subject, path: Path) -> int:
    """Write the zip beside its place and put it there whole; an existing one is not overwritten (FileExistsError)."""
    with path.open("xb") as target:
        path.chmod(0o600)
        try:
            return write_zip(subject, target)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
