"""Papers of the same content are typeset once for all tests of a module; that takes seconds."""

from __future__ import annotations

from tests.reports.reading import typeset_once

__all__ = ["typeset_once"]
