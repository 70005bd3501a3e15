"""No code reaches a person as a code: every refusal and every event of the rules has its words, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_babel import force_locale
from sqlalchemy import select

import models
from jobs.letters import known_letters, render
from models.core.outbox import Message
from models.fund.codes import LEVEL_STATUSES, LEVELS, STATES, LevelStatus, State
from models.fund.membership import MEMBERSHIP_MOVES
from models.fund.workflow import PROPOSAL_MOVES
from tests.factories.fund import make_proposal
from views.core.notification import event_sentence, known_events
from views.core.sentences import known_codes, sentence
from views.fund.words import level_chip, level_label, state_chip, status_label
from views.fund.words.letters import LETTERS

ROOT = Path(models.__file__).parent
VALUES = {
    "number": "2569-0131",
    "title": "ห้องเรียนเสียง 100%",
    "level": "group",
    "points": 72,
    "reason": "นอกภารกิจ",
    "session": "ครั้งที่ 3/2569",
    "starts_at": "2026-03-18T06:30:00+00:00",
    "organization": "มูลนิธิแสงเทียน",
    "member": "นางมาลี ใจงาม",
    "role": "manager",
}


def calls(name: str, position: int) -> Iterator[str]:
    """The constant texts given to every call of `name` in the fund's and the core's rules."""
    for path in [*ROOT.glob("fund/**/*.py"), *ROOT.glob("core/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) <= position:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                given = node.args[position]
                chosen = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
                yield from (part.value for part in chosen if isinstance(part, ast.Constant))


def events() -> set[str]:
    """Every event that a move of the fund tells, and those told by its other deeds."""
    told = {move.tells for table in (PROPOSAL_MOVES, MEMBERSHIP_MOVES) for move in table.values() if move.tells}
    found = set(calls("tell", 1)) | (told - {"evaluation_recorded"})
    return found | {"evaluation_passed", "evaluation_failed"}


def test_every_refusal_has_its_sentence(app):
    codes = set(calls("Refusal", 0))

    assert "screening_unanswered" in codes
    assert codes - known_codes() == set()


def test_every_event_has_its_words_under_the_bell_and_its_mail(app):
    assert "proposal_on_agenda" in events()
    assert events() - known_events() == set()
    # An event without a letter of its own is mailed in the bell's words; those of the fund have one.
    told_by_the_core = {"account_made", "kind_given", "kind_taken"}
    assert events() - LETTERS.keys() - known_letters() - told_by_the_core == set()


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_words_of_an_event_are_whole_and_name_the_project(app, session, language):
    with app.test_request_context(), force_locale(language):
        for event in sorted(LETTERS):
            said = event_sentence(event, VALUES)
            assert "%(" not in said
            assert event not in said
            if not event.startswith(("member_", "role_")):
                assert "2569-0131 ห้องเรียนเสียง 100%" in said
            bare = event_sentence(event, {})
            assert bare


def test_a_mail_is_thai_and_leads_to_the_proposal(app, session):
    proposal = make_proposal(State.SCREENING)
    session.flush()
    message = session.scalars(select(Message).where(Message.event == "proposal_submitted")).first()

    letter = render(message)

    assert letter.subject == f"ส่งข้อเสนอให้กองทุนแล้ว: {proposal.number} {proposal.title}"
    assert f"http://localhost/proposals/{proposal.id}" in letter.text
    assert "กองทุนจะตรวจเอกสาร" in letter.text


def test_every_state_and_status_has_its_words_and_a_level_never_its_number(app, session):
    with app.test_request_context(), force_locale("th"):
        for state in STATES:
            assert str(state_chip(state).text)
        for level in LEVELS:
            assert not any(letter.isdigit() for letter in level_label(level))
            for status in LEVEL_STATUSES[level]:
                chip = level_chip(level, status)
                assert (chip is None) == (status == LevelStatus.NONE)
                assert status_label(status)
        assert str(level_chip("board", LevelStatus.APPROVED).text) == "อนุมัติ"


def test_an_incomplete_draft_is_told_by_the_names_of_its_parts(app, session):
    from models.core.workflow import Refusal

    with app.test_request_context(), force_locale("th"):
        said = sentence(Refusal("incomplete", parts={"2.4": ("steps",)}))

    assert said.startswith("ยังกรอกไม่ครบใน 2.4 ")
