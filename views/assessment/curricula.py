"""What the registry's pages call a curriculum and a round, in the reader's language (spec: assessment.md 3, 4)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.assessment.round import Round

# In the order of a school's menu.
CURRICULUM_LABELS = {
    "pvc2556": _l("Voc. Cert. 3, curriculum of 2556"),
    "pvs2557": _l("High Voc. Cert. 2, curriculum of 2557"),
    "pvc2562": _l("Voc. Cert. 3, curriculum of 2562"),
    "pvs2563": _l("High Voc. Cert. 2, curriculum of 2563"),
}


def curriculum_label(code: str) -> str:
    """A curriculum with the year of study that is assessed: ปวช3. หลักสูตร ปวช.56."""
    return str(CURRICULUM_LABELS[code])


def round_label(this: Round) -> str:
    """A round by its academic year and number: ปีการศึกษา 2568 รอบที่ 1."""
    return _("Academic year %(year)s, round %(number)s", year=this.academic_year, number=this.number)
