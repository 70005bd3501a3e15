"""What the codes of sessions are called on screen (spec: fund.md 7)."""

from __future__ import annotations

from flask_babel import gettext as _

from models.fund.codes import BOARD, GROUP, SUB
from models.fund.conflicts import DECLARED
from models.fund.session import MemberRole, SteppingOut


def session_type(level: str) -> str:
    """ประเภทการพิจารณา of a session of that level."""
    words = {GROUP: _("Working group level"), SUB: _("Sub-committee level"), BOARD: _("Board level")}
    return words.get(level, level)


def role_word(role: str) -> str:
    """What somebody does in a session."""
    words = {
        MemberRole.CHAIR: _("Chair"),
        MemberRole.SECRETARY: _("Secretary"),
        MemberRole.MEMBER: _("Committee"),
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
