"""What the codes of the fund are called on screen (spec: fund.md 4, 5 and 8). Levels have names, never numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fund.wizard import labels as wizard
from models.fund.codes import (
    BOARD,
    GROUP,
    LEVEL_OF_STATE,
    SCREENING,
    SESSION_LEVELS,
    STATUS_OF_RESULT,
    SUB,
    LevelStatus,
    State,
)
from models.fund.kinds import OTHER_DOCUMENT


@dataclass(frozen=True)
class Chip:
    """A status as it is drawn: the kind gives the colour, the icon and the word say the same without it."""

    kind: str
    text: Any
    icon: str | None = None


_LEVELS = {
    SCREENING: _l("Document check"),
    GROUP: _l("Working group"),
    SUB: _l("Sub-committee"),
    BOARD: _l("Board"),
}

_OFF = Chip("off", _l("Not considered"))
_PASSED, _FAILED = Chip("pass", _l("Passed")), Chip("fail", _l("Not passed"))
_SESSION = {
    LevelStatus.WAITING: Chip("wait", _l("Waiting for an agenda")),
    LevelStatus.SCHEDULED: Chip("doing", _l("Waiting for the meeting")),
    LevelStatus.PASSED: _PASSED,
    LevelStatus.FAILED: _FAILED,
    LevelStatus.APPROVED: Chip("approved", _l("Approved")),
    LevelStatus.REFUSED: Chip("rejected", _l("Not approved")),
    LevelStatus.NOT_CONSIDERED: _OFF,
}
_STATUSES = {
    SCREENING: {
        LevelStatus.WAITING: Chip("wait", _l("Being checked")),
        LevelStatus.PASSED: _PASSED,
        LevelStatus.FAILED: _FAILED,
        LevelStatus.DOCUMENTS: Chip("fix", _l("Documents incorrect or incomplete")),
        LevelStatus.NOT_CONSIDERED: _OFF,
    },
    **dict.fromkeys(SESSION_LEVELS, _SESSION),
}

_STATES = {
    State.DRAFT: Chip("draft", _l("Draft")),
    State.READY: Chip("wait", _l("Ready, waiting to be confirmed"), "check2-square"),
    State.APPROVED: Chip("approved", _l("Approved")),
    State.RETURNED: Chip("fix", _l("Returned for revision"), "arrow-return-left"),
    State.NOT_CONSIDERED: _OFF,
    State.DELETED: Chip("off", _l("Deleted"), "trash3"),
}

_BANDS = {
    "very_good": _l("Very good"),
    "good": _l("Good"),
    "fair": _l("Fair"),
    "acceptable": _l("Acceptable"),
    "improve": _l("Needs improvement"),
}

_FINDINGS = {
    "fits": _l("Fits"),
    "does_not_fit": _l("Does not fit"),
    "correct": _l("Correct"),
    "incorrect": _l("Incorrect"),
    "missing": _l("Missing"),
    "not_needed": _l("Not needed"),
}

_MOVES = {
    "bring_forward": _l("Begun from an earlier proposal"),
    "create": _l("Draft begun"),
    "save": _l("Draft saved"),
    "mark_ready": _l("Marked as ready"),
    "take_back": _l("Taken back to edit"),
    "submit": _l("Proposal submitted"),
    "pass_screening": _l("Passed the document check"),
    "fail_screening": _l("Did not pass the document check"),
    "documents_incomplete": _l("Returned: documents incorrect or incomplete"),
    "put_on_agenda": _l("Put on an agenda"),
    "take_off_agenda": _l("Taken off the agenda"),
    "record": _l("Result recorded"),
    "approve": _l("Approved by the board"),
    "refuse": _l("Not approved by the board"),
    "not_consider": _l("Closed: not considered"),
    "revise": _l("Revision begun"),
    "discard": _l("Unsent revision discarded"),
    "delete": _l("Deleted"),
    "restore": _l("Restored"),
    "save_screening": _l("Screening form saved"),
    "save_sheet": _l("Evaluation sheet saved"),
    "change": _l("Data changed"),
    "print": _l("Printed"),
    "view": _l("Viewed"),
}


# Tables as the access log names them.
ENTITIES = {
    "fund_proposal": _l("Proposal"),
    "fund_revision": _l("Proposal content"),
    "fund_disability": _l("Kind of disability"),
    "fund_step": _l("Step"),
    "fund_activity": _l("Activity"),
    "fund_line": _l("Row of a list"),
    "fund_attachment": _l("Attached document"),
    "fund_organization": _l("Organization"),
    "fund_organization_person": _l("Person of an organization"),
    "fund_organization_objective": _l("Objective of an organization"),
    "fund_membership": _l("Membership"),
    "fund_evaluation_session": _l("Evaluation session"),
    "fund_session_member": _l("Member of a session"),
    "fund_agenda_item": _l("Agenda item"),
    "fund_stepping_out": _l("Stepping out of an item"),
    "fund_session_invitation": _l("Invitation to a session"),
    "fund_cleared_conflict": _l("Conflict of interest judged to be none"),
    "fund_committee_affiliation": _l("Affiliation of a committee member"),
    "fund_screening": _l("Screening form"),
    "fund_screening_item": _l("Item of a screening form"),
    "fund_sheet": _l("Evaluation sheet"),
    "fund_answer": _l("Answer of an evaluation sheet"),
    "fund_board_decision": _l("Board decision"),
    "fund_scoring_form": _l("Scoring form"),
    "fund_scoring_topic": _l("Topic of a scoring form"),
    "fund_scoring_indicator": _l("Indicator of a scoring form"),
    "core_grant": _l("Kind of user"),
    "core_profile": _l("Personal data"),
    "core_consent": _l("Consent"),
}


def level_label(level: str) -> str:
    """ตรวจเอกสาร, คณะทำงาน, คณะอนุกรรมการ, คณะกรรมการ."""
    return str(_LEVELS[level])


def level_chip(level: str, status: str) -> Chip | None:
    """How a status at a level is shown; None where the level is not reached."""
    return _STATUSES[level].get(status)


def status_label(status: str) -> str:
    """A status without its level, for filters over all levels."""
    if status == LevelStatus.NONE:
        return _("Not reached yet")
    if status == LevelStatus.WAITING:
        return _("Waiting: being checked, or for an agenda")
    chip = _SESSION.get(status) or _STATUSES[SCREENING][status]
    return str(chip.text)


def result_chip(level: str, result: str) -> Chip:
    """How the result of a level is shown."""
    return _STATUSES[level][STATUS_OF_RESULT[result]]


def state_chip(state: str) -> Chip:
    """How the state of a proposal is shown; where a level has it in hand, with the level's name."""
    level = LEVEL_OF_STATE.get(state)
    if level is None:
        return _STATES[state]
    waits = state in (State.SCREENING, f"wait_{level}")
    chip = _STATUSES[level][LevelStatus.WAITING if waits else LevelStatus.SCHEDULED]
    return Chip(chip.kind, f"{level_label(level)}: {chip.text}", chip.icon)


