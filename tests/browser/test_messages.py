"""The bell, the numbers of the menu, how one is told, and the messages that did not go out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core import choice, outbox
from models.core.outbox import Message
from models.fund.codes import State
from services.seal import seal
from tests.browser.hands import answer, flash, press, send
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal

NewPage = Callable[..., Page]


@pytest.fixture
def reader(site: Site) -> int:
    """Somebody with two lines under the bell."""
    with site.data():
        person = make_account("project_manager")
        for _n in range(2):
            outbox.tell([person], "password_changed", person)
        return int(person.id)


def bell(page: Page) -> Any:
    return page.locator("[data-bell]")


def test_the_bell_by_keys_opens_a_line_which_is_read_then(new_page: NewPage, reader: int) -> None:
    page = new_page(reader)
    page.goto("/")
    expect(bell(page)).to_have_accessible_name("การแจ้งเตือน ยังไม่อ่าน 2 เรื่อง")
    bell(page).focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="การแจ้งเตือน")
    expect(panel.get_by_role("button", name=re.compile("รหัสผ่าน"))).to_have_count(2)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(bell(page)).to_be_focused()

    page.keyboard.press("Enter")
    with page.expect_navigation():
        panel.get_by_role("button", name=re.compile("รหัสผ่าน")).first.press("Enter")

    expect(bell(page).locator(".s-count")).to_have_text("1")


def test_lines_are_marked_read_and_unread_one_by_one_and_all(new_page: NewPage, reader: int) -> None:
    page = new_page(reader)
    page.goto("/notifications/")
    send(page, "ทำเครื่องหมายว่าอ่านแล้ว")
    expect(bell(page).locator(".s-count")).to_have_text("1")
    send(page, "ทำเครื่องหมายว่ายังไม่อ่าน")
    expect(bell(page).locator(".s-count")).to_have_text("2")

    send(page, "อ่านแล้วทั้งหมด")

    expect(bell(page).locator(".s-count")).to_have_count(0)
    page.get_by_role("link", name="ยังไม่อ่าน").click()
    expect(page.get_by_text("อ่านครบแล้ว")).to_be_visible()


def test_news_show_without_reloading(site: Site, new_page: NewPage, reader: int) -> None:
    page = new_page(reader)
    page.goto("/")
    expect(bell(page).locator(".s-count")).to_have_text("2")
    with site.data() as session:
        from models.core.identity import Account

        outbox.tell([session.get(Account, reader)], "kind_given", None, kind="staff")

    page.evaluate("document.dispatchEvent(new CustomEvent('sala:pulse'))")  # as the minute does

    expect(bell(page).locator(".s-count")).to_have_text("3")
    expect(bell(page)).to_have_accessible_name("การแจ้งเตือน ยังไม่อ่าน 3 เรื่อง")


def test_the_menu_says_what_waits_behind_it(site: Site, new_page: NewPage) -> None:
    with site.data():
        cast = Cast(staff=make_account("staff"))
        make_proposal(State.SCREENING, cast=cast)
        staff = cast.staff.id
    page = new_page(staff)

    page.goto("/")

    entry = page.locator("[data-badge='ScreeningView.list']")
    expect(entry.locator(".s-count")).to_contain_text(re.compile("[1-9]"))
    expect(entry).to_have_accessible_name(re.compile("รอ [0-9]+ เรื่อง"))


def test_how_one_is_told_is_chosen_and_kept(site: Site, new_page: NewPage, reader: int) -> None:
    page = new_page(reader)
    page.goto("/")
    page.locator("[data-menu=user-menu]").click()
    page.get_by_role("link", name="วิธีรับข้อความ").click()
    page.locator("[name=proposals][value=daily]").check()

    send(page, "บันทึก")

    flash(page, "บันทึกแล้ว")
    expect(page.locator("[name=proposals][value=daily]")).to_be_checked()
    with site.data():
        assert choice.choice_of(reader).ways["proposals"] == "daily"


@pytest.fixture
def failed(site: Site) -> dict[str, Any]:
    """A member of staff, and three messages that did not go out, one of them with a secret."""
    with site.data() as session:
        session.query(Message).update({"state": outbox.SENT})
        staff = make_account("staff").id
        ids = []
        for number in range(3):
            message = outbox.post(f"gone{number}@sala.example", "confirm_account", token=seal("the-secret"))
            message.state, message.error, message.attempts = outbox.FAILED, "550 5.1.1 no such user", 1
            session.flush()
            ids.append(message.id)
        return {"staff": staff, "ids": ids}


def states(site: Site, ids: list[int]) -> list[str]:
    with site.data() as session:
        return [session.get(Message, pk).state for pk in ids]


def test_staff_come_from_the_main_page_and_send_the_ticked_again(
    site: Site, new_page: NewPage, failed: dict[str, Any]
) -> None:
    page = new_page(failed["staff"])
    page.goto("/")
    page.get_by_role("link", name=re.compile("ข้อความที่ส่งไม่ออก")).first.click()
    expect(page.get_by_text("ไม่มีที่อยู่อีเมลนี้").first).to_be_visible()
    page.locator("[data-tick]").nth(0).check()
    page.locator("[data-tick]").nth(1).check()
    expect(page.locator("[data-bulk-count]")).to_contain_text("2")

    send(page, "ส่งอีกครั้ง")

    flash(page, "2")
    assert sorted(states(site, failed["ids"])) == ["failed", "waiting", "waiting"]


def test_all_failed_are_sent_again_after_a_question(site: Site, new_page: NewPage, failed: dict[str, Any]) -> None:
    page = new_page(failed["staff"])
    page.goto("/outbox/")

    press(page, "ส่งที่ส่งไม่ออกทั้งหมดอีกครั้ง")
    answer(page, "ส่ง")

    assert states(site, failed["ids"]) == ["waiting"] * 3


def test_a_preview_shows_the_mail_and_not_its_secret(site: Site, new_page: NewPage, failed: dict[str, Any]) -> None:
    page = new_page(failed["staff"])
    page.goto(f"/outbox/{failed['ids'][0]}")

    mail = page.frame_locator("iframe.s-mail")

    expect(mail.get_by_role("heading", level=1)).to_have_text("ยืนยันอีเมล")
    expect(mail.get_by_role("link")).to_have_count(0)
    page.get_by_text("แบบข้อความล้วน").click()
    expect(page.locator(".s-mail-text pre")).to_contain_text("ยืนยันอีเมล")
    assert "the-secret" not in page.content()
