"""Counts of students: what is typed is read, two people's saves come together, sums are those of their parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.assessment.counts import LEAST, MOST, Typed, is_unusual, merged, read, summed, total, totals

BRANCHES = st.integers(1, 12)
COUNTS = st.dictionaries(BRANCHES, st.integers(LEAST, MOST))


@pytest.mark.parametrize(
    ("ticked", "number", "code"),
    [
        (True, "", "no_number"),
        (True, "  ", "no_number"),
        (False, "12", "no_tick"),
        (True, "12.5", "not_whole"),
        (True, "2,5", "not_whole"),
        (True, "1,2,3", "not_whole"),
        (True, "99,99", "not_whole"),
        (True, "-1", "not_whole"),
        (True, "สิบ", "not_whole"),
        (True, "²", "not_whole"),
        (True, "0", "out_of_range"),
        (True, "10000", "out_of_range"),
        (True, "9" * 5_000, "out_of_range"),
    ],
)
def test_a_row_that_says_no_number_is_shown_with_what_is_wrong(ticked, number, code):
    found = read({7: Typed(ticked, number)})

    assert found.wrong == {7: code}
    assert found.counts == {}


@pytest.mark.parametrize(("number", "students"), [("1", 1), (" 25 ", 25), ("๒๕", 25), ("9,999", 9999), ("0012", 12)])
def test_numbers_are_read_as_people_type_them(number, students):
    assert read({7: Typed(True, number)}).counts == {7: students}


def test_a_branch_that_is_neither_ticked_nor_numbered_says_nothing():
    found = read({7: Typed(False, ""), 8: Typed(True, "3")})

    assert (found.counts, found.wrong) == ({8: 3}, {})


@given(COUNTS)
def test_what_is_shown_is_read_back_as_it_was(counts):
    assert read({branch: Typed(True, f"{students:,}") for branch, students in counts.items()}).counts == counts


@given(COUNTS, COUNTS)
def test_when_nobody_else_saved_mine_stands(before, mine):
    assert merged(before, mine, before).counts == mine
    assert merged(before, mine, before).clashes == ()


@given(COUNTS, COUNTS)
def test_when_i_changed_nothing_theirs_stands(before, theirs):
    assert merged(before, before, theirs).counts == theirs


@given(COUNTS, COUNTS)
def test_saving_the_same_twice_or_by_two_people_doubles_nothing(before, same):
    found = merged(before, same, same)

    assert (found.counts, found.clashes) == (same, ())


@given(COUNTS, COUNTS, COUNTS)
def test_of_every_branch_a_number_that_somebody_said_last_stands_and_a_difference_is_told(before, mine, theirs):
    found = merged(before, mine, theirs)
    clashing = {clash.branch for clash in found.clashes}

    for branch in {*before, *mine, *theirs}:
        was, own, other = before.get(branch, 0), mine.get(branch, 0), theirs.get(branch, 0)
        stands = found.counts.get(branch, 0)
        if own != was and other == was:
            assert stands == own
        else:
            assert stands == other
        assert (branch in clashing) == (own != was and other != was and own != other)
        assert (branch in found.taken) == (own == was and other != was)


@given(st.lists(COUNTS))
def test_totals_at_every_level_equal_the_sum_of_the_parts(registrations):
    together = summed(registrations)

    assert total(together) == sum(total(one) for one in registrations)
    for size in (1, 3, 12):
        assert sum(totals(together, lambda branch, size=size: branch // size).values()) == total(together)


@pytest.mark.parametrize(
    ("before", "now", "unusual"),
    [(25, 50, True), (50, 25, True), (40, 0, True), (0, 40, True), (25, 40, False), (5, 15, False), (3, 0, False)],
)
def test_a_number_that_doubled_or_vanished_is_unusual_where_it_is_not_small(before, now, unusual):
    assert is_unusual(before, now) is unusual
