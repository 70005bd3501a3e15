"""One page of a list of records, ready to be drawn: rows, columns, filters, tabs, ways out of an empty list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import Date
from sqlalchemy.orm import load_only

from models.core.db import UtcDateTime, db
from models.core.entity import Entity, Kind
from models.core.entity.deeds import stamp_of
from models.core.entity.fields import Field
from models.core.entity.rows import deleted_for, narrowed, opens, read_key, seen_by
from models.core.entity.values import clean
from models.core.listing import Order, Page, capped_counts, walk
from models.core.saved_list import Kept, SavedList
from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits
from views.core.lists import capped, readable, saved_tab
from views.core.records.asked import (
    ALL,
    DELETED,
    EQUAL,
    LEAST,
    MOST,
    Asked,
    order_field,
    read,
    said_yes,
    url_of,
    wrong_filters,
)
from views.core.records.linked import Linked, linked, number_of
from views.core.records.values import RIGHT, Shown, shown, width_of
from views.core.records.words import code_label, field_label, value_text


@dataclass(frozen=True)
class Row:
    """A record in the list; `tick` is its key with the stamp of what was read."""

    name: str
    url: str | None
    cells: list[Shown]
    tick: str


@dataclass(frozen=True)
class Column:
    """A column of the list; `direction` says how the list is sorted by it, `sort_url` is there where it can be."""

    name: str
    label: str
    sort_url: str | None = None
    direction: str | None = None
    is_figure: bool = False
    width: str = ""


@dataclass(frozen=True)
class Filter:
    """A filter of the form: how it is drawn (choice, pick, range), its names in the address and what is typed."""

    name: str
    label: str
    way: str
    typed: tuple[str, ...]
    options: list[tuple[str, str]]
    url: str = ""
    error: str = ""
    is_date: bool = False
    wrong: tuple[bool, ...] = (True,)  # of each that is typed, where there is an error


def page_name(entity: Entity) -> str:
    """Under which name saved lists and columns of this entity are kept."""
    return f"records.{entity.name}"[:40]


def has_deleted(entity: Entity) -> bool:
    """Whether the reader may take deleted records of this kind back, and so has a tab of them."""
    return entity.is_soft_deleted and opens(entity, g.user, "restore")


def rows_of(asked: Asked) -> Any:
    """The rows that the reader sees in the list's tab."""
    entity = asked.entity
    return deleted_for(entity, g.user) if asked.tab == DELETED else seen_by(entity, g.user)


def columns_of(entity: Entity, kept: Kept) -> list[str]:
    """The fields that the reader wants to see, in their order."""
    known = possible_columns(entity)
    return [name for name in kept.columns if name in known] or list(entity.listed)


def possible_columns(entity: Entity) -> list[str]:
    """Every field that may stand in the list."""
    return list(dict.fromkeys((*entity.listed, *entity.shown)))


def bulk_fields(entity: Entity) -> list[str]:
    """The fields that can be set to one choice for many records."""
    if entity.gates.change is None or not opens(entity, g.user, "change"):
        return []
    return [name for name in entity.changed if entity.fields[name].kind is Kind.CHOICE]


def bulk_deeds(asked: Asked) -> list[str]:
    """What the reader may do with several records of this list at once."""
    entity = asked.entity
    if asked.tab == DELETED:
        return ["restore"]
    deeds = ["delete"] if entity.gates.delete and opens(entity, g.user, "delete") else []
    return [*deeds, *(["set"] if bulk_fields(entity) else [])]


