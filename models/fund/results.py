"""What a reader may see of the levels' results: results, points, advice; never who said what (spec: fund.md 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from models.fund.codes import BOARD, LEVELS, SCORED_LEVELS, SCREENING
from models.fund.scoring.sheet import decision_of, sheet_of
from models.fund.screening import screening_of

if TYPE_CHECKING:
    from models.core.identity import Account
    from models.fund.proposal import Proposal
    from models.fund.revision import Revision


@dataclass(frozen=True)
class TopicResult:
    """Points and advice on one topic of a sheet."""

    number: int
    title_th: str
    full: int
    points: int
    advice: str


@dataclass(frozen=True)
class ItemResult:
    """What screening found on the mission or on a document."""

    code: str
    label: str
    choice: str | None
    advice: str


@dataclass(frozen=True)
class LevelResult:
    """One level's result on one revision, as any of its readers may see it: it names nobody."""

    level: str
    result: str
    decided_at: datetime | None
    points: int | None = None
    band: str | None = None
    advice: str = ""
    topics: tuple[TopicResult, ...] = ()
    items: tuple[ItemResult, ...] = ()
    resolution_number: str = ""
    resolution_date: date | None = None


def results_for(proposal: Proposal, revision: Revision, user: Account) -> list[LevelResult]:
    """The results of a revision's levels in their order, for `user`; [] where they may not see them.

    Only what was sent; a draft of a sheet is seen by those who write it alone.
    """
    readable = proposal.readable_revisions(user, "result.view")
    if all(found.id != revision.id for found in readable):
        return []
    return results_of(revision)


def results_before(revision: Revision, level: str) -> list[LevelResult]:
    """The results of the levels below `level`, for its record form; never those of above."""
    below = LEVELS[: LEVELS.index(level)]
    return [result for result in results_of(revision) if result.level in below]


def results_of(revision: Revision) -> list[LevelResult]:
    """Every result of a revision, whoever asks; a view asks `results_for`."""
    return [_result(revision, level, result) for level in LEVELS if (result := revision.result_at(level)) is not None]


def _result(revision: Revision, level: str, result: str) -> LevelResult:
    decided_at: datetime | None = getattr(revision, f"{level}_at")
    if level == SCREENING:
        form = screening_of(revision)
        if form is not None and form.is_sent:
            items = tuple(ItemResult(item.code, item.label, item.choice, item.advice) for item in form.items)
            return LevelResult(level, result, decided_at, advice=form.advice, items=items)
    if level in SCORED_LEVELS:
        sheet = sheet_of(revision, level)
        if sheet is not None and sheet.is_sent:
            topics = tuple(
                TopicResult(a.number, a.topic.title_th, a.topic.full, a.points, a.advice) for a in sheet.answers
            )
            return LevelResult(level, result, decided_at, sheet.total, sheet.band, sheet.advice, topics)
    if level == BOARD:
        decision = decision_of(revision)
        if decision is not None:
            number, day = decision.resolution_number, decision.resolution_date
            return LevelResult(level, result, decided_at, resolution_number=number, resolution_date=day)
    return LevelResult(level, result, decided_at)


def screening_advice(revision: Revision) -> str:
    """Topic 13 of the sheet: the screening officers' advice on this revision."""
    form = screening_of(revision)
    return form.advice if form is not None and form.is_sent else ""
