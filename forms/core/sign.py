"""The sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from forms.core.base import SalaForm


class SignInForm(SalaForm):
    """E-mail and password; nothing more is said of either than that it is missing."""

    email = StringField(
        _("E-mail"),
        validators=[DataRequired(_("Enter your e-mail.")), Length(max=320)],
        description=_("The e-mail the account was opened with"),
        render_kw={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        validators=[DataRequired(_("Enter your password.")), Length(max=128)],
        render_kw={"autocomplete": "current-password"},
    )
