"""Recording a result and writing the scoring form, as hands do it: by keys alone, two at once, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.fund.codes import COMMITTEE, GROUP, STAFF, SUPER_USER, State
from models.fund.proposal import Proposal
from models.fund.scoring import current_form, ensure_reference, new_version, open_draft, sheet_of
from tests.browser import hands
from tests.browser.hands import alive, flash, press, send
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import Cast, all_items, make_proposal, make_session, put_on

NewPage = Callable[..., Page]
PHONE = {"viewport": {"width": 390, "height": 844}}


@dataclass
class Item:
    """A proposal on the agenda of the working group, and the two who may record it."""

    pk: int
    proposal: int
    staff: int
    secretary: int
    names: dict[str, str]

    @property
    def url(self) -> str:
        """The record form."""
        return f"/scoring/{self.pk}"


@pytest.fixture
def item(site: Site) -> Item:
    """One proposal that waits for the working group's result."""
    with site.data():
        secretary = make_account(COMMITTEE, first_name="สุรีย์", last_name="สายสวัสดิ์")
        staff = make_account(STAFF, first_name="ณัฐวุฒิ", last_name="ใจงาม")
        cast = Cast(staff=staff, secretary=secretary)
        proposal = make_proposal(State.WAIT_GROUP, cast=cast)
        meeting = make_session(GROUP, cast=cast)
        put_on(proposal, cast, meeting)
        names = {"staff": staff.full_name, "secretary": secretary.full_name}
        return Item(meeting.items[0].id, proposal.id, staff.id, secretary.id, names)


def stored(site: Site, item: Item) -> dict[str, Any]:
    """The sheet as the database has it now."""
    with site.data() as session:
        proposal = session.get(Proposal, item.proposal)
        sheet = sheet_of(proposal.submitted_revision, GROUP)
        answers = {answer.number: (answer.points, answer.advice) for answer in sheet.answers} if sheet else {}
        return {
            "state": proposal.state,
            "total": sheet.total if sheet else None,
            "answers": answers,
            "advice": sheet.advice if sheet else "",
        }


def focused(page: Page) -> str:
    """The id of what has the focus."""
    found: str = page.evaluate("() => document.activeElement.id")
    return found


def open_sheet(page: Page, item: Item) -> None:
    """Open the record form; it is alive when its script has shown what is hidden without it."""
    page.goto(item.url)
    page.locator("[data-next-topic]").first.wait_for()


# --- keys ------------------------------------------------------------------------------------------------------------


def test_a_whole_sheet_is_filled_in_and_sent_by_keys_alone(site: Site, new_page: NewPage, item: Item) -> None:
    page = new_page(item.secretary)
    open_sheet(page, item)
    page.keyboard.press("t")
    assert focused(page) == "topic-1-h"
    for number in range(1, 12):
        for digit in "123" if number == 3 else "1234":
            page.keyboard.press(digit)
        if number in (3, 9):
            page.keyboard.press("a")
            page.keyboard.insert_text(f"ปรับปรุงข้อ {number} ให้ชัดเจน 1 2 3")
            page.keyboard.press("Escape")
        page.keyboard.press("n")
        if number < 11:
            assert focused(page) == f"topic-{number + 1}-h"
            expect(page.locator(f"#topic-{number}")).not_to_have_attribute("open", "")
    expect(page.locator("[data-total]")).to_have_text("94")
    expect(page.locator("#topic-3 [data-points-now]")).to_have_text("9")
    hands_on = [number for number in range(1, 12) if page.locator(f"#topic-{number}").get_attribute("open") is not None]
    assert hands_on == [11]
    for _press in range(8):
        page.keyboard.press("Tab")
        if focused(page) == "advice":
            break
    page.keyboard.insert_text("ควรขยายผลไปจังหวัดใกล้เคียง")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.matches('[data-send]')")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_contain_text("94 คะแนน")
    with page.expect_navigation():
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    flash(page, "94 คะแนน")
    found = stored(site, item)
    assert (found["state"], found["total"]) == (State.WAIT_SUB, 94)
    assert found["answers"][3] == (9, "ปรับปรุงข้อ 3 ให้ชัดเจน 1 2 3")
    assert found["advice"] == "ควรขยายผลไปจังหวัดใกล้เคียง"


