"""Cleaning, digits, dictionary order, search text, masks."""

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.thai.text import (
    SEARCH_TERM_LENGTH,
    SORT_KEY_LENGTH,
    clean,
    clean_block,
    clean_line,
    mask_email,
    mask_phone,
    search_term,
    search_text,
    sort_key,
    to_ascii_digits,
    to_thai_digits,
)

thai_text = st.text(
    st.one_of(
        st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B),
        st.sampled_from("aZ é09 \t\r\n.-\u200b\ufeff\u00a0\uf70a\uf712\u2028\u0301"),
        st.characters(),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("กํา", "กำ"),
        ("กํ้า", "ก้ำ"),
        ("ก้ํา", "ก้ำ"),
        ("กำ้", "ก้ำ"),
        ("ท\u0e48\u0e35", "ที่"),
        ("สิทธ\u0e4c\u0e34", "สิทธิ์"),
        ("ร\u0e49\u0e39", "รู้"),
        ("เเม่", "แม่"),
        ("ก\u200bข\ufeffค\u2060ง\u00ad\u202e", "กขคง"),
        ("ก\x00\x07ข", "กข"),
        ("หนึ่ง\r\nสอง\rสาม\u2028สี่", "หนึ่ง\nสอง\nสาม\nสี่"),
        ("ก  \nข\t \n  ค ", "ก\nข\n  ค"),
        ("ก\tข", "ก\tข"),
        ("ก\u00a0ข\u3000ค", "ก ข ค"),
        ("ท\uf702\uf70a", "ที่"),
        ("e\u0301", "é"),
        ("๒๕๖๙", "๒๕๖๙"),
    ],
)
def test_clean_makes_texts_that_look_alike_the_same(typed, stored):
    assert clean(typed) == stored


