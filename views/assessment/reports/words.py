"""What the access log says of reports that were printed or fetched."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.assessment.curricula import CURRICULUM_LABELS
from views.core.field_words import explain_fields

# In the order of the page.
PAPERS: dict[str, Any] = {
    "provinces": _l("Instruments by province"),
    "committees": _l("Instruments by committee"),
    "branches": _l("Instruments by branch"),
    "schools": _l("All schools of a committee"),
    "detail": _l("Each school of a committee with its branches"),
    "outside": _l("Agencies outside of a committee"),
    "school": _l("Registration of a school"),
}
EVERYTHING: dict[str, Any] = {
    "reporter": _l("Every number of every school and agency"),
    "committee": _l("Every branch of every committee"),
    "province": _l("Every branch of every province"),
}
_FIELDS: dict[str, Any] = {
    "by": _l("Report"),
    "paper": _l("Report"),
    "round": _l("Academic year and round"),
    "school": _l("School"),
    "committee": _l("Provincial committee"),
    "curriculum": _l("Curriculum"),
    "province": _l("Province"),
}


def _field(_table: str, name: str) -> str:
    return str(_FIELDS.get(name, ""))


def _value(_table: str, name: str, value: Any) -> str:
    known = {"paper": PAPERS, "by": EVERYTHING, "curriculum": CURRICULUM_LABELS}.get(name, {})
    return str(known.get(value, ""))


def name_words() -> None:
    """Let the access log speak of reports."""
    explain_fields("assessment_registration", _field, _value)
