"""How many students of each branch are to be assessed: what was typed, what two people made of it, what it comes to.

Pure: a count is a whole number of students by the branch's number; a branch that is not there has none
(spec: assessment.md 4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from models.core.thai.text import to_ascii_digits

LEAST, MOST = 1, 9_999
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")

Counts = Mapping[int, int]
"""Branch -> students, 1 to 9,999; no branch with none."""


@dataclass(frozen=True)
class Typed:
    """What a row of the page says: whether its branch is ticked, and what stands in its field."""

    ticked: bool
    number: str


@dataclass(frozen=True)
class Read:
    """The rows that say a number, and what is wrong with the others: branch -> code."""

    counts: dict[int, int]
    wrong: dict[int, str]


def read(rows: Mapping[int, Typed]) -> Read:
    """The counts that rows say. Codes of wrong ones: no_number, no_tick, not_whole, out_of_range."""
    counts: dict[int, int] = {}
    wrong: dict[int, str] = {}
    for branch, row in rows.items():
        said = to_ascii_digits(row.number).strip()
        if _GROUPED.fullmatch(said):  # a comma elsewhere is a point, or a slip: 2,5 is not 25
            said = said.replace(",", "")
        if not said and not row.ticked:
            continue
        if code := _fault(said, row.ticked):
            wrong[branch] = code
        else:
            counts[branch] = int(said)
    return Read(counts, wrong)


def _fault(said: str, ticked: bool) -> str | None:
    if not said:
        return "no_number"
    if not (said.isascii() and said.isdigit()):
        return "not_whole"
    # Its length first: a number of a thousand digits is not worth reading.
    if len(said.lstrip("0")) > len(str(MOST)) or not LEAST <= int(said) <= MOST:
        return "out_of_range"
    return None if ticked else "no_tick"


@dataclass(frozen=True)
class Clash:
    """A branch of which two people said different numbers since both read it: before, mine, theirs; 0 is none."""

    branch: int
    before: int
    mine: int
    theirs: int


@dataclass(frozen=True)
class Merged:
    """What comes of two people's saves: the counts, what was taken over from the other, where they clash."""

    counts: dict[int, int]
    taken: dict[int, int] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()


def merged(before: Counts, mine: Counts, theirs: Counts) -> Merged:
    """What I made of `before`, put upon what somebody saved in the meantime.

    A branch that only one of us changed is as that one said. One that both changed alike is so; one that both changed
    differently is a clash, and stands as theirs until I have seen it: nothing saved is overwritten unseen.
    """
    counts: dict[int, int] = {}
    taken: dict[int, int] = {}
    clashes = []
    for branch in sorted({*before, *mine, *theirs}):
        was, own, other = (one.get(branch, 0) for one in (before, mine, theirs))
        value = own if other == was else other
        if other != was and own == was:
            taken[branch] = other
        elif other not in (was, own):
            clashes.append(Clash(branch, was, own, other))
        if value:
            counts[branch] = value
    return Merged(counts, taken, tuple(clashes))


def total(counts: Counts) -> int:
    """All students together."""
    return sum(counts.values())


def totals(counts: Counts, place: Callable[[int], Hashable]) -> dict[Hashable, int]:
    """Students by the place of each branch: its subject field, its programme type, its curriculum."""
    found: dict[Hashable, int] = {}
    for branch, students in counts.items():
        where = place(branch)
        found[where] = found.get(where, 0) + students
    return found


def summed(several: Iterable[Counts]) -> dict[int, int]:
    """The counts of several registrations together, branch by branch; beyond the bounds of one, as sums are."""
    found: dict[int, int] = {}
    for counts in several:
        for branch, students in counts.items():
            found[branch] = found.get(branch, 0) + students
    return found


UNUSUAL_FROM = 20
"""Students below which a change of number is not worth a question."""


def is_unusual(before: int, now: int) -> bool:
    """Whether a number doubled or vanished since last year (spec: assessment.md 7)."""
    if max(before, now) < UNUSUAL_FROM:
        return False
    return now == 0 or before == 0 or now >= 2 * before or before >= 2 * now
