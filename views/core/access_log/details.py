"""An entry's values in the reader's words: fields by their labels, codes, days and moments as everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import g
from flask_babel import gettext as _
from markupsafe import Markup, escape

from models.core import audit
from models.core.api_key import key_names
from models.core.audit import AuditEntry
from models.core.entity import entity_named
from models.core.identity import names_of
from views.core.context import kind_labels
from views.core.field_words import known_code, known_label, known_words, names_person
from views.core.log_words import action_label, entity_label
from views.core.look import day, moment
from views.core.permission.pages import page_label
from views.core.permission.words import domain_label

LONGEST_VALUE = 500
# Values of these fields of a note are codes of ours.
_CODED = frozenset({"why", "what"})
# How the address of a list of records begins a filter's name: equal to, at least, at most.
_BOUNDS = {"f-": "", "from-": " ≥", "to-": " ≤"}
# Keys of the database say nothing to a reader.
_UNTOLD = frozenset({"id", "line_id"})


@dataclass(frozen=True)
class Line:
    """One field: from what to what; a note has only an after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Part:
    """What was done to one row, or what a note says."""

    title: str
    lines: tuple[Line, ...]
    is_note: bool = False


@dataclass
class Reader:
    """Knows what codes mean for this reader; the names of people and permissions are asked for once."""

    kinds: dict[str, str] = field(default_factory=kind_labels)
    people: dict[int, str] = field(default_factory=dict)
    permissions: dict[str, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[AuditEntry]) -> Reader:
        """A reader of these entries: at most three queries, however many there are."""
        from views.core.permission.editor import permission_titles

        people: set[int] = set()
        permissions: set[str] = set()
        keys: set[int] = set()
        for entry in entries:
            if key := (entry.payload or {}).get("api_key"):
                keys.add(key)
            for name, value in _all_values(entry.payload):
                if names_person(name) and isinstance(value, int):
                    people.add(value)
                elif name == "permission" and isinstance(value, str):
                    permissions.add(value)
        return cls(
            people=names_of(people) if people else {},
            permissions=permission_titles(permissions) if permissions else {},
            keys=key_names(keys) if keys else {},
        )

    def parts(self, entry: AuditEntry) -> list[Part]:
        """What an entry says, notes first."""
        payload: Mapping[str, Any] = entry.payload or {}
        found = [self._note(note, entry.entity) for note in payload.get("notes", ())]
        found += [part for change in payload.get("changes", ()) if (part := self._change(change)).lines]
        if key := payload.get("api_key"):
            line = Line(_("API key"), "", self.keys.get(key) or _("no. %(number)s", number=key))
            found.append(Part(_("Done by a program"), (line,), is_note=True))
        return found

    def lines(self, entry: AuditEntry) -> Iterator[str]:
        """What an entry says as plain lines, for a table's cell."""
        for part in self.parts(entry):
            if not part.lines:
                yield part.title
            for line in part.lines:
                yield f"{part.title} · {line.label}: " + (
                    line.after if part.is_note else f"{line.before} → {line.after}"
                )

    def _note(self, note: Mapping[str, Any], entity: str) -> Part:
        lines = tuple(
            Line(self.label(entity, name), "", self.words(entity, name, value))
            for name, value in note.items()
            if name != "action" and value not in (None, "")
        )
        return Part(action_label(str(note.get("action", ""))), lines, is_note=True)

    def _change(self, change: Mapping[str, Any]) -> Part:
        table, did = str(change.get("in", "")), str(change.get("did", ""))
        lines = tuple(
            Line(self.label(table, name), self.words(table, name, before), self.words(table, name, after))
            for name, (before, after) in change.get("fields", {}).items()
            if name not in _UNTOLD
        )
        done = {"create": _("added"), "change": _("Changed"), "delete": _("removed")}.get(did, did)
        return Part(f"{entity_label(table)}: {done}", lines)

    def label(self, table: str, name: str) -> str:
        """A field's label, or that of a filter by it; its own name where nobody knows one."""
        filtered, sign = _filtered(name)
        return known_label(table, filtered) + sign

    def words(self, table: str, name: str, value: Any) -> str:
        """A value as people read it."""
        name, _sign = _filtered(name)
        if value in (None, "", [], {}):
            return "–"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if names_person(name) and isinstance(value, int):
            return self.people.get(value) or _("account no. %(number)s", number=value)
        if isinstance(value, list):
            words = [self.words(table, name, one) for one in value]
            return " → ".join(words) if name == "state" and len(words) == 2 else _short(", ".join(words))
        if isinstance(value, dict):
            return _short(
                ", ".join(f"{self.label(table, key)}: {self.words(table, key, one)}" for key, one in value.items())
            )
        if name == "columns":
            return self.label(table, str(value))
        if name == "entity" and (kind := entity_named(str(value))) is not None:
            return entity_label(kind.model.__tablename__)
        return _short(known_words(table, name, value) or self._own_words(name, value))

    def _own_words(self, name: str, value: Any) -> str:
        if name == "kind":
            return self.kinds.get(str(value), str(value))
        if name == "permission":
            return self.permissions.get(str(value), str(value))
        if name in ("domain", "modules"):
            return domain_label(str(value))
        if name == "page":
            return page_label(str(value))
        if name == "about":  # a table, and the number of its row
            table, _space, number = str(value).partition(" ")
            return f"{entity_label(table)} {number}".strip()
        if name in _CODED:
            return known_code(value)
        if isinstance(value, str) and name.endswith(("_at", "_on", "_date")):
            try:
                return moment(datetime.fromisoformat(value)) if name.endswith("_at") else day(date.fromisoformat(value))
            except ValueError:
                return value
        return str(value)


def _filtered(name: str) -> tuple[str, str]:
    """The field that a filter's name in an address is about, and the sign of its bound."""
    for start, sign in _BOUNDS.items():
        if name.startswith(start):
            return name.removeprefix(start), sign
    return name, ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _all_values(payload: Any) -> Iterator[tuple[str, Any]]:
    """Every field and value that an entry names."""
    for note in (payload or {}).get("notes", ()):
        yield from note.items()
    for change in (payload or {}).get("changes", ()):
        for name, values in change.get("fields", {}).items():
            for value in values:
                yield name, value


def details_text(entry: AuditEntry) -> Markup:
    """An entry's values as a list of lines, or that they are not for this reader."""
    if not audit.may_read_details(g.user, entry):
        return escape(_("The content of this record is not shown to you."))
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in Reader.of([entry]).lines(entry))
    return Markup('<ul class="s-plain">{}</ul>').format(items)
