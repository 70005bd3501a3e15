"""Fixtures of operating: a plain application and its command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from contextvars import Context

import pytest
from click.testing import Result
from flask import Flask

from tests.services.conftest import make_app, plain

__all__ = ["make_app", "plain"]


@pytest.fixture
def sala(make_app: Callable[..., Flask]) -> Iterator[Callable[..., Result]]:
    """Run `flask sala …` on a plain application with empty tables; its context stays entered for the test."""
    made: list[Flask] = []
    with ExitStack() as contexts:

        def run(*words: str, **settings: str) -> Result:
            if not made:
                made.append(make_app(**settings))
                contexts.enter_context(made[0].app_context())
            # A command works in a context of its own, as in a process of its own.
            return Context().run(made[0].test_cli_runner().invoke, args=["sala", *words])

        yield run
