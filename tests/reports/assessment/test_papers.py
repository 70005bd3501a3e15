"""The registry's papers: whose they are, their numbers and totals, and that they stay where they are printed."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy import select

from models.assessment.codes import RoundState
from models.assessment.outside import NoneOutside, OutsideAgency
from models.assessment.school import School
from models.assessment.status import SchoolStatus, Status
from models.assessment.totals import PROVINCE
from models.core.clock import BANGKOK
from models.core.db import db
from models.core.reference.provinces import province_name
from reports.assessment import figures, papers, words
from reports.assessment.figures import Asked
from reports.assessment.frame import LONG, Printed, Row, tables_of, tree_tables
from tests.factories.assessment import (
    make_agency,
    make_branches,
    make_committee,
    make_registration,
    make_round,
    make_school,
)
from tests.reports.reading import needs_poppler, pages_of, run_together, says, text_of

pytestmark = needs_poppler

PVC, PVS = "pvc2562", "pvs2563"
PRINTED = Printed("นางสาวพิมพ์ใจ งามดี", datetime(2026, 11, 22, 14, 32, tzinfo=BANGKOK))
SCHOOLS, AGENCIES = select(School), select(OutsideAgency)
KEPT = "ไม่ต้องส่งเอกสารที่พิมพ์ไปยังส่วนกลาง"


class Place:
    """A committee with two schools, the second without numbers, and an agency."""

    def __init__(self) -> None:
        self.round = make_round(RoundState.OPEN, year=2571)
        self.committee = make_committee(name="วิทยาลัยเทคนิคชายคลอง")
        self.school = make_school(self.committee, name="วิทยาลัยการอาชีพหนองประดู่")
        self.silent = make_school(self.committee, name="วิทยาลัยสารพัดช่างเนินงาม", phone="0381234567")
        self.first, self.second = make_branches(2, PVC, field="F9", programme="P9")
        (self.third,) = make_branches(1, PVS, field="G9", programme="Q9")
        make_registration(self.round, self.committee, {self.first: 100})
        make_registration(self.round, self.school, {self.first: 11, self.second: 1_200, self.third: 7})
        self.agency = make_agency(
            self.round, self.committee, {self.first: 5}, name="โรงเรียนพลตำรวจชายทะเล", parent="สำนักงานตำรวจแห่งชาติ"
        )

    def asked(self, curriculum=""):
        return Asked(self.round, curriculum)


@pytest.fixture
def place(session):
    return Place()


def row(*cells):
    """Cells of one row as they stand beside each other."""
    return run_together("".join(str(cell) for cell in cells))


def test_a_school_s_paper_has_its_head_its_branches_and_a_total_at_every_level(place):
    document = papers.school_paper(place.asked(), figures.of_school(place.asked(), place.school), PRINTED)

    text = text_of(document)
    for line in ("รายงานข้อมูลสาขางานในสถานศึกษา", "วิทยาลัยการอาชีพหนองประดู่", "ปีการศึกษา 2571 รอบที่ 1"):
        assert says(document, line)
    assert says(document, "อศจ.ชลบุรี (วิทยาลัยเทคนิคชายคลอง)")
    assert says(document, "รวมผู้เข้ารับการประเมิน 1,218 คน")
    pvc = [("P9", "ประเภทวิชา P9", "1,211"), ("F9", "สาขาวิชา F9", "1,211")]
    pvc += [(one.branch_code, one.branch, number) for one, number in ((place.first, 11), (place.second, "1,200"))]
    pvs = [("Q9", "ประเภทวิชา Q9", 7), (place.third.branch_code, place.third.branch, 7)]
    lines = [row(*cells) for cells in (*pvc, ("รวมหลักสูตรนี้", "1,211"), *pvs, ("รวมหลักสูตรนี้", 7))]
    places = [text.index(line) for line in lines]
    assert places == sorted(places)
    assert says(document, "พิมพ์โดย นางสาวพิมพ์ใจ งามดี")
    assert says(document, "22 พฤศจิกายน 2569 14.32 น.")
    assert says(document, KEPT)


def test_a_paper_of_one_curriculum_says_so_and_holds_no_other(place):
    document = papers.school_paper(place.asked(PVS), figures.of_school(place.asked(PVS), place.school), PRINTED)

    assert says(document, words.curriculum_name(PVS))
    assert says(document, "รวมผู้เข้ารับการประเมิน 7 คน")
    assert place.first.branch_code not in text_of(document)


def test_a_school_without_numbers_gets_a_paper_that_says_so(place):
    document = papers.school_paper(place.asked(), figures.of_school(place.asked(), place.silent), PRINTED)

    for line in ("ยังไม่รายงาน", "ยังไม่เคยบันทึก", "ไม่มีผู้เข้ารับการประเมินในหลักสูตรที่เลือก"):
        assert says(document, line)


def test_every_page_says_which_it_is_of_how_many_and_which_curriculum_goes_on(place):
    many = make_branches(LONG + 20, PVC, field="H9", programme="P9")
    make_registration(place.round, place.silent, dict.fromkeys(many, 3))

    pages = pages_of(papers.school_paper(place.asked(), figures.of_school(place.asked(), place.silent), PRINTED))

    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert run_together(f"หน้า {number} จาก {len(pages)}") in run_together(page)
    assert all(run_together(words.curriculum_name(PVC)) in run_together(page) for page in pages[:-1])
    assert row("รวมหลักสูตรนี้", 3 * (LONG + 20)) in run_together("".join(pages))


def test_a_long_tree_goes_on_in_tables_that_together_hold_each_row_once_and_begin_with_a_field(place):
    fields = {name: make_branches(25, PVC, field=name, programme="P9") for name in ("H1", "H2", "H3", "H4", "H5", "H6")}
    make_registration(place.round, place.silent, {one: 3 for many in fields.values() for one in many})
    found = figures.of_school(place.asked(), place.silent).branches

    tables = tree_tables(found.tree, [], lambda _group: ())

    codes = [cells.cells[0] for table in tables for cells in table.rows]
    assert codes == [
        "P9",
        *(code for name, many in fields.items() for code in (name, *(one.branch_code for one in many))),
        "",
    ]
    assert [table.rows[0].cells[0] for table in tables] == ["P9", "H4"]


def test_a_list_without_groups_is_divided_too(place):
    tables = tables_of([], [Row((number,)) for number in range(5 * LONG)])

    assert [len(table.rows) for table in tables] == [2 * LONG, 2 * LONG, LONG]


def test_the_paper_of_agencies_names_each_with_where_it_belongs_and_sums_them(place):
    make_agency(place.round, place.committee, {place.third: 8}, name="ศูนย์ฝึกอาชีพริมคลอง", sector="private")
    found = figures.of_outside(place.asked(), place.committee, AGENCIES)

    document = papers.outside_paper(place.asked(), found, PRINTED)

    for line in ("1โรงเรียนพลตำรวจชายทะเล", "รัฐบาล สำนักงานตำรวจแห่งชาติ จังหวัดชลบุรี", "2ศูนย์ฝึกอาชีพริมคลอง", "เอกชน จังหวัดชลบุรี"):
        assert says(document, line)
    assert says(document, "รวมทุกหน่วยงาน 13")
    assert row(place.third.branch_code, place.third.branch, 8) in text_of(document)
    assert says(document, KEPT)
    assert place.school.code not in text_of(document)


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_a_province_without_agencies_has_it_on_paper_whether_it_confirmed_that(place, is_confirmed):
    place.agency.deleted_at = PRINTED.at
    if is_confirmed:
        db.session.add(NoneOutside(round_id=place.round.id, committee_id=place.committee.id))
    db.session.flush()

    found = figures.of_outside(place.asked(), place.committee, AGENCIES)
    document = papers.outside_paper(place.asked(), found, PRINTED)

    assert says(document, "ยืนยันว่าไม่มีการขอใช้เครื่องมือของสถานศึกษานอกสังกัด") is is_confirmed
    assert says(document, "ยังไม่ได้ยืนยัน") is not is_confirmed


def test_the_paper_of_all_schools_lists_each_where_it_stands_and_sums_them_with_the_agencies(place):
    closed = make_school(place.committee, name="วิทยาลัยที่ปิดไป")
    db.session.add(SchoolStatus(round_id=place.round.id, school_id=closed.id, status=Status.CLOSED))
    make_school(make_committee(), name="วิทยาลัยของจังหวัดอื่น")
    db.session.flush()
    found = figures.of_schools(place.asked(), place.committee, SCHOOLS, AGENCIES)

    document = papers.schools_paper(place.asked(), found, PRINTED)

    text = text_of(document)
    assert row("1", place.committee.code, place.committee.name, "รายงานแล้ว", 0, 0, 100, 0, 100) in text
    assert row(place.school.code, "วิทยาลัยการอาชีพหนองประดู่", "รายงานแล้ว", 0, 0, "1,211", 7, "1,218") in text
    assert row("วิทยาลัยสารพัดช่างเนินงาม", "ยังไม่รายงาน", 0, 0, 0, 0, 0) in text
    assert row("วิทยาลัยที่ปิดไป", "สถานศึกษาปิดกิจการ") in text
    assert row("รวม", 0, 0, "1,311", 7, "1,318") in text
    assert "จังหวัดอื่น" not in text
    assert says(document, "รายงานแล้ว 2 แห่ง ยังไม่รายงาน 1 แห่ง ไม่ต้องรายงาน 1 แห่ง")
    assert says(document, "เครื่องมือที่ต้องพิมพ์ 1,323 ชุด")
    # Two schools teach the first branch; one school does not become two in the sum of its field.
    assert row(place.first.branch_code, place.first.branch, 2, 111) in text


@pytest.mark.parametrize("curriculum", ["", PVC])
def test_the_paper_in_detail_has_every_school_with_its_branches_or_why_it_has_none(place, curriculum):
    asked = place.asked(curriculum)

    document = papers.detail_paper(asked, figures.in_detail(asked, place.committee, SCHOOLS), PRINTED)

    text = text_of(document)
    said = "" if curriculum else words.curriculum_column(PVC)
    assert row(place.second.branch_code, f"{place.second.branch} (สาขาวิชา F9)", said, "1,200") in text
    assert row("3.", place.silent.code, place.silent.name, "ยังไม่รายงาน", "โทร.", "038-123-4567") in text
    assert (place.third.branch_code in text) is not curriculum
    assert row("รวม", "1,211" if curriculum else "1,218") in text


def test_the_paper_of_places_sums_schools_and_agencies_to_the_country_s(place):
    elsewhere = make_school(province_code="21")
    make_registration(place.round, elsewhere, {place.third: 40})
    schools = SCHOOLS.where(School.id.in_([one.id for one in (place.committee, place.school, place.silent, elsewhere)]))
    found = figures.by_place(place.asked(), PROVINCE, schools, AGENCIES)
    named = [(province_name(code), found[code]) for code in ("20", "21")]

    document = papers.places_paper(
        place.asked(), named, PRINTED, title=papers.PROVINCES_TITLE, head="จังหวัด", whose=words.REGISTRY
    )

    text = text_of(document)
    assert row("1", "ชลบุรี", "2/3", 0, 0, "1,316", 7, 5, "1,323") in text
    assert row("2", "ระยอง", "1/1", 0, 0, 0, 40, 0, 40) in text
    assert row("รวมทั้งประเทศ", "3/4", 0, 0, "1,316", 47, 5, "1,363") in text
    assert not says(document, KEPT)


def test_the_paper_by_branch_tells_schools_from_agencies_and_how_many_instruments(place):
    found = figures.by_branch(place.asked().numbers(SCHOOLS, AGENCIES))

    document = papers.branches_paper(place.asked(), found, PRINTED, whose="ทั้งประเทศ")

    assert row(place.first.branch_code, place.first.branch, 3, 111, 5, 116) in text_of(document)
    assert row("รวมหลักสูตรนี้", "1,311", 5, "1,316") in text_of(document)
    assert says(document, "เครื่องมือที่ต้องพิมพ์ 1,323 ชุด")


def test_names_that_look_like_markup_are_names(place):
    place.school.name = "วิทยาลัย <b>&amp; กขค"
    db.session.flush()

    document = papers.school_paper(place.asked(), figures.of_school(place.asked(), place.school), PRINTED)

    assert says(document, place.school.name)


@pytest.mark.parametrize(
    ("state", "said"),
    [(RoundState.OPEN, "รอบยังเปิดรับข้อมูล"), (RoundState.LOCKED, "ปิดรอบรับข้อมูลแล้ว")],
)
def test_a_paper_says_whether_its_numbers_may_still_change(place, state, said):
    place.round.state = state

    document = papers.school_paper(place.asked(), figures.of_school(place.asked(), place.silent), PRINTED)

    assert says(document, said)


def test_a_committee_is_named_by_its_kind_and_place(session):
    bangkok = make_school(committee="bangkok", province_code="10", name="วิทยาลัยเทคนิคธนบุรี")

    assert words.committee_name(bangkok) == "อศก. (วิทยาลัยเทคนิคธนบุรี)"
    assert re.match(r"อศจ\.ระยอง \(", words.committee_name(make_committee(province_code="21")))
