"""Somebody saved first: both values side by side, mine kept (templates/core/_conflict.html)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import inspect
from wtforms import RadioField, SelectField

from models.core.access_log import CHANGE, PERMISSION, group_of
from models.core.audit import AuditEntry, entity_of, history_of
from models.core.clock import today
from models.core.db import Audited, db
from models.core.identity import Account
from models.core.thai.dates import bangkok_day
from views.core.look import clock, moment

LOOKED_THROUGH = 50  # entries of a history


@dataclass(frozen=True)
class Clash:
    """A field that both typed: what is posted when one or the other is picked, and how it reads.

    A list of rows says by `changes` what theirs has in another way: ("added", "removed" or "changed", the row).
    """

    name: str
    label: str
    mine: str
    theirs: str
    mine_text: str = ""
    theirs_text: str = ""
    changes: list[tuple[str, str]] | None = None


@dataclass
class Conflict:
    """Who saved before, when, where it differs, and everything else that was typed, to be posted again."""

    by: str
    when: str
    version: int | str
    fields: list[Clash] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    is_me: bool = False  # In another window.

    def add(self, one: Clash) -> None:
        """Put a field where it belongs: what both say alike is posted along without a question."""
        if one.mine == one.theirs:
            self.hidden.append((one.name, one.mine))
        else:
            self.fields.append(one)


def last_change(record: Any) -> tuple[str, str]:
    """Who changed the record last and when: at what time of today, else on which day too; empty where nothing says.

    A part of another record is looked for in that one's history. Who only looked at it or signed in changed nothing.
    """
    root = record.audit_root() or record if isinstance(record, Audited) else record
    part = None if root is record else (entity_of(record), str(inspect(record).identity[0]))
    entry = next((one for one in history_of(root, LOOKED_THROUGH) if _changes(one, part)), None)
    if entry is None:
        return _("Somebody"), ""
    actor = db.session.get(Account, entry.actor_id) if entry.actor_id else None
    when = clock(entry.at) if bangkok_day(entry.at) == today() else moment(entry.at)
    return actor.full_name if actor else _("Somebody"), when


def _changes(entry: AuditEntry, part: tuple[str, str] | None) -> bool:
    """Whether an entry tells of a change of its record, or of that part of it."""
    changes = (entry.payload or {}).get("changes", ())
    if part is not None:
        return any((one["in"], str(one["id"])) == part for one in changes)
    return bool(changes) or group_of(entry.action) in (CHANGE, PERMISSION)


def conflict_of(
    record: Any, mine: Any, theirs: Any, names: Iterable[str], *, version: int | str, more: Iterable[Clash] = ()
) -> Conflict:
    """What to show after StaleVersion. `mine`: the posted form; `theirs`: the same form of what is stored now.

    `record` is the one whose history says who saved; `more` are clashes that are not single fields (rows).
    """
    fields = []
    for name in names:
        (value, text), (other, other_text) = _shown(mine[name]), _shown(theirs[name])
        if value.strip() != other.strip():
            fields.append(Clash(mine[name].name, mine[name].label.text, value, other, text, other_text))
    fields += more
    clashing = {field.name for field in fields} | {"csrf_token", "version"}
    hidden = [(name, value) for name, values in request.form.lists() if name not in clashing for value in values]
    by, when = last_change(record)
    return Conflict(by, when, version, fields, hidden)


def _shown(field: Any) -> tuple[str, str]:
    """A field's value as it is posted and as a person reads it."""
    if isinstance(field, SelectField | RadioField):
        value = "" if field.data is None else str(field.data)
        labels = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()}
        return value, labels.get(value, value)
    value = str(field._value())
    return value, value
