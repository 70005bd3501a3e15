"""The national office at its work: a round opened and closed, a school let in afterwards, a curriculum kept right."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.assessment.catalogue import Branch
from models.assessment.codes import NATIONAL, Committee, RoundState
from models.assessment.enrolment import Newcomer
from models.assessment.round import Round, Unlock, refusal_to_save
from models.assessment.school import School
from models.core.clock import now
from models.core.outbox import Notification
from models.core.thai.dates import format_date, to_bangkok
from tests.browser.conftest import picture
from tests.browser.hands import alive, answer, choose, flash, press, send
from tests.browser.site import Site
from tests.factories.assessment import enrolled, make_round
from tests.factories.core import make_account

NewPage = Callable[..., Page]
NAME = "วิทยาลัยการอาชีพบ้านสะเดาทอง"


@pytest.fixture(scope="module")
def office(site: Site) -> dict[str, Any]:
    """Two people of the national office; a committee and a school under it."""
    with site.data():
        committee = Newcomer("1320016201", "วิทยาลัยเทคนิคชลบุรีสามัคคี", "20", committee=Committee.PROVINCE)
        school = Newcomer("1320026301", NAME, "20", under="1320016201", email="school@sala.example")
        schools = enrolled(committee, school)
        people = [make_account(NATIONAL, first_name=name).id for name in ("วีรพงษ์", "สุดารัตน์")]
        return {"people": people, "school": schools[1].account_id, "row": schools[1].id}


def day(days: int) -> str:
    """A day from today on, as it is typed."""
    return format_date(to_bangkok(now()).date() + timedelta(days=days), "field")


def may_save(site: Site, office: dict[str, Any]) -> bool:
    """Whether the school can save in the round that was made here."""
    with site.data() as session:
        this = session.scalars(select(Round).where(Round.academic_year == 2569)).one()
        return refusal_to_save(this, session.get_one(School, office["row"])) is None


def test_the_national_office_opens_and_closes_a_round_and_lets_one_school_in_afterwards(
    site: Site, new_page: NewPage, office: dict[str, Any]
) -> None:
    page = new_page(office["people"][0])
    page.goto("/rounds/")
    press(page, "เตรียมรอบใหม่", role="link")
    page.get_by_label("ปีการศึกษา").fill("๒๕๖๙")
    page.get_by_label("วันที่เปิดรับ").fill(day(0))
    page.get_by_label("เวลาเปิดรับ").fill("00.00")
    page.get_by_label("วันที่ปิดรับ").fill(day(30))
    send(page, "บันทึก")

    # What opening needs stands below; nothing forbids it.
    expect(page.get_by_role("heading", name="ปีการศึกษา 2569 รอบที่ 1")).to_be_visible()
    needs = page.locator("#needs li")
    expect(needs).to_have_count(6)
    expect(needs.filter(has_text="ต้องมี")).to_have_count(0)
    expect(needs.filter(has_text="อีเมล")).to_contain_text("สถานศึกษา 1 แห่งไม่มีอีเมล")
    assert not may_save(site, office)

    press(page, "เปิดรอบ…")
    answer(page, "เปิด")
    flash(page, "เปิดรอบแล้ว")
    assert may_save(site, office)
    school = new_page(office["school"])
    school.goto("/rounds/")
    expect(school.get_by_role("row", name="ปีการศึกษา 2569 รอบที่ 1")).to_contain_text("เปิดรับ")
    expect(school.get_by_role("link", name="เตรียมรอบใหม่")).to_have_count(0)

    # Locking asks first, and says who is missing.
    press(page, "ล็อกรอบ…")
    expect(page.locator("dialog[open]")).to_contain_text("ยังไม่รายงาน 2 แห่ง")
    answer(page, "ล็อก")
    flash(page, "ล็อกรอบแล้ว")
    assert not may_save(site, office)

    press(page, "เปิดให้สถานศึกษา", role="link")
    alive(page)
    choose(page, "สถานศึกษา จำเป็น", "สะเดาทอง", NAME)
    page.get_by_label("บันทึกได้ถึงวันที่").fill(day(3))
    page.get_by_label("เหตุผล").fill("ตกหล่นหนึ่งสาขางาน")
    send(page, "เปิดให้บันทึก")
    row = page.locator("#unlocks tbody tr")
    expect(row).to_contain_text(NAME)
    expect(row).to_contain_text("บันทึกได้อยู่")
    assert may_save(site, office)
    with site.data() as session:
        told = session.scalars(select(Notification).where(Notification.user_id == office["school"])).all()
        assert [line.event for line in told] == ["assessment_unlocked"]
    picture(page, "national-unlocked")

    press(page, f"ยุติ… {NAME}")
    answer(page, "ยุติ")
    expect(row).to_contain_text("สิ้นสุดแล้ว")
    assert not may_save(site, office)

    press(page, "เปิดอีกครั้ง…")
    answer(page, "เปิด")
    flash(page, "เปิดรอบอีกครั้งแล้ว")
    assert may_save(site, office)
    with site.data() as session:
        assert session.scalars(select(Unlock)).one().reason == "ตกหล่นหนึ่งสาขางาน"
        session.scalars(select(Round).where(Round.academic_year == 2569)).one().state = RoundState.LOCKED


def test_of_two_who_change_the_dates_the_later_one_chooses_what_stands(
    site: Site, new_page: NewPage, office: dict[str, Any]
) -> None:
    with site.data():
        pk = make_round(RoundState.PREPARED, year=2568).id
    first, second = (new_page(person, expected=(409,)) for person in office["people"])
    for page in (first, second):
        page.goto(f"/rounds/{pk}/edit")
    first.get_by_label("วันที่ปิดรับ").fill(day(20))
    send(first, "บันทึก")
    second.get_by_label("เวลาปิดรับ").fill("12.00")
    send(second, "บันทึก")

    dialog = second.locator("dialog[open]")
    expect(dialog).to_contain_text(day(20))
    dialog.get_by_role("radio", name="วันที่ปิดรับ").nth(1).check()
    answer(second, "บันทึกตามที่เลือก")

    flash(second, "บันทึกวันเวลาของรอบแล้ว")
    with site.data() as session:
        closes = to_bangkok(session.get_one(Round, pk).closes_at)
    assert (format_date(closes.date(), "field"), f"{closes:%H.%M}") == (day(20), "12.00")


def branch_of(site: Site, code: str) -> Branch | None:
    """A branch of the newest ปวช. curriculum, as it is stored."""
    with site.data() as session:
        return session.scalars(
            select(Branch).where(Branch.curriculum == "pvc2562", Branch.branch_code == code)
        ).one_or_none()


def test_a_branch_is_added_where_it_belongs_retired_and_brought_back(
    site: Site, new_page: NewPage, office: dict[str, Any]
) -> None:
    page = new_page(office["people"][0])
    page.goto("/catalogue/pvc2562")
    press(page, "เพิ่มสาขางานใน ช่างยนต์", role="link")
    alive(page)
    page.locator("[name=branch_code]").fill("2010199")
    page.locator("[name=branch]").fill("ยานยนต์ไฟฟ้า")
    page.keyboard.press("Enter")

    flash(page, "เพิ่มสาขางาน ยานยนต์ไฟฟ้า แล้ว")
    page.locator("#field-20101").get_by_role("link", name="2010199 ยานยนต์ไฟฟ้า").click()
    press(page, "เลิกใช้…")
    answer(page, "เลิกใช้")
    flash(page, "เลิกใช้สาขางานแล้ว")
    found = branch_of(site, "2010199")
    assert found is not None
    assert found.is_retired
    send(page, "นำกลับมาใช้")
    flash(page, "เลือกสาขางานนี้ได้อีกครั้งแล้ว")
    found = branch_of(site, "2010199")
    assert found is not None
    assert not found.is_retired


def sheet(rows: list[list[Any]]) -> dict[str, Any]:
    """A workbook as a browser sends it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "ปวช-62.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def give(page: Page, file: dict[str, Any]) -> None:
    """Send a file to be checked."""
    page.goto("/catalogue/pvc2562/import")
    alive(page)
    page.locator("#file").set_input_files(file)
    send(page, "ตรวจไฟล์")


