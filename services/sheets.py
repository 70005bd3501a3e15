"""Reads the rows of a spreadsheet or text table that somebody sent: bounded, streamed, with nothing in it run.

A workbook's first visible sheet; text in UTF-8 or Windows-874 (TIS-620), parted by comma, semicolon or tab. Formulas
are never worked out: what the cell says is taken as text.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from models.core.entity.cells import ExcelError
from services.core import BadFile

MOST_COLUMNS = 200
LONGEST_CELL = 40_000  # characters
MOST_WORDS = 60 * 1024 * 1024  # bytes of a workbook's table of texts, which is read whole
LAST_ROW = 1_048_576
UTF_8, TIS_620 = "UTF-8", "TIS-620"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNSEEN = " \u00a0\ufeff\u200b"


@dataclass(frozen=True)
class Line:
    """One row that is not empty: its number as the spreadsheet shows it, and its cells (None: empty)."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """Rows as they are read, once; of a text the coding and the sign between cells that were found (else empty)."""

    lines: Iterator[Line]
    coding: str = ""
    sign: str = ""


def read_table(ending: str, stream: BinaryIO, most: int) -> Table:
    """The rows of an "xlsx" or "csv" that `services.content` has checked, the heading first.

    Reading raises BadFile: damaged, unsafe, too_many_rows (limit), too_many_columns (limit), cell_too_long (row).
    """
    if ending == "xlsx":
        return Table(_bounded(_workbook(stream), most))
    stream.seek(0)
    text, coding = _decoded(stream.read())
    sign = _delimiter(text)
    return Table(_bounded(_text(text, sign), most), coding, sign)


def count_rows(ending: str, stream: BinaryIO, most: int) -> int:
    """How many rows are below the heading, before anything is made of them. Raises BadFile as reading does."""
    return max(sum(1 for _line in read_table(ending, stream, most).lines) - 1, 0)


def _bounded(lines: Iterator[Line], most: int) -> Iterator[Line]:
    for count, line in enumerate(lines):
        if count > most:
            raise BadFile("too_many_rows", limit=most)
        if len(line.cells) > MOST_COLUMNS:
            raise BadFile("too_many_columns", limit=MOST_COLUMNS)
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in line.cells):
            raise BadFile("cell_too_long", row=line.number)
        yield line


# --- text ------------------------------------------------------------------------------------------------------------


def _text(text: str, sign: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadFile("cell_too_long", row=number) from None
        if any(cell.strip() for cell in cells):
            yield Line(number, _trimmed(tuple(_plain(cell) for cell in cells)))


def _decoded(content: bytes) -> tuple[str, str]:
    for coding, name in (("utf-8-sig", UTF_8), ("cp874", TIS_620)):
        try:
            return content.decode(coding), name
        except UnicodeDecodeError:
            continue
    raise BadFile("damaged")


def _delimiter(text: str) -> str:
    """The one that parts the first line into the most pieces."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    # Its beginning is enough, and no piece of it is longer than the reader takes.
    return max(",;\t", key=lambda sign: len(next(csv.reader([first[:LONGEST_CELL]], delimiter=sign), [])))


def _plain(cell: str) -> str | None:
    """A cell without the apostrophe that exports put before what looks like a formula."""
    if cell.startswith("'") and cell[1:].lstrip(_UNSEEN).startswith(_FORMULA):
        return cell[1:]
    return cell if cell.strip() else None


# --- workbooks -------------------------------------------------------------------------------------------------------


def _workbook(stream: BinaryIO) -> Iterator[Line]:
    import openpyxl

    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            if any(
                info.filename == "xl/sharedStrings.xml" and info.file_size > MOST_WORDS for info in archive.infolist()
            ):
                raise BadFile("unsafe", found="size")
        stream.seek(0)
        book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
        try:
            yield from _sheet(book)
        finally:
            book.close()
    except BadFile:
        raise
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, OSError, SyntaxError, zipfile.BadZipFile):
        # openpyxl raises whatever its reading of a broken part stumbles over.
        raise BadFile("damaged") from None


def _sheet(book: Any) -> Iterator[Line]:
    sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
    if sheet is None:
        raise BadFile("damaged")
    sheet.reset_dimensions()  # What a file says of its size may be wrong.
    for number, row in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS + 1), 1):
        cells = _trimmed(tuple(_value(cell) for cell in row))
        if any(cell is not None for cell in cells):
            yield Line(number, cells)


def _value(cell: Any) -> Any:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        return ExcelError(value)
    if cell.data_type == "f":
        return str(getattr(value, "text", value))
    if isinstance(value, str):
        return value if value.strip() else None
    return value


def _trimmed(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]
