"""What an organization and a meeting cannot be, whoever types them in whichever form."""

from datetime import date, datetime, timedelta

import pytest

from models.core.thai.dates import BANGKOK
from models.fund import rules
from models.fund.rules import ORGANIZATION_NEEDS, wrong_meeting, wrong_organization

GOOD = {
    "name": "สมาคม",
    "sector": "private",
    "address": "99 ถนนริมน้ำ",
    "province_code": "40",
    "chair_first_name": "มาลี",
}
BEGINS = datetime(2026, 3, 11, 9, 30, tzinfo=BANGKOK)
MEETING = {"name": "ครั้งที่ 1/2569", "level": "group", "starts_at": BEGINS}


@pytest.fixture(autouse=True)
def in_march(monkeypatch):
    monkeypatch.setattr(rules, "today", lambda: date(2026, 3, 1))


def codes(found):
    return {name: wrong.code for name, wrong in found}


@pytest.mark.parametrize("name", ORGANIZATION_NEEDS)
def test_an_organization_needs_its_name_sector_address_and_chair(name):
    assert codes(wrong_organization(GOOD)) == {}
    assert codes(wrong_organization(GOOD | {name: ""})) == {name: "needed"}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"sector": "public"}, {"parent_agency": "parent_agency_needed"}),
        ({"sector": "public", "parent_agency": "กรม"}, {}),
        ({"latitude": 16.4}, {"longitude": "half_a_place"}),
        ({"longitude": 0.0}, {"latitude": "half_a_place"}),
        ({"latitude": 0.0, "longitude": 102.8}, {}),
        ({"registered_year": 2399}, {"registered_year": "year_unlikely"}),
        ({"registered_year": 2701}, {"registered_year": "year_unlikely"}),
        ({"registered_year": 2400}, {}),
    ],
)
def test_what_an_organization_says_must_go_together(values, found):
    assert codes(wrong_organization(GOOD | values)) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, {}),
        ({"ends_at": BEGINS + timedelta(hours=3)}, {}),
        ({"ends_at": BEGINS}, {"ends_at": "ends_before_it_starts"}),
        ({"ends_at": BEGINS + timedelta(days=60)}, {"ends_at": "ends_another_day"}),
        ({"starts_at": BEGINS.replace(year=1957)}, {"starts_at": "year_unlikely"}),
        ({"starts_at": BEGINS.replace(year=2057)}, {"starts_at": "year_unlikely"}),
        ({"starts_at": None}, {"starts_at": "needed"}),
    ],
)
def test_a_meeting_is_over_on_its_day_in_a_year_that_can_be(values, found):
    assert codes(wrong_meeting(MEETING | values)) == found
