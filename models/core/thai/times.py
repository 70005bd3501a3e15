"""A time of day as people type it, and the moment that it makes with a day."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from models.core.thai.dates import BANGKOK
from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits

_CLOCK = re.compile(r"(\d{1,2})\s*[.:]\s*(\d{2})|(\d{2})(\d{2})")
_LONGEST = 40  # characters that are looked at


class BadTime(BadValue):
    """A text that is no time of day: code not_a_time or no_such_time."""


def parse_time(text: str) -> time:
    """The time of day in `text`: 09.30, 9:30, 0930, with "น." and Thai digits or not. Raises BadTime."""
    digits = to_ascii_digits(clean_line(text[:_LONGEST])).removesuffix("น.").removesuffix("น").strip()
    match = _CLOCK.fullmatch(digits)
    if match is None:
        raise BadTime("not_a_time")
    hour, minute = (int(part) for part in match.groups() if part is not None)
    try:
        return time(hour, minute)
    except ValueError:
        raise BadTime("no_such_time") from None


def moment_of(day: date | None, clock: time | None) -> datetime | None:
    """A day and a time of Bangkok as one moment; None where one of them is missing."""
    return None if day is None or clock is None else datetime.combine(day, clock, BANGKOK)
