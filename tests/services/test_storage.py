"""A file is in storage whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from services import storage
from services.storage import Folder, StorageDown, StorageFull, TooLarge
from tests.servers import free_port, http_server

KEY = "card/ab/abcdef"


def everything(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def test_what_was_put_comes_back_with_its_size_and_digest(plain):
    stored = storage.put(KEY, io.BytesIO(b"abc" * 1000), 3000)

    assert stored == (3000, hashlib.sha256(b"abc" * 1000).hexdigest())
    with storage.open(KEY) as file:
        assert file.read() == b"abc" * 1000
    assert [key for key, _since in storage.listed()] == [KEY]


def test_a_file_over_its_limit_leaves_nothing(plain):
    with pytest.raises(TooLarge) as refused:
        storage.put(KEY, io.BytesIO(b"x" * 11), 10)

    assert refused.value.values == {"limit": 10}
    assert everything(plain.config["SALA"].data_dir / "files") == []


class FullDisk(io.RawIOBase):
    """Gives one block, then the write of it fails: what a full disk looks like to the one who writes."""

    def __init__(self) -> None:
        self.blocks = 0

    def read(self, _size: int = -1) -> bytes:
        self.blocks += 1
        if self.blocks > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return b"x" * 1024


def test_a_full_disk_is_said_and_leaves_nothing(plain):
    with pytest.raises(StorageFull):
        storage.put(KEY, FullDisk(), 10**9)

    assert everything(plain.config["SALA"].data_dir / "files") == []


def test_a_disk_that_is_full_at_the_sync_keeps_the_old_content(plain, monkeypatch):
    storage.put(KEY, io.BytesIO(b"old"), 10)

    def no_room(_handle: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_room)
        with pytest.raises(StorageFull):
            storage.put(KEY, io.BytesIO(b"new"), 10)

    with storage.open(KEY) as file:
        assert file.read() == b"old"
    assert [key for key, _since in storage.listed()] == [KEY]


def test_content_and_folder_are_synced_before_put_returns(plain, monkeypatch):
    order: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("sync"), sync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda path, target: (order.append("rename"), replace(path, target))[1])

    storage.put(KEY, io.BytesIO(b"x"), 10)

    place = order.index("rename")
    assert order[place - 1] == "sync"
    assert order[place + 1] == "sync"


def test_a_folder_that_cannot_be_written_is_down(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    with pytest.raises(StorageDown):
        Folder(blocked / "below").check()
    with pytest.raises(StorageDown):
        Folder(blocked / "below").put(KEY, io.BytesIO(b"x"), 10)


def test_a_check_leaves_nothing_behind(plain):
    storage.check()

    assert everything(plain.config["SALA"].data_dir / "files") == []


def test_deleting_twice_is_no_error_and_opening_what_is_gone_is_one(plain):
    storage.put(KEY, io.BytesIO(b"x"), 10)
    storage.delete(KEY)
    storage.delete(KEY)

    with pytest.raises(FileNotFoundError):
        storage.open(KEY)


@pytest.mark.parametrize("key", ["../x/y", "/etc/passwd", "a/../../b", "a", "a/b\0c", "a//b", "a/.hidden"])
def test_a_key_cannot_leave_the_storage(plain, key):
    with pytest.raises(ValueError, match="key"):
        storage.put(key, io.BytesIO(b"x"), 10)


# --- an object store ---------------------------------------------------------------------------------------------


class ObjectStore:
    """As much of S3 as is used: one request puts a small object, parts and a last word put a large one."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.parts: dict[int, bytes] = {}
        self.is_broken = False
        self.aborted = 0

    def reply(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        url = urlsplit(path)
        key, query = unquote(url.path).lstrip("/"), url.query
        if self.is_broken:
            return 403, {}, b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
        if method == "PUT" and "partNumber" in query:
            number = int(query.partition("partNumber=")[2].partition("&")[0])
            self.parts[number] = unchunked(body)
            return 200, {"ETag": f'"{number}"'}, b""
        if method == "PUT":
            self.objects[key] = unchunked(body)
            return 200, {"ETag": '"1"'}, b""
        if method == "POST" and "uploads" in query:
            return 200, {}, b"<R><Bucket>b</Bucket><Key>k</Key><UploadId>u1</UploadId></R>"
        if method == "POST" and "uploadId" in query:
            self.objects[key] = b"".join(self.parts[number] for number in sorted(self.parts))
            return 200, {}, b'<R><ETag>"1"</ETag></R>'
        if (method == "POST" and "delete" in query) or method == "DELETE":
            if "uploadId" in query:
                self.aborted += 1
            else:
                self.objects.pop(key, None)
            return 204, {}, b""
        if key in self.objects and method in ("HEAD", "GET"):
            content = self.objects[key]
            headers = {"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
            if method == "HEAD":
                return 200, {**headers, "Content-Length": str(len(content))}, b""
            return 200, headers, content
        if "list-type" in query:
            rows = "".join(
                f"<Contents><Key>{name.partition('/')[2]}</Key><Size>{len(content)}</Size>"
                "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
                for name, content in self.objects.items()
            )
            return 200, {}, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()
        return 404, {}, b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"


def unchunked(body: bytes) -> bytes:
    """The content of a body in aws-chunked form (size;…, bytes), or the body as it is."""
    head, separator, rest = body.partition(b"\r\n")
    try:
        size = int(head.partition(b";")[0], 16)
    except ValueError:
        return body
    if not separator or len(rest) < size:
        return body
    return rest[:size] + (unchunked(rest[size + 2 :]) if size else b"")


@pytest.fixture
def store(make_app, monkeypatch):
    """An application on an object store, and the store."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    objects = ObjectStore()
    with http_server(objects.reply) as server:
        app = make_app(SALA_STORAGE_URL=f"s3://bucket/sala?endpoint=http://127.0.0.1:{server.port}")
        with app.app_context():
            yield objects


@pytest.mark.parametrize("size", [3, 12 * 1024 * 1024])
def test_an_object_store_keeps_and_gives_back(store, size):
    content = os.urandom(size)

    stored = storage.put(KEY, io.BytesIO(content), size)

    assert stored == (size, hashlib.sha256(content).hexdigest())
    assert store.objects == {f"bucket/sala/{KEY}": content}


def test_an_object_store_reads_lists_and_deletes(store):
    storage.put(KEY, io.BytesIO(b"content"), 100)

    with storage.open(KEY) as file:
        assert file.read() == b"content"
    assert [key for key, _since in storage.listed()] == [KEY]
    storage.delete(KEY)
    with pytest.raises(FileNotFoundError):
        storage.open(KEY)


def test_an_object_over_its_limit_never_appears(store):
    with pytest.raises(TooLarge):
        storage.put(KEY, io.BytesIO(b"x" * 11), 10)

    assert store.objects == {}


def test_an_object_store_that_refuses_is_down(store):
    store.is_broken = True

    with pytest.raises(StorageDown):
        storage.put(KEY, io.BytesIO(b"x"), 10)
    with pytest.raises(StorageDown):
        storage.check()


def test_an_object_store_that_is_away_is_down(make_app, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    app = make_app(SALA_STORAGE_URL=f"s3://bucket/sala?endpoint=http://127.0.0.1:{free_port()}")
    with app.app_context(), pytest.raises(StorageDown):
        storage.put(KEY, io.BytesIO(b"x"), 10)
