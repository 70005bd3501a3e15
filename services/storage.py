"""Keeps the content of files: a folder by default, S3 when SALA_STORAGE_URL says so, both through fsspec.

A file is whole or not there: in a folder it is written beside its place, fsynced and renamed, and the folder fsynced;
on S3 it appears when its upload is completed. Only then may a row that names it be committed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import fsspec

from config import Settings
from services.core import BadFile, ServiceDown, kept

BLOCK = 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_KEY = re.compile(r"[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-][A-Za-z0-9_.\-]*)+")


class StorageDown(ServiceDown):
    """The storage does not answer, or refuses to be written to."""


class StorageFull(StorageDown):
    """No room is left; nothing was kept of the file."""


class TooLarge(BadFile):
    """The stream is longer than its limit (bytes); nothing was kept of it."""

    def __init__(self, limit: int) -> None:
        super().__init__("too_large", limit=limit)


class Stored(NamedTuple):
    """What came to lie in storage: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


class Readable(Protocol):
    """Anything that gives bytes piece by piece."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        ...


class Storage(Protocol):
    """Where files lie."""

    def put(self, key: str, stream: Readable, limit: int) -> Stored:
        """Keep the stream under `key`, whole or not at all."""
        ...

    def open(self, key: str) -> IO[bytes]:
        """The content; raises FileNotFoundError or StorageDown."""
        ...

    def delete(self, key: str) -> None:
        """Remove the content; one that is gone already is no error."""
        ...

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Every key that has content, and since when (UTC)."""
        ...

    def check(self) -> None:
        """Raise StorageDown when a file could not be kept now."""
        ...


def put(key: str, stream: Readable, limit: int) -> Stored:
    """Keep the stream under `key`, at most `limit` bytes, or raise TooLarge or StorageDown and keep nothing."""
    return current().put(_sound(key), stream, limit)


def open(key: str) -> IO[bytes]:  # noqa: A001 - storage.open reads as what it does
    """The content as a binary file that can seek; the caller closes it. Raises FileNotFoundError or StorageDown."""
    return current().open(_sound(key))


def delete(key: str) -> None:
    """Remove the content; one that is gone already is no error."""
    current().delete(_sound(key))


def listed() -> Iterator[tuple[str, datetime]]:
    """Every key that has content, and since when (UTC), in no particular order."""
    return current().listed()


def check() -> None:
    """Raise StorageDown when a file could not be kept now."""
    current().check()


def current() -> Storage:
    """The application's storage."""
    return kept("storage", of)


def of(settings: Settings) -> Storage:
    """The storage that the settings ask for."""
    parts = urlsplit(settings.storage_url)
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.netloc + parts.path)))
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    client = {"endpoint_url": options["endpoint"]} if "endpoint" in options else {}
    filesystem = fsspec.filesystem(
        "s3",
        client_kwargs=client,
        config_kwargs={"connect_timeout": 5, "read_timeout": 20, "retries": {"max_attempts": 2}},
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    return Bucket(filesystem, (parts.netloc + parts.path).rstrip("/"))


def _sound(key: str) -> str:
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError("A storage key is a short path of plain letters.")
    return key


def _copy(source: Readable, target: Any, limit: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK):
        size += len(block)
        if size > limit:
            raise TooLarge(limit)
        digest.update(block)
        target.write(block)
    return Stored(size, digest.hexdigest())


@contextmanager
def _trouble() -> Iterator[None]:
    """What goes wrong in the file system, in the storage's own words."""
    try:
        yield
    except (FileNotFoundError, ServiceDown):
        raise
    except OSError as error:
        kind = StorageFull if error.errno in _FULL else StorageDown
        raise kind(f"{type(error).__name__}: {error.strerror or error}") from error


class Folder:
    """A folder on this machine (or on a network drive that honours fsync)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, stream: Readable, limit: int) -> Stored:
        """Write beside the place, fsync, rename, fsync the folder."""
        path = self.root / key
        waiting = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        with _trouble():
            try:
                self._make_folder(path.parent)
                with waiting.open("xb") as file:
                    stored = _copy(stream, file, limit)
                    file.flush()
                    os.fsync(file.fileno())
                waiting.replace(path)
                _fsync_folder(path.parent)
            except FileNotFoundError as error:  # The folder went away below us.
                raise StorageDown(str(error)) from error
            except BaseException:
                with suppress(OSError):
                    waiting.unlink(missing_ok=True)
                raise
        return stored

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o750, exist_ok=True)
        _fsync_folder(folder.parent)

    def open(self, key: str) -> IO[bytes]:
        """The content, through fsspec's local file system."""
        with _trouble():
            opened: IO[bytes] = fsspec.filesystem("file").open(str(self.root / key), "rb")
            return opened

    def delete(self, key: str) -> None:
        """Unlink the file."""
        with _trouble():
            (self.root / key).unlink(missing_ok=True)

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Walk the folder; what is still being written is passed over."""
        for folder, _folders, names in os.walk(self.root):
            for name in names:
                path = Path(folder) / name
                if not name.startswith(".") and path.is_file():
                    yield path.relative_to(self.root).as_posix(), datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def check(self) -> None:
        """Write a small file and take it away again."""
        probe = self.root / f".check.{secrets.token_hex(4)}"
        try:
            with _trouble():
                self._make_folder(self.root)
                probe.write_bytes(b"sala")
        except FileNotFoundError as error:
            raise StorageDown(str(error)) from error
        finally:
            with suppress(OSError):
                probe.unlink(missing_ok=True)


def _fsync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows keeps folders' entries itself and opens no handle on them.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Bucket:
    """An object store: s3://bucket/prefix?endpoint=https://…, its keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY."""

    def __init__(self, filesystem: Any, root: str) -> None:
        self._filesystem = filesystem
        self._root = root

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"

    def put(self, key: str, stream: Readable, limit: int) -> Stored:
        """Upload in parts; the object appears when the last one is there."""
        with _remote():
            file = self._filesystem.open(self._path(key), "wb", autocommit=False)
            try:
                stored = _copy(stream, file, limit)
                file.autocommit = True  # Only a stream that was read to its end may appear.
                file.close()
            except BaseException:
                file.closed = True  # Else the garbage collector would upload the half.
                with suppress(Exception):
                    file.discard()
                raise
        return stored

    def open(self, key: str) -> IO[bytes]:
        """The content, read in ranges as it is needed."""
        with _remote():
            opened: IO[bytes] = self._filesystem.open(self._path(key), "rb")
            return opened

    def delete(self, key: str) -> None:
        """Remove the object."""
        with _remote(), suppress(FileNotFoundError):
            self._filesystem.rm_file(self._path(key))

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Every object below the prefix."""
        with _remote():
            for path, info in self._filesystem.find(self._root, detail=True).items():
                key = str(path).lstrip("/").removeprefix(self._root.lstrip("/") + "/")
                yield key, info.get("LastModified") or info["created"]

    def check(self) -> None:
        """Ask for the list of the prefix."""
        with _remote(), suppress(FileNotFoundError):
            self._filesystem.ls(self._root.split("/")[0], detail=False, refresh=True)


@contextmanager
def _remote() -> Iterator[None]:
    """Whatever the object store's client raises means that the store is down, but for a missing object."""
    try:
        with _trouble():
            yield
    except (FileNotFoundError, ServiceDown, TooLarge):
        raise
    except Exception as error:
        raise StorageDown(f"{type(error).__name__}: {error}") from error