def test_the_keys_go_by_place_so_that_the_thai_layout_does_not_matter_and_can_be_switched_off(
    new_page: NewPage, item: Item
) -> None:
    page = new_page(item.staff)
    open_sheet(page, item)
    thai = """([key, code]) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, code, bubbles: true }))"""
    page.evaluate(thai, ["ะ", "KeyT"])
    assert focused(page) == "topic-1-h"
    page.evaluate(thai, ["/", "Digit2"])
    expect(page.locator("#tick-1-1")).to_be_checked()
    page.evaluate(thai, ["จ", "Digit0"])
    expect(page.locator("#choice-1-none")).to_be_checked()
    expect(page.locator("#tick-1-1")).not_to_be_checked()
    page.locator("#topic-1-h").focus()
    page.keyboard.press("?")
    keys = page.locator("dialog#keys[open]")
    expect(keys).to_contain_text("เลือกหรือไม่เลือกข้อบ่งชี้นั้น")
    page.get_by_role("switch").uncheck()
    page.keyboard.press("Escape")
    page.locator("#topic-1-h").focus()
    page.keyboard.press("1")
    expect(page.locator("#tick-1-0")).not_to_be_checked()


def test_ctrl_enter_saves_the_sheet(site: Site, new_page: NewPage, item: Item) -> None:
    page = new_page(item.staff)
    open_sheet(page, item)
    hands.tick(page, [4])
    page.locator("#advice-1").fill("ชื่อเหมาะสมแล้ว")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    flash(page, "บันทึกแล้ว ยังไม่ส่งผล")
    assert stored(site, item)["answers"][1] == (5, "ชื่อเหมาะสมแล้ว")


@pytest.mark.parametrize("counts", [[0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 3], [4, 3, 4, 2, 1, 4, 4, 0, 2, 3, 4]])
def test_points_shown_while_ticking_are_those_that_the_server_stores(
    site: Site, new_page: NewPage, item: Item, counts: list[int]
) -> None:
    page = new_page(item.staff)
    open_sheet(page, item)
    hands.tick(page, counts)
    shown = [int(page.locator(f"#topic-{number} [data-points-now]").inner_text()) for number in range(1, 12)]
    total = int(page.locator("[data-total]").inner_text())
    send(page, "บันทึก")
    found = stored(site, item)
    assert shown == [found["answers"][number][0] for number in range(1, 12)]
    assert total == found["total"] == sum(shown)


# --- two recorders ---------------------------------------------------------------------------------------------------


def test_two_recorders_learn_of_each_other_and_neither_loses_anything(
    site: Site, new_page: NewPage, item: Item
) -> None:
    staff, secretary = new_page(item.staff), new_page(item.secretary, expected=(409,))
    open_sheet(staff, item)
    open_sheet(secretary, item)
    hands.tick(staff, [4, 4])
    staff.locator("#advice-2").fill("ของเจ้าหน้าที่")
    expect(staff.locator("[data-saved]")).to_contain_text("เก็บ")
    expect(staff.locator("[data-others]")).to_be_hidden()
    hands.tick(secretary, [4, 3, 3])
    expect(secretary.locator("[data-others-text]")).to_contain_text(f"{item.names['staff']} กำลังกรอกแบบนี้อยู่ด้วย")
    send(staff, "บันทึก")
    flash(staff, "บันทึกแล้ว ยังไม่ส่งผล")
    secretary.locator("#advice").fill("ของเลขานุการ")
    expect(secretary.locator("[data-others-text]")).to_contain_text(f"{item.names['staff']} บันทึกแบบนี้เมื่อ")
    send(secretary, "บันทึก")
    dialog = secretary.locator("dialog#conflict[open]")
    expect(dialog).to_contain_text(item.names["staff"])
    # Topic 2 alone is said by both in two ways; what one left empty came in by itself.
    expect(dialog.locator("[data-conflict-field]")).to_have_count(1)
    dialog.locator("[data-conflict-field=answer-2] [data-conflict-theirs]").check()
    with secretary.expect_navigation():
        dialog.get_by_role("button", name="บันทึกตามที่เลือก").click()
    found = stored(site, item)
    assert found["answers"][1][0] == 5
    assert found["answers"][2] == (5, "ของเจ้าหน้าที่")
    assert found["answers"][3][0] == 9
    assert found["advice"] == "ของเลขานุการ"


