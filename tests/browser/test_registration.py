"""A school registers its branches, as hands do it: its first year and its second by keys alone, two people at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.assessment.catalogue import Branch
from models.assessment.codes import SCHOOL, SCOPE_SCHOOL, RoundState
from models.assessment.enrolment import Newcomer
from models.assessment.registration import sheet_of
from models.assessment.round import Round
from models.assessment.school import School
from models.core.db import db
from models.core.grants import grant
from tests.browser.conftest import picture
from tests.browser.hands import alive, answer, flash
from tests.browser.site import Site
from tests.factories.assessment import enrolled, make_registration, make_round
from tests.factories.core import make_account

NewPage = Callable[..., Page]
PVC = "pvc2562"
URL = f"/registration/{PVC}"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PER_SECOND = 3  # keys of somebody who types in no hurry


@dataclass
class Desk:
    """A school in an open round, the branches of a curriculum in their order, and who reports for it."""

    school: int
    account: int
    clerk: int
    round: int
    branches: list[tuple[int, str, str]]

    def counts(self, site: Site) -> dict[str, int]:
        """What is saved now, by the branches' codes."""
        codes = {pk: code for pk, code, _name in self.branches}
        with site.data():
            return {codes[pk]: number for pk, number in sheet_of(self.round, self.school, PVC).counts.items()}


