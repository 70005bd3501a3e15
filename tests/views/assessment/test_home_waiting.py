"""What waits on the main page for a school, a committee and the national office, and the round beside it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from models.assessment.codes import NATIONAL, RoundState
from models.assessment.note import Note, NoteState
from models.assessment.outside import NoneOutside
from models.assessment.registration import Registration
from models.assessment.status import SchoolStatus, Status
from models.core.clock import now
from models.core.db import db
from tests.factories.assessment import make_branches, make_committee, make_registration, make_round, make_school
from tests.factories.core import make_account

# At most so many queries, what the frame of every page asks included.
QUERIES = {"school": 8, "province": 12, "national": 8}


class Midway:
    """A committee with a school that had two curricula last year and has saved one, and one that saved nothing."""

    def __init__(self) -> None:
        self.last, self.this = make_round("locked", year=2568), make_round(year=2569)
        self.committee = make_committee()
        self.school, self.late = make_school(self.committee), make_school(self.committee)
        (self.a,), (self.b,) = make_branches(1), make_branches(1, "pvs2563")
        make_registration(self.last, self.school, {self.a: 30, self.b: 40})
        for school in (self.school, self.committee):
            make_registration(self.this, school, {self.b: 41})
        db.session.flush()

    def note(self, state: str = NoteState.OPEN) -> Note:
        made = Note(
            round=self.this,
            school=self.school,
            curriculum="pvs2563",
            text="-",
            written_by=self.committee.account_id,
            state=state,
            answered_at=now() if state == NoteState.ANSWERED else None,
        )
        db.session.add(made)
        db.session.flush()
        return made


@pytest.fixture
def midway(session: Any) -> Midway:
    """A round in its middle."""
    return Midway()


@pytest.fixture
def waits(session: Any, new_client: Any, sign_in: Any) -> Any:
    """What waits for an account: title -> (how many, where its button leads)."""

    def found(account: Any) -> dict[str, tuple[int, str]]:
        session.commit()
        account.forget_grants()
        html = str(sign_in(new_client(), account).get("/").text)
        rows = re.findall(r's-queue-n">(\d+)</span>.*?<a href="(.*?)">(.*?)</a>', html)
        return {title: (int(count), url) for count, url, title in rows}

    return found


ENTER = "หลักสูตรที่มีเมื่อปีที่แล้วและยังไม่ได้กรอก"
FIRST = "ยังไม่ได้กรอกจำนวนผู้เข้ารับการประเมินของสถานศึกษา"
NOTE, ANSWERED = "ข้อสังเกตของ อศก./อศจ. ที่รอการแก้ไข", "ข้อสังเกตที่สถานศึกษาตอบแล้ว"
MISSING, OUTSIDE = "สถานศึกษาที่ยังไม่รายงาน", "สถานศึกษานอกสังกัด สอศ. ยังไม่ได้บันทึกหรือยืนยัน"
OPEN, LOCK = "รอบที่ถึงกำหนดเปิด", "รอบที่ครบกำหนดและรอล็อก"


def test_a_school_is_shown_what_it_had_last_year_and_has_not_entered(midway, waits):
    assert waits(midway.school.account) == {ENTER: (1, "/registration/pvc2562")}

    # Saved without a number: that there is nobody this year.
    nobody = Registration(round_id=midway.this.id, school_id=midway.school.id, curriculum="pvc2562", students=0)
    db.session.add(nobody)

    assert waits(midway.school.account) == {}


def test_a_school_without_any_numbers_is_shown_the_menu(midway, waits):
    assert waits(midway.late.account) == {FIRST: (1, "/registration/")}

    db.session.add(SchoolStatus(round_id=midway.this.id, school_id=midway.late.id, status=Status.CLOSED))

    assert waits(midway.late.account) == {}


def test_nothing_is_to_be_entered_when_the_round_takes_no_numbers(midway, waits):
    midway.this.state = RoundState.LOCKED

    assert waits(midway.late.account) == {}
    assert waits(midway.committee.account) == {}


def test_a_note_waits_for_the_school_and_its_answer_for_the_committee(midway, waits):
    note = midway.note()

    assert waits(midway.school.account)[NOTE] == (1, "/registration/pvs2563")
    assert ANSWERED not in waits(midway.committee.account)
    assert NOTE not in waits(midway.late.account)

    note.state, note.answered_at = NoteState.ANSWERED, now()

    assert NOTE not in waits(midway.school.account)
    assert waits(midway.committee.account)[ANSWERED] == (1, f"/checking/school/{midway.school.id}")


def test_a_note_asks_for_no_numbers_when_the_round_takes_none(midway, new_client, sign_in, session):
    midway.note()
    session.commit()
    client = sign_in(new_client(), midway.school.account)
    correct, answer = "แก้ไขจำนวนแล้วบันทึก หรือตอบเป็นข้อความ", "แก้ไขจำนวนไม่ได้แล้ว โปรดตอบเป็นข้อความ"
    assert correct in client.get("/").text

    midway.this.state = RoundState.LOCKED
    session.commit()

    page = client.get("/").text
    assert answer in page
    assert correct not in page


def test_a_committee_is_shown_who_is_missing_and_that_nothing_is_said_of_outside_schools(midway, waits):
    make_school(make_committee())

    found = waits(midway.committee.account)

    assert found[MISSING][0] == 1
    assert found[OUTSIDE] == (1, "/outside/")

    db.session.add(NoneOutside(round_id=midway.this.id, committee_id=midway.committee.id))

    assert OUTSIDE not in waits(midway.committee.account)


def test_the_national_office_is_shown_the_country_and_rounds_whose_day_has_come(midway, waits):
    office = make_account(NATIONAL)
    assert waits(office) == {MISSING: (1, "/completeness/?order=missing")}

    midway.this.opens_at, midway.this.closes_at = now() - timedelta(days=9), now() - timedelta(hours=1)
    due = make_round(RoundState.PREPARED, year=2570)
    make_round(RoundState.PREPARED, year=2571, opens_at=now() + timedelta(days=1))

    assert waits(office) == {
        LOCK: (1, f"/rounds/{midway.this.id}"),
        OPEN: (1, f"/rounds/{due.id}"),
    }


def test_nothing_of_the_registry_waits_for_people_of_the_fund(midway, waits):
    assert waits(make_account("staff")) == {}


def test_the_page_asks_few_queries(midway, new_client, sign_in, session, count_queries):
    midway.note()
    people = {"school": midway.school.account, "province": midway.committee.account, "national": make_account(NATIONAL)}
    session.commit()
    asked = {}
    for name, account in people.items():
        client = sign_in(new_client(), account)
        client.get("/")
        count_queries.clear()
        html = client.get("/").text
        asked[name] = len(count_queries)
        assert "ปีการศึกษา 2569 รอบที่ 1" in html

    assert {name: count for name, count in asked.items() if count > QUERIES[name]} == {}
