"""Generated pages in a browser: a search, columns chosen, a deed on ticked rows, two who change one record."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core.matrix import set_cells
from models.fund.codes import SUPER_USER
from models.fund.organization import Organization
from tests.browser.hands import PASSWORD, alive, press, send, sign_in
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import make_organization

NewPage = Callable[..., Page]


@pytest.fixture
def kept(site: Site) -> dict[str, Any]:
    """Two organizations, and a super user whom this office lets change them."""
    with site.data():
        set_cells({("organization.edit", SUPER_USER): True})
        ids = [make_organization(f"สมาคมนกกระจิบ {number}", phone="053111222").id for number in (1, 2)]
        return {"ids": ids, "boss": make_account(SUPER_USER).id}


def test_a_list_is_searched_its_columns_chosen_and_ticked_records_deleted(
    site: Site, new_page: NewPage, kept: dict[str, Any]
) -> None:
    page = new_page(kept["boss"])
    page.goto("/records/organization/")
    page.get_by_role("searchbox", name="ค้นหาใน").fill("นกกระจิบ")
    page.get_by_role("button", name="ค้นหา", exact=True).click()
    expect(page.locator("#record-total")).to_contain_text("2")

    press(page, "เพิ่มเติม")
    press(page, "เลือกคอลัมน์…")
    chooser = page.get_by_role("dialog")
    chooser.get_by_label("โทรศัพท์", exact=True).check()
    chooser.get_by_role("button", name="แสดงคอลัมน์เหล่านี้").click()
    expect(page.get_by_role("columnheader", name="โทรศัพท์")).to_be_visible()

    page.get_by_role("checkbox", name="สมาคมนกกระจิบ 1").check()
    press(page, "ลบ…")
    expect(page.get_by_role("dialog")).to_contain_text("เลือก 1 รายการ")
    expect(page.get_by_role("dialog")).to_contain_text("ขณะนี้ตรงกัน 2 รายการ")
    page.get_by_role("dialog").get_by_role("button", name="ลบ", exact=True).click()
    expect(page.get_by_text("ดำเนินการแล้ว 1 รายการ")).to_be_visible()
    with site.data() as session:
        assert [session.get(Organization, pk).deleted_at is not None for pk in kept["ids"]] == [True, False]


def test_who_saves_second_sees_both_values_and_chooses(site: Site, new_page: NewPage, kept: dict[str, Any]) -> None:
    pk = kept["ids"][1]
    page = new_page(kept["boss"], expected=(409,))
    page.goto(f"/records/organization/edit/{pk}")
    with site.data() as session:
        session.get(Organization, pk).phone = "053999888"

    page.get_by_label("โทรศัพท์").fill("053777666")
    send(page, "บันทึก")
    clash = page.get_by_role("dialog")
    expect(clash).to_contain_text("053-999-888")
    clash.get_by_role("button", name="บันทึกตามที่เลือก").click()

    expect(page).to_have_url(f"{site.url}/records/organization/show/{pk}")
    with site.data() as session:
        assert session.get(Organization, pk).phone == "053777666"


def test_typing_outlives_signing_out_in_another_tab_and_a_closed_one(
    site: Site, new_page: NewPage, kept: dict[str, Any]
) -> None:
    with site.data():
        boss = make_account(SUPER_USER, password=PASSWORD, first_name="มาลัย", last_name="ใจดี")
        ours = boss.id, boss.email
    pk = kept["ids"][0]
    page = new_page(ours[0], expected=(401,))
    page.goto(f"/records/organization/edit/{pk}")
    alive(page)
    page.locator("[name=address]").fill("1 ถนนที่พิมพ์ไว้")

    other = page.context.new_page()
    other.goto("/account/")
    other.get_by_role("button", name=re.compile("ใจดี")).first.click()
    send(other, "ออกจากระบบ")
    press(page, "บันทึก")
    expect(page.locator("#session-ended")).to_be_visible()
    expect(page.locator("[name=address]")).to_have_value("1 ถนนที่พิมพ์ไว้")
    page.close()

    sign_in(other, ours[1])
    other.wait_for_url(re.compile(r"^(?!.*/sign/in)"))
    other.goto(f"/records/organization/edit/{pk}")
    expect(other.locator("#kept-typing")).to_be_visible()
    expect(other.locator("[name=address]")).to_have_value("1 ถนนที่พิมพ์ไว้")
    send(other, "บันทึก")
    with site.data() as session:
        assert session.get(Organization, pk).address == "1 ถนนที่พิมพ์ไว้"
    other.goto(f"/records/organization/edit/{pk}")
    alive(other)
    expect(other.locator("#kept-typing")).to_have_count(0)
