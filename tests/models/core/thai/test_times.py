"""A time of day is read as people type it, and nothing else is."""

from datetime import time

import pytest

from models.core.thai.times import BadTime, parse_time


@pytest.mark.parametrize("typed", ["09.30", "9:30", "0930", " 9 . 30 น.", "๐๙.๓๐ น."])
def test_a_time_is_read_however_it_is_written(typed):
    assert parse_time(typed) == time(9, 30)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("เช้า", "not_a_time"), ("9", "not_a_time"), ("24.00", "no_such_time"), ("09.60", "no_such_time")],
)
def test_what_is_no_time_is_told(typed, code):
    with pytest.raises(BadTime) as wrong:
        parse_time(typed)

    assert wrong.value.code == code
