"""What stands on the desk of whoever records: the item, the sheet as it is typed, what the levels below said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from models.core import draft
from models.core.db import db
from models.core.matrix import kinds_of
from models.fund.codes import AGENDA_STATE, GROUP, LEVELS, SCORED_LEVELS, SUB
from models.fund.proposal import Proposal
from models.fund.results import LevelResult, results_for, results_of
from models.fund.revision import Revision
from models.fund.scope import INTERNAL, acts_as_applicant, has_stepped_out
from models.fund.scoring import FULL_TOTAL, Answer, Choice, Scale, ScoringForm, Sheet, Topic, current_form, points
from models.fund.session import AgendaItem, EvaluationSession, ItemState, SessionMember, SteppingOut
from views.core.base import record_or_404
from views.core.kept import base_number, others_at
from views.fund.words import band_label

DRAFT_FORM = "fund_sheet"


def item_or_404(pk: int) -> AgendaItem:
    """The item, for those who see its session or may record its result, and never for who stepped out of it."""
    rows = select(AgendaItem).options(
        joinedload(AgendaItem.session).selectinload(EvaluationSession.items),
        joinedload(AgendaItem.proposal).joinedload(Proposal.organization),
        joinedload(AgendaItem.revision),
        selectinload(AgendaItem.stepping_out).joinedload(SteppingOut.user),
    )
    item: AgendaItem = record_or_404(rows, AgendaItem, pk)
    if item.state == ItemState.OFF or has_stepped_out(item.proposal, g.user):
        raise NotFound
    if not item.session.within(g.user, "session.view") and not item.proposal.within(g.user, "result.record"):
        raise NotFound
    return item


def may_record(item: AgendaItem) -> bool:
    """Whether the user may record this item: staff, or the secretary of its session (H1)."""
    return item.proposal.within(g.user, "result.record")


def is_waiting(item: AgendaItem) -> bool:
    """Whether the item waits for its result: an item of an earlier session never does again."""
    return item.state == ItemState.ON and item.proposal.state == AGENDA_STATE[item.session.level]


def place_of(item: AgendaItem) -> tuple[int, int]:
    """The item's place on the agenda and how many there are."""
    agenda = item.session.agenda
    return agenda.index(item) + 1, len(agenda)


# --- sheets ----------------------------------------------------------------------------------------------------------


def _whole_form() -> Any:
    return selectinload(ScoringForm.topics).selectinload(Topic.indicators)


def sheet_at(revision: Revision, level: str) -> Sheet | None:
    """The sheet with its answers, form, topics and indicators; a fixed number of queries."""
    return db.session.scalar(
        select(Sheet)
        .where(Sheet.revision_id == revision.id, Sheet.level == level)
        .options(
            selectinload(Sheet.answers).joinedload(Answer.topic).selectinload(Topic.indicators),
            joinedload(Sheet.form).options(_whole_form()),
        )
        .execution_options(populate_existing=True)
    )


def form_for(sheet: Sheet | None) -> ScoringForm:
    """The version of the form that the sheet keeps, or the one that new sheets use; read whole."""
    form = sheet.form if sheet is not None else current_form()
    whole = select(ScoringForm).where(ScoringForm.id == form.id).options(_whole_form())
    return form if sheet is not None else db.session.scalars(whole.execution_options(populate_existing=True)).one()


def content_of(sheet: Sheet | None, form: ScoringForm) -> dict[str, Any]:
    """A sheet in the shape in which it is typed; an empty one where none was saved."""
    answers = {answer.number: answer for answer in sheet.answers} if sheet is not None else {}
    topics = {}
    for topic in form.topics:
        answer = answers.get(topic.number)
        ticked = [position for position in range(4) if answer is not None and answer.is_ticked(position)]
        topics[topic.number] = {
            "choice": answer.choice if answer is not None else None,
            "ticked": ticked,
            "advice": answer.advice if answer is not None else "",
        }
    return {"advice": sheet.advice if sheet is not None else "", "topics": topics}


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two contents say the same."""
    return one["advice"] == other["advice"] and dict(one["topics"]) == dict(other["topics"])


@dataclass(frozen=True)
class Span:
    """A band on the drawn scale: where it starts, how wide it is (in points), its name."""

    start: int
    width: int
    label: str


def spans_of(scale: Scale) -> list[Span]:
    """The bands as they are drawn, lowest first."""
    ends = [FULL_TOTAL, *scale.floors]
    spans = [Span(start, end - start, band_label(code)) for (start, code), end in zip(scale.bands, ends, strict=True)]
    return spans[::-1]


@dataclass
class Entry:
    """A topic as the form shows it: what is typed, its points, and what the level below found."""

    topic: Topic
    choice: str | None
    ticked: list[int]
    advice: str
    lower: Answer | None = None

    @property
    def is_answered(self) -> bool:
        """Whether a main choice was made."""
        return self.choice is not None

    @property
    def points(self) -> int | None:
        """Points of what is typed, by the same rule as the stored ones; None while unanswered."""
        if not self.is_answered:
            return None
        return points(self.topic, len(self.ticked)) if self.choice == Choice.HAS else 0

    @property
    def ladder(self) -> list[tuple[int, int, int]]:
        """Steps of the points: (fewest ticks, most ticks, points)."""
        steps: list[tuple[int, int, int]] = []
        for ticks, worth in enumerate(self.topic.points):
            if steps and steps[-1][2] == worth:
                steps[-1] = (steps[-1][0], ticks, worth)
            else:
                steps.append((ticks, ticks, worth))
        return steps


@dataclass
class Desk:
    """The record form of one item."""

    item: AgendaItem | None  # None in the preview of a version
    form: ScoringForm
    sheet: Sheet | None
    content: dict[str, Any]
    version: int
    lower: Sheet | None = None
    kept_at: Any = None  # when the typing that is shown was kept, where it is not what was saved
    is_moved: bool = False  # it was kept on a version of the form that was replaced meanwhile
    others: str = ""  # who else works on the sheet, in a sentence
    entries: list[Entry] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Points over all topics, as typed."""
        return sum(entry.points or 0 for entry in self.entries)

    @property
    def missing(self) -> list[int]:
        """Numbers of the topics without a main choice."""
        return [entry.topic.number for entry in self.entries if not entry.is_answered]


