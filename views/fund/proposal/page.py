"""What the page of one proposal shows, and to whom: facts, what happened when, results (spec: fund.md 5 and 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.core.audit import AuditEntry
from models.core.db import db
from models.core.identity import Account
from models.core.matrix import kinds_of
from models.fund import scope
from models.fund.codes import BOARD, LEVELS, SCORED_LEVELS, SCREENING, State
from models.fund.proposal import Proposal
from models.fund.results import LevelResult, results_for
from models.fund.revision import Revision
from models.fund.scoring.sheet import decision_of, sheet_of
from models.fund.screening import screening_of
from models.fund.session import AgendaItem, ItemState
from views.core.look import moment
from views.fund.words import Chip, level_label, result_chip, state_chip

VIEW = "proposal.view"


@dataclass(frozen=True)
class Happened:
    """Something of the timeline; `who` is empty for those who are not told names."""

    at: datetime
    text: str
    chip: Chip | None = None
    detail: str = ""
    who: str = ""


def may_see_people(proposal: Proposal, user: Any) -> bool:
    """Whether the names of officers may be shown: to the fund's staff, never to applicants or the committee."""
    if not kinds_of(user, VIEW) & scope.INTERNAL:
        return False
    return not scope.acts_as_applicant(proposal, user, VIEW) and not scope.has_stepped_out(proposal, user)


def shown_state(proposal: Proposal, is_applicant: bool) -> Chip:
    """The state for its reader: to the fund a proposal that is being revised is one that was returned."""
    hides_draft = proposal.is_draft and proposal.was_submitted and not is_applicant
    return state_chip(State.RETURNED if hides_draft else proposal.state)


def results_by_level(proposal: Proposal, revision: Revision, user: Any) -> list[tuple[str, LevelResult | None]]:
    """Each level that the revision reached with its result, or None while there is none."""
    found = {result.level: result for result in results_for(proposal, revision, user)}
    reached = [level for level in LEVELS if level in found or level == _level_in_hand(proposal, revision)]
    return [(level, found.get(level)) for level in reached]


def _level_in_hand(proposal: Proposal, revision: Revision) -> str | None:
    return proposal.level if revision.id == proposal.submitted_revision_id else None


def timeline(proposal: Proposal, revisions: list[Revision], user: Any) -> list[Happened]:
    """What happened to the revisions that the user may read, the latest first."""
    names = _Names(may_see_people(proposal, user))
    allowed = {found.id for found in proposal.readable_revisions(user, "result.view")}
    events: list[Happened] = []
    for revision in revisions:
        if revision.submitted_at is not None:
            words = (
                _("Proposal submitted")
                if revision.number == 1
                else _("Revision %(number)s submitted", number=revision.number)
            )
            events.append(Happened(revision.submitted_at, words, who=names.of(revision.submitted_by_id)))
        if revision.id in allowed:
            events += [_result(revision, level, proposal, names) for level in LEVELS if revision.result_at(level)]
        events += _agendas(proposal, revision, names.shown)
    events.reverse()  # Of what happened at one moment the later stands above.
    return sorted(events, key=lambda event: event.at, reverse=True)


def _result(revision: Revision, level: str, proposal: Proposal, names: _Names) -> Happened:
    result = str(revision.result_at(level))
    points = revision.points_at(level) if level in SCORED_LEVELS else None
    detail = "" if points is None else _("%(points)s points", points=points)
    if result == "not_considered":
        detail = proposal.closing_reason
    who = names.of(_decided_by(revision, level, result, proposal)) if names.shown else ""
    return Happened(getattr(revision, f"{level}_at"), level_label(level), result_chip(level, result), detail, who)


def _decided_by(revision: Revision, level: str, result: str, proposal: Proposal) -> int | None:
    if result == "not_considered":
        return db.session.scalar(
            select(AuditEntry.actor_id)
            .where(
                AuditEntry.entity == "fund_proposal",
                AuditEntry.entity_id == str(proposal.id),
                AuditEntry.action == "fund_proposal.not_consider",
            )
            .order_by(AuditEntry.seq.desc())
            .limit(1)
        )
    if level == SCREENING:
        form = screening_of(revision)
        return form.sent_by_id if form else None
    if level == BOARD:
        decision = decision_of(revision)
        return decision.recorded_by_id if decision else None
    sheet = sheet_of(revision, level)
    return sheet.sent_by_id if sheet else None


def _agendas(proposal: Proposal, revision: Revision, with_names: bool) -> list[Happened]:
    items = db.session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.proposal_id == proposal.id,
            AgendaItem.revision_id == revision.id,
            AgendaItem.state != ItemState.OFF,
        )
        .options(joinedload(AgendaItem.session))
    )
    events = []
    for item in items:
        when = moment(item.session.starts_at)
        detail = f"{item.session.name} · {when}" if with_names else _("Meeting on %(when)s", when=when)
        text = _("On the agenda of the %(level)s", level=level_label(item.session.level))
        events.append(Happened(item.put_on_at, text, None, detail))
    return events


class _Names:
    """Names of accounts, read once each; empty ones for readers who are not told."""

    def __init__(self, shown: bool) -> None:
        self.shown = shown
        self._known: dict[int, str] = {}

    def of(self, user_id: int | None) -> str:
        if not self.shown or user_id is None:
            return ""
        if user_id not in self._known:
            account = db.session.get(Account, user_id)
            self._known[user_id] = account.full_name if account else ""
        return self._known[user_id]
