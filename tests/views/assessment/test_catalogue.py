"""The catalogue's pages: read by everybody of the registry, edited and imported by the national office."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from models.assessment.catalogue import Branch
from models.assessment.codes import NATIONAL, RoundState
from models.assessment.importing import stamp_of
from models.assessment.reference.catalogue import COLUMNS, CURRICULA, branches_of
from models.core.audit import AuditEntry
from models.core.db import db
from tests.factories.assessment import make_committee, make_registration, make_round, make_school
from tests.factories.core import make_account

PVC = "pvc2562"
PAGE = f"/catalogue/{PVC}"


@pytest.fixture
def national(client: Any, sign_in: Any, session: Any) -> Any:
    """A browser of the national office."""
    return sign_in(client, make_account(NATIONAL))


def words_of(response: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", response.text)))


def rows_shown(response: Any) -> list[list[str]]:
    """The rows of every table of a page, cell by cell."""
    rows = re.findall(r"<tr>(.*?)</tr>", response.text, re.DOTALL)
    bare = lambda cell: html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()  # noqa: E731
    return [[bare(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)] for row in rows]


def one(code: str = "2010101") -> Branch:
    """A branch as the database has it now."""
    db.session.expire_all()
    return db.session.scalars(select(Branch).where(Branch.curriculum == PVC, Branch.branch_code == code)).one()


def typed(branch: Branch, **changed: Any) -> dict[str, Any]:
    """A branch as its form posts it."""
    given = {column: getattr(branch, column) for column in COLUMNS}
    return given | {"version": branch.version, "once": "a-form"} | changed


# --- the tree ---------------------------------------------------------------------------------------------------------


def test_the_four_curricula_stand_with_how_much_there_is_of_each(national):
    _headings, *rows = rows_shown(national.get("/catalogue/"))

    for curriculum, row in zip(CURRICULA.values(), rows, strict=True):
        assert curriculum.title() in row[0]
        assert row[3:] == [str(len(branches_of(curriculum))), "0"]


def test_a_curriculum_shows_its_branches_under_their_fields_and_what_was_looked_for(national):
    page, found = words_of(national.get(PAGE)), words_of(national.get(f"{PAGE}?q=เครื่องกลเรือ"))

    assert "20101 ช่างยนต์" in page
    assert "2010102 เครื่องกลอุตสาหกรรม" in page
    assert "เครื่องกลเรือ" in found
    assert "เครื่องกลอุตสาหกรรม" not in found
    assert "ไม่พบสาขางานที่ตรงกัน" in words_of(national.get(f"{PAGE}?q=ไม่มีชื่อนี้"))


def test_a_retired_branch_shows_where_it_is_asked_for(national):
    one().is_retired = True
    db.session.commit()

    assert "2010101" not in words_of(national.get(PAGE))
    assert "2010101" in words_of(national.get(f"{PAGE}?retired=1"))


def test_the_tree_costs_the_same_however_many_branches_it_has(national, count_queries):
    addresses = (PAGE, f"{PAGE}?q=เครื่องกลเรือ")
    for address in addresses:  # once, how rare letters are is read from a sample
        national.get(address)
    counts = []
    for address in addresses:
        count_queries.clear()
        national.get(address)
        counts.append(len(count_queries))

    assert counts[0] == counts[1] <= 4


@pytest.mark.parametrize("who", ["school", "committee"])
def test_schools_and_committees_read_the_catalogue_and_change_nothing(client, sign_in, session, who):
    committee = make_committee()
    reader = sign_in(client, (make_school(committee) if who == "school" else committee).account)

    page = reader.get(PAGE)

    assert page.status_code == 200
    assert f"{PAGE}/import" not in page.text
    assert "/edit" not in page.text
    assert reader.get(f"/catalogue/branches/{one().id}").status_code == 200
    for address in (f"{PAGE}/new", f"{PAGE}/import", f"/catalogue/branches/{one().id}/edit", f"{PAGE}/field/20101"):
        assert reader.get(address).status_code == 403
    reader.post(f"/catalogue/branches/{one().id}/retire", data={"version": one().version})
    assert not one().is_retired


def test_what_is_no_curriculum_is_not_found(national):
    for address in ("/catalogue/pvc2570", "/catalogue/branches/0", f"{PAGE}/programme/999", f"{PAGE}/branch/2010101"):
        assert national.get(address).status_code == 404


def test_a_branch_shows_where_it_was_registered_by_schools_that_the_reader_sees(national, new_client, sign_in):
    school, other = make_school(make_committee()), make_school(make_committee())
    this = make_round(RoundState.OPEN)
    make_registration(this, school, {one(): 31})
    make_registration(this, other, {one(): 500})
    db.session.commit()

    for reader, students, hidden in ((national, "531", "none"), (sign_in(new_client(), school.account), "31", "531")):
        words = words_of(reader.get(f"/catalogue/branches/{one().id}"))
        assert students in words
        assert hidden not in words


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_branch_is_added_to_the_field_that_the_page_was_opened_from(national):
    form = national.get(f"{PAGE}/new?field=20101").text
    data = {"branch_code": "2010199", "branch": "รถราง", "field_code": "20101", "once": "a-form"}

    for _ in range(2):
        response = national.post(f"{PAGE}/new", data=data)

    assert 'value="ช่างยนต์"' in form
    assert 'value="อุตสาหกรรม"' in form
    assert response.status_code == 302
    assert (one("2010199").branch, one("2010199").field, one("2010199").programme) == ("รถราง", "ช่างยนต์", "อุตสาหกรรม")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"branch_code": ""}, "กรอกรหัสสาขางาน"),
        ({"branch_code": "2010102"}, "เป็นของสาขางานอื่น: เครื่องกลอุตสาหกรรม"),
        ({"branch_code": "2010199", "field": "ช่างรถ"}, "รหัส 20101 ชื่อ “ช่างยนต์”"),
        ({"branch_code": "2010199", "programme_code": "202", "programme": ""}, "อยู่ในประเภทวิชา “อุตสาหกรรม”"),
    ],
)
def test_what_does_not_go_with_the_others_is_told_at_its_field(national, changed, says):
    before = stamp_of(PVC)

    response = national.post(f"{PAGE}/new", data=typed(one(), **changed))

    assert response.status_code == 422
    assert says in words_of(response)
    assert stamp_of(PVC) == before


def test_of_two_at_one_branch_the_later_one_sees_both_and_chooses(national, new_client, sign_in):
    read = typed(one())
    colleague = sign_in(new_client(), make_account(NATIONAL))
    colleague.post(f"/catalogue/branches/{one().id}/edit", data=read | {"branch": "ของเขา"})

    response = national.post(f"/catalogue/branches/{one().id}/edit", data=read | {"branch": "ของฉัน"})

    assert response.status_code == 409
    assert one().branch == "ของเขา"
    assert "ของฉัน" in response.text
    assert "ของเขา" in response.text
    again = read | {"branch": "ของฉัน", "version": one().version}
    assert national.post(f"/catalogue/branches/{one().id}/edit", data=again).status_code == 302
    assert one().branch == "ของฉัน"


def test_a_branch_is_retired_and_brought_back(national):
    for action, is_retired in (("retire", True), ("bring_back", False)):
        national.post(f"/catalogue/branches/{one().id}/{action}", data={"version": one().version})
        assert one().is_retired == is_retired


def test_a_button_of_an_old_page_retires_nothing(national):
    page = national.post(f"/catalogue/branches/{one().id}/retire", data={"version": 99}, follow_redirects=True)

    assert not one().is_retired
    assert "หน้านี้แสดงข้อมูลปัจจุบัน" in words_of(page)


def test_what_no_longer_goes_with_the_others_is_not_brought_back(national):
    branch = one()
    branch.is_retired = True
    branch.field = "ช่างโบราณ"
    db.session.commit()

    page = national.post(
        f"/catalogue/branches/{branch.id}/bring_back", data={"version": one().version}, follow_redirects=True
    )

    assert one().is_retired
    assert "รหัส 20101 ชื่อ “ช่างยนต์”" in words_of(page)


def test_a_field_is_renamed_for_all_its_branches_and_who_comes_later_is_told(national):
    data = {"was": "ช่างยนต์", "name": "ช่างยนต์และราง"}

    first = national.post(f"{PAGE}/field/20101", data=data)
    second = national.post(f"{PAGE}/field/20101", data=data | {"name": "อื่น"})

    assert first.status_code == 302
    assert {one(code).field for code in ("2010101", "2010106")} == {"ช่างยนต์และราง"}
    assert second.status_code == 422
    assert "“ช่างยนต์และราง” ไปก่อนแล้ว" in words_of(second)
    assert national.post(f"{PAGE}/field/20101", data={"was": "ช่างยนต์และราง", "name": "อื่น"}).status_code == 302


# --- files ------------------------------------------------------------------------------------------------------------


def book(*rows: Any) -> bytes:
    """A workbook with these rows."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rows_of(content: bytes) -> list[list[Any]]:
    """The rows of a workbook, its headings first."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def send(browser: Any, content: bytes, name: str = "ปวช62.xlsx", address: str = PAGE) -> Any:
    """Send a file; the page that says what it would do."""
    data = {"file": (io.BytesIO(content), name)}
    return browser.post(f"{address}/import", data=data, content_type="multipart/form-data", follow_redirects=True)


def store(browser: Any, checked: Any) -> Any:
    """Press the button of the page that says what a file would do."""
    stamp = re.search(r'name="stamp" value="(\w+)"', checked.text)
    assert stamp is not None
    return browser.post(checked.request.path, data={"stamp": stamp[1]}, follow_redirects=True)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("lang", ["th", "en"])
def test_what_was_exported_comes_back_unchanged_in_both_languages(national, ending, lang):
    before = stamp_of(PVC)
    national.post("/locale/", data={"lang": lang})
    content = national.get(f"{PAGE}/export.{ending}").data

    page = send(national, content, f"catalogue.{ending}")

    assert page.status_code == 200
    assert 'name="stamp"' not in page.text  # there is nothing to import
    nothing = "There is nothing to import" if lang == "en" else "ไม่มีข้อมูลที่จะนำเข้า"
    assert nothing in words_of(page)
    assert stamp_of(PVC) == before


def test_codes_go_out_as_text_so_that_no_zero_is_lost(national):
    headings, first, *_rest = rows_of(national.get(f"{PAGE}/export.xlsx").data)

    assert headings[1:] == ["รหัสประเภทวิชา", "ประเภทวิชา", "รหัสสาขาวิชา", "สาขาวิชา", "รหัสสาขางาน", "สาขางาน"]
    assert first[5] == "2010101"


def test_a_file_is_checked_first_and_stored_when_somebody_says_so(national):
    headings, first, second, *rest = rows_of(national.get(f"{PAGE}/export.xlsx").data)
    first[6] = "เทคนิคยานยนต์"
    new = [first[0], "201", "อุตสาหกรรม", "20101", "ช่างยนต์", "2010199", "รถราง"]
    before = stamp_of(PVC)

    page = send(national, book(headings, first, new, *rest))

    rows = rows_shown(page)
    assert stamp_of(PVC) == before
    assert ["2", "2010101", "สาขางาน", "ยานยนต์", "เทคนิคยานยนต์"] in rows  # from what to what
    assert ["3", "2010199", "รถราง", "ช่างยนต์", "อุตสาหกรรม"] in rows
    assert [second[5], second[6], second[4], "–"] in rows  # to retire
    done = words_of(store(national, page))
    assert "เพิ่ม 1 แก้ไข 1 เลิกใช้ 1 สาขางาน" in done
    assert one().branch == "เทคนิคยานยนต์"
    assert one("2010199").field == "ช่างยนต์"
    assert one(second[5]).is_retired


def test_wrong_lines_are_named_by_row_column_and_reason_and_nothing_is_stored(national):
    headings, first, second, third, *rest = rows_of(national.get(f"{PAGE}/export.xlsx").data)
    second[6], third[5] = None, first[5]
    before = stamp_of(PVC)

    page = send(national, book(headings, first, second, third, *rest))

    _headings, *faults = rows_shown(page)
    assert [fault[:2] for fault in faults] == [["3", "สาขางาน"], ["4", "รหัสสาขางาน"]]
    assert "ช่องนี้ว่าง" in faults[0][2]
    assert re.search(r"แถว(ที่)? 2", faults[1][2])
    assert 'name="stamp"' not in page.text
    assert national.post(page.request.path, data={"stamp": before}).status_code == 302
    assert stamp_of(PVC) == before


def test_a_file_of_another_curriculum_is_not_taken_for_this_one(national):
    page = send(national, national.get("/catalogue/pvs2563/export.xlsx").data)

    assert "เป็นหลักสูตรอื่น" in words_of(page)
    assert 'name="stamp"' not in page.text


def test_a_file_that_would_retire_most_of_a_curriculum_asks_twice(national):
    headings, first, *_rest = rows_of(national.get(f"{PAGE}/export.xlsx").data)

    page = send(national, book(headings, first))

    assert "จะมีสาขางานเลิกใช้จำนวนมาก" in words_of(page)
    assert "data-confirm=" in page.text


def test_what_would_be_retired_says_who_registered_it_in_the_open_round(national):
    make_registration(make_round(RoundState.OPEN), make_school(), {one(): 31})
    db.session.commit()
    headings, _first, *rest = rows_of(national.get(f"{PAGE}/export.xlsx").data)

    assert "31 คน" in words_of(send(national, book(headings, *rest)))


def test_when_the_catalogue_changed_meanwhile_the_file_is_looked_at_once_more(national):
    headings, _first, *rest = rows_of(national.get(f"{PAGE}/export.xlsx").data)
    page = send(national, book(headings, *rest))
    one("2010102").branch = "แก้ระหว่างนั้น"
    db.session.commit()

    again = store(national, page)

    assert "หลักสูตรถูกแก้ไขหลังจากตรวจไฟล์" in words_of(again)
    assert "แก้ระหว่างนั้น" in words_of(again)
    assert not one().is_retired


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (book(["ก", "ข"], ["1", "2"]), "x.xlsx", "หัวคอลัมน์"),
        (book(["รหัสสาขางาน", "สาขางาน"], ["1", "2"]), "x.xlsx", "ไม่มีคอลัมน์: รหัสประเภทวิชา"),
        (b"not a workbook", "x.xlsx", ""),
        (b"MZ", "x.exe", "Excel (.xlsx)"),
    ],
)
def test_what_is_no_catalogue_is_told_and_nothing_is_stored(national, content, name, says):
    before = stamp_of(PVC)

    page = send(national, content, name)

    assert page.status_code == 422
    assert says in words_of(page)
    assert "s-error" in page.text
    assert stamp_of(PVC) == before


def test_a_file_is_found_by_whoever_sent_it_alone(national, new_client, sign_in):
    page = send(national, national.get(f"{PAGE}/export.xlsx").data)
    colleague = sign_in(new_client(), make_account(NATIONAL))

    assert national.get(page.request.path).status_code == 200
    assert colleague.get(page.request.path).status_code == 404


def test_an_import_stands_in_the_log_with_its_figures(national, new_client, sign_in):
    headings, _first, *rest = rows_of(national.get(f"{PAGE}/export.xlsx").data)
    store(national, send(national, book(headings, *rest)))

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "assessment_branch.import")).one()
    page = words_of(sign_in(new_client(), make_account("super_user")).get(f"/access-log/{entry.seq}"))

    for words in ("นำเข้า", "สาขางานที่เลิกใช้", "ปวช62.xlsx"):
        assert words in page
