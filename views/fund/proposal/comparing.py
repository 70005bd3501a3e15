"""Two revisions side by side: every difference in words, by part of the form (spec: fund.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from forms.fund.wizard import labels as wizard
from models.core.reference.provinces import province_name
from models.core.thai.money import format_money
from models.fund.compare import ADDED, REMOVED, Change, compare
from models.fund.revision import Revision
from views.core.look import day, lang
from views.fund.organization.words import sector_label
from views.fund.words import disability_label, document_label, part_label


@dataclass(frozen=True)
class Difference:
    """One difference as people read it; a side is empty where there was nothing."""

    label: str
    did: str
    before: str
    after: str


def differences(old: Revision, new: Revision) -> list[tuple[str, str, list[Difference]]]:
    """The parts that differ: number, name, and their differences in the order of the form."""
    by_part: dict[str, list[Difference]] = {}
    for change in compare(old, new):
        by_part.setdefault(change.part, []).append(_in_words(change))
    return [(part, part_label(part), found) for part, found in by_part.items()]


def _in_words(change: Change) -> Difference:
    words = {ADDED: _("Added"), REMOVED: _("Removed")}
    did = words.get(change.did, _("Changed"))
    return Difference(_label(change.name), did, _text(change.name, change.before), _text(change.name, change.after))


def _label(name: str) -> str:
    if name.startswith("organization."):
        key = name.removeprefix("organization.")
        return f"{_('Organization')}: {_organization_field(key)}"
    own = {
        "step": _("Step"),
        "activity": _("Activity"),
        "attachment": _("Attachment"),
        "budget": _("Budget of the steps"),
        "duration_days": _("Duration (days)"),
        "span_starts_on": _("First day of the steps"),
        "span_ends_on": _("Last day of the steps"),
    }
    return str(own.get(name) or wizard.LISTS.get(name) or wizard.FIELDS.get(name) or name)


def _organization_field(key: str) -> str:
    words = {
        "name": _("Name"),
        "sector": _("Sector"),
        "parent_agency": _("Parent agency"),
        "registered_year": _("Year registered (B.E.)"),
        "address": _("Address"),
        "subdistrict": _("Subdistrict"),
        "district": _("District"),
        "province_code": _("Province"),
        "postcode": _("Postcode"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "latitude": _("Latitude"),
        "longitude": _("Longitude"),
        "chair": _("President or chair"),
        "directors": _("Directors"),
        "officers": _("Officers"),
        "objectives": _("Objectives"),
    }
    return words.get(key, key)


def _text(name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, Mapping):
        return _row(name, value)
    if name == "disabilities":
        return ", ".join(disability_label(code) for code in value)
    if name == "organization.sector":
        return sector_label(value)
    if name == "organization.province_code":
        return province_name(value, lang())
    return _plain(value)


def _row(name: str, row: Mapping[str, Any]) -> str:
    if name == "attachment":
        return f"{document_label(row['kind'], row['kind_name'])}: {row['file']}"
    parts = [_plain(value) for value in row.values() if value not in (None, "")]
    return " · ".join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return f"{format_money(value)} {_('baht')}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    return str(value)
