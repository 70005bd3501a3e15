"""Takes a backup: whole or not at all, while everybody goes on working."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, current_app

from jobs import heads
from jobs.backup import database
from jobs.backup.manifest import (
    BLOCK,
    DATABASE,
    FILES,
    HEADS,
    LIST,
    Entry,
    Manifest,
    Trouble,
    digest_at,
    fingerprints,
    sync,
    write,
)
from models.core import audit
from models.core.backup import Backup, running, still_running
from models.core.db import db, now
from services import migrations, storage
from services.core import settings

PREFIX = "sala-"
_HALF = ".sala-"
_HELD = ".held"
_BEAT = 20.0  # seconds
_SPARE = 64 * 1024 * 1024  # bytes left free beside the backup


@dataclass(frozen=True)
class Taken:
    """What was taken: where it lies, how many files, how many bytes in all, what storage did not have."""

    folder: Path
    files: int
    size: int
    linked: int  # files that lie in the backup before, too, and take no room of their own
    missing: list[str]
    removed: list[str]


def whole(place: Path) -> list[Path]:
    """The finished backups in a folder, oldest first."""
    if not place.is_dir():
        return []
    return sorted(
        path for path in place.iterdir() if path.name.startswith(PREFIX) and (path / "manifest.json").is_file()
    )


def take(place: Path, keep: int | None = None) -> Taken:
    """A new backup in `place`, named by its time; with `keep` the oldest beyond so many go.

    Raises Trouble (another one runs, no room, no client program), ServiceDown or OSError; then nothing is left of it.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _need(place, database.size_of(db.engine))
    began = now()
    name = f"{PREFIX}{began.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    if (place / name).exists():
        raise Trouble(f"{place / name} is there already.")
    row = _announce(name)
    half = place / f".{name}.part"
    try:
        with _alive(row.id):
            _clean(place)
            taken = _fill(place, half, began)
    except BaseException as error:
        shutil.rmtree(half, ignore_errors=True)
        _end(row.id, error=f"{type(error).__name__}: {error}"[:300])
        raise
    removed = _thin(place, keep) if keep else []
    audit.note("backup.taken", entity="system", name=name, files=taken.files, missing=len(taken.missing))
    _end(row.id, files=taken.files, missing=len(taken.missing), size=taken.size)
    return Taken(taken.folder, taken.files, taken.size, taken.linked, taken.missing, removed)


# --- being known as running ------------------------------------------------------------------------------------------


def _announce(name: str) -> Backup:
    """Say that a backup is being taken, before its snapshot: from here on no content is deleted."""
    migrations.take_turns(db.session.connection())
    if (other := running()) is not None:
        began = f"{other.begun_at:%Y-%m-%d %H:%M:%S} UTC"
        db.session.rollback()
        raise Trouble(f"A backup is being taken since {began}; one that was killed counts for three minutes more.")
    row = Backup(name=name)
    db.session.add(row)
    db.session.commit()
    return row


def _end(row_id: int, **what: object) -> None:
    db.session.rollback() if "error" in what else None
    row = db.session.get_one(Backup, row_id, populate_existing=True)
    for field, value in what.items():
        setattr(row, field, value)
    row.ended_at = now()
    db.session.commit()


