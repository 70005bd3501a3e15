"""Somebody saved the same part first: what differs, who did it and when; mine stays in the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forms.fund.wizard import Difference
from models.core import audit
from models.core.db import db
from models.core.identity import Account
from models.fund.proposal import Proposal

PICK = "pick-"


@dataclass(frozen=True)
class Conflict:
    """What the page shows of the other's saving."""

    by: str
    is_me: bool
    at: datetime
    fields: list[Difference]


def conflict_of(proposal: Proposal, fields: list[Difference], me: Account) -> Conflict:
    """Who saved last, when, and what differs from mine."""
    entry = next(
        (
            found
            for found in audit.history_of(proposal, limit=20)
            if any(note.get("action") == "fund_proposal.save" for note in (found.payload or {}).get("notes", ()))
        ),
        None,
    )
    actor = db.session.get(Account, entry.actor_id) if entry is not None and entry.actor_id else None
    at = entry.at if entry is not None else proposal.saved_at
    return Conflict(actor.full_name if actor else "", actor is not None and actor.id == me.id, at, fields)


def with_picks(mine: Mapping[str, Any], theirs: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, Any]:
    """My content with what I chose of theirs put in its place."""
    return {name: theirs[name] if posted.get(PICK + name) == "theirs" else value for name, value in mine.items()}
