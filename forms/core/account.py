"""Forms of one's own account: registration, passwords, profile (spec: fund.md 2)."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField
from wtforms.validators import StopValidation

from forms.core.base import SalaForm
from forms.core.fields import CitizenIdField, EmailField, NewPasswordField, PasswordField, PhoneField, ThaiTextField
from forms.core.validators import Required
from models.core.registration import NAME_LENGTH


class OnceField(HiddenField):
    """A token that lets a form be saved once: made anew for each page, kept when the page comes back with errors."""

    def __init__(self, label: Any = "", **kwargs: Any) -> None:
        super().__init__(label, default=lambda: secrets.token_urlsafe(16), **kwargs)


class SameAs:
    """The second typing of a password: the same as the first; told in one round with what else is wrong."""

    def __init__(self, field: str, message: Any) -> None:
        self.field, self.message = field, message

    def __call__(self, form: Any, field: Any) -> None:
        """Compare, where something stands in both."""
        other = form[self.field]
        if other.data and field.data != other.data:
            raise StopValidation(str(self.message))


class EmailForm(SalaForm):
    """An e-mail address, for having a link sent."""

    email = EmailField(
        _("E-mail"),
        validators=[Required(_("Enter your e-mail."))],
        description=_("The e-mail the account was opened with"),
    )


class TwicePasswordForm(SalaForm):
    """A new password, typed twice."""

    password = NewPasswordField(_("New password"), validators=[Required(_("Enter a new password."))])
    again = PasswordField(
        _("New password again"),
        validators=[
            Required(_("Type the new password once more.")),
            SameAs("password", _("The two passwords differ. Type the same one twice.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class RegisterForm(TwicePasswordForm):
    """Opening an account: e-mail, password twice, and the two texts accepted (spec: fund.md 2.1)."""

    form_token = OnceField()
    email = EmailField(
        _("E-mail"),
        validators=[Required(_("Enter your e-mail."))],
        description=_("It will be your user name. A link to confirm it is sent there."),
        autocomplete="username",
    )
    password = NewPasswordField(_("Password"), validators=[Required(_("Enter a password."))])
    again = PasswordField(
        _("Password again"),
        validators=[
            Required(_("Type the password once more.")),
            SameAs("password", _("The two passwords differ. Type the same one twice.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    terms = BooleanField(
        _("I have read and accept the terms of use"),
        validators=[Required(_("Read the terms of use and tick the box to accept them."))],
    )
    privacy = BooleanField(
        _("I have read and accept the privacy policy"),
        validators=[Required(_("Read the privacy policy and tick the box to accept it."))],
    )


class ChangePasswordForm(TwicePasswordForm):
    """One's own password: the old one, then the new one twice."""

    old = PasswordField(_("Present password"), validators=[Required(_("Enter your present password."))])


class AddressForm(SalaForm):
    """Another e-mail as one's user name; the present password shows that it is oneself who asks."""

    email = EmailField(
        _("New e-mail"),
        validators=[Required(_("Enter the new e-mail."))],
        description=_("It becomes your user name once you open the link that is sent there"),
        autocomplete="email",
    )
    password = PasswordField(_("Present password"), validators=[Required(_("Enter your present password."))])


class TextsForm(SalaForm):
    """New versions of the texts, accepted before going on."""

    terms = BooleanField(
        _("I have read and accept the terms of use"),
        validators=[Required(_("Read the terms of use and tick the box to accept them."))],
    )
    privacy = BooleanField(
        _("I have read and accept the privacy policy"),
        validators=[Required(_("Read the privacy policy and tick the box to accept it."))],
    )

    def only(self, names: list[str]) -> None:
        """Ask for these texts alone."""
        for text in ("terms", "privacy"):
            if text not in names:
                delattr(self, text)


def title_field(max_length: int = 60, **kwargs: Any) -> ThaiTextField:
    """คำนำหน้าชื่อ: free text; the page offers the usual ones."""
    return ThaiTextField(
        _("Title"), max_length=max_length, render_kw={"list": "titles", "autocomplete": "honorific-prefix"}, **kwargs
    )


class NamesForm(SalaForm):
    """Title and names."""

    title = title_field(validators=[Required(_("Choose or type a title."))])
    first_name = ThaiTextField(
        _("First name"),
        max_length=NAME_LENGTH,
        validators=[Required(_("Enter the first name."))],
        render_kw={"autocomplete": "given-name"},
    )
    last_name = ThaiTextField(
        _("Last name"),
        max_length=NAME_LENGTH,
        validators=[Required(_("Enter the last name."))],
        render_kw={"autocomplete": "family-name"},
    )


class ProfileForm(NamesForm):
    """Who the applicant is (spec: fund.md 2.2); for internal users only the names are needed."""

    version = HiddenField()
    citizen_id = CitizenIdField(_("Citizen ID"))
    position = ThaiTextField(_("Position in the organization"), max_length=300, autocomplete="organization-title")
    work_group = ThaiTextField(_("Work group"), max_length=300)
    telephone = PhoneField(_("Telephone"), autocomplete="tel")
    mobile = PhoneField(
        _("Mobile"), mobile=True, autocomplete="tel", description=_("Ten digits that begin with 06, 08 or 09")
    )
    card = HiddenField(_("Picture of the citizen ID card"))

    def __init__(self, *args: Any, is_applicant: bool = True, has_card: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_card = has_card
        self.is_applicant = is_applicant
        self.card.flags.control = "card-file"  # What the summary of errors leads to.
        for field in (self.citizen_id, self.position, self.work_group, self.mobile):
            field.flags.required = is_applicant

    def validate(self, extra_validators: Any = None) -> bool:
        """An applicant fills in everything but the landline; a card is needed once."""
        is_right = super().validate(extra_validators)
        if not self.is_applicant:
            return is_right
        needed = {
            "citizen_id": gettext("Enter the 13 digits of your citizen ID."),
            "position": gettext("Enter your position."),
            "work_group": gettext("Enter your work group."),
            "mobile": gettext("Enter your mobile number."),
        }
        for name, message in needed.items():
            field = self[name]
            if not field.data and not field.errors:
                field.errors = [message]
                is_right = False
        if not self.has_card and not self.card.data:
            self.card.errors = [gettext("Attach a picture of your citizen ID card.")]
            is_right = False
        return is_right
