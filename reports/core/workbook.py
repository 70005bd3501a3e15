"""An xlsx workbook written row by row by XlsxWriter: numbers as numbers, days as days, everything else as text.

Nothing is guessed from what a text looks like, so no cell runs or links anywhere. Rows go to a folder of their own as
they come and into the file at the end, so that a list of a million needs no more memory than a short one.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from models.core.thai.dates import format_typed, to_bangkok

MAX_CELL = 32_767  # characters; a longer cell makes Excel call the file damaged
PLAIN, HEADING, MONEY, DATE, MOMENT, QUOTED = range(6)

_FIRST_DAY = dt.date(1900, 3, 1)  # Excel counts 29 February 1900, which never was, and knows no days before 1900.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The calendar (07: the Thai Buddhist one) and the language (041E: Thai) in which a day is shown.
_BUDDHIST = "[$-107041E]"
_LOOKS: dict[int, dict[str, Any]] = {
    HEADING: {"bold": True, "bg_color": "#E9EDF2", "valign": "top", "text_wrap": True},
    MONEY: {"num_format": "#,##0.00"},
    DATE: {"num_format": f"{_BUDDHIST}dd/mm/yyyy"},
    MOMENT: {"num_format": f"{_BUDDHIST}dd/mm/yyyy hh:mm"},
    QUOTED: {"num_format": "@", "quote_prefix": True},
}

Style = Callable[[str], int]
"""What a text must look like: QUOTED for one that a spreadsheet would take for a formula."""


def cleaned(text: str) -> str:
    """Text without the characters that XML cannot hold, cut to what a cell can."""
    return _CONTROL.sub("", text)[:MAX_CELL]


class BookWriter:
    """One workbook on its way into a file; `close` makes it whole, `abandon` leaves nothing behind."""

    def __init__(self, out: IO[bytes], text_style: Style) -> None:
        from xlsxwriter import Workbook

        self._folder = tempfile.TemporaryDirectory()
        options = {"constant_memory": True, "tmpdir": self._folder.name, "use_zip64": True}
        self._book = Workbook(out, options)
        self._looks = {style: self._book.add_format(look) for style, look in _LOOKS.items()}
        self._style = text_style

    def sheet(
        self,
        name: str,
        headings: Sequence[str],
        widths: Sequence[int],
        styles: Sequence[int],
        rows: Iterator[Sequence[Any]],
        most: int,
    ) -> tuple[int, bool]:
        """Write one sheet of at most so many rows; how many there were, and whether it is full.

        `styles` says of each column what its numbers and days are: PLAIN, MONEY, DATE, MOMENT; QUOTED: all is text.
        """
        sheet = self._book.add_worksheet(self._unused(name))
        sheet.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, cleaned(heading), self._looks[HEADING])
        count = 0
        while count < most and (row := next(rows, None)) is not None:
            count += 1
            for column, (style, value) in enumerate(zip(styles, row, strict=True)):
                self._write(sheet, count, column, style, value)
        if headings:
            sheet.autofilter(0, 0, count, len(headings) - 1)
        return count, count == most

    def _write(self, sheet: Any, row: int, column: int, style: int, value: Any) -> None:
        if value is None or value == "":
            return
        if style != QUOTED and _is_figure(value):
            sheet.write_number(row, column, value, self._looks.get(style))
        elif style != QUOTED and _is_day(value):
            sheet.write_datetime(row, column, _without_zone(value), self._looks.get(style))
        else:
            text = cleaned(value if isinstance(value, str) else _as_text(value))
            sheet.write_string(row, column, text, self._looks.get(self._style(text)))

    def _unused(self, name: str) -> str:
        """A sheet's name that no other one has."""
        taken = {sheet.get_name().casefold() for sheet in self._book.worksheets()}
        found, number = name, 1
        while found.casefold() in taken:
            number += 1
            found = f"{name[: 31 - len(str(number)) - 1]} {number}"
        return found

    def close(self) -> None:
        """Put the sheets together into the file."""
        self._book.close()
        self._folder.cleanup()

    def abandon(self) -> None:
        """Leave it unfinished: nothing is written into the file, which may be closed already."""
        self._book.fileclosed = True  # Else the library would write it when it is collected.
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()
        self._folder.cleanup()


def _is_figure(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())


def _is_day(value: Any) -> bool:
    return isinstance(value, dt.date) and (value.date() if isinstance(value, dt.datetime) else value) >= _FIRST_DAY


def _without_zone(value: dt.date) -> dt.date:
    """A moment in Bangkok's time: a workbook knows no zones."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return to_bangkok(value).replace(tzinfo=None)
    return value


def _as_text(value: Any) -> str:
    return format_typed(value) if isinstance(value, dt.date) else str(value)
