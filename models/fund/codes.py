"""The fund's vocabulary: the codes that are stored, compared and turned into words at the edge."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

# --- lengths and limits (spec: fund.md 4) ----------------------------------------------------------------------------

NAME_LENGTH: Final = 300
SHORT_LENGTH: Final = 500
LONG_LENGTH: Final = 20_000
PHONE_LENGTH: Final = 50
EMAIL_LENGTH: Final = 254
LARGEST_AMOUNT: Final = Decimal("999999999.99")

# --- kinds of user ----------------------------------------------------------------------------------------------------

PROJECT_MANAGER: Final = "project_manager"
ORGANIZATION_MANAGER: Final = "organization_manager"
STAFF: Final = "staff"
COMMITTEE: Final = "committee"
SUPER_USER: Final = "super_user"
APPLICANT_KINDS: Final = frozenset({PROJECT_MANAGER, ORGANIZATION_MANAGER})


class State:
    """Where a proposal stands (spec: fund.md 5)."""

    DRAFT = "draft"
    READY = "ready"
    SCREENING = "screening"
    WAIT_GROUP = "wait_group"
    AGENDA_GROUP = "agenda_group"
    WAIT_SUB = "wait_sub"
    AGENDA_SUB = "agenda_sub"
    WAIT_BOARD = "wait_board"
    AGENDA_BOARD = "agenda_board"
    APPROVED = "approved"
    RETURNED = "returned"
    NOT_CONSIDERED = "not_considered"
    DELETED = "deleted"


STATES: Final = tuple(value for name, value in vars(State).items() if name.isupper())
DRAFT_STATES: Final = frozenset({State.DRAFT, State.READY})

# --- levels -----------------------------------------------------------------------------------------------------------

SCREENING: Final = "screening"
GROUP: Final = "group"
SUB: Final = "sub"
BOARD: Final = "board"
LEVELS: Final = (SCREENING, GROUP, SUB, BOARD)
SESSION_LEVELS: Final = (GROUP, SUB, BOARD)
SCORED_LEVELS: Final = (GROUP, SUB)

WAITING_STATE: Final = {GROUP: State.WAIT_GROUP, SUB: State.WAIT_SUB, BOARD: State.WAIT_BOARD}
AGENDA_STATE: Final = {GROUP: State.AGENDA_GROUP, SUB: State.AGENDA_SUB, BOARD: State.AGENDA_BOARD}
LEVEL_OF_STATE: Final = {
    State.SCREENING: SCREENING,
    **{state: level for level, state in WAITING_STATE.items()},
    **{state: level for level, state in AGENDA_STATE.items()},
}
STATE_AFTER: Final = {SCREENING: State.WAIT_GROUP, GROUP: State.WAIT_SUB, SUB: State.WAIT_BOARD, BOARD: State.APPROVED}


class LevelStatus:
    """What a list shows for a proposal at one level."""

    NONE = "none"  # not reached
    WAITING = "waiting"  # screening: being checked; a session's level: waits for an agenda
    SCHEDULED = "scheduled"  # on an agenda
    PASSED = "passed"
    FAILED = "failed"
    DOCUMENTS = "documents"  # screening only: incorrect or incomplete
    APPROVED = "approved"  # board only
    REFUSED = "refused"  # board only
    NOT_CONSIDERED = "not_considered"


_COMMON = (LevelStatus.NONE, LevelStatus.WAITING)
LEVEL_STATUSES: Final = {
    SCREENING: (
        *_COMMON,
        LevelStatus.PASSED,
        LevelStatus.FAILED,
        LevelStatus.DOCUMENTS,
        LevelStatus.NOT_CONSIDERED,
    ),
    GROUP: (*_COMMON, LevelStatus.SCHEDULED, LevelStatus.PASSED, LevelStatus.FAILED, LevelStatus.NOT_CONSIDERED),
    SUB: (*_COMMON, LevelStatus.SCHEDULED, LevelStatus.PASSED, LevelStatus.FAILED, LevelStatus.NOT_CONSIDERED),
    BOARD: (*_COMMON, LevelStatus.SCHEDULED, LevelStatus.APPROVED, LevelStatus.REFUSED, LevelStatus.NOT_CONSIDERED),
}


class Result:
    """How a revision came out of one level."""

    PASS = "pass"  # noqa: S105 - a result, not a password
    FAIL = "fail"
    DOCUMENTS = "documents"
    APPROVED = "approved"
    REFUSED = "refused"
    NOT_CONSIDERED = "not_considered"


STATUS_OF_RESULT: Final = {
    Result.PASS: LevelStatus.PASSED,
    Result.FAIL: LevelStatus.FAILED,
    Result.DOCUMENTS: LevelStatus.DOCUMENTS,
    Result.APPROVED: LevelStatus.APPROVED,
    Result.REFUSED: LevelStatus.REFUSED,
    Result.NOT_CONSIDERED: LevelStatus.NOT_CONSIDERED,
}

# --- the wizard's content ---------------------------------------------------------------------------------------------

PARTS: Final = ("1", "2.1", "2.2", "2.3", "2.4", "3", "4")
# The columns typed in each part, in the order of the form; `disabilities` is a list of codes.
PART_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "1": ("achievements", "asked_before", "times_asked", "last_supported_year", "last_project", "problems_met"),
    "2.1": (
        "title",
        "disabilities",
        "unit_name",
        "unit_phone",
        "unit_email",
        "coordinator_name",
        "coordinator_phone",
        "coordinator_email",
        "is_research",
    ),
    "2.2": ("rationale",),
    "2.3": ("starts_on", "ends_on", "method", "amount_asked"),
    "2.4": ("budget_note",),
    "3": (),
    "4": (),
}

DISABILITIES: Final = (
    "seeing",
    "hearing",
    "intellectual",
    "physical",
    "learning",
    "speech",
    "behaviour",
    "autism",
    "multiple",
)

CONTRIBUTION: Final = "contribution_"  # what the codes of part 3's lists begin with
CONTRIBUTION_KINDS: Final = ("place", "equipment", "vehicle", "speaker", "budget", "volunteer", "food", "other")

# Which kinds of line stand in which part, in the order of the form.
LINE_KINDS: Final = {
    "1": ("current_activity", "other_help"),
    "2.2": ("objective", "target", "indicator", "output", "outcome", "impact"),
    "2.3": ("place", "other_source"),
    "3": tuple(f"contribution_{kind}" for kind in CONTRIBUTION_KINDS),
}
FIXED_LINES: Final = tuple(kind for part, kinds in LINE_KINDS.items() if part != "3" for kind in kinds)
ALL_LINE_KINDS: Final = tuple(kind for kinds in LINE_KINDS.values() for kind in kinds)
AMOUNT_KINDS: Final = frozenset({"other_help", "other_source"})

ATTACHMENT_KINDS: Final = ("expense_table", "training_table", "speaker_history", "research_outline", "other")
ATTACHMENT_TYPES: Final = ("pdf", "docx", "xlsx", "jpg", "png")
ATTACHMENT_PURPOSE: Final = "fund_attachment"

# --- organizations ----------------------------------------------------------------------------------------------------

PUBLIC: Final = "public"
PRIVATE: Final = "private"
SECTORS: Final = (PUBLIC, PRIVATE)


class MemberState:
    """Where a membership stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"
    REMOVED = "removed"


MEMBER: Final = "member"
MANAGER: Final = "manager"