@contextmanager
def _alive(row_id: int) -> Iterator[None]:
    """Meanwhile a thread says every few seconds that this backup lives."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    over = threading.Event()

    def beat() -> None:
        with app.app_context():
            while not over.wait(_BEAT):
                with suppress(Exception), db.engine.begin() as connection:
                    connection.execute(still_running(row_id))

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


# --- filling the folder ----------------------------------------------------------------------------------------------


def _fill(place: Path, half: Path, began: datetime) -> Taken:
    half.mkdir(mode=0o700)
    with _held(half):
        source = db.engine
        with database.frozen(source, half / DATABASE) as snapshot:
            entries = list(database.files(snapshot))
            tables = database.counts(snapshot)
            revision = migrations.current(snapshot) or ""
            about = (source.dialect.name, database.version(snapshot), revision)
            head = database.audit_head(snapshot)
        os.chmod(half / DATABASE, 0o600)
        kept, linked, missing = _copy_files(half, entries, _before(place))
        _copy_heads(half, head[0])
        digests = {DATABASE: digest_at(half / DATABASE)[0], LIST: digest_at(half / LIST)[0]}
        for path in sorted((half / HEADS).iterdir()):
            digests[f"{HEADS}/{path.name}"] = digest_at(path)[0]
        files_size = sum(entry.size for entry in kept)
        size = (half / DATABASE).stat().st_size + files_size
        _sync_tree(half)
        shown = Manifest(
            began.isoformat(), *about, tables, *head, len(kept), files_size, missing, digests, fingerprints(settings())
        )
        write(half, shown, settings())
        sync(half)
    (half / _HELD).unlink()
    folder = place / half.name.removeprefix(".").removesuffix(".part")
    half.rename(folder)
    sync(place)
    return Taken(folder, len(kept), size, linked, missing, [])


def _before(place: Path) -> Path | None:
    found = whole(place)
    return found[-1] / FILES if found else None


def _copy_files(half: Path, entries: list[Entry], before: Path | None) -> tuple[list[Entry], int, list[str]]:
    """Bring every file into the folder: those that were kept, how many by a link, the keys of those not to be had."""
    new = [entry for entry in entries if before is None or not (before / entry.key).is_file()]
    _need(half, sum(entry.size for entry in new))
    kept, missing, linked = [], [], 0
    (half / FILES).mkdir(mode=0o700)
    with (half / LIST).open("x", encoding="utf-8") as lines:
        os.chmod(half / LIST, 0o600)
        for entry in entries:
            path = half / FILES / entry.key
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if before is not None and _linked(before / entry.key, path, entry):
                linked += 1
            elif not _copied(path, entry):
                missing.append(entry.key)
                continue
            kept.append(entry)
            lines.write(json.dumps([entry.key, entry.size, entry.sha256]) + "\n")
    return kept, linked, missing


def _linked(old: Path, path: Path, entry: Entry) -> bool:
    """Share the content with the backup before, when it is still what it was."""
    try:
        os.link(old, path)
    except OSError:
        return False
    if digest_at(path) == (entry.sha256, entry.size):
        return True
    path.unlink()
    return False


def _copied(path: Path, entry: Entry) -> bool:
    """Copy the content out of storage; False when it is not there, or not what its row says."""
    try:
        with storage.open(entry.key) as source, path.open("xb") as target:
            os.chmod(path, 0o600)
            shutil.copyfileobj(source, target, BLOCK)
            target.flush()
            os.fsync(target.fileno())
    except FileNotFoundError:
        path.unlink(missing_ok=True)
        return False
    if digest_at(path) != (entry.sha256, entry.size):
        path.unlink()
        return False
    return True


def _copy_heads(half: Path, until: int) -> None:
    """The exported heads up to the snapshot's last entry; a day that ended since is not of this backup."""
    (half / HEADS).mkdir(mode=0o700)
    for path in sorted(heads.folder().glob("*.json")):
        if json.loads(path.read_text(encoding="utf-8"))["seq"] <= until:
            shutil.copyfile(path, half / HEADS / path.name)


def _sync_tree(folder: Path) -> None:
    """Bring what is not there yet to the disk: files written here by name, and every folder's entries."""
    for path in (folder / DATABASE, folder / LIST, *(folder / HEADS).iterdir()):
        sync(path)
    for path, _folders, _names in os.walk(folder):
        sync(Path(path))


def _need(place: Path, wanted: int) -> None:
    free = shutil.disk_usage(place).free
    if free < wanted + _SPARE:
        raise Trouble(
            f"{place} has {free // 1024**2:,} MB free; this backup may need {(wanted + _SPARE) // 1024**2:,} MB."
        )


# --- what others left ------------------------------------------------------------------------------------------------


@contextmanager
def _held(half: Path) -> Iterator[None]:
    """Hold the half-made folder as long as this process lives, so that nobody takes it for left behind."""
    with (half / _HELD).open("x") as file:
        _lock(file.fileno())
        yield


def _lock(handle: int) -> bool:
    if os.name == "nt":
        return True  # What is open there cannot be deleted anyway.
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _clean(place: Path) -> None:
    """Remove what killed backups left; a folder that another process still fills stays."""
    for half in place.glob(f"{_HALF}*.part"):
        try:
            with (half / _HELD).open() as file:
                if not _lock(file.fileno()):
                    continue
        except OSError:
            pass  # Killed before it held its folder, or after it let go.
        shutil.rmtree(half, ignore_errors=True)


def _thin(place: Path, keep: int) -> list[str]:
    """Let the oldest backups go until `keep` are left; each loses its name before its content."""
    removed = []
    for folder in whole(place)[:-keep]:
        going = place / f".{folder.name}.part"
        folder.rename(going)
        shutil.rmtree(going, ignore_errors=True)
        removed.append(folder.name)
    return removed
