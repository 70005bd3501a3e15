"""What a flush changes in a record, as the audit chain tells it: each column from what to what, secrets masked."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import History

from models.core.thai.citizen import mask_citizen_id

MASK = "••••"


def plain(value: Any) -> Any:
    """A value as JSON knows it: money as text with two decimals, moments in ISO 8601."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def _masked(column: Any, value: Any) -> Any:
    rule = column.info.get("audit")
    if value in (None, "") or rule is None:
        return plain(value)
    if rule == "citizen":
        return mask_citizen_id(str(value))
    return MASK


def fields_of(record: Any, operation: str) -> dict[str, list[Any]]:
    """The columns that a create, change or delete writes, each [before, after]; empty for a row that was touched."""
    state = inspect(record)
    ignored: set[str] = getattr(type(record), "audit_ignore", set()) | {"version"}
    fields: dict[str, list[Any]] = {}
    for attribute in state.mapper.column_attrs:
        column = attribute.columns[0]
        if attribute.key in ignored or column.info.get("audit") == "skip":
            continue
        history: History = state.attrs[attribute.key].history
        if operation == "create":
            after = getattr(record, attribute.key)
            if after not in (None, ""):
                fields[attribute.key] = [None, _masked(column, after)]
        elif operation == "delete":
            before = history.deleted[0] if history.deleted else getattr(record, attribute.key)
            if before not in (None, ""):
                fields[attribute.key] = [_masked(column, before), None]
        elif history.has_changes():
            if not history.deleted and attribute.key in state.info.get("touched", ()):
                continue
            before = history.deleted[0] if history.deleted else state.info.get("before", {}).get(attribute.key)
            after = history.added[0] if history.added else None
            if before != after:
                fields[attribute.key] = [_masked(column, before), _masked(column, after)]
    return fields


def read_overwritten(session: Session, record: Any) -> None:
    """Columns that were overwritten unread are read now, so that the history knows what they were."""
    state = inspect(record)
    touched = state.info.get("touched", ())
    unread = []
    for attribute in state.mapper.column_attrs:
        history: History = state.attrs[attribute.key].history
        if history.added and not history.deleted and attribute.key not in touched:
            unread.append(attribute)
    if unread and state.identity is not None:
        keys = zip(state.mapper.primary_key, state.identity, strict=True)
        row = session.connection().execute(
            select(*(attribute.columns[0] for attribute in unread)).where(*(column == key for column, key in keys))
        )
        values = zip((attribute.key for attribute in unread), row.one_or_none() or (), strict=False)
        state.info["before"] = dict(values)


def forget(record: Any) -> None:
    """Let go what was known of the record for one flush."""
    for told in ("before", "touched"):
        inspect(record).info.pop(told, None)
