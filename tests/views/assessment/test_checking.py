"""A province checks its schools: who has reported, by school and by branch, notes, and reminders."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from jobs.letters import render
from models.assessment.codes import NATIONAL, RoundState
from models.assessment.note import Note, NoteState, write
from models.assessment.registration import save, sheet_of
from models.assessment.reminder import Reminder
from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.status import SchoolStatus, Status
from models.core.db import db
from models.core.outbox import Message, Notification
from tests.factories.assessment import make_branches, make_committee, make_registration, make_round, make_school
from tests.factories.core import make_account
from views.core.pulse import badges_of

PVC, PVS = "pvc2562", "pvs2563"


@dataclass
class Place:
    """A round; a committee with a school that reported, one that closed, one that is missing; and a foreign school."""

    round: Round
    committee: School
    reported: School
    closed: School
    missing: School
    foreign: School
    branches: list[Any]


@pytest.fixture
def place(session: Any) -> Place:
    last, this = make_round(RoundState.LOCKED, year=2568), make_round()
    committee = make_committee(name="วิทยาลัยเทคนิคชลบุรีสามัคคี")
    reported = make_school(under=committee, name="วิทยาลัยอาชีวศึกษาบางพระ", phone="038123456")
    closed = make_school(under=committee, name="วิทยาลัยการอาชีพเกาะจันทร์")
    missing = make_school(
        under=committee, name="วิทยาลัยเทคโนโลยีพนัสนิคม", phone="038765432", email="office@phanat.example"
    )
    foreign = make_school(under=make_committee(), name="วิทยาลัยเทคนิคต่างถิ่น")
    branches = make_branches(2, PVC)
    first, second = branches
    make_registration(last, reported, {first: 60})
    make_registration(this, reported, {first: 30, second: 12})
    make_registration(this, foreign, {first: 99})
    db.session.add(SchoolStatus(round=this, school=closed, status=Status.CLOSED))
    db.session.flush()
    return Place(this, committee, reported, closed, missing, foreign, branches)


@pytest.fixture
def province(place: Place, client: Any, sign_in: Any) -> Any:
    """The browser of the committee."""
    return sign_in(client, place.committee.account)


def text_of(browser: Any, url: str, status: int = 200) -> str:
    answer = browser.get(url)
    assert answer.status_code == status, answer.status_code
    return html.unescape(answer.text)


# --- who has reported -------------------------------------------------------------------------------------------------


def test_the_overview_counts_the_schools_and_names_those_that_are_missing_with_their_telephone(place, province):
    page = text_of(province, "/checking/")

    assert "2 จาก 4" in page
    assert "50%" in page
    assert place.missing.name in page
    assert "038-765-432" in page
    assert place.reported.name not in page
    assert place.foreign.name not in page


@pytest.mark.parametrize("page", ["/checking/", f"/checking/{PVC}", "/checking/school/{}"])
def test_thousands_of_students_stand_apart(place, province, page):
    make_registration(place.round, place.missing, {place.branches[0]: 1206})

    said = text_of(province, page.format(place.missing.id))

    assert "1,206 คน" in said or "1,248 คน" in said
    assert not re.search(r"\d{4,} คน", said)


def test_a_curriculum_shows_every_school_with_its_branches_and_numbers(place, province):
    page = text_of(province, f"/checking/{PVC}")

    for school in (place.committee, place.reported, place.closed, place.missing):
        assert school.name in page
    for branch in place.branches:
        assert branch.branch_code in page
    assert "ปวช3. หลักสูตร ปวช.62" in page
    assert place.foreign.name not in page


@pytest.mark.parametrize(
    ("tab", "curriculum", "seen"),
    [
        ("reported", PVC, {"reported"}),
        ("missing", PVC, {"committee", "missing"}),
        ("excused", PVC, {"closed"}),
        ("elsewhere", PVC, set()),
        ("elsewhere", PVS, {"reported"}),
        ("reported", PVS, set()),
        ("noted", PVC, {"reported"}),
        ("noted", PVS, set()),
    ],
)
def test_a_tab_holds_the_schools_that_stand_so_in_that_curriculum(place, province, tab, curriculum, seen):
    write(place.committee.account, place.round, place.reported, PVC, "ตรวจจำนวนอีกครั้ง")

    page = text_of(province, f"/checking/{curriculum}?tab={tab}")

    shown = page[page.index("<main") : page.index("</main")]
    names = ("committee", "reported", "closed", "missing")
    found = {name for name in names if f">{getattr(place, name).name}</a>" in shown}
    assert found == seen


def test_a_school_is_found_by_a_part_of_its_name_or_code(place, province):
    for asked in ("บางพระ", place.reported.code):
        page = text_of(province, f"/checking/{PVC}?q={asked}")
        assert f">{place.reported.name}</a>" in page
        assert f">{place.missing.name}</a>" not in page


def test_by_branch_the_schools_stand_under_each_with_the_sum(place, province):
    make_registration(place.round, place.missing, {place.branches[0]: 5})

    page = text_of(province, f"/checking/{PVC}?by=branch")

    assert place.branches[0].branch_code in page
    assert place.reported.name in page
    assert place.missing.name in page
    assert 'class="num">35</td>' in page
    assert place.foreign.name not in page


def test_a_school_stands_beside_last_year_and_what_halved_is_marked(place, province):
    page = text_of(province, f"/checking/school/{place.reported.id}")

    assert ">60<" in page
    assert "<b>30</b>" in page
    assert page.count("ผิดปกติ") == 1


@pytest.mark.parametrize("url", ["/checking/pvc2599", f"/checking/{PVC}?tab=asleep", f"/checking/{PVC}?by=colour"])
def test_what_no_link_says_is_no_page(province, url):
    assert province.get(url).status_code in (400, 404)


def test_who_may_not_check_a_school_does_not_find_it(place, province, new_client, sign_in):
    assert province.get(f"/checking/school/{place.foreign.id}").status_code == 404
    school = sign_in(new_client(), place.reported.account)
    for url in ("/checking/", f"/checking/{PVC}", f"/checking/school/{place.reported.id}", "/checking/missing.xlsx"):
        assert school.get(url).status_code == 403


def test_the_national_office_looks_at_any_committee_and_writes_nothing(place, new_client, sign_in):
    office = sign_in(new_client(), make_account(NATIONAL))

    page = text_of(office, f"/checking/{PVC}?committee={place.committee.id}")
    assert place.reported.name in page
    assert f'value="{place.committee.id}" selected' in page
    assert 'name="text"' not in text_of(office, f"/checking/school/{place.reported.id}")
    assert office.post(f"/registration-notes/school/{place.reported.id}/{PVC}", data={"text": "-"}).status_code == 403
    assert office.get("/checking/?committee=0").status_code == 404


def test_before_the_first_round_the_pages_say_so(session, client, sign_in):
    browser = sign_in(client, make_committee().account)

    for url in ("/checking/", f"/checking/{PVC}", f"/checking/{PVC}?by=branch", "/school-statuses/"):
        assert "ยังไม่มีรอบ" in text_of(browser, url)


def test_a_list_asks_as_much_of_one_school_as_of_many(place, province, count_queries):
    def asked(url: str) -> int:
        province.get(url)
        count_queries.clear()
        province.get(url)
        return len(count_queries)

    urls = ("/checking/", f"/checking/{PVC}", f"/checking/{PVC}?by=branch")
    few = [asked(url) for url in urls]
    for _ in range(5):
        make_registration(place.round, make_school(under=place.committee), {place.branches[0]: 3})
        make_school(under=place.committee)
        write(place.committee.account, place.round, place.missing, PVC, "ยังไม่กรอก")

    assert [asked(url) for url in urls] == few
    assert max(few) <= 12


# --- reminders --------------------------------------------------------------------------------------------------------


def test_all_who_are_missing_are_reminded_once_a_day_and_it_is_said(place, province):
    first = province.post("/checking/remind", data={"all": "1"}, follow_redirects=True).text
    again = province.post("/checking/remind", data={"all": "1"}, follow_redirects=True).text

    assert "เตือนสถานศึกษาแล้ว 2 แห่ง" in first
    assert "เตือนไปแล้ววันนี้" in again
    assert {row.school_id for row in db.session.scalars(select(Reminder))} == {place.missing.id, place.committee.id}


def test_the_ticked_alone_are_reminded_and_no_school_of_others(place, province):
    province.post("/checking/remind", data={"ids": [str(place.missing.id), str(place.foreign.id)]})

    assert [row.school_id for row in db.session.scalars(select(Reminder))] == [place.missing.id]


def test_nothing_ticked_reminds_nobody(place, province):
    assert "เลือกสถานศึกษา" in province.post("/checking/remind", follow_redirects=True).text
    assert db.session.scalar(select(Reminder.id)) is None


def test_the_reminder_says_until_when_and_where_one_reports(place, province):
    province.post("/checking/remind", data={"ids": [str(place.missing.id)]})

    message = db.session.scalars(select(Message).where(Message.address == "office@phanat.example")).one()
    letter = render(message)
    assert "2569" in letter.subject
    assert "/registration/" in letter.text
    assert "ปิดรับ" in letter.text


def test_after_the_end_nobody_is_reminded_and_no_button_offers_it(place, province):
    assert 'name="all"' in text_of(province, "/checking/")
    place.round.state = RoundState.LOCKED
    db.session.commit()

    assert 'name="all"' not in text_of(province, "/checking/")
    page = province.post("/checking/remind", data={"all": "1"}, follow_redirects=True).text
    assert "ไม่ได้เปิดรับข้อมูล" in page
    assert db.session.scalar(select(Reminder.id)) is None


def test_the_telephones_come_as_a_sheet_and_on_paper(place, province):
    answer = province.get("/checking/missing.xlsx")
    sheet = load_workbook(BytesIO(answer.data)).active

    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1] for row in rows] == [place.committee.name, place.missing.name]
    assert "038-765-432" in rows[1]
    assert "038-765-432" in text_of(province, "/checking/missing/print")
    assert province.get("/checking/missing.exe").status_code == 404


# --- notes ------------------------------------------------------------------------------------------------------------


def noted(place: Place) -> Note:
    return db.session.scalars(select(Note).where(Note.school_id == place.reported.id)).one()


def test_a_note_goes_to_the_school_which_answers_and_the_province_settles_it(place, province, new_client, sign_in):
    asked = {"text": "ยานยนต์ปีก่อน 60 คน ปีนี้ 30 คน ถูกต้องหรือไม่"}
    done = province.post(f"/registration-notes/school/{place.reported.id}/{PVC}", data=asked)
    assert done.location.endswith(f"/checking/school/{place.reported.id}#{PVC}")

    school = sign_in(new_client(), place.reported.account)
    note = noted(place)
    assert "ปีก่อน 60 คน" in text_of(school, f"/registration/{PVC}")
    school.post(f"/registration-notes/{note.id}/answer", data={"version": note.version, "text": "ลาออก 30 คน"})
    assert noted(place).state == NoteState.ANSWERED
    assert place.reported.name in text_of(province, "/checking/")
    assert "ลาออก 30 คน" in text_of(province, f"/checking/school/{place.reported.id}")

    province.post(f"/registration-notes/{note.id}/settle", data={"version": noted(place).version})
    assert noted(place).state == NoteState.SETTLED


def test_what_was_saved_anew_can_be_asked_once_more(place, province):
    write(place.committee.account, place.round, place.reported, PVC, "ตรวจอีกครั้ง")
    sheet = sheet_of(place.round.id, place.reported.id, PVC)
    counts = {**sheet.counts, place.branches[0].id: 31}
    save(place.reported.account, place.round, place.reported, PVC, counts, read=sheet.counts, version=sheet.version)
    db.session.commit()

    assert "บันทึกข้อมูลใหม่" in text_of(province, f"/checking/school/{place.reported.id}")
    province.post(f"/registration-notes/{noted(place).id}/ask-again", data={"version": noted(place).version})

    assert noted(place).state == NoteState.OPEN


@pytest.mark.parametrize("text", ["", "ก" * 1001])
def test_a_note_that_says_nothing_or_too_much_comes_back_as_it_was_typed(place, province, text):
    answer = province.post(f"/registration-notes/school/{place.reported.id}/{PVC}", data={"text": text})

    assert answer.status_code == 422
    assert f">{text}</textarea>" in answer.text
    assert db.session.scalar(select(Note.id)) is None


def test_a_button_of_a_page_that_is_out_of_date_does_nothing_and_says_so(place, province):
    note = write(place.committee.account, place.round, place.reported, PVC, "ตรวจอีกครั้ง")
    read = note.version
    note.perform("answer", place.reported.account, note.version, text="ถูกต้องแล้ว")
    db.session.commit()

    page = province.post(f"/registration-notes/{note.id}/settle", data={"version": read}, follow_redirects=True).text

    assert "เปลี่ยนไปแล้ว" in page
    assert noted(place).state == NoteState.ANSWERED


def test_the_menu_counts_the_answers_that_wait_for_the_province_and_for_nobody_else(
    place, province, new_client, sign_in
):
    note = write(place.committee.account, place.round, place.reported, PVC, "ตรวจอีกครั้ง")
    write(place.committee.account, place.round, place.missing, PVC, "ยังไม่กรอก")
    note.perform("answer", place.reported.account, note.version, text="ถูกต้องแล้ว")
    db.session.commit()
    assert badges_of(place.committee.account) == {"CheckingView.index": 1}
    assert "CheckingView.index" not in badges_of(place.foreign.under.account)
    assert "CheckingView.index" not in badges_of(place.reported.account)

    province.post(f"/registration-notes/{note.id}/settle", data={"version": noted(place).version})

    assert badges_of(place.committee.account) == {}


def test_notes_of_others_are_not_found(place, province, new_client, sign_in):
    note = write(place.foreign.under.account, place.round, place.foreign, PVC, "ตรวจอีกครั้ง")
    other = sign_in(new_client(), place.reported.account)

    assert province.post(f"/registration-notes/{note.id}/settle", data={"version": note.version}).status_code == 404
    assert other.post(f"/registration-notes/{note.id}/answer", data={"version": note.version}).status_code == 404
    assert province.post(f"/registration-notes/school/{place.foreign.id}/{PVC}", data={"text": "-"}).status_code == 404


def test_news_of_a_note_lead_the_school_to_its_numbers_and_the_province_to_the_school(
    place, province, new_client, sign_in
):
    note = write(place.committee.account, place.round, place.reported, PVC, "ตรวจอีกครั้ง")
    note.perform("answer", place.reported.account, note.version, text="ถูกต้องแล้ว")
    db.session.commit()
    school = sign_in(new_client(), place.reported.account)

    def leads_to(browser: Any, account: Any) -> str:
        line = db.session.scalars(select(Notification).where(Notification.user_id == account.id)).one()
        return str(browser.post(f"/notifications/{line.id}").location)

    assert leads_to(school, place.reported.account).endswith(f"/registration/{PVC}")
    assert leads_to(province, place.committee.account).endswith(f"/checking/school/{place.reported.id}#{PVC}")
