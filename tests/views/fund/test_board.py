"""The board's resolution: approved or not, once, by those who may."""

from __future__ import annotations

from typing import Any

import pytest

from models.core.db import db
from models.core.outbox import Notification
from models.fund.codes import State
from models.fund.conflicts import declare
from models.fund.proposal import Proposal
from models.fund.scoring import BoardDecision
from models.fund.session import AgendaItem
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, manager_of


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and one more member."""
    return Cast(members=[make_account("committee")])


def before_the_board(cast: Cast) -> tuple[Proposal, AgendaItem]:
    """A proposal on the board's agenda, and its item."""
    proposal = make_proposal(State.AGENDA_BOARD, cast=cast)
    item = proposal.open_item
    assert item is not None
    db.session.commit()
    return proposal, item


def typed(proposal: Proposal, decision: str, **more: Any) -> dict[str, Any]:
    """The form as a browser posts it."""
    given = {"version": proposal.version, "decision": decision}
    return {**given, "resolution_number": "3/2569", "resolution_date": "11/03/2569", **more}


def decisions(proposal: Proposal) -> list[BoardDecision]:
    """What was recorded."""
    db.session.expire_all()
    return db.session.query(BoardDecision).filter_by(revision_id=proposal.submitted_revision_id).all()


@pytest.mark.parametrize(("decision", "end"), [("approve", State.APPROVED), ("refuse", State.RETURNED)])
def test_the_resolution_is_recorded_with_number_and_date(client, sign_in, session, cast, decision, end):
    proposal, item = before_the_board(cast)

    answer = sign_in(client, cast.staff).post(f"/scoring/{item.id}", data=typed(proposal, decision))

    assert answer.status_code == 302
    (recorded,) = decisions(proposal)
    assert (recorded.resolution_number, str(recorded.resolution_date)) == ("3/2569", "2026-03-11")
    assert proposal.state == end


def test_number_and_date_may_be_left_empty(client, sign_in, session, cast):
    proposal, item = before_the_board(cast)
    data = {"version": proposal.version, "decision": "approve"}

    sign_in(client, cast.secretary).post(f"/scoring/{item.id}", data=data)

    assert proposal.state == State.APPROVED
    assert decisions(proposal)[0].recorded_by_id == cast.secretary.id


def test_a_wrong_date_is_said_and_nothing_is_recorded(client, sign_in, session, cast):
    proposal, item = before_the_board(cast)
    data = typed(proposal, "approve", resolution_date="31/02/2569", resolution_number="มติที่ 7")

    answer = sign_in(client, cast.staff).post(f"/scoring/{item.id}", data=data)

    assert answer.status_code == 422
    assert "มติที่ 7" in answer.text
    assert "31/02/2569" in answer.text
    assert decisions(proposal) == []


@pytest.mark.parametrize("decision", ["", "record", "pass"])
def test_there_are_two_resolutions_and_no_third(client, sign_in, session, cast, decision):
    proposal, item = before_the_board(cast)

    answer = sign_in(client, cast.staff).post(f"/scoring/{item.id}", data=typed(proposal, decision))

    assert answer.status_code == 422
    assert decisions(proposal) == []


def test_others_neither_open_nor_post_the_form(client, new_client, sign_in, session, cast):
    proposal, item = before_the_board(cast)
    refused = {
        cast.members[0]: 403,
        make_account("committee"): 404,
        Cast().secretary: 404,
        manager_of(proposal.organization): 403,
    }

    for account, status in refused.items():
        browser = sign_in(new_client(), account)
        assert browser.get(f"/scoring/{item.id}").status_code == status
        assert browser.post(f"/scoring/{item.id}", data=typed(proposal, "approve")).status_code == status

    assert decisions(proposal) == []
    assert sign_in(client, cast.secretary).get(f"/scoring/{item.id}").status_code == 200


def test_a_secretary_who_stepped_out_records_no_resolution(client, sign_in, session, cast):
    proposal, item = before_the_board(cast)
    declare(item, cast.secretary, cast.secretary)
    session.commit()

    answer = sign_in(client, cast.secretary).post(f"/scoring/{item.id}", data=typed(proposal, "approve"))

    assert answer.status_code == 404
    assert proposal.state == State.AGENDA_BOARD


def test_a_double_click_records_once(client, sign_in, session, cast):
    proposal, item = before_the_board(cast)
    staff = sign_in(client, cast.staff)
    data = typed(proposal, "approve")

    staff.post(f"/scoring/{item.id}", data=data)
    told = session.query(Notification).count()
    again = staff.post(f"/scoring/{item.id}", data=data)

    assert again.status_code == 302
    assert len(decisions(proposal)) == 1
    assert session.query(Notification).count() == told


def test_of_two_opposite_resolutions_the_first_stands(client, new_client, sign_in, session, cast):
    proposal, item = before_the_board(cast)
    one, other = sign_in(client, cast.staff), sign_in(new_client(), cast.secretary)
    approve, refuse = typed(proposal, "approve"), typed(proposal, "refuse")

    one.post(f"/scoring/{item.id}", data=approve)
    answer = other.post(f"/scoring/{item.id}", data=refuse, follow_redirects=True)

    assert [row.result for row in decisions(proposal)] == ["approved"]
    assert "บันทึกมติของโครงการนี้ไปแล้ว" in answer.text


def test_a_page_older_than_the_proposal_is_told_and_keeps_what_was_typed(client, sign_in, session, cast):
    proposal, item = before_the_board(cast)
    data = typed(proposal, "approve", version=proposal.version - 1, resolution_number="มติที่ 9")

    answer = sign_in(client, cast.staff).post(f"/scoring/{item.id}", data=data)

    assert answer.status_code == 409
    assert "มติที่ 9" in answer.text
    assert f'name="version" type="hidden" value="{proposal.version}"' in answer.text
    assert decisions(proposal) == []


def test_the_levels_below_stand_beside_the_form(client, sign_in, session, cast):
    _proposal, item = before_the_board(cast)

    page = sign_in(client, cast.secretary).get(f"/scoring/{item.id}").text

    assert page.count("100 / 100") == 2
