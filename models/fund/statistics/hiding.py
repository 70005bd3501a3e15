"""Which groups the public does not see: none smaller than five, and none that sums would give away (spec: fund.md 10).

What the public is shown is a fixed set of small tables, each of one fiscal year, none of which spans years or crosses
two dimensions, so that nothing is left to subtract but a table's own cells from its own total. In each:

1. A group of one to four is hidden. A group of none is no group: its 0 is shown.
2. What is hidden with it hides it: cells are hidden until at least two are, and together they are a group of five or
   more, and their sum does not tell them all. Equal cells go together, so that the choice tells nothing.
3. Where a group is split in two (approved, and all others), both halves are hidden or neither, and the halves hidden
   in a table are, together, none or five or more.

Baht, rates and quantiles are shown where the groups they are of are shown. All functions are pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from models.fund.codes import LEVELS, LevelStatus
from models.fund.statistics.facts import STARTED
from models.fund.statistics.reading import Stages

SMALLEST = 5
# A quantile is some group's limit: as many as a group must lie beyond it.
LEAST_FOR_MEDIAN = 2 * SMALLEST
LEAST_FOR_NINE_IN_TEN = 10 * SMALLEST

K = TypeVar("K")


def is_small(count: int) -> bool:
    """Whether a group is too small to be shown; no group at all is not."""
    return 0 < count < SMALLEST


def hidden(counts: Mapping[K, int]) -> frozenset[K]:
    """The cells to hide of a table whose total is known, by rules 1 and 2; the total itself must not be small.

    A table whose groups overlap (a proposal of several kinds of disability) is hidden by the same rules: what its
    total tells is less.
    """
    found = {key for key, count in counts.items() if is_small(count)}
    while found and not _is_hidden_well([counts[key] for key in found]):
        shown = {count for key, count in counts.items() if count and key not in found}
        if not shown:
            break  # Everything is hidden, and all of it together is the total.
        found |= {key for key, count in counts.items() if count == min(shown)}
    return frozenset(found)


def _is_hidden_well(counts: Sequence[int]) -> bool:
    # All at their least or all at their most: only one table has that sum.
    are_told = sum(counts) in (len(counts), len(counts) * (SMALLEST - 1))
    return len(counts) > 1 and sum(counts) >= SMALLEST and not are_told


def hidden_halves(halves: Mapping[K, tuple[int, int]], groups: frozenset[K]) -> frozenset[K]:
    """The groups whose halves to hide, by rule 3: `halves` of each group, `groups` those that are hidden themselves.

    The sums of all first and of all second halves are known.
    """
    found = {key for key, pair in halves.items() if key in groups or any(is_small(half) for half in pair)}
    while found and not _are_halves_hidden_well([halves[key] for key in found]):
        rest = {key: min(pair) for key, pair in halves.items() if key not in found and any(pair)}
        if not rest:
            break
        found |= {key for key, least in rest.items() if least == min(rest.values())}
    return frozenset(found)


def _are_halves_hidden_well(pairs: Sequence[tuple[int, int]]) -> bool:
    return len(pairs) > 1 and not any(is_small(sum(pair[half] for pair in pairs)) for half in (0, 1))


@dataclass(frozen=True)
class Place:
    """Where a proposal stands now: in hand of a level, or at one of the three ends."""

    name: str
    level: str = ""


PLACES = (
    *(Place("in_hand", level) for level in LEVELS),
    Place("approved"),
    Place("sent_back"),
    Place("not_considered"),
)


def at(place: Place, stages: Stages) -> int:
    """How many proposals stand at a place."""
    if place.name == "in_hand":
        return stages.in_hand(place.level).proposals
    if place.name == "approved":
        return stages.approved.proposals
    return (stages.sent_back() if place.name == "sent_back" else stages.not_considered()).proposals


@dataclass(frozen=True)
class Seen:
    """What the public may see of one fiscal year; every member says "this may be shown".

    `levels`: level and one of waiting, started, failed, not_considered, passed, reached.
    """

    total: bool
    places: frozenset[Place]
    levels: frozenset[tuple[str, str]]
    decided: bool

    @property
    def approved(self) -> bool:
        """Whether the number of approved proposals, and so their baht, may be shown."""
        return Place("approved") in self.places

    @property
    def rate(self) -> bool:
        """Whether the approval rate may be shown: both its numbers are."""
        return self.approved and self.decided


NOTHING = Seen(False, frozenset(), frozenset(), False)
EVERYTHING = Seen(
    True,
    frozenset(PLACES),
    frozenset(
        (level, what)
        for level in LEVELS
        for what in ("waiting", "started", "failed", "not_considered", "passed", "reached")
    ),
    True,
)


def seen_of(stages: Stages) -> Seen:
    """What may be shown of a year: its places as one table, and each place's parts by level as another."""
    total = stages.total.proposals
    if is_small(total):
        return NOTHING
    counts = {place: at(place, stages) for place in PLACES}
    hides = hidden(counts)
    places = frozenset(PLACES) - hides
    cells: set[tuple[str, str]] = set()
    for place in places:
        parts = _parts(place, stages)
        cells |= parts.keys() - hidden(parts)
    ends = {Place("approved"), Place("sent_back"), Place("not_considered")}
    decided = stages.decided.proposals
    is_decided_known = ends <= places or places >= {place for place in PLACES if place not in ends}
    for level in LEVELS:
        # Sums over parts that are all shown, counted from either side.
        below = LEVELS[: LEVELS.index(level)]
        if _are_known(below, cells, places) or _are_known(LEVELS[len(below) :], cells, places, with_approved=True):
            cells.add((level, "reached"))
    for lower, higher in pairwise(LEVELS):
        if (higher, "reached") in cells:
            cells.add((lower, "passed"))
    if Place("approved") in places:
        cells.add((LEVELS[-1], "passed"))
    shown = {
        (level, what)
        for level, what in cells
        if what not in ("passed", "reached")
        or not is_small((stages.passed(level) if what == "passed" else stages.reached(level)).proposals)
    }
    return Seen(True, places, frozenset(shown), is_decided_known and not is_small(decided))


