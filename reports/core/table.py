"""Rows to spreadsheets: xlsx and csv, streamed, with no cell that a spreadsheet would run as a formula.

Days and moments are said in the Buddhist era, 11/03/2569 14:32 in Bangkok's time, in both kinds and in every language:
people read them, and it is how they type them (spec: README, Thai first).

What people typed goes into exports, and a cell that begins with = + - @ tab or CR is a formula in Excel, LibreOffice
and Google Sheets alike. In xlsx the type of a cell says that it is text; in csv nothing does, so an apostrophe, which
spreadsheets take for "text follows", is put before it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import IO, Any, Literal

from models.core.thai.dates import format_typed
from reports.core.workbook import DATE, MOMENT, MONEY, PLAIN, QUOTED, BookWriter, cleaned

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
MAX_ROWS = 1_048_575  # of data under one header row

Kind = Literal["text", "number", "money", "date", "datetime"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_STYLES: dict[Kind, int] = {"text": QUOTED, "number": PLAIN, "money": MONEY, "date": DATE, "datetime": MOMENT}


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
    """Write `rows` to `out` as an xlsx workbook and return how many there were.

    Rows are taken one at a time and never held. Numbers stay numbers, dates dates that Excel can sort and count with
    (and shows in the Buddhist era), all else is text. What goes beyond Excel's number of rows stands on further sheets.
    """
    return write_book(out, [Sheet(sheet, columns, rows)])


def write_book(out: IO[bytes], sheets: Iterable[Sheet]) -> int:
    """Write `sheets` to `out` as an xlsx workbook and return how many rows there were in all; see `write_xlsx`."""
    book = BookWriter(out, _text_style)
    try:
        count = sum(_write_sheet(book, sheet) for sheet in sheets)
    except BaseException:
        book.abandon()
        raise
    book.close()
    return count


def _write_sheet(book: BookWriter, sheet: Sheet) -> int:
    name = _SHEET_NAME.sub(" ", sheet.name)[:31] or "Sala"
    headings = [column.heading for column in sheet.columns]
    widths = [column.width for column in sheet.columns]
    styles = [_STYLES[column.kind] for column in sheet.columns]
    rows, count = iter(sheet.rows), 0
    while True:
        written, is_full = book.sheet(name, headings, widths, styles, rows, MAX_ROWS)
        count += written
        following = next(rows, None) if is_full else None
        if following is None:
            return count
        rows = chain([following], rows)


def _text_style(text: str) -> int:
    """Text that begins like a formula is marked, so that it stays text when somebody edits the cell."""
    return QUOTED if text.startswith(_FORMULA) else PLAIN


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
    if isinstance(value, dt.date):
        return format_typed(value)
    return defused(cleaned(str(value)))
