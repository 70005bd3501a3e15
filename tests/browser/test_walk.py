"""The whole way of a proposal, in the browser, by those who go it: from an account to อนุมัติ (spec: fund.md 2 to 9)."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.core.clock import today
from models.core.thai.citizen import sample_citizen_id
from models.core.thai.dates import fiscal_year
from models.fund.codes import COMMITTEE, STAFF
from tests.browser import content, hands
from tests.browser.hands import answer, flash, press, send
from tests.browser.site import Site
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_proposal

pytestmark = pytest.mark.both
NewPage = Callable[..., Page]
APPLICANT = "onanong@saengtien.example"


# Names that the factories give nobody else, so that a picker finds one person for each.
NAMES = (("สุรีย์", "เกษมสุข"), ("ธนากร", "อินทรวิเชียร"), ("พิมพ์ชนก", "ภิรมย์ธรรม"), ("วีระ", "ทองดี"))


@pytest.fixture(scope="module")
def fund(site: Site) -> dict[str, Any]:
    """Staff and committee as staff have made them before: ids and names."""
    with site.data():
        staff = make_account(STAFF, first_name="ณัฐวุฒิ", last_name="ใจงาม")
        committee = [make_account(COMMITTEE, first_name=first, last_name=last) for first, last in NAMES]
        names = [f"{person.first_name} {person.last_name}" for person in committee]
        return {"staff": staff.id, "secretary": committee[1].id, "names": names}


def register(site: Site, page: Page) -> None:
    """เปิดบัญชีผู้ใช้งาน, the mail, its link, its button."""
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign/in"))
    press(page, "เปิดบัญชีผู้ใช้งาน", role="link")
    page.locator("[name=email]").fill(APPLICANT)
    page.locator("[name=password]").fill(hands.PASSWORD)
    page.locator("[name=again]").fill(hands.PASSWORD)
    press(page, "เปิดบัญชีผู้ใช้งาน")
    expect(page.locator("[data-error-summary]")).to_be_focused()  # Neither text was accepted yet.
    page.locator("[name=terms]").check()
    page.locator("[name=privacy]").check()
    page.locator("[name=password]").fill(hands.PASSWORD)
    page.locator("[name=again]").fill(hands.PASSWORD)
    press(page, "เปิดบัญชีผู้ใช้งาน")
    expect(page).to_have_url(re.compile("/register/sent"))
    flash(page, "Promotions")
    hands.sign_in(page, APPLICANT)  # Not before the address is confirmed.
    expect(page.locator("[data-error-summary]")).to_be_visible()
    letter = site.last_mail(APPLICANT, "confirm_account")
    link = re.search(rf"{re.escape(site.url)}/register/confirm/\S+", letter.text)
    assert link
    page.goto(link.group())
    press(page, "ยืนยัน")
    flash(page, "ยืนยันบัญชีเรียบร้อยแล้ว")
    page.goto(link.group())
    flash(page, "ลิงก์นี้ใช้ไม่ได้แล้ว")


def complete_profile(page: Page) -> None:
    """The form of the first sign-in, with the picture of the card; the organization is added next."""
    hands.sign_in(page, APPLICANT)
    expect(page).to_have_url(re.compile("/account/"))
    page.locator("[name=title]").fill("นางสาว")
    page.locator("[name=first_name]").fill("อรอนงค์")
    page.locator("[name=last_name]").fill("ทองประเสริฐ")
    page.locator("[name=citizen_id]").fill(sample_citizen_id(771))
    page.locator("[name=position]").fill("ผู้จัดการโครงการ")
    page.locator("[name=work_group]").fill("ฝ่ายพัฒนาสื่อ")
    page.locator("[name=organization-how][value=add]").check()
    page.locator("[name=mobile]").fill("๐๘๑ ๒๓๔ ๕๖๗๘")
    hands.upload(page, "card", content.file("บัตรประชาชน.jpg", content.card_jpeg()))
    press(page, "บันทึก")


def add_organization(page: Page) -> None:
    """เพิ่มองค์กร with a pin on the map, its chair, directors, officers and objectives."""
    expect(page).to_have_url(re.compile("/organizations/new"))
    for name, text in content.ORGANIZATION.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=sector][value=private]").check()
    page.locator("[name=province_code]").select_option(label="เชียงใหม่")
    view = page.locator("[data-map-view]")
    expect(view.locator(".leaflet-marker-icon")).to_be_visible()
    view.scroll_into_view_if_needed()
    box = view.bounding_box()
    assert box
    view.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.2})
    latitude = float(page.locator("[name=latitude]").input_value())
    assert 5 < latitude < 21, "the pin fills latitude and longitude"
    for name, add, people in (
        ("directors", "เพิ่มกรรมการ", content.DIRECTORS),
        ("officers", "เพิ่มเจ้าหน้าที่", content.OFFICERS),
    ):
        for number, person in enumerate(people):
            page.locator(hands.ADD).filter(has_text=add).click()
            for field, text in zip(("title", "first_name", "last_name"), person, strict=True):
                page.locator(f"[name={name}-{number}-{field}]").fill(text)
    for number, text in enumerate(content.OBJECTIVES):
        page.locator(hands.ADD).filter(has_text="เพิ่มวัตถุประสงค์").click()
        page.locator(f"[name=objectives-{number}-text]").fill(text)
    press(page, "บันทึก")
    expect(page).to_have_url(re.compile(r"/organizations/\d+$"))
    expect(page.get_by_text("วีรพงษ์ บุญมี").first).to_be_visible()


def write_proposal(page: Page) -> int:
    """The wizard from its first part to its last; what is missing grows less until nothing is."""
    page.goto("/proposals/")
    press(page, "สร้างโครงการ")
    expect(page).to_have_url(re.compile(r"/wizard/\d+/1$"))
    pk = hands.proposal_of(page)
    lacking = []
    for part, fill in hands.PARTS.items():
        expect(page).to_have_url(re.compile(rf"/wizard/{pk}/{re.escape(part)}$"))
        lacking.append(int("".join(re.findall(r"ขาดอีก (\d+) รายการ", page.locator("#need").inner_text())) or 0))
        fill(page)
        if part == "2.2":  # Typing rests a moment: it is kept by itself, and the page says when.
            expect(page.locator("[data-saved-text]")).to_contain_text("บันทึกอัตโนมัติ")
        if part == "2.4":
            expect(page.locator("#sums [data-sum-budget]")).to_have_text(f"{content.TOTAL:,}.00")
            expect(page.locator("#sums [data-sum-days]")).to_have_text("280")
            expect(page.locator("#budget-difference")).to_be_hidden()
        page.locator("#next").click()
    expect(page).to_have_url(re.compile("/review$"))
    assert lacking == sorted(lacking, reverse=True)
    assert lacking[0] > lacking[1] > lacking[2] > lacking[3] > lacking[4] > lacking[5] == 0
    expect(page.locator("#missing")).to_have_count(0)
    flash(page, "ครบทุกรายการที่จำเป็น")
    return pk


def paper(page: Page, name: str) -> str:
    """The text of the PDF behind the link of this name, as a viewer copies it."""
    link = page.get_by_role("link", name=name).first.get_attribute("href")
    assert link
    response = page.request.get(link)
    assert response.ok
    assert response.body().startswith(b"%PDF")
    run = subprocess.run(["pdftotext", "-", "-"], input=response.body(), capture_output=True, check=True)
    return run.stdout.decode()


def plain(text: str) -> str:
    """A text without what typesetting adds or takes: spaces, breaks and invisible characters."""
    return re.sub(r"[\s\u200b-\u200d\u2060\xad]", "", text)


def submit(page: Page, dialog: str = "ส่งข้อเสนอ") -> None:
    """ส่งข้อเสนอ, with its dialog."""
    page.locator("#moves").get_by_role("button", name=dialog, exact=True).click()
    expect(page.locator("dialog[open]")).to_be_visible()
    answer(page, "ส่ง")


def pass_screening(page: Page, number: str) -> None:
    """The document check: everything is correct; passed."""
    page.goto("/")
    page.goto("/screening/")
    page.get_by_role("link", name=re.compile(number)).first.click()
    page.wait_for_url("**/screening/*")
    for radio in page.locator("#screening input[value=correct], #screening input[value=fits]").all():
        radio.check()
    page.locator("[name=advice]").fill("เอกสารครบถ้วน ควรระบุเกณฑ์คัดเลือกโรงเรียนให้ชัดเจนขึ้น")
    send(page, "บันทึก")
    expect(page.locator("[name=advice]")).to_have_value(re.compile("เอกสารครบถ้วน"))
    page.locator("#screening input[name=result][value=pass]").check()
    press(page, "ส่งผล…")
    answer(page, "ส่งผล")


def build_session(page: Page, level: str, name: str, people: dict[str, list[str]], number: str) -> int:
    """A session in its three steps, with the proposal on its agenda."""
    page.goto("/sessions/")
    page.get_by_role("link", name="สร้างวาระการพิจารณา").first.click()
    page.locator("[name=name]").fill(name)
    page.locator(f"[name=level][value={level}]").check()
    page.locator("[name=day]").fill(content.field_date(today() + timedelta(days=3)))
    page.locator("[name=starts]").fill("09.30")
    page.locator("[name=ends]").fill("12.00")
    page.locator("[name=place]").fill("ห้องประชุม 2 ชั้น 4")
    pick(page, "chair_id", people["chair"])
    press(page, "บันทึกและทำต่อ")
    page.wait_for_url("**/people")
    pick(page, "member_ids", people["members"])
    pick(page, "secretary_ids", people["secretaries"])
    press(page, "บันทึกและทำต่อ")
    page.wait_for_url("**/agenda")
    page.get_by_role("button", name=re.compile(f"เพิ่ม.*{number}")).click()
    expect(page.locator("[data-sort-item]")).to_have_count(1)
    press(page, "เสร็จสิ้น", role="link")
    page.wait_for_url(re.compile(r"/sessions/\d+$"))
    return int(page.url.rpartition("/")[2])


def pick(page: Page, name: str, who: list[str]) -> None:
    """Choose people in a picker by typing their names."""
    field = page.locator(f"select[name={name}] + .ts-wrapper")
    for person in who:
        field.locator("input").click()
        field.locator("input").fill(person)
        # The list comes anew for what was typed; before that it moves under the pointer.
        found = page.locator(".ts-dropdown:visible .option")
        expect(found).to_have_count(1)
        found.filter(has_text=person).click()
        expect(field.locator(".item").filter(has_text=person)).to_be_visible()
        page.keyboard.press("Escape")


def open_record(page: Page, session: int) -> None:
    """บันทึกผล and its dialog."""
    page.goto(f"/sessions/{session}")
    page.get_by_role("button", name=re.compile("^บันทึกผล")).first.click()
    page.locator("dialog[open]").get_by_role("link", name="ใช่", exact=True).click()
    page.wait_for_url("**/scoring/*")


def record(page: Page, session: int, counts: list[int], total: int) -> None:
    """The form of 13 topics; points follow the ticks; sent."""
    open_record(page, session)
    hands.tick(page, counts)
    expect(page.locator("[data-total]")).to_have_text(str(total))
    if page.locator("#topic-3").get_attribute("open") is None:
        page.locator("#topic-3 summary").click()
    page.locator("#advice-3").fill("ควรอ้างอิงข้อมูลสำรวจปีล่าสุด")
    page.locator("#advice").fill("โครงการมีประโยชน์ต่อผู้เรียนชัดเจน")
    press(page, "ส่งผล")
    expect(page.locator("dialog[open]")).to_contain_text(str(total))
    answer(page, "ส่งผล")
    expect(page).to_have_url(re.compile(rf"/sessions/{session}"))
    flash(page, f"{total} คะแนน")


def approve(page: Page, session: int) -> None:
    """The board's resolution."""
    open_record(page, session)
    page.locator("[name=resolution_number]").fill("12/2570 ข้อ 4.2")
    page.locator("[name=resolution_date]").fill(content.field_date(today()))
    press(page, "อนุมัติ")
    answer(page, "อนุมัติ")
    page.wait_for_url(re.compile(rf"/sessions/{session}"))


