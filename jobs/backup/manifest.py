"""What a backup says about itself: versions, counts, digests; sealed with the audit key, which is not in it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from config import Settings
from models.core.db import canonical

FORMAT = 1
MANIFEST, LIST, DATABASE, FILES, HEADS = "manifest.json", "files.jsonl", "database", "files", "audit-heads"
BLOCK = 1024 * 1024


class Trouble(Exception):
    """What the operator is to be told, in one line."""


@dataclass(frozen=True)
class Manifest:
    """Everything that a restore is held against."""

    made_at: str  # ISO 8601, UTC; when the snapshot was taken
    database: str  # "sqlite" | "postgresql"
    database_version: str
    revision: str
    tables: dict[str, int]  # rows by table
    audit_seq: int
    audit_mac: str
    files: int
    files_size: int  # bytes
    # Content that a row names and that storage did not have, or not as the row says.
    missing: list[str]
    # Path within the backup -> SHA-256, of everything but the files, which LIST has.
    digests: dict[str, str]
    keys: dict[str, str]
    format: int = FORMAT
    mac: str = field(default="")


def fingerprints(settings: Settings) -> dict[str, str]:
    """By which a key is recognized that nobody can find from them."""
    return {
        name: hmac.new(key.encode(), f"sala.backup.{name}".encode(), hashlib.sha256).hexdigest()[:32]
        for name, key in (("SALA_AUDIT_KEY", settings.audit_key), ("SALA_SECRET_KEY", settings.secret_key))
    }


def _mac(settings: Settings, content: dict[str, Any]) -> str:
    about = canonical({name: value for name, value in content.items() if name != "mac"})
    return hmac.new(settings.audit_key.encode(), b"sala.backup\x1f" + about.encode(), hashlib.sha256).hexdigest()


def write(folder: Path, manifest: Manifest, settings: Settings) -> None:
    """Write the manifest, sealed and fsynced."""
    content = asdict(manifest)
    content["mac"] = _mac(settings, content)
    with (folder / MANIFEST).open("x", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path, settings: Settings) -> Manifest:
    """The manifest of a backup. Raises Trouble: none, of another format, another audit key, changed."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Trouble(f"{folder} is not a backup: it has no {MANIFEST}.") from None
    except (OSError, ValueError) as error:
        raise Trouble(f"{folder / MANIFEST} cannot be read: {error}.") from error
    if content.get("format") != FORMAT:
        raise Trouble(f"{folder} has format {content.get('format')}; this code reads {FORMAT}.")
    if content["keys"].get("SALA_AUDIT_KEY") != fingerprints(settings)["SALA_AUDIT_KEY"]:
        raise Trouble("SALA_AUDIT_KEY is not the one of this backup: keys are not in backups, set the old one.")
    if not hmac.compare_digest(_mac(settings, content), str(content.get("mac"))):
        raise Trouble(f"{folder / MANIFEST} was changed after it was written.")
    return Manifest(**content)


def digest_of(file: IO[bytes]) -> tuple[str, int]:
    """SHA-256 in hex and the bytes of all that the file gives."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def digest_at(path: Path) -> tuple[str, int]:
    """SHA-256 in hex and size of a file on this machine."""
    with path.open("rb") as file:
        return digest_of(file)


@dataclass(frozen=True)
class Entry:
    """One file of the backup: where it lies in storage (and under `files/`), its bytes and SHA-256."""

    key: str
    size: int
    sha256: str


def listed(folder: Path) -> Iterator[Entry]:
    """The files that the backup has."""
    with (folder / LIST).open(encoding="utf-8") as lines:
        for line in lines:
            yield Entry(*json.loads(line))


def sync(path: Path) -> None:
    """Bring a file, or the entries of a folder, to the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
