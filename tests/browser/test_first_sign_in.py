"""A school's first sign-in as hands do it: by its code, by a letter, and the way back that its province gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from models.assessment.codes import Committee
from models.assessment.enrolment import Newcomer, enrol
from models.assessment.round import open_round
from models.assessment.school import School
from models.assessment.settings import ACTIVATION_CODES
from models.core import setting
from models.core.db import db
from models.core.setting import Setting
from tests.browser.conftest import picture
from tests.browser.hands import alive, answer, flash, press, send, sign_in
from tests.browser.site import Site
from tests.factories.assessment import enrolled, make_round

NewPage = Callable[..., Page]
OWN, OTHER = "ริมฝั่งน้ำยามเย็น2569", "ดอกคูนบานหน้าร้อน"
_codes = iter(range(1, 100))


@pytest.fixture
def place(site: Site) -> dict[str, Any]:
    """A committee that signed in before, and a school under it that never did, in an open round."""
    number = next(_codes)
    committee, code = f"13{number:02}016201", f"13{number:02}026301"
    with site.data():
        if open_round() is None:
            make_round()
        [province] = enrolled(
            Newcomer(committee, f"วิทยาลัยเทคนิคชายคลอง {number}", "20", committee=Committee.PROVINCE, phone="038276521")
        )
        school = enrol(
            Newcomer(code, f"วิทยาลัยการอาชีพบ้านสวน {number}", "20", under=committee, email=f"office{number}@vec.example")
        )
        found = {"province": province.account_id, "school": school.id, "code": code, "name": school.name}
    return found | {"email": f"office{number}@vec.example"}


@pytest.fixture
def with_codes(site: Site) -> Iterator[None]:
    """Letters with one-time codes, for one test of this server."""
    with site.data():
        setting.change(ACTIVATION_CODES, True, 0)
    yield
    with site.data():
        setting.change(
            ACTIVATION_CODES, False, db.session.query(Setting).filter_by(name=ACTIVATION_CODES).one().version
        )


def choose(page: Page, old: str, new: str = OWN) -> None:
    """Fill in the choice of one's own password and save it."""
    for name, typed in (("old", old), ("password", new), ("again", new)):
        page.locator(f"[name={name}]").fill(typed)
    send(page, "บันทึกรหัสผ่านใหม่")


def test_a_school_finds_its_code_comes_in_by_it_and_chooses_a_password(
    site: Site, new_page: NewPage, place: dict[str, Any]
) -> None:
    page = new_page(expected=(422,))
    page.goto("/sign/in")
    page.get_by_role("link", name="ตรวจสอบรหัสสถานศึกษา").click()
    page.get_by_role("searchbox").fill(place["name"])
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text=place["name"])
    expect(row.get_by_role("rowheader")).to_have_text(place["code"])
    picture(page, "first-sign-in-directory")

    sign_in(page, place["code"], place["code"])
    expect(page.get_by_role("heading", level=1)).to_have_text("เข้าสู่ระบบครั้งแรก: ตั้งรหัสผ่านใหม่")
    for path in ("/registration/", "/account/", "/"):
        page.goto(path)
        expect(page).to_have_url(re.compile("/account/password"))
    choose(page, place["code"], place["code"])
    expect(page.locator("[data-error-summary]")).to_be_focused()
    choose(page, place["code"])
    flash(page, "เข้าสู่ระบบด้วยรหัสผ่าน")

    sign_in(page, place["code"], OWN)
    expect(page.get_by_text(place["name"]).first).to_be_visible()
    page.goto("/registration/")
    expect(page).to_have_url(re.compile("/registration/"))
    letter = site.last_mail(place["email"], "assessment_first_sign_in")
    assert place["code"] in letter.text
    assert "038-276-521" in letter.text or "038276521" in letter.text


def test_a_province_sees_at_once_who_came_in_and_gives_the_first_password_back(
    site: Site, new_page: NewPage, place: dict[str, Any]
) -> None:
    stranger = new_page()
    sign_in(stranger, place["code"], place["code"])
    choose(stranger, place["code"], OTHER)
    sign_in(stranger, place["code"], OTHER)
    expect(stranger.get_by_text(place["name"]).first).to_be_visible()

    province = new_page(place["province"])
    province.goto("/notifications/")
    expect(province.get_by_text(f"{place['name']} ({place['code']}) เข้าสู่ระบบครั้งแรก")).to_be_visible()
    province.goto(f"/school-passwords/?q={place['code']}")
    press(province, f"คืนรหัสผ่านเริ่มต้น {place['name']}")
    picture(province, "first-sign-in-reset")
    answer(province, "คืนรหัสผ่านเริ่มต้น")
    flash(province, "คืนรหัสผ่านเริ่มต้นให้")
    expect(province.get_by_role("row").filter(has_text=place["code"])).to_contain_text("ค่าเริ่มต้น")

    stranger.goto("/registration/")
    expect(stranger).to_have_url(re.compile("/sign/in"))
    school = new_page()
    sign_in(school, place["code"], place["code"])
    expect(school).to_have_url(re.compile("/account/password"))


def test_a_letter_opens_the_school_that_it_is_for(
    site: Site, new_page: NewPage, place: dict[str, Any], with_codes: None, tmp_path: Path
) -> None:
    province = new_page(place["province"])
    province.goto("/school-passwords/")
    alive(province)
    province.get_by_role("checkbox", name=re.compile(place["name"])).check()
    with province.expect_download() as coming:
        province.get_by_role("region", name="ทำกับรายการที่เลือก").get_by_role("button", name="พิมพ์จดหมาย").click()
    paper = tmp_path / "letters.pdf"
    coming.value.save_as(paper)
    [page] = PdfReader(paper).pages
    [code] = re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", page.extract_text())

    school = new_page(expected=(400,))
    sign_in(school, place["code"], place["code"])
    expect(school.locator("[data-error-summary]")).to_contain_text("รหัสผ่านเริ่มต้น")
    sign_in(school, place["code"], code.replace("-", " ").upper())
    choose(school, code)
    flash(school, "เข้าสู่ระบบด้วยรหัสผ่าน")
    province.reload()
    expect(province.get_by_role("row").filter(has_text=place["code"])).to_contain_text("แก้ไขแล้ว")
    with site.data():
        assert db.session.get(School, place["school"]).activated_at is not None
