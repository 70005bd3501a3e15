"""A proposal as one line of a list: its badges, and what it has reached at each level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from models.core.matrix import allows, kinds_of
from models.fund import scope
from models.fund.codes import LEVELS, ORGANIZATION_MANAGER, SCREENING, LevelStatus, State
from models.fund.proposal import Proposal
from views.core.widgets import link
from views.fund.words import Chip, level_chip, level_label, state_chip


@dataclass(frozen=True)
class Cell:
    """What a line shows at one level; `url` leads to the details of the review."""

    level: str
    label: str
    chip: Chip | None
    points: int | None = None
    note: str = ""
    url: str | None = None


@dataclass(frozen=True)
class Line:
    """One proposal of a list."""

    proposal: Proposal
    title: str
    url: str
    badges: tuple[str, ...]
    draft: Chip | None
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

    def owns(self, proposal: Proposal) -> bool:
        """Whether the reader is one of its applicants."""
        return proposal.author_id == self.user.id or proposal.organization_id in self.managed


def line_of(proposal: Proposal, is_saved: bool, reader: Reader) -> Line:
    """The line of a proposal for a reader."""
    is_own = reader.owns(proposal)
    return Line(
        proposal=proposal,
        title=title_of(proposal),
        url=url_for("ProposalView.show", pk=proposal.id),
        badges=_badges(proposal, is_own),
        draft=state_chip(proposal.state) if is_own and proposal.is_draft else None,
        cells=tuple(_cell(proposal, level, is_saved, reader) for level in LEVELS),
        can_close=reader.decides and proposal.state in Proposal.moves["not_consider"].sources,
    )


def widths_of(lines: Sequence[Line]) -> dict[str, str]:
    """How wide each level's column must be for what stands in it on this page; the names get what is left."""
    longest = dict.fromkeys(LEVELS, 0)
    for line in lines:
        for cell in line.cells:
            points = 3 if cell.points is not None else 0
            length = max(len(str(cell.chip.text)) + points, len(cell.note)) if cell.chip else 0
            longest[cell.level] = max(longest[cell.level], length)
    return {level: "wide" if n > 14 else "middle" if n > 8 else "narrow" for level, n in longest.items()}


def title_of(record: Any) -> str:
    """A proposal's or revision's name, or that it has none yet."""
    return str(record.title) or _("(no name yet)")


def _badges(proposal: Proposal, is_own: bool) -> tuple[str, ...]:
    badges = []
    if proposal.is_draft and proposal.was_submitted and is_own:
        badges.append(_("Revision %(number)s, not submitted yet", number=proposal.revision_number + 1))
    elif proposal.state == State.RETURNED or (proposal.is_draft and proposal.was_submitted):
        badges.append(_("Returned for revision"))
    elif proposal.revision_number > 1:
        badges.append(_("Revision %(number)s", number=proposal.revision_number))
    return tuple(badges)


def _cell(proposal: Proposal, level: str, is_saved: bool, reader: Reader) -> Cell:
    status: str = getattr(proposal, f"{level}_status")
    chip = level_chip(level, status)
    if chip is None:
        return Cell(level, level_label(level), None)
    points = getattr(proposal, f"{level}_points", None) if reader.sees_results else None
    in_hand = level == SCREENING and status == LevelStatus.WAITING
    note, url = "", None
    if in_hand and is_saved and reader.decides:
        chip, note = Chip("doing", chip.text, "pencil-square"), _("Saved, not sent")
    if reader.is_fund:
        url = url_for("ProposalView.show", pk=proposal.id, _anchor=f"level-{level}")
        if in_hand and reader.decides and proposal.state == State.SCREENING:
            url = link("ScreeningView.form", pk=proposal.id) or url
    return Cell(level, level_label(level), chip, points, note, url)
