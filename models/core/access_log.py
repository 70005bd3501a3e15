"""Reading the access log: filtered, page by page and whole, quick on millions of entries (spec: fund.md 11).

Entries are walked by their number. A filter by several actions takes the first entries of each from its index and
merges them, so that a page costs the same however rare or common the actions are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from models.core.audit import AuditEntry
from models.core.db import db
from models.core.listing import Page
from models.core.thai.dates import day_bounds

SIGN_IN, SIGN_IN_FAILED, SIGN_OUT = "sign_in", "sign_in_failed", "sign_out"
VIEW, PERMISSION, EXPORT, CHANGE = "view", "permission", "export", "change"
GROUPS: Final = (SIGN_IN, SIGN_IN_FAILED, SIGN_OUT, VIEW, CHANGE, PERMISSION, EXPORT)
"""The kinds of event that the log is for (spec: fund.md 11)."""

# Whole actions first, then what an action ends with; whatever is in neither is a change.
_BY_ACTION: Final[Mapping[str, str]] = {
    "sign_in": SIGN_IN,
    "sign_in_failed": SIGN_IN_FAILED,
    "sign_out": SIGN_OUT,
    "session.end": SIGN_OUT,
    "session.end_others": SIGN_OUT,
    "account.appoint": PERMISSION,
    "account.dismiss": PERMISSION,
    "permission.change": PERMISSION,
    "permission.why": VIEW,
    "outbox.shown": VIEW,
}
_BY_END: Final[Mapping[str, str]] = {
    "view": VIEW,
    "export": EXPORT,
    "exported": EXPORT,
    "download": EXPORT,
    "print": EXPORT,
}
_PERMISSION_TABLES: Final = ("core_matrix_cell.", "core_matrix_change.", "core_grant.")

# Entries are numbered under a lock after their time is taken from the writer's clock: clocks of several machines may
# differ by this many entries, never by more that matters to a day.
_SLACK: Final = 1000


def group_of(action: str) -> str:
    """The kind of event that an action is."""
    if action in _BY_ACTION:
        return _BY_ACTION[action]
    if found := _BY_END.get(action.rpartition(".")[2]):
        return found
    return PERMISSION if action.startswith(_PERMISSION_TABLES) else CHANGE


@dataclass(frozen=True)
class Wanted:
    """What is filtered by; days in Bangkok, both included. Empty values leave everything in."""

    since: date | None = None
    until: date | None = None
    person: int | None = None
    group: str = ""
    action: str = ""
    entity: str = ""
    entity_id: str = ""
    address: str = ""
    actions: tuple[str, ...] | None = None  # those that the log has, where they have been asked for already


def page_of(wanted: Wanted, size: int, *, after: int | None = None, before: int | None = None) -> Page:
    """A page of entries with those who acted, the latest first; `after` and `before` are numbers of entries."""
    conditions, actions = _conditions(wanted), _actions(wanted)
    if conditions is None or actions == ():
        return Page()
    backward = before is not None
    found = _numbers(conditions, actions, size + 1, before if backward else after, backward)
    has_more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    if not found:
        return Page()
    is_first = after is None and before is None
    behind = has_more if backward else (not is_first and bool(_numbers(conditions, actions, 1, found[0], True)))
    ahead = bool(_numbers(conditions, actions, 1, found[-1], False)) if backward else has_more
    rows = select(AuditEntry).where(AuditEntry.seq.in_(found)).options(joinedload(AuditEntry.actor))
    return Page(
        rows=list(db.session.scalars(rows.order_by(AuditEntry.seq.desc()))),
        before=str(found[0]) if behind else None,
        after=str(found[-1]) if ahead else None,
    )


def entries(wanted: Wanted, chunk: int = 1000) -> Iterator[Sequence[AuditEntry]]:
    """Every entry that fits, the latest first, in chunks; none is held longer than its chunk."""
    conditions, actions = _conditions(wanted), _actions(wanted)
    if conditions is None or actions == ():
        return
    rows = select(AuditEntry).where(*conditions).options(joinedload(AuditEntry.actor)).order_by(AuditEntry.seq.desc())
    if actions is not None:
        rows = rows.where(AuditEntry.action.in_(actions))
    found = db.session.scalars(rows.execution_options(yield_per=chunk))
    yield from found.partitions()


def count_up_to(wanted: Wanted, most: int) -> int:
    """How many entries fit, counted up to `most` + 1."""
    conditions, actions = _conditions(wanted), _actions(wanted)
    if conditions is None or actions == ():
        return 0
    rows = select(AuditEntry.seq).where(*conditions)
    if actions is not None:
        rows = rows.where(AuditEntry.action.in_(actions))
    return db.session.scalar(select(func.count()).select_from(rows.limit(most + 1).subquery())) or 0


@dataclass(frozen=True)
class Known:
    """What there is in the log to filter by."""

    actions: tuple[str, ...]
    entities: tuple[str, ...]


def known() -> Known:
    """Every action and every kind of record that the log has: one step through an index for each, in one query."""
    actions, entities = _steps(AuditEntry.action, "actions"), _steps(AuditEntry.entity, "entities")
    found: dict[str, list[str]] = {"actions": [], "entities": []}
    for name, value in db.session.execute(union_all(actions, entities)):
        if value:
            found[name].append(value)
    return Known(tuple(sorted(found["actions"])), tuple(sorted(found["entities"])))


def _steps(column: Any, name: str) -> Select[Any]:
    first = select(func.min(column).label("value")).cte(f"known_{name}", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    steps = first.union_all(select(following).where(first.c.value.is_not(None)))
    return select(literal(name), steps.c.value).where(steps.c.value.is_not(None))


def _actions(wanted: Wanted) -> tuple[str, ...] | None:
    """The actions that are asked for; None for all, an empty tuple for none that the log has."""
    if wanted.action:
        fits = not wanted.group or group_of(wanted.action) == wanted.group
        return (wanted.action,) if fits else ()
    if wanted.group:
        actions = wanted.actions if wanted.actions is not None else known().actions
        return tuple(action for action in actions if group_of(action) == wanted.group)
    return None


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]] | None:
    """Everything but the actions; None when the period holds no entry."""
    found: list[ColumnElement[bool]] = []
    given = (
        (AuditEntry.actor_id, wanted.person),
        (AuditEntry.entity, wanted.entity),
        (AuditEntry.entity_id, wanted.entity_id),
        (AuditEntry.address, wanted.address),
    )
    found += [column == value for column, value in given if value]
    if wanted.since is not None:
        start = day_bounds(wanted.since)[0]
        first = _edge(AuditEntry.at >= start, AuditEntry.at, AuditEntry.seq)
        if first is None:
            return None
        found += [AuditEntry.at >= start, AuditEntry.seq >= first - _SLACK]
    if wanted.until is not None:
        end: datetime = day_bounds(wanted.until)[1]
        last = _edge(AuditEntry.at < end, AuditEntry.at.desc(), AuditEntry.seq.desc())
        if last is None:
            return None
        found += [AuditEntry.at < end, AuditEntry.seq <= last + _SLACK]
    return found


def _edge(condition: ColumnElement[bool], *order: Any) -> int | None:
    """The number of the first entry of a period, from the index on the time."""
    return db.session.scalar(select(AuditEntry.seq).where(condition).order_by(*order).limit(1))


def _numbers(
    conditions: Iterable[ColumnElement[bool]],
    actions: tuple[str, ...] | None,
    limit: int,
    position: int | None,
    backward: bool,
) -> list[int]:
    """The numbers of the next entries beyond a position: falling, or rising when `backward`."""
    seq = AuditEntry.seq
    rows = select(seq).where(*conditions)
    if position is not None:
        rows = rows.where(seq > position if backward else seq < position)

    def first(statement: Select[Any]) -> Select[Any]:
        return statement.order_by(seq.asc() if backward else seq.desc()).limit(limit)

    if actions is None or len(actions) == 1:
        return list(db.session.scalars(first(rows.where(AuditEntry.action == actions[0]) if actions else rows)))
    branches = (select(first(rows.where(AuditEntry.action == action)).subquery().c.seq) for action in actions)
    merged = union_all(*branches).subquery()
    order = merged.c.seq.asc() if backward else merged.c.seq.desc()
    return list(db.session.scalars(select(merged.c.seq).order_by(order).limit(limit)))
