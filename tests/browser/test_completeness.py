"""The map of completeness in a browser: coloured by the table beneath, and a way to each province's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.assessment.codes import NATIONAL
from tests.browser.hands import alive
from tests.browser.site import Site
from tests.factories.assessment import make_branches, make_committee, make_registration, make_round, make_school
from tests.factories.core import make_account


@pytest.fixture(scope="module")
def office(site: Site) -> int:
    """Somebody of the national office; Rayong is complete, Chon Buri half, Trat not begun, elsewhere no school."""
    with site.data():
        this, (branch,) = make_round(year=2569), make_branches(1)
        complete, half = make_committee(province_code="21"), make_committee(province_code="20")
        make_school(half, province_code="20")
        make_committee(province_code="23")
        for school in (complete, half):
            make_registration(this, school, {branch: 12})
        return int(make_account(NATIONAL).id)


def test_a_province_on_the_map_is_coloured_by_its_row_and_opens_its_page(
    site: Site,
    new_page: Callable[..., Page],
    office: int,
) -> None:
    page = new_page(office)
    page.goto("/completeness/")
    alive(page)
    land: Any = page.locator("#completeness-map path.s-map-land")
    expect(page.locator("#completeness-map[data-drawn]")).to_be_attached()

    expect(land).to_have_count(77)
    for level in (0, 2, 4):
        expect(page.locator(f"#completeness-map .as-level-{level}")).to_have_count(1)
    expect(page.locator("#completeness-map [class*=as-level-]")).to_have_count(3)

    page.locator("#completeness-map .as-level-4").hover()
    expect(page.get_by_text("ระยอง: ครบ 100% รอรายงาน 0 แห่ง")).to_be_visible()
    with page.expect_navigation():
        page.locator("#completeness-map .as-level-4").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("ระยอง"))


def test_the_table_leads_to_those_who_are_awaited_by_keys_alone(
    site: Site,
    new_page: Callable[..., Page],
    office: int,
) -> None:
    page = new_page(office)
    page.goto("/completeness/")
    alive(page)

    page.get_by_role("link", name="สถานศึกษาในชลบุรีที่ยังไม่รายงาน 1 แห่ง").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("[aria-current=true]", has_text="ยังไม่รายงาน")).to_be_visible()
    expect(page.locator(".as-schools tbody tr")).to_have_count(1)
