"""What the tests of the sessions' pages share: the people of a session, and step 1 as it is posted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from models.core.db import db, now
from models.core.thai.dates import format_date
from models.fund.codes import GROUP, State
from models.fund.proposal import Proposal
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and one more member."""
    return Cast(members=[make_account("committee")])


def typed(cast: Cast, **changed: Any) -> dict[str, Any]:
    """Step 1 as a browser posts it."""
    day = format_date((now() + timedelta(days=10)).date(), "field")
    given = {"name": "คณะทำงาน ครั้งที่ 7/2569", "level": GROUP, "day": day, "starts": "09.30", "ends": "12.00"}
    return {**given, "place": "ห้องประชุม 2", "link": "", "chair_id": cast.chair.id, "once": "a-form", **changed}


def waiting(cast: Cast, state: str = State.WAIT_GROUP, **given: Any) -> Proposal:
    """A proposal in that state."""
    return make_proposal(state, cast=cast, **given)


def words_of(page: str) -> str:
    """What a page says, without its tags: terms are kept unbroken by some of them."""
    return re.sub(r"<[^>]+>", "", page)


def fresh(record: Any) -> Any:
    """The record as the database has it now."""
    db.session.expire_all()
    return record
