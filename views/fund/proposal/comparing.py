"""Two revisions side by side: every difference in words, by part of the form (spec: fund.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

from forms.fund.wizard import labels as wizard
from models.core.reference.provinces import province_name
from models.core.thai.money import format_money
from models.core.thai.phone import format_phone
from models.fund.compare import ADDED, CHANGED, MOVED, REMOVED, REPLACED, SAME, Change, compare
from models.fund.proposal import Proposal
from models.fund.revision import Revision
from reports.core.diff import GONE, NEW, Piece, Pieces, shortened, word_diff
from reports.core.diff import SAME as SAME_TEXT
from reports.fund.comparison import Cell, Difference, Part, counts
from views.core.asked import number
from views.core.look import day, file_size, lang
from views.fund.organization.words import sector_label
from views.fund.wizard.loading import load_revision
from views.fund.words import disability_label, document_label, part_label

# What one reads word by word; of other values either side is told whole.
_TEXTS = frozenset({"text", "detail", "name", "title", "achievements", "problems_met", "rationale", "method"}) | {
    "budget_note",
    "last_project",
    "unit_name",
    "coordinator_name",
    "organization.address",
    "organization.directors",
    "organization.officers",
    "organization.objectives",
}
_DID = {
    CHANGED: _l("Changed"),
    ADDED: _l("Added"),
    REMOVED: _l("Removed"),
    MOVED: _l("Moved"),
    REPLACED: _l("File replaced"),
    SAME: "",
}
_LONG = 300  # characters from which a text is cut to what changed


def two_revisions(proposal: Proposal) -> tuple[list[Revision], Revision, Revision]:
    """All revisions that the user of this request may read, and the two that the address asks for, with their rows.

    The last two unless it says otherwise: for its applicants an unsent one against the last that was sent.
    """
    readable = {revision.number: revision for revision in proposal.readable_revisions(g.user, "proposal.view")}
    if len(readable) < 2:
        raise NotFound
    numbers = sorted(readable)
    old, new = (
        number(request.args, name, 1, 100_000) or otherwise
        for name, otherwise in (("old", numbers[-2]), ("new", numbers[-1]))
    )
    if old not in readable or new not in readable:
        raise NotFound
    return [readable[one] for one in numbers], load_revision(readable[old].id), load_revision(readable[new].id)


def differences(old: Revision, new: Revision, *, everything: bool = False) -> list[Part]:
    """The parts that differ, in the order of the form; with `everything`, what is the same as well and nothing cut."""
    by_part: dict[str, list[Difference]] = {}
    for change in compare(old, new, everything=everything):
        one = _in_words(change, everything)
        if one.cells:
            by_part.setdefault(change.part, []).append(one)
    return [Part(part, part_label(part), tuple(found)) for part, found in by_part.items()]


def summary_of(parts: list[Part]) -> str:
    """How many differences of each kind there are, in one line."""
    found = counts(parts)
    said = (
        (CHANGED, ngettext("%(num)s changed", "%(num)s changed", found[CHANGED])),
        (ADDED, ngettext("%(num)s added", "%(num)s added", found[ADDED])),
        (REMOVED, ngettext("%(num)s removed", "%(num)s removed", found[REMOVED])),
        (MOVED, ngettext("%(num)s moved", "%(num)s moved", found[MOVED])),
        (REPLACED, ngettext("%(num)s file replaced", "%(num)s files replaced", found[REPLACED])),
    )
    return " · ".join(words for did, words in said if found[did]) or _("Nothing differs")


def _in_words(change: Change, everything: bool) -> Difference:
    said = str(_DID[change.did])
    if change.is_moved and change.did != MOVED:
        moved = _("Moved")
        said = f"{said}, {moved}"
    if change.line_id:
        cells = _row_cells(change, everything)
    else:
        cells = (_cell(change, change.name, "", change.before, change.after, everything),)
    is_silent = everything and not any(cell.before or cell.after for cell in cells)
    return Difference(_label(change.name), _place(change), change.did, said, () if is_silent else cells)


def _place(change: Change) -> str:
    """Which row it is, on both sides."""
    was, now = change.places
    step = (change.after or change.before or {}).get("step", "") if change.name == "activity" else ""
    if was is None and now is None:
        return ""
    if was is not None and now is not None and was != now and (change.is_moved or change.did == MOVED):
        place = _("From place %(old)s to %(new)s", old=was, new=now)
    else:
        place = _("No. %(number)s", number=now or was)
    return f"{place} · {step}" if step else place


def _row_cells(change: Change, everything: bool) -> tuple[Cell, ...]:
    before, after = change.before or {}, change.after or {}
    names = list(change.columns)
    if change.name == "attachment":
        return (_attachment_cell(change),)
    if change.did == CHANGED and not everything:
        # The row's own name stands above what changed in it, so that one knows which row it is.
        first = next(iter(after), "")
        if first == "step":
            names = [name for name in names if name != "step" or before.get("step_id") != after.get("step_id")]
            first = "name"
        if first not in names and first in after:
            names.insert(0, first)
    elif change.name == "activity" and change.did != CHANGED:
        names = [name for name in names if name != "step"]
    if change.did == MOVED:
        names = names[:1] if change.name != "activity" else ["name"]
    several = len(names) > 1
    cells = []
    for name in names:
        pair = (before.get(name), after.get(name))
        if pair[0] in (None, "") and pair[1] in (None, ""):
            continue
        cells.append(_cell(change, name, _column(change.name, name) if several else "", *pair, everything))
    return tuple(cells)


def _attachment_cell(change: Change) -> Cell:
    sides = []
    for row in (change.before, change.after):
        if row is None:
            sides.append("")
            continue
        kind = document_label(row["kind"], row["kind_name"])
        sides.append(f"{kind}: {row['file']} ({file_size(row['size'])})")
    return Cell("", *_whole(*sides, is_same=change.did in (SAME, MOVED)))


def _cell(change: Change, name: str, label: str, before: Any, after: Any, everything: bool) -> Cell:
    old, new = _text(name, before), _text(name, after)
    if change.did in (ADDED, REMOVED) or not (name in _TEXTS or name == "organization.name"):
        return Cell(label, *_whole(old, new, is_same=old == new))
    sides = word_diff(old, new)
    if everything or len(old) + len(new) <= _LONG:
        return Cell(label, *sides)
    return Cell(label, shortened(sides[0]), shortened(sides[1]))


def _whole(old: str, new: str, *, is_same: bool) -> tuple[Pieces, Pieces]:
    if is_same:
        return [Piece(SAME_TEXT, old)] if old else [], [Piece(SAME_TEXT, new)] if new else []
    return [Piece(GONE, old)] if old else [], [Piece(NEW, new)] if new else []


def _label(name: str) -> str:
    if name.startswith("organization."):
        key = name.removeprefix("organization.")
        organization = _("Organization")
        return f"{organization}: {_organization_field(key)}"
    own = {
        "step": _("Step"),
        "activity": _("Activity"),
        "attachment": _("Attachment"),
        "budget": _("Budget of the steps"),
        "duration_days": _("Duration (days)"),
        "span_starts_on": _("First day of the steps"),
        "span_ends_on": _("Last day of the steps"),
    }
    return str(own.get(name) or wizard.list_label(name) or wizard.FIELDS.get(name) or name)


def _column(row: str, name: str) -> str:
    """What a column of a row is called."""
    words = {
        "text": _("Text"),
        "detail": _("By which agency") if row.startswith("contribution_") else _("Detail"),
        "amount": _("Amount (baht)"),
        "step": _("Step"),
        "name": _("Name"),
        "starts_on": _("Start date"),
        "ends_on": _("End date"),
        "budget": _("Budget (baht)"),
    }
    return words.get(name, name)


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
    if name == "disabilities":
        return ", ".join(disability_label(code) for code in value)
    if name == "organization.sector":
        return sector_label(value)
    if name == "organization.province_code":
        return province_name(value, lang())
    if name in ("unit_phone", "coordinator_phone", "organization.phone"):
        return format_phone(value)
    if name == "asked_before":
        return _("Asked before") if value else _("Never")
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        baht = _("baht")
        return f"{format_money(value)} {baht}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        return " · ".join(str(part) for part in value.values() if part not in (None, ""))
    if isinstance(value, (list, tuple)):
        return "\n".join(str(part) for part in value)
    return str(value)
