"""Citizen IDs: check digit, writing, masking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.thai.citizen import (
    BadCitizenId,
    format_citizen_id,
    mask_citizen_id,
    parse_citizen_id,
    sample_citizen_id,
)
from models.core.thai.text import to_thai_digits

samples = st.integers(0, 999_999_999).map(sample_citizen_id)


def weighted_sum(digits: str) -> int:
    return sum(int(digit) * (14 - place) for place, digit in enumerate(digits[:12], start=1)) % 11


def is_accepted(digits: str) -> bool:
    try:
        return parse_citizen_id(digits) == digits
    except BadCitizenId:
        return False


@given(samples)
def test_a_sample_is_valid_by_the_written_rule_and_nobodys(digits):
    assert int(digits[12]) == (11 - weighted_sum(digits)) % 10
    assert digits[1:3] == "99"
    assert is_accepted(digits)


@given(samples)
def test_an_id_is_read_however_it_is_written(digits):
    for text in (format_citizen_id(digits), to_thai_digits(format_citizen_id(digits)), f" {digits[:5]} {digits[5:]} "):
        assert parse_citizen_id(text) == digits


@given(samples, st.integers(0, 9))
def test_a_wrong_check_digit_is_always_refused(digits, last):
    assert is_accepted(digits[:12] + str(last)) == (str(last) == digits[12])


@given(samples, st.integers(0, 11), st.integers(1, 9))
def test_one_changed_digit_is_refused_wherever_the_rule_can_tell(digits, place, change):
    changed = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]

    # The rule itself is blind in two places: the third digit weighs 11, and the sums 0 and 10 have one check digit.
    is_blind = place == 2 or {weighted_sum(digits), weighted_sum(changed)} == {0, 10}

    assert is_accepted(changed) == is_blind


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "not_digits", {}),
        ("1 9901 2345X 78 4", "not_digits", {}),
        ("199012345678", "wrong_length", {"length": 12}),
        ("19901234567844", "wrong_length", {"length": 14}),
        ("1990123456780", "wrong_check_digit", {}),
    ],
)
def test_a_wrong_id_is_refused_with_its_reason(text, code, values):
    with pytest.raises(BadCitizenId) as refused:
        parse_citizen_id(text)

    assert (refused.value.code, refused.value.values) == (code, values)


def test_an_id_that_begins_with_zero_is_somebodys():
    assert parse_citizen_id("0-1234-56789-01-6") == "0123456789016"


def test_a_masked_id_shows_three_digits():
    assert mask_citizen_id("1234567890123") == "x-xxxx-xxxxx-12-3"
    assert mask_citizen_id("") == ""


def test_samples_have_an_end():
    with pytest.raises(ValueError, match="999,999,999"):
        sample_citizen_id(1_000_000_000)
