"""The numbers that the demo's schools report: what each kind of school teaches, and how a year follows on another.

Pure, and the same at every run with the same source of chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from models.assessment.counts import MOST

Numbers = dict[str, dict[int, int]]
"""Curriculum -> branch -> students."""

INDUSTRY, TRADE, BUSINESS, ARTS = "อุตสาหกรรม", "พาณิชยกรรม", "บริหารธุรกิจ", "ศิลปกรรม"
HOME, FARMING, FISHING, TOURISM = "คหกรรม", "เกษตรกรรม", "ประมง", "อุตสาหกรรมท่องเที่ยว"
TEXTILES, COMPUTING = "อุตสาหกรรมสิ่งทอ", "เทคโนโลยีสารสนเทศและการสื่อสาร"

OFFICE = {TRADE: 4, BUSINESS: 4, COMPUTING: 1}
TAUGHT: Mapping[str, Mapping[str, int]] = {
    "62": {INDUSTRY: 16, **OFFICE, TOURISM: 1},
    "63": {TRADE: 5, BUSINESS: 5, COMPUTING: 2, HOME: 5, ARTS: 4, TOURISM: 2, TEXTILES: 1},
    "64": {INDUSTRY: 7, **OFFICE},
    "65": {FARMING: 6, FISHING: 1, TRADE: 2, BUSINESS: 2, INDUSTRY: 2},
    "66": {INDUSTRY: 4, TRADE: 2, BUSINESS: 2, HOME: 2, ARTS: 1},
    "67": {TRADE: 7, BUSINESS: 7, COMPUTING: 3, TOURISM: 2},
    "71": {INDUSTRY: 3, TRADE: 3, BUSINESS: 3, COMPUTING: 2, TOURISM: 1},
}
"""The digits of a school's kind in its code -> programme type -> branches that such a school has about."""

# The curricula in force, and those of the students left over, beside each other (spec: assessment.md 3).
IN_FORCE: Mapping[str, str] = {"pvc2562": "pvc2556", "pvs2563": "pvs2557"}


@dataclass(frozen=True)
class Place:
    """A branch of the catalogue, as far as the demo looks at it."""

    id: int
    programme: str


def kind_of(code: str) -> str:
    """The digits of a school's code that say of which kind it is."""
    return code[6:8]


def of_a_school(random: Random, code: str, branches: Mapping[str, Sequence[Place]], *, size: float = 1.0) -> Numbers:
    """A school's numbers in its first year; `size`: how large it is beside others of its kind."""
    found: Numbers = {}
    for curriculum, leftover in IN_FORCE.items():
        chosen = _chosen(random, TAUGHT[kind_of(code)], branches[curriculum], size)
        # Private schools often have one of the two levels alone.
        if not chosen or (kind_of(code) == "71" and random.random() < 0.2):
            continue
        found[curriculum] = {place.id: _students(random, size) for place in chosen}
        if random.random() < 0.3:
            programmes = {place.programme for place in chosen}
            fitting = [place for place in branches[leftover] if place.programme in programmes]
            few = random.sample(fitting, min(len(fitting), random.randint(1, 4)))
            found[leftover] = {place.id: random.randint(1, 6) for place in few}
    return found


def a_year_later(random: Random, before: Numbers) -> Numbers:
    """The same school's numbers a year after: most much alike, some not, now and then one that calls for a question."""
    return {curriculum: counts for curriculum in before if (counts := _later(random, before[curriculum]))}


def _chosen(random: Random, taught: Mapping[str, int], places: Sequence[Place], size: float) -> list[Place]:
    chosen: list[Place] = []
    for programme, about in taught.items():
        fitting = [place for place in places if place.programme == programme]
        how_many = round(about * size * random.uniform(0.6, 1.3))
        chosen += random.sample(fitting, min(len(fitting), how_many))
    return chosen


def _students(random: Random, size: float) -> int:
    return min(MOST, max(3, round(random.lognormvariate(3.0, 0.6) * size)))


def _later(random: Random, before: Mapping[int, int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for branch, students in before.items():
        lot = random.random()
        if lot < 0.03:  # no longer taught, or forgotten
            continue
        if lot < 0.05:
            times = random.uniform(2.1, 3.4)
        else:
            times = random.uniform(0.3, 0.5) if lot < 0.065 else random.uniform(0.8, 1.2)
        counts[branch] = min(MOST, max(1, round(students * times)))
    return counts