class Listed:
    """A page of the list as it was asked for."""

    def __init__(self, asked: Asked, kept: Kept) -> None:
        self.entity, self.asked, self.kept = asked.entity, asked, kept
        self.names = columns_of(asked.entity, kept)
        self.deeds = bulk_deeds(asked)
        self.rows, self.errors = wrong_filters(asked, rows_of(asked))
        self.is_lost_jump = False
        self.page = self._page()
        self.found = self._linked()

    @property
    def is_empty(self) -> bool:
        """Whether nothing matches at all, as far as the first page says."""
        return not self.page.rows and not (self.asked.after or self.asked.before or self.asked.at)

    def _page(self) -> Page:
        if self.rows is None:
            return Page()
        start = self._start() if self.asked.at else None
        rows = self.rows if self.deeds else self.rows.options(load_only(*self._loaded()))
        return walk(
            rows, self.asked.order, self.asked.size, after=self.asked.after, before=self.asked.before, start=start
        )

    def _loaded(self) -> list[Any]:
        """The columns that a list without tick boxes needs; long texts of other fields stay in the database."""
        model = self.entity.model
        wanted = dict.fromkeys((*self.names, *self.entity.listed[:1]))
        return [getattr(model, name) for name in (self.entity.pk.key, *wanted)]

    def _start(self) -> Any:
        """The values from which the page begins: those of the record that was asked for, by number or by its key."""
        typed = to_ascii_digits(clean_line(self.asked.at))
        entity, order = self.entity, self.asked.order
        key = read_key(entity, typed)
        wanted = entity.pk == key if key is not None else None
        if key is None and entity.key is not None:
            try:
                wanted = getattr(entity.model, entity.key) == clean(entity.fields[entity.key], typed, is_filter=True)
            except BadValue:
                wanted = None
        found = None
        if wanted is not None:
            place = self.rows.where(wanted).order_by(None).with_only_columns(*order.all_columns)
            found = db.session.execute(place.limit(1)).first()
        self.is_lost_jump = found is None
        return tuple(found) if found is not None else None

    def _linked(self) -> Linked:
        names = dict.fromkeys((*self.names, *self.entity.listed[:1]))
        return linked(self.entity, [*self.page.rows, *self._picked()], [*names, *self._picked_names()])

    def _picked_names(self) -> list[str]:
        return [name for name in self.asked.equal if self.entity.fields[name].kind is Kind.LINK]

    def _picked(self) -> list[Any]:
        """The linked records that the list is filtered by, as if a row named them."""
        keys = dict.fromkeys((*self.names, *self.entity.listed[:1], *self._picked_names()))
        values = dict.fromkeys(keys)
        for name in self._picked_names():
            values[name] = _cleaned(self.entity.fields[name], self.asked.equal[name])
        return [type("Picked", (), values)()] if self._picked_names() else []

    # --- what is drawn -----------------------------------------------------------------------------------------------

    def lines(self) -> list[Row]:
        """The rows of the page."""
        return [self._row(record) for record in self.page.rows]

    def _row(self, record: Any) -> Row:
        entity = self.entity
        cells = [shown(entity, record, name, self.found) for name in self.names]
        first = cells[0].text or number_of(entity, record)
        key = entity.key_of(record)
        tick = f"{key}:{stamp_of(entity, record)}" if self.deeds else ""
        return Row(first, url_of(entity, "show", pk=key), cells, tick)

    def columns(self) -> list[Column]:
        """The columns of the page, sortable where an order is declared."""
        ways = sort_ways(self.entity)
        return [self._column(name, ways.get(name, {})) for name in self.names]

    def _column(self, name: str, ways: dict[bool, str]) -> Column:
        one, label = self.entity.fields[name], field_label(self.entity, name)
        figure, width = one.kind in RIGHT, width_of(self.entity, name)
        if not ways:
            return Column(name, label, is_figure=figure, width=width)
        now = self.asked.order.name
        direction = next(({False: "asc", True: "desc"}[falls] for falls, order in ways.items() if order == now), None)
        other = ways.get(direction == "asc", next(iter(ways.values())))
        return Column(name, label, moved(self.asked, sort=other).url(), direction, figure, width)

    def orders(self) -> list[tuple[str, str, bool]]:
        """Every declared order: its name in the address, its words, whether it is in force."""
        now = self.asked.order.name
        return [(name, order_words(self.entity, order), name == now) for name, order in self.entity.all_orders.items()]

    def filters(self) -> list[Filter]:
        """The filters of the form."""
        return [self._filter(self.entity.fields[name]) for name in self.entity.filtered]

    def _filter(self, one: Field) -> Filter:
        label, error = field_label(self.entity, one.name), self.errors.get(f"{EQUAL}{one.name}", "")
        chosen = self.asked.equal.get(one.name, "")
        if one.kind is Kind.LINK:
            url = url_for("RecordToolsView.pick", name=self.entity.name, field=one.name)
            options = [(chosen, self._words(one, chosen))] if chosen else []
            return Filter(one.name, label, "pick", (chosen,), options, url, error)
        if one.kind in (Kind.CHOICE, Kind.YES_NO):
            codes: Sequence[Any] = one.codes if one.kind is Kind.CHOICE else (True, False)
            options = [(_posted(code), value_text(self.entity, one.name, code)) for code in codes]
            code = _posted(said_yes(chosen)) if one.kind is Kind.YES_NO and chosen else chosen
            return Filter(one.name, label, "choice", (code,), options, error=error)
        bounds = (self.asked.least.get(one.name, ""), self.asked.most.get(one.name, ""))
        errors = [self.errors.get(f"{start}{one.name}", "") for start in (LEAST, MOST)]
        return Filter(
            one.name,
            label,
            "range",
            bounds,
            [],
            error=" ".join(dict.fromkeys(filter(None, errors))),
            is_date=one.kind in (Kind.DATE, Kind.MOMENT),
            wrong=tuple(map(bool, errors)),
        )

    def applied(self) -> list[tuple[str, str]]:
        """The filters in force in words, each with the address of the list without it."""
        return [(self._said(name), self.asked.without(name).url()) for name in self.asked.in_force]

    def _said(self, name: str) -> str:
        if name == "q":
            return _("Search: %(text)s", text=self.asked.q)
        for prefix, typed, words in (
            (EQUAL, self.asked.equal, "{label}: {value}"),
            (LEAST, self.asked.least, _("%(label)s from %(value)s")),
            (MOST, self.asked.most, _("%(label)s to %(value)s")),
        ):
            if name.startswith(prefix):
                one = self.entity.fields[name.removeprefix(prefix)]
                value = self._words(one, typed[one.name])
                label = field_label(self.entity, one.name)
                return f"{label}: {value}" if prefix == EQUAL else words % {"label": label, "value": value}
        return name

    def _words(self, one: Field, typed: str) -> str:
        """A filter's value as people read it; what cannot be read, as it was typed."""
        value = _cleaned(one, typed)
        return (value_text(self.entity, one.name, value, self.found.names) if value is not None else "") or typed

    def way_out(self) -> dict[str, Any]:
        """What an empty list offers: the one filter without which there is most, and the list without any."""
        names = self.asked.in_force
        out: dict[str, Any] = {"is_filtered": bool(names), "all_url": self.asked.bare().url()}
        if len(names) < 2 or self.errors:
            return out
        without = [self.asked.without(name) for name in names]
        rows = [narrowed(self.entity, rows_of(asked), asked.wanted) for asked in without]
        counts = capped_counts(rows, self.entity.pk)
        best = max(range(len(names)), key=lambda index: counts[index])
        if counts[best]:
            out |= {"name": self._said(names[best]), "count": capped(counts[best]), "url": without[best].url()}
        return out


