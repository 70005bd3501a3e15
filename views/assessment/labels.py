"""What several pages of the registry say of a school: state or private, which committee (spec: assessment.md 1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from models.assessment.codes import PRIVATE, STATE, Committee

SECTORS = {STATE: _l("Run by the state"), PRIVATE: _l("Private")}
COMMITTEES = {
    Committee.BANGKOK: _l("Committee of a part of Bangkok"),
    Committee.PROVINCE: _l("Committee outside Bangkok"),
}


def sector_label(code: str) -> str:
    """รัฐบาล or เอกชน."""
    return str(SECTORS[code])


def committee_label(kind: str | None) -> str:
    """What a school was made: อศก. or อศจ.; empty for a school like others."""
    return str(COMMITTEES[kind]) if kind else ""


def students_label(count: int) -> str:
    """A number of students in words, thousands apart."""
    return str(ngettext("%(count)s student", "%(count)s students", count, count=f"{count:,}"))
