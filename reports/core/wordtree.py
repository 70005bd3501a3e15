"""A dictionary of words packed into three arrays, for the question of which of them begin at a place of a text.

PyThaiNLP's own tree is an object and a dictionary per letter: 70 MB for its 62,000 words, in every process that prints.
This one is some 1.5 MB, and newmm, which asks for `prefixes` alone, cannot tell them apart.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator


class WordTree:
    """A tree of letters, never changed once it is made.

    Node n is reached by the letter `_letters[n]`; its children are the nodes from `_first[n]` up to `_first[n + 1]`,
    for nodes are numbered level by level. So the step to a child is one search within a string.
    """

    __slots__ = ("_count", "_first", "_is_end", "_letters")

    def __init__(self, words: Iterable[str]) -> None:
        """Pack `words`; white space around a word is not part of it, and an empty one is none."""
        known = sorted({word for given in words if (word := given.strip())})
        letters = ["\0"]  # the root's, which nothing leads to
        first, is_end = array("I"), bytearray()
        level, depth = [(0, len(known))], 0
        while level:
            below = []
            for start, stop in level:
                is_word = start < stop and len(known[start]) == depth
                is_end.append(is_word)
                first.append(len(letters))
                at = start + is_word  # the word that ends here stands before those that go on
                while at < stop:
                    letter, begun = known[at][depth], at
                    while at < stop and known[at][depth] == letter:
                        at += 1
                    letters.append(letter)
                    below.append((begun, at))
            level, depth = below, depth + 1
        first.append(len(letters))
        self._letters, self._first, self._is_end, self._count = "".join(letters), first, bytes(is_end), len(known)

    def prefixes(self, text: str, start: int = 0) -> list[str]:
        """The words that `text` goes on with from `start`, the shortest first."""
        find, first, is_end = self._letters.find, self._first, self._is_end
        found, node = [], 0
        for end in range(start, len(text)):
            node = find(text[end], first[node], first[node + 1])
            if node < 0:
                break
            if is_end[node]:
                found.append(text[start : end + 1])
        return found

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and bool(word) and word in self.prefixes(word)

    def __iter__(self) -> Iterator[str]:
        return self._below(0, "")

    def _below(self, node: int, before: str) -> Iterator[str]:
        if self._is_end[node]:
            yield before
        for child in range(self._first[node], self._first[node + 1]):
            yield from self._below(child, before + self._letters[child])

    def __len__(self) -> int:
        return self._count
