"""What hands do on the pages: sign in, fill in, press, answer dialogs. Each ends when the page says that it is done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import content

# A button that adds a row, once its script has taken it over.
ADD = "[data-row-add][aria-disabled=false]"
PASSWORD = "ศาลาริมน้ำ ปี๒๕๖๙"


def alive(page: Page) -> None:
    """Wait until the scripts of the page have taken over what is theirs; a page without scripts lives once loaded."""
    page.wait_for_load_state()
    page.locator("html[data-alive], html:not(:has(script[src*='core/js/app']))").wait_for(state="attached")


def press(page: Page, name: str, *, role: str = "button", nth: int = 0) -> None:
    """Press the button (or link) of this name, on a page that is alive."""
    alive(page)
    page.get_by_role(role, name=name, exact=True).nth(nth).click()  # type: ignore[arg-type]


def answer(page: Page, name: str) -> None:
    """Answer the dialog that is open, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator("dialog[open]").get_by_role("button", name=name, exact=True).click()


def send(page: Page, name: str) -> None:
    """Press the button that sends the form, and wait for the page that follows."""
    alive(page)
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def flash(page: Page, text: str) -> None:
    """The page says so."""
    expect(page.get_by_text(text).first).to_be_visible()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in by the page; the caller says what is expected then."""
    page.goto("/sign/in")
    type_sign_in(page, email, password)


def type_sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page that is shown."""
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    press(page, "เข้าสู่ระบบ")


def upload(page: Page, field: str, *files: dict[str, Any]) -> None:
    """Give files to a file field and wait until each stands in its list."""
    box = page.locator(f"[data-upload][data-name={field}]")
    before = box.locator("[data-upload-item]").count()
    box.locator("input[type=file]").set_input_files(list(files))
    expect(box.locator("[data-upload-item]")).to_have_count(before + len(files))


def choose(page: Page, label: str, typed: str, option: str) -> None:
    """Choose from a picker that asks while one types; pickers are ready once their script has taken over the list."""
    expect(page.locator("select[data-pick]:not(.tomselected)")).to_have_count(0)
    control = page.get_by_label(label, exact=True).locator("visible=true").first
    control.click()
    control.fill(typed)
    page.get_by_role("option", name=option).first.click()
    if page.locator(".ts-dropdown:visible").count():
        page.keyboard.press("Escape")


# --- the wizard ----------------------------------------------------------------------------------------------------


def add_rows(section: Locator, name: str, rows: Iterable[tuple[str, ...]], columns: tuple[str, ...]) -> None:
    """Fill a list of rows; rows that are there already are filled first."""
    for number, row in enumerate(rows):
        if not section.locator(f"[name='{name}-{number}-{columns[0]}']").count():
            section.locator(ADD).first.click()
        for column, text in zip(columns, row, strict=True):
            section.locator(f"[name='{name}-{number}-{column}']").fill(text)


def fill_list(page: Page, name: str, texts: Iterable[str]) -> None:
    """Fill a list of one column."""
    add_rows(page.locator(f"#{name}"), name, [(text,) for text in texts], ("text",))


def fill_organization_part(page: Page) -> None:
    """Part 1."""
    fill_list(page, "current_activity", content.ACTIVITIES_NOW)
    page.locator("[name=achievements]").fill(content.ACHIEVEMENTS)
    page.get_by_label("เคย", exact=True).check()
    page.locator("[name=times_asked]").fill("๒")
    page.locator("[name=last_supported_year]").fill("2567")
    page.locator("[name=last_project]").fill(content.LAST_PROJECT)
    page.locator("[name=problems_met]").fill(content.PROBLEMS_MET)
    add_rows(page.locator("#other_help"), "other_help", [("มูลนิธิเพื่อนต่างแดน", "150,000")], ("text", "amount"))


def fill_details(page: Page, title: str = content.TITLE) -> None:
    """Part 2.1."""
    page.locator("[name=title]").fill(title)
    for kind in ("intellectual", "learning", "autism"):
        page.locator(f"[name=disabilities][value={kind}]").check()
    page.locator("[name=unit_name]").fill("ฝ่ายพัฒนาสื่อและนวัตกรรม")
    page.locator("[name=unit_phone]").fill("๐๕๓-๑๒๓๔๕๖")
    page.locator("[name=unit_email]").fill("media@saengtien.example")
    page.locator("[name=coordinator_name]").fill("นางสาวอรอนงค์ ทองประเสริฐ")
    page.locator("[name=coordinator_phone]").fill("081-234-5678")
    page.locator("[name=coordinator_email]").fill("onanong@saengtien.example")


