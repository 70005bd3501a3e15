"""Sums of the wizard's part 2.4 (spec: fund.md 4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


def days(start: date | None, end: date | None) -> int:
    """Days from `start` to `end`, both included; 0 while one is missing or they are the wrong way round."""
    if start is None or end is None:
        return 0
    return max((end - start).days + 1, 0)
