"""Records as files: taken away as their reader sees them; brought in all or none, after every row was judged."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from jobs import importing
from jobs.runner import run_due
from models.core import audit, imports
from models.core.db import db
from models.core.grants import Grant
from models.core.imports import Import
from models.core.job import Job
from models.core.matrix import set_cells
from models.fund.organization import Organization
from tests.factories.core import make_account
from tests.factories.fund import make_organization

PAGE = "/records/organization/import"


@pytest.fixture
def chief(session):
    """A super user in a house whose matrix lets them edit organizations too."""
    account = make_account("super_user")
    set_cells({("organization.edit", "super_user"): True})
    session.commit()
    return account


@pytest.fixture
def browser(client, sign_in, chief):
    return sign_in(client, chief)


def exported(browser, ending="csv", query="all=1"):
    with browser.get(f"/records/organization/export.{ending}?{query}") as answer:
        assert answer.status_code == 200
        return answer.data


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_csv(*rows, coding="utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(coding)


def send(browser, data: bytes, way="both", name="ข้อมูล.csv"):
    answer = browser.post(PAGE, data={"way": way, "file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def run_of() -> Import:
    return db.session.scalars(
        select(Import).order_by(Import.id.desc()).execution_options(populate_existing=True)
    ).first()


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Organization))


def wrongs() -> list[tuple[int, str, str]]:
    return [(row, column, why) for row, column, _read, why in run_of().found["bad"]]


# --- out and in again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_that_comes_back_as_it_went_out_changes_nothing(browser, session, ending):
    make_organization("=1+1 มูลนิธิ")
    make_organization("'=ก", phone="021234567", latitude=13.75, registered_year=None)
    session.commit()

    send(browser, exported(browser, ending), name=f"a.{ending}")

    run = run_of()
    assert (run.state, run.rows, run.same, run.bad) == (imports.CHECKED, count(), count(), 0)


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
        ["เลขที่", "name", "sector", "province_code", "registered_year", "email", "phone"],
        ["", "มูลนิธิใหม่", "private", "10", "2560", "", ""],
        [],
        ["", "", "private", "10", "สองพัน", "x@", ""],
        [known.id, "มูลนิธิเปลี่ยนชื่อ", "church", "10", "", "", ""],
        [99_999, "ไม่มี", "private", "10", "", "", ""],
        ["", "มูลนิธิ", "private", "10", "", "", "1.23457E+12"],
        [known.id, "ซ้ำ", "private", "10", "", "", ""],
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
    text = sign.join(["name", "sector", "province_code"]) + "\r\n"
    text += sign.join(["โรงเรียนบ้านหนองบัว", "public", "10"]) + "\r\n"

    send(browser, text.encode(coding))

    assert (run_of().adds, run_of().bad) == (1, 0), run_of().found


def test_formulas_are_text_and_digits_that_excel_spoiled_are_told(browser, session):
    book = Workbook()
    book.active.append(["name", "sector", "province_code", "phone"])
    book.active.append(['=A1&"x"', "private", "10", 21234567])
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
        ["เลขที่", "name", "sector", "province_code", "phone"],
        [known.id, "มูลนิธิเดิม", "private", "10", "02 123 4567"],
        ["", "มูลนิธิใหม่", "public", "10", ""],
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
    row[sector] = "private"
    first.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    send(browser, out.getvalue(), name="t.xlsx", way="add")

    assert (run_of().adds, run_of().bad) == (1, 0), run_of().found
