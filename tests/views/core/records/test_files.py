"""Records as files: taken away as their reader sees them; brought in all or none, after every row was judged."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from jobs import importing
from jobs.runner import run_due
from models.core import audit, imports
from models.core.db import db
from models.core.entity import entity_named
from models.core.entity.cells import Codes
from models.core.grants import Grant
from models.core.job import RUNNING, WAITING, Job
from models.fund.organization import Organization
from tests.factories.core import make_account
from tests.factories.fund import make_organization, make_session
from tests.views.core.records.importing import PAGE, REST, WORDS, as_csv, count, exported, rows_of, run_of, send, wrongs


@pytest.fixture
def browser(chair):
    return chair


# --- out and in again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_that_comes_back_as_it_went_out_changes_nothing(browser, session, ending):
    make_organization("=1+1 มูลนิธิ")
    make_organization("'=ก", phone="021234567", latitude=13.75, registered_year=None)
    session.commit()

    send(browser, exported(browser, ending), name=f"a.{ending}")

    run = run_of()
    assert (run.state, run.rows, run.same, run.bad) == (imports.CHECKED, count(), count(), 0)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_days_and_moments_go_out_in_the_buddhist_era_and_come_back(
    new_client, sign_in, clerk, session, ending, language
):
    clerk.locale = language
    office = sign_in(new_client(), clerk)
    make_session(starts_at=datetime(2026, 11, 20, 18, 5, 33, tzinfo=UTC), ends_at=None)
    session.commit()
    with office.get(f"/records/evaluation_session/export.{ending}?all=1") as answer:
        data = answer.data
    if ending == "csv":
        assert "21/11/2569 01:05" in data.decode()

    sent = {"way": "both", "file": (io.BytesIO(data), f"a.{ending}")}
    office.post("/records/evaluation_session/import", data=sent, content_type="multipart/form-data")

    run = run_of()
    assert (run.state, run.rows, run.same, run.bad) == (imports.CHECKED, 1, 1, 0), run.found


@pytest.mark.parametrize(
    "written",
    ["21/11/2569 1:05", "21/11/2569 01:05:00", "2026-11-21 01:05", datetime(2569, 11, 21, 1, 5)],  # noqa: DTZ001 - cells know no zones
)
def test_a_moment_that_a_spreadsheet_wrote_anew_is_the_same(written):
    about = entity_named("evaluation_session")
    codes = Codes.of(about, lambda _name, code: code, {})
    moment = datetime(2026, 11, 20, 18, 5, 33, tzinfo=UTC)

    assert codes.is_unchanged(about.fields["starts_at"], written, moment)
    assert not codes.is_unchanged(about.fields["starts_at"], "21/11/2569 02:05", moment)
    assert not codes.is_unchanged(about.fields["starts_at"], "เมื่อวาน", moment)


def test_what_is_taken_away_is_what_is_filtered_sorted_and_seen(browser, new_client, sign_in, session):
    for name, sector in (("ข มูลนิธิ", "private"), ("ก มูลนิธิ", "private"), ("ค โรงเรียน", "public")):
        make_organization(name, sector=sector)
    reader = make_account("project_manager")
    session.commit()

    heading, *rows = rows_of(exported(browser, query="f-sector=private&sort=name&all=1"))

    names = [row[heading.index("ชื่อองค์กร")] if "ชื่อองค์กร" in heading else row[1] for row in rows]
    assert [name for name in names if name[0] in "กขค" and name.endswith("มูลนิธิ")] == ["ก มูลนิธิ", "ข มูลนิธิ"]
    assert sign_in(new_client(), reader).get("/records/organization/export.csv").status_code == 403


def test_a_formula_is_defused(browser, session):
    make_organization("=HYPERLINK(1)")
    session.commit()

    assert b"'=HYPERLINK(1)" in exported(browser)
    sheet = load_workbook(io.BytesIO(exported(browser, "xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")} == {"s"}


# --- judged ----------------------------------------------------------------------------------------------------------


def test_every_row_that_cannot_be_stored_is_told_with_its_number_and_nothing_is_stored(browser, session):
    known = make_organization("มูลนิธิเดิม")
    session.commit()
    before = count()
    data = as_csv(
        ["เลขที่", "name", "sector", "province_code", "registered_year", "email", "phone", *REST],
        ["", "มูลนิธิใหม่", "private", "10", "2560", "", "", *WORDS],
        [],
        ["", "", "private", "10", "สองพัน", "x@", "", *WORDS],
        [known.id, "มูลนิธิเปลี่ยนชื่อ", "church", "10", "", "", "", *WORDS],
        [99_999, "ไม่มี", "private", "10", "", "", "", *WORDS],
        ["", "มูลนิธิ", "private", "10", "", "", "1.23457E+12", *WORDS],
        [known.id, "ซ้ำ", "private", "10", "", "", "", *WORDS],
    )
    page = browser.get(send(browser, data)).text

    assert sorted({row for row, _column, _why in wrongs()}) == [4, 5, 6, 7, 8]
    assert len([row for row, _column, _why in wrongs() if row == 4]) == 3
    run = run_of()
    assert (run.adds, run.bad, run.can_be_stored) == (1, 5, False)
    assert "Excel ย่อ" in page
    assert "แถวที่ 5" in page
    assert count() == before
    browser.post(f"{PAGE}/{run.id}", data={"action": "store"})
    assert count() == before
    with browser.get(f"/files/{run.report_id}?download=1") as answer:
        report = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=2, values_only=True))
    assert sorted({row[0] for row in report}) == [4, 5, 6, 7, 8]
    assert all(row[3] for row in report)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp874"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_text_tables_are_read_in_every_way_that_excel_writes_them(browser, session, coding, sign):
    text = sign.join(["name", "sector", "province_code", *REST]) + "\r\n"
    text += sign.join(["โรงเรียนบ้านหนองบัว", "private", "10", *WORDS]) + "\r\n"

    send(browser, text.encode(coding))

    assert (run_of().adds, run_of().bad) == (1, 0), run_of().found


def test_formulas_are_text_and_digits_that_excel_spoiled_are_told(browser, session):
    book = Workbook()
    book.active.append(["name", "sector", "province_code", "phone", *REST])
    book.active.append(['=A1&"x"', "private", "10", 21234567, *WORDS])
    out = io.BytesIO()
    book.save(out)

    send(browser, out.getvalue(), name="a.xlsx")

    assert [(row, why.split(" ")[0]) for row, _column, why in wrongs()] == [(2, "Excel")]


def test_a_file_without_known_headings_or_with_one_twice_is_told(browser, session):
    assert "ไม่รู้จักหัวคอลัมน์" in browser.get(send(browser, as_csv(["x", "y"], ["1", "2"]))).text
    assert "ซ้ำกัน" in browser.get(send(browser, as_csv(["name", "name"], ["1", "2"]))).text


def test_what_is_no_table_is_refused_at_the_form(browser, session):
    answer = browser.post(
        PAGE, data={"way": "both", "file": (io.BytesIO(b"%PDF-1.4"), "a.xlsx")}, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text


def test_more_rows_than_the_setting_lets_in_are_told(browser, session, monkeypatch):
    monkeypatch.setattr(importing.setting, "value", {imports.MOST_ROWS: 2, imports.MOST_MEGABYTES: 10}.get)

    page = browser.get(send(browser, as_csv(["name", "sector"], *[[f"ก{n}", "private"] for n in range(3)]))).text

    assert run_of().why == "too_many_rows"
    assert "มากกว่า 2 แถว" in page


# --- stored ----------------------------------------------------------------------------------------------------------


def good(known) -> bytes:
    return as_csv(
        ["เลขที่", "name", "sector", "province_code", "phone", *REST],
        [known.id, "มูลนิธิเดิม", "private", "10", "02 123 4567", *WORDS],
        ["", "มูลนิธิใหม่", "private", "10", "", *WORDS],
    )


def test_rows_are_added_and_updated_and_stand_in_the_history_once(browser, session, chief):
    known = make_organization("มูลนิธิเดิม", sector="private", province_code="10", phone="")
    session.commit()
    before = count()
    page = send(browser, good(known))
    assert re.search("โทรศัพท์", browser.get(page).text)

    browser.post(page, data={"action": "store"})
    browser.post(page, data={"action": "store"})
    session.expire_all()

    assert (run_of().state, run_of().adds, run_of().changes) == (imports.STORED, 1, 1)
    assert count() == before + 1
    assert known.phone == "021234567"
    assert audit.history_of(known)[0].actor_id == chief.id
    written = (
        select(func.count()).select_from(audit.AuditEntry).where(audit.AuditEntry.action == "fund_organization.import")
    )
    assert session.scalar(written) == 1
    assert audit.verify() is None


def test_what_changed_since_the_check_is_told_and_nothing_is_imported(browser, session):
    known = make_organization("มูลนิธิเดิม", sector="private", province_code="10")
    session.commit()
    before = count()
    page = send(browser, good(known))
    known.district = "ปทุมวัน"
    session.commit()

    text = browser.post(page, data={"action": "store"}, follow_redirects=True).text

    assert run_of().state == imports.MOVED
    assert run_of().found["moved"] == [2]
    assert "เปลี่ยนไปตั้งแต่ตรวจไฟล์" in text
    assert (count(), db.session.get(Organization, known.id).phone) == (before, "")


def test_a_right_that_was_lost_since_the_check_imports_nothing(session, chief, browser):
    known = make_organization("มูลนิธิเดิม", sector="private", province_code="10")
    session.commit()
    before = count()
    send(browser, good(known))
    run = run_of()
    for held in session.scalars(select(Grant).where(Grant.user_id == chief.id)):
        held.ends_at = held.begins_at
    session.commit()
    chief.forget_grants()
    run.move(imports.CHECKED, imports.STORING)
    session.commit()
    from jobs.exporting import speaking_to

    with speaking_to(chief, "th"):
        importing.store(run, chief)
    session.commit()

    assert run_of().state == imports.MOVED
    assert count() == before


def test_a_large_file_is_judged_and_stored_by_the_worker_once(browser, session, monkeypatch):
    known = make_organization("มูลนิธิเดิม", sector="private", province_code="10", phone="")
    session.commit()
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 1)
    before = count()

    page = send(browser, good(known))
    assert 'hx-trigger="every 2s"' in browser.get(page).text
    run_due()
    browser.post(page, data={"action": "store"})
    browser.post(page, data={"action": "store"})
    run_due()
    job = session.scalars(select(Job).where(Job.kind == importing.STORE)).one()
    job.state, job.ended_at = "waiting", None  # as if its worker had died after the work
    session.commit()
    run_due()

    assert run_of().state == imports.STORED
    assert count() == before + 1
    assert "hx-trigger" not in browser.get(f"{page}/part").text
    assert f'href="{page}"' in browser.get("/exports/").text


def test_an_import_that_is_not_wanted_any_more_stores_nothing(browser, session, monkeypatch):
    known = make_organization("มูลนิธิเดิม", sector="private", province_code="10", phone="")
    session.commit()
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 1)
    before = count()
    page = send(browser, good(known))
    browser.post(page, data={"action": "store"})

    browser.post(page, data={"action": "cancel"})
    run_due()

    assert run_of().state == imports.CANCELLED
    assert count() == before


def test_what_a_worker_is_storing_is_not_offered_to_be_stopped(browser, session, monkeypatch):
    known = make_organization("มูลนิธิเดิม", sector="private", province_code="10", phone="")
    session.commit()
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 1)
    page = send(browser, good(known))
    offered = 'name="action" value="cancel"'
    assert offered in browser.get(page).text
    browser.post(page, data={"action": "store"})
    assert offered in browser.get(page).text

    job = session.scalars(select(Job).where(Job.kind == importing.STORE)).one()
    job.state = RUNNING
    session.commit()

    assert offered not in browser.get(page).text
    assert "หยุดไม่ได้แล้ว" in browser.post(page, data={"action": "cancel"}, follow_redirects=True).text
    assert run_of().state == imports.STORING
    job.state = WAITING
    session.commit()
    run_due()
    shown = browser.get(page).text
    assert offered not in shown
    assert re.search(r"s-chip--pass[^>]*>.*?นำเข้าแล้ว", shown, re.S)


def test_another_s_import_is_not_found(browser, new_client, sign_in, session):
    page = send(browser, as_csv(["name", "sector"], ["ก", "private"]))
    other = make_account("super_user")
    session.commit()

    theirs = sign_in(new_client(), other)

    assert theirs.get(page).status_code == 404
    assert theirs.post(page, data={"action": "store"}).status_code == 404
    assert theirs.get(f"/files/{run_of().file_id}").status_code == 404


def test_the_template_says_every_code_and_can_be_sent_back_filled(browser, session):
    with browser.get(f"{PAGE}/template.xlsx") as answer:
        book = load_workbook(io.BytesIO(answer.data))
    first, second = book.worksheets
    headings = [cell.value for cell in first[1]]
    codes = {row[3] for row in second.iter_rows(min_row=2, values_only=True)}

    assert {"private", "public"} <= codes
    row = dict.fromkeys(headings)
    row[headings[1]] = "โรงเรียนจากแบบ"
    sector = next(row[0] for row in second.iter_rows(min_row=2, values_only=True) if row[3] == "private")
    row |= {sector: "private", "จังหวัด": "10", "ที่อยู่": WORDS[0], "ประธาน: ชื่อ": WORDS[1]}
    first.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    send(browser, out.getvalue(), name="t.xlsx", way="add")

    assert (run_of().adds, run_of().bad) == (1, 0), run_of().found
