"""The thirteen digits of a Thai citizen: checked, shown, masked. spec: README, "A citizen ID"."""

from stdnum.th import pin

from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits

_DASHES = dict.fromkeys(map(ord, " -\u2010\u2011\u2012\u2013\u2014\u2212"))


class BadCitizenId(BadValue):
    """A text that is no citizen ID. Codes: not_digits, wrong_length (`values["length"]`), wrong_check_digit."""


def parse_citizen_id(text: str) -> str:
    """Return the 13 digits written in `text` with or without dashes and spaces, Thai or Arabic. Raises BadCitizenId.

    Only length and check digit are asked. The first digit is free: registered residents without a nationality hold
    numbers that begin with 0, which python-stdnum's own validation refuses.
    """
    digits = to_ascii_digits(clean_line(text)).translate(_DASHES)
    if not (digits.isascii() and digits.isdigit()):
        raise BadCitizenId("not_digits")
    if len(digits) != 13:
        raise BadCitizenId("wrong_length", length=len(digits))
    if pin.calc_check_digit(digits) != digits[-1]:
        raise BadCitizenId("wrong_check_digit")
    return digits


def format_citizen_id(digits: str) -> str:
    """Return 13 digits as the card prints them: 1-2345-67890-12-3."""
    return f"{digits[:1]}-{digits[1:5]}-{digits[5:10]}-{digits[10:12]}-{digits[12:]}"


def mask_citizen_id(digits: str) -> str:
    """Return 13 digits with the last three only: x-xxxx-xxxxx-12-3. Empty stays empty."""
    return f"x-xxxx-xxxxx-{digits[10:12]}-{digits[12:]}" if digits else ""


def sample_citizen_id(n: int) -> str:
    """Return the n-th made-up citizen ID (n from 0 below 1,000,000,000) for demo data and tests.

    Digits 2 and 3 are 99, a province nobody was ever registered in, so that it is no real person's.
    """
    if not 0 <= n < 1_000_000_000:
        raise ValueError("sample citizen IDs run from 0 to 999,999,999")
    digits = f"199{n:09d}"
    return digits + pin.calc_check_digit(digits)
