"""One's own account and those of others in a browser: e-mail, forgotten password, first profile, stale forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core.identity import Account, account_by_identity
from models.core.kinds import COMMITTEE, PROJECT_MANAGER, STAFF
from models.core.staffing import edit_account
from tests.browser.hands import PASSWORD, flash, press, send, sign_in
from tests.browser.site import Site
from tests.factories.core import make_account

NewPage = Callable[..., Page]
OTHER_PASSWORD = "ดอกคูนบานหน้าร้อน"


@pytest.fixture
def owner(site: Site) -> dict[str, Any]:
    """Somebody who knows the password."""
    with site.data():
        account = make_account(PROJECT_MANAGER, password=PASSWORD)
        return {"id": account.id, "email": account.email, "new": f"new{account.id}@sala.example"}


def link_of(site: Site, address: str, event: str) -> str:
    """Where the button of the newest such mail leads."""
    letter = site.last_mail(address, event)
    return re.search(r'class="button" href="https?://[^/]+([^"]+)"', letter.html)[1]  # type: ignore[index]


def test_another_e_mail_is_asked_confirmed_and_signs_in(site: Site, new_page: NewPage, owner: dict[str, Any]) -> None:
    page = new_page(owner["id"])
    page.goto("/account/")
    page.get_by_role("link", name="เปลี่ยนอีเมล").click()
    page.locator("[name=email]").fill(owner["new"])
    page.locator("[name=password]").fill(PASSWORD)
    send(page, "ส่งลิงก์")
    flash(page, "ส่งลิงก์ไปยัง")

    elsewhere = new_page()
    elsewhere.goto(link_of(site, owner["new"], "confirm_email"))
    send(elsewhere, "ยืนยัน")
    sign_in(elsewhere, owner["new"])
    elsewhere.goto("/account/")
    expect(elsewhere.get_by_text(owner["new"])).to_be_visible()
    page.goto("/account/")
    expect(page).to_have_url(re.compile("/sign/in"))  # The other device was signed out.


def test_a_forgotten_password_is_renewed_once_and_ends_other_sessions(
    site: Site, new_page: NewPage, owner: dict[str, Any]
) -> None:
    before = new_page(owner["id"])
    before.goto("/account/sessions")

    page = new_page(expected=(410,))
    page.goto("/forgotten/")
    page.locator("[name=email]").fill(owner["email"])
    page.locator("form button[type=submit]").click()
    expect(page).to_have_url(f"{site.url}/forgotten/sent")
    link = link_of(site, owner["email"], "reset_password")
    page.goto(link)
    page.locator("[name=password]").fill(OTHER_PASSWORD)
    page.locator("[name=again]").fill(OTHER_PASSWORD)
    with page.expect_navigation():
        page.locator("form button[type=submit]").click()
    sign_in(page, owner["email"], OTHER_PASSWORD)
    expect(page).to_have_url(f"{site.url}/")

    page.goto(link)
    expect(page.get_by_text("ใช้ไม่ได้แล้ว").first).to_be_visible()
    before.goto("/account/sessions")
    expect(before).to_have_url(re.compile("/sign/in"))


def test_the_list_of_organizations_shows_only_to_who_chooses_from_it(site: Site, new_page: NewPage) -> None:
    with site.data():
        newcomer = make_account(PROJECT_MANAGER, has_profile=False).id
    page = new_page(newcomer)
    page.goto("/account/")

    shown = page.locator(".s-choice-list")
    expect(shown).to_be_visible()
    for value, is_shown in (("later", False), ("add", False), ("choose", True)):
        page.locator(f"[name=organization-how][value={value}]").check()
        expect(shown).to_be_visible(visible=is_shown)


def test_two_members_of_staff_edit_one_person_and_the_second_chooses(site: Site, new_page: NewPage) -> None:
    with site.data():
        staff, colleague = make_account(STAFF).id, make_account(STAFF).id
        person = make_account(COMMITTEE, first_name="ก่อน", email="clash@sala.example").id
    page = new_page(staff, expected=(409,))
    page.goto(f"/users/{person}/edit")
    page.locator("[name=first_name]").fill("ของฉัน")
    with site.data() as session:
        account = session.get(Account, person)
        edit_account(
            account,
            {"first_name": "ของเขา"},
            by=session.get(Account, colleague),
            version=account.profile.version,
        )

    send(page, "บันทึก")

    box = page.locator("dialog[open]")
    expect(box).to_contain_text("ของฉัน")
    expect(box).to_contain_text("ของเขา")
    with page.expect_navigation():
        box.get_by_role("button", name="บันทึกตามที่เลือก").click()
    with site.data():
        found = account_by_identity("email", "clash@sala.example")
        assert found is not None
        assert found.first_name == "ของฉัน"


def test_staff_filter_and_sort_accounts_and_take_the_file(site: Site, new_page: NewPage) -> None:
    with site.data():
        staff = make_account(STAFF).id
        for first in ("เกสร", "กมล", "ขจร"):
            make_account(COMMITTEE, first_name=first, last_name="จักจั่นทอง")
    page = new_page(staff)
    page.goto("/users/")
    page.get_by_label("นามสกุล").fill("จักจั่นทอง")
    send(page, "ค้นหา")

    names = page.locator("tbody .s-name")
    expect(names).to_have_text(["นางสาวกมล จักจั่นทอง", "นางสาวเกสร จักจั่นทอง", "นางสาวขจร จักจั่นทอง"])
    page.get_by_role("columnheader", name="ชื่อ").first.get_by_role("link").click()
    expect(names.first).to_have_text("นางสาวขจร จักจั่นทอง")
    press(page, "ส่งออก")
    with page.expect_download() as found:
        page.get_by_role("link", name="CSV").click()
    assert found.value.suggested_filename == "users.csv"
