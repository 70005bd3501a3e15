"""The form by which a province adds a private school (spec: assessment.md 6.4)."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from forms.core.base import SalaForm
from forms.core.fields import EmailField, PhoneField, ThaiTextField
from forms.core.validators import Required
from models.assessment.codes import CODE_LENGTH, NAME_LENGTH
from models.assessment.enrolment import Newcomer, clean_code
from models.core.reference.provinces import province_choices


class PrivateSchoolForm(SalaForm):
    """Code, name, province and contact; `looked_at` are the like schools that were found to be others."""

    committee = HiddenField()
    looked_at = HiddenField()
    name = ThaiTextField(
        _("Name of the school"),
        max_length=NAME_LENGTH,
        validators=[Required(_("Enter the name of the school."))],
    )
    code = ThaiTextField(
        _("School code"),
        max_length=2 * CODE_LENGTH,
        description=_("The ten digits by which the school signs in, for example 1310016201"),
        validators=[Required(_("Enter the code of the school."))],
    )
    province_code = SelectField(_("Province"), validators=[Required(_("Choose the province."))])
    phone = PhoneField(_("Telephone"))
    email = EmailField(_("E-mail of the contact"), description=_("Letters and reminders for the school go there"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = str(get_locale() or "th")[:2]
        self.province_code.choices = [("", gettext("Choose a province")), *province_choices(lang)]

    def validate_code(self, field: Any) -> None:
        """Ten digits, Thai ones too, with or without spaces and dashes."""
        if clean_code(field.data or "") is None:
            raise ValidationError(gettext("A school code has ten digits, for example 1310016201."))

    def newcomer(self) -> Newcomer:
        """The school as it was typed; for a form that is valid."""
        return Newcomer(
            clean_code(self.code.data or "") or "",
            self.name.data or "",
            self.province_code.data,
            phone=self.phone.data or "",
            email=self.email.data or "",
        )

    def seen(self) -> set[int]:
        """The numbers of the like schools that were looked at."""
        return {int(part) for part in (self.looked_at.data or "").split(",") if part.isdecimal() and len(part) < 18}
