"""What goes wrong for real people: each time a clear Thai sentence, and nothing lost or doubled."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core.identity import Account
from models.core.thai.citizen import sample_citizen_id
from models.fund.codes import ATTACHMENT_PURPOSE, COMMITTEE, GROUP, MANAGER, PROJECT_MANAGER, STAFF, State
from models.fund.proposal import Proposal
from tests.browser import content, hands
from tests.browser.conftest import picture
from tests.browser.hands import alive, flash, press, send
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, make_session, put_on

NewPage = Callable[..., Page]
KEPT = "ข้อความที่พิมพ์ค้างไว้"


@pytest.fixture
def draft(site: Site) -> dict[str, Any]:
    """A complete draft, its author and the organization's manager; both know their password."""
    with site.data():
        organization = make_organization()
        author = make_account(PROJECT_MANAGER, password=hands.PASSWORD)
        manager = make_account(PROJECT_MANAGER, password=hands.PASSWORD)
        make_member(organization, account=author)
        make_member(organization, MANAGER, manager)
        proposal = make_proposal(State.DRAFT, author=author)
        found = {"pk": proposal.id, "author": author.id, "manager": manager.id, "organization": organization.id}
        return found | {"author_mail": author.email, "manager_mail": manager.email}


def saved(site: Site, pk: int) -> Any:
    """The columns and rows of the proposal's current revision, as they are in the database now."""
    with site.data() as session:
        revision = session.get(Proposal, pk).current_revision
        return {
            "title": revision.title,
            "unit_name": revision.unit_name,
            "coordinator_name": revision.coordinator_name,
            "rationale": revision.rationale,
            "starts_on": revision.starts_on,
            "amount_asked": revision.amount_asked,
            "budget": revision.budget,
            "files": [attachment.file.name for attachment in revision.attachments],
            "places": [line.text for line in revision.lines_of("place")],
        }


def summary(page: Page, *sentences: str) -> None:
    """The summary of errors has the focus and says this."""
    box = page.locator("[data-error-summary]")
    expect(box).to_be_focused()
    for sentence in sentences:
        expect(box).to_contain_text(sentence)


def shoot(page: Page, name: str) -> None:
    """A picture for whoever looks at how trouble is told, on both screens."""
    size = page.viewport_size
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, f"trouble-{name}-{width}", full_page=False)
    assert size
    page.set_viewport_size(size)


# --- wrong values ----------------------------------------------------------------------------------------------------


def test_a_wrong_citizen_id_is_told_and_the_rest_of_the_profile_stays(site: Site, new_page: NewPage) -> None:
    with site.data():
        newcomer = make_account(PROJECT_MANAGER, first_name="", last_name="", has_profile=False).id
    page = new_page(newcomer, expected=(422,))
    page.goto("/account/")
    typed = {
        "title": "นาง",
        "first_name": "สุรีย์",
        "last_name": "แก้วมณี",
        "citizen_id": "1 9999 00000 00 9",
        "position": "ครูชำนาญการ",
        "work_group": "กลุ่มบริหารวิชาการ",
        "mobile": "081-234-5678",
    }
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=organization-how][value=later]").check()
    hands.upload(page, "card", content.file("บัตรประชาชน.jpg", content.card_jpeg()))
    send(page, "บันทึก")
    summary(page, "เลขประจำตัวประชาชน", "หลักสุดท้ายไม่ตรง")
    for name, text in typed.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    expect(page.locator("[data-upload-name]").filter(has_text="บัตรประชาชน.jpg")).to_be_visible()
    shoot(page, "citizen-id")
    page.get_by_role("link", name=re.compile("เลขประจำตัวประชาชน")).first.click()
    expect(page.locator("[name=citizen_id]")).to_be_focused()
    page.locator("[name=citizen_id]").fill(sample_citizen_id(4321))
    send(page, "บันทึก")
    expect(page).not_to_have_url(re.compile("/account/"))
    with site.data() as session:
        profile = session.get(Account, newcomer).profile
        assert (profile.citizen_id, profile.position) == (sample_citizen_id(4321), "ครูชำนาญการ")


