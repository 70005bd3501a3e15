"""What stands under the bell for every event of the fund (spec: fund.md 9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from views.core.look import moment
from views.core.notification import event_says
from views.fund.words.labels import level_label

Values = dict[str, Any]

# Event -> the sentence; `%(project)s` is number and name, the rest comes from the event's values.
SENTENCES = {
    "proposal_ready": _l("Ready for you to confirm: %(project)s"),
    "proposal_taken_back": _l("Taken back to be edited: %(project)s"),
    "proposal_submitted": _l("Submitted to the fund: %(project)s"),
    "screening_passed": _l("Passed the document check, waiting for an agenda: %(project)s"),
    "screening_failed": _l("Did not pass the document check, returned with advice: %(project)s"),
    "screening_documents": _l("Returned, documents incorrect or incomplete: %(project)s"),
    "proposal_on_agenda": _l("On the agenda of the %(level)s%(when)s: %(project)s"),
    "proposal_off_agenda": _l("Taken off the agenda of the %(level)s, waiting for another one: %(project)s"),
    "proposal_moved_session": _l("Moved to another meeting of the %(level)s%(when)s: %(project)s"),
    "evaluation_passed": _l("Passed the %(level)s with %(points)s points: %(project)s"),
    "evaluation_failed": _l("Did not pass the %(level)s (%(points)s points), returned with advice: %(project)s"),
    "board_approved": _l("Approved by the board: %(project)s"),
    "board_refused": _l("Not approved by the board, returned: %(project)s"),
    "proposal_not_considered": _l("Closed without consideration: %(project)s. Reason: %(reason)s"),
    "proposal_revised": _l("A revision was begun: %(project)s"),
    "revision_discarded": _l("The unsent revision was discarded: %(project)s"),
    "proposal_deleted": _l("The draft was deleted: %(project)s"),
    "proposal_restored": _l("The draft was restored: %(project)s"),
    "proposal_handed_over": _l("You now take care of: %(project)s"),
    "proposal_given_away": _l("%(member)s now takes care of: %(project)s"),
    "member_added": _l("You were added to %(organization)s"),
    "member_suspended": _l("%(member)s was suspended from %(organization)s"),
    "member_reinstated": _l("%(member)s may act for %(organization)s again"),
    "member_removed": _l("%(member)s was removed from %(organization)s"),
    "member_left": _l("%(member)s left %(organization)s"),
    "role_changed": _l("%(member)s is now %(role)s of %(organization)s"),
}


def fill(values: Values) -> Values:
    """The holes of the sentences, from an event's values."""
    level, starts_at = values.get("level"), values.get("starts_at")
    when = moment(datetime.fromisoformat(starts_at)) if starts_at else ""
    roles = {"manager": _("organization manager"), "member": _("member")}
    title = values.get("title") or _("(no name yet)")
    return {
        "project": f"{values.get('number') or ''} {title}".strip(),
        "level": level_label(level) if level else "",
        "when": f" {when}" if when else "",
        "points": "" if values.get("points") is None else values["points"],
        "reason": values.get("reason") or "",
        "organization": values.get("organization") or _("the organization"),
        "member": values.get("member") or "",
        "role": roles.get(values.get("role") or "", ""),
        "session": values.get("session") or "",
    }


def _sentence_of(event: str) -> Callable[[Values], str]:
    def say(values: Values) -> str:
        return str(SENTENCES[event]) % fill(values)

    return say


for _event in SENTENCES:
    event_says(_event)(_sentence_of(_event))
