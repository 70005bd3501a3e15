"""The arithmetic of scoring."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fund.scoring.form import reference
from models.fund.scoring.points import BAND_CODES, FULL_TOTAL, Scale, points, ticked_in

DELIVERED = Scale()
FULL = (5, 5, 15, 15, 5, 5, 5, 5, 10, 15, 15)
SHAPES = {5: (0, 0, 1, 3, 5), 10: (0, 0, 2, 6, 10), 15: (0, 0, 3, 9, 15)}


class Shape:
    def __init__(self, full):
        self.points = SHAPES[full]


def test_the_reference_form_has_the_manuals_eleven_topics_with_four_indicators_each():
    topics = reference()["topics"]

    assert [topic["full"] for topic in topics] == list(FULL)
    assert [tuple(topic["points"]) for topic in topics] == [SHAPES[full] for full in FULL]
    assert sum(topic["full"] for topic in topics) == 100
    assert [len(set(topic["indicators"])) for topic in topics] == [4] * 11
    assert [topic["number"] for topic in reference()["after"]] == [12, 13]


@pytest.mark.parametrize(("full", "expected"), SHAPES.items())
def test_points_follow_from_how_many_indicators_are_ticked(full, expected):
    assert tuple(points(Shape(full), ticked) for ticked in range(5)) == expected


@pytest.mark.parametrize("ticked", [-1, 5])
def test_a_topic_has_no_more_than_four_indicators(ticked):
    with pytest.raises(ValueError, match="four"):
        points(Shape(5), ticked)


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (100, "very_good"),
        (80, "very_good"),
        (79, "good"),
        (60, "good"),
        (59, "fair"),
        (40, "fair"),
        (39, "acceptable"),
        (20, "acceptable"),
        (19, "improve"),
        (0, "improve"),
    ],
)
def test_bands_begin_at_their_lowest_total(total, expected):
    assert DELIVERED.band(total) == expected


@pytest.mark.parametrize(("total", "expected"), [(80, True), (79, False), (100, True), (0, False)])
def test_eighty_and_over_passes(total, expected):
    assert DELIVERED.passes(total) is expected


@given(st.integers(0, 2**44 - 1))
def test_any_ticks_of_the_44_indicators_give_a_total_between_0_and_100_that_only_grows_with_more_ticks(shape):
    masks = [shape >> 4 * topic & 0b1111 for topic in range(11)]

    total = sum(points(Shape(full), ticked_in(mask)) for full, mask in zip(FULL, masks, strict=True))
    more = sum(points(Shape(full), ticked_in(mask | mask + 1 & 0b1111)) for full, mask in zip(FULL, masks, strict=True))

    assert 0 <= total <= more <= 100
    assert DELIVERED.passes(total) == (DELIVERED.band(total) == "very_good")
    assert (total == 100) == (shape == 2**44 - 1)


scales = st.builds(
    Scale,
    st.lists(st.integers(1, FULL_TOTAL), min_size=4, max_size=4, unique=True).map(
        lambda floors: tuple(sorted(floors)[::-1])
    ),
    st.integers(1, FULL_TOTAL),
)


@given(scales, st.integers(0, FULL_TOTAL), st.integers(0, FULL_TOTAL))
def test_on_any_scale_a_higher_total_is_in_no_lower_band_and_passes_where_a_lower_one_does(scale, one, other):
    low, high = sorted((one, other))

    assert scale.falls
    assert scale.can_be_missed
    assert BAND_CODES.index(scale.band(high)) <= BAND_CODES.index(scale.band(low))
    assert scale.passes(high) >= scale.passes(low)
    assert scale.bands[BAND_CODES.index(scale.band(high))][0] <= high


@pytest.mark.parametrize(
    "floors", [(80, 60, 60, 20), (60, 80, 40, 20), (80, 60, 40, 0), (101, 60, 40, 20), (80, 60, 40), ()]
)
def test_bands_that_do_not_fall_are_noticed(floors):
    assert not Scale(floors).falls
    assert DELIVERED.falls


@pytest.mark.parametrize(("passing", "expected"), [(0, False), (1, True), (100, True), (101, False)])
def test_a_pass_mark_that_everybody_or_nobody_reaches_is_noticed(passing, expected):
    assert Scale(passing=passing).can_be_missed is expected
