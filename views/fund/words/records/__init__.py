"""What the fund's records are called on generated pages; labels are those of its own pages (spec: fund.md 3 to 8)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.fund.codes import BOARD, GROUP, MANAGER, MEMBER, SCREENING, SUB, LevelStatus, MemberState
from models.fund.organization import DIRECTOR, OFFICER
from models.fund.proposal import NUMBER_ROOM, format_number
from views.core.records.words import Look, name_record, name_record_group
from views.fund.words.labels import (
    document_label,
    finding_label,
    item_label,
    level_chip,
    result_chip,
    state_chip,
)
from views.fund.words.records.common import LINKS, look_of
from views.fund.words.records.sessions import name_forms, name_sessions

MEMBERS = {"begun_at": _l("Member from"), "ended_at": _l("Member until"), "role": _l("Part in the organization")}


def _level(level: str, status: str) -> Look | None:
    """The look of where a proposal stands at a level; a dash where it has not come so far."""
    chip = level_chip(level, status)
    return look_of(chip) if chip is not None else ("none", None) if status == LevelStatus.NONE else None


def name_records() -> None:
    """Say the words of every record of the fund."""
    name_record_group("fund", _l("Fund"))
    _organizations()
    _proposals()
    _results()
    name_sessions()
    name_forms()


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
        sections=(
            (_l("Data of the organization"), ("name", "sector", "parent_agency", "registered_year")),
            (
                _l("Office"),
                (
                    *("address", "subdistrict", "district", "province_code", "postcode", "phone", "email"),
                    *("latitude", "longitude"),
                ),
            ),
            (_l("President or chair"), ("chair_title", "chair_first_name", "chair_last_name")),
        ),
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
        chips={
            "state": {
                MemberState.ACTIVE: "pass",
                MemberState.SUSPENDED: ("off", "pause-circle"),
                MemberState.LEFT: ("off", "box-arrow-right"),
                MemberState.REMOVED: ("off", "person-dash"),
            }
        },
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


def _number(code: Any) -> str:
    """A proposal's number as people know it, from what its lists are sorted by."""
    return format_number(*divmod(int(code), NUMBER_ROOM)) if code else _("Not submitted yet")


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
        values={"revision_number": {0: _l("Not submitted yet")}, "number_sort": _number},
        chips={
            "state": lambda code: look_of(state_chip(code)),
            "screening_status": lambda code: _level(SCREENING, code),
            "group_status": lambda code: _level(GROUP, code),
            "sub_status": lambda code: _level(SUB, code),
            "board_status": lambda code: _level(BOARD, code),
        },
    )
    name_record(
        "revision",
        _l("Submitted revision"),
        _l("Submitted revisions"),
        "files",
        purpose=_l("What was submitted, as it was submitted each time"),
        fields=LINKS | {"submitted_by_id": _l("Submitted by"), "number": _l("Revision")},
        chips={
            "screening_result": lambda code: look_of(result_chip(SCREENING, code)),
            "group_result": lambda code: look_of(result_chip(GROUP, code)),
            "sub_result": lambda code: look_of(result_chip(SUB, code)),
            "board_result": lambda code: look_of(result_chip(BOARD, code)),
        },
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
        chips={"result": lambda code: look_of(result_chip(SCREENING, code))},
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
        chips={"result": lambda code: look_of(result_chip(BOARD, code))},
    )
