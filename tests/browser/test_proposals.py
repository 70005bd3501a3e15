"""Proposals as people work with them: begun from an earlier one, compared, listed, closed; the office's lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.fund.codes import MANAGER, PROJECT_MANAGER, STAFF, State
from models.fund.proposal import Proposal
from tests.browser.conftest import picture
from tests.browser.hands import alive, answer, flash, press, send
from tests.browser.site import Site
from tests.browser.world import believable_content
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, save_all, walk

NewPage = Callable[..., Page]
TITLE = "ค่ายวิทยาศาสตร์สำหรับผู้เรียนตาบอด"


@pytest.fixture
def office(site: Site) -> dict[str, Any]:
    """An author, their manager, staff and a super user, with an approved proposal and one that came back once."""
    with site.data():
        organization = make_organization()
        author, staff = make_account(PROJECT_MANAGER), make_account(STAFF)
        make_member(organization, account=author)
        manager = make_member(organization, MANAGER)
        cast = Cast(staff=staff)
        full = believable_content(TITLE)
        approved = make_proposal(State.APPROVED, author=author, cast=cast, content=full)
        revised = make_proposal(State.RETURNED, author=author, cast=cast, content=full)
        revised.perform("revise", author, revised.version)
        changed = deepcopy(full)
        changed["2.1"]["title"] = f"{TITLE} ปีที่สอง"
        changed["2.2"]["objective"] = changed["2.2"]["objective"][::-1]
        save_all(revised, changed, author)
        walk(revised, State.SCREENING, cast)
        draft = make_proposal(State.DRAFT, author=author, content=full)
        return {
            "author": author.id,
            "manager": manager.id,
            "staff": staff.id,
            "super": make_account("super_user").id,
            "approved": approved.id,
            "revised": revised.id,
            "draft": draft.id,
            "number": revised.number,
        }


def test_a_proposal_is_begun_from_last_years(site: Site, new_page: NewPage, office: dict[str, Any]) -> None:
    page = new_page(office["author"])
    page.goto("/proposals/")
    press(page, "เพิ่มเติม")
    press(page, "นำข้อมูลจากโครงการเดิมมาใช้", role="link")
    picture(page, "bring-list")
    page.goto(f"/wizard/bring/{office['approved']}")
    page.get_by_label("เลื่อนวันที่ทั้งหมดออกไป").select_option(label="2 ปี")
    page.get_by_label("3 การมีส่วนร่วมของหน่วยงานอื่น ๆ").uncheck()
    picture(page, "bring")
    send(page, "สร้างร่างโครงการ")

    flash(page, "สร้างร่างโครงการแล้ว")
    expect(page.get_by_text("นำข้อมูลมาจาก:")).to_be_visible()
    with site.data() as session:
        source = session.get(Proposal, office["approved"])
        made = session.query(Proposal).filter(Proposal.origin_id == source.id).one()
        old, new = source.current_revision, made.current_revision
        assert new.title == old.title
        assert new.starts_on.year == old.starts_on.year + 2
        assert [row.file_id for row in new.attachments] == [row.file_id for row in old.attachments]
        assert [line.kind for line in new.lines if line.kind.startswith("contribution_")] == []
        assert old.is_submitted
        assert not new.is_submitted


@pytest.mark.parametrize("width", [1280, 390])
def test_two_revisions_are_compared_on_screen_and_on_paper(
    new_page: NewPage, office: dict[str, Any], width: int
) -> None:
    page = new_page(office["staff"], viewport={"width": width, "height": 900})
    page.goto(f"/proposals/{office['revised']}/compare")
    picture(page, f"compare-{width}")

    expect(page.locator("ins").filter(has_text="ปีที่สอง").first).to_be_visible()
    expect(page.get_by_text("ย้าย", exact=True).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    paper = page.request.get(str(page.get_by_role("link", name="พิมพ์ PDF").get_attribute("href")))
    assert paper.body().startswith(b"%PDF-")


def test_filters_become_a_tab_and_the_list_a_file(new_page: NewPage, office: dict[str, Any]) -> None:
    page = new_page(office["staff"])
    page.goto(f"/proposals/?q={TITLE}")
    press(page, "บันทึกตัวกรองนี้เป็นแท็บ…")
    page.get_by_label("ชื่อแท็บ").fill("ค่ายของเรา")
    answer(page, "บันทึก")

    tab = page.get_by_role("navigation", name="ตัวกรองที่บันทึกไว้").get_by_role("link", name="ค่ายของเรา")
    expect(tab).to_have_attribute("aria-current", "true")
    expect(tab.locator(".s-count")).not_to_be_empty()
    picture(page, "list-with-own-tab")

    press(page, "เพิ่มเติม")
    with page.expect_download() as download:
        press(page, "ส่งออกเป็น Excel", role="link")
    assert download.value.suggested_filename == "proposals.xlsx"

    page.goto("/proposals/")
    press(page, "แท็บของฉัน…")
    picture(page, "own-tabs", full_page=False)
    page.locator("dialog[open]").get_by_role("textbox").fill("ค่ายปีนี้")
    answer(page, "เปลี่ยนชื่อ ค่ายของเรา")
    press(page, "แท็บของฉัน…")
    answer(page, "นำออก ค่ายปีนี้")
    expect(page.get_by_role("link", name="ค่ายปีนี้")).to_have_count(0)


def test_a_proposal_is_closed_with_a_reason_that_its_applicants_read(new_page: NewPage, office: dict[str, Any]) -> None:
    page = new_page(office["staff"])
    page.goto(f"/proposals/{office['revised']}")
    press(page, "ไม่พิจารณา…")
    page.locator("dialog[open]").get_by_role("textbox").fill("อยู่นอกภารกิจของกองทุน")
    picture(page, "not-considered", full_page=False)
    answer(page, "ไม่พิจารณา")
    flash(page, "บันทึกไม่พิจารณาแล้ว")

    for who in ("author", "manager"):
        applicant = new_page(office[who])
        applicant.goto(f"/proposals/{office['revised']}")
        expect(applicant.get_by_text("อยู่นอกภารกิจของกองทุน").first).to_be_visible()
        applicant.goto("/notifications/")
        expect(applicant.get_by_text(office["number"]).first).to_be_visible()


def test_a_kind_that_the_office_adds_can_be_chosen_at_once(new_page: NewPage, office: dict[str, Any]) -> None:
    page = new_page(office["super"])
    page.goto("/settings/fund.kinds.disability")
    press(page, "เพิ่มรายการ")
    page.locator("[data-row]").last.get_by_role("textbox").nth(0).fill("โรคหายาก")
    page.locator("[data-row]").last.get_by_role("textbox").nth(1).fill("Rare disease")
    picture(page, "setting-kinds")
    send(page, "บันทึก")
    flash(page, "บันทึกแล้ว")

    author = new_page(office["author"])
    author.goto(f"/wizard/{office['draft']}/2.1")
    author.get_by_label("โรคหายาก").check()
    send(author, "บันทึก")
    flash(author, "บันทึกแล้ว")
    expect(author.get_by_label("โรคหายาก")).to_be_checked()


@pytest.mark.parametrize("part", ["1", "2.1", "2.2", "2.3", "2.4", "3", "4"])
def test_no_two_fields_of_a_part_share_a_name(new_page: NewPage, office: dict[str, Any], part: str) -> None:
    page = new_page(office["author"])
    page.goto(f"/wizard/{office['draft']}/{part}")
    alive(page)
    for adder in page.locator("[data-row-add]:visible").all():
        adder.click()

    names = page.evaluate(
        """() => [...document.querySelectorAll("#wizard input, #wizard textarea, #wizard select")]
          .filter((field) => field.type !== "hidden" && !field.closest("template"))
          .map((field) => {
            if (field.getAttribute("aria-label")) return field.getAttribute("aria-label");
            const by = field.getAttribute("aria-labelledby");
            const said = by ? by.split(" ").map((id) => document.getElementById(id)) : [...(field.labels ?? [])];
            const group = field.type === "radio" ? `${field.name}: ` : "";
            return group + said.map((part) => part?.textContent.trim().replace(/\\s+/g, " ")).join(" ");
          })"""
    )

    assert [name for name in names if not name] == []
    assert {name: count for name, count in Counter(names).items() if count > 1} == {}


def test_a_paper_under_way_shows_it_and_the_link_is_free_again(new_page: NewPage, office: dict[str, Any]) -> None:
    page = new_page(office["author"])
    page.goto(f"/wizard/{office['draft']}/2.1")
    alive(page)
    page.evaluate(
        """document.addEventListener("click", (event) => {
          if (event.target.closest("a[data-makes]")) event.preventDefault();
        })"""
    )
    link = page.get_by_role("link", name="พิมพ์ PDF").first

    link.click()
    expect(link).to_have_attribute("aria-busy", "true")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(link).not_to_have_attribute("aria-busy", "true")
