"""Sessions as people work with them: built by keyboard, ordered by keys, moved, printed, kept from who steps out."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core.identity import Account
from models.core.outbox import Message
from models.fund.codes import COMMITTEE, GROUP, STAFF, State
from models.fund.session import AgendaItem, EvaluationSession, ItemState
from tests.browser.conftest import picture
from tests.browser.hands import answer, choose, flash, press, send
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_organization, make_proposal, make_session, put_on

NewPage = Callable[..., Page]
_numbers = count(11)


@pytest.fixture
def room(site: Site) -> dict[str, Any]:
    """A working group on one day, with three proposals on its agenda, one that waits, and a second session that day."""
    with site.data():
        cast = Cast(
            staff=make_account(STAFF),
            chair=make_account(COMMITTEE, first_name="ประเวศน์", last_name="สุวรรณรัตน์"),
            secretary=make_account(COMMITTEE, first_name="สุภาวดี", last_name="พรหมมา"),
            members=[make_account(COMMITTEE, first_name="วราภรณ์", last_name="ตันติวัฒน์")],
        )
        number = next(_numbers)  # the server's data outlive a test: names tell whose they are
        names = [f"คณะทำงาน ครั้งที่ {number}.1", f"คณะทำงาน ครั้งที่ {number}.2"]
        first = make_session(cast=cast, name=names[0])
        second = make_session(cast=Cast(staff=cast.staff), name=names[1], starts_at=first.starts_at, place="ห้องอื่น")
        # Organizations of names that stand nowhere else: what is kept from somebody must not show by chance.
        proposals = [
            make_proposal(State.WAIT_GROUP, cast=cast, organization=make_organization(f"มูลนิธิทดสอบลำดับ{n}"))
            for n in ("หนึ่ง", "สอง", "สาม")
        ]
        for proposal in proposals:
            put_on(proposal, cast, first)
        waiting = make_proposal(State.WAIT_GROUP, cast=cast)
        return {
            "names": names,
            "staff": cast.staff.id,
            "chair": cast.chair.id,
            "member": cast.members[0].id,
            "first": first.id,
            "second": second.id,
            "numbers": [proposal.number for proposal in proposals],
            "proposals": [proposal.id for proposal in proposals],
            "items": [item.id for item in first.agenda],
            "waiting": waiting.number,
        }


def test_what_a_session_stands_at_is_said_in_one_line(site: Site, new_page: NewPage, room: dict[str, Any]) -> None:
    page = new_page(room["staff"])
    page.goto("/sessions/")

    # A chip balances its lines, which would let it break although its cell does not.
    wraps = "chip => getComputedStyle(chip).textWrapMode"
    assert page.locator("tbody td.nowrap .s-chip").first.evaluate(wraps) == "nowrap"


def order_of(site: Site, pk: int) -> list[int]:
    """The agenda as the database has it: ids of items in their order."""
    with site.data() as session:
        return [item.id for item in session.get(EvaluationSession, pk).agenda]


def test_staff_build_a_session_with_the_keyboard_alone(site: Site, new_page: NewPage, room: dict[str, Any]) -> None:
    page = new_page(room["staff"])
    page.goto("/sessions/new?level=group")
    page.locator("[name=name]").focus()
    page.keyboard.type("คณะทำงาน ครั้งที่ 9/2570")
    page.locator("[name=day]").focus()
    page.keyboard.type("25/03/2573")
    page.locator("[name=starts]").focus()
    page.keyboard.type("09.30")
    page.locator("[name=place]").focus()
    page.keyboard.type("ห้องประชุม 2")
    choose(page, "ประธานการพิจารณา จำเป็น", "ประเวศน์", "ประเวศน์ สุวรรณรัตน์")
    page.get_by_role("button", name="บันทึกและทำต่อ").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/people$"))
    page.get_by_role("button", name="บันทึกและทำต่อ").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    add = page.locator("li", has_text=room["waiting"]).get_by_role("button")
    add.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("[data-sort-item]")).to_have_count(1)


def test_the_agenda_is_ordered_by_keys_and_esc_puts_back(site: Site, new_page: NewPage, room: dict[str, Any]) -> None:
    page = new_page(room["staff"])
    page.goto(f"/sessions/{room['first']}/agenda")
    one, two, three = room["items"]
    grip = page.locator(f"[data-sort-item][data-id='{one}'] [data-sort-grip]")
    grip.focus()
    page.keyboard.press("Space")
    expect(grip).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(grip).to_have_attribute("aria-pressed", "false")
    assert order_of(site, room["first"]) == [one, two, three]

    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    with page.expect_response(re.compile("/agenda/order$")) as saved:
        page.keyboard.press("Enter")
    assert saved.value.status == 200
    expect(grip).to_be_focused()
    with page.expect_response(re.compile("/agenda/order$")):
        page.locator(f"[data-sort-item][data-id='{three}'] [data-sort-up]").click()

    assert order_of(site, room["first"]) == [three, two, one]
    picture(page, "session-ordered")


def test_an_order_that_somebody_overtook_is_kept_and_saved_when_its_writer_insists(
    site: Site, new_page: NewPage, room: dict[str, Any]
) -> None:
    page = new_page(room["staff"], expected=(409,))
    page.goto(f"/sessions/{room['first']}/agenda")
    one, two, three = room["items"]
    with site.data() as session:
        found = session.get(EvaluationSession, room["first"])
        found.perform("arrange", session.get(Account, room["staff"]), found.version, order=[three])

    page.locator(f"[data-sort-item][data-id='{one}'] [data-sort-down]").click()
    notice = page.locator("[data-order-stale]")
    expect(notice).to_be_visible()
    with page.expect_response(re.compile("/agenda/order$")) as saved:
        notice.locator("[data-order-mine]").click()

    assert saved.value.status == 200
    expect(notice).to_be_hidden()
    assert order_of(site, room["first"]) == [two, one, three]


def test_who_steps_out_finds_neither_page_nor_paper_nor_sheet_of_the_item(
    site: Site, new_page: NewPage, room: dict[str, Any]
) -> None:
    page = new_page(room["member"], expected=(404,))
    page.goto(f"/sessions/{room['first']}")
    press(page, "แจ้งส่วนได้เสีย…")
    page.locator("#step-out [name=item_id]").select_option(str(room["items"][0]))
    page.locator("#step-out [name=note]").fill("เคยเป็นที่ปรึกษา")
    with page.expect_navigation():
        page.locator("#step-out button[type=submit]").click()

    expect(page.get_by_text("คุณออกจากที่ประชุมในวาระนี้")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(room["numbers"][0])
    expect(page.locator("main")).to_contain_text(room["numbers"][1])
    for path in (
        f"/proposals/{room['proposals'][0]}",
        f"/papers/proposal/{room['proposals'][0]}.pdf",
        f"/papers/scoring/{room['proposals'][0]}/group.pdf",
        f"/scoring/{room['items'][0]}",
    ):
        assert page.request.get(path).status == 404, path
    listed = page.request.get("/proposals/").text()
    assert room["numbers"][0] not in listed
    assert room["numbers"][1] in listed
    for paper in ("agenda", "resolutions"):
        document = page.request.get(f"/papers/{paper}/{room['first']}.pdf")
        assert (document.status, document.headers["content-type"]) == (200, "application/pdf")


def test_staff_move_a_proposal_to_the_other_session_of_the_day(
    site: Site, new_page: NewPage, room: dict[str, Any]
) -> None:
    page = new_page(room["staff"])
    page.goto(f"/sessions/{room['first']}/agenda")
    page.get_by_role("link", name=f"ย้าย {room['numbers'][1]} ไปการประชุมอื่น").click()
    page.get_by_label(room["names"][1]).check()
    picture(page, "session-move")
    send(page, "ย้าย")

    flash(page, f"ย้าย {room['numbers'][1]} ไปยัง {room['names'][1]} แล้ว")
    with site.data() as session:
        on = session.query(AgendaItem).filter_by(proposal_id=room["proposals"][1], state=ItemState.ON).one()
        assert on.session_id == room["second"]
        told = session.query(Message).filter_by(entity="fund_proposal", entity_id=str(room["proposals"][1])).all()
        assert [row.event for row in told if row.event.startswith("proposal_moved")]
        assert not [row.event for row in told if row.event == "proposal_off_agenda"]


def test_the_agenda_and_the_table_of_resolutions_open_from_the_page(new_page: NewPage, room: dict[str, Any]) -> None:
    page = new_page(room["staff"])
    page.goto(f"/sessions/{room['first']}")

    link = page.get_by_role("link", name="ระเบียบวาระ", exact=True).first.get_attribute("href")
    assert link
    assert page.request.get(link).body()[:5] == b"%PDF-"
    assert page.request.get(f"/papers/resolutions/{room['first']}.pdf").body()[:5] == b"%PDF-"


def test_invitations_go_out_with_a_calendar_file_and_the_page_says_to_whom(
    site: Site, new_page: NewPage, room: dict[str, Any]
) -> None:
    page = new_page(room["staff"])
    page.goto(f"/sessions/{room['first']}")
    press(page, "ส่งหนังสือเชิญ…")
    answer(page, "ส่ง")

    expect(page.get_by_role("heading", name="หนังสือเชิญ")).to_be_visible()
    with site.data() as session:
        from jobs.letters import render

        rows = session.query(Message).filter_by(event="session_invitation").all()
        mine = [row for row in rows if row.values["session_id"] == room["first"]]
        assert {row.user_id for row in mine} >= {room["chair"], room["member"]}
        (file,) = render(mine[0], reveal=True).attachments
        assert (file.name, file.method) == ("invitation.ics", "REQUEST")
        assert b"BEGIN:VEVENT" in file.content


def test_the_month_leads_to_a_session_by_keyboard_and_fits_a_telephone(
    new_page: NewPage, room: dict[str, Any], site: Site
) -> None:
    from models.core.thai.dates import to_bangkok

    with site.data() as session:
        starts = to_bangkok(session.get(EvaluationSession, room["first"]).starts_at)
    page = new_page(room["staff"])
    page.goto(f"/sessions/month?month={starts.year + 543}-{starts.month:02d}&level={GROUP}")
    link = page.get_by_role("link", name=room["names"][0])
    link.focus()
    picture(page, "session-month-1280")
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "session-month-390")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(room["names"][0])
