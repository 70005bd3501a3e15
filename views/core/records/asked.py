"""What the address of a list of records asks for; what cannot be meant answers 400, what was typed stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for
from werkzeug.exceptions import BadRequest

from forms.core.sentences import value_sentence
from models.core.entity import Entity, Kind
from models.core.entity.rows import LONGEST_SEARCH, Wanted, WrongFilter, filters_of, narrowed
from models.core.entity.values import NO, YES
from models.core.listing import Order
from models.core.thai.text import clean_line

SIZES = (10, 25, 50, 100)
SIZE = 25
ALL, DELETED = "all", "deleted"
LONGEST = 200  # characters of a typed bound or code
EQUAL, LEAST, MOST = "f-", "from-", "to-"


@dataclass(frozen=True)
class Asked:
    """One list of records as its address says it; every filter that is empty is not in force."""

    entity: Entity
    tab: str = ALL
    q: str = ""
    equal: Mapping[str, str] = field(default_factory=dict)
    least: Mapping[str, str] = field(default_factory=dict)
    most: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    size: int = SIZE
    after: str | None = None
    before: str | None = None
    at: str = ""

    @property
    def order(self) -> Order:
        """The declared order that is asked for; what belongs to one record stands in its own order."""
        if self.sort:
            return self.entity.all_orders[self.sort]
        is_of_one = self.entity.parent in self.equal and self.tab == ALL
        return (self.entity.in_place if is_of_one else None) or self.entity.default_order

    @property
    def wanted(self) -> Wanted:
        """The filters in force."""
        return Wanted(self.q, self.equal, self.least, self.most)

    @property
    def in_force(self) -> list[str]:
        """The names of the filters in force, as they stand in the address."""
        return [name for name in self.query() if name not in ("tab", "sort")]

    def query(self) -> dict[str, str]:
        """What of the list is worth keeping: its tab, filters and order, not the place in it."""
        given = {"tab": self.tab if self.tab != ALL else "", "q": self.q, "sort": self.sort}
        for start, values in ((EQUAL, self.equal), (LEAST, self.least), (MOST, self.most)):
            given |= {f"{start}{name}": value for name, value in values.items()}
        return {name: value for name, value in given.items() if value}

    def values(self) -> dict[str, str]:
        """What the address carries besides the place: only what differs from a list nobody asked anything of."""
        return self.query() | ({"size": str(self.size)} if self.size != SIZE else {})

    def url(self, method: str = "list", **place: Any) -> str:
        """The address of this list, at its start unless a place is given."""
        return url_of(self.entity, method, **self.values(), **place)

    def without(self, name: str) -> Asked:
        """The same list without one filter (its name in the address), at its start."""
        start = {"after": None, "before": None, "at": ""}
        if name in ("q", "tab"):
            return replace(self, **{name: "" if name == "q" else ALL}, **start)  # type: ignore[arg-type]
        for prefix, held in ((EQUAL, "equal"), (LEAST, "least"), (MOST, "most")):
            if name.startswith(prefix):
                kept = {key: value for key, value in getattr(self, held).items() if key != name.removeprefix(prefix)}
                return replace(self, **{held: kept}, **start)  # type: ignore[arg-type]
        return self

    def bare(self) -> Asked:
        """The list without any filter, in the same tab, order and size."""
        return Asked(self.entity, tab=self.tab, sort=self.sort, size=self.size)


def url_of(entity: Entity, method: str = "list", **values: Any) -> str:
    """The address of a generated page of the entity."""
    return url_for(f"{endpoint_of(entity)}.{method}", **values)


def endpoint_of(entity: Entity) -> str:
    """The name of the entity's view: OrganizationRecordView."""
    return "".join(part.capitalize() for part in entity.name.split("_")) + "RecordView"


def read(entity: Entity, args: Mapping[str, str], *, sees_deleted: bool) -> Asked:
    """The list that an address asks for. Raises BadRequest for what no list of this entity can have."""
    ways = filters_of(entity)
    found: dict[str, dict[str, str]] = {"equal": {}, "least": {}, "most": {}}
    for name, typed in args.items():
        for prefix, held, way in ((EQUAL, "equal", "equal"), (LEAST, "least", "range"), (MOST, "most", "range")):
            if not name.startswith(prefix):
                continue
            key = name.removeprefix(prefix)
            if ways.get(key) != way or len(typed) > LONGEST:
                raise BadRequest
            if value := clean_line(typed):
                found[held][key] = value
    return Asked(
        entity,
        tab=_one_of(args, "tab", (ALL, DELETED) if sees_deleted else (ALL,), ALL),
        q=_text(args, "q") if entity.search else "",
        equal=found["equal"],
        least=found["least"],
        most=found["most"],
        sort=_one_of(args, "sort", tuple(entity.all_orders), ""),
        size=int(_one_of(args, "size", tuple(map(str, SIZES)), str(SIZE))),
        after=args.get("after") or None,
        before=args.get("before") or None,
        at=_text(args, "at"),
    )


def wrong_filters(asked: Asked, rows: Any) -> tuple[Any, dict[str, str]]:
    """The rows that match, and what is wrong with filters, by name in the address; with a wrong one there are none."""
    try:
        return narrowed(asked.entity, rows, asked.wanted), {}
    except WrongFilter:
        return None, dict(_wrong_ones(asked, rows))


def _wrong_ones(asked: Asked, rows: Any) -> Iterator[tuple[str, str]]:
    """Each filter that cannot be meant, tried by itself: of two bounds the wrong one alone is marked."""
    wanted = [("q", Wanted(q=asked.q))]
    for start, held in ((EQUAL, "equal"), (LEAST, "least"), (MOST, "most")):
        wanted += [(f"{start}{name}", Wanted(**{held: {name: typed}})) for name, typed in getattr(asked, held).items()]
    for name, one in wanted:
        try:
            narrowed(asked.entity, rows, one)
        except WrongFilter as wrong:
            yield name, value_sentence(wrong.wrong) if wrong.wrong is not None else ""


def said_yes(typed: str) -> bool | None:
    """What a filter on a yes-or-no field says; None for neither."""
    said = typed.casefold()
    return True if said in YES else False if said in NO else None


def order_field(entity: Entity, order: Order) -> str | None:
    """The field whose values an order follows; None where no field of the entity is sorted by."""
    if not order.columns:
        return None
    base, column = order.name.lstrip("-"), order.columns[0].key
    stem = column.removesuffix("_sort").removesuffix("_order").removesuffix("_key")
    names = (column, base, stem)
    found = next((name for name in names if name in entity.fields), None)
    if found is not None:
        return found
    near = (name for name in entity.fields if name.startswith((f"{base}_", f"{stem}_")) or name.endswith(f"_{stem}"))
    return next(near, None)


def _text(args: Mapping[str, str], name: str) -> str:
    typed = args.get(name, "")
    if len(typed) > LONGEST_SEARCH * 5:
        raise BadRequest
    return clean_line(typed)[:LONGEST_SEARCH]


def _one_of(args: Mapping[str, str], name: str, known: tuple[str, ...], otherwise: str) -> str:
    given = args.get(name) or otherwise
    if given not in (*known, otherwise):
        raise BadRequest
    return given


def is_picked(entity: Entity, name: str) -> bool:
    """Whether a filter of this field asks for a record by a picker."""
    return entity.fields[name].kind is Kind.LINK
