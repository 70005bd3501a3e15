"""How one is told is one's own choice, but for what the account's safety asks."""

import pytest
from sqlalchemy import select

from models.core import choice, outbox
from models.core.db import StaleVersion
from models.core.outbox import Message
from tests.factories.core import make_account


def states(session, account):
    return [row.state for row in session.scalars(select(Message).where(Message.user_id == account.id))]


@pytest.mark.parametrize(
    ("way", "expected"), [(choice.AT_ONCE, ["waiting"]), (choice.DAILY, ["held"]), (choice.BELL, [])]
)
def test_a_choice_decides_about_the_mail_and_never_about_the_bell(session, way, expected):
    person = make_account()
    choice.choose(person.id, {choice.ADMINISTRATION: way}, 1)

    outbox.tell([person], "kind_given", person, kind="staff")
    session.flush()

    assert states(session, person) == expected
    assert outbox.unread_count(person.id) == 1


@pytest.mark.parametrize("event", ["password_changed", "account_made"])
def test_what_the_accounts_safety_asks_always_goes_out_at_once(session, event):
    person = make_account()
    choice.choose(person.id, dict.fromkeys(choice.GROUPS, choice.BELL), 1)

    outbox.tell([person], event, person)
    session.flush()

    assert states(session, person) == ["waiting"]


def test_a_choice_for_one_group_leaves_the_others(session):
    person = make_account()
    choice.choose(person.id, {choice.PROPOSALS: choice.BELL}, 1)
    choice.choose(person.id, {choice.SESSIONS: choice.DAILY}, 1)

    assert choice.choice_of(person.id).ways == {"proposals": "bell", "sessions": "daily"}
    assert choice.ways_of([person.id], "kind_given") == {}


def test_telling_many_asks_for_their_choices_once(session, count_queries):
    people = [make_account() for _n in range(5)]
    session.flush()
    count_queries.clear()

    outbox.tell(people, "kind_given", None, kind="staff")

    assert len(count_queries) == 1


@pytest.mark.parametrize("wrong", [{"proposals": "never"}, {"password": "bell"}])
def test_a_group_or_way_that_there_is_not_is_refused(session, wrong):
    with pytest.raises(ValueError, match="no such"):
        choice.choose(make_account().id, wrong, 1)


def test_a_stale_choice_does_not_win(session):
    person = make_account()
    choice.choose(person.id, {choice.PROPOSALS: choice.BELL}, 1)
    choice.choose(person.id, {choice.PROPOSALS: choice.DAILY}, 1)

    with pytest.raises(StaleVersion):
        choice.choose(person.id, {choice.PROPOSALS: choice.AT_ONCE}, 1)


def test_a_message_sent_again_goes_to_the_address_that_the_account_has_today(session):
    person = make_account()
    message = outbox.post("old@sala.example", "member_invited", user=person)
    stranger = outbox.post("typed@sala.example", "member_invited")
    other = outbox.post("left@sala.example", "member_invited")
    for row in (message, stranger, other):
        row.state, row.error = outbox.FAILED, "550"
    session.flush()

    assert outbox.retry([message.id, stranger.id]) == 2

    session.expire_all()
    assert (message.address, message.state, message.attempts, message.error) == (person.email, "waiting", 0, "")
    assert (stranger.address, stranger.state) == ("typed@sala.example", "waiting")
    assert other.state == "failed"


def test_what_was_sent_or_waits_for_a_digest_is_never_sent_again(session):
    rows = [outbox.post(f"{state}@sala.example", "x") for state in (outbox.SENT, outbox.HELD, outbox.GATHERED)]
    for row, state in zip(rows, (outbox.SENT, outbox.HELD, outbox.GATHERED), strict=True):
        row.state = state
    session.flush()

    assert outbox.retry([row.id for row in rows]) == 0
    assert outbox.retry_failed() == 0
