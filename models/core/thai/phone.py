"""Thai telephone numbers: nine digits for a landline, ten for a mobile, four for a hotline; an extension if need be."""

import re

from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits

MOBILE_DIGITS = 10
LANDLINE_DIGITS = 9

_EXTENSION = re.compile(r"\s*(?:ต่อ|ext\.?|#)\s*(\d{1,6})\Z", re.IGNORECASE)
_HOTLINE = re.compile(r"1\d{3}")
_MOBILE = re.compile(r"0[689]\d{8}")
_LANDLINE = re.compile(r"0[2-57]\d{7}")
_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015]+")


class BadPhone(BadValue):
    """A text that is no telephone number.

    Codes: not_a_phone; too_short and too_long (`values`: length, expected); not_mobile; unknown_prefix.
    """


def parse_phone(text: str, *, mobile: bool = False) -> str:
    """Return a Thai number as stored: digits from the leading 0, an extension after "#" (021234567#101).

    Reads dashes, dots, brackets, spaces, Thai digits, +66 and "ต่อ 101". With `mobile` only what can receive an SMS.
    Raises BadPhone.
    """
    text = to_ascii_digits(clean_line(text))
    extension = _EXTENSION.search(text)
    digits = _SEPARATORS.sub("", text[: extension.start()] if extension else text)
    digits = re.sub(r"\A(?:\+66|0066)0?", "0", digits)
    if not (digits.isascii() and digits.isdigit()):
        raise BadPhone("not_mobile" if mobile else "not_a_phone")
    if mobile:
        if extension or _LANDLINE.fullmatch(digits) or _HOTLINE.fullmatch(digits):
            raise BadPhone("not_mobile")
        _check_length(digits, MOBILE_DIGITS)
        if not _MOBILE.fullmatch(digits):
            raise BadPhone("not_mobile")
        return digits
    if not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) or _HOTLINE.fullmatch(digits)):
        expected = MOBILE_DIGITS if re.match("0[689]", digits) else LANDLINE_DIGITS
        _check_length(digits, expected)
        raise BadPhone("unknown_prefix")
    return f"{digits}#{extension[1]}" if extension else digits


def _check_length(digits: str, expected: int) -> None:
    if len(digits) != expected:
        code = "too_short" if len(digits) < expected else "too_long"
        raise BadPhone(code, length=len(digits), expected=expected)


def format_phone(phone: str, lang: str = "th") -> str:
    """Return a stored number as people write it: 081-234-5678, 02-123-4567, 043-555-120 ต่อ 101, 1579.

    What was stored before numbers were read stays as it is.
    """
    digits, _, extension = phone.partition("#")
    if not digits.isdigit():
        return phone
    if len(digits) == MOBILE_DIGITS:
        text = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    elif len(digits) == LANDLINE_DIGITS:
        area = 2 if digits.startswith("02") else 3
        text = f"{digits[:area]}-{digits[area : area + 3]}-{digits[area + 3 :]}"
    else:
        text = digits
    return f"{text} {'ต่อ' if lang == 'th' else 'ext.'} {extension}" if extension else text
