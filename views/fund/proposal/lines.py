"""Proposals as lines of a list: badges, and what each has reached at each level.

A list has many lines and few different things in them; so addresses, words and chips are asked for once a page, and a
line is read as the columns that it shows instead of as a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup

from models.core.matrix import allows, kinds_of
from models.core.thai.dates import format_date
from models.fund import scope
from models.fund.codes import DRAFT_STATES, LEVELS, ORGANIZATION_MANAGER, SCREENING, LevelStatus, State
from models.fund.organization import Organization
from models.fund.proposal import Proposal, format_number
from views.core.drawing import drawer
from views.core.look import lang, link, record_link, terms_keeper
from views.fund.words import level_chip, level_label, state_chip

UI = "core/_ui.html"
_CLOSABLE = Proposal.moves["not_consider"].sources


class Row(NamedTuple):
    """A proposal as a list reads it; `columns` says from where."""

    id: int
    version: int
    fiscal_year: int | None
    sequence: int | None
    state: str
    organization_id: int
    author_id: int
    submitted_revision_id: int | None
    listed_at: datetime
    title: str
    revision_number: int
    screening_status: str
    group_status: str
    sub_status: str
    board_status: str
    group_points: int | None
    sub_points: int | None
    organization: str

    @classmethod
    def columns(cls) -> list[Any]:
        """What to select: the proposal's columns of these names, and its organization's name."""
        return [getattr(Proposal, name) for name in cls._fields[:-1]] + [Organization.name]

    @property
    def number(self) -> str:
        """The project number; empty until the first submission."""
        if self.fiscal_year is None or self.sequence is None:
            return ""
        return format_number(self.fiscal_year, self.sequence)


class Cell(NamedTuple):
    """What a line shows at one level, and the level's name; `url` leads to the details of the review.

    `length`: its signs, for the width.
    """

    label: str
    html: Markup
    length: int = 0
    url: str | None = None


class Line(NamedTuple):
    """One proposal of a list."""

    tick: str
    number: str
    day: str
    title: Markup
    url: str
    organization: Markup
    badges: tuple[str, ...]
    draft: Markup | None
    cells: tuple[Cell, ...]
    can_close: bool


@dataclass(frozen=True)
class Reader:
    """What of a line depends on who reads it; asked once per page."""

    user: Any
    is_fund: bool
    sees_results: bool
    decides: bool
    managed: frozenset[int]

    @classmethod
    def of(cls, user: Any) -> Reader:
        """The reader that this user is."""
        return cls(
            user=user,
            is_fund=bool(kinds_of(user, "proposal.view") & scope.INTERNAL),
            sees_results=allows(user, "result.view"),
            decides=allows(user, "proposal.decide"),
            managed=user.scopes(ORGANIZATION_MANAGER, "organization"),
        )

    def owns(self, proposal: Any) -> bool:
        """Whether the reader is one of its applicants."""
        return proposal.author_id == self.user.id or proposal.organization_id in self.managed


def lines_of(rows: Iterable[tuple[Any, ...]], reader: Reader) -> list[Line]:
    """The lines of a page for a reader; each row is a `Row`'s columns, then whether its screening form is saved."""
    pen = _Pen(reader)
    width = len(Row._fields)
    return [pen.line(Row(*row[:width]), bool(row[width])) for row in rows]


class _Pen:
    """Writes the lines of one page."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.lang = lang()
        self.url = record_link("ProposalView.show")
        self.form_url: Callable[[int], str] | None = None
        if reader.decides and link("ScreeningView.form", pk=1):
            self.form_url = record_link("ScreeningView.form")
        self.chip = drawer(UI, "chip")
        self.level_chip = drawer(UI, "level_chip")
        self.keep = terms_keeper()
        self.labels = {level: level_label(level) for level in LEVELS}
        self.nothing = {level: Cell(self.labels[level], self.level_chip(None)) for level in LEVELS}
        self.saved = _("Saved, not sent")
        self.shown: dict[tuple[str, str], tuple[str, str, str | None] | None] = {}

    def line(self, row: Row, is_saved: bool) -> Line:
        """One line."""
        is_own = self.reader.owns(row)
        is_draft = row.state in DRAFT_STATES
        was_submitted = row.submitted_revision_id is not None
        url = self.url(row.id)
        return Line(
            tick=f"{row.id}:{row.version}",
            number=row.number,
            day=format_date(row.listed_at, "short", self.lang) if was_submitted else "",
            title=self.keep(title_of(row)),
            url=url,
            organization=self.keep(row.organization),
            badges=_badges(row, is_own, is_draft, was_submitted),
            draft=self._draft(row.state) if is_own and is_draft else None,
            cells=tuple([self._cell(row, level, is_saved, url) for level in LEVELS]),
            can_close=self.reader.decides and row.state in _CLOSABLE,
        )

    def _draft(self, state: str) -> Markup:
        chip = state_chip(state)
        return self.chip(chip.kind, str(chip.text), chip.icon)

    def _cell(self, row: Row, level: str, is_saved: bool, url: str) -> Cell:
        status: str = getattr(row, f"{level}_status")
        shown = self._chip(level, status)
        if shown is None:
            return self.nothing[level]
        kind, text, icon = shown
        points: int | None = getattr(row, f"{level}_points", None) if self.reader.sees_results else None
        in_hand = level == SCREENING and status == LevelStatus.WAITING
        note = ""
        if in_hand and is_saved and self.reader.decides:
            kind, icon, note = "doing", "pencil-square", self.saved
        goes_to: str | None = None
        if self.reader.is_fund:
            goes_to = f"{url}#level-{level}"
            if in_hand and self.form_url is not None and row.state == State.SCREENING:
                goes_to = self.form_url(row.id)
        length = max(len(text) + (3 if points is not None else 0), len(note))
        return Cell(self.labels[level], self.level_chip(text, kind, points, note, icon), length, goes_to)

    def _chip(self, level: str, status: str) -> tuple[str, str, str | None] | None:
        """Kind, word and icon of a status in the reader's language."""
        key = (level, status)
        if key not in self.shown:
            chip = level_chip(level, status)
            self.shown[key] = (chip.kind, str(chip.text), chip.icon) if chip is not None else None
        return self.shown[key]


def widths_of(lines: Sequence[Line]) -> dict[str, str]:
    """How wide each level's column must be for what stands in it on this page; the names get what is left."""
    longest = {level: max((line.cells[i].length for line in lines), default=0) for i, level in enumerate(LEVELS)}
    return {level: "wide" if n > 14 else "middle" if n > 8 else "narrow" for level, n in longest.items()}


def title_of(record: Any) -> str:
    """A proposal's or revision's name, or that it has none yet."""
    return str(record.title) or _("(no name yet)")


def _badges(row: Row, is_own: bool, is_draft: bool, was_submitted: bool) -> tuple[str, ...]:
    if is_draft and was_submitted and is_own:
        return (_("Revision %(number)s, not submitted yet", number=row.revision_number + 1),)
    if row.state == State.RETURNED or (is_draft and was_submitted):
        return (_("Returned for revision"),)
    if row.revision_number > 1:
        return (_("Revision %(number)s", number=row.revision_number),)
    return ()
