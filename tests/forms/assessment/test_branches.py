"""A tree of branches as it is posted: read as it was meant, whatever stands beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.assessment.branches import read_counts, rows_of, typed_rows, write_counts
from models.assessment.counts import LEAST, MOST, Typed, read

COUNTS = st.dictionaries(st.integers(1, 10**8), st.integers(LEAST, MOST), max_size=40)
TEXT = st.text(max_size=30)


def posted(counts):
    """A page that shows these counts, as a browser posts it."""
    ticks = [("tick", str(branch)) for branch in counts]
    return ticks + [(f"n-{branch}", str(students)) for branch, students in counts.items()]


@given(COUNTS)
def test_what_a_page_shows_is_read_back_when_it_is_posted(counts):
    rows = typed_rows(posted(counts))

    assert rows == dict(sorted(rows_of(counts).items()))
    assert read(rows).counts == counts


@given(COUNTS)
def test_what_a_page_was_opened_on_comes_back_as_it_was(counts):
    assert read_counts(write_counts(counts)) == counts


@given(st.lists(st.tuples(st.one_of(TEXT, st.sampled_from(["tick", "n-1", "pick-1", "read", "n-x"])), TEXT)))
def test_nonsense_is_no_error_and_says_nothing_but_its_own_rows(fields):
    rows = typed_rows(fields)

    assert all(0 < branch < 10**9 for branch in rows)
    assert all(row.ticked or row.number.strip() for row in rows.values())


@given(TEXT)
def test_counts_that_a_page_did_not_write_are_left_out(text):
    found = read_counts(text)

    assert all(branch > 0 and LEAST <= students <= MOST for branch, students in found.items())


def test_what_was_picked_goes_before_tick_and_number():
    fields = [("tick", "1"), ("n-1", "15"), ("pick-1", "12"), ("tick", "2"), ("n-2", "3"), ("pick-2", "0")]

    assert typed_rows(fields) == {1: Typed(True, "12")}


@pytest.mark.parametrize("number", ["", "   "])
def test_a_row_without_tick_and_number_says_nothing(number):
    assert typed_rows([("n-1", number)]) == {}


def test_a_tick_alone_and_a_number_alone_are_kept_to_be_shown():
    rows = typed_rows([("tick", "1"), ("n-1", ""), ("n-2", "25")])

    assert rows == {1: Typed(True, ""), 2: Typed(False, "25")}
    assert read(rows).wrong == {1: "no_number", 2: "no_tick"}
