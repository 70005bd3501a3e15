"""The screening form: a choice and advice per line of the check list, general advice, and the result (fund.md 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField
from wtforms.validators import ValidationError

from forms.core.base import SalaForm
from forms.core.fields import ThaiTextArea
from models.fund.codes import LONG_LENGTH, Result
from models.fund.screening import DOCUMENT_CHOICES, RESULT_MOVES, Screening, ScreeningItem

CHOICES: dict[str, Any] = {
    "fits": _("Fits"),
    "does_not_fit": _("Does not fit"),
    "correct": _("Correct"),
    "incorrect": _("Incorrect"),
    "missing": _("Missing"),
    "not_needed": _("Not needed"),
}
RESULTS: dict[str, Any] = {
    Result.FAIL: _("Not passed"),
    Result.DOCUMENTS: _("Documents incorrect or incomplete"),
    Result.PASS: _("Passed"),
}


def field_name(code: str) -> str:
    """The part of the field names that says which line of the check list it is."""
    return code.replace(":", "_")


class BaseScreeningForm(SalaForm):
    """What every screening form has; `form_for` adds the lines of one check list."""

    version = HiddenField()
    advice = ThaiTextArea(_("General advice"), max_length=LONG_LENGTH)
    result = RadioField(
        _("Result of the document check"),
        choices=list(RESULTS.items()),
        validate_choice=False,
        filters=[lambda value: value or None],
    )

    codes: Sequence[str] = ()
    is_sending = False

    def validate_result(self, field: RadioField) -> None:
        """A result is chosen when the form is sent, and it is one of the three."""
        if field.data is not None and field.data not in RESULT_MOVES:
            raise ValidationError(gettext("Choose one of the three results."))
        if self.is_sending and field.data is None:
            raise ValidationError(gettext("Choose the result before sending."))

    def line(self, code: str) -> tuple[Any, Any]:
        """The choice and the advice of a line of the check list."""
        name = field_name(code)
        return self[f"{name}-choice"], self[f"{name}-advice"]

    def content(self) -> dict[str, Any]:
        """What was typed, in the shape of `save_screening`."""
        items = {}
        for code in self.codes:
            choice, advice = self.line(code)
            items[code] = {"choice": choice.data or None, "advice": advice.data or ""}
        return {"advice": self.advice.data or "", "result": self.result.data, "items": items}

    def is_like(self, screening: Screening) -> bool:
        """Whether it holds nothing but what is saved."""
        saved = {item.code: {"choice": item.choice, "advice": item.advice} for item in screening.items}
        return self.content() == {"advice": screening.advice or "", "result": screening.chosen, "items": saved}


def form_for(
    items: Iterable[tuple[ScreeningItem, str]],
    typed: MultiDict[str, str] | None = None,
    saved: Mapping[str, Any] | None = None,
    *,
    is_sending: bool = False,
) -> BaseScreeningForm:
    """The form of a check list whose lines come with their labels; of what was typed, or of what is saved."""

    class ScreeningForm(BaseScreeningForm):
        pass

    codes, data = [], dict(saved or {})
    for item, label in items:
        name = field_name(item.code)
        codes.append(item.code)
        setattr(ScreeningForm, f"{name}-choice", _choice_field(label, item.choices, is_sending))
        advice = gettext("Advice: %(item)s", item=label)
        setattr(ScreeningForm, f"{name}-advice", ThaiTextArea(advice, max_length=LONG_LENGTH))
        data[f"{name}-choice"], data[f"{name}-advice"] = item.choice, item.advice
    ScreeningForm.codes = tuple(codes)
    ScreeningForm.is_sending = is_sending
    form = ScreeningForm(typed, data=data)
    for last in ("advice", "result"):  # In the order of the page, so that a list of errors follows it.
        form._fields[last] = form._fields.pop(last)
    return form


def _choice_field(label: str, choices: Sequence[str], is_sending: bool) -> RadioField:
    def one_of(_form: Any, field: RadioField) -> None:
        if field.data is not None and field.data not in choices:
            raise ValidationError(gettext("Choose one of the choices offered."))
        if is_sending and field.data is None:
            raise ValidationError(gettext("Choose what was found before sending."))

    return RadioField(
        label,
        [one_of],
        choices=[(choice, CHOICES[choice]) for choice in choices],
        validate_choice=False,
        filters=[lambda value: value or None],
    )


__all__ = ["CHOICES", "DOCUMENT_CHOICES", "RESULTS", "BaseScreeningForm", "field_name", "form_for"]
