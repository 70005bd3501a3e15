"""The statistics in a browser: charts drawn from their tables, filters, files, pictures; a visitor's hidden groups."""

from __future__ import annotations

import struct
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from models.core.clock import today
from models.core.thai.dates import fiscal_year
from models.fund.statistics import StatisticDelta
from tests.browser.conftest import HERE, picture
from tests.browser.looking import FIND_VIOLATIONS, OVERFLOW, RULES
from tests.browser.site import Site
from tests.factories.core import make_account

AXE = (HERE / "axe.min.js").read_text()
PAINTED = """(view) => {
  const canvas = view.querySelector("canvas");
  if (!canvas) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 200) found.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  }
  return found.size;
}"""


@pytest.fixture(scope="module")
def year() -> int:
    """The fiscal year that the page opens on."""
    return fiscal_year(today())


@pytest.fixture(scope="module")
def staff(site: Site, year: int) -> int:
    """A member of staff; and figures of two years in three provinces, one of them small."""
    with site.data() as session:
        for of, province, code, count in (
            (year, "10", "board.approved", 40),
            (year, "10", "screening.waiting", 22),
            (year, "50", "board.approved", 12),
            (year, "50", "screening.documents", 9),
            (year, "90", "board.approved", 3),
            (year - 1, "10", "board.approved", 31),
        ):
            for kind in ("", "learning"):
                line = {"fiscal_year": of, "province": province, "sector": "public", "code": code, "kind": kind}
                asked = Decimal(250_000 * count)
                session.add(StatisticDelta(**line, family="stage", proposals=count, asked=asked))
        return int(make_account("staff").id)


def usable(page: Page, name: str) -> list[str]:
    """What is wrong with the page on both screens, the charts drawn."""
    wrong = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{width}: {line}" for line in page.evaluate(OVERFLOW)]
        picture(page, f"StatisticsView-{name}-{width}")
        wrong += [f"{width}: {line}" for line in page.evaluate(FIND_VIOLATIONS, RULES)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong


def draw(page: Page, name: str) -> Any:
    """Scroll a chart into view and wait until it is drawn."""
    view = page.locator(f"#table-{name} [data-chart-view]")
    view.scroll_into_view_if_needed()
    expect(view.locator("canvas")).to_be_visible()
    assert view.evaluate(PAINTED) > 2
    return view


def test_staff_read_filter_and_take_away_files_and_pictures(
    new_page: Callable[..., Page], staff: int, year: int, tmp_path: Path
) -> None:
    page = new_page(staff, accept_downloads=True)
    page.add_init_script(AXE)
    page.goto("/")
    page.get_by_role("link", name="สถิติการขอรับการสนับสนุน").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("สถิติการขอรับการสนับสนุน")
    songkhla = page.locator("#table-province tr", has_text="สงขลา")
    expect(songkhla.locator("td").first).to_have_text("3")
    for name in ("years", "province", "kind"):
        draw(page, name)
    assert usable(page, "staff") == []

    page.get_by_label("จังหวัด", exact=True).select_option(label="เชียงใหม่")
    page.get_by_label("ตั้งแต่ปี").select_option(str(year - 1))
    with page.expect_navigation():
        page.get_by_role("button", name="แสดง", exact=True).click()
    assert "province=50" in page.url
    expect(page.locator("#table-status tr", has_text="อนุมัติ").first.locator("td").first).to_have_text("12")

    with page.expect_download() as taken:
        page.get_by_role("link", name="xlsx ตามประเภทความพิการ").click()
    book = tmp_path / taken.value.suggested_filename
    taken.value.save_as(book)
    rows = list(load_workbook(book).active.iter_rows(min_row=2, values_only=True))
    assert ("การเรียนรู้", 21, 5_250_000, 12, 3_000_000) in rows

    button = page.get_by_role("button", name="png งบที่ขอและที่อนุมัติรายปีงบประมาณ")
    button.focus()
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    image = tmp_path / taken.value.suggested_filename
    taken.value.save_as(image)
    content = image.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24])[0] == 2400
    expect(button).to_be_focused()


def test_charts_follow_the_theme(new_page: Callable[..., Page], staff: int) -> None:
    page = new_page(staff)
    page.goto("/statistics/")
    view = draw(page, "years")
    colour = "(view) => view.querySelector('canvas').toDataURL()"
    light = view.evaluate(colour)

    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")

    changed = "([view, old]) => view.querySelector('canvas').toDataURL() !== old"
    page.wait_for_function(changed, arg=[view.element_handle(), light])


def test_a_visitor_sees_totals_and_no_small_group(new_page: Callable[..., Page], staff: int) -> None:
    page = new_page(None)
    page.add_init_script(AXE)
    page.goto("/sign/in")
    page.get_by_role("contentinfo").get_by_role("link", name="สถิติ").click()
    rows = page.locator("#table-province tbody tr")
    expect(rows.filter(has_text="กรุงเทพมหานคร").locator("td").first).to_have_text("62")
    for name in ("สงขลา", "เชียงใหม่"):
        expect(rows.filter(has_text=name).locator("td").first).to_have_text("ไม่แสดง")
    draw(page, "years")
    assert usable(page, "visitor") == []
    assert page.locator("#statistics td a").count() == 0


def test_without_the_library_the_tables_are_all_there(new_page: Callable[..., Page], staff: int) -> None:
    page = new_page(staff, java_script_enabled=False)
    page.goto("/statistics/")

    expect(page.locator("#table-years tbody tr")).to_have_count(2)
    expect(page.locator("[data-chart-view]").first).to_be_hidden()
    expect(page.locator("[data-chart-png]").first).to_be_hidden()
