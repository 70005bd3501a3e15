"""Where each part of the wizard stands: complete, missing something, or not begun."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.fund.wizard import content_of, has_content, labels
from models.fund.codes import PARTS
from models.fund.revision import Revision
from models.fund.wizard import missing
from views.fund.words.labels import part_label


@dataclass(frozen=True)
class PartLine:
    """A line of the wizard's navigation."""

    no: str
    label: str
    url: str
    state: str  # done | miss | now | none
    note: str
    current: bool


@dataclass(frozen=True)
class Progress:
    """The navigation as a whole: its lines, how many parts are complete, and what is missing in all."""

    parts: list[PartLine]
    done: int
    missing: dict[str, list[str]]

    @property
    def total(self) -> int:
        """How many parts there are."""
        return len(self.parts)

    @property
    def sentence(self) -> str:
        """What is missing in all, as a number."""
        count = sum(len(codes) for codes in self.missing.values())
        if not count:
            return _("Nothing required is missing")
        return ngettext("%(num)s item missing", "%(num)s items missing", count)


def progress_of(revision: Revision, current: str | None = None) -> Progress:
    """Where the parts of a revision stand.

    An optional part that is still empty counts as complete once nothing required is missing anywhere.
    """
    lacks = missing(revision)
    lines = []
    done = 0
    for part in PARTS:
        codes = lacks.get(part, [])
        begun = has_content(content_of(revision, part))
        is_done = not codes and (begun or not lacks)
        done += is_done
        state = "done" if is_done else "miss" if begun and codes else "none"
        if part == current and not is_done:
            state = "now"
        url = url_for("WizardView.part", pk=revision.proposal_id, part=part)
        note = _note(state, codes, begun)
        lines.append(PartLine(part, part_label(part), url, state, note, part == current))
    return Progress(lines, done, lacks)


def _note(state: str, codes: list[str], begun: bool) -> str:
    if state == "done":
        return _("Complete")
    if state == "now":
        lacking = ngettext("%(num)s item missing", "%(num)s items missing", len(codes)) if codes else ""
        return " · ".join(filter(None, (_("Filling in now"), lacking)))
    if not begun:
        return _("Not begun") if codes else _("Not begun, optional")
    first = labels.missing_label(codes[0])
    if len(codes) == 1:
        return _("Missing: %(what)s", what=first)
    return _("Missing: %(what)s and %(more)s more", what=first, more=len(codes) - 1)


def neighbours(part: str) -> tuple[str | None, str | None]:
    """The parts before and after."""
    place = PARTS.index(part)
    return (PARTS[place - 1] if place else None), (PARTS[place + 1] if place + 1 < len(PARTS) else None)


def first_to_do(revision: Revision) -> str:
    """The part to open first: the first that misses something, else the first."""
    return next(iter(missing(revision)), PARTS[0])
