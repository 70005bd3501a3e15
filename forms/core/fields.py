"""Fields that read what Thai people type: dates, years, money, citizen IDs, telephones, coordinates, text, passwords.

Each keeps the typed text for redisplay when it is refused, holds a Python value when it is accepted, and carries what
the layout macro needs: `description` (the hint), `flags.required`, `flags.maxlength`, `errors`, `html_attributes`.
"""

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, Form, StringField, TextAreaField
from wtforms import PasswordField as WTFormsPasswordField
from wtforms.validators import StopValidation

from forms.core.sentences import value_sentence
from models.core.reference.passwords import MAX_PASSWORD, MIN_PASSWORD, is_common_password, password_text
from models.core.thai.citizen import format_citizen_id, parse_citizen_id
from models.core.thai.dates import BUDDHIST_OFFSET, format_date, parse_buddhist_year, parse_date
from models.core.thai.email import MAX_EMAIL, parse_email
from models.core.thai.errors import BadValue
from models.core.thai.money import format_money, parse_money
from models.core.thai.phone import format_phone, parse_phone
from models.core.thai.place import parse_latitude, parse_longitude
from models.core.thai.text import clean_block, clean_line
from models.core.thai.times import parse_time


class KeepsTyped(Field):
    """Mixed into a text field: a refused text is shown again exactly as it was typed."""

    html_attributes: dict[str, str]

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Callable[..., None]] | None = None,
        *,
        autocomplete: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.html_attributes = {**type(self).default_attributes}
        if autocomplete:
            self.html_attributes["autocomplete"] = autocomplete

    default_attributes: dict[str, str] = {}

    def _value(self) -> str:
        if self.raw_data and (self.errors or self.is_refused()):
            return str(self.raw_data[0])
        return self.shown()

    def is_refused(self) -> bool:
        """Whether the typed text could not be read, known before the form is validated."""
        return False

    def shown(self) -> str:
        """Return the accepted value as the control shows it."""
        return "" if self.data is None else str(self.data)


