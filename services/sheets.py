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
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNSEEN = " \u00a0\ufeff\u200b"


@dataclass(frozen=True)
class Line:
    """One row that is not empty: its number as the spreadsheet shows it, and its cells (None: empty)."""

    number: int
    cells: tuple[Any, ...]


def read_lines(ending: str, stream: BinaryIO, most: int) -> Iterator[Line]:
    """The rows of an "xlsx" or "csv" that `services.content` has checked, the heading first.

    Raises BadFile: damaged, unsafe, too_many_rows (limit), too_many_columns (limit), cell_too_long (row).
    """
    lines = _workbook(stream) if ending == "xlsx" else _text(stream)
    for count, line in enumerate(lines):
        if count > most:
            raise BadFile("too_many_rows", limit=most)
        if len(line.cells) > MOST_COLUMNS:
            raise BadFile("too_many_columns", limit=MOST_COLUMNS)
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in line.cells):
            raise BadFile("cell_too_long", row=line.number)
        yield line


# --- text ------------------------------------------------------------------------------------------------------------


def _text(stream: BinaryIO) -> Iterator[Line]:
    stream.seek(0)
    text = _decoded(stream.read())
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
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


def _decoded(content: bytes) -> str:
    for coding in ("utf-8-sig", "cp874"):
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    raise BadFile("damaged")


def _delimiter(text: str) -> str:
    """The one that parts the first line into the most pieces."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(",;\t", key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


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
