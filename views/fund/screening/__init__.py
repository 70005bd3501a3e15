"""ตรวจเอกสาร: the queue of the document check and its form (spec: fund.md 6)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.fund.screening.view import ScreeningView


def register(builder: Any) -> None:
    """Add the document check to FAB and to the menu."""
    builder.add_view(
        ScreeningView,
        "screening",
        label=_l("Document check"),
        icon="clipboard-check",
        category="fund",
        category_label=_l("Fund"),
    )