# --- a telephone -----------------------------------------------------------------------------------------------------


def test_a_telephone_scores_without_scrolling_sideways(site: Site, new_page: NewPage, item: Item) -> None:
    page = new_page(item.staff, **PHONE, has_touch=True)
    open_sheet(page, item)
    for number, count in enumerate([4, 3], 1):
        topic = page.locator(f"#topic-{number}")
        for box in range(count):
            topic.locator(f"label[for=tick-{number}-{box}]").tap()
        topic.locator("[data-next-topic]").tap()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.locator("[data-total]")).to_have_text("8")
    send(page, "บันทึก")
    assert stored(site, item)["total"] == 8


# --- the form itself -------------------------------------------------------------------------------------------------


@pytest.fixture
def editors(site: Site) -> tuple[int, int]:
    """Two who may write the scoring form, where no draft is open."""
    with site.data() as session:
        ensure_reference()
        one, other = make_account(STAFF, first_name="พิมพ์ชนก", last_name="ศรีสุข"), make_account(SUPER_USER)
        if (draft := open_draft()) is not None:
            draft.perform("discard", other, draft.version)
        session.flush()
        return one.id, other.id


def test_a_version_is_written_previewed_and_published(site: Site, new_page: NewPage, editors: tuple[int, int]) -> None:
    with site.data():
        before = current_form().number
    page = new_page(editors[0], expected=(422,))
    page.goto("/scoring-forms/")
    press(page, "สร้างฉบับใหม่")
    page.locator("form[data-version-form]").wait_for()
    page.locator("#title-9").fill("ค่าใช้จ่ายและความคุ้มค่า")
    page.locator("#full-9").fill("๑๒")
    expect(page.locator("[data-full-copy='9']")).to_have_text("12")
    expect(page.locator("[data-sum]")).to_have_text("รวม 102 จาก 100 คะแนน")
    expect(page.locator("[data-sum-note]")).to_have_text("เกิน 2 คะแนน")
    press(page, "ประกาศใช้…")
    expect(page.locator("#full-1-e")).to_contain_text("102")
    page.locator("#full-3").fill("13")
    page.locator("#passing").fill("75")
    expect(page.locator("[data-sum-note]")).to_have_text("ครบพอดี")
    press(page, "บันทึกและดูตัวอย่าง")
    page.locator("[data-next-topic]").first.wait_for()
    hands.tick(page, [4, 4, 4, 4, 4, 4, 4, 4, 4])
    expect(page.locator("[data-total]")).to_have_text("70")
    hands.tick(page, [4, 4, 4, 4, 4, 4, 4, 4, 4, 3])
    expect(page.locator("[data-passes]")).to_be_visible()
    press(page, "ประกาศใช้…")
    dialog = page.locator("dialog#publish[open]")
    expect(dialog.locator("ins").first).to_have_text("13")
    expect(dialog).to_contain_text("ค่าใช้จ่ายและความคุ้มค่า")
    expect(dialog).to_contain_text("75 คะแนนขึ้นไป")
    with page.expect_navigation():
        dialog.get_by_role("button", name=re.compile("ประกาศใช้ฉบับที่")).click()
    expect(page.locator("tbody tr").first).to_contain_text("ใช้อยู่")
    with site.data():
        form = current_form()
        assert (form.number > before, form.passing, form.topics[8].full, form.topics[2].full) == (True, 75, 12, 13)


