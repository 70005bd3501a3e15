"""What columns and their values are called in the reader's language, for the access log and every generated page.

The core's own words stand here; each domain adds its tables by `explain_fields`, a kind of record more by
`views.core.records.words.name_record`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l

from models.core.reference.provinces import PROVINCES, province_name
from views.core.look import lang

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
    "modules": _l("Systems"),
    "account_id": _l("User account"),
    "prefix": _l("Beginning of the key"),
    "scopes": _l("What the key may do"),
    "page": _l("Page"),
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
    "query": _l("Filters"),
    "q": _l("Search"),
    "sort": _l("Order"),
    "entity": _l("Kind of record"),
    "columns": _l("Column"),
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
    "created_at": _l("Made at"),
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
# (table, field) -> its label, empty when the domain does not know it; (table, field, value) -> the value in words.
LabelOf = Callable[[str, str], str]
WordsOf = Callable[[str, str, Any], str]
_explainers: list[tuple[str, LabelOf, WordsOf]] = []


def names_person(name: str) -> bool:
    """Whether a field's value is the number of an account."""
    return name in _PEOPLE or name.endswith(("_by", "_by_id"))


def explain_fields(tables: str, label: LabelOf, words: WordsOf) -> None:
    """Let a domain say its fields and values: those of tables that begin with `tables`, the longest first."""
    _explainers.append((tables, label, words))
    _explainers.sort(key=lambda one: -len(one[0]))


def known_label(table: str, name: str) -> str:
    """A field's label; its own name where nobody knows one."""
    for start, label, _words in _explainers:
        if table.startswith(start) and (known := label(table, name)):
            return known
    return str(_labels.get(name, name))


def known_words(table: str, name: str, value: Any) -> str:
    """A value in its domain's words; empty where the domain has none for it."""
    for start, _label, words in _explainers:
        if table.startswith(start) and (known := words(table, name, value)):
            return known
    return province_name(value, lang()) if name == "province_code" and value in PROVINCES else ""


def known_code(value: Any) -> str:
    """One of the core's own codes in words; an unknown one as it stands."""
    return str(_values.get(str(value), value))
