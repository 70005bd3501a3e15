"""This year beside last year: totals, and the numbers that call for a question (spec: assessment.md 7)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.assessment.outliers.view import OutlierView
from views.core.log_words import name_entities

name_entities({"assessment_outliers": _l("Comparison with last year")})


def register(builder: Any) -> None:
    """Add the page and its place in the menu."""
    builder.add_view(
        OutlierView, "outliers", label=_l("Comparison with last year"), icon="graph-up", category="assessment",
        category_label=_l("Assessment instruments"),
    )  # fmt: skip
