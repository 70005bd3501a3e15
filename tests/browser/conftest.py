"""Fixtures of the browser tests: one Chromium for all, one server and database per module, one context per person."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.browser.site import Site, Watch, bound_server, served
from tests.conftest import BROWSERS, ON_POSTGRES, make_app, postgres_database

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000  # milliseconds until a wait gives up; nothing takes that long, on a busy machine either
HERE = Path(__file__).parent
SHOTS = HERE / "shots"
TAKES_PICTURES = bool(os.environ.get("SALA_TEST_PICTURES"))


def picture(page: Any, name: str, *, full_page: bool = True) -> None:
    """Leave a picture in tests/browser/shots where SALA_TEST_PICTURES asks for it; it takes time."""
    if TAKES_PICTURES:
        page.screenshot(path=SHOTS / f"{name}.png", full_page=full_page)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives Chromium."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if not any(shutil.which(name) for name in BROWSERS):
                item.add_marker(pytest.mark.skip(reason="no browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The one browser of the run."""
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    playwright.expect.set_options(timeout=PATIENCE)
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(filled_app: Flask, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on a copy of the initialised database, as somebody meets it on the first day."""
    from models.core.db import db

    folder = tmp_path_factory.mktemp("site")
    server = bound_server()
    url = f"http://127.0.0.1:{server.server_port}"

    def open_on(address: str) -> Iterator[Site]:
        app = make_app(address, folder, SALA_BASE_URL=url)
        server.app = app
        with served(app, server, url) as made:
            yield made
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    with filled_app.app_context():
        db.session.remove()
        if not ON_POSTGRES:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        db.engine.dispose()  # A template database must have no connections.
    source = str(sa.make_url(database_url).database)
    if ON_POSTGRES:
        with postgres_database(source) as address:
            yield from open_on(address)
    else:
        shutil.copyfile(source, folder / "site.db")
        yield from open_on(f"sqlite:///{folder / 'site.db'}")


def open_context(chromium: Any, site: Site, account_id: int | None, **options: Any) -> tuple[Any, Watch]:
    """A browser of somebody's own, signed in as the account, and the watch over it."""
    given = {
        "viewport": {"width": 1280, "height": 900},
        "locale": "th-TH",
        "timezone_id": "Asia/Bangkok",
        "reduced_motion": "reduce",
        "base_url": site.url,
        **options,
    }
    context = chromium.new_context(**given)
    context.set_default_timeout(PATIENCE)
    watch = Watch(site.url)
    watch.over(context)
    if account_id is not None:
        context.add_cookies([site.cookie_of(account_id)])
    return context, watch


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Let fixtures know whether the test failed: they then leave pictures."""
    report = yield
    if report.when == "call":
        item.has_failed = report.failed  # type: ignore[attr-defined]
    return report


@pytest.fixture
def new_page(chromium: Any, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open a browser of somebody's own: `new_page(account_id)`; at the end nothing may have gone wrong in any.

    `expected` are the statuses of refused requests that the test brings about; `page.watch` looks on.
    """
    contexts: list[Any] = []
    watches: list[Watch] = []

    def open_one(account_id: int | None = None, *, expected: tuple[int, ...] = (), **options: Any) -> Any:
        context, watch = open_context(chromium, site, account_id, **options)
        watch.expected |= set(expected)
        contexts.append(context)
        watches.append(watch)
        page = context.new_page()
        page.watch = watch
        return page

    yield open_one
    failed = getattr(request.node, "has_failed", True)
    for number, context in enumerate(contexts):
        for place, page in enumerate(context.pages if failed else ()):
            with suppress(playwright.Error):  # What went wrong is told all the same.
                page.screenshot(path=SHOTS / f"failed-{request.node.name[:60]}-{number}-{place}.png")
        context.close()
    errors, site.errors = site.errors, []
    assert not errors, errors
    assert [line for watch in watches for line in watch.found] == []
