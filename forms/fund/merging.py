"""Choosing how two records of an organization become one (spec: fund.md 3, H4)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField
from wtforms.validators import StopValidation

from forms.core.base import SalaForm
from forms.core.fields import ThaiTextField
from forms.core.validators import Required
from models.fund.codes import SHORT_LENGTH
from models.fund.merging import BOTH, DUPLICATE, KEPT, LISTS, PARTS

ONE, OTHER = "one", "other"


def part_labels() -> dict[str, Any]:
    """What the parts are called on the page."""
    return {
        "name": _("Name of the organization"),
        "sector": _("Sector"),
        "registered_year": _("Year registered (Buddhist era)"),
        "address": _("Postal address"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "location": _("Location"),
        "chair": _("President or chair"),
        "directors": _("Directors"),
        "officers": _("Officers"),
        "objectives": _("Objectives"),
    }


class ReasonWhenMerging:
    """The reason is asked for at the end, beside the preview."""

    def __call__(self, form: Any, field: Any) -> None:
        """Something must stand there, unless one only chooses."""
        if form.is_last_step and not field.data:
            raise StopValidation(gettext("Give the reason; it stands in the log."))


class MergeForm(SalaForm):
    """Which record stays, and for each part whose value holds: that of the one, of the other, or both together."""

    is_last_step = False

    version_one = HiddenField()
    version_other = HiddenField()
    keep = RadioField(
        _("Record that stays"),
        choices=[(ONE, ""), (OTHER, "")],
        validators=[Required(_("Choose the record that stays."))],
    )
    reason = ThaiTextField(
        _("Reason for merging"),
        max_length=SHORT_LENGTH,
        description=_("For example how it was found that both are one"),
        validators=[ReasonWhenMerging()],
    )

    def take(self) -> dict[str, str]:
        """For each part whose value holds, as models.fund.merging takes it."""
        side = {str(self.keep.data): KEPT, BOTH: BOTH}
        return {part: side.get(str(self[f"take_{part}"].data), DUPLICATE) for part in (*PARTS, *LISTS)}


for _part, _label in part_labels().items():
    _choices = [(ONE, ""), (OTHER, "")] + ([(BOTH, "")] if _part in LISTS else [])
    setattr(MergeForm, f"take_{_part}", RadioField(_label, choices=_choices, default=ONE))
