"""The registry without the fund: super users keep the system's own pages, people of the registry have theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from models.assessment.codes import NATIONAL
from models.core.db import db
from tests.conftest import let_in, make_app
from tests.factories.assessment import make_school
from tests.factories.core import make_account
from views.core import home, pulse, search
from views.core.cli import initialize

# What domains of other applications in this process put on the pages of all.
SHARED = (home.tile_sources, home.waiting_sources, home.panel_sources, pulse.badge_sources, search.search_sources)


@pytest.fixture
def nobody_else() -> Iterator[None]:
    """As in a process in which no other domain was ever registered."""
    before = [list(one) for one in SHARED]
    for one in SHARED:
        one.clear()
    yield
    for one, kept in zip(SHARED, before, strict=True):
        one[:] = kept


@pytest.fixture
def alone(nobody_else: None, tmp_path: Any) -> Iterator[Any]:
    """An application with the registry alone, on a database of its own."""
    app = make_app(f"sqlite:///{tmp_path / 'alone.db'}", tmp_path, SALA_MODULES="assessment")
    with app.app_context():
        initialize()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_super_user_keeps_the_pages_of_the_system(alone):
    client = let_in(alone.test_client(), committed(make_account("super_user")))

    pages = ["/", "/permissions/", "/permissions/?domain=core", "/permissions/?domain=assessment", "/permissions/why"]
    pages += ["/access-log/", "/console/", "/records/", "/records/account/", "/settings/", "/outbox/"]
    answers = {page: client.get(page, follow_redirects=True).status_code for page in pages}

    assert {page: status for page, status in answers.items() if status != 200} == {}


def test_people_of_the_registry_come_in_and_find_their_work(alone):
    national = let_in(alone.test_client(), committed(make_account(NATIONAL)))
    school = let_in(alone.test_client(), committed(make_school().account))

    assert "งานระดับชาติ" in national.get("/").text
    assert national.get("/committees/").status_code == 200
    assert national.get("/access-log/").status_code == 403
    assert "คลังเครื่องมือประเมินมาตรฐานวิชาชีพ" in school.get("/").text


def committed(account: Any) -> Any:
    db.session.commit()
    return account