def tabs_of(asked: Asked, kept: Kept, *, counted: bool = False) -> tuple[list[dict[str, Any]], int]:
    """The tabs (all, deleted, saved, shared) and, where it is asked for, their counts and the list's own."""
    entity = asked.entity
    sees_deleted = has_deleted(entity)
    saved = saved_of(entity, kept)
    here = asked.query()
    plain = [Asked(entity, tab=tab, sort=asked.sort, size=asked.size) for tab in (ALL, DELETED)[: 1 + sees_deleted]]
    wanted = [*plain, *(one for _saved, one in saved)]
    counts: list[int | None] = [None] * len(wanted)
    total = 0
    if counted:
        selects = [_matching(one) for one in (*wanted, asked)]
        known = capped_counts([rows for rows in selects if rows is not None], entity.pk)
        counts = [known.pop(0) if rows is not None else None for rows in selects]
        total = counts[-1] or 0
    is_saved = any(one.query() == here for _saved, one in saved)
    labels = {ALL: _("All"), DELETED: _("Deleted")}
    tabs = [
        {
            "label": labels[one.tab],
            "url": one.url(),
            "current": one.tab == asked.tab and not is_saved,
            "count": None if count is None else capped(count),
        }
        for one, count in zip(plain, counts, strict=False)
    ]
    for (kept_one, one), count in zip(saved, counts[len(plain) :], strict=False):
        tabs.append(
            saved_tab(kept_one, replace(one, size=asked.size).url(), is_current=one.query() == here, count=count)
        )
    return tabs, total


def _matching(asked: Asked) -> Any:
    rows, errors = wrong_filters(asked, rows_of(asked))
    return None if errors else rows


def saved_of(entity: Entity, kept: Kept) -> list[tuple[SavedList, Asked]]:
    """One's own lists, then those shared by others, with what they ask for."""
    return readable((*kept.own, *kept.shared), lambda query: read(entity, query, sees_deleted=has_deleted(entity)))


def moved(asked: Asked, **changes: Any) -> Asked:
    """The list with changes, at its start."""
    return replace(asked, **{"after": None, "before": None, "at": "", **changes})


def sort_ways(entity: Entity) -> dict[str, dict[bool, str]]:
    """Field -> the names of the orders by it: rising (False) and falling (True)."""
    found: dict[str, dict[bool, str]] = {}
    for name, order in entity.all_orders.items():
        if (by := order_field(entity, order)) is not None:
            found.setdefault(by, {}).setdefault(order.descending, name)
    return found


def order_words(entity: Entity, order: Order) -> str:
    """A declared order in words."""
    if not order.columns:
        return _("Added last, first") if order.descending else _("Added first, first")
    name = order_field(entity, order)
    label = field_label(entity, name or order.columns[0].key)
    kind = entity.fields[name].kind if name is not None else None
    column = order.columns[0].type
    if kind in (Kind.DATE, Kind.MOMENT) or isinstance(column, UtcDateTime | Date):
        words = (_("%(name)s, oldest first"), _("%(name)s, newest first"))
    elif kind in RIGHT:
        words = (_("%(name)s, lowest first"), _("%(name)s, highest first"))
    else:
        words = (_("%(name)s, first to last"), _("%(name)s, last to first"))
    return words[order.descending] % {"name": label}


def set_choices(entity: Entity) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The choice fields that can be set for many records: name, label, codes with their words."""
    return [
        (
            name,
            field_label(entity, name),
            [(str(code), code_label(entity, name, code)) for code in entity.fields[name].codes],
        )
        for name in bulk_fields(entity)
    ]


def _posted(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _cleaned(one: Field, typed: str) -> Any:
    try:
        return clean(one, typed, is_filter=True)
    except BadValue:
        return None
