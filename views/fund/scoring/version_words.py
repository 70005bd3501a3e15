"""What differs between two versions of the scoring form, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from models.fund.scoring import ScoringForm, changes
from models.fund.scoring.form import DISCARDED, DRAFT, PUBLISHED
from models.fund.scoring.versions import Change
from views.fund.words import Chip, band_label


@dataclass(frozen=True)
class Line:
    """A difference as a row of a table: what it is about, as it was, as it is."""

    what: str
    before: str
    after: str


def lines_between(old: ScoringForm, new: ScoringForm) -> list[Line]:
    """What `new` says in another way than `old`, a row for each."""
    return [
        Line(_what(change), _said(change, change.before), _said(change, change.after)) for change in changes(old, new)
    ]


def _what(change: Change) -> str:
    number = change.number
    if change.what == "title":
        return _("Topic %(number)s: name", number=number)
    if change.what == "indicator":
        return _("Topic %(number)s: indicator %(place)s", number=number, place=int(change.place or 0) + 1)
    if change.what == "full":
        return _("Topic %(number)s: full points", number=number)
    if change.what == "points":
        return _("Topic %(number)s: points for 0 to 4 ticks", number=number)
    if change.what == "band":
        return _("Band %(band)s", band=band_label(str(change.place)))
    return _("Pass mark")


def _said(change: Change, value: Any) -> str:
    if change.what == "points":
        return ", ".join(str(points) for points in value)
    if change.what in ("band", "passing"):
        return _("%(n)s and over", n=value)
    return str(value) or "–"


def state_chip(version: ScoringForm, in_force: ScoringForm | None) -> Chip:
    """In which state a version is: in force, in force before, being written, thrown away."""
    if in_force is not None and version.id == in_force.id:
        return Chip("pass", _("In force"), "check-circle-fill")
    return {
        PUBLISHED: Chip("off", _("In force before"), "clock-history"),
        DRAFT: Chip("draft", _("Draft, not published"), "pencil-square"),
        DISCARDED: Chip("off", _("Thrown away"), "trash3"),
    }[version.state]


def form_move(action: str) -> str:
    """The moves of a version as the access log says them."""
    words = {
        "edit": _("Draft of the scoring form saved"),
        "publish": _("Scoring form published"),
        "discard": _("Draft of the scoring form thrown away"),
    }
    return words.get(action, action)
