"""No group smaller than five can be had from what the public is shown: by sums, by differences, knowing the rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.fund.codes import LEVEL_STATUSES, LEVELS, SCREENING, LevelStatus
from models.fund.statistics.facts import STARTED
from models.fund.statistics.hiding import (
    NOTHING,
    PLACES,
    SMALLEST,
    at,
    hidden,
    hidden_halves,
    is_small,
    seen_groups,
    seen_of,
)
from models.fund.statistics.reading import Count, Stages

STAGES = [f"{SCREENING}.{STARTED}"] + [
    f"{level}.{status}"
    for level in LEVELS
    for status in LEVEL_STATUSES[level]
    if status not in (LevelStatus.NONE, LevelStatus.PASSED)
]
small_counts = st.one_of(st.just(0), st.integers(0, 7), st.integers(0, 40))
a_year = st.fixed_dictionaries(dict.fromkeys(STAGES, small_counts))


def stages_of(counts: Mapping[str, int]) -> Stages:
    return Stages({stage: Count(count, Decimal(1000 * count)) for stage, count in counts.items() if count})


@pytest.mark.parametrize(("size", "most"), [(2, 16), (3, 12), (4, 10)])
def test_who_knows_the_rule_and_the_total_still_cannot_tell_any_hidden_cell(size, most):
    alike: dict[Any, list[tuple[int, ...]]] = {}
    for counts in product(range(most + 1), repeat=size):
        if is_small(sum(counts)):
            continue
        hides = hidden(dict(enumerate(counts)))
        shown = tuple((place, count) for place, count in enumerate(counts) if place not in hides)
        assert not any(is_small(count) for _, count in shown)
        alike.setdefault((hides, shown, sum(counts)), []).append(counts)

    for (hides, shown, total), tables in alike.items():
        if max(max(table) for table in tables) > most - 3:
            continue  # Some tables that look the same were not made.
        for place in hides:
            assert len({table[place] for table in tables}) > 1, f"{dict(shown)} of {total} can only be {tables}"


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_hidden_cells_are_at_least_two_and_a_group_together(counts):
    assume(not is_small(sum(counts)))

    hides = hidden(dict(enumerate(counts)))

    assert all(place in hides for place, count in enumerate(counts) if is_small(count))
    assert not hides or (len(hides) > 1 and sum(counts[place] for place in hides) >= SMALLEST)


@pytest.mark.parametrize(
    ("counts", "hides"),
    [
        ([20, 30, 5], set()),
        ([20, 0, 5], set()),
        ([20, 30, 4], {0, 2}),
        ([3, 2, 50], {0, 1}),
        ([1, 1, 50, 9], {0, 1, 3}),
        ([1, 1, 1, 1, 1, 8], {0, 1, 2, 3, 4, 5}),
        ([4, 7, 7], {0, 1, 2}),
    ],
)
def test_the_least_that_hides_a_small_group_is_hidden(counts, hides):
    assert hidden(dict(enumerate(counts))) == hides


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_no_hidden_half_can_be_told_from_the_groups_and_the_sums_of_halves(pairs):
    firsts, seconds = sum(first for first, _ in pairs), sum(second for _, second in pairs)
    assume(not (is_small(firsts) or is_small(seconds) or is_small(firsts + seconds)))
    halves = dict(enumerate(pairs))
    groups = hidden({key: sum(pair) for key, pair in halves.items()})
    hides = hidden_halves(halves, groups)
    like: list[dict[int, tuple[int, int]]] = []
    for values in product(range(firsts + 1), repeat=len(pairs)):
        if sum(values) != firsts or any(values[key] != pairs[key][0] for key in halves if key not in hides):
            continue
        sizes: Any = (
            [
                dict(zip(groups, found, strict=True))
                for found in product(range(firsts + seconds + 1), repeat=len(groups))
            ]
            if groups
            else [{}]
        )
        for size in sizes:
            table = {key: (values[key], size.get(key, sum(pairs[key])) - values[key]) for key in halves}
            if sum(second for _, second in table.values()) == seconds and all(
                second >= 0 for _, second in table.values()
            ):
                like.append(table)

    for key, pair in halves.items():
        if key not in hides:
            assert not any(is_small(half) for half in pair)
    for half in (0, 1):
        total = sum(halves[key][half] for key in hides)
        assert not is_small(total), "the hidden halves together are a group"
        for key in hides:
            values_of = {table[key][half] for table in like}
            assert len(values_of) > 1 or not is_small(values_of.pop()), f"{pairs} tells half {half} of {key}"


def _rank(rows: list[list[int]]) -> int:
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(len(STAGES)):
        pivot = next((index for index in range(rank, len(left)) if left[index][column]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for index in range(len(left)):
            if index != rank and left[index][column]:
                factor = left[index][column] / left[rank][column]
                left[index] = [a - factor * b for a, b in zip(left[index], left[rank], strict=True)]
        rank += 1
    return rank


def _over(measure: Any) -> list[int]:
    """A figure as what it sums: 1 for each stage that counts in it."""
    return [measure(Stages({stage: Count(1)})) for stage in STAGES]


def _of_level(level: str, what: str) -> Any:
    return {
        "waiting": lambda s: s.over([f"{level}.waiting"]).proposals,
        "started": lambda s: s.over([f"{level}.{STARTED}", f"{level}.scheduled"]).proposals,
        "failed": lambda s: s.sent_back(level).proposals,
        "not_considered": lambda s: s.not_considered(level).proposals,
        "passed": lambda s: s.passed(level).proposals,
        "reached": lambda s: s.reached(level).proposals,
    }[what]


@given(a_year)
@settings(max_examples=60, deadline=None)
def test_no_small_group_of_a_year_is_a_sum_or_difference_of_what_is_shown(counts):
    stages = stages_of(counts)
    seen = seen_of(stages)
    everything = {("place", place): (lambda s, place=place: at(place, s)) for place in PLACES}
    whats = ("waiting", "started", "failed", "not_considered", "passed", "reached")
    everything |= {(level, what): _of_level(level, what) for level in LEVELS for what in whats}
    everything[("decided", "")] = lambda s: s.decided.proposals
    shown = {key for key in everything if (key[0] == "place" and key[1] in seen.places) or key in seen.levels}
    shown |= {("decided", "")} if seen.decided else set()
    published = [_over(everything[key]) for key in sorted(shown, key=str)]
    if seen.total:
        published.append([1] * len(STAGES))
    # A 0 that is shown says that each of its stages is 0.
    for key in shown:
        if everything[key](stages) == 0:
            published += [
                [int(place == other) for other in range(len(STAGES))]
                for place, counted in enumerate(_over(everything[key]))
                if counted
            ]
    rank = _rank(published)

    for key, measure in everything.items():
        value = measure(stages)
        if key in shown:
            assert not is_small(value), f"{key} shows {value}"
        elif is_small(value):
            assert _rank([*published, _over(measure)]) > rank, f"{key} = {value} can be computed"


def test_a_year_of_fewer_than_five_shows_nothing():
    assert seen_of(stages_of({"group.waiting": 4})) == NOTHING
    assert seen_of(stages_of({"group.waiting": 5})).total


def test_a_large_year_hides_nothing():
    seen = seen_of(stages_of(dict.fromkeys(STAGES, 20)))

    assert seen.places == frozenset(PLACES)
    assert len(seen.levels) == len(LEVELS) * 6
    assert seen.rate


def test_a_years_groups_hide_approved_with_too_few_others():
    groups = {
        "10": stages_of({"board.approved": 30, "group.waiting": 30}),
        "50": stages_of({"board.approved": 12, "group.waiting": 2}),  # two others: 14 less 12
        "90": stages_of({"board.approved": 9, "group.waiting": 8}),
    }
    year = seen_of(stages_of({"board.approved": 51, "group.waiting": 40}))

    shown, approved = seen_groups(groups, year)

    assert shown == {"10", "50", "90"}
    assert approved == {"10"}


def test_groups_show_nothing_of_a_year_that_is_hidden():
    assert seen_groups({"10": stages_of({"board.approved": 30})}, NOTHING) == (frozenset(), frozenset())
