"""What a field of an entity is, read from its column: what may stand in it, how long, whom it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Boolean, Date, Float, Integer, String, Text, inspect

from models.core.db import Json, Money, UtcDateTime
from models.core.thai.dates import FIRST_BUDDHIST_YEAR, LAST_BUDDHIST_YEAR

YEARS = (FIRST_BUDDHIST_YEAR, LAST_BUDDHIST_YEAR)
Choices = Callable[[], Sequence[str]] | Sequence[str]


class Kind(StrEnum):
    """What stands in a field; screens, files and the API each know how to say one."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LINK = "link"
    CITIZEN_ID = "citizen_id"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    WEB_LINK = "web_link"
    DATA = "data"


TEXTS = frozenset({Kind.TEXT, Kind.LINES, Kind.CITIZEN_ID, Kind.EMAIL, Kind.PHONE, Kind.POSTCODE, Kind.WEB_LINK})
"""What is stored as a text that somebody writes; "nothing" is then the empty text where the column is not NULL."""


@dataclass(frozen=True)
class Field:
    """One field of an entity.

    `lowest` and `highest` bound numbers; `length` bounds texts (characters). `to` is the table that a link names.
    `is_counted`: kept from 0 on, told from 1 on, as people count. `is_year`: a number that is a year พ.ศ.
    `digits`: how many a code of digits alone has.
    """

    name: str
    kind: Kind
    column: Any
    is_required: bool = False
    length: int | None = None
    choices: Choices | None = None
    to: str | None = None
    lowest: int | None = None
    highest: int | None = None
    is_counted: bool = False
    is_year: bool = False
    digits: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that may be chosen now; empty for a field that is not chosen from a list."""
        if self.choices is None:
            return ()
        return tuple(self.choices() if callable(self.choices) else self.choices)

    @property
    def is_nullable(self) -> bool:
        """Whether "nothing" is stored as NULL; else it is stored as the empty text."""
        return bool(self.column.nullable)


def fields_of(
    model: Any,
    names: Sequence[str],
    *,
    choices: dict[str, Choices],
    kinds: dict[str, Kind],
    links: dict[str, str],
    required: Sequence[str],
    bounds: dict[str, tuple[int | None, int | None]],
    counted: Sequence[str] = (),
    years: Sequence[str] = (),
    digits: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, Field]:
    """The fields of these names, in their order. Raises AttributeError for a name that the model has no column for."""
    columns = inspect(model).column_attrs
    found = {}
    for name in names:
        if name not in columns:
            raise AttributeError(f"{model.__name__} has no column {name}")
        column = columns[name].columns[0]
        lowest, highest = bounds.get(name, YEARS if name in years else (None, None))
        key = next(iter(column.foreign_keys), None)
        to = links.get(name) or (key.column.table.name if key is not None else None)
        kind = kinds.get(name) or (Kind.LINK if to else _kind(column, name in choices))
        found[name] = Field(
            name=name,
            kind=kind,
            column=column,
            is_required=name in required or _is_required(column, kind),
            length=getattr(column.type, "length", None),
            choices=choices.get(name),
            to=to,
            lowest=lowest,
            highest=highest,
            is_counted=name in counted,
            is_year=name in years,
            digits=digits.get(name),
        )
    return found


def _is_required(column: Any, kind: Kind) -> bool:
    """A column that cannot hold "nothing" must be filled in, even where a new row would get a value of its own.

    Only a text may be left empty there, and a choice whose column begins with the empty code.
    """
    if column.nullable or column.primary_key:
        return False
    has_default = column.default is not None or column.server_default is not None
    if kind is Kind.CHOICE:
        return not (column.default is not None and column.default.is_scalar and column.default.arg == "")
    return not (kind in TEXTS and has_default)


def _kind(column: Any, is_choice: bool) -> Kind:
    if is_choice:
        return Kind.CHOICE
    if column.info.get("audit") == "citizen":
        return Kind.CITIZEN_ID
    plain: tuple[tuple[type, Kind], ...] = (
        (UtcDateTime, Kind.MOMENT),
        (Money, Kind.MONEY),
        (Json, Kind.DATA),
        (Boolean, Kind.YES_NO),
        (Date, Kind.DATE),
        (Float, Kind.DECIMAL),
        (Integer, Kind.NUMBER),
        (Text, Kind.LINES),
        (String, Kind.TEXT),
    )
    for kind, said in plain:
        if isinstance(column.type, kind):
            return said
    raise TypeError(f"No field is made of a column of {column.type!r}")
