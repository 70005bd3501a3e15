"""What a kind of record, its fields and their values are called; generated pages, files and the API ask here.

A domain says its words beside its other ones by `name_record`; what it leaves out is said as the access log says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from models.core.entity import Entity, Kind, entity_of_table
from models.core.entity.portions import Coded
from models.core.thai.citizen import mask_citizen_id
from models.core.thai.phone import format_phone
from views.core.context import kind_labels
from views.core.field_words import explain_fields, known_code, known_label, known_words
from views.core.log_words import entity_label
from views.core.look import day, lang, moment, money

Codes = Mapping[str, Any] | Callable[[str], Any]
"""A field's codes in words: a table, or a function from a code."""

Look = tuple[str, str | None]
"""How a code is drawn: the kind of its chip, and an icon where it has one of its own; "none": a dash, not reached."""

Chips = Mapping[str, str | Look] | Callable[[Any], Look | None]
"""A field's codes as chips: a table, or a function from a code."""

Names = Mapping[tuple[str, Any], str]
"""(table, key) -> the name of a linked record that the reader sees (`views.core.records.linked`)."""

NO_NAMES: Names = {}

Section = tuple[Any, Sequence[str]]
"""A part of a record's form and page: its heading, the fields under it."""


@dataclass(frozen=True)
class _Words:
    one: Any = ""
    many: Any = ""
    icon: str = "table"
    purpose: Any = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    helps: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Codes] = field(default_factory=dict)
    chips: Mapping[str, Chips] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    raw: Sequence[str] = ()


_records: dict[str, _Words] = {}
_NONE = _Words()
_groups: dict[str, Any] = {}


def name_record(
    name: str,
    one: Any,
    many: Any,
    icon: str = "table",
    *,
    purpose: Any = "",
    fields: Mapping[str, Any] | None = None,
    helps: Mapping[str, Any] | None = None,
    values: Mapping[str, Codes] | None = None,
    chips: Mapping[str, Chips] | None = None,
    sections: Sequence[Section] = (),
    raw: Sequence[str] = (),
) -> None:
    """Say what an entity is called, one and many, what it is for, and its fields, help texts and codes.

    `chips` are the fields that say where a record stands, with the look of each code; `sections` part a long form.
    Of `raw` fields the record's own page says under the words what stands there.
    """
    _records[name] = _Words(
        one, many, icon, purpose, fields or {}, helps or {}, values or {}, chips or {}, sections, raw
    )


def name_record_group(group: str, label: Any) -> None:
    """Say under which heading a group of entities stands."""
    _groups[group] = label


def group_title(group: str) -> str:
    """The heading of a group of entities."""
    return str(_groups.get(group, group))


def entity_title(entity: Entity) -> str:
    """What records of this kind are called together: Organizations."""
    return str(_records.get(entity.name, _NONE).many or entity_label(entity.model.__tablename__))


def entity_one(entity: Entity) -> str:
    """What one record of this kind is called: Organization."""
    return str(_records.get(entity.name, _NONE).one or entity_label(entity.model.__tablename__))


def entity_icon(entity: Entity) -> str:
    """The icon beside the kind's name."""
    return _records.get(entity.name, _NONE).icon


def entity_purpose(entity: Entity) -> str:
    """What these records are for, in a sentence; empty where nobody says."""
    return str(_records.get(entity.name, _NONE).purpose)


def field_label(entity: Entity, name: str) -> str:
    """What a field is called."""
    own = _records.get(entity.name, _NONE).fields.get(name)
    return str(own) if own is not None else known_label(entity.model.__tablename__, name)


def field_help(entity: Entity, name: str) -> str:
    """What to know before filling a field in; empty where nobody says."""
    return str(_records.get(entity.name, _NONE).helps.get(name, ""))


def tells_raw(entity: Entity, name: str) -> bool:
    """Whether what stands in a field is worth reading beside its words."""
    return name in _records.get(entity.name, _NONE).raw


def code_label(entity: Entity, name: str, code: Any) -> str:
    """A code of a field in words; the code itself where nobody knows it."""
    if said := _own_code(_records.get(entity.name, _NONE), name, code):
        return said
    if known := known_words(entity.model.__tablename__, name, code):
        return known
    if name == "kind" and (kind := kind_labels().get(str(code))):
        return kind
    return known_code(code)


def value_look(entity: Entity, name: str, value: Any) -> Look | None:
    """How a value is drawn as a chip; None for what is plain text."""
    own = _records.get(entity.name, _NONE).chips.get(name)
    if own is None or value is None:
        return None
    look = own(value) if callable(own) else own.get(str(value))
    return (look, None) if isinstance(look, str) else look


def has_looks(entity: Entity, name: str) -> bool:
    """Whether the values of a field are drawn as chips."""
    return name in _records.get(entity.name, _NONE).chips


def sections_of(entity: Entity, names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The fields of a form or a page by sections; what stands in none comes first, under no heading."""
    parted = [(str(title), [name for name in wanted if name in names]) for title, wanted in _sections(entity)]
    known = {name for _title, wanted in parted for name in wanted}
    rest = [name for name in names if name not in known]
    return [(title, wanted) for title, wanted in (("", rest), *parted) if wanted]


def _sections(entity: Entity) -> Sequence[Section]:
    return _records.get(entity.name, _NONE).sections


def coded_fields(entity: Entity) -> Coded:
    """The fields whose values have words without being choices, with their codes where a table lists them."""
    return {
        name: tuple(map(str, codes)) if isinstance(codes, Mapping) else ()
        for name, codes in _records.get(entity.name, _NONE).values.items()
        if name in entity.fields and entity.fields[name].kind is not Kind.CHOICE
    }


def _own_code(words: _Words, name: str, code: Any) -> str:
    own = words.values.get(name)
    said = None if own is None else own(code) if callable(own) else own.get(code, own.get(str(code)))
    return "" if said is None else str(said)


def _of_table(table: str) -> _Words:
    entity = entity_of_table(table)
    return _records.get(entity.name, _NONE) if entity is not None else _NONE


def table_label(table: str, name: str) -> str:
    """What a table's column is called by the record's words; empty where they leave it out."""
    return str(_of_table(table).fields.get(name, ""))


def table_code(table: str, name: str, value: Any) -> str:
    """A code of a table's column in the record's words; empty for what is none."""
    return "" if isinstance(value, dict | list) else _own_code(_of_table(table), name, value)


# What a domain does not say of its tables in the log, the log says as the record's own pages do.
explain_fields("", table_label, table_code)


def value_text(entity: Entity, name: str, value: Any, names: Names = NO_NAMES) -> str:
    """A stored value as pages show it, empty for nothing.

    Days and moments in the reader's way, baht with two decimals, citizen IDs masked. A linked record by the name that
    `names` has for it, else by its number.
    """
    one = entity.fields[name]
    if value is None or value == "":
        return ""
    if one.kind is Kind.LINK:
        return names.get((one.to or "", value)) or _("record no. %(number)s", number=value)
    if one.kind is Kind.CHOICE or name in _records.get(entity.name, _NONE).values:
        return code_label(entity, name, value)
    if one.is_counted:
        return str(value + 1)
    if one.kind is Kind.CITIZEN_ID:
        return mask_citizen_id(str(value))
    if one.kind is Kind.PHONE:
        return format_phone(str(value), lang())
    return _plain(entity, name, value)


def _plain(entity: Entity, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{field_label(entity, str(key))}: {_plain(entity, name, one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(entity, name, one) for one in value)
    return str(value)
