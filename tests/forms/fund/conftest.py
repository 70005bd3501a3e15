"""The wizard's forms, read in Thai."""

from __future__ import annotations

import pytest

import models.fund.proposal  # its tables are named by those of the forms  # noqa: F401


@pytest.fixture
def in_request(filled_app):
    """A request of a Thai reader."""
    with filled_app.test_request_context(headers={"Accept-Language": "th"}):
        yield
