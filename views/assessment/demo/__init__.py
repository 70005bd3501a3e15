"""The registry's demo: 900 schools, last year's round with their numbers, and this year's on its way."""

from __future__ import annotations

from views.assessment.demo.making import build

__all__ = ["build"]
