"""What may stand in a field: one rule for forms, files and the API, each of which only says how a value is written."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger

from models.core.entity.fields import TEXTS, Field, Kind
from models.core.thai.citizen import parse_citizen_id
from models.core.thai.dates import BANGKOK, BUDDHIST_OFFSET, BadDate, parse_buddhist_year, parse_date
from models.core.thai.email import parse_email
from models.core.thai.errors import BadValue
from models.core.thai.money import parse_money
from models.core.thai.phone import parse_phone
from models.core.thai.place import parse_postcode
from models.core.thai.text import clean_block, clean_line, digits_of, to_ascii_digits
from models.core.thai.web import parse_web_link

LONGEST_TEXT = 20_000  # characters, where the column has no length of its own


class WrongValue(BadValue):
    """A value that a field cannot hold.

    Codes: needed; too_long (limit, length); not_a_choice; not_a_number; not_a_decimal; not_a_year; too_small (limit);
    too_large (limit); not_yes_no; not_a_moment; no_such_record; not_data; taken (another record has it);
    not_so_many_digits (digits).
    """


class WrongValues(Exception):
    """What is wrong with a record's values, field by field; nothing was changed."""

    def __init__(self, errors: dict[str, BadValue]) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = errors


YES = frozenset({"1", "true", "yes", "y", "on", "ใช่", "มี"})
NO = frozenset({"0", "false", "no", "n", "off", "ไม่ใช่", "ไม่", "ไม่มี"})


def clean(one: Field, raw: Any, *, is_filter: bool = False) -> Any:
    """What is stored of a given value: a text as typed, or a value of the field's own type (from JSON or a cell).

    Dates are read in the Buddhist era when typed (spec: README, Thai first) and as they are when they come as dates.
    A filter on a moment is a day. Raises BadValue (WrongValue, BadDate, BadMoney, BadCitizenId, BadEmail, BadPhone,
    BadPostcode, BadWebLink).
    """
    if isinstance(raw, str):
        raw = clean_block(raw) if one.kind is Kind.LINES else clean_line(raw)
    if raw is None or raw == "":
        if one.is_required and not is_filter:
            raise WrongValue("needed")
        return None if one.is_nullable or one.kind not in TEXTS | {Kind.CHOICE} else ""
    value = _READERS[one.kind](one, raw, is_filter)
    if isinstance(value, str) and len(value) > (one.length or LONGEST_TEXT):
        raise WrongValue("too_long", limit=one.length or LONGEST_TEXT, length=len(value))
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        _check_bounds(one, value)
    return value


def _check_bounds(one: Field, value: int | float | Decimal) -> None:
    lowest, highest = one.lowest, one.highest
    if one.kind in (Kind.NUMBER, Kind.LINK):
        room = 2**63 if isinstance(one.column.type, BigInteger) else 2**31
        lowest = -room if lowest is None else lowest
        highest = room - 1 if highest is None else highest
    if lowest is not None and value < lowest:
        raise WrongValue("too_small", limit=lowest)
    if highest is not None and value > highest:
        raise WrongValue("too_large", limit=highest)


def _text(one: Field, raw: Any, is_filter: bool) -> str:
    if isinstance(raw, bool | dict | list):
        raise WrongValue("not_text")
    written = _written(raw)
    if one.digits is None or is_filter:
        return written
    if (digits := digits_of(written, one.digits)) is None:
        raise WrongValue("not_so_many_digits", digits=one.digits)
    return digits


def _written(raw: Any) -> str:
    """A cell's number as a person would write it: 40000.0 is 40000."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return clean_line(str(raw)) if not isinstance(raw, str) else raw


def _number(one: Field, raw: Any, _is_filter: bool) -> int:
    if one.is_year and not isinstance(raw, bool):
        return _year(_written(raw))
    text = to_ascii_digits(_written(raw)).replace(",", "") if not isinstance(raw, bool) else ""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 30):
        raise WrongValue("not_a_number")
    return int(text)


def _year(text: str) -> int:
    """A year พ.ศ.; one that can only be meant as CE is told so, as dates tell it."""
    try:
        return parse_buddhist_year(text) + BUDDHIST_OFFSET
    except BadDate as wrong:
        if wrong.code == "not_a_date":
            raise WrongValue("not_a_year") from wrong
        raise


def _decimal(_one: Field, raw: Any, _is_filter: bool) -> float:
    if isinstance(raw, bool):
        raise WrongValue("not_a_decimal")
    try:
        value = Decimal(to_ascii_digits(str(raw)))
    except InvalidOperation as error:
        raise WrongValue("not_a_decimal") from error
    if not value.is_finite() or abs(value) > 10**15:
        raise WrongValue("not_a_decimal")
    return float(value)


def _money(_one: Field, raw: Any, _is_filter: bool) -> Decimal:
    if isinstance(raw, bool):
        raise WrongValue("not_a_number")
    return parse_money(raw if isinstance(raw, str) else format(Decimal(str(raw)), "f"))


def _date(_one: Field, raw: Any, _is_filter: bool) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    return raw if isinstance(raw, date) else parse_date(str(raw))


def _moment(_one: Field, raw: Any, is_filter: bool) -> date:
    if is_filter:
        return _date(_one, raw, True)
    if isinstance(raw, datetime):
        return raw if raw.tzinfo is not None else raw.replace(tzinfo=BANGKOK)
    day, _space, clock = to_ascii_digits(str(raw)).partition(" ")
    clock = clock.strip().removesuffix("น.").strip().replace(".", ":")
    try:
        # Spreadsheets write 9:05.
        hour = time.fromisoformat(f"0{clock}" if clock[1:2] == ":" else clock) if clock else time()
    except ValueError as error:
        raise WrongValue("not_a_moment") from error
    return datetime.combine(parse_date(day), hour, BANGKOK)


def _yes_no(_one: Field, raw: Any, _is_filter: bool) -> bool:
    said = str(raw).casefold()
    if said not in YES | NO:
        raise WrongValue("not_yes_no")
    return said in YES


def _choice(one: Field, raw: Any, _is_filter: bool) -> Any:
    written = _written(raw)
    codes = one.codes
    if written not in {str(code) for code in codes}:
        raise WrongValue("not_a_choice")
    return next(code for code in codes if str(code) == written)


def _data(_one: Field, raw: Any, _is_filter: bool) -> Any:
    if isinstance(raw, str):
        raise WrongValue("not_data")
    return raw


_READERS: dict[Kind, Any] = {
    Kind.TEXT: _text,
    Kind.LINES: _text,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.LINK: _number,
    Kind.CITIZEN_ID: lambda _one, raw, _is_filter: parse_citizen_id(_written(raw)),
    Kind.EMAIL: lambda _one, raw, _is_filter: parse_email(_written(raw)),
    Kind.PHONE: lambda _one, raw, _is_filter: parse_phone(_written(raw)),
    Kind.POSTCODE: lambda _one, raw, _is_filter: parse_postcode(_written(raw)),
    Kind.WEB_LINK: lambda _one, raw, _is_filter: parse_web_link(_written(raw)),
    Kind.DATA: _data,
}
