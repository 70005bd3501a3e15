"""The pages of completeness: the country by province, a province by committee and school, and both as files."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from models.assessment.codes import NATIONAL, PRIVATE
from models.assessment.status import SchoolStatus, Status
from models.core.audit import AuditEntry
from models.core.db import db
from tests.factories.assessment import (
    make_agency,
    make_branches,
    make_committee,
    make_registration,
    make_round,
    make_school,
)
from tests.factories.core import make_account


class Country:
    """Chon Buri with a committee, a private school that reported and one that closed; Rayong, where all are awaited."""

    def __init__(self) -> None:
        self.last, self.this = make_round("locked", year=2568), make_round(year=2569)
        self.one = make_committee(province_code="20", name="วิทยาลัยเทคนิคชายคลอง")
        self.private = make_school(self.one, sector=PRIVATE, name="วิทยาลัยเทคโนโลยีเนินทราย", phone="038000111")
        self.closed = make_school(self.one, name="วิทยาลัยการอาชีพหนองประดู่")
        self.two = make_committee(province_code="21", name="วิทยาลัยเทคนิคปากน้ำ")
        (self.branch,) = make_branches(1)
        make_registration(self.this, self.private, {self.branch: 1234})
        make_registration(self.last, self.two, {self.branch: 77})
        make_agency(self.this, self.two, {self.branch: 9})
        db.session.add(SchoolStatus(round_id=self.this.id, school_id=self.closed.id, status=Status.CLOSED))
        db.session.flush()


@pytest.fixture
def country(session: Any) -> Country:
    """Two provinces in the middle of a round."""
    return Country()


@pytest.fixture
def national(client: Any, sign_in: Any, country: Country) -> Any:
    """A browser of the national office."""
    return sign_in(client, make_account(NATIONAL))


def text(html: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def rows(html: str, heading: str) -> list[str]:
    """The lines of the table whose caption begins so."""
    table = html.split(f'<caption class="visually-hidden">{heading}', 1)[1].split("</tbody>", 1)[0]
    return [text(row).strip() for row in table.split("<tbody>", 1)[1].split("</tr>")[:-1]]


def page(client: Any, path: str = "", **query: Any) -> str:
    """A page of completeness in Thai."""
    response = client.get(f"/completeness/{path}", query_string=query)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def test_the_country_is_told_by_province_the_least_complete_first(national):
    html = page(national)

    first, second = rows(html, "ความครบถ้วนรายจังหวัด")
    assert first.startswith("ระยอง ภาคตะวันออก 0/1 0% รายงานแล้ว 0 จาก 1 แห่ง")
    assert first.endswith("1 0 + นอกสังกัด 9 ตอบแล้ว")
    assert second.startswith("ชลบุรี ภาคตะวันออก 2/3 66% รายงานแล้ว 1 จาก 3 แห่ง, ไม่ต้องรายงาน 1 แห่ง")
    assert second.endswith("1 1,234 ยังไม่ตอบ")
    assert "50 % 2 จาก 4 แห่ง" in text(html)
    # What the map is coloured by stands in the rows.
    assert 'data-province="ระยอง" data-percent="0" data-done="0"' in html


def test_the_order_the_kind_of_school_and_the_round_are_chosen(national, country):
    by_name = [row.split(" ")[0] for row in rows(page(national, order="name"), "ความครบถ้วนรายจังหวัด")]
    assert by_name == ["ชลบุรี", "ระยอง"]

    (private,) = (row for row in rows(page(national, sector=PRIVATE), "ความครบถ้วนรายจังหวัด") if "ชลบุรี" in row)
    assert "1/1 100%" in private

    before = rows(page(national, round=country.last.id), "ความครบถ้วนรายจังหวัด")
    assert next(row for row in before if "ระยอง" in row).startswith("ระยอง ภาคตะวันออก 1/1 100%")


def test_a_province_shows_its_committees_and_schools(national):
    html = page(national, "20")

    (committee,) = rows(html, "อศก./อศจ. ของจังหวัด")
    assert committee == "วิทยาลัยเทคนิคชายคลอง 2/3 66% รายงานแล้ว 1 จาก 3 แห่ง, ไม่ต้องรายงาน 1 แห่ง 1 1,234 ยังไม่ตอบ"
    first, closed, private = rows(html, "สถานศึกษาในจังหวัด")
    assert "เป็น อศก./อศจ. ยังไม่รายงาน" in first
    assert "สถานศึกษาปิดกิจการ" in closed
    assert "โทร. 038-000-111" in private
    assert private.endswith("– ไม่มี – ไม่มี 1,234 – ไม่มี 1,234")

    (awaited,) = rows(page(national, "20", standing="missing"), "สถานศึกษาในจังหวัด")
    assert awaited == first


def test_a_school_that_lies_under_a_committee_elsewhere_brings_that_committee_along(national, country):
    make_school(country.two, province_code="20", name="วิทยาลัยไกลบ้าน")

    committees = rows(page(national, "20"), "อศก./อศจ. ของจังหวัด")

    assert [row.split(" ")[0] for row in committees] == ["วิทยาลัยเทคนิคชายคลอง", "วิทยาลัยเทคนิคปากน้ำ"]
    assert committees[1].startswith("วิทยาลัยเทคนิคปากน้ำ ระยอง")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("?order=x", 400),
        ("?round=999999", 400),
        ("?sector=x", 400),
        ("00", 404),
        ("20?standing=x", 400),
        ("export.pdf", 404),
    ],
)
def test_what_no_link_asks_for_is_refused(national, path, status):
    assert national.get(f"/completeness/{path}").status_code == status


def test_without_a_round_the_page_says_so(client, sign_in, session):
    html = page(sign_in(client, make_account(NATIONAL)))

    assert "เมื่อเปิดรอบการลงทะเบียนแล้ว" in html
    assert client.get("/completeness/20").status_code == 404


def test_both_tables_are_taken_as_files_and_the_log_says_so(national):
    def sheet(query: str) -> list[tuple[Any, ...]]:
        response = national.get(f"/completeness/export.xlsx?{query}")
        assert response.status_code == 200
        return list(load_workbook(io.BytesIO(response.get_data())).active.iter_rows(values_only=True))

    _head, *places = sheet("order=name")
    assert places == [("ชลบุรี", 66, 3, 1, 1, 1, 1234, 0, 1234, 1, 0), ("ระยอง", 0, 1, 0, 0, 1, 0, 9, 9, 1, 1)]

    head, *schools = sheet("province=20&standing=reported")
    (private,) = schools
    assert (private[1], private[2]) == ("วิทยาลัยเทคโนโลยีเนินทราย", "วิทยาลัยเทคนิคชายคลอง")
    assert private[head.index("ปวช3. หลักสูตร ปวช.62")] == 1234

    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.entity == "assessment_completeness"))
    assert [one.payload["notes"][0]["asked"].get("province") for one in entries] == [None, "20"]


def test_pages_cost_the_same_queries_however_many_schools_there_are(national, country, count_queries):
    def queries(path: str) -> int:
        page(national, path)
        count_queries.clear()
        page(national, path)
        return len(count_queries)

    before = [queries(""), queries("20")]
    for province in ("20", "21", "30"):
        over = make_committee(province_code=province)
        for _n in range(3):
            make_registration(country.this, make_school(over, province_code=province), {country.branch: 5})
    db.session.flush()

    assert [queries(""), queries("20")] == before
    assert max(before) <= 12
