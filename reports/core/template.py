"""Empty files to fill in: headings, columns that keep digits as they are typed, and a sheet that explains them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from reports.core.table import defused

_WIDEST = 48  # characters


def template_text(headings: Sequence[str]) -> bytes:
    """The headings as CSV in UTF-8 with a byte order mark."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([defused(heading) for heading in headings])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def template_book(
    name: str, headings: Sequence[str], as_text: Sequence[bool], explanation: str, explained: Iterable[Sequence[str]]
) -> bytes:
    """A workbook of two sheets: one to fill in, whose columns marked in `as_text` are text, and what explains it."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = name[:31]
    sheet.freeze_panes = "A2"
    sheet.append(list(headings))
    for index, is_text in enumerate(as_text, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = min(max(len(headings[index - 1]) + 4, 14), _WIDEST)
        if is_text:
            sheet.column_dimensions[letter].number_format = "@"
        sheet.cell(1, index).font = Font(bold=True)
    second = book.create_sheet(explanation[:31])
    second.freeze_panes = "A2"
    for row in explained:
        second.append(list(row))
    for index in range(1, second.max_column + 1):
        second.cell(1, index).font = Font(bold=True)
        longest = max(len(str(cell.value or "")) for cell in second[get_column_letter(index)])
        second.column_dimensions[get_column_letter(index)].width = min(longest + 2, _WIDEST)
        for cell in second[get_column_letter(index)]:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
