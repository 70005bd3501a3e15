"""The figures as tables: what pages draw, charts read and files hold, with what the public does not see left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from models.core.reference.provinces import province_name
from models.core.thai.text import sort_key
from models.fund.codes import LEVELS, SCREENING, SECTORS
from models.fund.statistics.facts import STARTED
from models.fund.statistics.hiding import (
    EVERYTHING,
    LEAST_FOR_MEDIAN,
    LEAST_FOR_NINE_IN_TEN,
    PLACES,
    SMALLEST,
    Place,
    Seen,
    seen_groups,
    seen_of,
)
from models.fund.statistics.reading import Count, Figures, Stages, mean, quantile
from views.core.look import lang
from views.fund.organization.words import sector_label
from views.fund.statistics.asked import known_kinds
from views.fund.words import disability_label, level_label

MILLION = Decimal(1_000_000)
CENT = Decimal("0.01")
Number = int | Decimal | None


@dataclass(frozen=True)
class Head:
    """A column of figures: its heading, and how its figures are written."""

    label: str
    kind: str = "count"  # count, baht (shown in millions), percent, days (whole), mean (days to a tenth)


@dataclass(frozen=True)
class Cell:
    """A figure; None is none at all, and a hidden one is not for this reader. `list` is where its proposals stand."""

    value: Number = None
    is_hidden: bool = False
    list: dict[str, Any] | None = None


HIDDEN = Cell(is_hidden=True)


@dataclass
class Table:
    """A table of statistics, its chart's shape and the columns that the chart draws."""

    name: str
    title: str
    first: str
    heads: list[Head]
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)
    chart: str = "bars"  # bars (one, lying) or columns (side by side, by year)
    series: tuple[int, ...] = (0,)
    is_wide: bool = False
    note: str = ""

    @property
    def hides(self) -> bool:
        """Whether something in it is hidden."""
        return any(cell.is_hidden for _name, cells in self.rows for cell in cells)


@dataclass
class Reader:
    """For whom the tables are: what may be seen of each year, and whether numbers lead to lists."""

    figures: Figures
    is_full: bool
    has_lists: bool = False

    def __post_init__(self) -> None:
        self.seen = {year: EVERYTHING if self.is_full else seen_of(found) for year, found in self.figures.years.items()}

    @property
    def of_span(self) -> Seen:
        """What may be seen of the years asked for; the public asks for one alone."""
        if self.is_full:
            return EVERYTHING
        return self.seen.get(self.figures.asked.last, EVERYTHING)

    def list_of(self, **filters: Any) -> dict[str, Any] | None:
        """The list that holds what a figure of the span counts, where the list knows all of its filters."""
        asked = self.figures.asked
        if not self.has_lists or asked.first != asked.last or asked.province or asked.sector or asked.kind:
            return None
        return {"year": asked.last, **filters}

    def money(self, value: Decimal) -> Decimal:
        """Baht; to ten thousand for the public, so that one proposal's amount is not told by watching the sums."""
        return value if self.is_full else (value / MILLION).quantize(CENT) * MILLION


def tables(reader: Reader) -> list[Table]:
    """Every table of the page, in its order."""
    found = [years(reader), days(reader), places(reader), levels(reader)]
    asked, kinds = reader.figures.asked, known_kinds(reader.figures.by["kind"])
    for name, title, first, words, codes in (
        ("sector", _("By sector"), _("Sector"), sector_label, SECTORS),
        (
            "kind",
            _("By kind of disability"),
            _("Kind of disability"),
            disability_label,
            kinds,
        ),
        ("province", _("By province"), _("Province"), lambda code: province_name(code, lang()), ()),
    ):
        if not getattr(asked, name):
            found.append(groups(reader, name, title, first, words, codes))
    return found


def _shown(may: bool, value: Number, link: dict[str, Any] | None = None) -> Cell:
    return Cell(value, list=link if value else None) if may else HIDDEN


def rate_of(stages: Stages) -> Decimal | None:
    """Approved of every hundred decided, to a tenth; None where nothing is decided."""
    return percent(stages.approved.proposals, stages.decided.proposals)


