"""A super user in the data console, in Thai: a cell of a list, a tree by keys alone, the stored files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core import setting
from models.fund.scoring import new_version
from tests.browser.hands import press
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import make_file


@pytest.fixture(scope="module")
def boss(site: Site) -> int:
    with site.data():
        account = make_account("super_user", first_name="กมลวรรณ", last_name="เรืองศรี")
        new_version(account)
        return int(account.id)


def focused(page: Page) -> Any:
    return page.locator("[data-tree-item]:focus")


def open_tree(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("[data-tree][data-ready]")).to_be_visible()


def test_a_cell_is_changed_in_the_list_and_a_second_one_with_its_new_version(
    new_page: Callable[..., Any], boss: int
) -> None:
    page = new_page(boss, expected=(422,))
    page.goto("/")
    press(page, "ข้อมูลตั้งต้น", role="link")
    press(page, "หัวข้อของแบบกลั่นกรอง", role="link")
    expect(page.locator("table[data-ready]")).to_be_visible()
    rows = page.locator("tbody tr")

    for number, (typed, shown) in enumerate((("๑๒", "12"), ("สิบ", ""), ("7", "7"))):
        cell = rows.nth(number).locator("[data-cell=full]")
        cell.locator("[data-cell-edit]").click()
        cell.get_by_role("textbox").fill(typed)
        cell.get_by_role("textbox").press("Enter")
        if shown:
            expect(cell.locator("[data-cell-text]")).to_have_text(shown)
            expect(cell.locator("[data-cell-edit]")).to_be_focused()
        else:
            expect(cell.get_by_role("alert")).to_be_visible()
            expect(cell.get_by_role("textbox")).to_have_value(typed)
            cell.get_by_role("textbox").press("Escape")

    page.reload()
    expect(rows.nth(0).locator("[data-cell=full]")).to_contain_text("12")
    expect(rows.nth(2).locator("[data-cell=full]")).to_contain_text("7")


def test_a_list_is_kept_by_keys_alone(new_page: Callable[..., Any], site: Site, boss: int) -> None:
    page = new_page(boss, expected=(422,))
    open_tree(page, "/console/choices/")

    page.locator("[data-tree-item]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(focused(page)).to_have_text("การได้ยิน")
    page.keyboard.press("F2")
    thai = page.get_by_label("ชื่อภาษาไทย")
    expect(thai).to_be_focused()
    thai.fill("การเห็น")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(thai).to_have_value("การเห็น")
    thai.fill("การได้ยินเสียง")
    page.keyboard.press("Enter")
    expect(focused(page)).to_have_text("การได้ยินเสียง")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-tree] li li").first).to_contain_text("การได้ยินเสียง")
    expect(focused(page)).to_have_text("การได้ยินเสียง")
    page.keyboard.press("Delete")
    page.locator("dialog[open]").get_by_role("button", name="เลิกใช้", exact=True).click()
    expect(page.get_by_role("button", name="นำกลับมาใช้ การได้ยินเสียง")).to_be_visible()

    with site.data():
        first = setting.stored("fund.kinds.disability").value[0]
    assert (first["th"], first["retired"]) == ("การได้ยินเสียง", True)


def test_topics_open_by_arrows_and_keep_what_is_open(new_page: Callable[..., Any], boss: int) -> None:
    page = new_page(boss)
    open_tree(page, "/console/scoring/")

    page.locator("[data-tree-item]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    text = focused(page).inner_text()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-node=t1-1]")).to_contain_text(text)
    expect(focused(page)).to_have_text(text)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")

    expect(page.locator("[data-node=t1-1]")).to_be_hidden()
    expect(focused(page)).to_have_attribute("aria-expanded", "false")


def test_a_file_is_found_in_its_folder_and_says_why_it_does_not_open(
    new_page: Callable[..., Any], site: Site, boss: int
) -> None:
    with site.data():
        make_file(make_account("project_manager", first_name="อรอนงค์", last_name="ศรีสุข"), "ตารางการอบรม.pdf")
    page = new_page(boss)
    page.goto("/console/files/")

    press(page, "เอกสารแนบข้อเสนอโครงการ", role="link")
    page.locator(".c-folders a").first.click()
    press(page, "ตารางการอบรม.pdf", role="link")

    expect(page.get_by_role("heading", name="ตารางการอบรม.pdf")).to_be_visible()
    expect(page.get_by_text("คุณไม่มีสิทธิ์เปิดไฟล์นี้")).to_be_visible()
    expect(page.get_by_text("อรอนงค์")).to_be_visible()
    expect(page.get_by_role("link", name="เปิด", exact=True)).to_have_count(0)
