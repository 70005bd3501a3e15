"""What one asks about one's own data, and what is answered (spec: README.md, Personal data)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Length, ValidationError

from forms.core.base import SalaForm
from forms.core.fields import ThaiTextArea
from models.core.privacy.request import CORRECTION, ERASURE, OBJECTION, RESTRICTION, TEXT_LENGTH

KIND_LABELS = {
    CORRECTION: _("Correct data that I cannot correct myself"),
    ERASURE: _("Erase my data"),
    RESTRICTION: _("Restrict the use of my data"),
    OBJECTION: _("Object to the use of my data"),
}


class AskForm(SalaForm):
    """A request of one kind; what is wanted is said in words, but for an erasure, which says enough."""

    kind = RadioField(
        _("What do you ask for?"),
        choices=list(KIND_LABELS.items()),
        validators=[InputRequired(_("Choose what you ask for."))],
    )
    text = ThaiTextArea(
        _("Details"),
        description=_("What is wrong and what it should be, or which data it is about."),
        validators=[Length(max=TEXT_LENGTH)],
    )

    def validate_text(self, field: Any) -> None:
        """Whoever handles the request must know what to do."""
        if self.kind.data != ERASURE and not str(field.data or "").strip():
            raise ValidationError(_("Say what is to be done, so that it can be done."))


class AnswerForm(SalaForm):
    """The answer to a request."""

    version = HiddenField()
    answer = ThaiTextArea(
        _("Answer"),
        description=_("Goes to whoever asked. A refusal needs its reason."),
        validators=[Length(max=TEXT_LENGTH)],
    )
