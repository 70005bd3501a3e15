"""Baht read, written and in words."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.thai.money import MAX_MONEY, BadMoney, baht_text, format_money, parse_money
from models.core.thai.text import to_thai_digits

amounts = st.decimals(0, MAX_MONEY, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,284,600.00", "1284600.00"),
        ("1284600", "1284600.00"),
        ("๑,๒๘๔,๖๐๐.๕๐", "1284600.50"),
        ("1 284 600", "1284600.00"),
        ("฿1,250", "1250.00"),
        ("1,250 บาท", "1250.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("12.500", "12.50"),
        ("007", "7.00"),
        ("999,999,999.99", "999999999.99"),
    ],
)
def test_money_is_read_however_it_is_written(text, amount):
    assert parse_money(text) == Decimal(amount)
    assert parse_money(text).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_number"),
        (".", "not_a_number"),
        ("หนึ่งร้อย", "not_a_number"),
        ("1e5", "not_a_number"),
        ("NaN", "not_a_number"),
        ("12 50", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("12,50", "misplaced_comma"),
        ("1,2,3", "misplaced_comma"),
        ("1,2345.00", "misplaced_comma"),
        ("-1", "negative"),
        ("\u22125,000", "negative"),
        ("0.001", "too_many_decimals"),
        ("1000000000", "too_large"),
        ("999999999.991", "too_many_decimals"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text, code):
    with pytest.raises(BadMoney) as refused:
        parse_money(text)

    assert refused.value.code == code


@given(amounts)
def test_written_money_is_read_back(amount):
    assert parse_money(format_money(amount)) == amount
    assert parse_money(to_thai_digits(format_money(amount))) == amount


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text):
    with suppress(BadMoney):
        assert 0 <= parse_money(text) <= MAX_MONEY


def test_money_is_written_with_separators_and_two_decimals():
    assert format_money(Decimal(1284600)) == "1,284,600.00"
    assert format_money(Decimal("0.005")) == "0.01"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "ศูนย์บาทถ้วน"),
        ("1", "หนึ่งบาทถ้วน"),
        ("10", "สิบบาทถ้วน"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("20", "ยี่สิบบาทถ้วน"),
        ("21", "ยี่สิบเอ็ดบาทถ้วน"),
        ("101", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("111", "หนึ่งร้อยสิบเอ็ดบาทถ้วน"),
        ("1000000", "หนึ่งล้านบาทถ้วน"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("21000000", "ยี่สิบเอ็ดล้านบาทถ้วน"),
        ("1284600", "หนึ่งล้านสองแสนแปดหมื่นสี่พันหกร้อยบาทถ้วน"),
        ("11.25", "สิบเอ็ดบาทยี่สิบห้าสตางค์"),
        ("0.50", "ห้าสิบสตางค์"),
        ("0.01", "หนึ่งสตางค์"),
        ("1.11", "หนึ่งบาทสิบเอ็ดสตางค์"),
        (
            "999999999.99",
            "เก้าร้อยเก้าสิบเก้าล้านเก้าแสนเก้าหมื่นเก้าพันเก้าร้อยเก้าสิบเก้าบาทเก้าสิบเก้าสตางค์",
        ),
        ("1000000000000", "หนึ่งล้านล้านบาทถ้วน"),
    ],
)
def test_baht_in_words(amount, words):
    assert baht_text(Decimal(amount)) == words


@given(st.tuples(amounts, amounts).filter(lambda pair: pair[0] != pair[1]))
def test_different_amounts_have_different_words(pair):
    assert baht_text(pair[0]) != baht_text(pair[1])


def test_a_negative_amount_has_no_words():
    with pytest.raises(ValueError, match="negative"):
        baht_text(Decimal(-1))
