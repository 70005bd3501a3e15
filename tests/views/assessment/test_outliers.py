"""The comparison with last year: totals of both years, and the numbers that call for a question."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from models.assessment.codes import NATIONAL
from models.assessment.comparison import Pair
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
from views.assessment.outliers.words import difference


class Years:
    """A committee with two schools that saved in both years, a third that has not saved yet, and one elsewhere."""

    def __init__(self) -> None:
        self.last, self.this = make_round("locked", year=2568), make_round(year=2569)
        self.committee = make_committee(province_code="20", name="วิทยาลัยเทคนิคชายคลอง")
        self.one = make_school(self.committee, name="วิทยาลัยการอาชีพหนองประดู่", phone="038000111")
        self.two = make_school(self.committee, name="วิทยาลัยเทคโนโลยีเนินทราย")
        self.late = make_school(self.committee, name="วิทยาลัยที่ยังไม่บันทึก")
        self.foreign = make_school(make_committee(province_code="21"), province_code="21", name="วิทยาลัยต่างจังหวัด")
        self.a, self.b = make_branches(2)
        self.a.branch, self.b.branch = "ยานยนต์", "ไฟฟ้ากำลัง"
        for school, before, now in (
            (self.one, {self.a: 30, self.b: 40}, {self.a: 90, self.b: 41}),
            (self.two, {self.a: 25, self.b: 22}, {self.a: 25}),
            (self.foreign, {self.a: 500}, {self.a: 100}),
        ):
            make_registration(self.last, school, before)
            make_registration(self.this, school, now)
        make_registration(self.last, self.late, {self.a: 1000})
        make_agency(self.this, self.committee, {self.a: 7})
        db.session.flush()


@pytest.fixture
def years(session: Any) -> Years:
    """Two years side by side."""
    return Years()


def text(html: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def rows(html: str, heading: str) -> list[str]:
    """The lines of the table whose caption begins so; none where it is not there."""
    _before, found, table = html.partition(f'<caption class="visually-hidden">{heading}')
    body = table.split("</tbody>", 1)[0].split("<tbody>", 1)[-1]
    return [text(row) for row in body.split("</tr>")[:-1]] if found else []


def outliers(client: Any, **query: Any) -> list[str]:
    """The lines of the outliers."""
    return rows(page(client, **query), "จำนวนที่ควรสอบถาม")


def page(client: Any, **query: Any) -> str:
    """The page in Thai."""
    response = client.get("/outliers/", query_string=query)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


@pytest.fixture
def province(client: Any, sign_in: Any, years: Years) -> Any:
    """A browser of the committee."""
    return sign_in(client, years.committee.account)


@pytest.fixture
def national(client: Any, sign_in: Any, years: Years) -> Any:
    """A browser of the national office."""
    return sign_in(client, make_account(NATIONAL))


def test_a_committee_sees_what_doubled_or_vanished_in_its_schools(province):
    first, second = outliers(province)

    assert first.startswith("วิทยาลัยการอาชีพหนองประดู่")
    assert "โทร. 038-000-111 ยานยนต์" in first
    assert first.endswith("30 90 +60 (+200%) เพิ่มเท่าตัวขึ้นไป")
    assert second.startswith("วิทยาลัยเทคโนโลยีเนินทราย")
    assert second.endswith("22 0 -22 (-100%) หายไป")
    assert "วิทยาลัยต่างจังหวัด" not in page(province)


def test_totals_of_all_and_of_schools_that_saved_stand_side_by_side(province):
    lines = rows(page(province), "จำนวนผู้เข้ารับการประเมินของทั้งสองปีตามหลักสูตร")

    assert lines[2] == "ปวช3. หลักสูตร ปวช.62 1,117 156 -961 (-86%) 117 156 +39 (+33%)"
    assert lines[4] == "หน่วยงานนอกสังกัด 0 7 +7 – – – ไม่เปรียบเทียบ"
    assert lines[5] == "รวม 1,117 163 -954 (-85%) 117 156 +39 (+33%)"


def test_when_the_round_is_over_the_page_says_what_is_compared_then(province, years):
    years.this.state = "locked"
    db.session.flush()
    seen = page(province)

    assert "สถานศึกษาที่ต้องรายงาน" in seen
    assert "เฉพาะสถานศึกษาที่บันทึกในปีนี้แล้ว" not in seen
    assert "ปิดรอบแล้ว" in seen


def test_no_difference_is_no_percentage():
    assert difference(Pair(40, 40)) == "0"
    assert difference(Pair(40, 50)) == "+10 (+25%)"


def test_the_national_office_sees_all_and_chooses(national):
    assert [row.split(" ")[0] for row in outliers(national)] == [
        "วิทยาลัยต่างจังหวัด",
        "วิทยาลัยการอาชีพหนองประดู่",
        "วิทยาลัยเทคโนโลยีเนินทราย",
    ]
    assert [row.split(" ")[0] for row in outliers(national, province="21")] == ["วิทยาลัยต่างจังหวัด"]
    assert [row.split(" ")[0] for row in outliers(national, change="vanished")] == ["วิทยาลัยเทคโนโลยีเนินทราย"]
    assert outliers(national, curriculum="pvs2563") == []
    (by_school,) = outliers(national, by="school")
    assert by_school.endswith("500 100 -400 (-80%) เหลือไม่เกินครึ่ง")
    (by_branch,) = outliers(national, by="branch")
    assert by_branch.startswith("ยานยนต์")
    assert by_branch.endswith("555 215 -340 (-61%) เหลือไม่เกินครึ่ง")


def test_a_committee_cannot_look_into_another_province(province):
    assert outliers(province, province="21") == outliers(province)


def test_the_page_shows_the_largest_and_the_file_all(national, monkeypatch):
    monkeypatch.setattr("views.assessment.outliers.view.SHOWN", 2)

    html = page(national)
    response = national.get("/outliers/export.xlsx")

    assert len(rows(html, "จำนวนที่ควรสอบถาม")) == 2
    assert "แสดง 2 รายการที่ต่างมากที่สุดจาก 3 รายการ" in html
    head, *lines = load_workbook(io.BytesIO(response.get_data())).active.iter_rows(values_only=True)
    assert head[7:9] == ("ปีการศึกษา 2568", "ปีการศึกษา 2569")
    assert (lines[0][1], lines[0][2], *lines[0][6:]) == (
        "วิทยาลัยต่างจังหวัด", "ระยอง", "ยานยนต์", 500, 100, -400, "เหลือไม่เกินครึ่ง",
    )  # fmt: skip
    assert len(lines) == 3


def test_in_the_first_round_there_is_nothing_to_compare_with(client, sign_in, session):
    make_round(year=2569)

    assert "ยังไม่มีข้อมูลให้เปรียบเทียบ" in page(sign_in(client, make_account(NATIONAL)))
    assert client.get("/outliers/export.xlsx").status_code == 404


@pytest.mark.parametrize("query", ["by=x", "change=x", "curriculum=x", "round=0", "province=00"])
def test_what_no_link_asks_for_is_refused(national, query):
    assert national.get(f"/outliers/?{query}").status_code == 400


def test_the_page_costs_the_same_queries_however_many_outliers_there_are(national, years, count_queries):
    def queries() -> int:
        page(national)
        count_queries.clear()
        page(national)
        return len(count_queries)

    before = queries()
    for school in [make_school(years.committee) for _n in range(4)]:
        make_registration(years.last, school, {years.a: 30, years.b: 30})
        make_registration(years.this, school, {years.a: 90})

    assert queries() == before <= 12
