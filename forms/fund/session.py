"""The forms of an evaluation session: the meeting, who sits, who steps out (spec: fund.md 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, Form, HiddenField, RadioField, SelectField
from wtforms.validators import StopValidation, ValidationError

from forms.core.base import SalaForm
from forms.core.fields import ThaiDateField, ThaiTextField, TimeField
from forms.core.sentences import SENTENCES, value_sentence
from forms.core.validators import Required
from models.core.thai.text import clean_line
from models.core.thai.times import moment_of
from models.core.thai.web import BadWebLink, parse_web_link
from models.fund.codes import BOARD, GROUP, NAME_LENGTH, SHORT_LENGTH, SUB
from models.fund.rules import BadMeeting, wrong_meeting

SENTENCES[BadMeeting] = {
    "ends_before_it_starts": _("The meeting must end after it begins. Check both times."),
    "ends_another_day": _("The meeting must end on the day on which it begins. Check both days."),
    "year_unlikely": _("The year %(year)s cannot be right. Type a year from %(first)s to %(last)s."),
}


class IdsField(Field):
    """The people that a picker holds: ids as ints, each once, from repeated values or one text with commas."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        # A list that was emptied is not posted at all; the form's own presence says that it was.
        pieces = [piece.strip() for value in valuelist for piece in value.split(",") if piece.strip()]
        ids = (int(piece) for piece in pieces if piece.isascii() and piece.isdecimal() and len(piece) < 10)
        self.data = list(dict.fromkeys(ids))

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        if formdata is not None and formdata and self.name not in formdata:
            self.data = []
        self.data = list(self.data or [])


class OneIdField(IdsField):
    """The one person that a picker holds; `data` is a list of one or none."""

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        if len(self.data) > 1:
            raise StopValidation(gettext("Choose one person."))


class SessionForm(SalaForm):
    """Step 1: what is decided on when and where, and who presides."""

    version = HiddenField()
    name = ThaiTextField(
        _("Name of the session"),
        [Required(_("Enter the name of the session, for example working group 6/2569."))],
        max_length=NAME_LENGTH,
    )
    level = RadioField(
        _("Type of session"),
        [Required(_("Choose the type of the session."))],
        choices=[
            (GROUP, _("Working group level")),
            (SUB, _("Sub-committee level")),
            (BOARD, _("Board level")),
        ],
    )
    day = ThaiDateField(_("Date"), [Required(_("Enter the date of the meeting."))])
    starts = TimeField(
        _("Begins"), [Required(_("Enter the time at which the meeting begins."))], description=_("09.30")
    )
    ends = TimeField(_("Ends"), description=_("12.00; may be left empty"))
    place = ThaiTextField(_("Place"), description=_("Room and building"), max_length=SHORT_LENGTH)
    link = ThaiTextField(
        _("Link of the online meeting"),
        description=_("Begins with https://"),
        max_length=SHORT_LENGTH,
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    chair_id = OneIdField(_("Chair of the session"))

    def validate_chair_id(self, field: Field) -> None:
        """A session has one chair (spec: fund.md 7)."""
        if not field.data and not field.errors:
            raise ValidationError(gettext("Choose the chair of the session from the list."))

    def validate_link(self, field: Field) -> None:
        """A link is one that a browser opens."""
        try:
            field.data = parse_web_link(field.data) if field.data else ""
        except BadWebLink as wrong:
            raise ValidationError(value_sentence(wrong)) from wrong

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what they may not say together."""
        is_right = super().validate(extra_validators)
        for name, wrong in wrong_meeting(self.content()):
            field = self[_TYPED_IN.get(name, name)]
            if not field.errors and not (name == "starts_at" and self.starts.errors):
                field.errors = [value_sentence(wrong)]
            is_right = False
        return is_right

    def content(self) -> dict[str, Any]:
        """What was typed, as `models.fund.session` takes it."""
        return {
            "name": self.name.data,
            "level": self.level.data,
            "starts_at": moment_of(self.day.data, self.starts.data),
            "ends_at": moment_of(self.day.data, self.ends.data),
            "place": self.place.data or "",
            "link": self.link.data or "",
            "chair_id": next(iter(self.chair_id.data), None),
        }


# Where what belongs to a field of the record is typed.
_TYPED_IN = {"starts_at": "day", "ends_at": "ends"}


class PeopleForm(SalaForm):
    """Step 2: secretaries and members, any number."""

    version = HiddenField()
    secretary_ids = IdsField(_("Secretaries of the session"))
    member_ids = IdsField(_("Members of the session"))


class SteppingOutForm(SalaForm):
    """Somebody steps out of an item."""

    item_id = SelectField(_("Agenda item"), [Required(_("Choose the item."))], coerce=int)
    user_id = SelectField(_("Who steps out"), [Required(_("Choose who steps out."))], coerce=int)
    note = ThaiTextField(
        _("Reason"), description=_("For example: was an adviser of the foundation"), max_length=SHORT_LENGTH
    )

    def offer(self, items: Iterable[tuple[int, str]], people: Iterable[tuple[int, str]]) -> SteppingOutForm:
        """Give the selects what they offer."""
        self.item_id.choices = list(items)
        self.user_id.choices = list(people)
        return self


class MoveItemForm(SalaForm):
    """Another session for a proposal."""

    version = HiddenField()
    session_id = RadioField(_("Move to"), [Required(_("Choose the session that it moves to."))], coerce=int)

    def offer(self, rows: Iterable[Any]) -> MoveItemForm:
        """Give the sessions that can take it: rows with `session`."""
        self.session_id.choices = [(row.session.id, row.session.name) for row in rows]
        return self


class CancelForm(SalaForm):
    """Why a session is cancelled."""

    version = HiddenField()
    reason = ThaiTextField(
        _("Reason for cancelling"),
        [Required(_("Give the reason; those who were invited will read it."))],
        description=_("For example: the chair is on another duty"),
        max_length=SHORT_LENGTH,
    )


class AttendanceForm(SalaForm):
    """Who came to the meeting."""

    version = HiddenField()
    present = IdsField(_("Who attends"))


class SteppingInForm(SalaForm):
    """Why somebody takes part in an item after all."""

    item_id = HiddenField()
    user_id = HiddenField()
    note = ThaiTextField(
        _("Reason why they may take part"),
        [Required(_("Give the reason why this person may take part."))],
        max_length=SHORT_LENGTH,
    )


def without_quorum(posted: Mapping[str, str]) -> str:
    """The reason for which a result is recorded below the quorum; "" unless it was confirmed by its tick."""
    return clean_line(posted.get("without_quorum", "")) if posted.get("no_quorum") else ""
