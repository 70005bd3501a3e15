"""What records of sessions and of the scoring form are called (spec: fund.md 6, 7)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from models.fund.scoring.form import DRAFT, PUBLISHED
from models.fund.session import CANCELLED, CLOSED, DELETED, OPEN, ItemState, MemberRole
from views.core.records.words import name_record
from views.fund.words.records.common import LINKS


def name_sessions() -> None:
    """Sessions, who sits on them, their agenda and what became of it."""
    states = {OPEN: _l("Open"), CLOSED: _l("Closed"), CANCELLED: _l("Cancelled"), DELETED: _l("Deleted")}
    name_record(
        "evaluation_session",
        _l("Evaluation session"),
        _l("Evaluation sessions"),
        "calendar-event",
        purpose=_l("Meetings of the working group, the sub-committee and the board"),
        fields={
            "name": _l("Name of the session"),
            "level": _l("Type of session"),
            "starts_at": _l("Starts at"),
            "ends_at": _l("Ends at"),
            "link": _l("Address of the online meeting"),
            "invited_at": _l("Invited at"),
            "invitation_number": _l("How often invited"),
        },
        helps={
            "starts_at": _l("Day/month/Buddhist year and time, for example 15/01/2570 09:30"),
            "ends_at": _l("Day/month/Buddhist year and time, for example 15/01/2570 12:00"),
        },
        sections=(
            (_l("What is decided on"), ("name", "level")),
            (_l("When and where"), ("starts_at", "ends_at", "place", "link")),
        ),
        values={"state": states},
        chips={
            "state": {
                OPEN: "doing",
                CLOSED: ("off", "lock"),
                CANCELLED: ("off", "slash-circle"),
                DELETED: ("off", "trash3"),
            }
        },
    )
    roles = {
        MemberRole.CHAIR: _l("Chair of the session"),
        MemberRole.SECRETARY: _l("Secretary of the session"),
        MemberRole.MEMBER: _l("Member of the session"),
    }
    name_record(
        "session_member",
        _l("Seat in a session"),
        _l("Seats in sessions"),
        "person-workspace",
        purpose=_l("Who sits in which session, and who came"),
        fields=LINKS | {"role": _l("Part in the session")},
        values={"role": roles},
    )
    items = {ItemState.ON: _l("On the agenda"), ItemState.OFF: _l("Taken off"), ItemState.DONE: _l("Has its result")}
    name_record(
        "agenda_item",
        _l("Item of an agenda"),
        _l("Items of agendas"),
        "list-ol",
        purpose=_l("Which proposals stand on which agenda"),
        fields=LINKS | {"put_on_at": _l("Put on the agenda"), "ended_at": _l("Ended at")},
        values={"state": items},
        chips={"state": {ItemState.ON: "doing", ItemState.OFF: "off", ItemState.DONE: "pass"}},
    )
    name_record(
        "stepping_out",
        _l("Stepping out of an item"),
        _l("Steppings out of items"),
        "person-dash",
        purpose=_l("Who takes no part in which item because of a conflict of interest"),
        fields=LINKS | {"reason": _l("How it came about"), "why": _l("Why"), "since": _l("Since")},
        values={
            "reason": {"found": _l("Found by the system"), "declared": _l("Declared")},
        },
    )
    name_record(
        "cleared_conflict",
        _l("Tie that is no conflict"),
        _l("Ties that are no conflicts"),
        "person-check",
        purpose=_l("What was found and judged to be no conflict of interest, and by whom"),
        fields=LINKS | {"cleared_at": _l("Judged at"), "cleared_by_id": _l("Judged by")},
    )
    name_record(
        "invitation",
        _l("Invitation to a session"),
        _l("Invitations to sessions"),
        "envelope",
        purpose=_l("Who was invited to which session, and when"),
        fields=LINKS
        | {"sequence": _l("How often changed"), "sent_at": _l("Sent at"), "called_off_at": _l("Called off at")},
    )


def name_forms() -> None:
    """The scoring form in its versions."""
    name_record(
        "scoring_form",
        _l("Version of the scoring form"),
        _l("Versions of the scoring form"),
        "ui-checks-grid",
        purpose=_l("The form that points are given by; a version is written and published on its own page"),
        fields={
            "number": _l("Version"),
            "floors": _l("Lowest totals of the bands"),
            "passing": _l("Points that pass"),
            "based_on_id": _l("Made from version"),
            "created_at": _l("Made at"),
        },
        values={"state": {DRAFT: _l("Draft"), PUBLISHED: _l("Published")}},
        chips={"state": {DRAFT: ("draft", "pencil-square"), PUBLISHED: "pass"}},
    )
    name_record(
        "topic",
        _l("Topic of the scoring form"),
        _l("Topics of the scoring form"),
        "list-ol",
        purpose=_l("The topics of each version, with their points"),
        fields=LINKS
        | {
            "number": _l("Number of the topic"),
            "title_th": _l("Topic"),
            "full": _l("Full points"),
            "points": _l("Points for 0 to 4 indicators"),
        },
    )
    name_record(
        "indicator",
        _l("Indicator of a topic"),
        _l("Indicators of topics"),
        "check-square",
        purpose=_l("What is looked at in each topic"),
        fields=LINKS | {"topic_id": _l("Topic"), "text": _l("Indicator of a topic")},
    )
