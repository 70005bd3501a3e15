"""Every event: who is told and who is not, what the mail says, and that its link opens for its reader (fund.md 9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from jobs.letters import known_letters, render
from models.core import choice, registration, staffing
from models.core.identity import Account
from models.core.outbox import DIGEST, Message, Notification
from models.fund.codes import COMMITTEE, MANAGER, STAFF, SUPER_USER, State
from models.fund.members import add_member, hand_over
from models.fund.membership import MEMBERSHIP_MOVES, membership_of
from models.fund.session import SteppingOut
from models.fund.workflow import PROPOSAL_MOVES
from tests.factories.core import make_account
from tests.factories.fund import (
    Cast,
    make_member,
    make_organization,
    make_proposal,
    make_session,
    put_on,
    score,
    screen,
)
from views.core.notification import known_events

S = State


@pytest.fixture
def world(session: Any) -> Any:
    """An organization with author, colleague and two managers; the fund with its people; and somebody else's."""
    organization, other = make_organization("มูลนิธิแสงเทียน"), make_organization("มูลนิธิอื่น")
    people = {
        "author": make_member(organization),
        "colleague": make_member(organization),
        "manager": make_member(organization, MANAGER),
        "second_manager": make_member(organization, MANAGER),
        "stranger": make_member(other, MANAGER),
        "newcomer": make_account("project_manager"),
        "clerk": make_account(STAFF),
        "second_clerk": make_account(STAFF),
        "chair": make_account(COMMITTEE),
        "secretary": make_account(COMMITTEE),
        "super_user": make_account(SUPER_USER),
    }
    cast = Cast(staff=people["clerk"], chair=people["chair"], secretary=people["secretary"])
    return SimpleNamespace(organization=organization, cast=cast, **people, people=people)


def proposal_at(world: Any, state: str) -> Any:
    return make_proposal(
        state, organization=world.organization, author=world.author, cast=world.cast, title="โครงการอ่านง่าย"
    )


def returned_twice(world: Any) -> Any:
    proposal = proposal_at(world, S.RETURNED)
    proposal.perform("revise", world.author, proposal.version)
    return proposal


def moving(name: str, state: str, by: str, **given: Any) -> Callable[[Any], Any]:
    """A deed: the move of that name, of a proposal brought to the state."""

    def prepare(world: Any) -> Callable[[], Any]:
        proposal = returned_twice(world) if name == "discard" else proposal_at(world, state)

        def do() -> Any:
            if name in ("pass_screening", "fail_screening", "documents_incomplete"):
                result = {"pass_screening": "pass", "fail_screening": "fail", "documents_incomplete": "documents"}[name]
                screen(proposal, world.people[by], result)
            elif name == "put_on_agenda":
                put_on(proposal, world.cast)
            elif name == "record":
                score(proposal, world.people[by], given["ticked"])
            else:
                proposal.perform(name, world.people[by], proposal.version, **given)

        return do

    return prepare


MANAGERS = {"manager", "second_manager"}
APPLICANTS = MANAGERS | {"author"}

# Event, what is done, who is told, and words of the subject. A move without its line fails the test below.
PROPOSALS: list[tuple[str, str, Callable[[Any], Any], set[str], str]] = [
    ("mark_ready", "proposal_ready", moving("mark_ready", S.DRAFT, "author"), MANAGERS, "ยืนยัน"),
    ("take_back", "proposal_taken_back", moving("take_back", S.READY, "manager"), APPLICANTS - {"manager"}, "แก้ไข"),
    (
        "submit",
        "proposal_submitted",
        moving("submit", S.READY, "manager"),
        APPLICANTS | {"clerk", "second_clerk"},  # the one who sent it gets a receipt
        "ส่ง",
    ),
    ("pass_screening", "screening_passed", moving("pass_screening", S.SCREENING, "clerk"), APPLICANTS, "ผ่าน"),
    ("fail_screening", "screening_failed", moving("fail_screening", S.SCREENING, "clerk"), APPLICANTS, "ไม่ผ่าน"),
    (
        "documents_incomplete",
        "screening_documents",
        moving("documents_incomplete", S.SCREENING, "clerk"),
        APPLICANTS,
        "เอกสาร",
    ),
    ("put_on_agenda", "proposal_on_agenda", moving("put_on_agenda", S.WAIT_GROUP, "clerk"), APPLICANTS, "รอการประชุม"),
    ("take_off_agenda", "proposal_off_agenda", moving("take_off_agenda", S.AGENDA_GROUP, "clerk"), APPLICANTS, "วาระ"),
    ("record", "evaluation_passed", moving("record", S.AGENDA_GROUP, "clerk", ticked=4), APPLICANTS, "คณะทำงาน"),
    ("record", "evaluation_passed", moving("record", S.AGENDA_SUB, "clerk", ticked=4), APPLICANTS, "คณะอนุกรรมการ"),
    ("record", "evaluation_failed", moving("record", S.AGENDA_GROUP, "clerk", ticked=1), APPLICANTS, "ไม่ผ่าน"),
    ("approve", "board_approved", moving("approve", S.AGENDA_BOARD, "clerk"), APPLICANTS, "อนุมัติ"),
    ("refuse", "board_refused", moving("refuse", S.AGENDA_BOARD, "clerk"), APPLICANTS, "ไม่อนุมัติ"),
    (
        "not_consider",
        "proposal_not_considered",
        moving("not_consider", S.SCREENING, "clerk", reason="นอกภารกิจ"),
        APPLICANTS,
        "ไม่พิจารณา",
    ),
    ("revise", "proposal_revised", moving("revise", S.RETURNED, "author"), MANAGERS, "ฉบับแก้ไข"),
    ("discard", "revision_discarded", moving("discard", S.DRAFT, "author"), MANAGERS, "ฉบับแก้ไข"),
    ("delete", "proposal_deleted", moving("delete", S.DRAFT, "author"), MANAGERS, "ลบ"),
    ("restore", "proposal_restored", moving("restore", S.DELETED, "author"), MANAGERS, "กู้คืน"),
]


