"""Which parts of an earlier proposal a new one begins with (spec: fund.md 4)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, widgets

from forms.core.account import OnceField
from forms.core.base import SalaForm
from forms.core.validators import Required
from forms.fund.wizard import labels
from models.fund.bringing import ACHIEVEMENTS, CHOICES, MOST_YEARS


class BringForm(SalaForm):
    """Parts to copy, and by how many years dates move on."""

    parts = SelectMultipleField(
        _("Parts to bring forward"),
        validators=[Required(_("Choose one part at least."))],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    years = SelectField(
        _("Move all dates on by"),
        coerce=int,
        description=_("For a project that is carried out again: start, end and the dates of every activity"),
    )
    form_token = OnceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts.choices = [(choice, _choice_label(choice)) for choice in CHOICES]
        self.years.choices = [
            (number, _("%(number)s years", number=number) if number != 1 else _("1 year"))
            if number
            else (0, _("Leave them as they are"))
            for number in range(MOST_YEARS + 1)
        ]


def _choice_label(choice: str) -> str:
    return str(labels.FIELDS[choice]) if choice == ACHIEVEMENTS else f"{choice} {labels.PARTS[choice]}"
