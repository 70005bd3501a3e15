"""Invitations to a session: each person hears once of what concerns them, and a calendar can follow it (fund.md 7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.core.clock import now
from models.core.outbox import Message, Notification
from models.core.workflow import Refused
from models.fund.agenda_moves import end_session
from models.fund.codes import State
from models.fund.session.invitations import CALLED_OFF, CANCEL, CHANGED, INVITED, REQUEST
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, make_session, put_on, score


@pytest.fixture
def cast(session):
    return Cast(members=[make_account("committee"), make_account("committee")])


@pytest.fixture
def invited(session, cast):
    """A session whose people were invited."""
    found = make_session(cast=cast)
    found.perform("invite", cast.staff, found.version)
    return found


def heard(session, event):
    """Who heard of an event by mail: user id -> (method, number)."""
    session.flush()
    rows = session.scalars(select(Message).where(Message.event == event).order_by(Message.id))
    return {row.user_id: (row.values["method"], row.values["number"]) for row in rows}


def mails(session):
    session.flush()
    return len(session.scalars(select(Message.id).where(Message.event.like("session_%"))).all())


def edit(meeting, cast, **content):
    meeting.perform("edit", cast.staff, meeting.version, content=content)


def test_everybody_who_sits_is_invited_and_it_is_noted_who_and_when(session, cast, invited):
    everybody = {cast.chair.id, cast.secretary.id, *(member.id for member in cast.members)}

    assert heard(session, INVITED) == dict.fromkeys(everybody, (REQUEST, 1))
    assert {row.user_id for row in invited.invitations} == everybody
    assert all(row.sent_at and row.called_off_at is None for row in invited.invitations)


def test_nothing_is_told_before_the_first_invitation(session, cast):
    meeting = make_session(cast=cast)

    edit(meeting, cast, place="ห้องอื่น", member_ids=[])

    assert mails(session) == 0


@pytest.mark.parametrize(
    "content",
    [
        {"place": "ห้องประชุม 9"},
        {"link": "https://meet.example.org/a"},
        {"name": "ชื่อใหม่"},
        {"starts_at": now() + timedelta(days=8)},
        {"ends_at": now() + timedelta(days=7, hours=2)},
    ],
)
def test_a_change_of_the_meeting_is_told_to_all_with_a_higher_number(session, cast, invited, content):
    edit(invited, cast, **content)

    told = heard(session, CHANGED)
    assert told == dict.fromkeys(heard(session, INVITED), (REQUEST, 2))
    assert {row.sequence for row in invited.invitations} == {2}


def test_saving_without_a_change_and_ordering_the_agenda_tell_nobody(session, cast, invited):
    before = mails(session)
    put_on(make_proposal(State.WAIT_GROUP, cast=cast), cast, invited)

    edit(invited, cast, place=invited.place, name=f"  {invited.name} ")
    edit(invited, cast, member_ids=[member.id for member in reversed(cast.members)])
    invited.perform("arrange", cast.staff, invited.version, order=[invited.agenda[0].id])
    invited.perform("attend", cast.staff, invited.version, present={cast.chair.id})

    assert mails(session) == before
    assert invited.invitation_number == 1


def test_who_comes_is_invited_who_leaves_is_let_go_and_the_others_hear_nothing(session, cast, invited):
    stays, leaves, comes = cast.members[0], cast.members[1], make_account("committee")

    edit(invited, cast, member_ids=[stays.id, comes.id])

    assert heard(session, INVITED)[comes.id] == (REQUEST, 2)
    assert heard(session, CALLED_OFF) == {leaves.id: (CANCEL, 2)}
    assert heard(session, CHANGED) == {}
    edit(invited, cast, member_ids=[stays.id, comes.id, leaves.id])
    assert heard(session, INVITED)[leaves.id] == (REQUEST, 3)


def test_another_role_is_told_to_the_one_who_has_it(session, cast, invited):
    one, other = cast.members

    edit(invited, cast, member_ids=[other.id], secretary_ids=[cast.secretary.id, one.id])

    assert heard(session, CHANGED) == {one.id: (REQUEST, 2)}


def test_a_new_chair_is_told_to_all(session, cast, invited):
    chair = make_account("committee")

    edit(invited, cast, chair_id=chair.id)

    assert heard(session, INVITED)[chair.id] == (REQUEST, 2)
    assert heard(session, CALLED_OFF) == {cast.chair.id: (CANCEL, 2)}
    assert set(heard(session, CHANGED)) == {cast.secretary.id, *(member.id for member in cast.members)}


def test_inviting_again_invites_all_again_under_the_same_uid(session, cast, invited):
    invited.perform("invite", cast.staff, invited.version)

    rows = session.scalars(select(Message).where(Message.event == INVITED)).all()
    assert len({row.values["uid"] for row in rows}) == 1
    assert {number for _method, number in heard(session, INVITED).values()} == {2}


def test_two_sessions_have_two_uids(session, cast):
    assert make_session(cast=cast).calendar_uid != make_session(cast=cast).calendar_uid


def test_a_cancelled_session_lets_everybody_go_with_the_reason_and_its_items_wait_again(session, cast, invited):
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)
    put_on(proposal, cast, invited)

    returned = end_session(invited, "cancel", cast.staff, invited.version, "ประธานติดราชการ")

    assert (returned, invited.state, proposal.state) == (1, "cancelled", State.WAIT_GROUP)
    assert set(heard(session, CALLED_OFF)) == set(heard(session, INVITED))
    bell = session.scalars(select(Notification).where(Notification.event == CALLED_OFF)).first()
    assert bell.values["reason"] == "ประธานติดราชการ"
    told = session.scalars(select(Message).where(Message.event == "proposal_off_agenda")).all()
    assert len(told) == len({row.user_id for row in told}) > 0


def test_cancelling_needs_a_reason_and_a_session_without_results(session, cast, invited):
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)
    put_on(proposal, cast, invited)

    with pytest.raises(Refused) as no_reason:
        end_session(invited, "cancel", cast.staff, invited.version, "  ")
    score(proposal, cast.staff)
    with pytest.raises(Refused) as has_results:
        end_session(invited, "cancel", cast.staff, invited.version, "ป่วย")

    assert no_reason.value.refusal.code == "cancel_reason_needed"
    assert has_results.value.refusal.code == "has_results"
    assert invited.state == "open"


def test_a_deleted_session_lets_those_invited_go(session, cast, invited):
    invited.perform("delete", cast.staff, invited.version)

    assert set(heard(session, CALLED_OFF)) == set(heard(session, INVITED))


def test_after_the_meeting_nobody_is_told_of_corrections(session, cast):
    meeting = make_session(cast=cast, starts_at=now() - timedelta(days=1))
    meeting.perform("invite", cast.staff, meeting.version)
    before = mails(session)

    edit(meeting, cast, place="ห้องที่ประชุมจริง")

    assert mails(session) == before


def test_closed_accounts_are_not_invited(session, cast):
    cast.members[0].active = False
    meeting = make_session(cast=Cast(staff=cast.staff, chair=cast.chair, secretary=cast.secretary))
    session.flush()
    cast.secretary.active = False

    meeting.perform("invite", cast.staff, meeting.version)

    assert set(heard(session, INVITED)) == {cast.chair.id}
    assert {row.user_id for row in meeting.invitations} == {cast.chair.id}


def test_the_chair_cannot_go_once_there_are_invitations_or_an_agenda(session, cast, invited):
    with_agenda = put_on(make_proposal(State.WAIT_GROUP, cast=cast), cast)
    empty = make_session(cast=cast)

    for meeting in (invited, with_agenda):
        assert meeting.refusal("edit", cast.staff, content={"chair_id": None}).code == "chair_needed"
    edit(empty, cast, chair_id=None)
    assert empty.chair is None
