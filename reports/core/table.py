"""Rows to spreadsheets: xlsx and csv, streamed, with no cell that a spreadsheet would run as a formula.

What people typed goes into exports, and a cell that begins with = + - @ tab or CR is a formula in Excel, LibreOffice
and Google Sheets alike. In xlsx the type of a cell says that it is text; in csv nothing does, so an apostrophe, which
spreadsheets take for "text follows", is put before it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
MAX_CELL = 32_767  # characters; a longer cell makes Excel call the file damaged
MAX_ROWS = 1_048_575  # of data under one header row

Kind = Literal["text", "number", "money", "date", "datetime"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_FORMATS: dict[Kind, str] = {"money": "#,##0.00", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}


@dataclass(frozen=True)
class Column:
    """One column: its heading in the reader's language, what it holds, its width in characters."""

    heading: str
    kind: Kind = "text"
    width: int = 18


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, columns and rows."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def write_xlsx(out: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, sheet: str = "Sala") -> int:
    """Write `rows` to `out` as an xlsx workbook of one sheet and return how many there were.

    Rows are taken one at a time and never held. Numbers stay numbers, dates dates (of the Common Era, which Excel can
    sort and count with), all else is text. Raises ValueError past Excel's number of rows.
    """
    return write_book(out, [Sheet(sheet, columns, rows)])


def write_book(out: IO[bytes], sheets: Iterable[Sheet]) -> int:
    """Write `sheets` to `out` as an xlsx workbook and return how many rows there were in all; see `write_xlsx`."""
    book = Workbook(write_only=True)
    count = sum(_write_sheet(book, sheet) for sheet in sheets)
    book.save(out)
    return count


def _write_sheet(book: Workbook, sheet: Sheet) -> int:
    columns, rows = sheet.columns, sheet.rows
    page = book.create_sheet(_SHEET_NAME.sub(" ", sheet.name)[:31] or "Sala")
    page.freeze_panes = "A2"
    for index, column in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(index)].width = column.width
    page.append([_heading_cell(page, column.heading) for column in columns])
    count = 0
    try:
        for row in rows:
            count += 1
            if count > MAX_ROWS:
                raise ValueError(f"more than {MAX_ROWS} rows")
            page.append([_cell(page, column, value) for column, value in zip(columns, row, strict=True)])
    except BaseException:
        page.close()
        page._writer.cleanup()  # its temporary file would stay until the process ends
        raise
    page.auto_filter.ref = f"A1:{get_column_letter(max(len(columns), 1))}{count + 1}"
    return count


def write_csv(out: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
    """Write `rows` to `out` as CSV in UTF-8 with a byte order mark and return how many there were."""
    count = -1  # the headings
    for chunk in iter_csv(columns, rows):
        out.write(chunk)
        count += 1
    return count


def iter_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The CSV line by line, headings first, for a response that streams."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")

    def line(values: Iterable[Any]) -> bytes:
        writer.writerow(list(values))
        data = buffer.getvalue().encode("utf-8")
        buffer.seek(0)
        buffer.truncate()
        return data

    yield b"\xef\xbb\xbf" + line(defused(column.heading) for column in columns)
    for row in rows:
        yield line(_csv_value(value) for _column, value in zip(columns, row, strict=True))


def xlsx_bytes(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, sheet: str = "Sala") -> bytes:
    """A small workbook as bytes, for tests and attachments; exports of any size use `write_xlsx`."""
    with tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024) as out:
        write_xlsx(out, columns, rows, sheet=sheet)
        out.seek(0)
        return out.read()


def defused(text: str) -> str:
    """`text` as a spreadsheet that reads CSV will show it, and never run it."""
    return f"'{text}" if text.lstrip(" \u00a0\ufeff\u200b").startswith(_FORMULA) else text


def _csv_value(value: Any) -> str:
    """One CSV field. A number of Python's is safe with its sign; text that looks like one is still text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    return defused(_clean(value))


def _heading_cell(page: Any, text: str) -> WriteOnlyCell:
    cell = _text_cell(page, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E9EDF2")
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(page: Any, column: Column, value: Any) -> WriteOnlyCell | None:
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)  # Excel knows no zones; the caller gives Bangkok time
    typed = isinstance(value, int | float | Decimal | dt.date) and not isinstance(value, bool)
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        typed = False
    if column.kind == "text" or not typed:
        return _text_cell(page, value)
    cell = WriteOnlyCell(page, value=value)
    if column.kind in _FORMATS:
        cell.number_format = _FORMATS[column.kind]
    return cell


def _text_cell(page: Any, value: Any) -> WriteOnlyCell:
    """A cell that is text whatever it begins with, and stays text when somebody edits it."""
    text = _clean(value)
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        cell.number_format = "@"
        cell.quotePrefix = True
    return cell


def _clean(value: Any) -> str:
    """Text without the control characters XML cannot hold, cut to what a cell can."""
    return _CONTROL.sub("", str(value))[:MAX_CELL]
