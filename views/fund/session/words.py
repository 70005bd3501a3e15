"""What the codes of sessions are called on screen (spec: fund.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from jobs.letters import Words, letter
from models.fund.codes import BOARD, GROUP, SUB
from models.fund.conflicts import DECLARED
from models.fund.session import CANCELLED, CLOSED, MemberRole, SteppingOut
from models.fund.session.invitations import CALLED_OFF, CHANGED, INVITED
from models.fund.session.quorum import LEAST, PERCENT
from services.mail import Attachment
from views.core.look import moment
from views.core.notification import event_says
from views.core.sentences import says
from views.core.setting import name_setting
from views.fund.session.calendar import invitation_file


def session_type(level: str) -> str:
    """ประเภทการพิจารณา of a session of that level."""
    words = {GROUP: _("Working group level"), SUB: _("Sub-committee level"), BOARD: _("Board level")}
    return words.get(level, level)


def state_word(state: str) -> str:
    """Where a session stands."""
    words = {CLOSED: _("Closed"), CANCELLED: _("Cancelled")}
    return words.get(state, _("Session open"))


_MOVES = {
    "edit": _l("Session data changed"),
    "arrange": _l("Agenda arranged"),
    "invite": _l("Invitations sent"),
    "attend": _l("Attendance noted"),
    "close": _l("Session closed"),
    "reopen": _l("Session opened again"),
    "cancel": _l("Session cancelled"),
    "delete": _l("Session deleted"),
    "step_in": _l("Stepping out taken back"),
    "print": _l("Printed"),
}


def session_move(action: str) -> str:
    """What was done to a session, for the log."""
    return str(_MOVES.get(action, action))


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
    return row.note or _("declared") if row.reason == DECLARED else conflict_word(row.why)


def conflict_word(why: str) -> str:
    """What was found between somebody and an item."""
    words = {
        "author": _("drafted this proposal"),
        "membership": _("belongs to the applying organization"),
        "affiliation": _("is affiliated with the applying organization"),
        "citizen_id": _("is named among the people of the applying organization"),
        "stepped_out_before": _("stepped out of this proposal before"),
        "like_name": _("has an affiliation whose name is like the applying organization’s"),
    }
    return words.get(why, why)


def _when(values: Mapping[str, Any]) -> str:
    starts_at = values.get("starts_at")
    return moment(datetime.fromisoformat(starts_at)) if starts_at else ""


@event_says(INVITED)
def _invited(values: Mapping[str, Any]) -> str:
    """The invitation under the bell, and the subject of its mail."""
    when = _when(values)
    session = values.get("session", "")
    return _("You are invited to %(session)s%(when)s", session=session, when=f" {when}" if when else "")


@event_says(CHANGED)
def _changed(values: Mapping[str, Any]) -> str:
    """What changed, under the bell, and the subject of its mail."""
    return _("Changed: %(session)s, now %(when)s", session=values.get("session", ""), when=_when(values))


@event_says(CALLED_OFF)
def _called_off(values: Mapping[str, Any]) -> str:
    """That somebody need not come, under the bell, and the subject of its mail."""
    session, when = values.get("session", ""), _when(values)
    if values.get("reason"):
        return _("Cancelled: %(session)s of %(when)s", session=session, when=when)
    return _("You need not attend %(session)s of %(when)s", session=session, when=when)


def _meeting(values: Mapping[str, Any]) -> list[str]:
    """When, where, and who presides."""
    paragraphs = [_("Date and time: %(when)s", when=_when(values))]
    if values.get("place"):
        paragraphs.append(_("Place: %(place)s", place=values["place"]))
    if values.get("link"):
        paragraphs.append(_("Online: %(link)s", link=values["link"]))
    if values.get("chair"):
        paragraphs.append(_("Chair: %(name)s", name=values["chair"]))
    return paragraphs


def _files(values: Mapping[str, Any]) -> list[Attachment]:
    # Messages of before there were files have nothing to make one of.
    return [invitation_file(values)] if values.get("uid") and "to_address" in values else []


@says("conflict_stands")
def _conflict_stands(values: Mapping[str, Any]) -> str:
    return _(
        "This cannot be taken back, for the person %(why)s. Correct that where it is written down, if it is wrong.",
        why=conflict_word(str(values.get("why"))),
    )


@letter(INVITED)
def _invitation(values: Mapping[str, Any]) -> Words:
    """The invitation's mail: when, where, in which role, the page with the agenda, and the calendar file."""
    paragraphs = [_invited(values), *_meeting(values)]
    if values.get("role"):
        paragraphs.append(_("You sit as: %(role)s", role=role_word(values["role"])))
    paragraphs.append(_("The agenda and the papers are on the session’s page."))
    paragraphs.append(_("Open the attached file to put the meeting into your calendar."))
    page = url_for("SessionView.show", pk=values["session_id"])
    return Words(_invited(values), paragraphs, _("Open the session"), page, attachments=_files(values))


@letter(CHANGED)
def _change(values: Mapping[str, Any]) -> Words:
    """The mail of a change: the meeting as it is now; the file takes the earlier one's place in the calendar."""
    paragraphs = [_("The meeting that you are invited to has changed. It now stands as follows."), *_meeting(values)]
    if values.get("role"):
        paragraphs.append(_("You sit as: %(role)s", role=role_word(values["role"])))
    paragraphs.append(_("Open the attached file, and your calendar takes over the change."))
    page = url_for("SessionView.show", pk=values["session_id"])
    return Words(_changed(values), paragraphs, _("Open the session"), page, attachments=_files(values))


@letter(CALLED_OFF)
def _cancellation(values: Mapping[str, Any]) -> Words:
    """The mail that a meeting is off, or that somebody no longer sits in it; the file clears the calendar."""
    if values.get("reason"):
        paragraphs = [
            _("The meeting does not take place."),
            _("Reason: %(reason)s", reason=values["reason"]),
            *_meeting(values),
        ]
    else:
        paragraphs = [_("The fund has changed who sits in this meeting. You need not attend it."), *_meeting(values)]
    paragraphs.append(_("Open the attached file, and the meeting leaves your calendar."))
    return Words(_called_off(values), paragraphs, attachments=_files(values))


def name_settings() -> None:
    """Say the words of the quorum's settings."""
    group, percent, people = _l("Quorum of the sessions"), _l("percent"), _l("people")
    of_level = {
        GROUP: (_l("Quorum of the working group"), _l("Least number of the working group")),
        SUB: (_l("Quorum of the sub-committee"), _l("Least number of the sub-committee")),
        BOARD: (_l("Quorum of the board"), _l("Least number of the board")),
    }
    share = _l("Of the chair and the members appointed, without those who step out of the item")
    least = _l("How many must take part whatever the share says")
    for level, (share_words, least_words) in of_level.items():
        name_setting(PERCENT[level], group, share_words, share, percent)
        name_setting(LEAST[level], group, least_words, least, people)
