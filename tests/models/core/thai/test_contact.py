"""Telephone numbers, e-mail addresses, coordinates."""

from decimal import Decimal

import pytest

from models.core.thai.email import BadEmail, parse_email
from models.core.thai.phone import BadPhone, format_phone, parse_phone
from models.core.thai.place import BadCoordinate, parse_latitude, parse_longitude


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("081 555 1234", "0815551234"),
        ("๐๘๑-๕๕๕-๑๒๓๔", "0815551234"),
        ("+66 81 555 1234", "0815551234"),
        ("+66 (0)81 555 1234", "0815551234"),
        ("(02) 123-4567", "021234567"),
        ("043 555 120 ต่อ 101", "043555120#101"),
        ("02.123.4567 ext. 9", "021234567#9"),
        ("1579", "1579"),
    ],
)
def test_a_phone_is_read_however_it_is_written(text, stored):
    assert parse_phone(text) == stored


@pytest.mark.parametrize("stored", ["0815551234", "021234567", "043555120#101", "1579"])
@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_written_phone_is_read_back(stored, lang):
    assert parse_phone(format_phone(stored, lang)) == stored


def test_a_phone_is_written_in_groups():
    assert format_phone("0815551234") == "081-555-1234"
    assert format_phone("021234567") == "02-123-4567"
    assert format_phone("043555120#101") == "043-555-120 ต่อ 101"
    assert format_phone("053-123456") == "053-123456", "written before numbers were read"


@pytest.mark.parametrize(
    ("text", "mobile", "code", "values"),
    [
        ("โทรมา", False, "not_a_phone", {}),
        ("โทรมา", True, "not_mobile", {}),
        ("081 555 12", True, "too_short", {"length": 8, "expected": 10}),
        ("081 555 12345", True, "too_long", {"length": 11, "expected": 10}),
        ("081 555 12", False, "too_short", {"length": 8, "expected": 10}),
        ("02 123 456", False, "too_short", {"length": 8, "expected": 9}),
        ("012345678", False, "unknown_prefix", {}),
        ("0712345678", True, "not_mobile", {}),
        ("021234567", True, "not_mobile", {}),
        ("0815551234 ต่อ 1", True, "not_mobile", {}),
    ],
)
def test_a_wrong_phone_is_refused_with_its_reason(text, mobile, code, values):
    with pytest.raises(BadPhone) as refused:
        parse_phone(text, mobile=mobile)

    assert (refused.value.code, refused.value.values) == (code, values)


def test_a_mobile_number_can_receive_an_sms():
    assert parse_phone("091-234-5678", mobile=True) == "0912345678"


def test_an_email_is_stored_in_lower_case():
    assert parse_email(" Somchai@Example.COM\u200b") == "somchai@example.com"


@pytest.mark.parametrize("text", ["", "somchai", "a@b", "a b@example.com", "somchai@school.invalid", "@example.com"])
def test_a_wrong_email_is_refused(text):
    with pytest.raises(BadEmail):
        parse_email(text)


def test_coordinates_are_read_to_six_decimals():
    assert parse_latitude("๑๓.๗๕๖๓๓๐๙๙") == Decimal("13.756331")
    assert parse_longitude(" -100.5° ") == Decimal("-100.500000")


@pytest.mark.parametrize(
    ("text", "code"),
    [("13.7563, 100.5018", "a_pair"), ("เหนือ", "not_a_number"), ("nan", "not_a_number"), ("90.1", "out_of_range")],
)
def test_a_wrong_latitude_is_refused_with_its_reason(text, code):
    with pytest.raises(BadCoordinate) as refused:
        parse_latitude(text)

    assert refused.value.code == code
    assert refused.value.values == ({"limit": 90} if code == "out_of_range" else {})


def test_a_longitude_reaches_further_than_a_latitude():
    assert parse_longitude("180") == 180
    with pytest.raises(BadCoordinate):
        parse_longitude("180.1")
