"""The views of the registry for assessment instruments; `register` puts them into the application."""

from __future__ import annotations

from typing import Any

from models.assessment.catalogue import ensure_catalogue
from views.assessment import (
    catalogue,
    checking,
    completeness,
    home,
    outliers,
    outside,
    permission,
    registration,
    reports,
    rounds,
    schools,
    signing,
    tiles,
    words,
)
from views.core.cli import register_demo, register_reference

# Each has `register(builder)`; the order is that of the menu.
MODULES = (
    words,
    permission,
    tiles,
    registration,
    outside,
    checking,
    rounds,
    schools,
    catalogue,
    reports,
    completeness,
    outliers,
    home,
    signing,
)


def register(builder: Any) -> None:
    """Add the domain's views to FAB, its catalogue to `init` and its schools and rounds to `demo`."""
    register_reference("assessment", ensure_catalogue)
    register_demo("assessment", "views.assessment.demo:build")
    for module in MODULES:
        module.register(builder)