def percent(part: int, whole: int) -> Decimal | None:
    """Part of a hundred, to a tenth; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else None


def years(reader: Reader) -> Table:
    """Asked and approved, year by year: every year there is, whatever the span."""
    heads = [
        Head(_("Handed in")),
        Head(_("Asked"), "baht"),
        Head(_("Approved")),
        Head(_("Approved baht"), "baht"),
        Head(_("Concluded")),
        Head(_("Approval rate"), "percent"),
    ]
    table = Table("years", _("Asked and approved by fiscal year"), _("Fiscal year"), heads, chart="columns")
    table.series, table.is_wide = (1, 3), True
    asked = reader.figures.asked
    is_plain = not (asked.province or asked.sector or asked.kind)
    for year, stages in sorted(reader.figures.years.items()):
        seen, total, approved = reader.seen[year], stages.total, stages.approved
        link = {"year": year} if reader.has_lists and is_plain else None
        won = {**link, "level": "board", "status": "approved"} if link else None
        cells = [
            _shown(seen.total, total.proposals, link),
            _shown(seen.total, reader.money(total.asked)),
            _shown(seen.approved, approved.proposals, won),
            _shown(seen.approved, reader.money(approved.asked)),
            _shown(seen.decided, stages.decided.proposals),
            _shown(seen.rate, rate_of(stages)),
        ]
        table.rows.append((str(year), cells))
    return table


def days(reader: Reader) -> Table:
    """Days from the submission of a revision to its decision, year by year."""
    heads = [
        Head(_("Concluded")),
        Head(_("Median"), "days"),
        Head(_("9 in 10 within"), "days"),
        Head(_("Mean"), "mean"),
    ]
    table = Table("days", _("Days from submission to decision"), _("Fiscal year"), heads, chart="columns")
    table.series = (1, 2)
    for year in sorted(reader.figures.years):
        found, seen = reader.figures.days.get(year, {}), reader.seen[year]
        count = sum(found.values())

        def may(least: int, seen: Seen = seen, count: int = count) -> bool:
            return reader.is_full or (seen.decided and (count == 0 or count >= least))

        cells = [
            _shown(seen.decided, count),
            _shown(may(LEAST_FOR_MEDIAN), quantile(found, 50)),
            _shown(may(LEAST_FOR_NINE_IN_TEN), quantile(found, 90)),
            _shown(may(LEAST_FOR_MEDIAN), mean(found)),
        ]
        table.rows.append((str(year), cells))
    return table


def place_label(place: Place) -> str:
    """Where a proposal stands, in words."""
    if place.name == "in_hand":
        return _("In hand: %(level)s", level=level_label(place.level))
    return {
        "approved": _("Approved"),
        "sent_back": _("Returned for revision"),
        "not_considered": _("Not considered"),
    }[place.name]


def places(reader: Reader) -> Table:
    """Where the proposals of the span stand now."""
    heads = [Head(_("Proposals")), Head(_("Share"), "percent"), Head(_("Asked"), "baht")]
    table = Table("status", _("By status"), _("Status now"), heads)
    span, seen = reader.figures.span, reader.of_span
    total = span.total.proposals
    for place in PLACES:
        count, link = _at(place, span)
        may = seen.total and place in seen.places
        cells = [
            _shown(may, count.proposals, reader.list_of(**link) if link else None),
            _shown(may, percent(count.proposals, total)),
            _shown(may, reader.money(count.asked)),
        ]
        table.rows.append((place_label(place), cells))
    return table


def _at(place: Place, span: Stages) -> tuple[Count, dict[str, str] | None]:
    """What stands at a place, and the filters of the list that shows it."""
    if place.name == "in_hand":
        return span.in_hand(place.level), {"tab": "screening"} if place.level == SCREENING else None
    if place.name == "approved":
        return span.approved, {"level": "board", "status": "approved"}
    if place.name == "sent_back":
        return span.sent_back(), {"tab": "returned"}
    return span.not_considered(), {"status": "not_considered"}


def levels(reader: Reader) -> Table:
    """What became of the proposals of the span at each level."""
    heads = [
        Head(_("Reached")),
        Head(_("Waits")),
        Head(_("In progress")),
        Head(_("Passed")),
        Head(_("Not passed")),
        Head(_("Not considered")),
    ]
    table = Table("level", _("By level"), _("Level"), heads, series=(3,))
    span, seen = reader.figures.span, reader.of_span

    def cell(level: str, what: str, count: Count, **filters: str) -> Cell:
        link = reader.list_of(level=level, **filters) if filters or what == "reached" else None
        return _shown(seen.total and (level, what) in seen.levels, count.proposals, link)

    for level in LEVELS:
        is_first, is_last = level == SCREENING, level == LEVELS[-1]
        waiting = {} if is_first else {"status": "waiting"}
        started = {} if is_first else {"status": "scheduled"}
        failed = {} if is_first else {"status": "refused" if is_last else "failed"}
        cells = [
            cell(level, "reached", span.reached(level)),
            cell(level, "waiting", span.over([f"{level}.waiting"]), **waiting),
            cell(level, "started", span.over([f"{level}.{STARTED}", f"{level}.scheduled"]), **started),
            cell(level, "passed", span.passed(level), status="approved" if is_last else "passed"),
            cell(level, "failed", span.sent_back(level), **failed),
            cell(level, "not_considered", span.not_considered(level), status="not_considered"),
        ]
        table.rows.append((level_label(level), cells))
    return table


def groups(
    reader: Reader, name: str, title: str, first: str, words: Callable[[str], Any], codes: Iterable[str]
) -> Table:
    """The span by a dimension: the codes given in their order, or those there are, the largest first."""
    heads = [
        Head(_("Handed in")),
        Head(_("Asked"), "baht"),
        Head(_("Approved")),
        Head(_("Approved baht"), "baht"),
    ]
    table = Table(name, title, first, heads)
    found = reader.figures.by[name]
    if reader.is_full:
        shown = approved = frozenset(found)
    else:
        shown, approved = seen_groups(found, reader.of_span)
    lines = []
    for code in codes or found:
        stages = found.get(code, Stages())
        # A group of nobody is no group; in a year that is hidden altogether it is hidden with the rest.
        may, won = code in shown or not found.get(code), code in approved
        may = may and (reader.is_full or reader.of_span.total)
        if not found.get(code):
            won = may and reader.of_span.approved
        cells = [
            _shown(may, stages.total.proposals),
            _shown(may, reader.money(stages.total.asked)),
            _shown(won, stages.approved.proposals),
            _shown(won, reader.money(stages.approved.asked)),
        ]
        label = str(words(code)) if code else _("Not stated")
        # What is hidden must not be ordered by its size.
        lines.append((-stages.total.proposals if may else 1, sort_key(label), label, cells))
    ordered = lines if codes else sorted(lines, key=lambda line: line[:2])
    table.rows = [(label, cells) for _count, _key, label, cells in ordered]
    return table


__all__ = ["SMALLEST", "Cell", "Head", "Reader", "Table", "tables"]
