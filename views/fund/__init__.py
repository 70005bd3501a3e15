"""The fund's views; `register` puts them into the application, in the order of the menu."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from models.fund.scoring import ensure_reference
from views.core.cli import register_demo, register_reference

# Each module has `register(builder)`; the order is that of the menu.
MODULES = (
    "views.fund.words",
    "views.fund.proposal",
    "views.fund.wizard",
    "views.fund.screening",
    "views.fund.session",
    "views.fund.scoring",
    "views.fund.organization",
    "views.fund.papers",
    "views.fund.people",
    "views.fund.home",
)


def register(builder: Any) -> None:
    """Add the fund's views to FAB, its reference data to `init` and its people and proposals to `demo`."""
    register_reference("fund", ensure_reference)
    register_demo("fund", "views.fund.demo:build")
    for name in MODULES:
        if find_spec(name) is not None:
            import_module(name).register(builder)
