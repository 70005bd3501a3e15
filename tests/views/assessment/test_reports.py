"""Reports of a round: who finds which, that each holds the reader's rows alone, and what the log keeps of them."""

from __future__ import annotations

import csv
import html
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from models.assessment.codes import NATIONAL, RoundState
from models.assessment.outside import OutsideAgency
from models.assessment.school import School
from models.assessment.totals import numbers, students
from models.core.audit import AuditEntry
from models.core.db import db
from models.core.job import Job
from models.core.matrix import set_cells
from tests.factories.assessment import (
    make_agency,
    make_branches,
    make_committee,
    make_registration,
    make_round,
    make_school,
)
from tests.factories.core import make_account
from tests.reports.reading import needs_poppler, says
from views.assessment.reports import papers as files
from views.assessment.reports.words import EVERYTHING
from views.core import export
from views.core.field_words import known_words

PVC, PVS = "pvc2562", "pvs2563"
HOME = "/registration-reports/"


class Place:
    """Two provinces with a committee, a school and an agency each; last year's round and this one."""

    def __init__(self) -> None:
        self.last, self.round = make_round(RoundState.LOCKED, year=2570), make_round(year=2571)
        self.committee = make_committee(name="วิทยาลัยเทคนิคชายคลอง")
        self.school = make_school(self.committee, name="วิทยาลัยการอาชีพหนองประดู่")
        self.foreign_committee = make_committee(name="วิทยาลัยเทคนิคปากน้ำ", province_code="21")
        self.foreign = make_school(self.foreign_committee, name="วิทยาลัยการอาชีพเขาตะเคียน", province_code="21")
        (self.pvc,), (self.pvs,) = make_branches(1, PVC), make_branches(1, PVS)
        make_registration(self.round, self.committee, {self.pvc: 100})
        make_registration(self.round, self.school, {self.pvc: 30, self.pvs: 12})
        make_registration(self.last, self.school, {self.pvc: 77})
        make_registration(self.round, self.foreign, {self.pvc: 5})
        make_agency(self.round, self.committee, {self.pvc: 8}, name="โรงเรียนพลตำรวจชายทะเล")
        make_agency(self.round, self.foreign_committee, {self.pvs: 9}, name="ศูนย์ฝึกอาชีพปากน้ำ", province_code="21")
        self.national = make_account(NATIONAL)


@pytest.fixture
def place(session: Any) -> Place:
    return Place()


@pytest.fixture
def reader(new_client, sign_in):
    """Browsers of the people by name."""

    def opened(account: Any) -> Any:
        client = sign_in(new_client(), account)
        return lambda path, **query: client.get(f"{HOME}{path}", query_string=query)

    return opened


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.get_data(as_text=True))


def sheet(answer: Any, number: int = 0) -> list[list[Any]]:
    """The rows of one sheet, without its headings; empty cells are None."""
    assert answer.status_code == 200, answer.status_code
    book = load_workbook(io.BytesIO(answer.data))
    return [list(row) for row in book.worksheets[number].iter_rows(min_row=2, values_only=True)]


def lines(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]


# --- the page ---------------------------------------------------------------------------------------------------------


def test_a_school_finds_its_own_report_and_is_told_that_nothing_printed_is_sent(place, reader):
    page = text(reader(place.school.account)(""))

    assert f"/registration-reports/school/{place.school.id}.pdf?round={place.round.id}" in page
    assert "ไม่ต้องส่ง" in page
    assert "<b>42</b>" in page
    for other in ("/schools/", "/outside/", "/branches.", "/provinces."):
        assert f"/registration-reports{other}" not in page


def test_a_committee_finds_those_of_all_its_schools_and_of_its_agencies_and_of_no_other(place, reader):
    page = text(reader(place.committee.account)(""))

    key = place.committee.id
    for path in (
        f"schools/{key}.pdf",
        f"schools/{key}.xlsx",
        f"detail/{key}.pdf",
        f"outside/{key}.xlsx",
        f"school/{key}.pdf",
    ):
        assert f"{HOME}{path}" in page
    assert place.school.name in page
    assert place.foreign.name not in page
    assert "<b>142</b>" in page
    assert "<b>150</b>" in page
    assert f"{HOME}branches." not in page


