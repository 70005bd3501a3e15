"""The fund's views; `register` puts them into the application, in the order of the menu."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

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
    """Add the fund's views to FAB."""
    for name in MODULES:
        if find_spec(name) is not None:
            import_module(name).register(builder)
