"""Where something is, as typed or pasted by people: coordinates (decimal degrees, WGS 84) and Thai postcodes."""

import re
from decimal import Decimal

from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits

COORDINATE_STEP = Decimal("0.000001")
"""Degrees a coordinate is stored in: about 11 cm."""

_POSTCODE = re.compile(r"[1-9]\d{4}", re.ASCII)
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?")


class BadCoordinate(BadValue):
    """A text that is no coordinate. Codes: not_a_number; a_pair (both typed into one field); out_of_range (limit)."""


class BadPostcode(BadValue):
    """A text that is no Thai postcode. Code: not_a_postcode."""


def parse_postcode(text: str) -> str:
    """Return the five digits of a Thai postcode, typed with Thai digits and spaces or not. Raises BadPostcode."""
    digits = to_ascii_digits(clean_line(text[:40])).replace(" ", "")
    if not _POSTCODE.fullmatch(digits):
        raise BadPostcode("not_a_postcode")
    return digits


def parse_latitude(text: str) -> Decimal:
    """Return degrees north, -90 to 90, to COORDINATE_STEP. Raises BadCoordinate."""
    return _parse_degrees(text, 90)


def parse_longitude(text: str) -> Decimal:
    """Return degrees east, -180 to 180, to COORDINATE_STEP. Raises BadCoordinate."""
    return _parse_degrees(text, 180)


def _parse_degrees(text: str, limit: int) -> Decimal:
    text = to_ascii_digits(clean_line(text)).replace("\u2212", "-").removesuffix("°").rstrip()
    if not _DEGREES.fullmatch(text):
        parts = re.split(r"\s*[,\s]\s*", text)
        raise BadCoordinate("a_pair" if len(parts) == 2 and all(map(_DEGREES.fullmatch, parts)) else "not_a_number")
    degrees = Decimal(text)
    if abs(degrees) > limit:
        raise BadCoordinate("out_of_range", limit=limit)
    return degrees.quantize(COORDINATE_STEP)
