"""A form larger than any page of the registry sends is not read, and above all not kept as somebody's typing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.assessment.codes import RoundState
from models.core.clock import now
from models.core.db import db
from models.core.draft import Draft
from models.core.identity import SignInSession
from tests.factories.assessment import make_branches, make_round, make_school

PVC = "pvc2562"
MANY = {f"n-{number}": "5" for number in range(1, 10_001)}
LONG = {"n-1": "5", "more": "x" * 3_000_000}
REGISTRATION, ADDING = f"/registration/{PVC}", f"/outside/{PVC}/add"


@pytest.fixture
def place(session, client, sign_in):
    """The browser of a committee's school."""
    school = make_school(committee="province")
    make_branches(2, PVC)
    session.commit()
    return sign_in(client, school.account)


def drafts():
    db.session.expire_all()
    return db.session.scalar(select(func.count(Draft.id)))


@pytest.mark.parametrize("fields", [MANY, LONG])
@pytest.mark.parametrize("url", [REGISTRATION, ADDING])
def test_in_an_open_round(place, session, url, fields):
    make_round()
    session.commit()

    assert place.post(url, data=fields).status_code == 413
    assert drafts() == 0


@pytest.mark.parametrize("fields", [MANY, LONG])
def test_in_a_locked_round_where_what_was_typed_is_kept(place, session, fields):
    make_round(RoundState.LOCKED, closes_at=now() - timedelta(days=1))
    session.commit()

    assert place.post(REGISTRATION, data=fields).status_code == 413
    assert drafts() == 0
    assert place.post(REGISTRATION, data={"n-1": "5"}).status_code == 303
    assert drafts() == 1


@pytest.mark.parametrize("url", [REGISTRATION, ADDING])
def test_when_the_session_lapsed(place, session, url):
    make_round()
    for row in session.scalars(select(SignInSession)):
        row.seen_at = now() - timedelta(days=2)
    session.commit()

    assert place.post(url, data=LONG).status_code == 413
    assert drafts() == 0
