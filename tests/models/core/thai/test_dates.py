"""The Buddhist era in and out, fiscal years, days in Bangkok."""

from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.thai.dates import (
    BadDate,
    bangkok_today,
    day_bounds,
    fiscal_year,
    fiscal_year_range,
    format_date,
    format_datetime,
    format_time,
    parse_buddhist_year,
    parse_date,
)
from models.core.thai.text import to_thai_digits

days = st.dates(date(1857, 1, 1), date(2157, 12, 31))


@pytest.mark.parametrize(
    ("style", "lang", "text"),
    [
        ("short", "th", "12 มี.ค. 2569"),
        ("long", "th", "12 มีนาคม 2569"),
        ("field", "th", "12/03/2569"),
        ("weekday", "th", "วันพฤหัสบดีที่ 12 มีนาคม 2569"),
        ("short", "en", "12 Mar 2569 BE"),
        ("long", "en", "12 March 2569 BE"),
        ("field", "en", "12/03/2569"),
        ("weekday", "en", "Thursday, 12 March 2569 BE"),
    ],
)
def test_a_date_is_written_in_each_style(style, lang, text):
    assert format_date(date(2026, 3, 12), style, lang) == text


def test_an_unknown_style_is_a_mistake():
    with pytest.raises(ValueError, match="style"):
        format_date(date(2026, 3, 12), "tiny")


def test_moments_are_shown_in_bangkok():
    late = datetime(2026, 3, 11, 17, 32, tzinfo=UTC)

    assert format_datetime(late) == "12 มี.ค. 2569 00.32 น."
    assert format_datetime(late, "long", "en") == "12 March 2569 BE 00:32"
    assert format_date(late) == "12 มี.ค. 2569"
    assert format_time(late) == "00.32 น."
    assert format_time(time(14, 32)) == "14.32 น."


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="naive"):
        format_datetime(datetime(2026, 3, 11))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    "text",
    [
        "11/03/2569",
        "11/3/2569",
        "11-03-2569",
        "11.3.2569",
        "11 3 2569",
        "11032569",
        "๑๑/๐๓/๒๕๖๙",
        " 11 / 03 / 2569 ",
        "11 มี.ค. 2569",
        "11 มีค 2569",
        "11มี.ค.2569",
        "11 มีนาคม 2569",
        "11 มีนาคม พ.ศ. 2569",
        "วันที่ 11 มีนาคม ๒๕๖๙",
        "วันพุธที่ 11 มีนาคม 2569",
        "11 March 2569",
        "11 Mar 2569 BE",
        "2026-03-11",
        "11/03/\u200b2569",
    ],
)
def test_a_date_is_read_however_it_is_written(text):
    assert parse_date(text) == date(2026, 3, 11)


@given(days, st.sampled_from(["short", "long", "field", "weekday"]))
def test_a_written_date_is_read_back(day, style):
    assert parse_date(format_date(day, style)) == day
    assert parse_date(to_thai_digits(format_date(day, style))) == day


@given(days)
def test_an_iso_date_is_read_back(day):
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "not_a_date", {}),
        ("เมื่อวาน", "not_a_date", {}),
        ("11/03", "not_a_date", {}),
        ("11 มกรา 2569", "not_a_date", {}),
        ("2569-03", "not_a_date", {}),
        ("11-3-69", "two_digit_year", {"year": 69}),
        ("11 มี.ค. ๖๙", "two_digit_year", {"year": 69}),
        ("11/03/2026", "year_not_buddhist", {"year": 2026, "suggested": 2569}),
        ("12 March 2026", "year_not_buddhist", {"year": 2026, "suggested": 2569}),
        ("11/03/1200", "year_out_of_range", {"year": 1200, "first": 2400, "last": 2700}),
        ("11/03/2701", "year_out_of_range", {"year": 2701, "first": 2400, "last": 2700}),
        ("2569-03-11", "year_out_of_range", {"year": 2569, "first": 1857, "last": 2157}),
        ("25691103", "year_out_of_range", {"year": 1103, "first": 2400, "last": 2700}),
        ("31/04/2569", "no_such_day", {"day": 31, "month": 4, "year": 2569}),
        ("29/02/2569", "no_such_day", {"day": 29, "month": 2, "year": 2569}),
        ("11/13/2569", "no_such_month", {"month": 13}),
    ],
)
def test_what_is_no_date_is_refused_with_its_reason(text, code, values):
    with pytest.raises(BadDate) as refused:
        parse_date(text)

    assert (refused.value.code, refused.value.values) == (code, values)


def test_leap_days_follow_the_common_era():
    assert parse_date("29/02/2567") == date(2024, 2, 29)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused(text):
    with suppress(BadDate):
        assert isinstance(parse_date(text), date)


@pytest.mark.parametrize("text", ["2569", "๒๕๖๙", "พ.ศ. 2569", "ปี พ.ศ. 2569", " พศ 2569 "])
def test_a_buddhist_year_is_read_as_common_era(text):
    assert parse_buddhist_year(text) == 2026


@pytest.mark.parametrize(
    ("text", "code"), [("69", "two_digit_year"), ("2026", "year_not_buddhist"), ("ปี", "not_a_date")]
)
def test_a_wrong_year_is_refused(text, code):
    with pytest.raises(BadDate) as refused:
        parse_buddhist_year(text)

    assert refused.value.code == code


def test_the_fiscal_year_begins_on_the_first_of_october():
    assert fiscal_year(date(2025, 9, 30)) == 2568
    assert fiscal_year(date(2025, 10, 1)) == 2569
    assert fiscal_year(date(2026, 9, 30)) == 2569


def test_the_fiscal_year_turns_at_midnight_in_bangkok():
    assert fiscal_year(datetime(2025, 9, 30, 16, 59, tzinfo=UTC)) == 2568
    assert fiscal_year(datetime(2025, 9, 30, 17, 0, tzinfo=UTC)) == 2569


@given(days)
def test_a_day_lies_within_its_fiscal_year(day):
    first, last = fiscal_year_range(fiscal_year(day))

    assert first <= day <= last


def test_today_is_bangkoks():
    assert bangkok_today(datetime(2026, 3, 11, 17, 0, tzinfo=UTC)) == date(2026, 3, 12)


def test_a_day_in_bangkok_begins_at_seventeen_utc():
    assert day_bounds(date(2026, 3, 12)) == (
        datetime(2026, 3, 11, 17, tzinfo=UTC),
        datetime(2026, 3, 12, 17, tzinfo=UTC),
    )
