"""What a field of an entity is, read from its column: what may stand in it, how long, whom it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Date, Float, Integer, String, Text, inspect

from models.core.db import Json, Money, UtcDateTime

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
    DATA = "data"


@dataclass(frozen=True)
class Field:
    """One field of an entity.

    `lowest` and `highest` bound numbers; `length` bounds texts (characters). `to` is the table that a link names.
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
) -> dict[str, Field]:
    """The fields of these names, in their order. Raises AttributeError for a name that the model has no column for."""
    columns = inspect(model).column_attrs
    found = {}
    for name in names:
        if name not in columns:
            raise AttributeError(f"{model.__name__} has no column {name}")
        column = columns[name].columns[0]
        lowest, highest = bounds.get(name, (None, None))
        key = next(iter(column.foreign_keys), None)
        to = links.get(name) or (key.column.table.name if key is not None else None)
        found[name] = Field(
            name=name,
            kind=kinds.get(name) or (Kind.LINK if to else _kind(column, name in choices)),
            column=column,
            is_required=name in required or _is_required(column),
            length=getattr(column.type, "length", None),
            choices=choices.get(name),
            to=to,
            lowest=lowest,
            highest=highest,
        )
    return found


def _is_required(column: Any) -> bool:
    """A column that may not be NULL and has no value of its own must be filled in."""
    return not column.nullable and column.default is None and column.server_default is None and not column.primary_key


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
