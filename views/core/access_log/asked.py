"""What of the access log is asked for, as it stands in the address: read, said in chips, written again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from forms.core.sentences import value_sentence
from models.core import access_log
from models.core.access_log import Known, Wanted
from models.core.identity import Account, names_of
from models.core.thai.dates import parse_date
from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits
from views.core.base import can_be_key
from views.core.log_words import action_label, entity_label
from views.core.permission.subjects import subjects

GROUP_LABELS = {
    access_log.SIGN_IN: _l("Signing in"),
    access_log.SIGN_IN_FAILED: _l("Signing in that failed"),
    access_log.SIGN_OUT: _l("Signing out"),
    access_log.VIEW: _l("Views of personal data"),
    access_log.CHANGE: _l("Changes"),
    access_log.PERMISSION: _l("Changes of permissions"),
    access_log.EXPORT: _l("Exports and prints"),
}
FIELDS = ("since", "until", "person", "group", "action", "entity", "number", "address")
LONGEST = 100


@dataclass
class Asked:
    """The filters as typed, what they mean, and what of them cannot be meant."""

    typed: dict[str, str]
    wanted: Wanted
    errors: dict[str, str] = field(default_factory=dict)
    person: str = ""

    def url(self, **changes: Any) -> str:
        """The list's address with these filters, some of them changed or (empty) taken out."""
        return self.to("AccessLogView.list", **changes)

    def to(self, endpoint: str, **changes: Any) -> str:
        """An address of the log with these filters."""
        values = {key: value for key, value in {**self.typed, **changes}.items() if value}
        return url_for(endpoint, **values)

    def chips(self) -> list[tuple[str, str]]:
        """The filters in force in words, each with the address without it."""
        words = {
            "since": _("From %(day)s", day=self.typed.get("since")),
            "until": _("Until %(day)s", day=self.typed.get("until")),
            "person": _("By %(name)s", name=self.person),
            "group": str(GROUP_LABELS.get(self.typed.get("group", ""), "")),
            "action": action_label(self.typed.get("action", "")),
            "entity": entity_label(self.typed.get("entity", "")),
            "number": _("Number %(number)s", number=self.typed.get("number")),
            "address": _("From address %(address)s", address=self.typed.get("address")),
        }
        return [
            (words[key], self.url(**{key: None})) for key in FIELDS if self.typed.get(key) and key not in self.errors
        ]


def read(args: Mapping[str, str], known: Known) -> Asked:
    """The filters of an address; what cannot be meant is kept as typed, with its sentence."""
    typed = {key: text for key in FIELDS if (text := clean_line(args.get(key, ""))[:LONGEST])}
    asked = Asked(typed, Wanted())
    since, until = _day(asked, "since"), _day(asked, "until")
    if since is not None and until is not None and since > until:
        asked.errors["until"] = _("This day is before the first one.")
    entity, key = _record(asked)
    asked.wanted = Wanted(
        since=since,
        until=until if "until" not in asked.errors else None,
        person=_person(asked),
        group=_group(asked),
        action=typed.get("action", ""),
        entity=entity,
        entity_id=key,
        address=typed.get("address", "")[:45],
        actions=known.actions,
    )
    return asked


def _day(asked: Asked, name: str) -> date | None:
    if name not in asked.typed:
        return None
    try:
        return parse_date(asked.typed[name])
    except BadValue as wrong:
        asked.errors[name] = value_sentence(wrong)
        return None


def _person(asked: Asked) -> int | None:
    text = asked.typed.get("person", "")
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if not can_be_key(number, Account.id):
        asked.errors["person"] = _("There is no such account.")
        return None
    asked.person = names_of([number]).get(number) or _("account no. %(number)s", number=number)
    return number


def _group(asked: Asked) -> str:
    text = asked.typed.get("group", "")
    if text and text not in GROUP_LABELS:
        raise BadRequest  # No form of ours sends it.
    return text


def _record(asked: Asked) -> tuple[str, str]:
    """Kind of record and its key; a number that people write (2569-0001) says both."""
    entity, number = asked.typed.get("entity", ""), asked.typed.get("number", "")
    for subject in subjects():
        if number and entity in ("", subject.entity) and (key := subject.find(number)) is not None:
            return subject.entity, str(key)
    return entity, to_ascii_digits(number)[:60]
