"""A backup is one moment of database and files, whole or none; a restore brings exactly that back, and proves it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from jobs import heads, sweep
from jobs.backup import Trouble, choose, restore, take, taking
from jobs.runner import Task
from models.core import audit
from models.core.backup import LEASE, OVERDUE, Backup, content_may_go, last_good
from models.core.clock import frozen_at, now
from models.core.counter import next_number
from models.core.db import db
from models.core.file import StoredFile
from services import migrations, storage
from tests.conftest import ON_POSTGRES
from tests.core_ops.backups import ROOT, empty, environment, one_key, place, quiet, rows_of_everything, run, store, used
from views.core import metrics
from views.core.cli import checks

__all__ = ["empty", "place", "used"]


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

    if not ON_POSTGRES:  # Several who never pause may keep one of them from SQLite's lock for longer than people would.
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=60000"))
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
