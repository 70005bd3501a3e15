"""Where a school stands in a round, in words: reported, excused and why, missing (spec: assessment.md 6.2, 6.3)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.assessment.standing import ELSEWHERE, EXCUSED, MISSING, REPORTED
from models.assessment.status import Status

_STANDINGS: dict[str, Any] = {
    REPORTED: _l("Has reported"),
    EXCUSED: _l("Need not report"),
    MISSING: _l("Has not reported"),
    ELSEWHERE: _l("None in this curriculum"),
}
STANDING_CHIPS = {REPORTED: "pass", EXCUSED: "off", MISSING: "wait", ELSEWHERE: "off"}
"""Standing -> the look of its chip."""


def standing_label(code: str) -> str:
    """Where a school stands: รายงานแล้ว, ไม่ต้องรายงาน, ยังไม่รายงาน."""
    return str(_STANDINGS[code])


def status_label(code: str, year: int) -> str:
    """What a province says of a school, in the words of the spec; `year` is the round's academic year (พ.ศ.)."""
    if code == Status.CLOSED:
        return _("The school has closed")
    if code == Status.NO_STUDENTS:
        return _("The school has no students to be assessed in academic year %(year)s", year=year)
    return _("Normal (numbers of the school are awaited)")
