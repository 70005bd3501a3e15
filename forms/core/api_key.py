"""A key for a program: its name, until when, and why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from forms.core.account import OnceField
from forms.core.base import SalaForm
from forms.core.fields import ThaiDateField, ThaiTextField
from models.core.api_key import NAME_LENGTH, REASON_LENGTH


class GiveForm(SalaForm):
    """The key's name, last day and reason; the account is picked and the scopes are ticked in parts of the page."""

    once = OnceField()
    name = ThaiTextField(
        _("Name of the key"),
        description=_("Which program has it, for example: Provincial dashboard"),
        max_length=NAME_LENGTH,
    )
    until = ThaiDateField(
        _("Last day"), description=_("The key opens nothing after this day. Empty: until it is revoked.")
    )
    reason = ThaiTextField(_("Why it is given"), description=_("Stands in the access log."), max_length=REASON_LENGTH)


class RevokeForm(SalaForm):
    """Why a key ends."""

    reason = ThaiTextField(_("Why it is revoked"), description=_("Stands in the access log."), max_length=REASON_LENGTH)
