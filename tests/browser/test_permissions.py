"""Super users at the matrix, two of them at once, the question why, and the access log, in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core.matrix import changing, reference, set_cells
from models.fund.codes import STAFF, SUPER_USER, State
from tests.browser.hands import choose, flash, send
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import make_proposal

pytestmark = pytest.mark.both
NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def people(site: Site) -> dict[str, Any]:
    """Two super users, a member of staff, and a proposal."""
    with site.data():
        found = {
            "chief": make_account(SUPER_USER, first_name="กมลวรรณ", last_name="เรืองศรี").id,
            "colleague": make_account(SUPER_USER, first_name="อนุชา", last_name="แก้วมณี").id,
            "clerk": make_account(STAFF, first_name="ณัฐวุฒิ", last_name="ใจงาม").id,
        }
        proposal = make_proposal(State.SCREENING)
        return found | {"number": proposal.number, "proposal": proposal.id}


@pytest.fixture(autouse=True)
def as_the_manual_has_it(site: Site) -> None:
    """Each test begins with the manual's matrix."""
    with site.data():
        set_cells(changing.to_reference("fund"))


def cell(page: Page, permission: str, kind: str) -> Any:
    return page.locator(f'input[name=cell][value="{permission}:{kind}"]')


def open_matrix(page: Page) -> None:
    """The matrix, with its keys alive."""
    page.goto("/permissions/")
    expect(page.locator("input[name=cell][tabindex='0']")).to_have_count(1)


def test_a_tick_is_taken_by_keyboard_alone_and_the_next_page_of_its_holder_is_shut(
    people: dict[str, Any], new_page: NewPage
) -> None:
    clerk = new_page(people["clerk"], expected=(403,))
    response = clerk.goto("/access-log/")
    assert response is not None
    assert response.status == 200

    page = new_page(people["chief"])
    open_matrix(page)
    page.locator("input[name=cell]").first.focus()
    place = [*reference("fund")].index("access_log.view")
    for _row in range(place):
        page.keyboard.press("ArrowDown")
    for _column in range(3):
        page.keyboard.press("ArrowRight")
    expect(cell(page, "access_log.view", STAFF)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("td.is-cut")).to_have_count(1)
    expect(page.locator("[data-diff] li")).to_contain_text("เจ้าหน้าที่กองทุนฯ")
    page.keyboard.press("Tab")  # past the one stop that the table is, to what is listed beside it
    while page.evaluate("document.activeElement.id") != "reason":
        page.keyboard.press("Tab")
    page.keyboard.type("ตามมติที่ประชุม")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    flash(page, "ณัฐวุฒิ ใจงาม")
    expect(page.get_by_text(re.compile(r"เสียสิทธิ์จริง \d+ บัญชี"))).to_be_visible()
    expect(page.locator("#reason")).to_have_value("ตามมติที่ประชุม")
    page.get_by_role("button", name="บันทึก 1 รายการ").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    flash(page, "เปลี่ยนสิทธิ์แล้ว 1 ช่อง")
    expect(cell(page, "access_log.view", STAFF)).not_to_be_checked()

    response = clerk.reload()
    assert response is not None
    assert response.status == 403


def test_a_locked_box_stays_and_a_change_can_be_undone_before_it_is_looked_at(
    people: dict[str, Any], new_page: NewPage
) -> None:
    page = new_page(people["chief"])
    open_matrix(page)

    locked = cell(page, "permission.edit", SUPER_USER)
    locked.focus()
    page.keyboard.press("Space")
    expect(locked).to_be_checked()
    cell(page, "proposal.restore", STAFF).check()
    expect(page.locator("[data-diff-count]")).to_have_text("1")
    page.get_by_role("button", name="เลิกเปลี่ยน").click()

    expect(page.locator("[data-diff-count]")).to_have_text("0")
    expect(cell(page, "proposal.restore", STAFF)).to_be_focused()
    expect(page.locator("td.is-add")).to_have_count(0)


