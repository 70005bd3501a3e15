"""Notes on a school's numbers: the province asks, the school answers by saving or in words, the province is content."""

import pytest
from sqlalchemy import select

from models.assessment.codes import RoundState
from models.assessment.note import AGAIN, ANSWERED_NEWS, TEXT_LENGTH, WRITTEN, Note, NoteState, notes_on, write
from models.assessment.registration import save, sheet_of
from models.core.db import StaleVersion, db
from models.core.outbox import Message, Notification
from models.core.workflow import Refused
from tests.factories.assessment import make_branches, make_committee, make_round, make_school
from tests.factories.core import make_account

PVC, PVS = "pvc2562", "pvs2563"
WORDS = "สาขางานยานยนต์มีผู้เรียน 52 คนตามแผน แต่กรอกไว้ 25 คน"


@pytest.fixture
def place(session):
    """An open round, a committee and a school under it with an e-mail of its contact."""
    committee = make_committee(email="committee@school.example")
    return make_round(), committee, make_school(under=committee, email="contact@school.example")


@pytest.fixture
def note(place):
    this, committee, school = place
    return write(committee.account, this, school, PVC, WORDS)


def enter(this, school, curriculum, students):
    (branch,) = make_branches(1, curriculum)
    sheet = sheet_of(this.id, school.id, curriculum)
    return save(school.account, this, school, curriculum, {branch.id: students}, read={}, version=sheet.version)


def told(account):
    return list(db.session.scalars(select(Notification.event).where(Notification.user_id == account.id)))


def mailed(address):
    return list(db.session.scalars(select(Message.event).where(Message.address == address)))


def test_a_note_waits_for_the_school_which_is_told_under_its_bell_and_at_its_contact(place, note):
    _this, committee, school = place

    assert (note.state, note.text, note.written_by) == (NoteState.OPEN, WORDS, committee.account_id)
    assert told(school.account) == [WRITTEN]
    assert mailed("contact@school.example") == [WRITTEN]


def test_only_the_province_of_a_school_writes_on_its_numbers(place):
    this, _committee, school = place

    for other in (school.account, make_committee().account, make_account("national"), make_account("staff")):
        with pytest.raises(Refused, match="not_permitted"):
            write(other, this, school, PVC, WORDS)


@pytest.mark.parametrize(
    ("text", "code"), [("", "note_is_empty"), (" \n ", "note_is_empty"), ("ก" * (TEXT_LENGTH + 1), "note_is_too_long")]
)
def test_a_note_says_something_within_bounds(place, text, code):
    this, committee, school = place

    with pytest.raises(Refused, match=code):
        write(committee.account, this, school, PVC, text)
    assert write(committee.account, this, school, PVC, "ก" * TEXT_LENGTH).text == "ก" * TEXT_LENGTH


def test_what_cannot_be_corrected_any_more_is_not_asked_for(place):
    this, committee, school = place
    this.state = RoundState.LOCKED
    db.session.flush()

    with pytest.raises(Refused, match="round_is_over"):
        write(committee.account, this, school, PVC, WORDS)


def test_saving_that_curriculum_answers_it_and_tells_the_province(place, note):
    this, committee, school = place

    enter(this, school, PVS, 5)
    assert note.state == NoteState.OPEN
    enter(this, school, PVC, 52)

    assert (note.state, note.answer, note.answered_by) == (NoteState.ANSWERED, "", school.account_id)
    assert told(committee.account) == [ANSWERED_NEWS]


def test_a_school_whose_numbers_are_right_answers_in_words(place, note):
    _this, _committee, school = place

    with pytest.raises(Refused, match="note_is_empty"):
        note.perform("answer", school.account, note.version, text=" ")
    note.perform("answer", school.account, note.version, text="ผู้เรียน 27 คนลาออกแล้ว")

    assert (note.state, note.answer) == (NoteState.ANSWERED, "ผู้เรียน 27 คนลาออกแล้ว")


def test_the_province_is_content_or_asks_again(place, note):
    this, committee, school = place
    enter(this, school, PVC, 50)

    note.perform("ask_again", committee.account, note.version)
    assert (note.state, told(school.account)) == (NoteState.OPEN, [WRITTEN, AGAIN])
    enter(this, school, PVC, 52)
    note.perform("settle", committee.account, note.version)

    assert note.state == NoteState.SETTLED
    assert notes_on(this.id, [school.id]) == {}


def test_a_note_may_be_taken_back_before_it_is_answered_even_when_the_round_is_over(place, note):
    this, committee, _school = place
    this.state = RoundState.LOCKED
    db.session.flush()

    note.perform("settle", committee.account, note.version)

    assert note.state == NoteState.SETTLED


def test_each_side_takes_its_own_steps_alone(place, note):
    _this, committee, school = place

    for action, other in (("answer", committee.account), ("settle", school.account), ("answer", make_school().account)):
        with pytest.raises(Refused, match="not_permitted"):
            note.perform(action, other, note.version)


def test_a_page_that_is_out_of_date_settles_nothing(place, note):
    this, committee, school = place
    read = note.version
    enter(this, school, PVC, 52)

    with pytest.raises(StaleVersion):
        note.perform("settle", committee.account, read)


def test_notes_are_found_by_school_and_curriculum_and_seen_by_school_and_province(place, note):
    this, committee, school = place
    other = write(committee.account, this, school, PVS, "ตรวจจำนวนสาขางานการบัญชี")

    assert notes_on(this.id, [school.id]) == {school.id: [note, other]}
    assert notes_on(this.id, [school.id], PVS) == {school.id: [other]}
    for account, sees in ((school.account, 2), (committee.account, 2), (make_committee().account, 0)):
        assert len(db.session.scalars(Note.visible_to(account, "registration.view")).all()) == sees
