"""What linked records are called and where they are read: one query per table for a whole page, and only of rows that
the reader sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import load_only

from models.core.db import db
from models.core.entity import Entity, Kind, entity_of_table
from models.core.entity.rows import opens, seen_by
from models.core.identity import Account, names_of
from views.core.records.asked import url_of
from views.core.records.policy import is_served
from views.core.records.words import entity_one, value_text

DEEPEST = 3  # a link's name that is itself a link's name, and so on
PEOPLE = Account.__tablename__


@dataclass
class Linked:
    """The names of linked records by table and key, and the keys of those whose page the reader may open."""

    names: dict[tuple[str, Any], str] = field(default_factory=dict)
    opened: set[tuple[str, Any]] = field(default_factory=set)

    def url(self, table: str, key: Any) -> str | None:
        """Where the linked record is read; None for one that the reader does not see."""
        above = entity_of_table(table)
        return url_of(above, "show", pk=key) if above is not None and (table, key) in self.opened else None


def linked(entity: Entity, records: Iterable[Any], fields: Sequence[str]) -> Linked:
    """The records that these fields of these records name."""
    found = Linked()
    _look_up(_keys(entity, list(records), fields), found, DEEPEST)
    return found


def title_of(entity: Entity, record: Any, found: Linked | None = None) -> str:
    """What a record is called: its first listed field, its number where that is empty."""
    if isinstance(record, Account):
        return record.full_name or record.email
    first = entity.listed[0]
    names = found.names if found is not None else {}
    text = value_text(entity, first, getattr(record, first), names)
    if entity.fields[first].kind in (Kind.CHOICE, Kind.MOMENT, Kind.DATE) or not text:
        return f"{text} {number_of(entity, record)}".strip()
    return text


def number_of(entity: Entity, record: Any) -> str:
    """A record by its number alone."""
    return _("record no. %(number)s", number=entity.key_of(record))


def titles_of(entity: Entity, records: Sequence[Any]) -> list[str]:
    """What records are called, those whose name is a linked record's with it."""
    found = linked(entity, records, entity.listed[:1])
    return [title_of(entity, record, found) for record in records]


def kind_and_title(entity: Entity, record: Any) -> str:
    """A record with its kind, for sentences: Organization มูลนิธิ…"""
    return f"{entity_one(entity)} {titles_of(entity, [record])[0]}"


def _keys(entity: Entity, records: list[Any], fields: Sequence[str]) -> dict[str, set[Any]]:
    keys: dict[str, set[Any]] = {}
    for name in fields:
        one = entity.fields[name]
        if one.kind is Kind.LINK and one.to:
            keys.setdefault(one.to, set()).update(
                key for record in records if (key := getattr(record, name)) is not None
            )
    return {table: values for table, values in keys.items() if values}


def _look_up(keys: dict[str, set[Any]], found: Linked, depth: int) -> None:
    for table, wanted in keys.items():
        wanted = {key for key in wanted if (table, key) not in found.names}
        above = entity_of_table(table)
        if not wanted or above is None or depth == 0:
            continue
        if not (is_served(above) and opens(above, g.user)):
            # Who did something is told to whoever may read that it was done.
            names = names_of(wanted) if table == PEOPLE else {}
            found.names |= {(table, key): name for key, name in names.items()}
            continue
        rows = seen_by(above, g.user).where(above.pk.in_(wanted)).order_by(None)
        if table != PEOPLE:
            rows = rows.options(load_only(*(getattr(above.model, name) for name in (above.pk.key, above.listed[0]))))
        records = list(db.session.scalars(rows).unique())
        _look_up(_keys(above, records, above.listed[:1]), found, depth - 1)
        for record in records:
            place = (table, above.key_of(record))
            found.names[place] = title_of(above, record, found)
            found.opened.add(place)
