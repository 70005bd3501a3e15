"""Where lines may end, held against prose divided by hand."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.core.words import clusters, units

PROSE = [
    line
    for line in (Path(__file__).parent / "prose.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
LEADING = "เแโใไ"


def boundaries(text: str) -> set[int]:
    """The offsets at which the units of `text` end, its own end left out."""
    ends, offset = set(), 0
    for unit in units(text):
        offset += len(unit)
        ends.add(offset)
    return ends - {len(text)}


def divides_a_cluster(text: str, offset: int) -> bool:
    """Whether a break at `offset` parts a mark or vowel from its consonant, told without the module's own rules."""
    before, after = text[offset - 1], text[offset]
    return unicodedata.category(after) == "Mn" or after in "ะาำๅ" or (before in LEADING and "ก" <= after <= "ฮ")


@pytest.mark.parametrize("line", PROSE, ids=range(len(PROSE)))
def test_lines_of_official_prose_end_only_between_words(line):
    allowed, offset = set(), 0
    for char in line:
        if char == "|":
            allowed.add(offset)
        else:
            offset += 1
            if char == " ":
                allowed.add(offset)
    text = line.replace("|", "")

    found = boundaries(text)

    assert {text[max(0, i - 8) : i] + "|" + text[i : i + 8] for i in found - allowed} == set()
    assert len(found) > 0.8 * len(allowed)  # breaking nowhere would pass the line above


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("พัฒนาการศึกษา", "พัฒนา|การศึกษา"),
        ("เด็กออทิสติก", "เด็ก|ออทิสติก"),
        ("ทางการเห็น", "ทาง|การเห็น"),
        ("ต่าง ๆ นานา", "ต่าง ๆ |นานา"),
        ("ปากกา ดินสอ ฯลฯ", "ปากกา |ดินสอ ฯลฯ"),
        ("ท่าน ฯพณฯ ท่าน", "ท่าน |ฯพณฯ |ท่าน"),
        ("ผล (ถ้ามี) ดี", "ผล |(ถ้า|มี) |ดี"),
        ('เรียกว่า"ผ่านแล้ว"จริง', 'เรียก|ว่า|"ผ่าน|แล้ว"|จริง'),
        ("“ผ่าน” และ ‘ตก’", "“ผ่าน” |และ |‘ตก’"),
        ("ได้ 50 % ของ", "ได้ |50 % |ของ"),
        ("เลขที่ 2569-0001", "เลขที่ |2569-0001"),
        ("และ/หรือ", "และ/|หรือ"),
        ("ที่ 15/2569", "ที่ |15/2569"),
        ("พ.ศ. 2569", "พ.ศ. |2569"),
        ("พ.ศ.\u00a02569 นี้", "พ.ศ.\u00a02569 |นี้"),
        ("10\u00a0คน", "10\u00a0คน"),
        ("ระบบSalaใหม่", "ระบบ|Sala|ใหม่"),
        ("Sala Online", "Sala |Online"),
        ("ราคา ฿500", "ราคา |฿500"),
        ("ก\u200bข", "ก\u200b|ข"),
        ("ข้อ1", "ข้อ1"),
        ("", ""),
        ("   ", "   "),
    ],
)
def test_units_follow_the_rules_of_thai_typesetting(text, expected):
    assert "|".join(units(text)) == expected


@pytest.mark.parametrize("text", ["ป้ญูที่น้ำ", "เก้าอี้", "ฤๅษี", "เ", "่", "ก็", "กำ้"])
def test_clusters_give_the_text_back(text):
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ที่", ["ที่"]), ("น้ำ", ["น้ำ"]), ("เก้าอี้", ["เก้า", "อี้"]), ("abก", ["a", "b", "ก"]), ("e\u0301", ["e\u0301"])],
)
def test_clusters_are_what_a_reader_takes_for_one_letter(text, expected):
    assert clusters(text) == expected


THAI_TEXT = st.text(
    st.one_of(
        st.characters(min_codepoint=0x0E01, max_codepoint=0x0E3A),
        st.characters(min_codepoint=0x0E3F, max_codepoint=0x0E5B),
        st.sampled_from(" \u00a0\u200b\u2060()[]“”\"'.,:/-%abcXYZ0129\ufffcé漢😀\n"),
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(THAI_TEXT)
@example("ๆๆๆ ฯ")
@example('"" " "')
def test_units_join_back_and_never_part_a_cluster(text):
    assert "".join(units(text)) == text

    for offset in boundaries(text):
        if text[offset - 1] not in " \n\u200b\ufffc" and text[offset] != "\ufffc":
            assert not divides_a_cluster(text, offset), (text[:offset], text[offset:])


@settings(max_examples=200, deadline=None)
@given(THAI_TEXT)
def test_no_unit_begins_with_a_repetition_mark_or_ends_with_an_opening_one(text):
    for before, after in zip(units(text), units(text)[1:], strict=False):
        assert before.strip(" \n\u200b") == "" or not re.match("[ๆ)\\]”%,;:!?]", after), (before, after)
        assert not re.search("[(\\[“]$", before), (before, after)
