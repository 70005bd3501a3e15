"""The packed dictionary finds what PyThaiNLP's own tree finds, in much less memory."""

from __future__ import annotations

import tracemalloc

from hypothesis import example, given
from hypothesis import strategies as st
from pythainlp.corpus import thai_words
from pythainlp.util import Trie

from reports.core.words import _dictionary
from reports.core.wordtree import WordTree

LETTERS = st.text("กขาี่ a", max_size=6)


@given(words=st.lists(LETTERS, max_size=30), text=st.text("กขาี่ aฮ", max_size=20))
@example(words=["กา", "ก", "กา", " กา ", "", "  "], text="กาก")
@example(words=[], text="กา")
def test_it_finds_the_words_that_a_text_goes_on_with(words, text):
    packed, plain = WordTree(words), Trie(word for word in words if word.strip())

    assert [packed.prefixes(text, start) for start in range(len(text) + 1)] == [
        plain.prefixes(text, start) for start in range(len(text) + 1)
    ]
    assert set(packed) == set(plain)
    assert len(packed) == len(plain)
    assert all((word in packed) == (word in plain) for word in [text, "", *words] if word == word.strip() and word)


def test_the_dictionary_has_every_word_of_pythainlp_and_our_own():
    tree, own = _dictionary()

    assert set(tree) == {word.strip() for word in thai_words()} | own.keys()
    assert len(own) > 50


def test_it_takes_little_memory():
    words = [f"{a}{b}{c}" for a in thai_words() if len(a) == 3 for b in "กขค" for c in "งจฉ"]
    tracemalloc.start()
    try:
        tree = WordTree(words)
        kept, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < 40 * len(tree)
