"""Baht: read from what people type, written with separators and in words. Always Decimal, never float."""

import re
from decimal import ROUND_HALF_UP, Decimal

from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits

MAX_MONEY = Decimal("999999999.99")
"""The largest amount a field takes (baht). spec: fund.md 4, "Lengths"."""

_SATANG = Decimal("0.01")
_AMOUNT = re.compile(r"(?P<baht>\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)?(?:\.(?P<satang>\d*))?")
_SEPARATORS = {ord(","): None, ord(" "): None}
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\uff0d": "-", "\uff0c": ",", "\uff0e": "."})


class BadMoney(BadValue):
    """A text that is no amount. Codes: not_a_number, misplaced_comma, negative, too_many_decimals, too_large."""


def parse_money(text: str) -> Decimal:
    """Return the baht written in `text`, with two decimals. Raises BadMoney.

    Reads commas or spaces between thousands, Thai digits, a leading ฿ or a trailing บาท; up to MAX_MONEY.
    """
    text = to_ascii_digits(clean_line(text)).translate(_SIGNS)
    text = text.removeprefix("฿").removesuffix("บาท").strip()
    negative = text.startswith("-")
    match = _AMOUNT.fullmatch(text.removeprefix("-").lstrip())
    if not match or not (match["baht"] or match["satang"]):
        is_only_commas = re.fullmatch(r"-?[\d,]+(?:\.\d*)?", text) and any(c.isdecimal() for c in text)
        raise BadMoney("misplaced_comma" if is_only_commas else "not_a_number")
    satang = (match["satang"] or "").rstrip("0")
    amount = Decimal(f"{(match['baht'] or '0').translate(_SEPARATORS)}.{satang or '0'}")
    if negative and amount:
        raise BadMoney("negative")
    if len(satang) > 2:
        raise BadMoney("too_many_decimals")
    if amount > MAX_MONEY:
        raise BadMoney("too_large")
    return amount.quantize(_SATANG)


def format_money(amount: Decimal) -> str:
    """Return baht with thousands separators and two decimals, without a unit: "1,284,600.00"."""
    return f"{amount.quantize(_SATANG, ROUND_HALF_UP):,f}"


# --- In words --------------------------------------------------------------------------------------------------------

_DIGITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")


def baht_text(amount: Decimal) -> str:
    """Return baht in Thai words: "หนึ่งร้อยเอ็ดบาทถ้วน", "สิบเอ็ดบาทยี่สิบห้าสตางค์".

    Exact for any size; fractions of a satang round half up. Raises ValueError for a negative amount, which no Thai
    document states in words.
    """
    satang_in_all = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if satang_in_all < 0:
        raise ValueError("a negative amount has no words")
    baht, satang = divmod(satang_in_all, 100)
    if not satang:
        return f"{_integer_words(baht) or 'ศูนย์'}บาทถ้วน"
    return f"{_integer_words(baht) + 'บาท' if baht else ''}{_integer_words(satang)}สตางค์"


def _integer_words(number: int) -> str:
    millions, rest = divmod(number, 1_000_000)
    words = f"{_integer_words(millions)}ล้าน" if millions else ""
    for place in range(5, -1, -1):
        digit = rest // 10**place % 10
        if not digit:
            continue
        if place == 0 and digit == 1 and number > 1:
            words += "เอ็ด"  # The last one of a larger number, after ล้าน too.
        elif place == 1:
            words += {1: "", 2: "ยี่"}.get(digit, _DIGITS[digit]) + "สิบ"
        else:
            words += _DIGITS[digit] + _PLACES[place]
    return words
