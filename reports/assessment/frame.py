"""What the registry's papers share: tables of a tree or of places, their head and foot, who printed them and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.assessment.totals import BRANCH, FIELD, PROGRAMME, Group
from models.core.clock import now
from models.core.thai.dates import bangkok_day
from reports.assessment import words
from reports.assessment.figures import Asked
from reports.core import pdf
from reports.core.templates import render_html, thai_date, thai_moment

_NBSP = "\u00a0"
LONG = 60
"""Rows after which a table goes on in a further one: the time that one takes grows with the square of its rows."""

STUDENTS = "จำนวนผู้เข้ารับการประเมิน (คน)"
INSTRUMENTS = "จำนวนเครื่องมือที่ต้องพิมพ์ (ชุด)"


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its width in percent, and whether it holds figures."""

    head: str
    width: int
    is_figure: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table; `look` is programme, field, branch, total or plain."""

    cells: tuple[Any, ...]
    look: str = "plain"


@dataclass(frozen=True)
class Table:
    """A table; its heading stands in it, so that every page says it, and `empty` in its place when it has no rows."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    heading: str = ""
    empty: str = "ไม่มีข้อมูล"


@dataclass(frozen=True)
class Printed:
    """Who printed a paper and when."""

    by: str
    at: datetime = field(default_factory=now)


def paper(
    asked: Asked,
    printed: Printed,
    *,
    title: str,
    whose: str,
    fields: Sequence[tuple[str, str]] = (),
    tables: Sequence[Table] = (),
    notes: Sequence[str] = (),
    signers: Sequence[tuple[str, str, str]] = (),
    page: pdf.Page = pdf.PORTRAIT,
) -> bytes:
    """The PDF of a report: whose it is, fields, tables, what is to be known, places to sign. Raises PdfFailed."""
    html = render_html(
        "assessment/report.html",
        title=title,
        whose=whose,
        round=words.round_name(asked.round),
        curriculum=words.curriculum_name(asked.curriculum) if asked.curriculum else "ทุกหลักสูตร",
        as_of=f"ข้อมูล ณ วันที่ {thai_moment(printed.at)} ({words.ROUND_STATES[asked.round.state]})",
        fields=fields,
        tables=tables,
        notes=notes,
        signers=signers,
        printed_by=f"พิมพ์โดย {printed.by} จาก{words.REGISTRY} วันที่ {thai_moment(printed.at)}",
    )
    return pdf.render(
        html,
        title=f"{title} รอบที่ {asked.round.number}/{asked.round.academic_year}",
        number=f"พิมพ์ {thai_date(bangkok_day(printed.at), 'short')}".replace(" ", _NBSP),
        author=words.REGISTRY,
        subject=whose,
        css=pdf.stylesheet("assessment"),
        page=page,
    )


def tables_of(columns: Sequence[Column], rows: Iterable[Row], heading: str = "") -> list[Table]:
    """Rows as a table, long ones as several that follow each other, the next beginning with a group where it can."""
    parts: list[list[Row]] = [[]]
    for row in rows:
        many = len(parts[-1])
        if many >= 2 * LONG or (many >= LONG and row.look in (PROGRAMME, FIELD)):
            parts.append([])
        parts[-1].append(row)
    return [Table(columns, part, heading) for part in parts]


def tree_tables(
    tree: Iterable[Group], columns: Sequence[Column], figures: Callable[[Group], tuple[int, ...]]
) -> list[Table]:
    """A table for each curriculum: programme types, fields and branches with their figures, and its total.

    `columns` are those of the figures; code and name stand before them.
    """
    name_width = 100 - 14 - sum(column.width for column in columns)
    heads = [Column("รหัส", 14), Column("ประเภทวิชา / สาขาวิชา / สาขางาน", name_width), *columns]
    return [table for curriculum in tree for table in _of_curriculum(curriculum, heads, figures)]


def _of_curriculum(
    curriculum: Group, heads: Sequence[Column], figures: Callable[[Group], tuple[int, ...]]
) -> list[Table]:
    rows: list[Row] = []
    for programme in curriculum.parts:
        rows += _rows_of(programme, figures)
    rows.append(Row(("", "รวมหลักสูตรนี้", *figures(curriculum)), "total"))
    return tables_of(heads, rows, words.curriculum_name(curriculum.code))


def _rows_of(group: Group, figures: Callable[[Group], tuple[int, ...]]) -> list[Row]:
    kind = {PROGRAMME: "ประเภทวิชา", FIELD: "สาขาวิชา", BRANCH: ""}[group.level]
    name = group.name if group.name.startswith(kind) else f"{kind}{group.name}"
    rows = [Row((group.code, name, *figures(group)), group.level)]
    for part in group.parts:
        rows += _rows_of(part, figures)
    return rows
