"""A committee enters agencies outside, as hands do it: added, edited, deleted and undone, taken over, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.assessment.agency import sheet_of
from models.assessment.catalogue import Branch
from models.assessment.codes import PROVINCIAL, SCOPE_SCHOOL, Committee, RoundState
from models.assessment.enrolment import Newcomer
from models.assessment.outside import OutsideAgency, none_outside
from models.assessment.round import Round
from models.assessment.school import School
from models.core.db import db
from models.core.grants import grant
from tests.browser.conftest import picture
from tests.browser.hands import alive, answer, flash, press
from tests.browser.site import Site
from tests.factories.assessment import enrolled, make_agency, make_round
from tests.factories.core import make_account

NewPage = Callable[..., Page]
PVC = "pvc2562"
ADD = f"/outside/{PVC}/add"
LIST = "/outside/agencies/"
_numbers = iter(range(1, 100))


@dataclass
class Office:
    """A committee in an open round, a second person who works for it, and the first branches of a curriculum."""

    committee: int
    account: int
    clerk: int
    round: int
    branches: list[tuple[int, str]]

    def agencies(self, site: Site) -> dict[str, dict[int, int]]:
        """What is entered now: name -> branch -> students."""
        with site.data():
            rows = select(OutsideAgency).where(
                OutsideAgency.committee_id == self.committee,
                OutsideAgency.round_id == self.round,
                OutsideAgency.deleted_at.is_(None),
            )
            return {one.name: dict(sheet_of(one).counts) for one in db.session.scalars(rows)}

    def has_none(self, site: Site) -> bool:
        """Whether it is confirmed that there is none."""
        with site.data():
            return none_outside(self.round, self.committee) is not None


@pytest.fixture
def office(site: Site) -> Office:
    """A committee of its own for every test, in the one round that is open."""
    with site.data():
        this = db.session.scalar(select(Round).where(Round.state == RoundState.OPEN)) or make_round(year=2569)
        number = next(_numbers)
        name = f"วิทยาลัยเทคนิคบ้านโป่งสามัคคี {number}"
        (school,) = enrolled(Newcomer(f"13700162{number:02}", name, "70", committee=Committee.PROVINCE))
        clerk = make_account(first_name="ลำดวน", last_name="ใจเย็น")
        grant(clerk.id, PROVINCIAL, scope_type=SCOPE_SCHOOL, scope_id=school.id)
        rows = select(Branch).where(Branch.curriculum == PVC, ~Branch.is_retired).order_by(Branch.position, Branch.id)
        branches = [(one.id, one.branch_code) for one in db.session.scalars(rows)][:10]
        return Office(school.id, school.account_id or 0, clerk.id, this.id, branches)


def entered(site: Site, office: Office, name: str = "โรงเรียนช่างฝีมือทหาร", *, last_year: bool = False) -> int:
    """An agency that is there already, in this round or the one before; its number."""
    with site.data() as session:
        this = session.get_one(Round, office.round)
        if last_year:
            then = session.scalar(select(Round).where(Round.academic_year == 2568))
            this = then or make_round(RoundState.LOCKED, year=2568)
        committee, branches = session.get_one(School, office.committee), [pk for pk, _code in office.branches[:2]]
        counts = dict(zip((session.get_one(Branch, pk) for pk in branches), (24, 16), strict=True))
        given = {"name": name, "parent": "กองบัญชาการกองทัพไทย", "province_code": "10"}
        made: int = make_agency(this, committee, counts, **given).id
        return made


def open_page(page: Page, url: str) -> None:
    """Open a form with its tree; its script has taken over once it shows the switch."""
    page.goto(url)
    alive(page)
    page.locator("[data-only-box]:not([hidden])").wait_for(state="attached")


def test_an_agency_is_entered_by_keys_alone(site: Site, new_page: NewPage, office: Office) -> None:
    (one, code), (two, second) = office.branches[0], office.branches[4]
    page = new_page(office.account)
    open_page(page, ADD)

    page.locator("#name").focus()
    page.keyboard.type("โรงเรียนช่างฝีมือทหาร")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("กองบัญชาการกองทัพไทย")
    page.keyboard.press("Tab")
    expect(page.locator("#province_code")).to_be_focused()
    page.locator("#province_code").select_option(label="ราชบุรี")
    page.keyboard.press("Tab")
    for branch, students in ((code, "24"), (second, "16")):
        page.keyboard.type(branch)
        page.keyboard.press("ArrowDown")
        page.keyboard.type(students)
        page.keyboard.press("/")
    expect(page.locator("[data-total]")).to_have_text("40")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    flash(page, "เพิ่ม โรงเรียนช่างฝีมือทหาร แล้ว รวม 40 คน")
    assert office.agencies(site) == {"โรงเรียนช่างฝีมือทหาร": {one: 24, two: 16}}
    expect(page.locator("tbody tr")).to_contain_text("ราชบุรี")
    picture(page, "outside-list", full_page=False)


def test_what_is_missing_is_named_on_top_and_leads_to_its_field(site: Site, new_page: NewPage, office: Office) -> None:
    page = new_page(office.account, expected=(422,))
    open_page(page, ADD)
    page.locator(f"#t-{office.branches[0][0]}").check()
    page.locator(f"#n-{office.branches[0][0]}").fill("7")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    picture(page, "outside-wrong", full_page=False)
    summary.get_by_role("link", name="ชื่อสถานศึกษา/หน่วยงาน").click()
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator(f"#n-{office.branches[0][0]}")).to_have_value("7")
    assert office.agencies(site) == {}


def test_an_agency_is_edited_deleted_after_a_question_and_brought_back(
    site: Site, new_page: NewPage, office: Office
) -> None:
    entered(site, office)
    (one, _code), (two, _second) = office.branches[:2]
    page = new_page(office.account)
    page.goto(LIST)
    press(page, "แก้ไข โรงเรียนช่างฝีมือทหาร", role="link")
    alive(page)
    page.locator(f"#t-{two}").uncheck()
    page.locator(f"#n-{two}").fill("")
    page.locator(f"#n-{one}").fill("31")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    flash(page, "บันทึก โรงเรียนช่างฝีมือทหาร แล้ว รวม 31 คน")
    assert office.agencies(site) == {"โรงเรียนช่างฝีมือทหาร": {one: 31}}

    press(page, "ลบ โรงเรียนช่างฝีมือทหาร")
    picture(page, "outside-delete", full_page=False)
    answer(page, "ลบ")
    assert office.agencies(site) == {}
    with page.expect_navigation():
        page.get_by_role("button", name="เลิกทำ").click()
    flash(page, "กู้คืน โรงเรียนช่างฝีมือทหาร แล้ว")
    assert office.agencies(site) == {"โรงเรียนช่างฝีมือทหาร": {one: 31}}


def test_who_asked_last_year_is_taken_over_and_only_the_numbers_are_typed(
    site: Site, new_page: NewPage, office: Office
) -> None:
    entered(site, office, last_year=True)
    (one, _code), (two, _second) = office.branches[:2]
    page = new_page(office.account)
    page.goto("/outside/")
    page.get_by_role("link", name="นำข้อมูลมา").click()
    alive(page)

    expect(page.locator("#name")).to_have_value("โรงเรียนช่างฝีมือทหาร")
    expect(page.locator(f"#t-{one}")).to_be_checked()
    page.locator(f"#n-{one}").focus()
    page.keyboard.type("20")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("11")
    picture(page, "outside-carried", full_page=False)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert office.agencies(site) == {"โรงเรียนช่างฝีมือทหาร": {one: 20, two: 11}}
    page.goto("/outside/")
    expect(page.get_by_role("link", name="นำข้อมูลมา")).to_have_count(0)


def test_two_people_at_one_agency_are_asked_where_they_differ(site: Site, new_page: NewPage, office: Office) -> None:
    pk = entered(site, office)
    (one, _code), (two, _second), (three, _third) = office.branches[:3]
    mine, theirs = new_page(office.account, expected=(409,)), new_page(office.clerk)
    for page in (mine, theirs):
        open_page(page, f"{LIST}{pk}")
    theirs.locator("#name").fill("โรงเรียนช่างฝีมือทหารบก")
    theirs.locator("#province_code").select_option("11")
    theirs.locator(f"#n-{one}").fill("25")
    mine.locator("#name").fill("โรงเรียนช่างฝีมือทหารเรือ")
    mine.locator(f"#n-{one}").fill("26")
    mine.locator(f"#t-{three}").check()
    mine.locator(f"#n-{three}").fill("4")
    for page in (theirs, mine):
        with page.expect_navigation():
            page.locator(f"#n-{two}").press("Enter")

    dialog = mine.locator("dialog[open]")
    expect(dialog).to_contain_text("ลำดวน ใจเย็น")
    expect(dialog.locator("[data-conflict-field]")).to_have_count(2)
    picture(mine, "outside-conflict", full_page=False)
    dialog.locator(f"[name='pick-{one}'][data-conflict-theirs]").check()
    answer(mine, "บันทึกตามที่เลือก")

    assert office.agencies(site) == {"โรงเรียนช่างฝีมือทหารเรือ": {one: 25, two: 16, three: 4}}
    expect(mine.locator("tbody tr")).to_contain_text("สมุทรปราการ")


def test_what_is_typed_comes_back_though_nobody_saved(site: Site, new_page: NewPage, office: Office) -> None:
    page = new_page(office.account)
    open_page(page, ADD)
    with page.expect_response(lambda answered: answered.url.endswith("/typing") and answered.ok):
        page.locator("#name").fill("ศูนย์ฝึกอบรมยานยนต์")
    expect(page.locator("[data-saved-text]")).to_contain_text("ยังไม่ได้บันทึก")

    open_page(page, ADD)

    expect(page.locator("#name")).to_have_value("ศูนย์ฝึกอบรมยานยนต์")
    assert office.agencies(site) == {}


def test_that_there_is_none_is_confirmed_after_a_question_and_withdrawn(
    site: Site, new_page: NewPage, office: Office
) -> None:
    page = new_page(office.account)
    page.goto("/outside/none/")
    press(page, "ยืนยันว่าไม่มี")
    picture(page, "outside-none", full_page=False)
    answer(page, "ยืนยัน")
    flash(page, "ยืนยันแล้วว่ารอบนี้ไม่มีการขอใช้เครื่องมือของสถานศึกษานอกสังกัด")
    assert office.has_none(site)

    page.goto("/outside/")
    expect(page.locator("main")).to_contain_text("ขณะนี้บันทึกข้อมูลไม่ได้")
    picture(page, "outside-index-none", full_page=False)
    page.goto("/outside/none/")
    press(page, "ยกเลิกการยืนยัน")
    answer(page, "ยกเลิกการยืนยัน")
    assert not office.has_none(site)
