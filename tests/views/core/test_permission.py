"""The permission screen: a change is looked at before it holds, needs a reason, and can be taken back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from models.core.clock import later
from models.core.grants import grant
from models.core.identity import SignInSession
from models.core.kinds import Kind
from models.core.matrix import MatrixChange, MatrixRow, allows, changing, kinds_of, reference, set_cells
from models.core.matrix.changing import version_now
from tests.factories.core import make_account

MATRIX = "/permissions/matrix/fund"


@pytest.fixture
def chief(session):
    account = make_account("super_user", first_name="กมลวรรณ", last_name="เรืองศรี")
    session.commit()
    return account


@pytest.fixture
def browser(client, chief, sign_in):
    return sign_in(client, chief)


def save(browser, **more):
    data = {"version": version_now(), "step": "save", "reason": "ตามมติที่ประชุม"}
    return browser.post(MATRIX, data=data | more)


def test_the_matrix_stands_there_as_the_manual_has_it(browser):
    page = browser.get("/permissions/").text

    assert page.count('name="cell"') == len(reference("fund")) * 6
    for code, row in reference("fund").items():
        assert row.title_th in page
        for kind in ("staff", "super_user", "unregistered"):
            box = re.search(rf'value="{re.escape(code)}:{kind}"( checked)?', page)
            assert bool(box[1]) == (kind in row.kinds), (code, kind)
    assert "สิทธิ์ที่หน่วยงานเพิ่มเอง" in page
    assert "ถอนจากผู้ดูแลระบบไม่ได้" in page


def test_ticks_are_shown_with_their_effect_and_nothing_holds_yet(browser, session):
    clerk, both = make_account("staff", first_name="ณัฐวุฒิ", last_name="ใจงาม"), make_account("staff")
    grant(both.id, "super_user")
    session.commit()
    ticked = [f"{code}:{kind}" for code, kind in changing.cells_of("fund")]
    base = " ".join(ticked)
    ticked.remove("access_log.view:staff")

    page = browser.post(
        MATRIX, data={"version": version_now(), "step": "preview", "base": base, "cell": ticked, "reason": "ลองดู"}
    )

    assert page.status_code == 200
    assert "เสียสิทธิ์จริง 1 บัญชี" in page.text
    assert "ณัฐวุฒิ ใจงาม" in page.text
    assert 'name="take" value="access_log.view:staff"' in page.text
    assert "ลองดู" in page.text
    assert allows(clerk, "access_log.view")


def test_a_saved_change_holds_at_the_next_request(browser, session, new_client, sign_in):
    clerk = make_account("staff")
    session.commit()
    other = sign_in(new_client(), clerk)
    assert other.get("/access-log/").status_code == 200

    assert save(browser, take="access_log.view:staff").status_code == 302

    assert other.get("/access-log/").status_code == 403
    made = session.query(MatrixChange).one()
    assert (made.reason, made.what, made.cells) == ("ตามมติที่ประชุม", "edit", [["access_log.view", "staff", False]])


def test_without_a_reason_nothing_is_saved_and_the_change_stays_in_the_form(browser):
    answer = save(browser, take="access_log.view:staff", reason=" ")

    assert answer.status_code == 422
    assert 'name="take" value="access_log.view:staff"' in answer.text
    assert "กรอกเหตุผล" in answer.text
    assert "staff" in reference("fund")["access_log.view"].kinds
    assert ("access_log.view", "staff") in changing.cells_of("fund")


@pytest.mark.parametrize("step", ["preview", "save"])
def test_the_last_right_to_edit_is_told_to_stay(browser, step):
    answer = save(browser, take="permission.edit:super_user", step=step)

    assert answer.status_code == 422
    assert "ไม่เหลือผู้ที่แก้ไขสิทธิ์ได้" in answer.text
    assert ("permission.edit", "super_user") in changing.cells_of("fund")


def test_of_two_super_users_the_second_is_told_who_changed_what_and_keeps_their_ticks(
    browser, session, new_client, sign_in
):
    version = version_now()
    colleague = make_account("super_user", first_name="อนุชา", last_name="แก้วมณี")
    session.commit()
    save(sign_in(new_client(), colleague), take="access_log.view:staff", reason="ชั่วคราว")

    answer = save(browser, give="proposal.restore:staff", version=version, reason="ขอเพิ่ม")

    assert answer.status_code == 409
    assert "อนุชา แก้วมณี" in answer.text
    assert "ชั่วคราว" in answer.text
    assert "ขอเพิ่ม" in answer.text
    assert re.search(r'value="proposal.restore:staff" checked data-was="0"', answer.text)
    assert re.search(r'value="access_log.view:staff" data-was="0"', answer.text)
    assert f'name="version" value="{version_now()}"' in answer.text
    assert ("proposal.restore", "staff") not in changing.cells_of("fund")


def test_back_to_the_table_keeps_what_was_ticked_and_typed(browser):
    page = save(browser, give="proposal.restore:staff", step="edit", reason="ยังไม่แน่ใจ")

    assert page.status_code == 200
    assert re.search(r'value="proposal.restore:staff" checked data-was="0"', page.text)
    assert "ยังไม่แน่ใจ" in page.text


def test_the_manuals_matrix_comes_back_whole_or_by_the_row(browser):
    save(browser, take=["access_log.view:staff", "session.view:committee"])

    row = browser.get(f"{MATRIX}/reset?row=session.view").text
    assert 'name="give" value="session.view:committee"' in row
    assert "access_log.view:staff" not in row

    whole = browser.get(f"{MATRIX}/reset").text
    assert re.findall(r'name="give" value="([^"]+)"', whole) == ["access_log.view:staff", "session.view:committee"]
    save(browser, give=re.findall(r'name="give" value="([^"]+)"', whole), what="reset")
    clerk = make_account("staff")
    assert all(bool(kinds_of(clerk, code)) == ("staff" in row.kinds) for code, row in reference("fund").items())
    assert browser.get(f"{MATRIX}/reset").status_code == 302
    assert browser.get(f"{MATRIX}/reset?row=no.such").status_code == 404


def test_the_history_says_who_when_and_why_and_offers_the_way_back(browser, session):
    save(browser, take="access_log.view:staff")
    made = session.query(MatrixChange).one()

    page = browser.get("/permissions/history").text
    assert "กมลวรรณ เรืองศรี" in page
    assert "ตามมติที่ประชุม" in page
    assert "เจ้าหน้าที่กองทุนฯ" in page

    preview = browser.get(f"/permissions/changes/{made.id}/restore").text
    assert 'name="give" value="access_log.view:staff"' in preview
    assert 'name="what" value="restore"' in preview
    save(browser, give="access_log.view:staff", what="restore")

    assert browser.get(f"/permissions/changes/{made.id}/restore").status_code == 302
    assert browser.get("/permissions/changes/999999/restore").status_code == 404


def test_the_matrix_goes_out_as_excel_and_csv_as_it_is_now(browser):
    save(browser, take="access_log.view:staff")

    with browser.get("/permissions/export/fund.csv") as answer:
        lines = {line.split(",")[3]: line for line in answer.text.splitlines()}

    with browser.get("/permissions/export/fund.xlsx") as book:
        assert book.data[:2] == b"PK"
    assert ",,,,,x," in lines["access_log.view"]
    assert lines["proposal.view"].count(",x") == 5
    assert browser.get("/permissions/export/fund.pdf").status_code == 404
    assert browser.get("/permissions/export/moon.csv").status_code == 404


def test_each_domain_has_its_own_matrix_behind_a_tab(browser, session, monkeypatch):
    from models.core import kinds

    monkeypatch.setitem(kinds.KINDS, "pilot", Kind("pilot", "moon", True))
    row = {"number": "1", "position": 0, "title_th": "บินไปดวงจันทร์", "title_en": "Fly"}
    session.add(MatrixRow(code="moon.fly", domain="moon", **row))
    session.commit()
    set_cells({("moon.fly", "pilot"): True})
    session.commit()

    page = browser.get("/permissions/?domain=moon").text

    assert "บินไปดวงจันทร์" in page
    assert page.count('name="cell"') == 1
    assert "เรียกดูรายละเอียดโครงการ" not in page
    assert browser.get("/permissions/?domain=sun").status_code == 404


def test_what_no_form_of_ours_sends_changes_nothing(browser, session):
    before = changing.cells_of("fund")

    for more in (
        {"give": "proposal.fly:staff"},
        {"give": "proposal.view:pilot"},
        {"give": "x" * 5000},
        {"base": "a:b", "cell": ["proposal.view:staff:staff"]},
        {"give": "proposal.edit:staff", "take": "proposal.edit:staff"},
    ):
        assert save(browser, **more).status_code == 422, more
    for version in ("", "abc", "-1", "9" * 40, "๑"):
        assert save(browser, give="proposal.edit:staff", version=version).status_code == 409, version
    assert browser.post("/permissions/matrix/moon", data={"version": "1"}).status_code == 404

    assert changing.cells_of("fund") == before


def test_the_pages_ask_the_database_little(browser, count_queries):
    for path in ("/permissions/", "/permissions/history"):
        browser.get(path)
        count_queries.clear()
        browser.get(path)
        assert len(count_queries) <= 8, path


def test_ticks_sent_after_the_session_lapsed_stand_there_again_after_signing_in(browser, session, chief):
    version = version_now()
    session.query(SignInSession).update({"seen_at": later(days=-1)})
    session.commit()
    answer = browser.post(
        MATRIX,
        data={
            "version": version,
            "step": "preview",
            "base": "proposal.view:staff",
            "cell": "proposal.edit:staff",
            "reason": "ค",
        },
    )

    back = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]

    session.query(SignInSession).update({"seen_at": later()})
    session.commit()
    page = browser.get(back).text
    assert re.search(r'value="proposal.edit:staff" checked data-was="0"', page)
    assert re.search(r'value="proposal.view:staff" data-was="1"', page)
    assert ">ค</textarea>" in page
