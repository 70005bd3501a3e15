"""Organizations in a browser: merging, handing over, the map with keys, a position that is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from models.fund.codes import MANAGER, PROJECT_MANAGER, SUPER_USER
from models.fund.membership import membership_of
from models.fund.organization import Organization
from models.fund.proposal import Proposal
from tests.browser.hands import answer, choose, flash, press, send
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import make_member, make_organization, make_proposal

NewPage = Callable[..., Page]


@pytest.fixture
def pair(site: Site) -> dict[str, Any]:
    """One organization entered twice, a proposal with each, and a super user."""
    with site.data():
        kept = make_organization("สมาคมจักจั่นร้องเพลงยามบ่าย", phone="053111222")
        twin = make_organization("สมาคมจักจั่น ร้องเพลงยามบ่าย", phone="053999888")
        for organization in (kept, kept, twin):
            make_proposal(author=make_member(organization), organization=organization)
        return {"kept": kept.id, "twin": twin.id, "boss": make_account(SUPER_USER).id}


def test_two_records_are_compared_previewed_and_merged(site: Site, new_page: NewPage, pair: dict[str, Any]) -> None:
    page = new_page(pair["boss"])
    page.goto("/organizations/duplicates/")
    row = page.get_by_role("row").filter(has_text="จักจั่นร้องเพลงยามบ่าย")
    row.get_by_role("link", name="รวม… ").or_(row.get_by_role("link", name="รวม")).last.click()

    page.locator("[name=take_phone][value=other]").check()
    send(page, "ดูผลการรวม")
    expect(page.get_by_text("053-999-888")).to_be_visible()
    press(page, "กลับไปเลือกใหม่")
    expect(page.locator("[name=take_phone][value=other]")).to_be_checked()  # The choices came back.
    send(page, "ดูผลการรวม")
    page.locator("[name=reason]").fill("โทรศัพท์ถามแล้ว เป็นสมาคมเดียวกัน")
    press(page, "รวมองค์กร")
    answer(page, "รวม")

    expect(page).to_have_url(f"{site.url}/organizations/{pair['kept']}")
    page.goto(f"/organizations/{pair['twin']}")
    expect(page).to_have_url(f"{site.url}/organizations/{pair['kept']}")
    with site.data() as session:
        assert session.get(Organization, pair["kept"]).phone == "053999888"
        assert session.query(Proposal).filter_by(organization_id=pair["kept"]).count() == 3


def test_choosing_the_other_record_means_its_values_but_for_those_chosen_by_hand(
    site: Site, new_page: NewPage, pair: dict[str, Any]
) -> None:
    page = new_page(pair["boss"])
    page.goto(f"/organizations/duplicates/merge?one={pair['kept']}&other={pair['twin']}")
    page.locator("[name=keep][value=one]").check()
    page.locator("[name=take_phone][value=other]").check()
    page.locator("[name=take_phone][value=one]").check()

    page.locator("[name=keep][value=other]").check()

    expect(page.locator("[name=take_name][value=other]")).to_be_checked()
    expect(page.locator("[name=take_phone][value=one]")).to_be_checked()
    send(page, "ดูผลการรวม")
    expect(page.get_by_text("มาจากข้อมูลที่จะสิ้นสุดลง")).to_have_count(1)


def test_a_preview_without_a_reason_is_told_and_nothing_is_merged(
    site: Site, new_page: NewPage, pair: dict[str, Any]
) -> None:
    page = new_page(pair["boss"], expected=(422,))
    page.goto(f"/organizations/duplicates/merge?one={pair['kept']}&other={pair['twin']}")
    send(page, "ดูผลการรวม")
    press(page, "รวมองค์กร")
    answer(page, "รวม")

    expect(page.locator("[data-error-summary]")).to_be_focused()
    with site.data() as session:
        assert session.get(Organization, pair["twin"]).merged_into_id is None


def test_two_records_are_found_by_typing(site: Site, new_page: NewPage, pair: dict[str, Any]) -> None:
    page = new_page(pair["boss"])
    page.goto(f"/organizations/duplicates/merge?one={pair['kept']}")

    choose(page, "อีกองค์กร จำเป็น", "จักจั่น", "สมาคมจักจั่น ร้องเพลงยามบ่าย")
    send(page, "เปรียบเทียบ")

    expect(page.get_by_role("heading", name="รวมองค์กร")).to_be_visible()
    expect(page.locator("[name=keep]")).to_have_count(2)


def test_a_manager_gives_what_somebody_left_behind_to_a_member(site: Site, new_page: NewPage) -> None:
    with site.data():
        organization = make_organization()
        manager, gone = make_member(organization, MANAGER), make_member(organization)
        heir = make_member(organization, account=make_account(PROJECT_MANAGER, first_name="ทายาท", last_name="รับงาน"))
        proposals = [make_proposal(author=gone, organization=organization).id for _number in range(2)]
        membership = membership_of(gone)
        membership.perform("leave", gone, membership.version)
        ids = {"manager": manager.id, "heir": heir.id, "organization": organization.id}

    page = new_page(ids["manager"])
    page.goto(f"/organizations/{ids['organization']}")
    page.get_by_role("link", name="มอบให้สมาชิกคนอื่นดูแล").click()
    page.get_by_label("เลือกทั้งหน้า").check()
    page.get_by_label("มอบโครงการที่เลือกให้").select_option(str(ids["heir"]))
    send(page, "มอบให้ดูแล")

    flash(page, "มอบ 2 โครงการให้ นางสาวทายาท รับงาน แล้ว")
    with site.data() as session:
        assert {session.get(Proposal, key).author_id for key in proposals} == {ids["heir"]}


def test_the_map_puts_those_of_one_place_together_and_keys_open_them(site: Site, new_page: NewPage) -> None:
    with site.data():
        names = [f"โรงเรียนตั๊กแตน{word}" for word in ("เขียว", "แดง", "ดำ")]
        for name in names:
            make_organization(name, latitude=17.1234, longitude=104.1234)
        boss = make_account(SUPER_USER).id

    page = new_page(boss)
    page.goto("/organizations/map?q=ตั๊กแตน")
    dot = page.get_by_role("button", name="3 องค์กร")
    expect(dot).to_be_visible()
    dot.focus()
    page.keyboard.press("Enter")
    for name in names:
        expect(page.get_by_role("link", name=name)).to_be_visible()


def test_a_refused_position_is_told_and_the_figures_can_be_typed(site: Site, new_page: NewPage) -> None:
    with site.data():
        organization = make_organization()
        manager = make_member(organization, MANAGER).id
        pk = organization.id

    page = new_page(manager, permissions=[])
    page.goto(f"/organizations/{pk}/edit")
    page.locator("[data-map-here]").click()

    expect(page.locator(".s-map-problem")).to_be_visible()
    page.locator("[name=latitude]").fill("๑๘.๗๘๘๓")
    page.locator("[name=longitude]").fill("98.9853")
    send(page, "บันทึก")
    with site.data() as session:
        found = session.get(Organization, pk)
        assert (found.latitude, found.longitude) == (18.7883, 98.9853)


def test_rows_ticked_before_the_script_of_the_list_came_are_counted_when_it_comes(
    site: Site, new_page: NewPage, pair: dict[str, Any]
) -> None:
    with site.data() as session:
        manager = make_member(session.get(Organization, pair["kept"]), MANAGER).id
    page = new_page(manager)
    held: list[Route] = []
    page.route(re.compile(r"/core/js/bulk[^/]*\.js"), lambda route: held.append(route))
    page.goto(f"/organizations/{pair['kept']}/proposals/")
    page.locator("[data-tick-all]").check()
    expect(page.locator("[data-tick]:checked")).to_have_count(0)  # Nobody has heard of it yet.

    held[0].continue_()

    expect(page.locator("[data-bulk-count]")).to_contain_text("2")
    expect(page.locator("[data-bulk]")).to_be_visible()
    expect(page.locator("[data-tick-all]")).to_be_checked()
    expect(page.locator("[data-tick]:checked")).to_have_count(2)
