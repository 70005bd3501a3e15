"""The page of the statistics, and its tables as files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from models.core.clock import now, today
from models.core.matrix import kinds_of
from models.core.reference.provinces import province_choices, province_name
from models.core.thai.dates import fiscal_year
from models.fund import scope
from models.fund.codes import SECTORS
from models.fund.statistics import read
from models.fund.statistics.reading import quantile
from reports.core.table import Column, Sheet
from views.core.access import needs
from views.core.base import PageView
from views.core.export import send_sheets, send_table
from views.core.look import lang
from views.fund.organization.words import sector_label
from views.fund.statistics.asked import Address, known_kinds, read_address
from views.fund.statistics.tables import MILLION, SMALLEST, Cell, Head, Reader, Table, rate_of, tables
from views.fund.words import disability_label


class StatisticsView(PageView):
    """สถิติการขอรับการสนับสนุน."""

    route_base = "/statistics"
    default_view = "index"

    @expose("/")
    @needs("statistics.view", before_ready=True)
    def index(self) -> ResponseReturnValue:
        """The figures of the years asked for, each table with its chart."""
        address, reader = _asked()
        return self.page(
            "fund/statistics/index.html",
            address=address,
            asked=address.asked,
            years=_years(reader),
            this_year=fiscal_year(today()),
            tables=tables(reader),
            figures=_headlines(reader),
            provinces=province_choices(lang()),
            sectors=[(code, sector_label(code)) for code in SECTORS],
            kinds=[(code, disability_label(code)) for code in known_kinds()],
            applied=_applied(address),
            span=_span(address),
            moment_now=now(),
            smallest=SMALLEST,
            written=written,
            plain=plain,
        )

    @expose("/export.<ending>")
    @needs("statistics.view", before_ready=True)
    def export(self, ending: str) -> ResponseReturnValue:
        """One table (`table`), or all of them: sheets of a workbook, or lines of one CSV."""
        _address, reader = _asked()
        found, name = tables(reader), request.args.get("table", "")
        if name:
            chosen = next((table for table in found if table.name == name), None) or abort(404)
            file = f"statistics-{chosen.name}"
            return send_table(ending, _columns(chosen), _rows(chosen), name=file, entity="fund_statistics")
        if ending == "csv":
            columns = [Column(_("Table"), width=32), Column(_("Group"), width=32), Column(_("Figure"), width=24)]
            columns.append(Column(_("Value"), "number"))
            return send_table(ending, columns, _lines(found), name="statistics", entity="fund_statistics")
        sheets = [Sheet(table.title, _columns(table), _rows(table)) for table in found]
        return send_sheets(ending, sheets, name="statistics", entity="fund_statistics")


def _asked() -> tuple[Address, Reader]:
    address = read_address(request.args, g.user)
    has_lists = address.is_full and bool(kinds_of(g.user, "proposal.view") & scope.INTERNAL)
    return address, Reader(read(address.asked), address.is_full, has_lists)


def _years(reader: Reader) -> list[int]:
    """The fiscal years to choose from, the latest first."""
    this, asked = fiscal_year(today()), reader.figures.asked
    known = {*reader.figures.years, this, asked.first, asked.last}
    return sorted(known, reverse=True)


def _span(address: Address) -> str:
    first, last = address.asked.first, address.asked.last
    if first == last:
        return _("Fiscal year %(year)s", year=last)
    return _("Fiscal years %(first)s to %(last)s", first=first, last=last)


def _applied(address: Address) -> list[tuple[str, str]]:
    """The filters in force beside the years, each with the address without it."""
    asked = address.asked
    return [
        (str(words(code)), address.url(**{name: None}))
        for name, code, words in (
            ("province", asked.province, lambda code: province_name(code, lang())),
            ("sector", asked.sector, sector_label),
            ("kind", asked.kind, disability_label),
        )
        if code
    ]


def _headlines(reader: Reader) -> list[dict[str, Any]]:
    """The five figures at the head of the page; hidden ones are None."""
    span, seen, spent = reader.figures.span, reader.of_span, reader.figures.span_days
    by_name = {table.name: table for table in tables(reader)}
    year = str(reader.figures.asked.last)
    cells = dict(by_name["days"].rows).get(year, [])
    if reader.is_full:
        median, nine = quantile(spent, 50), quantile(spent, 90)
    else:
        median, nine = (cells[1].value, cells[2].value) if cells else (None, None)
    rate = rate_of(span) if seen.rate else None
    total, approved, decided = span.total, span.approved, span.decided
    of = _("%(part)s of %(whole)s concluded", part=f"{approved.proposals:,}", whole=f"{decided.proposals:,}")
    return [
        {
            "label": _("Proposals submitted"),
            "value": f"{total.proposals:,}" if seen.total else None,
            "unit": _("proposals"),
            "note": _before(reader),
            "icon": "arrow-up-right",
        },
        {
            "label": _("Baht asked"),
            "value": _millions(reader.money(total.asked)) if seen.total else None,
            "unit": _("million baht"),
        },
        {
            "label": _("Baht approved"),
            "value": _millions(reader.money(approved.asked)) if seen.approved else None,
            "unit": _("million baht"),
            "note": _("%(count)s proposals", count=f"{approved.proposals:,}") if seen.approved else "",
            "icon": "patch-check",
        },
        {
            "label": _("Approval rate"),
            "value": f"{rate}" if rate is not None else ("–" if seen.rate else None),
            "unit": "%" if rate is not None else "",
            "note": of if seen.rate else "",
            "icon": "pie-chart",
        },
        {
            "label": _("Time to the decision"),
            "value": f"{median:,}"
            if median is not None
            else ("–" if reader.is_full or not decided.proposals else None),
            "unit": _("days (median)") if median is not None else "",
            "note": _("9 in 10 within %(days)s days", days=nine) if nine is not None else "",
            "icon": "hourglass-split",
        },
    ]


def _before(reader: Reader) -> str:
    """What the year before had, where one year is asked for and that one may be seen."""
    asked = reader.figures.asked
    before = asked.first - 1
    stages = reader.figures.years.get(before)
    if asked.first != asked.last or stages is None or not reader.seen[before].total:
        return ""
    return _("the year before: %(count)s", count=f"{stages.total.proposals:,}")


def _millions(baht: Decimal) -> str:
    return f"{baht / MILLION:,.2f}"


def written(cell: Cell, head: Head) -> str:
    """A figure as the page writes it; hidden ones and none are the template's."""
    if cell.value is None:
        return "–"
    return _millions(Decimal(cell.value)) if head.kind == "baht" else f"{cell.value:,}"


def plain(cell: Cell, head: Head) -> str:
    """A figure as the chart reads it; empty where there is none to read."""
    if cell.is_hidden or cell.value is None:
        return ""
    return f"{Decimal(cell.value) / MILLION:f}" if head.kind == "baht" else str(cell.value)


def _columns(table: Table) -> list[Column]:
    kinds = {"baht": "money"}
    figures = [Column(_heading(head), kinds.get(head.kind, "number"), 20) for head in table.heads]  # type: ignore[arg-type]
    return [Column(table.first, width=36), *figures]


def _heading(head: Head) -> str:
    """A heading that says the unit, for files."""
    unit = {"baht": _("baht"), "percent": "%", "days": _("days"), "mean": _("days")}.get(head.kind)
    return f"{head.label} ({unit})" if unit else head.label


def _rows(table: Table) -> list[list[Any]]:
    return [[name, *(_("not shown") if cell.is_hidden else cell.value for cell in cells)] for name, cells in table.rows]


def _lines(found: list[Table]) -> Iterator[list[Any]]:
    """Every figure of every table on a line of its own."""
    for table in found:
        for row in _rows(table):
            for head, value in zip(table.heads, row[1:], strict=True):
                yield [table.title, row[0], _heading(head), value]
