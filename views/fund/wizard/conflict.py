"""Somebody saved the same part first: what differs, who did it and when; mine stays in the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from forms.fund.wizard import Difference
from models.core import audit
from models.core.db import db
from models.core.identity import Account
from models.fund.proposal import Proposal
from views.core.conflict import Clash, Conflict
from views.core.look import moment

PICK = "pick-"
MINE, THEIRS = "mine", "theirs"


def conflict_of(proposal: Proposal, differing: list[Difference], me: Account) -> Conflict:
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
    clashes = [
        Clash(PICK + one.name, one.label, MINE, THEIRS, one.mine, one.theirs, one.changes if one.is_list else None)
        for one in differing
    ]
    is_me = actor is not None and actor.id == me.id
    by = actor.full_name if actor else _("Somebody")
    return Conflict(by, moment(at), proposal.version, clashes, is_me=is_me)


def with_picks(mine: Mapping[str, Any], theirs: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, Any]:
    """My content with what I chose of theirs put in its place."""
    return {name: theirs[name] if posted.get(PICK + name) == THEIRS else value for name, value in mine.items()}