def test_the_manuals_matrix_comes_back_with_a_reason(site: Site, people: dict[str, Any], new_page: NewPage) -> None:
    with site.data():
        set_cells({("session.view", "committee"): False})
    page = new_page(people["chief"], expected=(422,))
    open_matrix(page)

    page.get_by_role("link", name="คืนค่าตามคู่มือ…").click()
    send(page, "บันทึก 1 รายการ")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("#reason").fill("กลับไปตามคู่มือ")
    send(page, "บันทึก 1 รายการ")

    expect(cell(page, "session.view", "committee")).to_be_checked()
    page.goto("/permissions/history")
    flash(page, "กลับไปตามคู่มือ")


def test_of_two_super_users_the_second_is_told_and_keeps_their_ticks(people: dict[str, Any], new_page: NewPage) -> None:
    first, second = new_page(people["chief"]), new_page(people["colleague"], expected=(409,))
    for page in (first, second):
        open_matrix(page)
    cell(second, "proposal.restore", STAFF).check()
    cell(first, "result.view", "committee").uncheck()
    first.locator("#reason").fill("ชั่วคราว")
    send(first, "ตรวจผลก่อนบันทึก")
    send(first, "บันทึก 1 รายการ")

    second.locator("#reason").fill("ขอเพิ่ม")
    send(second, "ตรวจผลก่อนบันทึก")

    flash(second, "กมลวรรณ เรืองศรี")
    expect(second.get_by_role("alert")).to_contain_text("ชั่วคราว")
    expect(cell(second, "proposal.restore", STAFF)).to_be_checked()
    expect(cell(second, "result.view", "committee")).not_to_be_checked()
    expect(second.locator("[data-diff-count]")).to_have_text("1")
    expect(second.locator("#reason")).to_have_value("ขอเพิ่ม")
    send(second, "ตรวจผลก่อนบันทึก")
    send(second, "บันทึก 1 รายการ")
    flash(second, "เปลี่ยนสิทธิ์แล้ว 1 ช่อง")


def test_why_is_asked_of_a_person_and_a_proposal(people: dict[str, Any], new_page: NewPage) -> None:
    page = new_page(people["chief"])
    page.goto("/permissions/why/")

    choose(page, "ผู้ใช้งานที่ต้องการตรวจสอบ จำเป็น", "ณัฐวุฒิ", "ณัฐวุฒิ ใจงาม")
    page.locator("#permission").select_option("proposal.decide")
    page.locator("#record").fill(people["number"])
    send(page, "ตรวจสอบ")

    answer = page.locator("section", has=page.locator("#answer"))
    expect(answer.get_by_text("ทำได้", exact=True)).to_be_visible()
    expect(answer).to_contain_text("เรื่องอยู่ในขอบเขต")
    page.locator("#address").fill("/permissions/")
    send(page, "ตรวจสอบ")
    expect(answer.get_by_text("ทำไม่ได้", exact=True)).to_be_visible()


def test_the_log_is_filtered_and_taken_away(people: dict[str, Any], new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(people["chief"])
    page.goto(f"/permissions/why/?person={people['clerk']}&permission=proposal.view")
    page.goto("/access-log/")

    choose(page, "ผู้กระทำ", "กมลวรรณ", "กมลวรรณ เรืองศรี")
    page.locator("#group").select_option("view")
    send(page, "กรอง")

    expect(page.locator(".s-applied li")).to_have_count(3)
    expect(page.locator(".l-log tbody tr").first).to_contain_text("ตรวจสอบว่าทำไมใครทำได้หรือไม่ได้")
    page.get_by_role("button", name="ส่งออกตามที่กรอง").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV (.csv)").click()
    file = tmp_path / "log.csv"
    download.value.save_as(file)
    lines = file.read_text("utf-8-sig").splitlines()
    assert len(lines) > 1
    assert "กมลวรรณ เรืองศรี" in lines[1]
    page.locator(".s-applied a").first.click()
    expect(page.locator(".s-applied li")).to_have_count(1)
    page.locator(".l-log a.s-name").first.click()
    expect(page.get_by_role("heading", name="เหตุการณ์")).to_be_visible()