def test_a_proposal_goes_from_registration_to_approval(site: Site, new_page: NewPage, fund: dict[str, Any]) -> None:
    chair, secretary, *members = fund["names"]
    sitting = {"chair": [chair], "secretaries": [secretary], "members": members}
    page = new_page(expected=(400, 410, 422))
    register(site, page)
    complete_profile(page)
    add_organization(page)
    pk = write_proposal(page)

    if shutil.which("pdftotext"):
        text = plain(paper(page, "พิมพ์ PDF"))
        assert plain(content.TITLE) in text
        assert plain(content.STEPS[4][1][3].name) in text
        assert "1,400,000.00" in text

    submit(page)
    number = f"{fiscal_year(today())}-0001"
    flash(page, number)

    staff = new_page(fund["staff"], expected=(422,))
    pass_screening(staff, number)
    group = build_session(staff, "group", "คณะทำงานตรวจสอบโครงการ ครั้งที่ 1/2570", sitting, number)
    page.goto(f"/proposals/{pk}")
    flash(page, "รอการประชุม")
    record(staff, group, [4] * 11, 100)
    sub = build_session(staff, "sub", "คณะอนุกรรมการกลั่นกรอง ครั้งที่ 1/2570", sitting, number)
    scribe = new_page(fund["secretary"])
    record(scribe, sub, [4, 4, 4, 4, 3, 4, 4, 4, 4, 3, 4], 92)
    board = build_session(staff, "board", "คณะกรรมการบริหาร ครั้งที่ 1/2570", sitting, number)
    approve(staff, board)

    page.goto(f"/proposals/{pk}")
    expect(page.get_by_text("อนุมัติ", exact=True).first).to_be_visible()
    expect(page.get_by_text("92").first).to_be_visible()
    expect(page.get_by_text(secretary)).to_have_count(0)  # Never who said what.
    page.locator("[data-bell]").click()
    expect(page.get_by_text(re.compile(f"{number}.*อนุมัติ")).first).to_be_visible()


