"""A field's value as lists and pages of records draw it: in words, as a chip, as a figure, with what it links to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.core.entity import Entity, Field, Kind
from models.core.thai.web import is_web_link
from views.core.look import clock, day
from views.core.records.linked import Linked
from views.core.records.words import Look, field_label, has_looks, tells_raw, value_look, value_text

RIGHT = frozenset({Kind.MONEY, Kind.NUMBER, Kind.DECIMAL})
WHOLE = RIGHT | {Kind.DATE, Kind.CITIZEN_ID, Kind.PHONE, Kind.POSTCODE, Kind.YES_NO}
"""Kinds of value that are never parted over two lines, nor cut."""

LONG = 200
"""A text of more letters is given the whole width of a form."""

SHORT = 20
"""A text of so many letters at most is a code, a title, a postcode: it needs no wide column."""


@dataclass(frozen=True)
class Shown:
    """A value as it is drawn: its text, and where a linked record is read."""

    label: str
    text: str
    url: str | None = None
    is_figure: bool = False
    is_whole: bool = False  # on one line, never cut
    is_long: bool = False
    is_wide: bool = False  # needs the whole width of a card on a telephone
    look: Look | None = None
    raw: str = ""  # what stands there, where the record's page says it beside the words
    parts: tuple[str, ...] = ()  # a moment: day and time, each whole, on two lines where there is no room for one


def shown(entity: Entity, record: Any, name: str, found: Linked) -> Shown:
    """A field of a record as it is drawn; `found` knows the names of the records that it links to."""
    one, value = entity.fields[name], getattr(record, name)
    return Shown(
        field_label(entity, name),
        value_text(entity, name, value, found.names),
        _read_at(one, value, found),
        is_figure=one.kind in RIGHT,
        is_whole=one.kind in WHOLE,
        is_long=one.kind is Kind.LINES,
        is_wide=one.kind in (Kind.LINES, Kind.EMAIL),
        look=value_look(entity, name, value),
        raw=str(value) if value and tells_raw(entity, name) else "",
        parts=(day(value), clock(value)) if isinstance(value, datetime) else (),
    )


def _read_at(one: Field, value: Any, found: Linked) -> str | None:
    """Where the value leads: to the record that it names, or to the web, if that is what really stands there."""
    if one.kind is Kind.WEB_LINK:
        return value if value and is_web_link(value) else None
    return found.url(one.to or "", value) if one.kind is Kind.LINK else None


def width_of(entity: Entity, name: str) -> str:
    """How wide the column of a field has to be at least: for its values, for chips, for amounts, wide or narrow."""
    one = entity.fields[name]
    if has_looks(entity, name):
        return "state"
    if one.kind is Kind.MONEY:
        return "money"
    if one.kind in WHOLE or one.kind is Kind.MOMENT:
        return "own"
    if one.kind in (Kind.LINK, Kind.LINES, Kind.EMAIL, Kind.WEB_LINK, Kind.DATA):
        return "wide"
    return "narrow" if one.kind is Kind.TEXT and (one.length or SHORT + 1) <= SHORT else "middle"


def span_of(one: Field) -> str:
    """How many of the twelve columns of a form a field takes: the whole width for long texts, else half."""
    half = one.kind in (Kind.CHOICE, Kind.LINK, Kind.EMAIL) or (
        one.kind is not Kind.LINES and (one.length or 0) <= LONG
    )
    return "6" if half else "12"
