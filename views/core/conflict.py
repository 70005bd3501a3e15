"""Somebody saved first: both values side by side, mine kept (templates/core/_conflict.html)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import RadioField, SelectField

from models.core.audit import history_of
from models.core.db import db
from models.core.identity import Account
from views.core.look import clock


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
    """Who changed the record last, and at what time of day."""
    entry = next(iter(history_of(record, 1)), None)
    actor = db.session.get(Account, entry.actor_id) if entry is not None and entry.actor_id else None
    return actor.full_name if actor else _("Somebody"), clock(entry.at) if entry is not None else ""


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