def fill_rationale(page: Page) -> None:
    """Part 2.2."""
    page.locator("[name=rationale]").fill(content.RATIONALE)
    for name, texts in content.LISTS.items():
        fill_list(page, name, texts)


def fill_work(page: Page) -> None:
    """Part 2.3."""
    fill_list(page, "place", content.PLACES)
    page.locator("[name=starts_on]").fill(content.field_date(content.START))
    page.locator("[name=ends_on]").fill(content.field_date(content.ENDS))
    page.locator("[name=method]").fill(content.METHOD)
    page.locator("[name=amount_asked]").fill(f"{content.ASKED:,}")
    rows = [("เงินสมทบของมูลนิธิ", f"{content.OTHER:,}.00")]
    add_rows(page.locator("#other_source"), "other_source", rows, ("text", "amount"))


def fill_steps(page: Page) -> None:
    """Part 2.4: five steps with twenty activities."""
    steps = page.locator("#steps")
    for number, (name, activities) in enumerate(content.STEPS):
        if not steps.locator(f"[name='steps-{number}-name']").count():
            steps.locator(ADD).filter(has_text="เพิ่มขั้นตอน").click()
        steps.locator(f"[name='steps-{number}-name']").fill(name)
        box = steps.locator(f"[data-repeat='steps-{number}-activities']")
        for place, activity in enumerate(activities):
            start = f"steps-{number}-activities-{place}"
            if not box.locator(f"[name='{start}-name']").count():
                box.locator(ADD).click()
            box.locator(f"[name='{start}-name']").fill(activity.name)
            box.locator(f"[name='{start}-starts_on']").fill(content.field_date(activity.starts))
            box.locator(f"[name='{start}-ends_on']").fill(content.field_date(activity.ends))
            box.locator(f"[name='{start}-budget']").fill(f"{activity.budget:,}")
            if activity.detail:
                row = box.locator("[data-activity]").nth(place)
                row.locator("summary").click()
                row.locator(f"[name='{start}-detail']").fill(activity.detail)


def fill_contributions(page: Page) -> None:
    """Part 3."""
    for kind, rows in content.CONTRIBUTIONS.items():
        name = f"contribution_{kind}"
        add_rows(page.locator(f"#{name}"), name, rows, ("text", "detail"))


def fill_files(page: Page) -> None:
    """Part 4: four files."""
    upload(page, "expense_table", content.file("ตารางค่าใช้จ่าย.xlsx", content.workbook()))
    upload(page, "training_table", content.file("ตารางการอบรม.pdf", content.pdf()))
    upload(page, "speaker_history", content.file("ประวัติวิทยากร.docx", content.document()))
    upload(page, "other", content.file("ภาพหนังสือต้นแบบ.png", content.picture_png()))
    page.locator("[name='other-0-kind_name']").fill("ภาพหนังสืออ่านง่ายต้นแบบ")


PARTS: dict[str, Callable[[Page], None]] = {
    "1": fill_organization_part,
    "2.1": fill_details,
    "2.2": fill_rationale,
    "2.3": fill_work,
    "2.4": fill_steps,
    "3": fill_contributions,
    "4": fill_files,
}


def proposal_of(page: Page) -> int:
    """The number in the address of a page of a proposal."""
    found = re.search(r"/(?:wizard|proposals|screening)/(\d+)", page.url)
    assert found, page.url
    return int(found.group(1))


# --- scoring ---------------------------------------------------------------------------------------------------------


def tick(page: Page, counts: Iterable[int]) -> None:
    """Open each topic and tick so many of its indicators."""
    for number, count in enumerate(counts, 1):
        topic = page.locator(f"#topic-{number}")
        if topic.get_attribute("open") is None:
            topic.locator("summary").click()
        for box in range(4):
            topic.locator(f"#tick-{number}-{box}").set_checked(box < count)
        if not count:
            topic.locator(f"#choice-{number}-none").check()