class ReadField(KeepsTyped, StringField):
    """A one-line field whose text a rule reads into a value; `data` is None when it is empty or refused."""

    default_hint: Any = ""

    def __init__(self, label: Any = None, validators: Any = None, *, description: Any = None, **kwargs: Any) -> None:
        hint = self.default_hint if description is None else description
        super().__init__(label, validators, description=hint, **kwargs)
        self._refusal: BadValue | None = None

    def read(self, text: str) -> Any:
        """Return the value of `text`. Raises one of `BadValue`."""
        raise NotImplementedError

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        self._refusal = None
        super().process(formdata, *args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        if clean_line(valuelist[0]):
            try:
                self.data = self.read(valuelist[0])
            except BadValue as refusal:
                self._refusal = refusal

    def is_refused(self) -> bool:
        return self._refusal is not None

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        # Here and not while processing: a validator for missing data would wipe the reason away.
        if self._refusal:
            raise StopValidation(value_sentence(self._refusal))


class ThaiDateField(ReadField):
    """A day, typed in the Buddhist era (11/03/2569, 11 มี.ค. 2569, Thai digits); `data` is a `date`."""

    default_hint = _("Day/month/Buddhist year, for example 11/03/2569")
    default_attributes = {"inputmode": "numeric", "autocomplete": "off"}

    def read(self, text: str) -> date:
        return parse_date(text)

    def shown(self) -> str:
        return format_date(self.data, "field") if self.data else ""


class TimeField(ReadField):
    """A time of day in Bangkok; `data` is a `time`."""

    default_attributes = {"autocomplete": "off", "inputmode": "decimal"}

    def read(self, text: str) -> time:
        return parse_time(text)

    def shown(self) -> str:
        return f"{self.data:%H.%M}" if self.data else ""


class YearField(ReadField):
    """A year, typed as พ.ศ.; `data` is the year CE as an int."""

    default_hint = _("Buddhist year, for example 2569")
    default_attributes = {"inputmode": "numeric", "autocomplete": "off"}

    def read(self, text: str) -> int:
        return parse_buddhist_year(text)

    def shown(self) -> str:
        return str(self.data + BUDDHIST_OFFSET) if self.data else ""


class MoneyField(ReadField):
    """Baht, 0 to 999,999,999.99; `data` is a Decimal with two decimals."""

    default_attributes = {"inputmode": "decimal", "autocomplete": "off"}

    def read(self, text: str) -> Decimal:
        return parse_money(text)

    def shown(self) -> str:
        return "" if self.data is None else format_money(self.data)


class CitizenIdField(ReadField):
    """A citizen ID with a right check digit; `data` is its 13 digits."""

    default_hint = _("13 digits; Thai digits and spaces are fine")
    default_attributes = {"inputmode": "numeric", "autocomplete": "off"}

    def read(self, text: str) -> str:
        return parse_citizen_id(text)

    def shown(self) -> str:
        return format_citizen_id(self.data) if self.data else ""


class PhoneField(ReadField):
    """A Thai telephone number; with `mobile=True` one that can receive an SMS. `data` as `parse_phone` returns it."""

    default_attributes = {"inputmode": "tel", "autocomplete": "tel", "type": "tel"}

    def __init__(self, label: Any = None, validators: Any = None, *, mobile: bool = False, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.mobile = mobile

    def read(self, text: str) -> str:
        return parse_phone(text, mobile=self.mobile)

    def shown(self) -> str:
        # "ต่อ" in both languages: it is what the field reads back.
        return format_phone(self.data) if self.data else ""


class EmailField(ReadField):
    """A well-formed e-mail address; `data` in lower case."""

    default_attributes = {"inputmode": "email", "autocomplete": "email", "type": "email", "spellcheck": "false"}

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.flags.maxlength = MAX_EMAIL

    def read(self, text: str) -> str:
        return parse_email(text)


class LatitudeField(ReadField):
    """Degrees north; `data` is a Decimal with six decimals."""

    # No inputmode: the decimal keypads of telephones lack the minus sign.
    default_attributes = {"autocomplete": "off"}

    def read(self, text: str) -> Decimal:
        return parse_latitude(text)


class LongitudeField(ReadField):
    """Degrees east; `data` is a Decimal with six decimals."""

    default_attributes = {"autocomplete": "off"}

    def read(self, text: str) -> Decimal:
        return parse_longitude(text)


class _CleanText(KeepsTyped):
    """Text that is cleaned, then measured: `max_length` characters are allowed after cleaning."""

    rule: Callable[[str], str]

    def __init__(self, label: Any = None, validators: Any = None, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.max_length = max_length
        self.flags.maxlength = max_length

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = type(self).rule(valuelist[0])

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        if (length := len(self.data or "")) > self.max_length:
            raise StopValidation(
                gettext(
                    "The text has %(length)s characters, %(limit)s at most are possible. Shorten it by %(excess)s.",
                    length=f"{length:,}",
                    limit=f"{self.max_length:,}",
                    excess=f"{length - self.max_length:,}",
                )
            )


class ThaiTextField(_CleanText, StringField):
    """One line of text, clean, without space around it; `data` is "" when empty."""

    rule = staticmethod(clean_line)

    def __init__(self, label: Any = None, validators: Any = None, *, max_length: int = 300, **kwargs: Any) -> None:
        super().__init__(label, validators, max_length=max_length, **kwargs)


class ThaiTextArea(_CleanText, TextAreaField):
    """Text of several lines, clean, paragraphs kept; `data` is "" when empty."""

    rule = staticmethod(clean_block)

    def __init__(self, label: Any = None, validators: Any = None, *, max_length: int = 20_000, **kwargs: Any) -> None:
        super().__init__(label, validators, max_length=max_length, **kwargs)


class PasswordField(WTFormsPasswordField):
    """The password of a sign-in: never shown again, not trimmed; `data` is NFC, so that all keyboards type the same."""

    html_attributes = {"autocomplete": "current-password", "spellcheck": "false", "autocapitalize": "none"}

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = password_text(valuelist[0])


class NewPasswordField(PasswordField):
    """A password being chosen: 8 to 128 characters of any kind, not a common one; no other rule. spec: fund.md 2."""

    html_attributes = {**PasswordField.html_attributes, "autocomplete": "new-password"}

    def __init__(self, label: Any = None, validators: Any = None, *, description: Any = None, **kwargs: Any) -> None:
        hint = (
            _("At least 8 characters of any kind; a few words together are good")
            if description is None
            else description
        )
        super().__init__(label, validators, description=hint, **kwargs)

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        password = self.data or ""
        if not password:
            return
        if len(password) < MIN_PASSWORD:
            raise StopValidation(
                gettext(
                    "The password has %(length)s characters. Make it at least %(limit)s long.",
                    length=len(password),
                    limit=MIN_PASSWORD,
                )
            )
        if len(password) > MAX_PASSWORD:
            raise StopValidation(
                gettext(
                    "The password has %(length)s characters. Shorten it to %(limit)s at most.",
                    length=len(password),
                    limit=MAX_PASSWORD,
                )
            )
        if is_common_password(password):
            raise StopValidation(gettext("Many people use this password. Choose one that is harder to guess."))
