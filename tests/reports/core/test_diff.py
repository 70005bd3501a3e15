"""Two texts compared word by word: nothing is lost, Thai words stay whole, the longest texts are bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.core import diff
from reports.core.diff import GONE, NEW, SAME, Piece, shortened, word_diff

_texts = st.lists(st.sampled_from(["โรงเรียน", "ครู", "เด็ก", " ", "\n", "อ่านออก", "2569 ", "braille "]), max_size=30).map(
    "".join
)


@settings(deadline=None)  # the dictionary is read at the first word
@given(_texts, _texts)
def test_the_pieces_give_both_texts_back(old, new):
    before, after = word_diff(old, new)

    assert "".join(piece.text for piece in before) == old
    assert "".join(piece.text for piece in after) == new
    assert {piece.did for piece in before} <= {SAME, GONE}
    assert {piece.did for piece in after} <= {SAME, NEW}


@settings(deadline=None)
@given(_texts)
def test_a_text_does_not_differ_from_itself(text):
    before, after = word_diff(text, text)

    assert all(piece.did == SAME for piece in (*before, *after))


def test_a_changed_thai_word_is_marked_as_a_word():
    before, after = word_diff("อบรมครูในโรงเรียนขนาดเล็ก", "อบรมผู้ปกครองในโรงเรียนขนาดเล็ก")

    assert Piece(GONE, "ครู") in before
    assert Piece(NEW, "ผู้ปกครอง") in after
    assert before[-1].did == SAME


def test_a_paragraph_put_between_two_leaves_them_alone():
    before, after = word_diff("ย่อหน้าแรก\nย่อหน้าท้าย", "ย่อหน้าแรก\nย่อหน้าใหม่ทั้งหมด\nย่อหน้าท้าย")

    assert [piece.did for piece in before] == [SAME]
    assert [piece.text for piece in after if piece.did == NEW] == ["ย่อหน้าใหม่ทั้งหมด\n"]


def test_a_text_written_anew_is_told_as_one_piece():
    before, after = word_diff("เด็กอ่านหนังสือ", "braille printers arrive tomorrow")

    assert [piece.did for piece in before] == [GONE]
    assert [piece.did for piece in after] == [NEW]


@pytest.mark.parametrize("same", [True, False])
def test_no_search_goes_beyond_its_bound(monkeypatch, same):
    """20,000 characters with every word another: the search ends at the bound instead of squaring the words."""
    monkeypatch.setattr(diff, "LEAST_SHARED", 0)
    steps: list[int] = []

    class Counted(list[str]):
        def __getitem__(self, key):
            steps.append(1)
            return super().__getitem__(key)

    old = Counted(f"ก{n}" for n in range(5_000))
    new = Counted(f"ก{n if same and n % 3 else -n}" for n in range(5_000, 0, -1))

    list(diff._blocks(old, new))

    assert len(steps) < 50 * diff.MOST_EDITS * diff.MOST_EDITS


def test_what_stays_the_same_is_cut_to_what_stands_beside_a_change():
    sentence = "โรงเรียนจัดการเรียนการสอนสำหรับผู้เรียนที่มีความบกพร่องทางการเห็น "
    before, after = word_diff(sentence * 40 + "ครู", sentence * 40 + "ผู้ปกครอง")

    short = shortened(after)

    assert short[-1] == Piece(NEW, "ผู้ปกครอง")
    assert "…" in short[0].text
    assert len(short[0].text) < 200
    assert shortened(before[-1:]) == before[-1:]
