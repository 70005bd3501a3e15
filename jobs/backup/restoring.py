"""Brings a backup back into an empty place, and proves that what came back is what was taken."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from config import Settings
from jobs import heads
from jobs.backup import database
from jobs.backup.manifest import (
    DATABASE,
    FILES,
    HEADS,
    Entry,
    Manifest,
    Trouble,
    digest_at,
    digest_of,
    fingerprints,
    listed,
    read,
)
from jobs.backup.taking import whole
from models.core import audit
from models.core.db import db
from services import migrations, storage
from services.core import settings

# Told how far it is: the step in words.
Told = Callable[[str], None]


@dataclass(frozen=True)
class Proof:
    """What was found to be as the backup says."""

    made_at: str
    revision: str
    is_newest_revision: bool
    tables: int
    rows: int
    files: int
    files_size: int
    audit_entries: int
    missing: list[str]  # what storage had lost already when the backup was taken
    same_secret_key: bool


def choose(place: Path) -> Path:
    """The backup that is meant: the folder itself, or the newest whole one in it."""
    if (place / "manifest.json").is_file():
        return place
    found = whole(place)
    if not found:
        raise Trouble(f"{place} is no backup and has none in it.")
    return found[-1]


def restore(folder: Path, told: Told, *, only_check: bool = False) -> Proof:
    """Check the backup, put it into the empty database and storage, and prove it; `only_check` stops before.

    Raises Trouble when the backup is damaged, the place is not empty, or what came back is not what was taken.
    """
    chosen = settings()
    manifest = read(folder, chosen)
    _known(manifest.revision)
    told("digests of the backup")
    entries = _whole(folder, manifest)
    if only_check:
        return _proof(manifest, chosen)
    _fits(manifest)
    _empty(entries)
    _room(folder, manifest, chosen)
    told("files")
    for entry in entries:
        _put(folder, entry)
    told("database")
    database.load(db.engine, folder / DATABASE)
    _put_heads(folder)
    told("proof")
    _prove(manifest, entries)
    audit.note("backup.restored", entity="system", made_at=manifest.made_at, files=manifest.files)
    db.session.commit()
    return _proof(manifest, chosen)


def _proof(manifest: Manifest, chosen: Settings) -> Proof:
    return Proof(
        made_at=manifest.made_at,
        revision=manifest.revision,
        is_newest_revision=manifest.revision == migrations.newest(),
        tables=len(manifest.tables),
        rows=sum(manifest.tables.values()),
        files=manifest.files,
        files_size=manifest.files_size,
        audit_entries=manifest.audit_seq,
        missing=manifest.missing,
        same_secret_key=manifest.keys["SALA_SECRET_KEY"] == fingerprints(chosen)["SALA_SECRET_KEY"],
    )


# --- before anything is touched --------------------------------------------------------------------------------------


def _known(revision: str) -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(migrations.config_for()).get_revision(revision)
    except CommandError:
        raise Trouble(f"The backup was made by newer code: its tables are at {revision}, unknown here.") from None


def _whole(folder: Path, manifest: Manifest) -> list[Entry]:
    """Hold everything against its digest; the list of files."""
    for path, digest in manifest.digests.items():
        if not (folder / path).is_file() or digest_at(folder / path)[0] != digest:
            raise Trouble(f"The backup is damaged: {path} is not what was written.")
    entries = list(listed(folder))
    for entry in entries:
        path = folder / FILES / entry.key
        if not path.is_file() or digest_at(path) != (entry.sha256, entry.size):
            raise Trouble(f"The backup is damaged: {FILES}/{entry.key} is not what was written.")
    if (len(entries), sum(entry.size for entry in entries)) != (manifest.files, manifest.files_size):
        raise Trouble("The backup is damaged: its list of files has another length.")
    return entries


def _fits(manifest: Manifest) -> None:
    here = db.engine.dialect.name
    if manifest.database != here:
        raise Trouble(f"The backup is of {manifest.database}; SALA_DATABASE_URL names a database of {here}.")


def _empty(entries: list[Entry]) -> None:
    """Refuse a place that has anything of its own; what an earlier, broken-off try brought is no such thing."""
    if not database.is_empty(db.engine):
        raise Trouble("The database has tables already: a backup is restored into an empty one only.")
    ours = {entry.key for entry in entries}
    if any(key not in ours for key, _since in storage.listed()):
        raise Trouble("The storage has other files already: a backup is restored into an empty one only.")
    if any(heads.folder().glob("*.json")):
        raise Trouble(f"{heads.folder()} has files already: a backup is restored into an empty place only.")


def _room(folder: Path, manifest: Manifest, chosen: Settings) -> None:
    """Whether the data folder can hold it; a database server and S3 are out of sight."""
    wanted = manifest.files_size if chosen.storage_url.startswith("file:") else 0
    if manifest.database == "sqlite":
        wanted += (folder / DATABASE).stat().st_size
    free = shutil.disk_usage(chosen.data_dir).free
    if free < wanted:
        raise Trouble(f"{chosen.data_dir} has {free // 1024**2:,} MB free; {wanted // 1024**2:,} MB are needed.")


# --- putting back ----------------------------------------------------------------------------------------------------


def _put(folder: Path, entry: Entry) -> None:
    with (folder / FILES / entry.key).open("rb") as source:
        stored = storage.put(entry.key, source, entry.size)
    if (stored.sha256, stored.size) != (entry.sha256, entry.size):
        raise Trouble(f"{entry.key} changed while it was copied; the database was not touched.")


def _put_heads(folder: Path) -> None:
    """The exported heads come last: they are never overwritten, and a broken-off try must not stop the next."""
    target = heads.folder()
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted((folder / HEADS).iterdir()):
        shutil.copyfile(path, target / path.name)


# --- the proof -------------------------------------------------------------------------------------------------------


def _prove(manifest: Manifest, entries: list[Entry]) -> None:
    with db.engine.connect() as connection:
        wrong = list(_wrong_rows(connection, manifest))
        named = list(database.files(connection))
    wrong += _wrong_files(named, {entry.key for entry in entries}, manifest.missing)
    if (broken := audit.verify()) is not None:
        wrong.append(f"the audit chain is broken at entry {broken.seq} ({broken.why})")
    elif (day := heads.changed_head()) is not None:
        wrong.append(f"the audit chain is not what was exported on {day}")
    db.session.rollback()
    if wrong:
        more = f" (and {len(wrong) - 5} more)" if len(wrong) > 5 else ""
        raise Trouble(f"Restored, but not proved; do not use it: {'; '.join(wrong[:5])}{more}.")


def _wrong_rows(connection: Connection, manifest: Manifest) -> Iterator[str]:
    found = database.counts(connection)
    for name in sorted({*found, *manifest.tables}):
        if found.get(name) != manifest.tables.get(name):
            yield f"{name} has {found.get(name)} rows instead of {manifest.tables.get(name)}"
    if database.audit_head(connection) != (manifest.audit_seq, manifest.audit_mac):
        yield "the audit chain ends elsewhere"
    if migrations.current(connection) != manifest.revision:
        yield f"the tables are not at {manifest.revision}"
    if orphans := database.orphaned(connection):
        yield f"{orphans} rows name a parent that is not there"


def _wrong_files(named: list[Entry], kept: set[str], missing: list[str]) -> Iterator[str]:
    lost = set(missing)
    for entry in named:
        if entry.key in kept:
            if not _reads(entry):
                yield f"file {entry.key} cannot be read back"
        elif entry.key not in lost:
            yield f"file {entry.key} is named by a row and not in the backup"


def _reads(entry: Entry) -> bool:
    try:
        with storage.open(entry.key) as file:
            return digest_of(file) == (entry.sha256, entry.size)
    except OSError:
        return False