def test_a_proposal_that_fails_at_74_points_is_revised_and_passes(
    site: Site, new_page: NewPage, fund: dict[str, Any]
) -> None:
    with site.data():
        applicant = make_manager()
        proposal = make_proposal("wait_group", author=applicant, cast=Cast())
        pk, number, applicant_id = proposal.id, proposal.number, applicant.id
    chair, secretary, *members = fund["names"]
    sitting = {"chair": [chair], "secretaries": [secretary], "members": members}
    staff = new_page(fund["staff"], expected=(422,))
    first = build_session(staff, "group", "คณะทำงานตรวจสอบโครงการ ครั้งที่ 2/2570", sitting, number)
    record(staff, first, [3, 4, 3, 3, 4, 4, 4, 4, 4, 3, 3], 74)

    page = new_page(applicant_id, expected=(422,))
    page.goto("/")
    page.locator("[data-bell]").click()
    expect(page.get_by_text(re.compile(number)).first).to_be_visible()
    page.goto(f"/proposals/{pk}")
    flash(page, "ควรอ้างอิงข้อมูลสำรวจปีล่าสุด")
    page.get_by_role("button", name="สร้างฉบับแก้ไข").first.click()
    page.wait_for_url("**/wizard/**")
    page.goto(f"/wizard/{pk}/2.2")
    old = page.locator("[name=rationale]").input_value()
    assert old, "a revision is a copy: nothing is typed again"
    page.locator("[name=rationale]").fill(f"{old}\nข้อมูลสำรวจปี 2569 พบผู้เรียน 418 คน ใน 62 โรงเรียน")
    send(page, "บันทึก")
    page.goto(f"/wizard/{pk}/review")
    submit(page)
    flash(page, number)

    pass_screening(staff, number)
    second = build_session(staff, "group", "คณะทำงานตรวจสอบโครงการ ครั้งที่ 3/2570", sitting, number)
    record(staff, second, [4] * 11, 100)
    page.goto(f"/proposals/{pk}")
    flash(page, "รอบรรจุวาระ")
    page.goto(f"/proposals/{pk}/revisions/1")
    expect(page.get_by_text("ข้อมูลสำรวจปี 2569")).to_have_count(0)  # Revision 1 stays as it was judged.
