"""What the fields of a round and of an unlock may not say together (spec: assessment.md 3 and 7).

Pure: values go in, fields and reasons come out. The registry's own forms ask these, and everything that is generated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from models.core.clock import now, today
from models.core.entity.values import WrongValue
from models.core.thai.dates import buddhist_year
from models.core.thai.errors import BadValue

ROUND_NEEDS = ("academic_year", "number", "opens_at", "closes_at")
YEARS_BACK, YEARS_AHEAD = 10, 2
MOST_ROUNDS = 9  # of one academic year (assumed)
LONGEST_ROUND = timedelta(days=366)
LONGEST_UNLOCK = timedelta(days=60)  # assumed: whoever needs longer gets another one, with its reason
REASON_LENGTH = 500

Wrong = Iterator[tuple[str, BadValue]]


class BadRound(BadValue):
    """Values that no round has together.

    Codes: year_unlikely (year, first, last); number_unlikely (most); closes_before_it_opens; too_long (days).
    """


class BadUnlock(BadValue):
    """Values that no unlock has: over_already; too_long (days)."""


def academic_years() -> range:
    """The academic years (พ.ศ.) of which a round can be: ten back, two ahead."""
    this = buddhist_year(today())
    return range(this - YEARS_BACK, this + YEARS_AHEAD + 1)


def wrong_round(values: Mapping[str, Any]) -> Wrong:
    """What is wrong with a round: a year that cannot be meant, or dates that do not follow each other."""
    for name in ROUND_NEEDS:
        if values.get(name) is None:
            yield name, WrongValue("needed")
    year, years = values.get("academic_year"), academic_years()
    if year is not None and year not in years:
        yield "academic_year", BadRound("year_unlikely", year=year, first=years[0], last=years[-1])
    number = values.get("number")
    if number is not None and not 1 <= number <= MOST_ROUNDS:
        yield "number", BadRound("number_unlikely", most=MOST_ROUNDS)
    opens, closes = values.get("opens_at"), values.get("closes_at")
    if opens is None or closes is None:
        return
    if closes <= opens:
        yield "closes_at", BadRound("closes_before_it_opens")
    elif closes - opens > LONGEST_ROUND:
        yield "closes_at", BadRound("too_long", days=LONGEST_ROUND.days)


def wrong_unlock(values: Mapping[str, Any]) -> Wrong:
    """What is wrong with an unlock: no reason, or an end that is past or too far away."""
    if not values.get("reason"):
        yield "reason", WrongValue("needed")
    until = values.get("until")
    if until is None:
        yield "until", WrongValue("needed")
    elif until <= now():
        yield "until", BadUnlock("over_already")
    elif until - now() > LONGEST_UNLOCK:
        yield "until", BadUnlock("too_long", days=LONGEST_UNLOCK.days)
