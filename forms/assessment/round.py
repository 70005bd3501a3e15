"""The forms of a registration round: its year and dates, and a school that is let in after its end (spec: 3, 7)."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField

from forms.core.base import SalaForm
from forms.core.fields import ThaiDateField, ThaiTextField, TimeField, YearField
from forms.core.sentences import SENTENCES, value_sentence
from forms.core.validators import Required
from models.assessment.round import Round
from models.assessment.rules import MOST_ROUNDS, REASON_LENGTH, BadRound, BadUnlock, wrong_round
from models.core.thai.dates import BUDDHIST_OFFSET, to_bangkok
from models.core.thai.times import moment_of

OPENING, CLOSING = time(8, 30), time(16, 30)
"""What the fields of a new round begin with: the office's hours."""

SENTENCES[BadRound] = {
    "year_unlikely": _("The year %(year)s cannot be right. Type a year from %(first)s to %(last)s."),
    "number_unlikely": _("A round has a number from 1 to %(most)s."),
    "closes_before_it_opens": _("The round must close after it opens. Check both days and times."),
    "too_long": _("A round is open for %(days)s days at most. Check the day on which it closes."),
}
SENTENCES[BadUnlock] = {
    "over_already": _("This moment is past. Give one that is still to come."),
    "too_long": _("A school can be let in for %(days)s days at most. Choose an earlier day."),
}


class RoundForm(SalaForm):
    """ปีการศึกษา, รอบ, and from when to when schools register."""

    version = HiddenField()
    academic_year = YearField(_("Academic year"), [Required(_("Enter the academic year, for example 2569."))])
    number = SelectField(_("Round"), choices=[(n, str(n)) for n in range(1, MOST_ROUNDS + 1)], coerce=int, default=1)
    opens_on = ThaiDateField(_("Opens on"), [Required(_("Enter the day on which the round opens."))])
    opens_time = TimeField(_("Opening time"), [Required(_("Enter the time, for example 08.30."))])
    closes_on = ThaiDateField(_("Closes on"), [Required(_("Enter the day on which the round closes."))])
    closes_time = TimeField(_("Closing time"), [Required(_("Enter the time, for example 16.30."))])

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what they may not say together."""
        is_right = super().validate(extra_validators)
        for name, wrong in wrong_round(self.content()):
            field = self[_TYPED_IN.get(name, name)]
            if not field.errors and not (name in _TYPED_IN and self[f"{name.removesuffix('_at')}_time"].errors):
                field.errors = [value_sentence(wrong)]
            is_right = False
        return is_right

    def content(self) -> dict[str, Any]:
        """What was typed, as `models.assessment.round` takes it."""
        year = self.academic_year.data
        return {
            "academic_year": None if year is None else year + BUDDHIST_OFFSET,
            "number": self.number.data,
            "opens_at": moment_of(self.opens_on.data, self.opens_time.data),
            "closes_at": moment_of(self.closes_on.data, self.closes_time.data),
        }


# Where what belongs to a field of the record is typed.
_TYPED_IN = {"opens_at": "opens_on", "closes_at": "closes_on"}


def typed_of(this: Round) -> dict[str, Any]:
    """A round as its form shows it."""
    opens, closes = to_bangkok(this.opens_at), to_bangkok(this.closes_at)
    return {
        "version": this.version,
        "academic_year": this.academic_year - BUDDHIST_OFFSET,
        "number": this.number,
        "opens_on": opens.date(),
        "opens_time": opens.time(),
        "closes_on": closes.date(),
        "closes_time": closes.time(),
    }


class UnlockForm(SalaForm):
    """Which school may save after the round's end, until when, and why."""

    school = ThaiTextField(_("School"), [Required(_("Choose the school from the list."))], max_length=19)
    until = ThaiDateField(_("May save until the day"), [Required(_("Enter the day until which it may save."))])
    until_time = TimeField(_("Until what time"), [Required(_("Enter the time, for example 16.30."))], default=CLOSING)
    reason = ThaiTextField(
        _("Reason"),
        [Required(_("Give the reason; it stands in the history of the round."))],
        description=_("For example: the school reported one branch too few"),
        max_length=REASON_LENGTH,
    )

    def content(self) -> dict[str, Any]:
        """What was typed, as `models.assessment.unlocking` takes it."""
        return {"until": moment_of(self.until.data, self.until_time.data), "reason": self.reason.data or ""}
