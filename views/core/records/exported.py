"""Records as files, out: the list as its reader filtered it, each cell in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from jobs.exporting import NotGiven, Table, register_list
from models.core.entity import Entity, Kind
from models.core.entity.portions import cell_of, portions
from models.core.entity.rows import WrongFilter, narrowed, opens, seen_by
from models.core.listing import capped_count
from reports.core.table import Column
from views.core.records.asked import Asked, read
from views.core.records.file_words import heading_of, label_of
from views.core.records.linked import linked
from views.core.records.policy import served
from views.core.records.words import coded_fields, entity_title

LIST = "records"
KINDS = {Kind.NUMBER: "number", Kind.DECIMAL: "number", Kind.LINK: "number", Kind.MONEY: "money"}
KINDS |= {Kind.DATE: "date", Kind.MOMENT: "datetime"}


def open_list(user: Any, given: Mapping[str, Any]) -> Table:
    """The records that the user sees now and asked for. Raises NotGiven."""
    entity = served(str(given.get("entity", "")))
    if entity is None or not opens(entity, user):
        raise NotGiven
    try:
        asked = read(entity, given.get("query", {}), sees_deleted=False)
        rows = narrowed(entity, seen_by(entity, user), asked.wanted)
    except (BadRequest, WrongFilter):
        raise NotGiven from None
    names = [name for name in given.get("columns", ()) if name in entity.fields]
    return Table(
        title=entity_title(entity),
        name=entity.name,
        entity=entity.model.__tablename__,
        columns=_columns(entity, names),
        count=lambda most: capped_count(rows, entity.pk, most),
        rows=lambda: _lines(entity, user, asked, names),
    )


def _columns(entity: Entity, names: list[str]) -> list[Column]:
    found = [Column(heading_of(entity, entity.pk.key), "number", 12)] if entity.pk.key not in names else []
    coded = coded_fields(entity)
    for name in names:
        one = entity.fields[name]
        kind: Any = "text" if name in coded else KINDS.get(one.kind, "text")
        found.append(Column(heading_of(entity, name), kind, 40 if one.kind is Kind.LINES or one.length == 300 else 18))
        if one.kind is Kind.LINK:
            found.append(Column(_("%(field)s (name)", field=heading_of(entity, name)), width=30))
    return found


def _lines(entity: Entity, user: Any, asked: Asked, names: list[str]) -> Iterator[list[Any]]:
    label, coded, fields = label_of(entity), coded_fields(entity), [entity.fields[name] for name in names]
    links = [name for name in names if entity.fields[name].kind is Kind.LINK]
    with_key = entity.pk.key not in names
    for portion in portions(entity, user, asked.wanted, asked.order, names):
        found = {}
        if links:
            records = [SimpleNamespace(**dict(zip(names, row[1:], strict=True))) for row in portion]
            found = linked(entity, records, links).names
        for row in portion:
            line = [row[0]] if with_key else []
            for one, value in zip(fields, row[1:], strict=True):
                line.append(cell_of(one, value, label, coded))
                if one.kind is Kind.LINK:
                    line.append(found.get((one.to or "", value), "") if value is not None else None)
            yield line


register_list(LIST, open_list)
