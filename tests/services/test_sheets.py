"""Tables that people send are read as they meant them, within bounds, and nothing in them is run."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from models.core.entity.cells import ExcelError
from services.core import BadFile
from services.sheets import MOST_COLUMNS, TIS_620, UTF_8, Line, count_rows, read_table


def text(content: bytes, most: int = 100) -> list[Line]:
    return list(read_table("csv", io.BytesIO(content), most).lines)


def book(*rows, most: int = 100) -> list[Line]:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return list(read_table("xlsx", out, most).lines)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp874"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_text_is_read_in_its_coding_and_with_its_sign(coding, sign):
    lines = text(f"ชื่อ{sign}ที่ตั้ง\r\nมูลนิธิ{sign}เชียงใหม่\r\n".encode(coding))

    assert lines == [Line(1, ("ชื่อ", "ที่ตั้ง")), Line(2, ("มูลนิธิ", "เชียงใหม่"))]


def test_rows_keep_their_numbers_where_empty_ones_stand_between():
    assert [line.number for line in text(b"a,b\r\n\r\n , \r\n1,2\r\n")] == [1, 4]
    assert [line.number for line in book(["a"], [], [None], ["x"])] == [1, 4]


def test_lines_within_quotation_marks_are_one_row():
    assert text(b'a,b\r\n"1\r\n2",3\r\n4,5\r\n') == [Line(1, ("a", "b")), Line(2, ("1\r\n2", "3")), Line(3, ("4", "5"))]


def test_an_apostrophe_before_a_formula_is_taken_off_and_stays_before_anything_else():
    assert text(b"a\r\n'=1+1\r\n'x\r\n")[1:] == [Line(2, ("=1+1",)), Line(3, ("'x",))]


def test_formulas_are_text_and_failed_ones_are_told():
    [line] = book(["=1+1", "#N/A", 5, 2.5, True])

    assert line.cells == ("=1+1", "#N/A", 5, 2.5, True)
    assert isinstance(line.cells[1], ExcelError)


def test_more_than_the_bounds_is_refused_before_it_is_held():
    with pytest.raises(BadFile, match="too_many_rows"):
        text(b"a\r\n" * 5, most=3)
    with pytest.raises(BadFile, match="too_many_columns"):
        text(b"a," * (MOST_COLUMNS + 1) + b"a\r\n")
    with pytest.raises(BadFile, match="cell_too_long"):
        text(b'a\r\n"' + b"x" * 200_000)


@pytest.mark.parametrize("sign", [b",", b";", b"\t"])
def test_a_first_line_of_a_million_pieces_is_refused_instead_of_failing(sign):
    with pytest.raises(BadFile, match="too_many_columns"):
        text(b"a" + sign * 1_000_000 + b"a\n1\n")


def test_a_broken_workbook_is_told_instead_of_failing():
    with pytest.raises(BadFile, match="damaged"):
        list(read_table("xlsx", io.BytesIO(b"PK\x03\x04 no workbook"), 10).lines)


@pytest.mark.parametrize(("coding", "name"), [("utf-8", UTF_8), ("utf-8-sig", UTF_8), ("cp874", TIS_620)])
def test_how_a_text_was_read_is_known(coding, name):
    table = read_table("csv", io.BytesIO("ชื่อ;ที่ตั้ง\r\nก;ข\r\n".encode(coding)), 10)

    assert (table.coding, table.sign) == (name, ";")


def test_rows_are_counted_before_they_are_read():
    content = io.BytesIO(b"a,b\r\n" + b"1,2\r\n\r\n" * 4)

    assert count_rows("csv", content, 4) == 4
    assert count_rows("csv", io.BytesIO(b""), 4) == 0
    with pytest.raises(BadFile, match="too_many_rows"):
        count_rows("csv", content, 3)
