"""Long lists walked by keyset: the next page begins behind the last row's own values, never at a count of rows.

An order is declared: columns that are indexed and NOT NULL, then the key, so that every row has one place. A position
is a row's place as text, `value~key`, readable in an address and checked when it comes back. Totals are counted up to
a limit and asked for apart from the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Date, Integer, Select, String, func, literal, select, tuple_

from models.core.db import UtcDateTime, db

COUNT_LIMIT: Final = 10_000
"""Rows that are counted; one more says "more than that"."""

LONGEST_VALUE: Final = 400
_BETWEEN: Final = "~"
_LARGEST: Final = 2**63


class BadPosition(ValueError):
    """A position that no page of this list can have given."""


@dataclass(frozen=True)
class Order:
    """A declared order: its name in addresses, its columns and the key, all in one direction.

    Raises ValueError where a column may be NULL or no index begins with the columns: such a list would lose rows, or
    read the whole table for every page. `is_of_few` needs no index: only ever asked of the few rows of one record.
    """

    name: str
    columns: tuple[Any, ...]
    key: Any
    descending: bool = False
    is_of_few: bool = False

    def __post_init__(self) -> None:
        wanted = [column.property.columns[0] for column in (*self.columns, self.key)]
        table = wanted[0].table
        if any(column.nullable for column in wanted):
            raise ValueError(f"An order needs columns that are never NULL: {self.name}")
        if self.is_of_few:
            return
        indexes = [list(index.columns) for index in table.indexes] + [list(table.primary_key.columns)]
        # The key may be missing at the index's end: equal values are few, and sorting those costs little.
        names = [column.name for column in wanted[: len(self.columns) or 1]]
        if not any([column.name for column in columns][: len(names)] == names for columns in indexes):
            raise ValueError(f"An order needs an index on {', '.join(names)}: {self.name}")

    @property
    def all_columns(self) -> tuple[Any, ...]:
        """The columns that give every row its place, the key last."""
        return (*self.columns, self.key)

    def position(self, values: Sequence[Any]) -> str:
        """The place with these values, as text for an address."""
        return _BETWEEN.join(_write(value) for value in values)

    def read(self, text: str) -> tuple[Any, ...]:
        """The values of a position that came back in an address. Raises BadPosition."""
        parts = text.rsplit(_BETWEEN, len(self.columns))
        if len(parts) != len(self.columns) + 1:
            raise BadPosition(text)
        return tuple(_read(part, column) for part, column in zip(parts, self.all_columns, strict=True))

    def sorted(self, rows: Select[Any], *, backward: bool = False) -> Select[Any]:
        """The rows in this order, or from its end."""
        falls = self.descending != backward
        return rows.order_by(None).order_by(*(column.desc() if falls else column.asc() for column in self.all_columns))

    def beyond(self, values: Sequence[Any], *, backward: bool = False, inclusive: bool = False) -> Any:
        """The condition "comes after these values" in this order (or before them, `backward`).

        Fewer values than columns compare the first ones alone.
        """
        columns = self.all_columns[: len(values)]
        left = tuple_(*columns)
        right = tuple_(*(literal(value, column.type) for value, column in zip(values, columns, strict=True)))
        if self.descending != backward:
            return left <= right if inclusive else left < right
        return left >= right if inclusive else left > right


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the positions from which one goes on and back; None where there is nothing."""

    rows: list[Any] = field(default_factory=list)
    after: str | None = None
    before: str | None = None


def walk(
    rows: Select[Any],
    order: Order,
    size: int,
    *,
    after: str | None = None,
    before: str | None = None,
    start: Sequence[Any] | None = None,
) -> Page:
    """One page of `rows`, in `order`: the first, the one after or before a position, or the one from values on.

    `start` is for a jump: the page that begins with the first row at or behind these values of the order's first
    columns. A select of one entity gives entities, of several gives rows. Two queries at most, one for the first page.
    Raises BadPosition.
    """
    backward = before is not None
    given = before if backward else after
    if given is None and start is None:
        statement = _first_page(rows, order, size)
    else:
        statement = order.sorted(rows.add_columns(*order.all_columns), backward=backward).limit(size + 1)
        if given is not None:
            statement = statement.where(order.beyond(order.read(given), backward=backward))
        elif start is not None:
            statement = statement.where(order.beyond(start, inclusive=True))
    found = db.session.execute(statement).all()
    has_more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    if not found:
        return Page()
    width = len(order.all_columns)
    places = [tuple(row[-width:]) for row in (found[0], found[-1])]
    is_first_page = given is None and start is None
    behind = has_more if backward else (not is_first_page and _is_any(rows, order, places[0], backward=True))
    ahead = _is_any(rows, order, places[1]) if backward else has_more
    return Page(
        rows=[row[0] if len(row) == width + 1 else tuple(row[:-width]) for row in found],
        before=order.position(places[0]) if behind else None,
        after=order.position(places[1]) if ahead else None,
    )


_first_pages: WeakKeyDictionary[Select[Any], dict[tuple[int, int], tuple[Order, Select[Any]]]] = WeakKeyDictionary()


def _first_page(rows: Select[Any], order: Order, size: int) -> Select[Any]:
    """The statement of a list's first page: kept as long as the select of its rows is, for who asks it again."""
    known = _first_pages.setdefault(rows, {})
    place = (id(order), size)
    if place not in known:
        # The order is kept too, so that its id stays its own.
        known[place] = (order, order.sorted(rows.add_columns(*order.all_columns)).limit(size + 1))
    return known[place][1]


def _is_any(rows: Select[Any], order: Order, values: Sequence[Any], *, backward: bool = False) -> bool:
    # Sorted, so that the index is followed to the first such row instead of a guess at how many there are.
    beyond = order.sorted(rows.with_only_columns(order.key), backward=backward)
    return db.session.execute(beyond.where(order.beyond(values, backward=backward)).limit(1)).first() is not None


def capped_count(rows: Select[Any], key: Any, most: int = COUNT_LIMIT) -> int:
    """How many rows there are, counted up to `most` + 1."""
    return capped_counts([rows], key, most)[0]


def capped_counts(several: Iterable[Select[Any]], key: Any, most: int = COUNT_LIMIT) -> list[int]:
    """How many rows each select has, counted up to `most` + 1; one query for all."""
    counts = []
    for rows in several:
        some = rows.order_by(None).with_only_columns(key).limit(most + 1).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery())
    return [int(count) for count in db.session.execute(select(*counts)).one()] if counts else []


def _write(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _read(text: str, column: Any) -> Any:
    kind = column.type
    try:
        if isinstance(kind, UtcDateTime):
            return datetime.strptime(text, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
        if isinstance(kind, Date):
            return date.fromisoformat(text)
        if isinstance(kind, (Integer, BigInteger)):
            return _read_number(text)
        if isinstance(kind, String):
            return _read_text(text)
    except ValueError as error:
        raise BadPosition(text) from error
    raise TypeError(f"No position is written for a column of {kind!r}")


def _read_number(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19 and abs(int(text)) < _LARGEST):
        raise BadPosition(text)
    return int(text)


def _read_text(text: str) -> str:
    text.encode("utf-8")  # a lone surrogate is a ValueError
    if len(text) > LONGEST_VALUE or "\0" in text:
        raise BadPosition(text)
    return text
