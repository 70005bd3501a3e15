"""How each kind of field is written in JSON: the schema that the document tells, and the reading that holds to it.

Stricter than what people may type: days and moments in ISO 8601 CE, money as text with two decimals, codes as codes.
What passes here goes on to the one rule of values (`models.core.entity.values`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import BigInteger, Integer

from forms.core.sentences import value_sentence
from models.core.entity import Field, Kind
from models.core.entity.fields import TEXTS
from models.core.entity.values import LONGEST_TEXT, WrongValue
from models.core.thai.citizen import mask_citizen_id
from models.core.thai.errors import BadValue

# Something that can be seen must be left of a text; spaces and characters without a shape are cleaned away.
VISIBLE = "[!-~À-ɏก-๛]"
DAY = "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MOMENT = (
    "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(\.[0-9]{1,6})?Z$"
)
MONEY = r"^[0-9]{1,9}\.[0-9]{2}$"
CITIZEN_ID = "^[0-9]{13}$"
EMAIL = (
    r"^[A-Za-z0-9_+-]{1,40}(\.[A-Za-z0-9_+-]{1,11}){0,2}@[A-Za-z0-9]{1,30}(-[A-Za-z0-9]{1,15}){0,2}"
    r"(\.[A-Za-z0-9]{1,30}){0,3}\.[A-Za-z]{2,20}$"
)
PHONE = "^(0[2-57][0-9]{7}|0[689][0-9]{8}|1[0-9]{3})(#[0-9]{1,6})?$"
POSTCODE = "^[1-9][0-9]{4}$"
# Spaces, and strokes that lean back, belong into no link.
WEB_LINK = r"^https?://[A-Za-z0-9]+([.-][A-Za-z0-9]+)*(:[1-9][0-9]{0,3})?(/[!-\[\]-~]*)?$"
_PATTERNS = {
    Kind.DATE: DAY,
    Kind.MOMENT: MOMENT,
    Kind.MONEY: MONEY,
    Kind.CITIZEN_ID: CITIZEN_ID,
    Kind.EMAIL: EMAIL,
    Kind.PHONE: PHONE,
    Kind.POSTCODE: POSTCODE,
    Kind.WEB_LINK: WEB_LINK,
}
_FORMATS = {Kind.DATE: "date", Kind.MOMENT: "date-time", Kind.EMAIL: "email"}
# JavaScript counts no further; no key and no number of ours does.
LARGEST = 2**53 - 1
WIDEST = 10**15


def is_number_code(one: Field) -> bool:
    """Whether a code or a key is a number in JSON."""
    return isinstance(one.column.type, Integer)


def takes_null(one: Field) -> bool:
    """Whether "nothing" may be given as null; else it is the empty text, or the field is left out."""
    return one.is_nullable and not one.is_required


def takes_empty(one: Field) -> bool:
    """Whether the empty text may be given."""
    return not one.is_required and (one.kind in TEXTS or one.kind is Kind.CHOICE) and not is_number_code(one)


def span(one: Field) -> tuple[int, int]:
    """The smallest and the largest whole number or decimal that the field holds."""
    if one.kind is Kind.LINK:
        return 1, LARGEST if isinstance(one.column.type, BigInteger) else 2**31 - 1
    room = WIDEST if one.kind is Kind.DECIMAL else LARGEST if isinstance(one.column.type, BigInteger) else 2**31 - 1
    return -room if one.lowest is None else one.lowest, room if one.highest is None else one.highest


def _length(one: Field) -> int:
    return one.length or LONGEST_TEXT


# --- schemas ---------------------------------------------------------------------------------------------------------


def schema_out(one: Field) -> dict[str, Any]:
    """What a record's field looks like when it is told."""
    said = _plain_schema(one)
    if one.kind in (Kind.DATE, Kind.MOMENT):
        said["format"] = _FORMATS[one.kind]
    elif one.kind is Kind.MONEY:
        said["pattern"] = r"^-?[0-9]+\.[0-9]{2}$"
    elif one.kind is Kind.CHOICE and not callable(one.choices):
        # A row of former times may hold the empty code.
        said["enum"] = [*one.codes, *([""] if said["type"] == "string" and "" not in one.codes else [])]
    if one.kind is Kind.CITIZEN_ID:
        said["description"] = "masked"
    return _nullable(said, one.is_nullable)


