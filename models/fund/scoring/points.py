"""The arithmetic of scoring: pure functions, the same for the screen's preview and the stored result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

FULL_TOTAL: Final = 100
INDICATORS: Final = 4

# Bands, best first: ดีมาก, ดี, ปานกลาง, พอใช้, ควรปรับปรุง. The last one begins at 0.
BAND_CODES: Final = ("very_good", "good", "fair", "acceptable", "improve")


class ShapeOfPoints(Protocol):
    """Anything that knows its points for 0 to 4 indicators ticked."""

    @property
    def points(self) -> Sequence[int]: ...


@dataclass(frozen=True)
class Scale:
    """What a total means by one version of the form: in which band it lies, and whether it passes (fund.md 8).

    `floors`: the lowest total of each band but the last, best first. `passing`: the lowest total that passes.
    """

    floors: tuple[int, ...] = (80, 60, 40, 20)
    passing: int = 80

    @property
    def bands(self) -> tuple[tuple[int, str], ...]:
        """Each band, best first: its lowest total and its code."""
        return tuple(zip((*self.floors, 0), BAND_CODES, strict=True))

    def band(self, total: int) -> str:
        """The code of the band of a total."""
        return next(code for lowest, code in self.bands if total >= lowest)

    def passes(self, total: int) -> bool:
        """Whether a total passes."""
        return total >= self.passing

    @property
    def falls(self) -> bool:
        """Whether each band begins below the one before it, all between 1 and the full total."""
        steps = (FULL_TOTAL + 1, *self.floors, 0)
        return len(steps) == len(BAND_CODES) + 1 and all(higher > lower for higher, lower in pairwise(steps))

    @property
    def can_be_missed(self) -> bool:
        """Whether some totals pass and others do not."""
        return 0 < self.passing <= FULL_TOTAL


def points(topic: ShapeOfPoints, ticked: int) -> int:
    """Points of a topic with `ticked` (0 to 4) of its indicators ticked (spec: fund.md 8). Raises ValueError."""
    if not 0 <= ticked <= INDICATORS:
        raise ValueError("A topic has four indicators.")
    return int(topic.points[ticked])


def ticked_in(mask: int) -> int:
    """How many indicators a mask of four bits ticks; bit 0 is the first indicator."""
    return (mask & 0b1111).bit_count()
