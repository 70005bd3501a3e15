"""The sweep takes what nobody needs, and nothing else."""

from __future__ import annotations

import io
import json
import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from jobs import heads, sweep
from jobs.runner import Task
from models.core import audit
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.file import StoredFile, new_file_id
from services import storage

TASK = Task(1, "sweep", {}, None, 1, reads=True)


def stored(attached: bool = False) -> StoredFile:
    file = StoredFile(id=new_file_id(), purpose="test", name="a.pdf", content_type="application/pdf")
    file.size, file.sha256 = storage.put(file.key, io.BytesIO(b"x"), 10)
    if attached:
        file.attach()
    db.session.add(file)
    db.session.commit()
    return file


def keys() -> set[str]:
    return {key for key, _since in storage.listed()}


def test_a_file_that_no_row_named_goes_after_its_time(plain):
    staged, attached = stored(), stored(attached=True)

    sweep.sweep_staging(TASK)
    assert keys() == {staged.key, attached.key}
    with frozen_at(now() + timedelta(days=3)):
        sweep.sweep_staging(TASK)

    assert keys() == {attached.key}
    assert db.session.scalars(select(StoredFile.id)).all() == [attached.id]


def test_content_without_a_row_goes_when_it_is_old(plain):
    kept = stored(attached=True)
    storage.put("test/aa/lost", io.BytesIO(b"x"), 10)
    storage.put("test/aa/fresh", io.BytesIO(b"x"), 10)
    folder = plain.config["SALA"].data_dir / "files"
    long_ago = (now() - timedelta(days=10)).timestamp()
    for key in ("test/aa/lost", kept.key):
        os.utime(folder / key, (long_ago, long_ago))

    sweep.sweep_storage(TASK)

    assert keys() == {kept.key, "test/aa/fresh"}


# --- the heads of the audit chain ----------------------------------------------------------------------------------


@pytest.fixture
def three_days(plain):
    """A chain with entries on three days."""
    for day in (3, 2, 1):
        with frozen_at(now() - timedelta(days=day)):
            audit.note("test", entity="test")
            db.session.commit()


def test_each_day_that_is_over_is_exported_once(three_days):
    assert heads.export_heads() == 2
    assert heads.export_heads() == 0

    [first, _second] = sorted(heads.folder().glob("*.json"))
    entry = db.session.scalar(select(audit.AuditEntry).where(audit.AuditEntry.seq == 1))
    assert json.loads(first.read_text())["mac"] == entry.mac
    assert heads.changed_head() is None


def test_a_chain_rewritten_with_the_right_key_differs_from_what_was_exported(three_days):
    heads.export_heads()
    path = min(heads.folder().glob("*.json"))
    # What a rewriter with database and key cannot reach: the file of that day, kept elsewhere.
    path.write_text(path.read_text().replace('"mac": "', '"mac": "0'))

    assert heads.changed_head() == path.stem


def test_a_chain_that_was_cut_off_differs_from_what_was_exported(three_days):
    heads.export_heads()
    db.session.execute(audit.AuditEntry.__table__.delete())

    assert heads.changed_head() is not None
    assert db.session.scalar(select(func.count()).select_from(audit.AuditEntry)) == 0
