"""How like two names of organizations are, that may be one entered twice (spec: fund.md 3; assessment.md 6.4)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from models.core.thai.text import search_text

# What kind of body it is says little about which one; the longest first, so that it is taken whole.
KINDS_OF_BODY: Final = (
    "ศูนย์การศึกษาพิเศษ",
    "ศูนย์การเรียนรู้",
    "โรงเรียนศึกษาพิเศษ",
    "องค์กรสาธารณประโยชน์",
    "มหาวิทยาลัย",
    "วิทยาลัย",
    "โรงเรียน",
    "มูลนิธิ",
    "สมาคม",
    "ชมรม",
    "สถาบัน",
    "ศูนย์",
    "รร.",
)
ENOUGH: Final = 0.7
"""Likeness from which two names are worth a look."""
OTHER_KIND: Final = 0.85
"""What is left of the likeness where one is a school, say, and the other a foundation."""
_LETTERS = re.compile(r"[^0-9a-z\u0e01-\u0e3a\u0e40-\u0e4e]+")
_TONES = re.compile("[\u0e47-\u0e4e]")


class Name(NamedTuple):
    """A name taken apart: what kind of body, the numbers in it, and the rest as overlapping threes of letters."""

    kind: str
    numbers: tuple[str, ...]
    threes: frozenset[str]


def take_apart(name: str) -> Name:
    """The parts of a name that are compared: once for each name, where many are."""
    text = search_text(name)
    kind = next((word for word in KINDS_OF_BODY if text.startswith(word)), "")
    rest = _TONES.sub("", _LETTERS.sub("", text.removeprefix(kind) or text))
    numbers = tuple(str(int(digits)) for digits in re.findall("[0-9]+", rest))
    framed = f"^{rest}$"
    return Name(
        "โรงเรียน" if kind == "รร." else kind, numbers, frozenset(framed[i : i + 3] for i in range(len(framed) - 2))
    )


def likeness(one: str, other: str) -> float:
    """How like two names are, 0 to 1; tone marks, spaces and signs do not count, other numbers make other places."""
    return likeness_of(take_apart(one), take_apart(other))


def likeness_of(one: Name, other: Name) -> float:
    """The same of names that were taken apart."""
    if one.numbers != other.numbers or not one.threes or not other.threes:
        return 0.0
    score = 2 * len(one.threes & other.threes) / (len(one.threes) + len(other.threes))
    return score if one.kind == other.kind else score * OTHER_KIND
