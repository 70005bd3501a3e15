"""Fixtures of the services: a plain application, and tiny servers that misbehave on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.plain import close, make_tables, plain_app


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make an application with these settings; its context must be entered by the test."""
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        app = plain_app(tmp_path, **settings)
        make_tables(app)
        made.append(app)
        return app

    yield make
    for app in made:
        close(app)


@pytest.fixture
def plain(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """A plain application without anything outside, its context entered."""
    app = make_app()
    with app.app_context():
        yield app
