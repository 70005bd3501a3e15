"""The domain's vocabulary: the codes that are stored, compared and turned into words at the edge."""

from __future__ import annotations

from typing import Final

NAME_LENGTH: Final = 300
CODE_LENGTH: Final = 10  # a school's code: ten digits
BRANCH_CODE_LENGTH: Final = 10

# --- kinds of user (spec: assessment.md 1) ----------------------------------------------------------------------------

SCHOOL: Final = "school"
PROVINCIAL: Final = "provincial"
NATIONAL: Final = "national"

# --- what a grant reaches ---------------------------------------------------------------------------------------------

SCOPE_SCHOOL: Final = "school"

# --- schools ----------------------------------------------------------------------------------------------------------

STATE, PRIVATE = "state", "private"
SECTORS: Final = (STATE, PRIVATE)


class Committee:
    """What a school was made, beside being a school: of a province (อศจ.) or of a group in Bangkok (อศก.)."""

    PROVINCE = "province"
    BANGKOK = "bangkok"


COMMITTEES: Final = (Committee.PROVINCE, Committee.BANGKOK)


class RoundState:
    """Where a round stands (spec: assessment.md 3, 7)."""

    PREPARED = "prepared"
    OPEN = "open"
    LOCKED = "locked"


ROUND_STATES: Final = (RoundState.PREPARED, RoundState.OPEN, RoundState.LOCKED)