def test_a_curriculum_goes_out_is_changed_and_comes_in_once_every_line_is_right(
    site: Site, new_page: NewPage, office: dict[str, Any]
) -> None:
    page = new_page(office["people"][0])
    page.goto("/catalogue/pvc2562")
    press(page, "ส่งออก")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel (.xlsx)").click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    before = len(rows) - 1

    rows[3][6], rows[5][4] = None, "ช่างรถ"
    give(page, sheet(rows))
    expect(page.get_by_role("row", name="4 สาขางาน ช่องนี้ว่าง กรอกให้ครบ")).to_be_visible()
    expect(page.get_by_role("row", name="6 สาขาวิชา แถวที่ 2 ใช้รหัสนี้กับชื่ออื่น")).to_be_visible()
    expect(page.get_by_role("button", name="นำเข้า", exact=True)).to_have_count(0)
    picture(page, "national-wrong-lines")

    rows[3][6], rows[5][4] = "เครื่องกลเรือและเรือเร็ว", rows[4][4]
    rows.append([*rows[-1][:5], "2119999", "สาขางานใหม่"])
    del rows[2]
    give(page, sheet(rows))
    expect(page.get_by_text("ตรวจแล้ว ยังไม่นำเข้า")).to_be_visible()
    picture(page, "national-checked")
    press(page, "นำเข้า")
    expect(page.locator("dialog[open]")).to_contain_text("สาขางาน 1 สาขาจะเลิกใช้")
    answer(page, "นำเข้า")
    flash(page, "นำเข้าหลักสูตรแล้ว: เพิ่ม 1 แก้ไข 1 เลิกใช้ 1 สาขางาน")
    expect(page.get_by_text(f"{before} สาขางาน")).to_be_visible()
    changed, retired = branch_of(site, "2010103"), branch_of(site, "2010102")
    assert changed is not None
    assert retired is not None
    assert (changed.branch, retired.is_retired) == ("เครื่องกลเรือและเรือเร็ว", True)
    assert branch_of(site, "2119999") is not None


def test_the_office_reads_its_pages_in_english_too(site: Site, new_page: NewPage, office: dict[str, Any]) -> None:
    with site.data() as session:
        pk = session.scalars(select(Round.id)).first()
    page = new_page(office["people"][1], locale="en-GB")
    for address, heading in (
        ("/rounds/", "Registration rounds"),
        (f"/rounds/{pk}", "Academic year"),
        (f"/rounds/{pk}/edit", "Academic year"),
        ("/catalogue/", "Catalogue of branches"),
        ("/catalogue/pvc2562", "Voc. Cert. 3"),
        ("/catalogue/pvc2562/import", "Import"),
    ):
        page.goto(address)
        alive(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        picture(page, f"national-en-{address.strip('/').replace('/', '-')}")
