"""The forms of the catalogue: a branch, and the name of a field or programme type (spec: assessment.md 3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField

from forms.core.base import SalaForm
from forms.core.fields import ThaiTextField
from forms.core.sentences import SENTENCES
from forms.core.validators import Required
from models.assessment.branch_deeds import BadBranch
from models.assessment.codes import BRANCH_CODE_LENGTH, NAME_LENGTH
from models.assessment.reference.catalogue import COLUMNS

SENTENCES[BadBranch] = {
    "twice": _("This code is that of another branch: %(name)s"),
    "retired": _("This code is that of a branch that was retired: %(name)s. Bring that one back instead."),
    "another_name": _("%(known)s is called “%(name)s”. Type that name, or rename it for all its branches first."),
    "elsewhere": _("The subject field %(known)s stands under “%(name)s”. Give it another code here."),
}
_EMPTY = _("May be left empty where the code is known")


class BranchForm(SalaForm):
    """สาขางาน with the สาขาวิชา and ประเภทวิชา that it stands under."""

    version = HiddenField()
    branch_code = ThaiTextField(
        _("Code of the branch"), [Required(_("Enter the code of the branch."))], max_length=BRANCH_CODE_LENGTH
    )
    branch = ThaiTextField(_("Branch"), [Required(_("Enter the name of the branch."))], max_length=NAME_LENGTH)
    field_code = ThaiTextField(
        _("Code of the subject field"),
        [Required(_("Enter the code of the subject field."))],
        max_length=BRANCH_CODE_LENGTH,
    )
    field = ThaiTextField(_("Subject field"), description=_EMPTY, max_length=NAME_LENGTH)
    programme_code = ThaiTextField(
        _("Code of the programme type"),
        description=_("May be left empty where the field is known"),
        max_length=BRANCH_CODE_LENGTH,
    )
    programme = ThaiTextField(_("Programme type"), description=_EMPTY, max_length=NAME_LENGTH)

    def content(self) -> dict[str, str]:
        """What was typed, by the catalogue's columns."""
        return {column: self[column].data or "" for column in COLUMNS}


class GroupForm(SalaForm):
    """The name of a subject field or a programme type."""

    was = HiddenField()
    name = ThaiTextField(_("Name"), [Required(_("Type the name."))], max_length=NAME_LENGTH)
