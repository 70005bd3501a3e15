"""The fund's codes in words: what a level, a status, a state is called, what a refusal and an event say.

`labels` names codes, `refusals` says why something cannot be done and what to do, `events` what stands
under the bell.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import current_app, url_for
from sqlalchemy import select

from models.core.db import db
from models.fund.codes import State
from models.fund.proposal import Proposal
from views.core.log_words import name_entities, name_moves
from views.core.notification import entity_page, entity_title, reader_page
from views.core.outgoing import readable_records
from views.fund.words import events as events
from views.fund.words import letters as letters
from views.fund.words import records, settings
from views.fund.words import refusals as refusals
from views.fund.words.labels import (
    ENTITIES,
    Chip,
    band_label,
    disability_label,
    document_label,
    finding_label,
    item_label,
    level_chip,
    level_label,
    move_label,
    part_label,
    result_chip,
    revision_label,
    state_chip,
    state_label,
    status_label,
)

__all__ = [
    "Chip",
    "band_label",
    "disability_label",
    "document_label",
    "finding_label",
    "item_label",
    "level_chip",
    "level_label",
    "move_label",
    "part_label",
    "register",
    "result_chip",
    "revision_label",
    "state_chip",
    "state_label",
    "status_label",
]


def register(builder: Any) -> None:  # noqa: ARG001
    """Let the templates name codes, the bell find a proposal's page, and the access log speak of the fund."""
    name_moves("fund_proposal", move_label)
    name_entities(ENTITIES)
    settings.register()
    records.name_records()
    current_app.jinja_env.globals.update(
        fund_level=level_label,
        fund_level_chip=level_chip,
        fund_state=state_label,
        fund_state_chip=state_chip,
        fund_result_chip=result_chip,
        fund_part=part_label,
        fund_disability=disability_label,
        fund_document=document_label,
        fund_band=band_label,
        fund_check=item_label,
        fund_finding=finding_label,
        fund_move=move_label,
        fund_revision=revision_label,
    )
    entity_page("fund_proposal", lambda key: url_for("ProposalView.show", pk=int(key)))
    reader_page("fund_proposal", _instead_of_proposal)
    readable_records("fund_proposal", _readable_proposals)
    reader_page("fund_organization", _instead_of_organization)
    entity_title("fund_proposal", lambda values: str(events.fill(values)["project"]))
    entity_title("fund_organization", lambda values: str(events.fill(values)["organization"]))
    entity_title("fund_evaluation_session", lambda values: str(values.get("session") or ""))


def _readable_proposals(user: Any, keys: Collection[str]) -> set[str]:
    """Messages name drafts, and items that staff stepped out of: those stay their readers' own."""
    rows = Proposal.visible_to(user, "proposal.view").where(Proposal.id.in_([int(key) for key in keys]))
    return {str(pk) for pk in db.session.scalars(rows.with_only_columns(Proposal.id))}


def _instead_of_proposal(event: str, key: str) -> str | None:
    """A deleted draft is found among the deleted; one that somebody else takes care of, nowhere."""
    if event == "proposal_given_away":
        return url_for("ProposalView.list")
    state = db.session.scalar(select(Proposal.state).where(Proposal.id == int(key)))
    return url_for("ProposalMoveView.deleted") if state == State.DELETED else None


def _instead_of_organization(event: str, key: str) -> str | None:  # noqa: ARG001
    """Who was removed or suspended does not see the organization any more."""
    return url_for("HomeView.index") if event in ("member_removed", "member_suspended") else None
