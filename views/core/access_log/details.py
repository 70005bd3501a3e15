"""An entry's values in the reader's words: fields by their labels, codes, days and moments as everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from models.core import audit
from models.core.audit import AuditEntry
from models.core.identity import names_of
from views.core.context import kind_labels
from views.core.log_words import action_label, entity_label
from views.core.look import day, moment
from views.core.permission.words import domain_label

LONGEST_VALUE = 500
# Fields that name a person by the number of an account.
_PEOPLE = frozenset({"user_id", "author_id", "actor_id", "person"})

_labels: dict[str, Any] = {
    "title": _l("Title"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "email": _l("E-mail"),
    "username": _l("User name"),
    "password": _l("Password"),
    "active": _l("Account open"),
    "locale": _l("Language"),
    "theme": _l("Light or dark"),
    "confirmed_at": _l("E-mail confirmed"),
    "must_change_password": _l("New password wanted at sign-in"),
    "password_changed_at": _l("Password changed"),
    "citizen_id": _l("Citizen ID"),
    "position": _l("Position in the organization"),
    "work_group": _l("Work group"),
    "telephone": _l("Telephone"),
    "mobile": _l("Mobile"),
    "completed_at": _l("Filled in"),
    "kind": _l("Kind"),
    "scope_type": _l("Scope"),
    "scope_id": _l("Scope no."),
    "begins_at": _l("Holds from"),
    "ends_at": _l("Holds until"),
    "granted_by": _l("Given by"),
    "user_id": _l("User"),
    "permission": _l("Permission"),
    "name": _l("Name"),
    "value": _l("Value"),
    "state": _l("State"),
    "reason": _l("Reason"),
    "why": _l("Why"),
    "what": _l("What was done"),
    "domain": _l("Systems"),
    "purpose": _l("Purpose"),
    "ending": _l("Kind of file"),
    "size": _l("Size"),
    "count": _l("How many"),
    "revision": _l("Revision"),
    "paper": _l("Paper"),
    "typed": _l("User name as typed"),
    "asked": _l("What was asked"),
    "about": _l("About"),
    "filters": _l("Filters"),
    "text": _l("Text"),
    "text_version": _l("Version"),
    "accepted_at": _l("Accepted"),
    "deleted_at": _l("Deleted"),
    "id": _l("No."),
    "proposal_id": _l("Proposal no."),
    "organization_id": _l("Organization no."),
    "session_id": _l("Session no."),
    "revision_id": _l("Revision no."),
    "file_id": _l("File no."),
    "card_file_id": _l("Picture of the citizen ID card"),
    "item_id": _l("Agenda item no."),
    "form_id": _l("Scoring form no."),
    "level": _l("Level"),
    "starts_at": _l("Starts"),
    "place": _l("Place"),
    "begun_at": _l("Begun"),
    "ended_at": _l("Ended"),
    "saved_at": _l("Saved at"),
    "sent_by_id": _l("Sent by"),
    "saved_by_id": _l("Saved by"),
    "recorded_at": _l("Recorded at"),
    "recorded_by_id": _l("Recorded by"),
    "created_by_id": _l("Made by"),
    "published_at": _l("Published at"),
    "published_by_id": _l("Published by"),
    "cleared_by_id": _l("Cleared by"),
    "uploaded_by": _l("Uploaded by"),
    "attached_at": _l("Attached at"),
    "content_type": _l("Kind of file"),
    "attended": _l("Attended"),
    "note": _l("Note"),
    "cancel_reason": _l("Reason"),
    "ways": _l("How to be told"),
}
_values: dict[str, Any] = {
    "unknown": _l("no such account"),
    "password": _l("wrong password"),
    "not confirmed": _l("e-mail not confirmed"),
    "closed": _l("account closed"),
    "edit": _l("Changed"),
    "reset": _l("Set back to the manual’s"),
    "restore": _l("Put back as before"),
}
# Values of these fields of a note are codes of ours.
_CODED = frozenset({"why", "what"})
# Keys of the database say nothing to a reader.
_UNTOLD = frozenset({"id"})

# (table, field) -> its label, empty when the domain does not know it; (table, field, value) -> the value in words.
LabelOf = Callable[[str, str], str]
WordsOf = Callable[[str, str, Any], str]
_explainers: list[tuple[str, LabelOf, WordsOf]] = []


def names_person(name: str) -> bool:
    """Whether a field's value is the number of an account."""
    return name in _PEOPLE or name.endswith(("_by", "_by_id"))


def explain_fields(tables: str, label: LabelOf, words: WordsOf) -> None:
    """Let a domain say its fields and values: those of tables whose names begin with `tables`."""
    _explainers.append((tables, label, words))


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

    @classmethod
    def of(cls, entries: Iterable[AuditEntry]) -> Reader:
        """A reader of these entries: at most two queries, however many there are."""
        from views.core.permission.editor import permission_titles

        people: set[int] = set()
        permissions: set[str] = set()
        for entry in entries:
            for name, value in _all_values(entry.payload):
                if names_person(name) and isinstance(value, int):
                    people.add(value)
                elif name == "permission" and isinstance(value, str):
                    permissions.add(value)
        return cls(
            people=names_of(people) if people else {},
            permissions=permission_titles(permissions) if permissions else {},
        )

    def parts(self, entry: AuditEntry) -> list[Part]:
        """What an entry says, notes first."""
        payload: Mapping[str, Any] = entry.payload or {}
        found = [self._note(note, entry.entity) for note in payload.get("notes", ())]
        return found + [part for change in payload.get("changes", ()) if (part := self._change(change)).lines]

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
        """A field's label; its own name where nobody knows one."""
        for start, label, _words in _explainers:
            if table.startswith(start) and (known := label(table, name)):
                return known
        return str(_labels.get(name, name))

    def words(self, table: str, name: str, value: Any) -> str:
        """A value as people read it."""
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
        for start, _label, words_of in _explainers:
            if table.startswith(start) and (known := words_of(table, name, value)):
                return _short(known)
        return _short(self._own_words(name, value))

    def _own_words(self, name: str, value: Any) -> str:
        if name == "kind":
            return self.kinds.get(str(value), str(value))
        if name == "permission":
            return self.permissions.get(str(value), str(value))
        if name == "domain":
            return domain_label(str(value))
        if name in _CODED and str(value) in _values:
            return str(_values[str(value)])
        if isinstance(value, str) and name.endswith(("_at", "_on", "_date")):
            try:
                return moment(datetime.fromisoformat(value)) if name.endswith("_at") else day(date.fromisoformat(value))
            except ValueError:
                return value
        return str(value)


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
