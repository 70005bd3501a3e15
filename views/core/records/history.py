"""The history of a record: who, when, each field from what to what (spec: README, History)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import not_, or_, select
from sqlalchemy.orm import joinedload

from models.core import audit
from models.core.audit import AuditEntry
from models.core.db import Audited
from models.core.entity import Entity, entity_of_table
from models.core.listing import Order, Page, walk
from views.core.access_log.details import Part, Reader
from views.core.access_log.view import who
from views.core.log_words import action_label

PAGE = 25
LATEST_FIRST = Order("seq", (), AuditEntry.seq, descending=True)
# Looking is no change: it stands in the access log.
_LOOKS = ("view", "print", "export")


@dataclass(frozen=True)
class Entry:
    """One entry; without `parts` where its content is not for this reader, or was erased."""

    entry: AuditEntry
    who: str
    what: str
    parts: list[Part]
    is_hidden: bool
    is_erased: bool


def root_of(record: Any) -> Any:
    """The record in whose history changes of this one stand."""
    return record.audit_root() if isinstance(record, Audited) else record


def told_elsewhere(record: Any) -> tuple[Entity, Any] | None:
    """The entity and record whose history tells of this one; None where its own does, or none is generated."""
    root = root_of(record)
    above = entity_of_table(type(root).__tablename__) if root is not record else None
    return (above, root) if above is not None else None


def history_page(entity: Entity, record: Any, after: str | None, before: str | None) -> tuple[list[Entry], Page]:
    """A page of the record's history, the latest first. Raises BadPosition."""
    rows = (
        select(AuditEntry)
        .where(
            AuditEntry.entity == audit.entity_of(record),
            AuditEntry.entity_id == str(entity.key_of(record)),
            not_(or_(*(AuditEntry.action.endswith(f".{look}") for look in _LOOKS))),
        )
        .options(joinedload(AuditEntry.actor))
    )
    page = walk(rows, LATEST_FIRST, PAGE, after=after, before=before)
    readable = audit.readable_details(g.user, page.rows)
    reader = Reader.of([entry for entry in page.rows if entry.seq in readable])
    entries = [
        Entry(
            entry,
            who(entry),
            action_label(entry.action),
            reader.parts(entry) if entry.seq in readable else [],
            is_hidden=entry.seq not in readable,
            is_erased=entry.payload is None,
        )
        for entry in page.rows
    ]
    return entries, page
