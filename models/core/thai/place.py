"""Coordinates typed or pasted by people: decimal degrees, WGS 84."""

import re
from decimal import Decimal

from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits

COORDINATE_STEP = Decimal("0.000001")
"""Degrees a coordinate is stored in: about 11 cm."""

_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?")


class BadCoordinate(BadValue):
    """A text that is no coordinate. Codes: not_a_number; a_pair (both typed into one field); out_of_range (limit)."""


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
