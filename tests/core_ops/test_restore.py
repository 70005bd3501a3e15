"""A restore goes into an empty place, refuses what is not whole, and says what did not come back."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jobs.backup import Trouble, manifest, restore, take
from models.core import audit
from models.core.db import db
from services import storage
from tests.core_ops.backups import empty, place, quiet, used

__all__ = ["empty", "place", "used"]


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
