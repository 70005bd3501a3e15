"""Where a line of Thai and English text may end.

Thai writes words without spaces, so a line may end between two words that only a dictionary can tell apart. A *unit*
is the smallest piece that a line break never divides: a word with the marks that belong to it, and the spaces after
it, which vanish when they fall at a line's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import chain
from typing import Any

from reports.core.wordtree import WordTree

#: What a picture or an inline box counts as among the characters of its line.
OBJECT = "\ufffc"
#: What vanishes at the end of a line: spaces, and U+200B, which offers a break and draws nothing.
SPACES = " \t\r\n\u200b"

_THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
_LEADING = "\u0e40-\u0e44"
#: Marks, and the vowels that stand after their consonant: no line begins with one.
_FOLLOWING = "\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0300-\u036f\u200c\u200d\ufe00-\ufe0f"

_TOKEN = re.compile(rf"(?P<space>[{SPACES}]+)|(?P<thai>[{_THAI}]+)|{OBJECT}|[^{SPACES}{_THAI}{OBJECT}]+")
_CLUSTER = re.compile(
    rf"(?:[{_LEADING}]*[^{_FOLLOWING}{_LEADING}]|[{_LEADING}]+)[{_FOLLOWING}]*|[{_FOLLOWING}]+", re.DOTALL
)
_LONE_CONSONANT = re.compile("[ก-ซญ-ฒด-ฮ][\u0e48-\u0e4c]?")  # ณ is a word of its own

_GLUE = "\u00a0\u202f\u2060\ufeff"
_CLOSING = ")]}»›”’,;:!?%ๆฯ°′″"
#: Never first on a line, where no space stands before them.
_NO_START = frozenset(_CLOSING + "./-–—'" + _GLUE)
#: Never first on a line even where a space does: "ต่าง ๆ", "50 %".
_NO_START_AFTER_SPACE = frozenset(_CLOSING + _GLUE)
#: Never last on a line: opening marks, and signs that belong to the figure or name after them.
_OPENING = frozenset("([{«‹“‘" + _GLUE)
_NO_END = _OPENING | frozenset("฿$€£#@.'")
_DIGITS = frozenset("0123456789๐๑๒๓๔๕๖๗๘๙")
#: A unit too long for any line is best divided after one of these, as browsers divide addresses.
SOFT_SPOTS = frozenset("/?&=.,:;-_+@%#")


def units(text: str) -> list[str]:
    """`text` in the pieces that a line break never divides; joined they give `text` back."""
    result: list[str] = []
    before = ""  # the last token that is not a space
    spaced = False
    quotes = 0
    for token, is_space in _tokens(text):
        if is_space:
            if result:
                result[-1] += token
            else:
                result.append(token)
            spaced = True
            continue
        glued = bool(before) and not (_may_break_at_space if spaced else _may_break)(before, token, quotes % 2 == 1)
        if glued:
            result[-1] += token
        else:
            result.append(token)
        before, spaced = token, False
        quotes += token.count('"')
    return result


def clusters(text: str) -> list[str]:
    """The grapheme clusters of `text`: what a reader takes for one letter, never divided in drawing or breaking."""
    return _CLUSTER.findall(text)


@lru_cache(maxsize=2_000)  # a paper of 16 pages has 550
def thai_words(run: str) -> tuple[str, ...]:
    """The words of one stretch of Thai letters, by dictionary; joined they give `run` back.

    A single consonant that no word claims is part of a name or of a misspelling: it stays with its neighbour.
    """
    from pythainlp.tokenize import newmm

    tree, own = _dictionary()
    words: list[str] = []
    for token in newmm.segment(run, custom_dict=tree, safe_mode=len(run) > 400):
        for word in own.get(token, (token,)):
            if words and (_belongs_to(words[-1], word) or _leads(words)):
                words[-1] += word
            else:
                words.append(word)
    return tuple(words)


@lru_cache(maxsize=1)
def _dictionary() -> tuple[Any, dict[str, tuple[str, ...]]]:
    """PyThaiNLP's words with our own terms, and how those terms may be divided.

    Built on first use. The words are read from their file, for PyThaiNLP would keep each of them once more.
    """
    own: dict[str, tuple[str, ...]] = {}
    for line in resources.files(__package__).joinpath("terms.txt").read_text("utf-8").splitlines():
        term = line.partition("#")[0].strip()
        if term:
            parts = tuple(term.split("|"))
            own["".join(parts)] = parts
    known = resources.files("pythainlp.corpus").joinpath("words_th.txt").read_text("utf-8-sig").splitlines()
    return WordTree(chain(known, own)), own


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Spaces, Thai words, objects, and stretches of anything else, each with whether it is a space."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "thai":
            for word in thai_words(match.group()):
                yield word, False
        else:
            yield match.group(), match.lastgroup == "space"


def _belongs_to(before: str, word: str) -> bool:
    """Whether a Thai word that the dictionary found is only the rest of the one before it."""
    if word[0] in "ฯๆ" and not word.startswith("ฯพณฯ"):
        return True
    return bool(_LONE_CONSONANT.fullmatch(word)) or not _between_clusters(before, word)


def _leads(words: list[str]) -> bool:
    """Whether the last of `words` is only the beginning of the next: การ, ความ and ผู้ make nouns, as "-tion" does."""
    return words[-1] in ("การ", "ความ", "ผู้") or (len(words) == 1 and bool(_LONE_CONSONANT.fullmatch(words[0])))


def _between_clusters(before: str, after: str) -> bool:
    return len(clusters(before[-1] + after[0])) == 2


def _may_break_at_space(before: str, after: str, quoted: bool) -> bool:
    """Whether a line may end at the spaces between two tokens; `quoted` says that a straight quote is open."""
    if before[-1] in _OPENING:
        return False
    if after[0] == '"':
        return not (quoted and after == '"')
    if after[0] == "." and after.strip("."):
        return False
    return after[0] not in _NO_START_AFTER_SPACE or after.startswith("ฯพณฯ")


def _may_break(before: str, after: str, quoted: bool) -> bool:
    """Whether a line may end between two tokens with no space between them."""
    last, first = before[-1], after[0]
    if first in _NO_START and not after.startswith("ฯพณฯ"):
        return False
    if last in _NO_END or (last == '"' and quoted) or (first == '"' and quoted):
        return False
    if OBJECT in (first, last):
        return True
    if first in _DIGITS:
        return False  # "ข้อ1", "2569-0001": whoever left out the space wants them together
    return _between_clusters(last, first)