def belonging(name: str, who: str, by: str) -> Callable[[Any], Any]:
    """A deed: the move of that name, of somebody's membership."""

    def prepare(world: Any) -> Callable[[], Any]:
        membership = membership_of(world.people[who])
        if name == "reinstate":
            membership.perform("suspend", world.manager, membership.version)
        return lambda: membership.perform(name, world.people[by], membership.version)

    return prepare


def plainly(deed: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda world: lambda: deed(world)


def giving_away(world: Any) -> Callable[[], Any]:
    proposal = proposal_at(world, S.DRAFT)
    return lambda: hand_over(proposal, world.colleague, world.manager, proposal.version)


def inviting(world: Any) -> Callable[[], Any]:
    meeting = make_session(cast=world.cast)
    return lambda: meeting.perform("invite", world.clerk, meeting.version)


def appointed(world: Any) -> Callable[[], Any]:
    staffing.appoint(world.clerk, COMMITTEE, by=world.super_user)
    return lambda: staffing.dismiss(world.clerk, COMMITTEE, by=world.super_user)


OTHERS: list[tuple[str, str, Callable[[Any], Any], set[str], str]] = [
    ("suspend", "member_suspended", belonging("suspend", "colleague", "manager"), {"colleague"}, "ระงับ"),
    ("reinstate", "member_reinstated", belonging("reinstate", "colleague", "manager"), {"colleague"}, "อีกครั้ง"),
    ("appoint", "role_changed", belonging("appoint", "colleague", "manager"), {"colleague"}, "ผู้จัดการองค์กร"),
    ("remove", "member_removed", belonging("remove", "colleague", "manager"), {"colleague"}, "นำออก"),
    ("leave", "member_left", belonging("leave", "colleague", "colleague"), MANAGERS, "ออกจาก"),
    (
        "",
        "member_added",
        plainly(lambda world: add_member(world.organization, world.newcomer, world.manager)),
        {"newcomer"},
        "แสงเทียน",
    ),
    ("", "proposal_handed_over", giving_away, {"colleague"}, "ดูแล"),
    ("", "proposal_given_away", giving_away, {"author"}, "ดูแล"),
    ("", "session_invitation", inviting, {"chair", "secretary"}, "เชิญ"),
    (
        "",
        "kind_given",
        plainly(lambda world: staffing.appoint(world.clerk, COMMITTEE, by=world.super_user)),
        {"clerk"},
        "กรรมการ",
    ),
    ("", "kind_taken", appointed, {"clerk"}, "กรรมการ"),
    (
        "",
        "password_changed",
        plainly(lambda world: registration.set_password(world.author, "pbkdf2:sha256:1$none$none")),
        {"author"},
        "รหัสผ่าน",
    ),
]


def told(session: Any, kind: Any, event: str, after: int) -> list[Any]:
    return list(session.scalars(select(kind).where(kind.event == event, kind.id > after)))


def last(session: Any, kind: Any) -> int:
    return session.scalar(select(kind.id).order_by(kind.id.desc()).limit(1)) or 0


@pytest.mark.parametrize(
    ("event", "prepare", "who", "subject"),
    [pytest.param(*row[1:], id="-".join(filter(None, row[:2]))) for row in PROPOSALS + OTHERS],
)
def test_an_event_is_told_to_those_concerned_and_to_nobody_else(
    event, prepare, who, subject, session, world, new_client, sign_in
):
    do = prepare(world)
    session.flush()
    before = {kind: last(session, kind) for kind in (Notification, Message)}

    do()
    session.flush()

    names = {person.id: name for name, person in world.people.items()}
    for kind in (Notification, Message):
        found = told(session, kind, event, before[kind])
        assert {names[row.user_id] for row in found} == who
        assert len(found) == len(who)  # nobody twice
    for message in told(session, Message, event, before[Message]):
        letter = render(message, reveal=True)
        assert subject in letter.subject
        assert letter.html.count("<h1>") == 1
        [link] = set(re.findall(r'class="button" href="([^"]+)"', letter.html))
        assert link in letter.text
        opened = sign_in(new_client(), world.people[names[message.user_id]])
        path = urlsplit(link)
        answer = opened.get(f"{path.path}?{path.query}", follow_redirects=True)
        assert answer.status_code == 200, (names[message.user_id], link)
        line = told(session, Notification, event, before[Notification])[0]
        if line.user_id == message.user_id:
            assert opened.post(f"/notifications/{line.id}", follow_redirects=True).status_code == 200


def test_every_move_is_in_the_table_and_every_move_of_a_status_tells_somebody():
    assert {row[0] for row in PROPOSALS} == set(PROPOSAL_MOVES) - {"save"}
    assert {row[0] for row in OTHERS if row[0]} == {name for name, move in MEMBERSHIP_MOVES.items() if move.tells}
    assert [name for name, move in PROPOSAL_MOVES.items() if move.tells is None] == ["save"]


# About the account's safety, or the first step into the system: these wait for no digest and cannot be left out.
ALWAYS = {
    "password_changed",
    "email_changed",
    "account_made",
    "privacy_asked",
    "privacy_answered",
    "own_data_ready",
    "api_key_given",
    "api_key_revoked",
    # To schools and committees, whose mail goes to a contact that makes no choice.
    "assessment_note_written",
    "assessment_note_answered",
    "assessment_note_again",
    "assessment_reminder",
    "assessment_reported_after_all",
    "assessment_unlocked",
    "assessment_locked_again",
    "assessment_first_sign_in",
    "assessment_password_reset",
    # Under the bell alone.
    "export_ready",
    "import_checked",
    "import_stored",
}


def test_every_event_has_its_group_or_always_goes_out():
    assert {event for event in known_events() if choice.group_of(event) is None} == ALWAYS


def test_every_event_that_can_be_told_has_its_words(app):
    events = {row[1] for row in PROPOSALS + OTHERS}

    assert events <= known_events()
    assert DIGEST in known_letters()


def test_an_account_made_by_staff_is_told_its_user_name_and_no_password(session, world):
    content = {"email": "new@sala.example", "title": "นาย", "first_name": "ใหม่", "last_name": "มา"}

    account = staffing.make_account(COMMITTEE, content, "pbkdf2:sha256:1$none$none", by=world.clerk)

    message = session.scalars(select(Message).where(Message.user_id == account.id)).one()
    letter = render(message, reveal=True)
    assert "new@sala.example" in letter.text
    assert "pbkdf2" not in letter.text + letter.html
    assert "/sign/in" in letter.text


def test_staff_who_stepped_out_of_a_proposal_hear_nothing_of_its_next_revision(session, world):
    proposal = proposal_at(world, S.WAIT_GROUP)
    meeting = put_on(proposal, world.cast)
    session.add(SteppingOut(item=meeting.items[0], user_id=world.second_clerk.id, reason="declared"))
    session.flush()
    score(proposal, world.clerk, 1)
    proposal.perform("revise", world.author, proposal.version)
    proposal.perform("mark_ready", world.author, proposal.version)
    before = last(session, Message)

    proposal.perform("submit", world.manager, proposal.version)
    session.flush()

    readers = {message.user_id for message in told(session, Message, "proposal_submitted", before)}
    assert world.clerk.id in readers
    assert world.second_clerk.id not in readers


def test_a_mail_is_in_its_readers_language_with_a_button_and_where_to_choose(session, world):
    world.manager.locale = "en"
    proposal_at(world, S.READY)
    session.flush()
    mails = session.scalars(select(Message).where(Message.event == "proposal_ready")).all()
    by_reader = {message.user_id: render(message) for message in mails}

    english, thai = by_reader[world.manager.id], by_reader[world.second_manager.id]

    assert english.subject.startswith("Please confirm")
    assert 'lang="th"' in thai.html
    assert "/account/messages/" in thai.text
    assert session.get(Account, world.second_manager.id).locale == ""