@dataclass
class Keys:
    """A keyboard that counts what is pressed."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def type(self, text: str) -> None:
        """Type a text letter by letter."""
        self.page.keyboard.type(text)
        self.pressed += text


_numbers = iter(range(1, 100))


@pytest.fixture
def desk(site: Site) -> Desk:
    """A school of its own for every test, in the one round that is open."""
    with site.data():
        this = db.session.scalar(select(Round).where(Round.state == RoundState.OPEN)) or make_round(year=2569)
        number = next(_numbers)
        (school,) = enrolled(Newcomer(f"13200262{number:02}", f"วิทยาลัยเทคนิคบ้านสวนประดู่ {number}", "20"))
        clerk = make_account(first_name="ลำดวน", last_name="ใจเย็น")
        grant(clerk.id, SCHOOL, scope_type=SCOPE_SCHOOL, scope_id=school.id)
        rows = select(Branch).where(Branch.curriculum == PVC, ~Branch.is_retired).order_by(Branch.position, Branch.id)
        branches = [(one.id, one.branch_code, one.branch) for one in db.session.scalars(rows)]
        return Desk(school.id, school.account_id or 0, clerk.id, this.id, branches)


def spread(desk: Desk, how_many: int) -> list[tuple[int, str, str]]:
    """So many branches from all over the tree."""
    step = len(desk.branches) // how_many
    return desk.branches[::step][:how_many]


def last_year(site: Site, desk: Desk, how_many: int) -> dict[str, int]:
    """What the school registered in the round before, by code."""
    with site.data() as session:
        then = session.scalar(select(Round).where(Round.academic_year == 2568))
        then = then or make_round(RoundState.LOCKED, year=2568)
        numbers = {pk: 10 + place for place, (pk, _code, _name) in enumerate(spread(desk, how_many))}
        rows = {session.get_one(Branch, pk): students for pk, students in numbers.items()}
        make_registration(then, session.get_one(School, desk.school), rows)
        codes = {pk: code for pk, code, _name in desk.branches}
        return {codes[pk]: students for pk, students in numbers.items()}


def focused(page: Page) -> str:
    """The id of what has the focus."""
    found: str = page.evaluate("() => document.activeElement.id")
    return found


def open_page(page: Page, url: str = URL) -> None:
    """Open a curriculum; its script has taken over once it shows the switch."""
    page.goto(url)
    alive(page)
    page.locator("[data-only-box]:not([hidden])").wait_for(state="attached")


# --- by keys alone ---------------------------------------------------------------------------------------------------


def test_a_school_of_25_branches_is_entered_by_keys_alone_within_two_minutes(
    site: Site, new_page: NewPage, desk: Desk
) -> None:
    page = new_page(desk.account)
    open_page(page)
    keys = Keys(page)
    chosen = spread(desk, 25)

    for place, (_pk, code, _name) in enumerate(chosen):
        keys.press("/")
        keys.type(code)
        keys.press("ArrowDown")
        keys.type(str(11 + place))
    expect(page.locator("[data-total]")).to_have_text(f"{sum(range(11, 36)):,}")
    keys.press("/")
    page.keyboard.press("Escape")
    picture(page, "registration-first-year", full_page=False)
    with page.expect_navigation():
        keys.press("Enter")

    flash(page, "บันทึกแล้ว รวม 575 คน จาก 25 สาขางาน")
    assert desk.counts(site) == {code: 11 + place for place, (_pk, code, _name) in enumerate(chosen)}
    assert len(keys.pressed) / PER_SECOND < 120


def test_the_second_year_starts_from_the_branches_of_the_first(site: Site, new_page: NewPage, desk: Desk) -> None:
    before = last_year(site, desk, 25)
    page = new_page(desk.account)
    open_page(page)
    keys = Keys(page)

    page.locator("[data-carry]").focus()
    keys.press("Enter")
    expect(page.locator("[data-branch]:visible")).to_have_count(25)
    picture(page, "registration-carried", full_page=False)
    for place in range(25):
        keys.type(str(40 + place))
        keys.press("ArrowDown")
    with page.expect_navigation():
        keys.press("Enter")

    flash(page, "จาก 25 สาขางาน")
    assert list(desk.counts(site).values()) == [40 + place for place in range(25)]
    assert set(desk.counts(site)) == set(before)
    assert len(keys.pressed) / PER_SECOND < 60


@pytest.mark.parametrize("where", ["tick", "number", "find", "switch"])
def test_enter_saves_from_any_field(site: Site, new_page: NewPage, desk: Desk, where: str) -> None:
    pk, code, _name = desk.branches[3]
    page = new_page(desk.account)
    open_page(page)
    page.locator(f"#t-{pk}").check()
    page.locator(f"#n-{pk}").fill("25")

    field_ = {"tick": f"#t-{pk}", "number": f"#n-{pk}", "find": "#find-branch", "switch": "#only"}[where]
    page.locator(field_).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    flash(page, "บันทึกแล้ว รวม 25 คน จาก 1 สาขางาน")
    assert desk.counts(site) == {code: 25}
    alive(page)
    assert focused(page) == field_.removeprefix("#")
    expect(page.locator("#say")).to_contain_text("บันทึกแล้ว")


def test_arrows_lead_from_row_to_row_and_space_ticks(site: Site, new_page: NewPage, desk: Desk) -> None:
    (one, _c, _n), (two, _c2, _n2) = desk.branches[:2]
    page = new_page(desk.account)
    open_page(page)

    page.locator(f"#n-{one}").focus()
    page.keyboard.type("7")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert focused(page) == f"n-{two}"
    page.keyboard.press("ArrowUp")
    assert focused(page) == f"n-{one}"
    expect(page.locator(f"#t-{one}")).to_be_checked()
    page.keyboard.press("ArrowUp")
    assert focused(page) == "find-branch"


def test_digits_of_the_thai_keyboard_are_digits_in_a_number(site: Site, new_page: NewPage, desk: Desk) -> None:
    pk = desk.branches[0][0]
    page = new_page(desk.account)
    open_page(page)

    page.locator(f"#n-{pk}").focus()
    for code, key in (("Digit2", "/"), ("Digit5", "ถ")):  # what the keys 2 and 5 give with the Thai layout on
        page.locator(f"#n-{pk}").dispatch_event("keydown", {"code": code, "key": key, "bubbles": True})

    expect(page.locator(f"#n-{pk}")).to_have_value("25")


# --- what is wrong ---------------------------------------------------------------------------------------------------


def test_a_tick_without_a_number_and_a_number_without_a_tick_are_shown_when_the_row_is_left(
    site: Site, new_page: NewPage, desk: Desk
) -> None:
    (one, _c, _n), (two, _c2, name), (three, _c3, _n3) = desk.branches[:3]
    page = new_page(desk.account)
    open_page(page)

    page.locator(f"#t-{one}").check()
    expect(page.locator(f"#e-{one}")).to_have_count(0)
    page.locator(f"#n-{two}").fill("25")
    expect(page.locator(f"#e-{one}")).to_contain_text("เลือกไว้แล้ว กรอกจำนวนผู้เรียน")
    page.locator(f"#n-{three}").focus()
    expect(page.locator(f"#e-{two}")).to_contain_text("กรอกจำนวนแล้ว แต่ยังไม่ได้เลือกสาขางานนี้")
    expect(page.locator("[data-wrong-text]")).to_have_text("ต้องแก้ 2 แถว")
    picture(page, "registration-wrong", full_page=False)
    page.keyboard.press("Enter")
    assert focused(page) == f"n-{one}"
    assert desk.counts(site) == {}

    page.get_by_role("button", name=f"เลือก {name}").click()
    expect(page.locator(f"#t-{two}")).to_be_checked()
    expect(page.locator("[data-wrong-text]")).to_have_text("ต้องแก้ 1 แถว")
    page.locator(f"#t-{one}").uncheck()
    expect(page.locator("[data-wrong]")).to_be_hidden()
    expect(page.locator("[data-total]")).to_have_text("25")


def test_finding_shows_what_has_the_words_and_marks_them(site: Site, new_page: NewPage, desk: Desk) -> None:
    page = new_page(desk.account)
    open_page(page)

    page.locator("#find-branch").fill("ยนต์")
    wanted = [name for _pk, _code, name in desk.branches if "ยนต์" in name]
    expect(page.locator("[data-branch]:visible mark").first).to_have_text("ยนต์")
    assert page.locator("[data-branch]:visible").count() >= len(wanted)
    expect(page.locator("[data-branches-found]")).to_contain_text("ที่มีคำว่า “ยนต์”")
    picture(page, "registration-find", full_page=False)

    page.locator("#find-branch").fill("ไม่มีสาขานี้แน่")
    expect(page.locator("[data-branch]:visible")).to_have_count(0)
    expect(page.locator("[data-branches-found]")).to_contain_text("ไม่พบสาขางาน")
    page.locator("#find-branch").fill("")
    expect(page.locator("[data-branch]:visible")).to_have_count(len(desk.branches))


# --- two at once, and typing that is kept -----------------------------------------------------------------------------


def test_two_people_at_once_keep_what_each_typed_and_are_asked_where_they_differ(
    site: Site, new_page: NewPage, desk: Desk
) -> None:
    (one, first, _n), (two, second, _n2), (three, third, _n3) = desk.branches[:3]
    mine, theirs = new_page(desk.account, expected=(409,)), new_page(desk.clerk)
    for page in (mine, theirs):
        open_page(page)
    for page, rows in ((theirs, ((one, "12"), (three, "7"))), (mine, ((one, "15"), (two, "3")))):
        for pk, number in rows:
            page.locator(f"#t-{pk}").check()
            page.locator(f"#n-{pk}").fill(number)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    dialog = mine.locator("dialog[open]")
    expect(dialog).to_contain_text("ลำดวน ใจเย็น")
    expect(dialog).to_contain_text("15 คน")
    expect(dialog).to_contain_text("12 คน")
    expect(dialog.locator("[data-conflict-field]")).to_have_count(1)
    picture(mine, "registration-conflict", full_page=False)
    assert desk.counts(site) == {first: 12, third: 7}
    answer(mine, "บันทึกตามที่เลือก")

    flash(mine, "บันทึกแล้ว รวม 25 คน จาก 3 สาขางาน")
    assert desk.counts(site) == {first: 15, second: 3, third: 7}


def test_whoever_saves_second_reads_first_what_the_other_entered(site: Site, new_page: NewPage, desk: Desk) -> None:
    (one, first, name), (two, second, _n2) = desk.branches[:2]
    mine, theirs = new_page(desk.account), new_page(desk.clerk)
    for page in (mine, theirs):
        open_page(page)
    for page, pk, number in ((theirs, one, "12"), (mine, two, "3")):
        page.locator(f"#t-{pk}").check()
        page.locator(f"#n-{pk}").fill(number)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    told = mine.locator("#flashes .s-notice--fix")
    expect(told).to_contain_text(f"{name} 12 คน")
    expect(told).to_be_in_viewport()
    assert desk.counts(site) == {first: 12, second: 3}


def test_what_is_typed_comes_back_though_nobody_saved(site: Site, new_page: NewPage, desk: Desk) -> None:
    pk = desk.branches[2][0]
    page = new_page(desk.account)
    open_page(page)
    with page.expect_response(lambda answered: answered.url.endswith("/typing") and answered.ok):
        page.locator(f"#t-{pk}").check()
        page.locator(f"#n-{pk}").fill("31")
    expect(page.locator("[data-saved-text]")).to_contain_text("ยังไม่ได้บันทึก")

    open_page(page)

    expect(page.locator(f"#n-{pk}")).to_have_value("31")
    expect(page.locator("[data-total]")).to_have_text("31")
    picture(page, "registration-kept", full_page=False)
    assert desk.counts(site) == {}


def test_a_session_that_lapsed_while_one_typed_loses_nothing(site: Site, new_page: NewPage, desk: Desk) -> None:
    pk, code, _name = desk.branches[4]
    page = new_page(desk.account, expected=(401,))
    open_page(page)
    page.locator(f"#t-{pk}").check()
    page.locator(f"#n-{pk}").fill("28")
    site.let_sessions_lapse(desk.account)

    page.keyboard.press("Enter")
    expect(page.locator("#session-ended")).to_be_visible()
    expect(page.locator(f"#n-{pk}")).to_have_value("28")
    assert desk.counts(site) == {}

    page.context.add_cookies([site.cookie_of(desk.account)])  # signed in again in another tab
    page.locator(f"#n-{pk}").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    flash(page, "บันทึกแล้ว รวม 28 คน จาก 1 สาขางาน")
    assert desk.counts(site) == {code: 28}


def test_a_telephone_enters_a_branch_too(site: Site, new_page: NewPage, desk: Desk) -> None:
    pk, code, _name = desk.branches[5]
    page = new_page(desk.account, **PHONE)
    open_page(page)

    page.locator(f"#t-{pk}").tap()
    page.locator(f"#n-{pk}").fill("19")
    picture(page, "registration-phone", full_page=False)
    with page.expect_navigation():
        page.get_by_role("button", name="ตกลง", exact=True).tap()

    flash(page, "บันทึกแล้ว รวม 19 คน จาก 1 สาขางาน")
    assert desk.counts(site) == {code: 19}
