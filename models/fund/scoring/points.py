"""The arithmetic of scoring: pure functions, the same for the screen's preview and the stored result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

FULL_TOTAL: Final = 100
PASSING: Final = 80
INDICATORS: Final = 4

# Lowest total of each band, best first.
BANDS: Final = ((80, "very_good"), (60, "good"), (40, "fair"), (20, "acceptable"), (0, "improve"))


class ShapeOfPoints(Protocol):
    """Anything that knows its points for 0 to 4 indicators ticked."""

    @property
    def points(self) -> Sequence[int]: ...


def points(topic: ShapeOfPoints, ticked: int) -> int:
    """Points of a topic with `ticked` (0 to 4) of its indicators ticked (spec: fund.md 8). Raises ValueError."""
    if not 0 <= ticked <= INDICATORS:
        raise ValueError("A topic has four indicators.")
    return int(topic.points[ticked])


def band(total: int) -> str:
    """The band of a total: very_good ดีมาก, good ดี, fair ปานกลาง, acceptable พอใช้, improve ควรปรับปรุง."""
    return next(code for lowest, code in BANDS if total >= lowest)


def passes(total: int) -> bool:
    """Whether a total passes: 80 and over."""
    return total >= PASSING


def ticked_in(mask: int) -> int:
    """How many indicators a mask of four bits ticks; bit 0 is the first indicator."""
    return (mask & 0b1111).bit_count()
