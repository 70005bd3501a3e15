"""The sign-in form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from forms.core.base import SalaForm


class SignInForm(SalaForm):
    """E-mail and password; nothing more is said of either than that it is missing.

    `nouns` name what else accounts of this site sign in by, such as a code.
    """

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

    def __init__(self, *args: Any, nouns: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not nouns:
            return
        others = gettext(" or ").join(nouns)
        self.email.label.text = gettext("E-mail or %(others)s", others=others)
        self.email.description = ""
        self.email.validators = [
            DataRequired(gettext("Enter your e-mail or %(others)s.", others=others)),
            Length(max=320),
        ]
        self.email.render_kw = {**self.email.render_kw, "inputmode": "text"}
