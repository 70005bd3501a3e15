"""The fund's views; `register` puts them into the application, in the order of the menu."""

from __future__ import annotations

from typing import Any

from models.fund.scoring import ensure_reference
from views.core.cli import register_demo, register_reference
from views.fund import (
    console,
    home,
    organization,
    papers,
    people,
    permission,
    proposal,
    scoring,
    screening,
    searching,
    session,
    statistics,
    wizard,
    words,
)

# Each has `register(builder)`; the order is that of the menu.
MODULES = (
    words,
    proposal,
    wizard,
    screening,
    session,
    scoring,
    organization,
    papers,
    people,
    statistics,
    home,
    searching,
    permission,
    console,
)


def register(builder: Any) -> None:
    """Add the fund's views to FAB, its reference data to `init` and its people and proposals to `demo`."""
    register_reference("fund", ensure_reference)
    register_demo("fund", "views.fund.demo:build")
    for module in MODULES:
        module.register(builder)