@given(thai_text)
def test_clean_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(thai_text)
def test_clean_text_is_nfc_and_can_be_stored(text):
    cleaned = clean(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


def test_a_line_loses_its_line_ends_and_the_space_around_it():
    assert clean_line(" โรงเรียน \r\n  บ้านหนองไผ่ ") == "โรงเรียน บ้านหนองไผ่"


def test_a_block_keeps_paragraphs_and_the_first_indent():
    assert clean_block("\r\n \n   ย่อหน้าแรก\r\n\r\nย่อหน้าสอง\n \n") == "   ย่อหน้าแรก\n\nย่อหน้าสอง"


@pytest.mark.parametrize("typed", ["๒๕๖๙", "２５６９", "2569", "٢٥٦٩"])
def test_digits_of_every_script_become_ascii(typed):
    assert to_ascii_digits(typed) == "2569"


def test_ascii_digits_leave_sara_am_in_one_piece():
    assert to_ascii_digits("ลำดับ ๑") == "ลำดับ 1"


@given(st.from_regex(r"[0-9]{0,20}", fullmatch=True))
def test_digits_come_back_from_thai(digits):
    assert to_ascii_digits(to_thai_digits(digits)) == digits


DICTIONARY = [
    # Headwords in the order of the Royal Society dictionary.
    ["ก", "ก็", "กก", "ก๊ก", "กง", "ก่ง", "ก้ง", "ก๊ง", "กงการ", "กงเต๊ก", "กฎ", "กฎหมาย", "กรรม", "กรรม์", "กรอบ", "กระ"],
    ["กะ", "กะหรี่", "กัก", "กั๊ก", "กัน", "กา", "ก่า", "ก้า", "กาก", "กำ", "ก่ำ", "ก้ำ", "กิ", "กี่", "กึก", "กือ", "กุ", "กู", "กู้"],
    ["เกง", "เก็ง", "เก่ง", "เก้ง", "เก๋ง", "เกม", "แก", "แก่", "แก้", "โก", "โก้", "ใกล้", "ไก", "ไก่", "ขกล้อม"],
    ["ร", "รวย", "รอ", "ฤกษ์", "ฤดู", "ล", "ลา", "ว"],
    ["สวน", "ส้วม", "สอ", "เสา", "แสง", "ห", "หนังสือ", "อ", "ฮ"],
    ["แก้ว", "ขวด", "ไข่", "คน", "เชียงราย", "เชียงใหม่", "ตรัง", "แพร่", "ภูเก็ต", "มหาสารคาม", "แม่ฮ่องสอน", "ยโสธร"],
    ["กรุงเทพ", "กรุงเทพฯ", "กรุงเทพมหานคร"],
    ["Apple", "banana", "Éclair", "zebra", "ก"],
    ["โรงเรียนที่ 2", "โรงเรียนที่ 9", "โรงเรียนที่ ๑๐", "โรงเรียนที่ 100", "โรงเรียนที่ก"],
    ["007", "8", "31", "ก"],
]


@pytest.mark.parametrize("words", DICTIONARY)
def test_sort_keys_stand_in_the_order_of_the_dictionary(words):
    keys = [sort_key(word) for word in words]

    assert sorted(keys) == keys
    assert len(set(keys)) == len(keys)


def test_ka_comes_before_ke():
    assert sort_key("กา") < sort_key("เก")


def test_tone_marks_decide_only_between_the_same_letters():
    assert sort_key("ก้า") < sort_key("กาก")


def test_an_unmarked_word_comes_first_by_its_earliest_difference():
    assert sort_key("กากา") < sort_key("กาก่า") < sort_key("ก่ากา") < sort_key("ก่าก่า")


@pytest.mark.parametrize("same", ["กขค", "ก ข ค", "ก-ขค", "\u200bกขค.", "(กขค)"])
def test_spaces_and_punctuation_do_not_count(same):
    assert sort_key(same) == sort_key("กขค")


def test_case_does_not_count():
    assert sort_key("SALA ศาลา") == sort_key("sala ศาลา")


@given(st.integers(0, 10**18), st.integers(0, 10**18))
def test_numbers_sort_by_value(a, b):
    assert (sort_key(f"ที่ {a}") < sort_key(f"ที่ {b}")) == (a < b)


@given(st.lists(thai_text, min_size=2, max_size=6))
def test_sort_keys_sort_on_sqlite_as_in_python(texts):
    keys = [sort_key(text) for text in texts]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (k TEXT)")
    connection.executemany("INSERT INTO t VALUES (?)", [(key,) for key in keys])

    stored = [row[0] for row in connection.execute("SELECT k FROM t ORDER BY k")]
    connection.close()

    assert stored == sorted(keys) == sorted(keys, key=lambda key: key.encode("utf-8"))


@given(st.text(max_size=1000))
def test_a_sort_key_fits_its_column(text):
    assert len(sort_key(text)) <= SORT_KEY_LENGTH


def test_a_long_marked_text_keeps_its_letters_in_the_key():
    assert len(sort_key("ก้" * 500)) == SORT_KEY_LENGTH


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("น้ำ", "น้ํา"),
        ("ครั้งที่ ๓/๒๕๖๙", "ครั้งที่ 3/2569"),
        ("โครงการ\u200bพัฒนา", "โครงการพัฒนา"),
        ("Sala  FUND", "sala fund"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_what_differs_only_in_writing_is_found(written, typed):
    assert search_term(typed) in search_text(written)


def test_search_keeps_tone_marks():
    assert search_term("ไกล") not in search_text("ไก่ ใกล้")


@given(thai_text)
def test_search_text_of_search_text_is_itself(text):
    assert search_text(search_text(text)) == search_text(text)


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u200b"])
def test_nothing_typed_is_no_term(nothing):
    assert search_term(nothing) == ""


def test_a_term_is_bounded():
    assert len(search_term("ก" * 5000)) == SEARCH_TERM_LENGTH


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("0819991613", "xxx-xxx-1613"),
        ("๐๘๑-๙๙๙-๑๖๑๓", "xxx-xxx-1613"),
        ("043555120", "xx-xxx-5120"),
        ("021234567#1019", "xx-xxx-4567"),
        ("1579", "xxx-xxxx"),
        ("", "xxx-xxxx"),
    ],
)
def test_a_masked_phone_shows_its_last_four_digits(phone, masked):
    assert mask_phone(phone) == masked


def test_a_masked_email_shows_one_letter_and_the_domain():
    assert mask_email("somchai@example.com") == "s***@example.com"
    assert mask_email("nonsense") == "***"


@pytest.mark.parametrize("piece", [" ", "\u0e33", "\u0e4d\u0e48", "\u0e40", "\u0e33\u0e48", "\u200b", "\u0e48\u0e34"])
def test_cleaning_needs_few_passes_however_odd_the_text(piece, monkeypatch):
    from models.core.thai import text as module

    passes = []
    arrange = module._arrange
    monkeypatch.setattr(module, "_arrange", lambda text: passes.append(1) or arrange(text))

    clean(piece * 2000 + "\u0e48\u0e32")

    assert len(passes) <= 5
