"""The registry's routes: who may come, to which record, and what is posted."""

from __future__ import annotations

from tests.access.table import Route

# Values beginning with @ are taken from the world of the test.
ASSESSMENT_ROUTES: dict[str, Route] = {}