def test_a_file_that_is_not_what_it_says_and_a_large_one_are_refused_alone(
    site: Site, new_page: NewPage, draft: dict[str, Any], tmp_path: Path
) -> None:
    page = new_page(draft["author"], expected=(413, 422))
    page.goto(f"/wizard/{draft['pk']}/4")
    hands.upload(page, "training_table", content.file("ตารางการอบรม.pdf", content.pdf()))
    box = page.locator("[data-upload][data-name=expense_table]")
    box.locator("input[type=file]").set_input_files(content.file("ตารางค่าใช้จ่าย.pdf", b"MZ\x90\x00" + b"\x00" * 4000))
    expect(box.locator("[data-upload-error]")).to_contain_text("เนื้อหาในไฟล์ไม่ตรงกับนามสกุลของไฟล์")
    shoot(page, "exe-as-pdf")
    large = tmp_path / "วีดิทัศน์.pdf"
    large.write_bytes(b"%PDF-1.7\n" + b"\x00" * (30 * 1024 * 1024))
    box.locator("input[type=file]").set_input_files(large)
    expect(box.locator("[data-upload-error]")).to_contain_text("วีดิทัศน์.pdf มีขนาดเกิน 20 MB")
    # The server says so too, whatever a script let through.
    status, told = page.evaluate(
        """async ([url, size]) => {
          const body = new FormData();
          body.append("file", new File(["%PDF-1.7\\n", new Uint8Array(size), "%%EOF"], "วีดิทัศน์.pdf"));
          const token = document.querySelector("meta[name=csrf-token]").content;
          const headers = { "X-CSRFToken": token, Accept: "application/json" };
          const answer = await fetch(url, { method: "POST", body, headers });
          return [answer.status, (await answer.json()).error];
        }""",
        [f"/files/{ATTACHMENT_PURPOSE}", 20 * 1024 * 1024],
    )
    assert status == 413
    assert told.startswith("ไฟล์มีขนาดเกิน 20 MB")
    send(page, "บันทึก")
    assert saved(site, draft["pk"])["files"] == ["ตารางการอบรม.pdf"]


def test_an_end_before_its_start_and_a_budget_below_zero_are_told_in_place(
    site: Site, new_page: NewPage, draft: dict[str, Any]
) -> None:
    before = saved(site, draft["pk"])
    page = new_page(draft["author"], expected=(422,))
    page.goto(f"/wizard/{draft['pk']}/2.4")
    row = "steps-0-activities-0"
    page.locator(f"[name={row}-ends_on]").fill("01/01/2569")
    page.locator(f"[name={row}-budget]").fill("-500")
    page.locator("[name=steps-1-name]").fill("ทดลองใช้ในโรงเรียน ๘ แห่ง")
    send(page, "บันทึก")
    summary(page, "วันสิ้นสุดอยู่ก่อนวันเริ่ม", "1.1")
    for name, text in (("ends_on", "01/01/2569"), ("budget", "-500")):
        field = page.locator(f"[name={row}-{name}]")
        expect(field).to_have_value(text)
        expect(field).to_have_attribute("aria-invalid", "true")
        told = page.locator(f"#{field.get_attribute('aria-describedby')}")
        expect(told).to_contain_text(re.compile("วันสิ้นสุด|ติดลบ"))
    expect(page.locator("[name=steps-1-name]")).to_have_value("ทดลองใช้ในโรงเรียน ๘ แห่ง")
    shoot(page, "steps")
    assert saved(site, draft["pk"]) == before
    page.goto(f"/wizard/{draft['pk']}/2.3")
    page.locator("[name=starts_on]").fill("31/12/2570")
    page.locator("[name=ends_on]").fill("1 มกราคม 2570")
    page.locator("[name=amount_asked]").fill("สองแสน")
    send(page, "บันทึก")
    summary(page, "วันสิ้นสุดอยู่ก่อนวันเริ่ม", "ไม่ใช่จำนวนเงิน")
    expect(page.locator("[name=amount_asked]")).to_have_value("สองแสน")
    assert saved(site, draft["pk"]) == before


# --- at once and twice -----------------------------------------------------------------------------------------------


def test_of_two_tabs_the_second_is_told_and_keeps_what_was_typed(
    site: Site, new_page: NewPage, draft: dict[str, Any]
) -> None:
    first = new_page(draft["author"], expected=(409,))
    second = new_page(draft["manager"], expected=(409,))
    for page in (first, second):
        page.goto(f"/wizard/{draft['pk']}/2.1")
    first.locator("[name=unit_name]").fill("ฝ่ายพัฒนาสื่อ (ผู้เขียน)")
    send(first, "บันทึก")
    second.locator("[name=unit_name]").fill("ฝ่ายวิชาการ (ผู้จัดการ)")
    second.locator("[name=coordinator_name]").fill("นายอนุชา พงษ์ไพร")
    send(second, "บันทึก")
    dialog = second.locator("dialog#conflict")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("มีผู้แก้ไขข้อมูลนี้ก่อนคุณ")
    expect(dialog).to_contain_text("ฝ่ายพัฒนาสื่อ (ผู้เขียน)")
    expect(second.locator("[name=unit_name]")).to_have_value("ฝ่ายวิชาการ (ผู้จัดการ)")
    shoot(second, "conflict")
    assert saved(site, draft["pk"])["unit_name"] == "ฝ่ายพัฒนาสื่อ (ผู้เขียน)"
    dialog.get_by_role("radio", name=re.compile("ฝ่ายพัฒนาสื่อ")).check()
    with second.expect_navigation():
        dialog.get_by_role("button", name="บันทึกตามที่เลือก").click()
    found = saved(site, draft["pk"])
    assert (found["unit_name"], found["coordinator_name"]) == ("ฝ่ายพัฒนาสื่อ (ผู้เขียน)", "นายอนุชา พงษ์ไพร")


