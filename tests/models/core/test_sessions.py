"""Sessions are rows: they lapse, end, and end together."""

from datetime import timedelta

import pytest

from models.core.clock import frozen_at, now
from models.core.grants import grant, held_by
from models.core.identity import (
    SignInSession,
    account_of_lapsed_session,
    account_of_session,
    end_sessions,
    live_link,
    make_link,
    open_session,
    open_sessions,
    use_link,
)
from models.fund.codes import MANAGER
from tests.factories.core import make_account
from tests.factories.fund import make_member, make_organization

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)


@pytest.fixture
def person(session):
    return make_account()


def test_an_open_session_gives_its_account(session, person):
    token = open_session(person, "Firefox", "10.0.0.1")
    session.flush()

    account, _row = account_of_session(token, IDLE, LONGEST)

    assert account.id == person.id


def test_the_token_itself_is_stored_nowhere(session, person):
    token = open_session(person, "Firefox", "10.0.0.1")
    session.flush()

    row = session.query(SignInSession).filter_by(user_id=person.id).one()

    assert token not in {str(getattr(row, column.key)) for column in SignInSession.__table__.columns}


@pytest.mark.parametrize("after", [timedelta(hours=2, seconds=1), timedelta(hours=13)])
def test_a_session_lapses_when_idle_or_old_but_still_knows_whose_typing_to_keep(session, person, after):
    token = open_session(person, "Firefox", "10.0.0.1")
    session.flush()

    with frozen_at(now() + after):
        assert account_of_session(token, IDLE, LONGEST) is None
        assert account_of_lapsed_session(token).id == person.id


def test_a_closed_account_opens_no_page(session, person):
    token = open_session(person, "Firefox", "10.0.0.1")
    person.active = False
    session.flush()

    assert account_of_session(token, IDLE, LONGEST) is None
    assert account_of_lapsed_session(token) is None


def test_ending_the_other_sessions_leaves_this_one(session, person):
    here, there = (open_session(person, device, "10.0.0.1") for device in ("here", "there"))
    session.flush()

    end_sessions(person.id, but=here)

    assert account_of_session(here, IDLE, LONGEST) is not None
    assert account_of_session(there, IDLE, LONGEST) is None
    assert [row.device for row in open_sessions(person.id)] == ["here"]


def test_ending_one_session_of_somebody_else_does_nothing(session, person):
    other = make_account()
    open_session(other, "theirs", "10.0.0.1")
    session.flush()

    ended = end_sessions(person.id, only=open_sessions(other.id)[0].id)

    assert ended == 0
    assert len(open_sessions(other.id)) == 1


def test_a_link_works_once(session, person):
    token = make_link(person.id, "confirm", timedelta(hours=24))

    assert use_link(token, "confirm").id == person.id
    assert use_link(token, "confirm") is None


def test_a_link_is_dead_after_its_time_or_a_newer_one_or_for_another_purpose(session, person):
    first = make_link(person.id, "reset", timedelta(hours=1))
    second = make_link(person.id, "reset", timedelta(hours=1))

    assert live_link(first, "reset") is None
    assert live_link(second, "confirm") is None
    assert live_link(second, "reset") is not None
    with frozen_at(now() + timedelta(hours=1, seconds=1)):
        assert live_link(second, "reset") is None


def test_a_session_brings_the_grants_of_its_own_account_that_count_now(session):
    """They are read along with the account, so they must be what asking for them alone gives, for each account."""
    ours, theirs = make_organization("มูลนิธิแสงเทียน"), make_organization("โรงเรียนบ้านดอนตะแบก")
    people = [
        make_account(),
        make_account("staff"),
        make_member(ours),
        make_member(ours, MANAGER),
        make_account("staff"),
    ]
    make_member(theirs, MANAGER)
    grant(people[3].id, "committee", scope_type="organization", scope_id=theirs.id)
    over, later = grant(people[4].id, "committee"), grant(people[4].id, "super_user")
    over.ends_at = over.begins_at = now() - timedelta(days=1)
    later.begins_at = now() + timedelta(days=1)
    tokens = [open_session(person, "Firefox", "10.0.0.1") for person in people]
    session.flush()

    for person, token in zip(people, tokens, strict=True):
        account, _row = account_of_session(token, IDLE, LONGEST)
        assert sorted(account.held, key=str) == sorted(held_by(person.id), key=str)
    assert people[0].held == ()
    assert {one.kind for one in people[3].held} == {"committee", "project_manager", "organization_manager"}
    assert people[4].kinds == {"staff"}
