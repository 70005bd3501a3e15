"""A backup is one moment of database and files, whole or none; a restore brings exactly that back, and proves it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select

from jobs import heads, sweep
from jobs.backup import Trouble, choose, manifest, restore, take, taking
from jobs.runner import Task
from models.core import audit
from models.core.backup import LEASE, OVERDUE, Backup, content_may_go, last_good
from models.core.clock import frozen_at, now
from models.core.counter import next_number
from models.core.db import db
from models.core.file import StoredFile, new_file_id
from services import migrations, storage
from tests.conftest import ON_POSTGRES, make_app, postgres_database
from views.core import metrics
from views.core.cli import checks

ROOT = Path(__file__).parent.parent.parent


def quiet(_step: str) -> None:
    """Nobody listens."""


def store(content: bytes = b"x") -> StoredFile:
    """A file as an upload leaves it: content first, then its row; the caller commits."""
    file = StoredFile(id=new_file_id(), purpose="test", name="a.pdf", content_type="application/pdf")
    file.size, file.sha256 = storage.put(file.key, io.BytesIO(content), 10_000)
    file.attach()
    db.session.add(file)
    audit.note("test.stored", entity="test", entity_id=file.id)
    return file


@pytest.fixture
def used(own_database: Flask) -> Iterator[Flask]:
    """A site in use: some files, some entries; its context is entered."""
    with own_database.app_context():
        for number in range(3):
            store(b"content %d" % number)
            next_number("test", 2569)
            db.session.commit()
        yield own_database


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the backups go."""
    return tmp_path / "backups"


