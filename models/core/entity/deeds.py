"""Adding, changing, deleting and restoring a record of any entity: asked, checked and done in one place.

Forms, files and the API come through here. Each deed asks the permission on that very record, the state (the entity's
`refusal`), the stamp that the caller read, and the values; then the domain's own function does it, or plain storing.
The caller commits.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.exc import InvalidRequestError

from models.core import audit
from models.core.db import Audited, StaleVersion, canonical, db, now
from models.core.entity import Entity, Values, entity_of_table
from models.core.entity.fields import Kind
from models.core.entity.rows import deleted_for, find, opens, seen_by
from models.core.entity.rules import wrong_together
from models.core.entity.values import WrongValue, WrongValues, clean
from models.core.thai.errors import BadValue
from models.core.workflow import Refusal, Refused

DEEDS = ("add", "change", "delete", "restore")


def stamp_of(entity: Entity, record: Any) -> str:
    """What a form or a program carries to say which state of the record it read."""
    if entity.is_versioned:
        return str(record.version)
    held = [getattr(record, name) for name in entity.fields]
    return hashlib.sha256(canonical(held).encode()).hexdigest()[:16]


def refusal(entity: Entity, deed: str, user: Any, record: Any = None) -> Refusal | None:
    """Why the user may not do the deed now; None means they may. `record` is None for adding."""
    permission = entity.gates.of(deed)
    if permission is None:
        return Refusal("not_done_here")
    if not opens(entity, user, deed):
        return Refusal("not_permitted", permission=permission)
    if record is not None and not _is_within(entity, deed, user, record, permission):
        return Refusal("not_permitted", permission=permission)
    return entity.deeds.refusal(deed, user, record) if entity.deeds.refusal is not None else None


def _is_within(entity: Entity, deed: str, user: Any, record: Any, permission: str) -> bool:
    rows = deleted_for(entity, user) if deed == "restore" else seen_by(entity, user, permission)
    inside = rows.where(entity.pk == entity.key_of(record)).with_only_columns(entity.pk).order_by(None)
    return db.session.execute(select(inside.exists())).scalar_one()


def cleaned(
    entity: Entity, user: Any, given: Values, names: tuple[str, ...], record: Any = None, *, is_whole: bool
) -> dict[str, Any]:
    """The values as they are stored, of the fields in `names`; a field that is not given is left out unless `is_whole`.

    A linked record must be one that the user sees; together with the rest of `record` they must hold to the entity's
    rule. Raises WrongValues.
    """
    errors: dict[str, BadValue] = {name: WrongValue("not_a_field") for name in given if name not in names}
    values: dict[str, Any] = {}
    for name in names:
        if name not in given and not is_whole:
            continue
        one = entity.fields[name]
        try:
            values[name] = clean(one, given.get(name))
            if one.kind is Kind.LINK and values[name] is not None:
                _check_link(entity, user, name, values[name])
        except BadValue as wrong:
            errors[name] = wrong
    errors = {**wrong_together(entity, values, record), **errors}
    if errors:
        raise WrongValues(errors)
    return values


def _check_link(entity: Entity, user: Any, name: str, key: Any) -> None:
    above = entity_of_table(entity.fields[name].to or "")
    if above is None or find(above, user, key) is None:
        raise WrongValue("no_such_record")


def add(entity: Entity, user: Any, given: Values) -> Any:
    """A new record of these values. Raises Refused, WrongValues."""
    if reason := refusal(entity, "add", user):
        raise Refused(reason)
    values = cleaned(entity, user, given, tuple(entity.added), is_whole=True)
    _check_key(entity, values, None)
    return store_new(entity, user, values)


def store_new(entity: Entity, user: Any, values: Values) -> Any:
    """A new record of values that were cleaned and checked, as `add` stores it. Raises Refused, WrongValues."""
    if entity.deeds.add is not None:
        record = entity.deeds.add(user, values)
    else:
        record = entity.model(**{name: value for name, value in values.items() if value is not None})
        db.session.add(record)
        _check_parent(entity, user, record)
    db.session.flush()
    _note("create", record)
    return record


def _check_parent(entity: Entity, user: Any, record: Any) -> None:
    """What is added to another record needs the permission on that one."""
    if entity.parent is None:
        return
    above = entity_of_table(entity.fields[entity.parent].to or "")
    key = getattr(record, entity.parent)
    if above is None or key is None or find(above, user, key, entity.gates.add) is None:
        db.session.expunge(record)
        raise WrongValues({entity.parent: WrongValue("no_such_record")})


def change(entity: Entity, user: Any, record: Any, given: Values, stamp: str | None, *, is_whole: bool = False) -> bool:
    """Change the given fields of a record; whether that changed anything. Raises Refused, StaleVersion, WrongValues.

    What says the same as before is no change: it counts no version and the log holds nothing of it.
    """
    _take(entity, record, stamp)
    if reason := refusal(entity, "change", user, record):
        raise Refused(reason)
    values = cleaned(entity, user, given, tuple(entity.changed), record, is_whole=is_whole)
    _check_key(entity, values, record)
    values = {name: value for name, value in values.items() if value != getattr(record, name)}
    if values:
        store_change(entity, user, record, values)
    return bool(values)


def store_change(entity: Entity, user: Any, record: Any, values: Values) -> None:
    """Values that were cleaned and checked into a record, as `change` stores them. Raises Refused, WrongValues."""
    if entity.deeds.change is not None:
        entity.deeds.change(user, record, values)
    else:
        for name, value in values.items():
            setattr(record, name, value)
    db.session.flush()
    _note("change", record)


def delete(entity: Entity, user: Any, record: Any, stamp: str | None) -> None:
    """Delete a record: mark it where its table knows that, else take it away. Raises Refused, StaleVersion."""
    _take(entity, record, stamp)
    if reason := refusal(entity, "delete", user, record):
        raise Refused(reason)
    if entity.deeds.delete is not None:
        entity.deeds.delete(user, record)
    elif entity.is_soft_deleted:
        record.deleted_at = now()
    else:
        _note("delete", record)
        db.session.delete(record)
    db.session.flush()


def restore(entity: Entity, user: Any, record: Any, stamp: str | None) -> None:
    """Take a deleted record back. Raises Refused, StaleVersion."""
    _take(entity, record, stamp)
    if reason := refusal(entity, "restore", user, record):
        raise Refused(reason)
    if entity.deeds.restore is not None:
        entity.deeds.restore(user, record)
    else:
        record.deleted_at = None
    db.session.flush()


def _take(entity: Entity, record: Any, stamp: str | None) -> None:
    """Lock the row and hold what was read against it, so that of two people one wins and the other is told."""
    try:
        db.session.refresh(
            record,
            attribute_names=[attribute.key for attribute in inspect(entity.model).column_attrs],
            with_for_update=True,
        )
    except InvalidRequestError as gone:  # somebody deleted the row between the look and the lock
        raise StaleVersion(record) from gone
    if stamp != stamp_of(entity, record):
        raise StaleVersion(record)


def _check_key(entity: Entity, values: Values, record: Any | None) -> None:
    """A key that another record has is told at its field, not by the database."""
    if entity.key is None or not values.get(entity.key):
        return
    column = getattr(entity.model, entity.key)
    rows = select(entity.pk).where(column == values[entity.key])
    if record is not None:
        rows = rows.where(entity.pk != entity.key_of(record))
    if db.session.scalar(rows.limit(1)) is not None:
        raise WrongValues({entity.key: WrongValue("taken")})


def _note(deed: str, record: Any) -> None:
    """Tables whose changes the log does not collect by itself get a line of their own."""
    if not isinstance(record, Audited):
        audit.note(f"{audit.entity_of(record)}.{deed}", record)