def test_a_double_click_submits_once_and_takes_one_number(site: Site, new_page: NewPage, draft: dict[str, Any]) -> None:
    with site.data() as session:
        taken = session.query(Proposal).filter(Proposal.sequence.isnot(None)).count()
        manager = session.get(Account, draft["manager"])
        own, other = (make_proposal(State.DRAFT, author=manager).id for _number in range(2))
    page = new_page(draft["manager"])
    page.goto(f"/wizard/{own}/review")
    alive(page)
    page.locator("#moves").get_by_role("button", name="ส่งข้อเสนอ", exact=True).click()
    with page.expect_navigation():
        page.locator("dialog[open]").get_by_role("button", name="ส่ง", exact=True).dblclick()
    flash(page, re.compile(r"25\d\d-\d{4}"))
    # And where no script holds the second press back: two requests in the same moment.
    page.goto(f"/wizard/{other}/review")
    statuses = page.evaluate(
        """async () => {
          const form = document.querySelector("#moves form[action$='submit']");
          const post = () => fetch(form.action, { method: "POST", body: new FormData(form), redirect: "follow" });
          return (await Promise.all([post(), post(), post()])).map((answer) => answer.status);
        }"""
    )
    assert set(statuses) == {200}
    with site.data() as session:
        numbered = session.query(Proposal).filter(Proposal.sequence.isnot(None)).all()
        assert len(numbered) == taken + 2
        numbers = sorted(proposal.sequence for proposal in numbered)
        assert numbers == list(range(1, len(numbered) + 1)), "no gap, none twice"
        assert [len(proposal.revisions) for proposal in numbered] == [1] * len(numbered)


# --- what was typed comes back ---------------------------------------------------------------------------------------

LONG = "โรงเรียนขนาดเล็กบนพื้นที่สูง 62 แห่ง มีผู้เรียนที่มีความบกพร่องทางสติปัญญา 418 คน"


def test_typing_outlives_the_session_and_comes_back_to_the_same_person_only(
    site: Site, new_page: NewPage, draft: dict[str, Any]
) -> None:
    page = new_page(draft["author"], expected=(401,))
    page.goto(f"/wizard/{draft['pk']}/2.2")
    before = saved(site, draft["pk"])
    site.let_sessions_lapse(draft["author"])
    page.locator("[name=rationale]").fill(LONG)
    send(page, "บันทึก")
    expect(page).to_have_url(re.compile("/sign/in"))
    flash(page, "หมดเวลาการใช้งานแล้ว")
    shoot(page, "session-ended")

    # Somebody else signs in on this browser: the manager, who may edit the very same draft.
    hands.type_sign_in(page, draft["manager_mail"])
    page.wait_for_url(re.compile(r"^(?!.*/sign/in)"))
    page.goto(f"/wizard/{draft['pk']}/2.2")
    alive(page)
    expect(page.locator("[name=rationale]")).to_have_value(before["rationale"])
    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert LONG not in page.content()
    page.get_by_role("button", name=re.compile("นางสาว")).click()
    send(page, "ออกจากระบบ")

    hands.sign_in(page, draft["author_mail"])
    page.wait_for_url(re.compile(r"^(?!.*/sign/in)"))
    page.goto(f"/wizard/{draft['pk']}/2.2")
    expect(page.locator("#kept-typing")).to_contain_text(KEPT)
    expect(page.locator("[name=rationale]")).to_have_value(LONG)
    assert saved(site, draft["pk"]) == before
    send(page, "บันทึก")
    assert saved(site, draft["pk"])["rationale"] == LONG


def test_a_closed_tab_gives_its_typing_back(site: Site, new_page: NewPage, draft: dict[str, Any]) -> None:
    page = new_page(draft["author"])
    page.goto(f"/wizard/{draft['pk']}/2.2")
    page.locator("form[data-keeps]").wait_for()
    page.locator("[name=rationale]").fill(LONG)
    page.close(run_before_unload=True)  # At once: the pause after which it is kept has not passed.
    again = page.context.new_page()  # type: ignore[union-attr]
    again.goto(f"/wizard/{draft['pk']}/2.2")
    expect(again.locator("#kept-typing")).to_contain_text(KEPT)
    expect(again.locator("[name=rationale]")).to_have_value(LONG)
    press(again, "ทิ้งข้อความนี้")
    expect(again.locator("#kept-typing")).to_have_count(0)
    expect(again.locator("[name=rationale]")).to_have_value(saved(site, draft["pk"])["rationale"])


