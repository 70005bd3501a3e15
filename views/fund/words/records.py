"""What the fund's records are called on generated pages; labels are those of its own pages (spec: fund.md 3 to 8)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from models.fund.codes import MANAGER, MEMBER
from models.fund.organization import DIRECTOR, OFFICER
from models.fund.scoring.form import DRAFT, PUBLISHED
from models.fund.session import CANCELLED, CLOSED, DELETED, OPEN, ItemState, MemberRole
from views.core.records.words import name_record, name_record_group
from views.fund.words.labels import document_label, finding_label, item_label

LINKS = {
    "organization_id": _l("Organization"),
    "proposal_id": _l("Proposal"),
    "revision_id": _l("Revision of a proposal"),
    "session_id": _l("Evaluation session"),
    "item_id": _l("Item of an agenda"),
    "form_id": _l("Version of the scoring form"),
    "user_id": _l("User account"),
    "position": _l("Place in order"),
}
MEMBERS = {"begun_at": _l("Member from"), "ended_at": _l("Member until"), "role": _l("Part in the organization")}


def name_records() -> None:
    """Say the words of every record of the fund."""
    name_record_group("fund", _l("Fund"))
    _organizations()
    _proposals()
    _results()
    _sessions()
    _forms()


def _organizations() -> None:
    name_record(
        "organization",
        _l("Organization"),
        _l("Organizations"),
        "building",
        purpose=_l("Schools, agencies, foundations and associations that ask the fund for support"),
        fields={"address": _l("Postal address")},
        helps={
            "registered_year": _l("Buddhist year, for example 2545"),
            "latitude": _l("Degrees with a decimal point, for example 13.756331"),
            "longitude": _l("Degrees with a decimal point, for example 100.501762"),
        },
    )
    name_record(
        "organization_person",
        _l("Person of an organization"),
        _l("People of organizations"),
        "people",
        purpose=_l("Directors and officers as the registrations name them"),
        fields=LINKS | {"role": _l("Role")},
        values={"role": {DIRECTOR: _l("Director of the organization"), OFFICER: _l("Officer of the organization")}},
    )
    name_record(
        "organization_objective",
        _l("Objective of an organization"),
        _l("Objectives of organizations"),
        "flag",
        purpose=_l("What the organizations were founded for"),
        fields=LINKS | {"text": _l("Objective of an organization")},
    )
    name_record(
        "membership",
        _l("Membership"),
        _l("Memberships"),
        "person-lines-fill",
        purpose=_l("Who belongs to which organization, and from when to when"),
        fields=LINKS | MEMBERS,
        values={"role": {MEMBER: _l("Member"), MANAGER: _l("Organization manager")}},
    )
    name_record(
        "affiliation",
        _l("Affiliation of a committee member"),
        _l("Affiliations of committee members"),
        "diagram-2",
        purpose=_l("To which organizations committee members belong, so that conflicts of interest are found"),
        fields=LINKS | {"name": _l("Organization as typed")},
    )
    name_record(
        "distinct_organizations",
        _l("Pair that is no duplicate"),
        _l("Pairs that are no duplicates"),
        "arrow-left-right",
        purpose=_l("Organizations with like names that somebody found to be two"),
        fields={
            "low_id": _l("One organization"),
            "high_id": _l("Other organization"),
            "said_by": _l("Said by"),
            "said_at": _l("Said at"),
        },
    )


def _proposals() -> None:
    name_record(
        "proposal",
        _l("Proposal"),
        _l("Proposals"),
        "file-earmark-text",
        purpose=_l("Every proposal that was submitted, with where it stands at each level"),
        fields=LINKS
        | {
            "author_id": _l("Project manager"),
            "sequence": _l("Number within the year"),
            "listed_at": _l("Date submitted"),
            "number_sort": _l("Project number"),
        },
    )
    name_record(
        "revision",
        _l("Submitted revision"),
        _l("Submitted revisions"),
        "files",
        purpose=_l("What was submitted, as it was submitted each time"),
        fields=LINKS | {"submitted_by_id": _l("Submitted by"), "number": _l("Revision")},
    )
    name_record(
        "step",
        _l("Step of a project"),
        _l("Steps of projects"),
        "list-ol",
        purpose=_l("The steps of the work plans"),
        fields=LINKS | {"name": _l("Step")},
    )
    name_record(
        "activity",
        _l("Activity of a project"),
        _l("Activities of projects"),
        "list-check",
        purpose=_l("The activities of the work plans, with days and budget"),
        fields=LINKS
        | {"step_id": _l("Step"), "name": _l("Activity"), "starts_on": _l("Starts on"), "ends_on": _l("Ends on")},
    )
    name_record(
        "line",
        _l("Entry of a list in a proposal"),
        _l("Entries of lists in proposals"),
        "list-ul",
        purpose=_l("Objectives, targets, indicators, participation and the other lists of the form"),
        fields=LINKS | {"kind": _l("Which list")},
    )
    name_record(
        "disability",
        _l("Kind of disability of a project"),
        _l("Kinds of disability of projects"),
        "universal-access",
        purpose=_l("For whom each project is"),
        fields=LINKS | {"kind": _l("Kind of disability")},
    )
    name_record(
        "attachment",
        _l("Document of a proposal"),
        _l("Documents of proposals"),
        "paperclip",
        purpose=_l("Which documents came with each proposal; they are opened on its page"),
        fields=LINKS | {"kind": _l("Kind of document"), "kind_name": _l("Name of the document")},
        values={"kind": document_label},
    )


def _results() -> None:
    name_record(
        "screening",
        _l("Screening form"),
        _l("Screening forms"),
        "clipboard-check",
        purpose=_l("How the document checks came out"),
        fields=LINKS | {"sent_at": _l("Sent at")},
    )
    name_record(
        "screening_item",
        _l("Line of a screening form"),
        _l("Lines of screening forms"),
        "check2-square",
        purpose=_l("What was found of each document"),
        fields=LINKS | {"screening_id": _l("Screening form"), "label": _l("Name of the document")},
        values={"choice": finding_label, "code": lambda code: item_label(str(code).partition(":")[0])},
    )
    name_record(
        "sheet",
        _l("Evaluation sheet"),
        _l("Evaluation sheets"),
        "clipboard-data",
        purpose=_l("The points that proposals were given at each level"),
        fields=LINKS | {"sent_at": _l("Sent at"), "total": _l("Total points")},
    )
    name_record(
        "answer",
        _l("Topic of an evaluation sheet"),
        _l("Topics of evaluation sheets"),
        "ui-checks",
        purpose=_l("What the meetings found on each topic"),
        fields=LINKS
        | {
            "sheet_id": _l("Evaluation sheet"),
            "topic_id": _l("Topic"),
            "number": _l("Number of the topic"),
            "ticked": _l("Ticked indicators (as a mask)"),
        },
    )
    name_record(
        "board_decision",
        _l("Board’s resolution"),
        _l("Board’s resolutions"),
        "award",
        purpose=_l("What the board resolved on each proposal"),
        fields=LINKS,
    )


def _sessions() -> None:
    states = {OPEN: _l("Open"), CLOSED: _l("Closed"), CANCELLED: _l("Cancelled"), DELETED: _l("Deleted")}
    name_record(
        "evaluation_session",
        _l("Evaluation session"),
        _l("Evaluation sessions"),
        "calendar-event",
        purpose=_l("Meetings of the working group, the sub-committee and the board"),
        fields={
            "name": _l("Name of the session"),
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
        values={"state": states},
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


def _forms() -> None:
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
