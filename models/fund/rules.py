"""What the fields of an organization and of a meeting may not say together (spec: fund.md 3 and 7).

Pure: values go in, fields and reasons come out. The fund's own forms ask these, and everything that is generated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from models.core.clock import today
from models.core.entity.values import WrongValue
from models.core.thai.dates import FIRST_BUDDHIST_YEAR, LAST_BUDDHIST_YEAR, bangkok_day, buddhist_year
from models.core.thai.errors import BadValue
from models.fund.codes import PUBLIC

ORGANIZATION_NEEDS = ("name", "sector", "address", "province_code", "chair_first_name")
MEETING_NEEDS = ("name", "level", "starts_at")
REGISTERED = (FIRST_BUDDHIST_YEAR, LAST_BUDDHIST_YEAR)  # years พ.ศ.
LATEST_MEETING = timedelta(days=5 * 366)
EARLIEST_MEETING = timedelta(days=20 * 366)


class BadOrganization(BadValue):
    """Values that no organization has together.

    Codes: parent_agency_needed; half_a_place; year_unlikely (year, first, last).
    """


class BadMeeting(BadValue):
    """Values that no meeting has together.

    Codes: ends_before_it_starts; ends_another_day; year_unlikely (year, first, last).
    """


Wrong = Iterator[tuple[str, BadValue]]


def wrong_organization(values: Mapping[str, Any]) -> Wrong:
    """What is wrong with the data of an organization."""
    for name in ORGANIZATION_NEEDS:
        if not values.get(name):
            yield name, WrongValue("needed")
    if values.get("sector") == PUBLIC and not values.get("parent_agency"):
        yield "parent_agency", BadOrganization("parent_agency_needed")
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if values.get(one) is None and values.get(other) is not None:
            yield one, BadOrganization("half_a_place")
    year, (first, last) = values.get("registered_year"), REGISTERED
    if year is not None and not first <= year <= last:
        yield "registered_year", BadOrganization("year_unlikely", year=year, first=first, last=last)


def wrong_meeting(values: Mapping[str, Any]) -> Wrong:
    """What is wrong with the data of a meeting: it is over on the day on which it begins, in a year that can be."""
    for name in MEETING_NEEDS:
        if not values.get(name):
            yield name, WrongValue("needed")
    starts, ends = values.get("starts_at"), values.get("ends_at")
    if starts is None:
        return
    earliest, latest = today() - EARLIEST_MEETING, today() + LATEST_MEETING
    if not earliest <= bangkok_day(starts) <= latest:
        first, last = buddhist_year(earliest), buddhist_year(latest)
        yield "starts_at", BadMeeting("year_unlikely", year=buddhist_year(bangkok_day(starts)), first=first, last=last)
    if ends is not None and ends <= starts:
        yield "ends_at", BadMeeting("ends_before_it_starts")
    elif ends is not None and bangkok_day(ends) != bangkok_day(starts):
        yield "ends_at", BadMeeting("ends_another_day")
