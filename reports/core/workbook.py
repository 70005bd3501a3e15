"""An xlsx workbook written cell by cell into its zip: as quick as text files, and nothing is held or put aside.

openpyxl makes an object of every cell and writes some thousand rows a second; a list of a million rows would take a
worker half an hour. Only what our tables need is written here: headings, texts, numbers, amounts, days and moments.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

MAX_CELL = 32_767  # characters; a longer cell makes Excel call the file damaged
PLAIN, HEADING, MONEY, DATE, MOMENT, QUOTED = range(6)  # places in the table of styles

_AT_ONCE = 256 * 1024  # characters that are gathered before they are compressed
_FIRST_DAY = dt.date(1900, 3, 1)  # Excel counts 29 February 1900, which never was, and knows no days before 1900.
_DAY_ZERO = dt.date(1899, 12, 30).toordinal()
_UNSAFE = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACED = re.compile(r"\A\s|\s\Z|\n|\s\s")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Style = Callable[[str], int]
"""What a text must look like: QUOTED for one that a spreadsheet would take for a formula."""


def cleaned(text: str) -> str:
    """Text without the characters that XML cannot hold, cut to what a cell can."""
    return _CONTROL.sub("", text)[:MAX_CELL]


class BookWriter:
    """One workbook on its way into a file; `close` makes it whole."""

    def __init__(self, out: IO[bytes], text_style: Style) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=3)
        self._style = text_style
        self._names: list[str] = []

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
        self._names.append(self._unused(name))
        from openpyxl.utils import get_column_letter

        letters = [get_column_letter(index) for index in range(1, len(headings) + 1)]
        last = letters[-1] if letters else "A"
        count = 0
        with self._zip.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w", force_zip64=True) as part:
            part.write(_sheet_head(widths).encode())
            texts = "".join(_text(f"{letter}1", text, HEADING) for letter, text in zip(letters, headings, strict=True))
            waiting, size = [f'<row r="1">{texts}</row>'], 0
            while count < most and (row := next(rows, None)) is not None:
                count += 1
                line = self._row(count + 1, letters, styles, row)
                waiting.append(line)
                size += len(line)
                if size > _AT_ONCE:
                    part.write("".join(waiting).encode())
                    waiting, size = [], 0
            waiting.append(f'</sheetData><autoFilter ref="A1:{last}{count + 1}"/></worksheet>')
            part.write("".join(waiting).encode())
        return count, count == most

    def _row(self, number: int, letters: Sequence[str], styles: Sequence[int], row: Sequence[Any]) -> str:
        cells = []
        for letter, style, value in zip(letters, styles, row, strict=True):
            if value is None or value == "":
                continue
            place = f"{letter}{number}"
            if type(value) is not str and style != QUOTED and (said := _number(value)) is not None:
                cells.append(
                    f'<c r="{place}" s="{style}"><v>{said}</v></c>' if style else f'<c r="{place}"><v>{said}</v></c>'
                )
                continue
            text = value if type(value) is str else _as_text(value)
            cells.append(_text(place, text, self._style(text)))
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _unused(self, name: str) -> str:
        """A sheet's name that no other one has."""
        found, number = name, 1
        while found.casefold() in (other.casefold() for other in self._names):
            number += 1
            found = f"{name[: 31 - len(str(number)) - 1]} {number}"
        return found

    def close(self) -> None:
        """Write what names the sheets, and end the file."""
        numbers = range(1, len(self._names) + 1)
        self._put("xl/workbook.xml", _book(self._names))
        self._put("xl/styles.xml", _STYLES)
        sheets = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
        self._put("xl/_rels/workbook.xml.rels", _relations([*sheets, ("rIdStyles", "styles", "styles.xml")]))
        self._put("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        self._put("[Content_Types].xml", _types(numbers))
        self._zip.close()

    def abandon(self) -> None:
        """Leave it unfinished: nothing more is written into the file, which may be closed already."""
        self._zip.fp = None

    def _put(self, name: str, text: str) -> None:
        self._zip.writestr(name, _HEAD + text)


def _number(value: Any) -> str | None:
    """What stands in a cell that is a number, a day or a moment; None for everything that is text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else None
    if isinstance(value, dt.datetime):
        if value.date() < _FIRST_DAY:
            return None
        clock = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1_000_000
        return repr(value.toordinal() - _DAY_ZERO + clock / 86_400)
    if isinstance(value, dt.date):
        return str(value.toordinal() - _DAY_ZERO) if value >= _FIRST_DAY else None
    return None


def _as_text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    return str(value)


def _text(place: str, text: str, style: int) -> str:
    if len(text) > MAX_CELL or _UNSAFE.search(text):
        text = escape(cleaned(text))
    space = ' xml:space="preserve"' if _SPACED.search(text) else ""
    said = f' s="{style}"' if style else ""
    return f'<c r="{place}"{said} t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _sheet_head(widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{index}" max="{index}" width="{width}" customWidth="1"/>' for index, width in enumerate(widths, 1)
    )
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _book(names: Iterable[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{index}" r:id="rId{index}"/>' for index, name in enumerate(names, 1)
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _relations(items: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for key, kind, to in items)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _types(numbers: Iterable[int]) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{sheets}</Types>'
    )


_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE9EDF2"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