def state_label(state: str) -> str:
    """The state of a proposal in words."""
    return str(state_chip(state).text)


def part_label(part: str) -> str:
    """The name of a part of the proposal form."""
    return str(wizard.PARTS[part])


def disability_label(code: str) -> str:
    """The name of a kind of disability."""
    return wizard.disability_label(code)


def document_label(code: str, own_name: str = "") -> str:
    """The name of a document's kind; `own_name`: of a kind that the applicant named, or of one file of several."""
    kind, _colon, line_id = code.partition(":")
    if kind != OTHER_DOCUMENT and line_id and own_name:
        return f"{wizard.attachment_label(kind)}: {own_name}"
    return wizard.attachment_label(kind, own_name)


def item_label(code: str, own_name: str = "") -> str:
    """What a line of the screening's check list is about: the mission, or a document."""
    return _("Fits the mission of the fund") if code == "mission_fit" else document_label(code, own_name)


def finding_label(choice: str | None) -> str:
    """What was found on a line of the check list; a dash while nothing was."""
    return str(_FINDINGS[choice]) if choice else "–"


def band_label(code: str) -> str:
    """The band of a total: ดีมาก to ควรปรับปรุง."""
    return str(_BANDS[code])


def revision_label(number: int) -> str:
    """A revision's name: the first one is none that was revised."""
    return _("First version") if number == 1 else _("Revision %(number)s", number=number)


def move_label(action: str) -> str:
    """What was done, for timelines and histories; an action of elsewhere stands as its code."""
    return str(_MOVES.get(action, action))