def test_a_committee_chooses_which_of_its_schools_it_prints(place, reader):
    ask = reader(place.committee.account)

    assert f"{HOME}school/{place.school.id}.pdf" in text(ask("", school=place.school.id))
    assert ask("", school="abc").status_code == 400
    # A school of another committee is not chosen, whatever the address says.
    assert f"{HOME}school/{place.foreign.id}.pdf" not in text(ask("", school=place.foreign.id))


def test_the_national_office_finds_the_country_s_and_chooses_any_committee_and_school(place, reader):
    ask = reader(place.national)
    page = text(ask("", curriculum=PVC))

    assert f"{HOME}branches.pdf?round={place.round.id}&curriculum={PVC}" in page
    for path in ("provinces.pdf", "committees.xlsx", "everything/province.xlsx", "everything/reporter.csv"):
        assert f"{HOME}{path}" in page
    assert f"{HOME}schools/" not in page

    chosen = text(ask("", committee=place.foreign_committee.id))

    assert f"{HOME}schools/{place.foreign_committee.id}.pdf" in chosen
    assert f"{HOME}school/{place.foreign_committee.id}.pdf" in chosen
    assert place.foreign.name in chosen


def test_a_province_that_is_chosen_goes_into_the_report_by_branch(place, reader):
    page = text(reader(place.national)("", province="21"))

    assert f"branches.pdf?round={place.round.id}&province=21" in page


@pytest.mark.parametrize("query", [{"round": "999999"}, {"round": "x"}, {"curriculum": "pvc"}, {"province": "00"}])
def test_what_no_report_can_be_about_is_a_bad_address(place, reader, query):
    assert reader(place.national)("", **query).status_code == 400
    assert reader(place.national)("branches.xlsx", **query).status_code == 400


def test_before_the_first_round_the_page_says_so_and_there_is_no_file(session, reader):
    ask = reader(make_account(NATIONAL))

    assert "ยังไม่มีรอบ" in text(ask(""))
    assert ask("provinces.xlsx").status_code == 404


def test_the_page_runs_the_same_queries_however_many_schools_there_are(place, reader, count_queries):
    ask = reader(place.committee.account)
    ask("")
    count_queries.clear()
    ask("")
    few = len(count_queries)
    for _each in range(3):
        make_school(place.committee)
    db.session.commit()
    count_queries.clear()

    ask("")

    assert len(count_queries) == few


# --- whose ------------------------------------------------------------------------------------------------------------


def test_nobody_finds_the_reports_of_others(place, reader):
    own = reader(place.school.account)
    committee = reader(place.committee.account)

    assert own(f"school/{place.school.id}.xlsx").status_code == 200
    assert own(f"school/{place.committee.id}.xlsx").status_code == 404
    assert own(f"schools/{place.committee.id}.xlsx").status_code == 404
    assert own(f"outside/{place.committee.id}.xlsx").status_code == 404
    assert committee(f"school/{place.school.id}.xlsx").status_code == 200
    assert committee(f"schools/{place.committee.id}.xlsx").status_code == 200
    for path in ("school", "schools", "outside", "detail"):
        ending = "pdf" if path == "detail" else "xlsx"
        assert committee(f"{path}/{place.foreign_committee.id}.{ending}").status_code == 404
    for ask in (own, committee):
        for path in ("branches.xlsx", "provinces.xlsx", "committees.pdf"):
            assert ask(path).status_code == 404
        assert ask("everything/province.xlsx").status_code == 403
        assert ask("everything/committee.csv").status_code == 403


def test_a_kind_that_lost_the_permission_finds_nothing(place, reader):
    set_cells({("registration.report", NATIONAL): False})
    ask = reader(place.national)

    assert ask("").status_code == 403
    assert ask("branches.xlsx").status_code == 403


@pytest.mark.parametrize("path", ["school/{}.csv", "school/{}.exe", "branches.csv", "everything/reporter.pdf"])
def test_a_report_has_no_other_endings(place, reader, path):
    assert reader(place.national)(path.format(place.school.id)).status_code == 404


# --- what stands in them ----------------------------------------------------------------------------------------------


def test_a_school_s_workbook_has_its_branches_and_the_totals(place, reader):
    answer = reader(place.school.account)(f"school/{place.school.id}.xlsx")

    rows, sums = sheet(answer), sheet(answer, 1)
    assert [(row[5], row[7]) for row in rows[:-1]] == [(place.pvc.branch_code, 30), (place.pvs.branch_code, 12)]
    assert rows[-1][7] == 42
    assert [row[-1] for row in sums] == [30, 30, 30, 12, 12, 12, 42]


