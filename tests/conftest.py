"""Fixtures: one application per database, every test inside a transaction that is rolled back.

The suite runs on SQLite; and once more on PostgreSQL where it answers: SALA_TEST_DATABASE=postgresql picks that run
(`make test` does both). Tests that need real commits seen by several connections ask for `own_database`.
"""

from __future__ import annotations

import gc
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

import config

POSTGRES_URL = os.environ.get("SALA_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
ON_POSTGRES = os.environ.get("SALA_TEST_DATABASE", "sqlite") == "postgresql"
PASSWORD = "ศาลาริมน้ำ2569"
# test.sh gives a place of the run, and takes it away; processes that run alone have none to share.
OWN_PLACE = TemporaryDirectory(prefix="sala-templates-")
COMPILED = os.environ.get("SALA_TEST_TEMPLATES", OWN_PLACE.name)

# No test is timed: what is slow on a busy machine is not wrong.
settings.register_profile("sala", deadline=None)
settings.load_profile("sala")


def settings_for(database_url: str, data_dir: Path, **more: str) -> config.Settings:
    """Settings of a test: quick hashes, own folder, no mail server."""
    return config.read(
        {
            "SALA_ENV": "test",
            "SALA_DATABASE_URL": database_url,
            "SALA_DATA_DIR": str(data_dir),
            "SALA_SECRET_KEY": "s" * 64,
            "SALA_AUDIT_KEY": "a" * 64,
            "SALA_PASSWORD_ROUNDS": "1",
            "SALA_BASE_URL": "http://localhost",
            **more,
        }
    )


@contextmanager
def postgres_database(template: str = "template0") -> Iterator[str]:
    """A fresh PostgreSQL database in C.UTF-8, dropped afterwards; its address."""
    name = f"sala_test_{secrets.token_hex(6)}"
    server = sa.create_engine(sa.make_url(POSTGRES_URL), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    locale = "" if template != "template0" else " ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}{locale}"))
    try:
        url = sa.make_url(POSTGRES_URL).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates compiled once for all applications of the run: each test of real commits makes one of its own.

    Each language has its own code of a template, with its sentences in it.
    """

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        """The code of a template in the environment's language."""
        return super().get_bucket(environment, f"{environment.language}:{name}:{filename}", None, source)


def make_app(database_url: str, data_dir: Path, **more: str) -> Flask:
    """The application on that database, with errors shown to the test instead of the 500 page."""
    from app import create_app

    app = create_app(settings_for(database_url, data_dir, **more), PROPAGATE_EXCEPTIONS_IN_TESTS=True)
    app.test_client_class = BrowserLikeClient
    app.jinja_env.bytecode_cache = CompiledTemplates(COMPILED)
    return app


def fill(app: Flask) -> None:
    """Tables and reference data, as `flask sala init` makes them."""
    from views.core.cli import initialize

    with app.app_context():
        initialize()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this run's database."""
    if ON_POSTGRES:
        with postgres_database() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'sala.db'}"


@pytest.fixture(scope="session")
def filled_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application whose database is initialised; tests take `app`, which rolls back."""
    app = make_app(database_url, tmp_path_factory.mktemp("data"))
    fill(app)
    yield app
    from models.core.db import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def one_transaction(app: Flask) -> Iterator[sa.Connection]:
    """The application inside one transaction on one connection: commits are savepoints; it ends undone."""
    from models.core.db import db

    with app.app_context():
        engine = db.engines[None]
    connection = engine.connect()
    transaction = connection.begin()
    engines = db._app_engines[app]
    engines[None] = connection
    try:
        yield connection
    finally:
        engines[None] = engine
        with suppress(sa.exc.InvalidRequestError):
            transaction.rollback()
        connection.close()


@pytest.fixture
def app(filled_app: Flask) -> Iterator[Flask]:
    """The application inside a transaction of the test's own."""
    with one_transaction(filled_app):
        yield filled_app