def desk_of(item: AgendaItem, content: dict[str, Any] | None = None, version: int | None = None) -> Desk:
    """The form as it stands: what was posted (`content`, on `version`), else what was kept, else what was saved."""
    level = item.session.level
    sheet = sheet_at(item.revision, level)
    form = form_for(sheet)
    stored = content_of(sheet, form)
    desk = Desk(item, form, sheet, content or stored, sheet.version if sheet is not None else 0)
    if content is not None:
        desk.version = desk.version if version is None else version
    else:
        kept = draft.kept(g.user.id, DRAFT_FORM, draft_key(item), "")
        typed = read_kept(kept.content, form) if kept is not None else None
        if kept is not None and typed is not None and not same(typed, stored):
            desk.content, desk.version, desk.kept_at = typed, kept.base_version, kept.saved_at
            desk.is_moved = kept.content.get("form_id", form.id) != form.id
    desk.others = others_on(item, sheet, desk.version)
    if level == SUB:
        lower = sheet_at(item.revision, GROUP)
        desk.lower = lower if lower is not None and lower.is_sent else None
    below = {answer.number: answer for answer in desk.lower.answers} if desk.lower is not None else {}
    desk.entries = [
        Entry(topic, **desk.content["topics"][topic.number], lower=below.get(topic.number)) for topic in form.topics
    ]
    return desk


# --- typing that was not saved ---------------------------------------------------------------------------------------


def draft_key(item: AgendaItem) -> str:
    """Under which typing is kept: the sheet's own key, so that it outlives a change of session."""
    return f"{item.revision_id}-{item.session.level}"


def read_kept(content: Any, form: ScoringForm) -> dict[str, Any] | None:
    """Kept typing in the shape of `content_of`; None where it does not fit the form (JSON knows no number keys)."""
    try:
        topics = {
            topic.number: {
                "choice": content["topics"][str(topic.number)]["choice"],
                "ticked": [int(position) for position in content["topics"][str(topic.number)]["ticked"]],
                "advice": str(content["topics"][str(topic.number)]["advice"]),
            }
            for topic in form.topics
        }
        return {"advice": str(content["advice"]), "topics": topics}
    except (KeyError, TypeError, ValueError):
        return None


def keep(user_id: int, item: AgendaItem, posted: Mapping[str, str], content: Mapping[str, Any]) -> Any:
    """Keep typing as this user's own draft, with the versions it was `posted` on; the moment it was kept."""
    base = base_number(posted.get("version"))
    found = {**content, "form_id": form_id} if (form_id := base_number(posted.get("form_id"))) else content
    return draft.keep(user_id, DRAFT_FORM, draft_key(item), "", base, found)


def others_on(item: AgendaItem, sheet: Sheet | None, base: int) -> str:
    """Who else works on the sheet of this item, in a sentence; "" for nobody."""
    saved = (sheet.version, sheet.saved_by_id, sheet.saved_at) if sheet is not None else (0, None, None)
    version, saved_by, saved_at = saved
    where = (DRAFT_FORM, draft_key(item))
    return others_at(*where, base=base, version=version, saved_by=saved_by, saved_at=saved_at)


# --- results ---------------------------------------------------------------------------------------------------------


def fund_results(revision: Revision, user: Any) -> list[LevelResult]:
    """The results of a revision that `user` may read, in the order of the levels.

    Somebody who sees the proposal only as a committee member reads up to the level they sat on, never those above.
    """
    proposal = revision.proposal
    with _read_along(revision):
        found = results_for(proposal, revision, user)
    if not found or kinds_of(user, "result.view") & INTERNAL or acts_as_applicant(proposal, user, "result.view"):
        return found
    highest = highest_level_of(revision, user)
    return [result for result in found if LEVELS.index(result.level) <= highest]


def highest_level_of(revision: Revision, user: Any) -> int:
    """Index of the highest level at which `user` sat on a session with this revision; 0 for none."""
    rows = (
        select(EvaluationSession.level)
        .join(SessionMember, SessionMember.session_id == EvaluationSession.id)
        .join(AgendaItem, AgendaItem.session_id == EvaluationSession.id)
        .where(
            SessionMember.user_id == user.id,
            AgendaItem.revision_id == revision.id,
            AgendaItem.state != ItemState.OFF,
            EvaluationSession.deleted_at.is_(None),
        )
    )
    return max((LEVELS.index(level) for level in db.session.scalars(rows)), default=0)


def results_up_to(revision: Revision, level: str) -> list[LevelResult]:
    """The results of a level and those below it."""
    with _read_along(revision):
        found = results_of(revision)
    return [result for result in found if LEVELS.index(result.level) <= LEVELS.index(level)]


@contextmanager
def _read_along(revision: Revision) -> Iterator[None]:
    """Hold the sheets with their answers and topics, read at once, so that no topic costs a query of its own."""
    held = [sheet_at(revision, level) for level in SCORED_LEVELS if revision.result_at(level) is not None]
    yield
    held.clear()
