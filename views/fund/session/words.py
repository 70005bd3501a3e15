"""What the codes of sessions are called on screen (spec: fund.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from jobs.letters import Words, letter
from models.fund.codes import BOARD, GROUP, SUB
from models.fund.conflicts import DECLARED
from models.fund.session import MemberRole, SteppingOut
from views.core.look import moment
from views.core.notification import event_says


def session_type(level: str) -> str:
    """ประเภทการพิจารณา of a session of that level."""
    words = {GROUP: _("Working group level"), SUB: _("Sub-committee level"), BOARD: _("Board level")}
    return words.get(level, level)


def role_word(role: str) -> str:
    """What somebody does in a session."""
    words = {
        MemberRole.CHAIR: _("Chair"),
        MemberRole.SECRETARY: _("Secretary"),
        MemberRole.MEMBER: _("Committee member"),
    }
    return words.get(role, role)


def why_word(row: SteppingOut) -> str:
    """Why somebody steps out of an item: what was found, or what they said themselves."""
    if row.reason == DECLARED:
        return row.note or _("declared")
    words = {
        "author": _("drafted this proposal"),
        "membership": _("belongs to the applying organization"),
        "affiliation": _("is affiliated with the applying organization"),
        "citizen_id": _("is named among the people of the applying organization"),
        "stepped_out_before": _("stepped out of this proposal before"),
    }
    return words.get(row.why, row.why)


@event_says("session_invitation")
def _invited(values: Mapping[str, Any]) -> str:
    """The invitation under the bell, and the subject of its mail."""
    starts_at = values.get("starts_at")
    when = f" {moment(datetime.fromisoformat(starts_at))}" if starts_at else ""
    return _("You are invited to %(session)s%(when)s", session=values.get("session", ""), when=when)


@letter("session_invitation")
def _invitation(values: Mapping[str, Any]) -> Words:
    """The invitation's mail: when, where, and the page with agenda and calendar file."""
    paragraphs = [_invited(values)]
    if values.get("place"):
        paragraphs.append(_("Place: %(place)s", place=values["place"]))
    if values.get("link"):
        paragraphs.append(_("Online: %(link)s", link=values["link"]))
    paragraphs.append(_("The agenda, the papers and a calendar file are on the session’s page."))
    page = url_for("SessionView.show", pk=values["session_id"])
    return Words(_invited(values), paragraphs, _("Open the session"), page)
