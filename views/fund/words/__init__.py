"""The fund's codes in words: what a level, a status, a state is called, what a refusal and an event say.

`labels` names codes, `refusals` says why something cannot be done and what to do, `events` what stands
under the bell.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from views.core.log_words import name_entities, name_moves
from views.core.notification import entity_page
from views.fund.words import events as events
from views.fund.words import letters as letters
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
