"""What the pages of outside agencies call things, and what the access log says of them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.assessment.curricula import CURRICULUM_LABELS
from views.assessment.labels import SECTORS
from views.core.field_words import explain_fields
from views.core.log_words import name_entities, name_moves

# In the order of the menu.
ADD_LABELS = {
    "pvc2556": _l("Add an agency that asks for instruments: Voc. Cert., curriculum 56"),
    "pvs2557": _l("Add an agency that asks for instruments: High Voc. Cert., curriculum 57"),
    "pvc2562": _l("Add an agency that asks for instruments: Voc. Cert., curriculum 62"),
    "pvs2563": _l("Add an agency that asks for instruments: High Voc. Cert., curriculum 63"),
}
DETAIL_LABELS: dict[str, Any] = {
    "name": _l("Name of the school or agency"),
    "sector": _l("State or private"),
    "parent": _l("Parent agency"),
    "province_code": _l("Province"),
}
_DEEDS: dict[str, Any] = {
    "confirm_none": _l("Confirmed that no outside school asks"),
    "withdraw_none": _l("Withdrew that no outside school asks"),
}


def _field(_table: str, name: str) -> str:
    return str(DETAIL_LABELS.get(name, ""))


def _value(_table: str, name: str, value: Any) -> str:
    known = {"sector": SECTORS, "curriculum": CURRICULUM_LABELS}.get(name, {})
    return str(known.get(value, ""))


def name_words() -> None:
    """Let the access log speak of agencies and of the word that there is none."""
    name_entities(
        {
            "assessment_outside": _l("Outside school or agency"),
            "assessment_outside_none": _l("Word that no outside school asks"),
        }
    )
    name_moves("assessment_outside", lambda move: str(_DEEDS.get(move, move)))
    explain_fields("assessment_outside", _field, _value)