def schema_in(one: Field) -> dict[str, Any]:
    """What may be given for a field."""
    said = _plain_schema(one)
    if one.kind in (Kind.TEXT, Kind.LINES):
        said["maxLength"] = _length(one)
        if one.is_required:
            said.update(minLength=1, pattern=VISIBLE)
        if one.digits is not None:
            said["pattern"] = f"^[0-9]{{{one.digits}}}$"
    elif one.kind in _PATTERNS:
        pattern = _PATTERNS[one.kind]
        if takes_empty(one):
            pattern = f"^$|{pattern}"
        said["pattern"] = pattern
        if one.kind in _FORMATS and one.kind is not Kind.EMAIL:
            said["format"] = _FORMATS[one.kind]
        if one.kind in TEXTS:
            said["maxLength"] = _length(one)
    elif one.kind is Kind.CHOICE:
        said["enum"] = [*one.codes, *([""] if takes_empty(one) and "" not in one.codes else [])]
    elif one.kind in (Kind.NUMBER, Kind.DECIMAL) or (one.kind is Kind.LINK and is_number_code(one)):
        said["minimum"], said["maximum"] = span(one)
    elif one.kind is Kind.LINK:
        said.update(minLength=1, maxLength=_length(one))
    return _nullable(said, takes_null(one))


def _plain_schema(one: Field) -> dict[str, Any]:
    if one.kind is Kind.DATA:
        return {}
    if one.kind is Kind.YES_NO:
        return {"type": "boolean"}
    if one.kind is Kind.DECIMAL:
        return {"type": "number"}
    if one.kind is Kind.NUMBER or (one.kind in (Kind.CHOICE, Kind.LINK) and is_number_code(one)):
        return {"type": "integer"}
    return {"type": "string"}


def _nullable(said: dict[str, Any], is_nullable: bool) -> dict[str, Any]:
    if is_nullable:
        said["nullable"] = True
        if "enum" in said:
            said["enum"] = [*said["enum"], None]
    return said


def sentence_of(wrong: BadValue) -> str:
    """What is wrong with a value, for whoever wrote the program."""
    if wrong.code == "not_as_written":
        return _("The value is not written as the document says.")
    return value_sentence(wrong)


# --- values ----------------------------------------------------------------------------------------------------------


def told(one: Field, value: Any) -> Any:
    """A stored value as JSON tells it."""
    if value is None:
        return None
    if one.kind is Kind.MONEY:
        return f"{value:.2f}"
    if one.kind is Kind.DATE:
        return value.isoformat()
    if one.kind is Kind.MOMENT:
        return moment(value)
    if one.kind is Kind.CITIZEN_ID:
        return mask_citizen_id(value) if value else value
    return value


def moment(value: datetime) -> str:
    """A moment in RFC 3339, UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read(one: Field, raw: Any) -> Any:
    """A value out of JSON, as the rule of values takes it. Raises WrongValue."""
    if raw is None:
        if takes_null(one):
            return None
        raise WrongValue("needed")
    if one.kind in TEXTS:
        return _text(one, raw)
    return _READERS[one.kind](one, raw)


def _text(one: Field, raw: Any) -> str:
    if not isinstance(raw, str):
        raise WrongValue("not_text")
    if raw == "" and takes_empty(one):
        return raw
    if len(raw) > _length(one):
        raise WrongValue("too_long", limit=_length(one), length=len(raw))
    if one.kind in _PATTERNS:
        if not re.search(_PATTERNS[one.kind], raw) or raw.endswith("\n"):
            raise WrongValue("not_as_written")
    elif one.is_required and not re.search(VISIBLE, raw):
        raise WrongValue("needed")
    return raw


def _number(one: Field, raw: Any) -> int:
    if isinstance(raw, float) and raw.is_integer() and abs(raw) <= LARGEST:
        raw = int(raw)  # 5.0 is a whole number in JSON
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise WrongValue("not_a_number")
    return _within(one, raw)


def _within(one: Field, value: Any) -> Any:
    lowest, highest = span(one)
    if value < lowest:
        raise WrongValue("too_small", limit=lowest)
    if value > highest:
        raise WrongValue("too_large", limit=highest)
    return value


def _decimal(one: Field, raw: Any) -> float:
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not math.isfinite(raw):
        raise WrongValue("not_a_number")
    return float(_within(one, raw))


def _matching(one: Field, raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(_PATTERNS[one.kind].strip("^$"), raw):
        raise WrongValue("not_as_written")
    return raw


def _date(one: Field, raw: Any) -> date:
    try:
        return date.fromisoformat(_matching(one, raw))
    except ValueError as error:
        raise WrongValue("not_as_written") from error


def _moment(one: Field, raw: Any) -> datetime:
    try:
        return datetime.fromisoformat(_matching(one, raw))
    except ValueError as error:
        raise WrongValue("not_as_written") from error


def _yes_no(_one: Field, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise WrongValue("not_yes_no")
    return raw


def _choice(one: Field, raw: Any) -> Any:
    if raw == "" and takes_empty(one):
        return raw
    if isinstance(raw, bool | float) or raw not in one.codes:
        raise WrongValue("not_a_choice")
    return raw


def _link(one: Field, raw: Any) -> Any:
    if is_number_code(one):
        return _number(one, raw)
    if not isinstance(raw, str) or not 0 < len(raw) <= _length(one):
        raise WrongValue("no_such_record")
    return raw


_READERS: Mapping[Kind, Any] = {
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _matching,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.LINK: _link,
    Kind.DATA: lambda _one, raw: raw,
}