def _parts(place: Place, stages: Stages) -> dict[tuple[str, str], int]:
    """The cells of the table of levels that a place is the sum of."""
    if place.name == "approved":
        return {}
    if place.name == "in_hand":
        level = place.level
        waiting = stages.over([f"{level}.{LevelStatus.WAITING}"]).proposals
        started = stages.over(f"{level}.{status}" for status in (STARTED, LevelStatus.SCHEDULED)).proposals
        return {(level, "waiting"): waiting, (level, "started"): started}
    if place.name == "sent_back":
        return {(level, "failed"): stages.sent_back(level).proposals for level in LEVELS}
    return {(level, "not_considered"): stages.not_considered(level).proposals for level in LEVELS}


def _are_known(
    levels: Iterable[str], cells: set[tuple[str, str]], places: frozenset[Place], *, with_approved: bool = False
) -> bool:
    known = all(
        Place("in_hand", level) in places and {(level, "failed"), (level, "not_considered")} <= cells
        for level in levels
    )
    return known and (not with_approved or Place("approved") in places)


def seen_groups(groups: Mapping[str, Stages], year: Seen) -> tuple[frozenset[str], frozenset[str]]:
    """Of a dimension within one year: the groups that may be shown, and those whose approved may be shown too."""
    if not year.total:
        return frozenset(), frozenset()
    hidden_groups = hidden({code: stages.total.proposals for code, stages in groups.items()})
    shown = frozenset(groups) - hidden_groups
    if not year.approved:
        return shown, frozenset()
    halves = {
        code: (stages.approved.proposals, stages.total.proposals - stages.approved.proposals)
        for code, stages in groups.items()
    }
    hides = hidden_halves(halves, hidden_groups)
    return shown, shown - hides
