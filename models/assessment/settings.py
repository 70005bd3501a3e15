"""What the office of the registry may change without changing the program (spec: assessment.md 2)."""

from __future__ import annotations

from typing import Final

from models.core.setting import YesNo, declare

_SIGN_IN = "assessment.md 2"

ACTIVATION_CODES: Final = "assessment.activation_codes"
"""One-time codes from letters open a school's account for the first time, instead of its public code."""

STATE_SHOWN: Final = "assessment.password_state_shown"
"""The directory of codes shows everybody whether a school still has its first password."""

declare(ACTIVATION_CODES, False, YesNo(), _SIGN_IN)
declare(STATE_SHOWN, False, YesNo(), _SIGN_IN)
