"""The search field of the top bar, by keys and by hand, and the page of results."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core.thai.citizen import sample_citizen_id
from models.core.thai.text import to_thai_digits
from models.fund.codes import State
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def world(site: Site) -> dict[str, Any]:
    """Three proposals that the fund has received, and one of its staff."""
    with site.data():
        cast = Cast(staff=make_account("staff"))
        titles = ("ห้องสมุดเสียงชุมชน", "ห้องสมุดเสียงโรงเรียน", "สนามเด็กเล่น")
        made = [make_proposal(State.SCREENING, title=title, cast=cast) for title in titles]
        return {"staff": cast.staff.id, "ids": [row.id for row in made], "number": made[0].number}


@pytest.fixture
def page(new_page: NewPage, world: dict[str, Any]) -> Page:
    """The main page as staff see it."""
    opened = new_page(world["staff"])
    opened.goto("/")
    return opened


def field(page: Page) -> Any:
    return page.get_by_role("combobox", name="ค้นหา")


def test_by_keys_alone_from_the_slash_to_the_proposal(page: Page, world: dict[str, Any]) -> None:
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    page.keyboard.type("สมุดเสียง")

    options = page.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(3)  # two, and the way to all
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#say")).to_contain_text("พบ 2 รายการ")
    expect(options.first.locator("mark")).to_have_text("สมุดเสียง")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = field(page).get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    chosen = page.locator('[role=option][aria-selected="true"]')
    address = chosen.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_escape_closes_the_list_and_enter_asks_for_the_page(page: Page) -> None:
    field(page).click()
    page.keyboard.type("สมุดเสียง")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    expect(field(page)).to_have_value("สมุดเสียง")
    expect(field(page)).to_be_focused()

    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=*")
    expect(page.get_by_role("heading", name="โครงการ")).to_be_visible()
    expect(page.locator(".s-found-list mark")).to_have_count(2)


def test_the_list_goes_when_one_goes_on(page: Page) -> None:
    field(page).click()
    page.keyboard.type("สมุดเสียง")
    expect(page.get_by_role("listbox")).to_be_visible()

    page.keyboard.press("Tab")

    expect(page.locator("#found")).to_be_hidden()


def test_an_option_is_opened_by_hand(page: Page, world: dict[str, Any]) -> None:
    field(page).click()
    page.keyboard.type("เด็กเล่น")

    page.get_by_role("option", name="สนามเด็กเล่น").click()

    page.wait_for_url(f"**/proposals/{world['ids'][2]}")


def test_a_number_in_thai_digits_without_zeros_leads_straight_on(page: Page, world: dict[str, Any]) -> None:
    year, sequence = world["number"].split("-")

    field(page).fill(to_thai_digits(f"{year}-{int(sequence)}"))
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/proposals/{world['ids'][0]}")


def test_a_citizen_id_is_never_asked_for_and_leaves_the_address(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    field(page).click()
    page.keyboard.type(sample_citizen_id(99))
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/")
    expect(page.get_by_text("ไม่สามารถค้นหาด้วยเลขประจำตัวประชาชน")).to_be_visible()
    assert not [url for url in asked if "suggest" in url]


def test_nothing_found_says_so_and_what_to_do(page: Page) -> None:
    field(page).click()
    page.keyboard.type("ไม่มีชื่อนี้")
    expect(page.locator("#found")).to_contain_text("ไม่พบ")

    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=re.compile("ไม่พบ “ไม่มีชื่อนี้”"))).to_be_visible()


def test_a_telephone_has_its_way_to_search(new_page: NewPage, world: dict[str, Any]) -> None:
    page = new_page(world["staff"], viewport={"width": 390, "height": 844})
    page.goto("/")

    page.get_by_role("link", name="ค้นหา", exact=True).click()
    page.get_by_label("หมายเลข ชื่อ หรือองค์กร").locator("visible=true").fill("เด็กเล่น")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name=re.compile("สนามเด็กเล่น"))).to_be_visible()
