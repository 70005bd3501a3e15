"""A site in use and an empty one, for the tests of backups and of restoring."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select

from models.core import audit
from models.core.counter import next_number
from models.core.db import db
from models.core.file import StoredFile, new_file_id
from services import storage
from tests.conftest import ON_POSTGRES, postgres_database
from tests.plain import close, plain_app

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
def used(tmp_path: Path, own_address: str) -> Iterator[Flask]:
    """A site in use: some files, some entries; its context is entered. A backup needs none of its pages."""
    app = plain_app(tmp_path, own_address)
    with app.app_context():
        for number in range(3):
            store(b"content %d" % number)
            next_number("test", 2569)
            db.session.commit()
        yield app
    close(app)


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
            app = plain_app(folder, url, **settings)
            stack.callback(close, app)
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
