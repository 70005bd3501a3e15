"""Rows to xlsx and csv: what comes out is what went in, and nothing of it runs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.core import table
from reports.core.table import Column, defused, iter_csv, write_csv, write_xlsx, xlsx_bytes

COLUMNS = [Column("ชื่อโครงการ", width=40), Column("งบประมาณ", "money"), Column("วันที่ยื่น", "date"), Column("ครั้ง", "number")]
FORMULAS = ["=1+1", "+66812345678", "-5", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "＝1+1", "  =1"]


def cells(data: bytes) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]


def read_csv(columns: list[Column], rows: list[list[Any]]) -> list[list[str]]:
    out = io.BytesIO()
    write_csv(out, columns, rows)
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def test_a_workbook_holds_headings_and_typed_cells():
    data = xlsx_bytes(COLUMNS, [["ค่ายที่หนึ่ง", Decimal("-1234.50"), dt.date(2026, 10, 1), 3], ["ว่าง", None, None, None]])

    assert cells(data) == [
        ["ชื่อโครงการ", "งบประมาณ", "วันที่ยื่น", "ครั้ง"],
        ["ค่ายที่หนึ่ง", -1234.5, dt.datetime(2026, 10, 1, tzinfo=dt.UTC).replace(tzinfo=None), 3],
        ["ว่าง", None, None, None],
    ]


def test_a_workbook_opens_with_headings_frozen_and_a_filter():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(COLUMNS, [["ก", 1, None, 1]], sheet="โครงการ: 2569/1"))).active

    assert sheet.title == "โครงการ  2569 1"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D2"
    assert sheet["B2"].number_format == "#,##0.00"
    assert int(sheet.column_dimensions["A"].width) == 40  # and the space that Excel keeps at the edges


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text_in_a_workbook(text):
    data = xlsx_bytes([Column("ก"), Column("ข", "number"), Column(text)], [[text, text, text]])

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_is_defused_in_csv(text):
    rows = read_csv([Column(text)], [[text]])

    assert rows == [["'" + text], ["'" + text]]


def test_numbers_keep_their_sign_in_csv():
    assert read_csv(COLUMNS, [["ก", Decimal("-12.50"), dt.date(2026, 1, 2), -3]])[1] == [
        "ก",
        "-12.50",
        "02/01/2569",
        "-3",
    ]


def test_csv_begins_with_a_byte_order_mark_so_that_excel_shows_thai():
    first = next(iter_csv(COLUMNS, []))

    assert first.startswith(b"\xef\xbb\xbf")
    assert first.decode("utf-8-sig") == "ชื่อโครงการ,งบประมาณ,วันที่ยื่น,ครั้ง\r\n"


def test_text_with_separators_and_lines_survives_csv():
    assert read_csv([Column("ก")], [['เขาว่า "ดี", แล้ว\nขึ้นบรรทัด']])[1] == ['เขาว่า "ดี", แล้ว\nขึ้นบรรทัด']


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_rows_are_streamed_and_counted(write):
    alive = 0
    most = 0

    class Row(list):
        def __init__(self, values: list[Any]) -> None:
            nonlocal alive, most
            super().__init__(values)
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def rows() -> Iterator[Row]:
        for n in range(500):
            yield Row([f"แถว {n}", n, None, n])

    assert write(io.BytesIO(), COLUMNS, rows()) == 500
    assert most < 5


@pytest.mark.parametrize(("rows", "sheets"), [(0, [0]), (2, [2]), (3, [2, 1]), (4, [2, 2]), (5, [2, 2, 1])])
def test_more_rows_than_a_sheet_holds_go_on_on_further_sheets(monkeypatch, rows, sheets):
    monkeypatch.setattr(table, "MAX_ROWS", 2)
    out = io.BytesIO()

    count = write_xlsx(out, [Column("ก")], [[f"แถว {n}"] for n in range(rows)], sheet="รายการ")

    book = openpyxl.load_workbook(out)
    assert count == rows
    assert [sheet.max_row - 1 for sheet in book] == sheets
    assert [sheet["A1"].value for sheet in book] == ["ก"] * len(sheets)
    assert [row[0] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        f"แถว {n}" for n in range(rows)
    ]
    assert book.sheetnames == ["รายการ", "รายการ 2", "รายการ 3"][: len(sheets)]


def test_a_row_of_the_wrong_length_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        xlsx_bytes(COLUMNS, [["ก"]])


def test_what_xml_cannot_hold_is_left_out():
    assert cells(xlsx_bytes([Column("ก")], [["ก\x00\x0bข\uffff"]]))[1] == ["กข"]


def test_numbers_that_are_none_are_written_as_text():
    assert cells(xlsx_bytes([Column("ก", "number")], [[float("nan")], [Decimal("Infinity")], [True]])) == [
        ["ก"],
        ["nan"],
        ["Infinity"],
        ["True"],
    ]


def test_a_moment_is_written_in_bangkok_s_time_and_a_day_in_the_buddhist_era():
    late = dt.datetime(2026, 11, 20, 18, 30, tzinfo=dt.UTC)
    columns, row = [Column("ก", "datetime"), Column("ข", "date")], [late, dt.date(2026, 11, 20)]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(columns, [row]))).active

    assert [cell.value for cell in sheet[2]] == [dt.datetime(2026, 11, 21, 1, 30), dt.datetime(2026, 11, 20)]  # noqa: DTZ001 - cells know no zones
    assert [cell.number_format for cell in sheet[2]] == ["[$-107041E]dd/mm/yyyy hh:mm", "[$-107041E]dd/mm/yyyy"]
    assert [cell.is_date for cell in sheet[2]] == [True, True]
    assert read_csv(columns, [row])[1] == ["21/11/2569 01:30", "20/11/2569"]
    assert read_csv(columns, [[late.replace(tzinfo=None), None]])[1] == ["20/11/2569 18:30", ""]


@settings(deadline=None)
@given(st.text())
def test_nothing_defused_begins_like_a_formula(text):
    result = defused(text)

    assert result.strip(" \u00a0\ufeff\u200b")[:1] not in set("=+-@\t\r")
    assert result.removeprefix("'") == text or result == text
