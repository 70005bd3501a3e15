"""Fixtures of the jobs: a plain application whose context is entered."""

from __future__ import annotations

from tests.services.conftest import make_app, plain

__all__ = ["make_app", "plain"]
