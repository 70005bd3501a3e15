"""Who stepped out of an item learns its result by no question about somebody else (spec: fund.md 7)."""

from __future__ import annotations

import pytest

from models.core.grants import grant
from models.fund.codes import COMMITTEE, State
from models.fund.session import SteppingOut
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, put_on, score


@pytest.fixture
def chief(session):
    """A member of committees who edits the permissions as well."""
    account = make_account(COMMITTEE)
    grant(account.id, "super_user")
    return account


def test_what_others_may_do_now_is_the_same_whether_it_passed_or_failed(client, session, sign_in, chief):
    cast = Cast(members=[chief])
    answers = []
    for ticked in (4, 1):
        proposal = make_proposal(State.WAIT_GROUP, cast=cast, title="โครงการที่ก้าวออก")
        meeting = put_on(proposal, cast)
        session.add(SteppingOut(item=meeting.items[0], user_id=chief.id, reason="declared"))
        score(proposal, cast.staff, ticked)
        session.commit()
        asked = {"person": cast.staff.id, "permission": "proposal.decide", "record": proposal.number}
        page = sign_in(client, chief).get("/permissions/why/", query_string=asked).text
        assert "เรื่องที่คุณไม่มีสิทธิ์เห็น" in page
        answers.append(page.partition('class="table s-made"')[2].partition("</table>")[0])

    passed, failed = answers
    assert passed == failed != ""
    assert "ขึ้นกับเรื่อง" in passed