@pytest.fixture
def session(app: Flask) -> Iterator[Any]:
    """The database session of an application context that lasts for the test."""
    from models.core.db import db

    with app.app_context():
        yield db.session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is signed in nowhere. It sends the CSRF token of the page as a browser would."""
    return app.test_client()


@pytest.fixture
def new_client(app: Flask) -> Callable[[], FlaskClient]:
    """More browsers, each with its own cookies."""
    return app.test_client


class BrowserLikeClient(FlaskClient):
    """A test client that posts with a CSRF token, as every form of ours does; `csrf=False` leaves it out."""

    def post(self, *args: Any, csrf: bool = True, **kwargs: Any) -> Any:
        """POST; the token goes in the header, as scripts of ours send it."""
        if csrf:
            headers = dict(kwargs.pop("headers", {}) or {})
            headers.setdefault("X-CSRFToken", self.csrf_token())
            kwargs["headers"] = headers
        return super().post(*args, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """A request in an application context of its own: a test that holds one must not lend its session and `g`.

        The whole answer is read, as browsers do: what it was read from (a file, a query) is closed then.
        """
        from models.core.db import db

        kwargs.setdefault("buffered", True)
        holds_context = has_app_context()
        if holds_context:
            db.session.commit()  # What the test made is there for the request ...
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if holds_context:
            db.session.expire_all()  # ... and what the request did is there for the test.
        return response

    def csrf_token(self) -> str:
        """The token that the pages of this browser carry."""
        from flask_wtf.csrf import generate_csrf

        with self.application.app_context(), self.application.test_request_context():
            from flask import session as cookie

            with self.session_transaction() as kept:
                if "csrf_token" not in kept:
                    kept["csrf_token"] = secrets.token_hex(20)
                cookie["csrf_token"] = kept["csrf_token"]
            return str(generate_csrf())


def let_in(client: FlaskClient, account: Any) -> FlaskClient:
    """Sign an account in on a client by a session row and its cookie, without the page."""
    from models.core.db import db
    from models.core.identity import Account, open_session

    with client.application.app_context():
        token = open_session(db.session.get(Account, account.id), "pytest", "127.0.0.1")
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


@pytest.fixture
def sign_in() -> Callable[..., FlaskClient]:
    """Sign an account in on a client: `sign_in(client, account)`."""
    return let_in


@pytest.fixture
def own_address(tmp_path: Path, filled_app: Flask, database_url: str) -> Iterator[str]:
    """The address of a database of the test's own: a copy of the initialised one."""
    from models.core.db import db

    source = str(sa.make_url(database_url).database)
    if ON_POSTGRES:
        with filled_app.app_context():
            db.session.remove()
            db.engine.dispose()  # A template database must have no connections.
        with postgres_database(source) as url:
            yield url
        return
    with filled_app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    target = tmp_path / "own.db"
    shutil.copyfile(source, target)
    yield f"sqlite:///{target}"


@pytest.fixture
def own_database(tmp_path: Path, own_address: str) -> Iterator[Flask]:
    """An application on a database of the test's own, with real commits; for several threads or processes."""
    from models.core.db import db

    app = make_app(own_address, tmp_path)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that ran since the test began (savepoints left out); clear it to start anew."""
    from models.core.db import db

    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
            statements.append(statement)

    target = db._app_engines[app][None]
    sa.event.listen(target, "before_cursor_execute", note)
    yield statements
    sa.event.remove(target, "before_cursor_execute", note)


# --- memory -------------------------------------------------------------------------------------------------------


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: the collector need not look at them again and again (a tenth of the run)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


# --- what the machine lacks is said, not hidden --------------------------------------------------------------------

# The shell is the same engine without windows and menus to draw: a page costs half as much.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


# Minutes and half minutes: what is begun last ends the run, so these are begun first (test.sh keeps the order).
HEAVY = (
    "browser/test_pages",
    "access/test_access",
    "access/test_fund_access",
    "browser/test_walk",
    "browser/test_trouble",
    "browser/test_scoring",
    "views/fund/test_papers",
    "reports/fund/test_proposal",
    "models/fund/statistics/test_keeping",
    "models/fund/test_stateful",
    "breaking/test_rush",
    "core_ops/test_backup",
    "core_ops/test_restore",
    "views/fund/test_demo",
    "browser/test_proposals",
    "browser/test_sessions",
    "reports/core/test_pdf",
    "core_ops/test_migrations",
    "reports/fund/test_scoring",
    "core_ops/test_commands",
    "browser/",
    "core_ops/test_serving",
    "views/fund/",
    "breaking/",
    "models/fund/",
)
TESTS = Path(__file__).parent


def weight(item: pytest.Item) -> int:
    """The place of a test's file among the heavy ones; those that are light come after all of them."""
    name = item.path.relative_to(TESTS).as_posix()
    return next((place for place, begin in enumerate(HEAVY) if name.startswith(begin)), len(HEAVY))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The heavy files first. Leave out what needs a browser where there is none."""
    items.sort(key=weight)
    if any(shutil.which(name) for name in BROWSERS):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no browser"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly how many tests were left out for want of something."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])
    )
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"!! {count} tests left out: {reason}", red=True, bold=True)
