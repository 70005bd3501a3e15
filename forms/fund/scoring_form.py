"""What comes in from the page on which a version of the scoring form is edited (spec: fund.md 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField
from wtforms.validators import StopValidation

from forms.core.base import SalaForm
from forms.core.fields import ReadField, ThaiTextArea, ThaiTextField
from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits
from models.core.workflow import Refusal
from models.fund.codes import NAME_LENGTH, SHORT_LENGTH
from models.fund.scoring import BAND_CODES, FULL_TOTAL, ScoringForm
from models.fund.scoring.points import INDICATORS

# Points for 1, 2 and 3 ticks are typed; none is worth nothing, and all four are worth the full points.
TYPED_STEPS = range(1, INDICATORS)
TYPED_BANDS = BAND_CODES[:-1]


class WholeField(ReadField):
    """A whole number from 0 to 100, in Thai or Latin digits; `data` is an int. It may not be empty."""

    default_attributes = {"inputmode": "numeric", "autocomplete": "off"}

    def read(self, text: str) -> int:
        digits = to_ascii_digits(clean_line(text))
        if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(FULL_TOTAL))):
            raise BadValue("not_a_number")
        if int(digits) > FULL_TOTAL:
            raise BadValue("not_a_number")
        return int(digits)

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        if self.is_refused() or self.data is None:
            raise StopValidation(gettext("Type a whole number from 0 to %(most)s.", most=FULL_TOTAL))


class BaseVersionForm(SalaForm):
    """What every version has; `form_for` adds the topics and bands."""

    version = HiddenField()
    note = ThaiTextField(
        _("What this version is for"),
        description=_("For example the resolution that changed it; may be left empty"),
        max_length=SHORT_LENGTH,
    )

    numbers: tuple[int, ...] = ()

    def content(self) -> dict[str, Any]:
        """What was typed, in the shape of the move "edit" of a version; only of a form that is valid."""
        topics = []
        for number in self.numbers:
            full = self[f"full-{number}"].data
            topics.append(
                {
                    "number": number,
                    "title_th": self[f"title-{number}"].data,
                    "full": full,
                    "points": [0, *(self[f"points-{number}-{step}"].data for step in TYPED_STEPS), full],
                    "indicators": [self[f"indicator-{number}-{place}"].data for place in range(INDICATORS)],
                }
            )
        floors = [self[f"band-{code}"].data for code in TYPED_BANDS]
        return {"note": self.note.data, "topics": topics, "floors": floors, "passing": self.passing.data}

    @property
    def typed_names(self) -> list[str]:
        """Names of all that is typed, in the order of the page."""
        return [name for name in self._fields if name not in ("version", "csrf_token")]

    def blame(self, refusal: Refusal, sentence: str) -> None:
        """Show at its field why the version cannot be published."""
        number = refusal.values.get("number")
        name = {
            "topic_title_missing": f"title-{number}",
            "points_wrong": f"points-{number}-1",
            "indicators_missing": self._first_empty(number),
            "total_wrong": "full-1",
            "bands_wrong": f"band-{TYPED_BANDS[0]}",
            "passing_wrong": "passing",
        }.get(refusal.code)
        if name is None:
            self.form_errors.append(sentence)
        else:
            self[name].errors = [*self[name].errors, sentence]

    def _first_empty(self, number: Any) -> str:
        names = [f"indicator-{number}-{place}" for place in range(INDICATORS)]
        return next((name for name in names if name in self and not self[name].data), names[0])


def saved_values(form: ScoringForm) -> dict[str, Any]:
    """A version as the fields of its page hold it."""
    values: dict[str, Any] = {"note": form.note, "passing": form.passing, "version": str(form.version)}
    for topic in form.topics:
        values[f"title-{topic.number}"] = topic.title_th
        values[f"full-{topic.number}"] = topic.full
        values |= {f"points-{topic.number}-{step}": topic.points[step] for step in TYPED_STEPS}
        values |= {f"indicator-{topic.number}-{one.position}": one.text for one in topic.indicators}
    return values | {f"band-{code}": floor for code, floor in zip(TYPED_BANDS, form.floors, strict=True)}


def form_for(
    numbers: Iterable[int], band_labels: Mapping[str, Any], typed: MultiDict[str, str] | None, saved: Mapping[str, Any]
) -> Any:
    """The form of a version with these topics; of what was typed, or with None of what is saved."""

    class VersionForm(BaseVersionForm):
        pass

    VersionForm.numbers = tuple(numbers)
    for number in VersionForm.numbers:
        fields: dict[str, Any] = {
            f"title-{number}": ThaiTextField(gettext("Topic %(number)s: name", number=number), max_length=NAME_LENGTH),
            f"full-{number}": WholeField(gettext("Topic %(number)s: full points", number=number)),
        }
        for place in range(INDICATORS):
            label = gettext("Topic %(number)s: indicator %(place)s", number=number, place=place + 1)
            fields[f"indicator-{number}-{place}"] = ThaiTextArea(label, max_length=SHORT_LENGTH)
        for step in TYPED_STEPS:
            label = gettext("Topic %(number)s: points for %(ticks)s ticks", number=number, ticks=step)
            fields[f"points-{number}-{step}"] = WholeField(label)
        for name, field in fields.items():
            setattr(VersionForm, name, field)
    for code in TYPED_BANDS:
        label = gettext("Lowest total of the band %(band)s", band=band_labels[code])
        setattr(VersionForm, f"band-{code}", WholeField(label))
    VersionForm.passing = WholeField(_("Pass mark"))
    form = VersionForm(typed, data=dict(saved))
    form._fields["note"] = form._fields.pop("note")  # Last on the page, so last in a list of errors.
    return form