def test_two_editors_of_a_version_are_told_and_lose_nothing(
    site: Site, new_page: NewPage, editors: tuple[int, int]
) -> None:
    with site.data() as session:
        from models.core.identity import Account

        pk = new_version(session.get(Account, editors[0])).id
    one, other = new_page(editors[0]), new_page(editors[1], expected=(409,))
    for page in (one, other):
        page.goto(f"/scoring-forms/{pk}/edit")
        page.locator("form[data-version-form]").wait_for()
    one.locator("#title-1").fill("ชื่อของคนแรก")
    expect(one.locator("[data-saved]")).to_contain_text("บันทึกอัตโนมัติ")
    other.locator("#title-1").fill("ชื่อของคนที่สอง")
    expect(other.locator("[data-others-text]")).to_contain_text("พิมพ์ชนก ศรีสุข กำลังกรอกแบบนี้อยู่ด้วย")
    send(one, "บันทึก")
    send(other, "บันทึก")
    dialog = other.locator("dialog#conflict[open]")
    expect(dialog).to_contain_text("ชื่อของคนแรก")
    expect(dialog).to_contain_text("ชื่อของคนที่สอง")
    with other.expect_navigation():
        dialog.get_by_role("button", name="บันทึกตามที่เลือก").click()
    expect(other.locator("#title-1")).to_have_value("ชื่อของคนที่สอง")


def test_a_closed_tab_gives_the_typing_of_a_version_back(
    site: Site, new_page: NewPage, editors: tuple[int, int]
) -> None:
    with site.data() as session:
        from models.core.identity import Account

        pk = new_version(session.get(Account, editors[0])).id
    page = new_page(editors[0])
    page.goto(f"/scoring-forms/{pk}/edit")
    page.locator("#indicator-4-2").fill("ข้อบ่งชี้ที่ยังไม่ได้บันทึก")
    expect(page.locator("[data-saved]")).to_contain_text("บันทึกอัตโนมัติ")
    page.close()
    again = page.context.new_page()
    again.goto(f"/scoring-forms/{pk}/edit")
    expect(again.locator("#indicator-4-2")).to_have_value("ข้อบ่งชี้ที่ยังไม่ได้บันทึก")
    press(again, "แสดงฉบับที่บันทึกไว้")
    with again.expect_navigation():
        again.locator("dialog[open]").get_by_role("button").last.click()
    expect(again.locator("#indicator-4-2")).not_to_have_value("ข้อบ่งชี้ที่ยังไม่ได้บันทึก")


# --- screening -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("result", "name"), [("pass", "ผ่าน"), ("documents", "เอกสารไม่ถูกต้องหรือไม่ครบถ้วน")])
def test_the_warning_of_the_screening_names_the_result_that_is_chosen(
    site: Site, new_page: NewPage, result: str, name: str
) -> None:
    with site.data():
        from models.fund.screening import save_screening

        staff = make_account(STAFF)
        proposal = make_proposal(State.SCREENING)
        save_screening(proposal, all_items(proposal.submitted_revision), staff, 0)
        who, pk = staff.id, proposal.id
    page = new_page(who)
    page.goto(f"/screening/{pk}")
    alive(page)
    page.locator(f"[name=result][value={result}]").check()
    press(page, "ส่งผล…")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text(f"“{name}”")
    expect(dialog).to_contain_text("เปลี่ยนผลไม่ได้")
    hands.answer(page, "ส่งผล")
    with site.data() as session:
        state = session.get(Proposal, pk).state
    assert state == (State.WAIT_GROUP if result == "pass" else State.RETURNED)