def test_a_report_is_of_the_round_and_curriculum_that_are_chosen(place, reader):
    ask = reader(place.school.account)

    assert sheet(ask(f"school/{place.school.id}.xlsx", round=place.last.id))[-1][7] == 77
    assert sheet(ask(f"school/{place.school.id}.xlsx", curriculum=PVS))[-1][7] == 12


def test_the_workbook_of_a_committee_lists_its_schools_and_sums_them(place, reader):
    make_school(place.committee, name="วิทยาลัยสารพัดช่างเนินงาม")
    answer = reader(place.committee.account)(f"schools/{place.committee.id}.xlsx")

    rows, branches = sheet(answer), sheet(answer, 1)
    assert [row[1] for row in rows[:-1]] == [place.committee.name, place.school.name, "วิทยาลัยสารพัดช่างเนินงาม"]
    assert [row[3] for row in rows[:-1]] == ["รายงานแล้ว", "รายงานแล้ว", "ยังไม่รายงาน"]
    assert rows[-1][4:] == [0, 0, 130, 12, 142]
    assert [row[7:] for row in branches] == [[2, 130, 0, 130], [1, 12, 0, 12], [None, 142, 0, 142]]


def test_the_workbook_of_agencies_holds_those_of_the_committee_alone(place, reader):
    rows = sheet(reader(place.committee.account)(f"outside/{place.committee.id}.xlsx"))

    assert [(row[0], row[-1]) for row in rows[:-1]] == [("โรงเรียนพลตำรวจชายทะเล", 8)]
    assert rows[-1][-1] == 8


def test_the_country_by_province_by_committee_and_by_branch_comes_to_the_same(place, reader):
    ask = reader(place.national)
    provinces, committees = sheet(ask("provinces.xlsx")), sheet(ask("committees.xlsx"))
    branches = sheet(ask("branches.xlsx"))
    whole = students(numbers(place.round.id, schools=select(School), agencies=select(OutsideAgency)))

    assert whole == 164
    assert provinces[-1][-1] == committees[-1][-1] == branches[-1][-1] == whole
    by_name = {row[0]: row for row in provinces}
    assert by_name["ชลบุรี"][-2:] == [8, 150]
    assert by_name["ระยอง"][-2:] == [9, 14]
    named = {row[0]: row[-1] for row in committees}
    assert named["อศจ.ชลบุรี (วิทยาลัยเทคนิคชายคลอง)"] == 150
    assert [row[8:] for row in branches[:-1]] == [[135, 8, 143], [12, 9, 21]]


@pytest.mark.parametrize("name", ["provinces", "committees"])
def test_what_curricula_already_count_of_agencies_is_headed_as_a_part_of_them(place, reader, name):
    book = load_workbook(io.BytesIO(reader(place.national)(f"{name}.xlsx").data))
    heads, *_rows, sums = book.worksheets[0].iter_rows(min_col=6, values_only=True)

    assert sum(sums[:-2]) == sums[-1]
    assert heads[-2] == "ในจำนวนนี้ ผู้เข้ารับการประเมินของหน่วยงานนอกสังกัด"


def test_the_report_by_branch_of_one_province_holds_no_other(place, reader):
    branches = sheet(reader(place.national)("branches.xlsx", province="21"))

    assert branches[-1][8:] == [5, 9, 14]


@needs_poppler
@pytest.mark.parametrize(
    ("who", "path", "said"),
    [
        ("school", "school/{school}.pdf", "รวมผู้เข้ารับการประเมิน 42 คน"),
        ("committee", "schools/{committee}.pdf", "เครื่องมือที่ต้องพิมพ์ 150 ชุด"),
        ("committee", "detail/{committee}.pdf", "วิทยาลัยการอาชีพหนองประดู่"),
        ("committee", "outside/{committee}.pdf", "โรงเรียนพลตำรวจชายทะเล"),
        ("national", "provinces.pdf", "ระยอง"),
        ("national", "committees.pdf", "อศจ.ระยอง (วิทยาลัยเทคนิคปากน้ำ)"),
        ("national", "branches.pdf", "เครื่องมือที่ต้องพิมพ์ 164 ชุด"),
    ],
)
def test_each_paper_opens_in_the_browser_names_who_printed_it_and_is_kept_by_no_cache(place, reader, who, path, said):
    one = getattr(place, who)
    account = getattr(one, "account", one)

    answer = reader(account)(path.format(school=place.school.id, committee=place.committee.id))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert says(answer.data, said)
    assert says(answer.data, f"พิมพ์โดย {account.full_name}")


