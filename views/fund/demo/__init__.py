"""The fund's demo: people, organizations and three fiscal years of proposals, brought about by the real moves."""

from __future__ import annotations

from views.fund.demo.making import build

__all__ = ["build"]
