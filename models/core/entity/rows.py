"""Which rows of an entity a user sees, filtered and searched; the one place that generated pages, files and API ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Select, String, false, or_, select

from models.core import audit
from models.core.db import db
from models.core.entity import Entity, entity_of_table
from models.core.entity.fields import Field, Kind
from models.core.entity.values import WrongValue, clean
from models.core.grants import Narrowed
from models.core.matrix import allows
from models.core.thai.dates import day_bounds
from models.core.thai.errors import BadValue
from models.core.thai.text import search_term

LONGEST_SEARCH = 200  # characters
_RANGED = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.MOMENT})
_EXACT = frozenset({Kind.CHOICE, Kind.YES_NO, Kind.LINK})


def as_user_of(entity: Entity, user: Any) -> Any:
    """The same person with those grants alone for whose kinds the entity is generated."""
    if not entity.users or user.kinds <= entity.users:
        return user
    return Narrowed(user, [held for held in user.held if held.kind in entity.users])


def opens(entity: Entity, user: Any, deed: str = "view") -> bool:
    """Whether the matrix lets the user do the deed on some record of the entity: for menus and buttons."""
    permission = entity.gates.of(deed)
    return permission is not None and allows(as_user_of(entity, user), permission)


def seen_by(entity: Entity, user: Any, permission: str | None = None) -> Select[Any]:
    """The rows of the entity on which the user holds a permission, that of seeing unless another is given."""
    permission = permission or entity.gates.view
    user = as_user_of(entity, user)
    if entity.rows is not None:
        rows: Select[Any] = entity.rows(user, permission)
        return rows
    model = entity.model
    if not allows(user, permission):
        return select(model).where(false())
    if entity.parent is not None:
        above = entity_of_table(entity.fields[entity.parent].to or "")
        if above is None:
            raise LookupError(f"{entity.name} belongs to what is no entity")
        parents = seen_by(above, user, permission).with_only_columns(above.pk).order_by(None)
        return _kept(entity).where(getattr(model, entity.parent).in_(parents))
    if "visible_to" in dir(model):
        found: Select[Any] = model.visible_to(user, permission)
        return found
    return _kept(entity)


def _kept(entity: Entity) -> Select[Any]:
    """The rows that are not marked as deleted."""
    rows = select(entity.model)
    return rows.where(entity.model.deleted_at.is_(None)) if entity.is_soft_deleted else rows


def deleted_for(entity: Entity, user: Any) -> Select[Any]:
    """The deleted rows that the user may restore."""
    gate = entity.gates.restore
    user = as_user_of(entity, user)
    if gate is None or not entity.is_soft_deleted or not allows(user, gate):
        return select(entity.model).where(false())
    if entity.deleted is not None:
        return entity.deleted(user)
    return select(entity.model).where(entity.model.deleted_at.is_not(None))


def read_key(entity: Entity, raw: Any) -> Any | None:
    """A key as it came in an address or a file; None where no row of the table can have it."""
    kind = entity.pk.type
    if isinstance(kind, String):
        text = str(raw)
        return text if 0 < len(text) <= (kind.length or 100) and "\0" not in text else None
    text = str(raw)
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if 0 < number < (2**63 if isinstance(kind, BigInteger) else 2**31) else None


def find(entity: Entity, user: Any, key: Any, permission: str | None = None) -> Any | None:
    """The record of that key where the user holds the permission; None for another's and for one that is not there."""
    wanted = read_key(entity, key)
    if wanted is None:
        return None
    return db.session.scalar(seen_by(entity, user, permission).where(entity.pk == wanted))


def opened(entity: Entity, user: Any, key: Any) -> Any | None:
    """The record that a user opens, as `find`; that somebody looked at a person's data is written down."""
    record = find(entity, user, key)
    if record is not None and entity.is_personal:
        audit.note(f"{audit.entity_of(record)}.view", record)
    return record


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for: words to look for, and per field a value or bounds, all as typed.

    `equal` holds exact values; `least` and `most` bound numbers, amounts, days and moments (both inclusive, days in
    Bangkok). A field that is not declared as filtered, or a value that it cannot hold, raises WrongFilter.
    """

    q: str = ""
    equal: Mapping[str, str] = field(default_factory=dict)
    least: Mapping[str, str] = field(default_factory=dict)
    most: Mapping[str, str] = field(default_factory=dict)


class WrongFilter(ValueError):
    """A filter that no list of this entity has, or a value that its field cannot hold."""

    def __init__(self, name: str, wrong: BadValue | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.wrong = wrong


def filters_of(entity: Entity) -> dict[str, str]:
    """How each filtered field is asked for: "equal" (a code, yes or no, a key) or "range"."""
    return {name: "equal" if entity.fields[name].kind in _EXACT else "range" for name in entity.filtered}


def narrowed(entity: Entity, rows: Select[Any], wanted: Wanted) -> Select[Any]:
    """The rows that match. Raises WrongFilter."""
    if wanted.q:
        rows = _searched(entity, rows, wanted.q)
    ways = filters_of(entity)
    for name, typed in wanted.equal.items():
        if ways.get(name) != "equal":
            raise WrongFilter(name)
        value = _read(entity.fields[name], typed)
        column = getattr(entity.model, name)
        rows = rows.where(column.is_(None) if value is None else column == value)
    for bounds, is_least in ((wanted.least, True), (wanted.most, False)):
        for name, typed in bounds.items():
            if ways.get(name) != "range":
                raise WrongFilter(name)
            rows = rows.where(_bound(entity, entity.fields[name], typed, is_least))
    return rows


def _read(one: Field, typed: str) -> Any:
    try:
        return clean(one, typed, is_filter=True)
    except BadValue as wrong:
        raise WrongFilter(one.name, wrong) from wrong


def _bound(entity: Entity, one: Field, typed: str, is_least: bool) -> Any:
    column = getattr(entity.model, one.name)
    value = _read(one, typed)
    if value is None:
        raise WrongFilter(one.name, WrongValue("needed"))
    if one.kind is Kind.MOMENT:
        begins, ends = day_bounds(value)
        return column >= begins if is_least else column < ends
    return column >= value if is_least else column <= value


def _searched(entity: Entity, rows: Select[Any], typed: str) -> Select[Any]:
    if not entity.search or len(typed) > LONGEST_SEARCH:
        raise WrongFilter("q")
    term = search_term(typed)
    if not term:
        return rows
    columns: Sequence[Any] = entity.search
    return rows.where(or_(*(column.contains(term, autoescape=True) for column in columns)))