def test_a_lost_connection_keeps_the_typing_until_it_is_back(
    site: Site, new_page: NewPage, draft: dict[str, Any]
) -> None:
    page = new_page(draft["author"])
    page.watch.is_offline_expected = True  # type: ignore[attr-defined]
    page.goto(f"/wizard/{draft['pk']}/2.2")
    page.locator("form[data-keeps]").wait_for()
    page.context.set_offline(True)
    page.locator("[name=rationale]").fill(LONG)
    status = page.locator("[data-saved]")
    expect(status).to_contain_text("ขาดการเชื่อมต่อ")
    shoot(page, "offline")
    page.close()
    context = page.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/wizard/{draft['pk']}/2.2")
    expect(again.locator("#kept-typing")).to_contain_text(KEPT)
    expect(again.locator("[name=rationale]")).to_have_value(LONG)
    again.locator("form[data-keeps]").wait_for()
    again.context.set_offline(True)
    again.locator("[name=rationale]").fill(f"{LONG} และครู 39 คน")
    expect(again.locator("[data-saved]")).to_contain_text("ขาดการเชื่อมต่อ")
    again.context.set_offline(False)
    expect(again.locator("[data-saved]")).to_contain_text("บันทึกอัตโนมัติ")
    send(again, "บันทึก")
    assert saved(site, draft["pk"])["rationale"] == f"{LONG} และครู 39 คน"


# --- without a mouse -------------------------------------------------------------------------------------------------


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until the control has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not come to {selector}")


def test_the_scoring_form_is_ticked_and_sent_by_keys_alone(site: Site, new_page: NewPage) -> None:
    with site.data():
        secretary = make_account(COMMITTEE)
        cast = Cast(staff=make_account(STAFF), secretary=secretary)
        proposal = make_proposal(State.WAIT_GROUP, cast=cast)
        session = make_session(GROUP, cast=cast)
        put_on(proposal, cast, session)
        item, pk, who = session.items[0].id, proposal.id, secretary.id
    page = new_page(who)
    page.goto(f"/scoring/{item}")
    alive(page)
    for number in range(1, 12):
        if page.locator(f"#topic-{number}").get_attribute("open") is None:
            tab_to(page, f"#topic-{number}-h")
            page.keyboard.press("Enter")
        tab_to(page, f"[name=choice-{number}]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")  # From "no indication" to "indications".
        for box in range(4):
            tab_to(page, f"#tick-{number}-{box}", 3)
            page.keyboard.press("Space")
    expect(page.locator("[data-total]")).to_have_text("100")
    expect(page.locator("[data-answered]")).to_contain_text("11")
    tab_to(page, "#advice", 30)
    page.keyboard.insert_text("ควรขยายผลไปจังหวัดใกล้เคียง")
    tab_to(page, "[data-send]", 30)
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_contain_text("100 คะแนน")
    with page.expect_navigation():
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    flash(page, "100 คะแนน")
    with site.data() as session_:
        assert session_.get(Proposal, pk).state == State.WAIT_SUB


def test_a_scoring_form_outlives_a_closed_tab_and_a_lapsed_session(site: Site, new_page: NewPage) -> None:
    with site.data():
        secretary = make_account(COMMITTEE, password=hands.PASSWORD)
        cast = Cast(staff=make_account(STAFF), secretary=secretary)
        proposal = make_proposal(State.WAIT_GROUP, cast=cast)
        session = make_session(GROUP, cast=cast)
        put_on(proposal, cast, session)
        item, who, mail = session.items[0].id, secretary.id, secretary.email
    page = new_page(who, expected=(401,))
    page.goto(f"/scoring/{item}")
    hands.tick(page, [4, 3])
    page.locator("#advice").fill("ควรทบทวนกลุ่มเป้าหมาย")
    page.close(run_before_unload=True)
    page = page.context.new_page()
    for _opened in range(20):  # What a closing tab sends arrives on its own, perhaps after the page is asked for.
        page.goto(f"/scoring/{item}")
        if page.locator("[data-total]").inner_text() == "8":
            break
    expect(page.locator("[data-total]")).to_have_text("8")
    expect(page.locator("#advice")).to_have_value("ควรทบทวนกลุ่มเป้าหมาย")
    site.let_sessions_lapse(who)
    page.locator("#advice").fill("ควรทบทวนกลุ่มเป้าหมายและตัวชี้วัด")
    send(page, "บันทึก")
    flash(page, "หมดเวลาการใช้งานแล้ว")
    hands.type_sign_in(page, mail)
    page.wait_for_url(f"**/scoring/{item}")
    expect(page.locator("#advice")).to_have_value("ควรทบทวนกลุ่มเป้าหมายและตัวชี้วัด")
    send(page, "บันทึก")
    flash(page, "บันทึกแล้ว ยังไม่ส่งผล")