def test_a_paper_that_would_be_too_long_is_not_begun_and_says_what_to_do(place, reader, monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 2)

    answer = reader(place.committee.account)(f"detail/{place.committee.id}.pdf")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{HOME}?round={place.round.id}")
    assert reader(place.committee.account)(f"detail/{place.committee.id}.pdf", curriculum=PVS).status_code == 200


# --- everything -------------------------------------------------------------------------------------------------------


def test_every_number_is_a_row_of_who_reports_it(place, reader):
    rows = lines(reader(place.national)("everything/reporter.csv"))

    assert sum(int(row[-1]) for row in rows) == 164
    assert [row[2] for row in rows] == [
        *(place.school.name, place.school.name, place.committee.name, "โรงเรียนพลตำรวจชายทะเล"),
        *(place.foreign.name, "ศูนย์ฝึกอาชีพปากน้ำ"),
    ]
    assert {row[4] for row in rows[:4]} == {"อศจ.ชลบุรี (วิทยาลัยเทคนิคชายคลอง)"}


def test_everything_holds_for_a_committee_its_own_and_for_a_school_its_own(place, reader):
    of_committee = lines(reader(place.committee.account)("everything/reporter.csv"))
    of_school = lines(reader(place.school.account)("everything/reporter.csv"))

    assert sum(int(row[-1]) for row in of_committee) == 150
    assert sum(int(row[-1]) for row in of_school) == 42


@pytest.mark.parametrize(("by", "first"), [("province", "ชลบุรี"), ("committee", "อศจ.ชลบุรี (วิทยาลัยเทคนิคชายคลอง)")])
def test_every_branch_of_a_place_is_a_row_with_its_instruments(place, reader, by, first):
    rows = lines(reader(place.national)(f"everything/{by}.csv"))

    assert [row[-3:] for row in rows] == [
        *(["130", "8", "138"], ["12", "0", "12"]),
        *(["5", "0", "5"], ["0", "9", "9"]),
    ]
    assert rows[0][0] == first


def test_a_long_list_is_made_by_the_worker_for_its_asker(place, reader, monkeypatch):
    monkeypatch.setitem(export.AT_ONCE, "xlsx", 3)

    answer = reader(place.national)("everything/reporter.xlsx")

    assert answer.status_code == 302
    wanted = db.session.scalars(select(Job).where(Job.kind == "export", Job.requested_by == place.national.id)).one()
    assert wanted.params["asked"] == {"by": "reporter", "round": place.round.id}


# --- the log ----------------------------------------------------------------------------------------------------------


def test_what_was_printed_or_fetched_is_in_the_log_with_its_round_and_whose(place, reader):
    ask = reader(place.committee.account)
    ask(f"outside/{place.committee.id}.pdf", curriculum=PVC)
    ask(f"school/{place.school.id}.xlsx")
    ask("everything/reporter.csv", round=place.last.id)

    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.entity == "assessment_registration"))
    noted = [
        note for row in rows for note in row.payload.get("notes", ()) if note["action"].endswith(("print", "export"))
    ]
    kept = [{name: value for name, value in note.items() if name != "ending"} for note in noted]
    assert kept == [
        {
            "action": "assessment_registration.print",
            "paper": "outside",
            "round": "1/2571",
            "curriculum": PVC,
            "committee": place.committee.code,
        },
        {
            "action": "assessment_registration.export",
            "paper": "school",
            "round": "1/2571",
            "school": place.school.code,
        },
        {"action": "assessment_registration.export", "asked": {"by": "reporter", "round": place.last.id}},
    ]


def test_the_log_has_words_for_every_report_and_list(app):
    with app.test_request_context():
        told = {code: known_words("assessment_registration", "paper", code) for code in files.TITLES}
        lists = {code: known_words("assessment_registration", "by", code) for code in EVERYTHING}

    assert "" not in {*told.values(), *lists.values()}
    assert len({*told.values(), *lists.values()}) == len(told) + len(lists)
