"""Budget and duration of part 2.4, and the project number."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fund.proposal import format_number, parse_number
from models.fund.revision import Activity, Line, Revision, Step, days

amounts = st.decimals(0, Decimal("999999999.99"), places=2)
starts = st.dates(date(2020, 1, 1), date(2040, 1, 1))
activities = st.tuples(starts, st.integers(1, 400), amounts)
shapes = st.lists(st.lists(activities, max_size=5), max_size=5)


def revision_of(shape):
    return Revision(
        steps=[
            Step(
                activities=[
                    Activity(starts_on=start, ends_on=start + timedelta(days=length - 1), budget=budget)
                    for start, length, budget in step
                ]
            )
            for step in shape
        ]
    )


@given(shapes)
def test_budget_and_duration_are_sums_over_all_activities_of_all_steps(shape):
    revision = revision_of(shape)

    revision.compute_totals()

    flat = [activity for step in shape for activity in step]
    assert revision.budget == sum((budget for _, _, budget in flat), Decimal(0))
    assert revision.duration_days == sum(length for _, length, _ in flat)


@given(shapes)
def test_the_calendar_span_reaches_from_the_first_start_to_the_last_end(shape):
    revision = revision_of(shape)

    revision.compute_totals()

    flat = [activity for step in shape for activity in step]
    if flat:
        assert revision.span_starts_on == min(start for start, _, _ in flat)
        assert revision.span_ends_on == max(start + timedelta(days=length - 1) for start, length, _ in flat)
        assert revision.span_days >= max(length for _, length, _ in flat)
    else:
        assert (revision.span_starts_on, revision.span_ends_on, revision.span_days) == (None, None, 0)


def test_a_day_counts_its_start_and_its_end():
    assert days(date(2026, 5, 1), date(2026, 5, 1)) == 1
    assert days(date(2026, 5, 1), date(2026, 9, 30)) == 153
    assert days(date(2026, 5, 1), None) == 0


@given(amounts, st.lists(amounts, max_size=3), amounts)
def test_the_budget_differs_by_what_neither_the_fund_nor_others_are_asked_for(asked, others, budget):
    lines = [Line(kind="other_source", text="x", amount=amount) for amount in others]

    revision = Revision(amount_asked=asked, budget=budget, lines=lines)

    assert revision.budget_difference == budget - asked - sum(others, Decimal(0))


@pytest.mark.parametrize(
    ("year", "sequence", "expected"),
    [(2569, 1, "2569-0001"), (2569, 131, "2569-0131"), (2569, 9999, "2569-9999"), (2569, 10000, "2569-10000")],
)
def test_a_number_has_four_digits_or_more(year, sequence, expected):
    assert format_number(year, sequence) == expected


@given(st.integers(2400, 2999), st.integers(1, 999_999))
def test_a_number_reads_back_as_it_was_written(year, sequence):
    assert parse_number(format_number(year, sequence)) == (year, sequence)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("๒๕๖๙-๐๐๐๑", (2569, 1)),
        (" 2569-1 ", (2569, 1)),
        ("2569/0001", (2569, 1)),
        ("๒๕๖๙\u2013๐๐๐๑", (2569, 1)),
        ("2569 \u2011 0001", (2569, 1)),
        ("2569-1-2", None),
        ("30/11/2569", None),
        ("2569", None),
        ("-1", None),
        ("256-1", None),
        ("2569-x", None),
        ("2569-1234567", None),
        ("", None),
    ],
)
def test_a_typed_number_may_have_thai_digits_another_dash_and_no_leading_zeros(typed, expected):
    assert parse_number(typed) == expected