class Place(NamedTuple):
    app: Flask
    folder: Path


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Another machine: an empty database and an empty data folder."""
    with contextlib.ExitStack() as stack:

        def make(**settings: str) -> Place:
            folder = tmp_path / f"other{len(list(tmp_path.glob('other*')))}"
            url = stack.enter_context(postgres_database()) if ON_POSTGRES else f"sqlite:///{folder / 'sala.db'}"
            folder.mkdir()
            app = make_app(url, folder, **settings)

            def close() -> None:
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()

            stack.callback(close)
            return Place(app, folder)

        yield make


def one_key() -> str:
    key = db.session.scalars(select(StoredFile)).first().key
    db.session.commit()
    return key


def run(app: Flask, *words: str) -> Any:
    """A command works in a context of its own, as in a process of its own."""
    return Context().run(app.test_cli_runner().invoke, args=["sala", *words])


def rows_of_everything() -> dict[str, int]:
    db.session.rollback()
    return {
        name: db.session.scalar(select(func.count()).select_from(sa.table(name)))
        for name in sa.inspect(db.session.connection()).get_table_names()
    }


def test_what_was_taken_comes_back_and_is_proved(used, place, empty):
    heads.export_heads()
    before = {file.key: file.sha256 for file in db.session.scalars(select(StoredFile))}
    rows = rows_of_everything()
    db.session.commit()

    taken = take(place)
    other = empty()
    with other.app.app_context():
        proof = restore(choose(place), quiet)

        after = {file.key: file.sha256 for file in db.session.scalars(select(StoredFile))}
        assert after == before
        for key in after:
            with storage.open(key) as file:
                assert file.read().startswith(b"content")
        # What came since: the row that says a backup is taken, and the note that it was restored.
        assert {name: count for name, count in rows_of_everything().items() if rows[name] != count} == {
            "core_backup": rows["core_backup"] + 1,
            "core_audit_entry": rows["core_audit_entry"] + 1,
        }
        assert audit.verify() is None
        assert next_number("test", 2569) == 4
        db.session.commit()
        with db.engine.connect() as connection:
            assert migrations.current(connection) == migrations.newest() == proof.revision

    assert (taken.files, proof.files, taken.missing) == (3, 3, [])
    assert last_good() is not None


def test_a_backup_is_of_one_moment_while_others_write(used, place, empty):
    stop, failed = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            try:
                with used.app_context():
                    next_number("test", 2569)
                    store(os.urandom(20))
                    db.session.commit()
            except Exception as error:  # noqa: BLE001 - said by the test
                failed.append(error)
                return

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    try:
        folders = []
        for second in range(3):
            with frozen_at(now() + timedelta(seconds=second)):
                folders.append(take(place).folder)
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    assert failed == []
    for folder in folders:
        other = empty()
        with other.app.app_context():
            proof = restore(folder, quiet)
            files = db.session.scalar(select(func.count()).select_from(StoredFile))
            notes = select(func.count()).select_from(audit.AuditEntry).where(audit.AuditEntry.action == "test.stored")
            # Each transaction adds one number, one file and one entry: in the backup there are as many of each.
            assert files == db.session.scalar(notes) == next_number("test", 2569) - 1 == proof.files
            assert proof.missing == []


def test_content_whose_row_went_meanwhile_stays_until_the_backup_has_it(used, place, empty, monkeypatch):
    file = db.session.scalars(select(StoredFile)).first()
    file.attached_at, file.uploaded_at = None, now() - timedelta(days=9)
    db.session.commit()
    copy = taking._copy_files

    def swept_meanwhile(*args: Any) -> Any:
        sweep.sweep_staging(Task(1, "sweep_staging", {}, None, 1, reads=True))
        assert db.session.get(StoredFile, file.id, populate_existing=True) is None
        db.session.commit()
        return copy(*args)

    monkeypatch.setattr(taking, "_copy_files", swept_meanwhile)
    taken = take(place)

    assert (taken.files, taken.missing) == (3, [])
    assert content_may_go()
    with empty().app.app_context():
        assert restore(choose(place), quiet).files == 3


def test_unchanged_files_are_shared_with_the_backup_before_and_old_backups_go(used, place):
    first = take(place)
    store(b"new")
    db.session.commit()
    with frozen_at(now() + timedelta(seconds=1)):
        second = take(place, keep=1)

    assert (second.files, second.linked) == (4, 3)
    assert second.removed == [first.folder.name]
    assert [path.name for path in place.iterdir()] == [second.folder.name]


def test_a_shared_file_that_rotted_is_copied_anew(used, place):
    first = take(place)
    key = one_key()
    (first.folder / "files" / key).write_bytes(b"rotten!!!")
    with frozen_at(now() + timedelta(seconds=1)):
        second = take(place)

    assert (second.linked, second.missing) == (2, [])
    with pytest.raises(Trouble, match="damaged"):
        restore(first.folder, quiet, only_check=True)
    assert restore(second.folder, quiet, only_check=True).files == 3


def test_what_storage_lost_is_named_and_the_rest_is_backed_up(used, place, empty):
    lost = one_key()
    storage.delete(lost)

    taken = take(place)

    assert (taken.files, taken.missing) == (2, [lost])
    assert last_good() is None
    with empty().app.app_context():
        assert restore(taken.folder, quiet).missing == [lost]


# --- whole or not at all ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["_copy_files", "_copy_heads", "write"])
def test_a_backup_that_fails_leaves_nothing(used, place, monkeypatch, where):
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking, where, full)
    with pytest.raises(OSError, match="No space"):
        take(place)

    assert list(place.iterdir()) == []
    assert "No space" in db.session.scalars(select(Backup.error)).one()
    assert content_may_go()


def test_no_room_is_said_before_anything_is_written(used, place, monkeypatch):
    monkeypatch.setattr(taking.shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(10**9, 10**9, 1000))

    with pytest.raises(Trouble, match="MB free"):
        take(place)

    assert list(place.iterdir()) == []


def test_one_backup_at_a_time_and_a_killed_one_stands_in_the_way_for_minutes_only(used, place):
    db.session.add(Backup(name="another"))
    db.session.commit()

    with pytest.raises(Trouble, match="being taken"):
        take(place)
    with frozen_at(now() + LEASE):
        assert take(place).files == 3


def environment(app: Flask) -> dict[str, str]:
    chosen = app.config["SALA"]
    return {
        **os.environ,
        "SALA_ENV": "test",
        "SALA_DATABASE_URL": chosen.database_url,
        "SALA_DATA_DIR": str(chosen.data_dir),
        "SALA_SECRET_KEY": chosen.secret_key,
        "SALA_AUDIT_KEY": chosen.audit_key,
        "FLASK_APP": "app:create_app",
    }


def test_a_killed_backup_passes_for_none_and_the_next_one_clears_it_away(used, place):
    # The backup before has a pipe that nobody fills: the command is in the midst when it is killed.
    stuck = place / "sala-2026-01-01T000000Z"
    pipe = stuck / "files" / one_key()
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    (stuck / "manifest.json").write_text("{}")
    command = [sys.executable, "-m", "flask", "sala", "backup", str(place)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(used), stdout=subprocess.DEVNULL)
    try:
        held = None
        while held is None and process.poll() is None:
            with contextlib.suppress(OSError):
                held = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)  # Opens once the command reads it.
            time.sleep(0.05)
        assert process.poll() is None
        halves = [path for path in place.iterdir() if path != stuck]
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
        if held is not None:
            os.close(held)
    shutil.rmtree(stuck)

    assert len(halves) == 1
    with pytest.raises(Trouble, match="no backup"):
        choose(place)
    with pytest.raises(Trouble, match="not a backup"):
        restore(halves[0], quiet)
    with frozen_at(now() + LEASE):
        taken = take(place)
    assert [path.name for path in place.iterdir()] == [taken.folder.name]


def test_a_folder_that_another_process_fills_is_left_alone(used, place):
    other = place / ".sala-2026-01-01T000000Z.part"
    other.mkdir(parents=True)
    with taking._held(other):
        take(place)
        assert other.is_dir()
    with frozen_at(now() + timedelta(seconds=1)):
        take(place)
    assert not other.exists()


# --- what a restore refuses ------------------------------------------------------------------------------------------


def test_a_restore_goes_into_an_empty_place_only(used, place, empty):
    taken = take(place)
    with pytest.raises(Trouble, match="tables already"):
        restore(taken.folder, quiet)

    other = empty()
    with other.app.app_context():
        storage.put("test/aa/theirs", io.BytesIO(b"x"), 10)
        with pytest.raises(Trouble, match="other files"):
            restore(taken.folder, quiet)
        storage.delete("test/aa/theirs")
        # What a try that was broken off had brought is no stranger's.
        entry = next(manifest.listed(taken.folder))
        storage.put(entry.key, io.BytesIO(b"half"), 10)
        assert restore(taken.folder, quiet).files == 3


@pytest.mark.parametrize("what", ["database", "files.jsonl", "a file", "manifest.json"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(used, place, empty, what):
    folder = take(place).folder
    path = next(path for path in (folder / "files").rglob("*") if path.is_file()) if what == "a file" else folder / what
    if what == "manifest.json":
        content = json.loads(path.read_text())
        content["tables"]["ab_user"] += 1
        path.write_text(json.dumps(content))
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"?")

    other = empty()
    with other.app.app_context():
        with pytest.raises(Trouble, match=r"damaged|was changed"):
            restore(folder, quiet)
        assert sa.inspect(db.engine).get_table_names() == []
        assert list(storage.listed()) == []


def test_another_audit_key_is_said_at_once_and_another_secret_key_at_the_end(used, place, empty):
    folder = take(place).folder
    with empty(SALA_AUDIT_KEY="b" * 64).app.app_context(), pytest.raises(Trouble, match="SALA_AUDIT_KEY"):
        restore(folder, quiet)
    audit.set_key(b"a" * 64)
    with empty(SALA_SECRET_KEY="t" * 64).app.app_context():
        assert not restore(folder, quiet).same_secret_key


def test_rows_that_do_not_come_back_are_found(used, place, empty, monkeypatch):
    folder = take(place).folder
    from jobs.backup import database

    load = database.load

    def lossy(engine: Any, source: Path) -> None:
        load(engine, source)
        with engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM core_counter"))
            connection.execute(sa.text("UPDATE core_audit_entry SET address = '6.6.6.6' WHERE seq = 1"))

    monkeypatch.setattr(database, "load", lossy)
    with empty().app.app_context(), pytest.raises(Trouble, match=r"core_counter.*broken at entry 1"):
        restore(folder, quiet)


def test_a_backup_of_older_tables_is_restored_and_says_that_init_is_next(used, place, empty):
    folder = take(place).folder
    content = json.loads((folder / "manifest.json").read_text())
    older = manifest.Manifest(**{**content, "revision": "0001"})
    newer = manifest.Manifest(**{**content, "revision": "9999"})
    (folder / "manifest.json").unlink()
    manifest.write(folder, older, used.config["SALA"])
    assert not restore(folder, quiet, only_check=True).is_newest_revision
    (folder / "manifest.json").unlink()
    manifest.write(folder, newer, used.config["SALA"])

    with pytest.raises(Trouble, match="newer code"):
        restore(folder, quiet, only_check=True)


# --- the commands ----------------------------------------------------------------------------------------------------


def test_the_commands_say_what_they_did_and_that_keys_are_not_in_it(used, place, empty):
    taken = run(used, "backup", str(place), "--keep", "7")
    checked = run(used, "restore", str(place), "--check")
    refused = run(used, "restore", str(place))
    restored = run(empty().app, "restore", str(place))

    assert (taken.exit_code, checked.exit_code, restored.exit_code) == (0, 0, 0), restored.output
    assert "3 files" in taken.output
    assert "SALA_AUDIT_KEY are not in it" in taken.output
    assert "Whole" in checked.output
    assert "Restored and proved" in restored.output
    assert refused.exit_code == 1
    assert len(refused.stderr.splitlines()) == 1


def test_a_backup_that_is_overdue_is_said_and_its_age_is_a_figure(used, place):
    def overdue() -> bool:
        with used.app_context():
            return any("No good backup" in finding.text for finding in checks.findings(for_deploy=True))

    assert overdue()
    take(place)
    assert not overdue()
    assert b"sala_backup_age_seconds" in metrics.page()
    db.session.rollback()
    with frozen_at(now() + OVERDUE + timedelta(minutes=1)):
        assert overdue()


def test_a_missing_client_program_is_said_in_one_line(used, place, monkeypatch):
    if not ON_POSTGRES:
        pytest.skip("PostgreSQL's client programs are asked for on PostgreSQL only")
    monkeypatch.setenv("PATH", "/nowhere")

    result = run(used, "backup", str(place))

    assert result.exit_code == 1
    assert "pg_dump is not on the PATH" in result.stderr
    assert len(result.stderr.splitlines()) == 1
