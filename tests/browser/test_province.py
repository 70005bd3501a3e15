"""A province's day, as hands do it: who is missing, a note and its answer, reminders, statuses, a private school."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.assessment.catalogue import Branch
from models.assessment.codes import PRIVATE, Committee, RoundState
from models.assessment.enrolment import Newcomer
from models.assessment.note import Note, NoteState
from models.assessment.reminder import Reminder
from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.status import SchoolStatus, Status
from tests.browser.conftest import picture
from tests.browser.hands import answer, flash, press, send
from tests.browser.site import Site
from tests.factories.assessment import enrolled, make_registration, make_round

NewPage = Callable[..., Page]
PVC = "pvc2562"
LEADER = "1324016201"
SCHOOLS = (
    Newcomer(LEADER, "วิทยาลัยเทคนิคแปดริ้วสามัคคี", "24", committee=Committee.PROVINCE, email="lead@sala.example"),
    Newcomer("1324026301", "วิทยาลัยอาชีวศึกษาบางคล้า", "24", under=LEADER, phone="038500001"),
    Newcomer("1324036401", "วิทยาลัยการอาชีพพนมสารคาม", "24", under=LEADER, phone="038500002"),
    Newcomer("1324047101", "วิทยาลัยเทคโนโลยีบ้านโพธิ์", "24", sector=PRIVATE, under=LEADER, email="pho@sala.example"),
)


@dataclass
class Province:
    """A committee that has reported and a school that has; one that will say nothing, one that is missing."""

    account: int
    reporter: int
    reporter_id: int
    silent: School
    missing: School


@pytest.fixture
def province(site: Site) -> Province:
    with site.data() as session:
        this = session.scalar(select(Round).where(Round.state == RoundState.OPEN)) or make_round(year=2569)
        leader, reporter, silent, missing = enrolled(*SCHOOLS)
        branch = session.scalars(select(Branch).where(Branch.curriculum == PVC).order_by(Branch.position)).first()
        assert branch is not None
        make_registration(this, leader, {branch: 40})
        make_registration(this, reporter, {branch: 25})
        return Province(leader.account_id or 0, reporter.account_id or 0, reporter.id, silent, missing)


def test_a_province_checks_its_schools_until_none_is_missing(site: Site, new_page: NewPage, province: Province) -> None:
    page, school = new_page(province.account), new_page(province.reporter)

    # Who is missing: one of them is reminded, the telephones of both are printed.
    page.goto("/checking/")
    expect(page.get_by_text("ครบแล้ว 2 จาก 4 แห่ง")).to_be_visible()
    page.get_by_role("checkbox", name=province.missing.name).check()
    send(page, "เตือนแห่งที่เลือก")
    flash(page, "เตือนสถานศึกษาแล้ว 1 แห่ง")
    with site.data() as session:
        assert session.scalars(select(Reminder.school_id)).all() == [province.missing.id]
    press(page, "เตือนทุกแห่ง")
    answer(page, "เตือน")
    flash(page, "เตือนไปแล้ววันนี้ 1 แห่ง")
    picture(page, "province-missing")
    press(page, "รายการหมายเลขโทรศัพท์")
    page.get_by_role("link", name="พิมพ์").click()
    expect(page.get_by_text("038-500-002")).to_be_visible()

    # The numbers of a school: its branches unfold, a note says what is to be corrected.
    page.goto("/checking/")
    page.get_by_role("navigation", name="หลักสูตร").get_by_role("link", name="ปวช3. หลักสูตร ปวช.62").click()
    page.get_by_role("row", name="วิทยาลัยอาชีวศึกษาบางคล้า").locator("summary").click()
    expect(page.get_by_role("row", name="วิทยาลัยอาชีวศึกษาบางคล้า").get_by_role("listitem")).to_have_count(1)
    press(page, "ตรวจสอบ วิทยาลัยอาชีวศึกษาบางคล้า", role="link")
    section = page.locator(f"#{PVC}")
    section.get_by_text("บันทึกสิ่งที่ต้องแก้ไข").click()
    section.get_by_label("สิ่งที่ต้องแก้ไข").fill("ปีก่อนมีผู้เรียน 52 คน โปรดตรวจสอบ")
    with page.expect_navigation():
        section.get_by_role("button", name="บันทึกและแจ้งสถานศึกษา").click()
    flash(page, "แจ้งสถานศึกษาแล้ว")
    picture(page, "province-note")

    # The school finds it on the page of its numbers, which are right, and says so.
    school.goto(f"/registration/{PVC}")
    expect(school.get_by_text("ปีก่อนมีผู้เรียน 52 คน โปรดตรวจสอบ")).to_be_visible()
    school.get_by_text("ข้อมูลถูกต้องแล้ว ตอบกลับเป็นข้อความ").click()
    school.get_by_label("คำตอบถึง อศก./อศจ.").fill("ผู้เรียนลาออก 27 คน")
    picture(school, "school-note")
    send(school, "ส่งคำตอบ")
    flash(school, "แจ้ง อศก./อศจ. แล้ว")

    # The province reads the answer and is content.
    page.goto("/checking/")
    page.locator(".k-notes").get_by_role("link", name="วิทยาลัยอาชีวศึกษาบางคล้า").click()
    expect(page.get_by_text("ผู้เรียนลาออก 27 คน")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="เรียบร้อยแล้ว").first.click()
    with site.data() as session:
        assert session.scalars(select(Note.state).where(Note.school_id == province.reporter_id)).all() == [
            NoteState.SETTLED
        ]

    # The two that report nothing: one closed, one has nobody. Then none is missing.
    page.goto("/school-statuses/")
    page.get_by_label(f"สถานะของ{province.silent.name}").select_option("สถานศึกษาปิดกิจการ")
    page.get_by_label(f"สถานะของ{province.missing.name}").select_option(Status.NO_STUDENTS)
    send(page, "บันทึกสถานะ")
    flash(page, "บันทึกสถานะแล้ว 2 แห่ง")
    with site.data() as session:
        said = dict(session.execute(select(SchoolStatus.school_id, SchoolStatus.status)).all())
        assert said[province.silent.id] == Status.CLOSED
    page.goto("/checking/")
    expect(page.get_by_text("100%")).to_be_visible()
    picture(page, "province-complete")

    # A private school that is called like another is looked at, and is another one.
    page.goto("/private-schools/")
    page.get_by_label("ชื่อสถานศึกษา").fill("วิทยาลัยเทคโนโลยีบ้านโพธิ")
    page.get_by_label("รหัสสถานศึกษา").fill("1324057102")
    page.watch.expected |= {422}  # type: ignore[attr-defined]
    send(page, "เพิ่มสถานศึกษา")
    expect(page.get_by_role("alert").get_by_text(province.missing.name)).to_be_visible()
    picture(page, "province-alike")
    send(page, "เป็นคนละแห่ง เพิ่มสถานศึกษา")
    expect(page.get_by_role("link", name="วิทยาลัยเทคโนโลยีบ้านโพธิ", exact=True)).to_be_visible()
    with site.data() as session:
        added = session.scalars(select(School).where(School.code == "1324057102")).one()
        assert (added.sector, added.under.code if added.under else "") == (PRIVATE, LEADER)
