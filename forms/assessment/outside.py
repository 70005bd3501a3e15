"""Who asks for instruments from outside, as a province types it; the tree has the numbers (spec: assessment.md 6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField

from forms.core.account import OnceField
from forms.core.base import SalaForm
from forms.core.fields import ThaiTextField
from forms.core.sentences import value_sentence
from forms.core.validators import Required
from models.assessment.agency import DETAILS, Details, wrong_details
from models.assessment.codes import NAME_LENGTH, PRIVATE, STATE
from models.core.reference.provinces import province_choices
from models.core.thai.text import clean_line

WAS = "was-"
"""Begins the hidden fields with what the page was opened on."""


class AgencyForm(SalaForm):
    """Name, sector, parent agency and province; the version and the values that the page was opened on."""

    version = HiddenField()
    form_token = OnceField()
    name = ThaiTextField(
        _("Name of the school or agency"),
        max_length=NAME_LENGTH,
        validators=[Required(_("Enter the name of the school or agency."))],
    )
    sector = RadioField(
        _("State or private"),
        choices=[(STATE, _("Run by the state")), (PRIVATE, _("Private"))],
        default=STATE,
        validators=[Required(_("Choose state or private."))],
    )
    parent = ThaiTextField(
        _("Parent agency"),
        max_length=NAME_LENGTH,
        description=_("Such as a ministry, department or armed force. A private one may have none"),
    )
    province_code = SelectField(
        _("Province"), description=_("Where it is"), validators=[Required(_("Choose the province."))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = str(get_locale() or "th")[:2]
        self.province_code.choices = [("", gettext("Choose a province")), *province_choices(lang)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what they may not say together."""
        is_right = super().validate(extra_validators)
        for name, wrong in wrong_details(asdict(self.details())):
            if not self[name].errors:
                is_parent = name == "parent" and not self.parent.data
                words = gettext("A state agency has a parent agency. Enter it.") if is_parent else value_sentence(wrong)
                self[name].errors = [words]
            is_right = False
        return is_right

    def details(self) -> Details:
        """Who asks, as models.assessment.agency takes it."""
        return Details(**{name: self[name].data or "" for name in DETAILS})


def details_read(posted: Mapping[str, str]) -> Details:
    """Who asked when the page was opened, as it carried it along."""
    return Details(**{name: clean_line(posted.get(f"{WAS}{name}", "")) for name in DETAILS})
