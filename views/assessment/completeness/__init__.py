"""How far the country is with a round, by province, on a table and a map (spec: assessment.md 7)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.assessment.completeness.view import CompletenessView
from views.core.log_words import name_entities

name_entities({"assessment_completeness": _l("Completeness by province")})


def register(builder: Any) -> None:
    """Add the page and its place in the menu."""
    builder.add_view(
        CompletenessView, "completeness", label=_l("Completeness by province"), icon="pin-map", category="assessment",
        category_label=_l("Assessment instruments"),
    )  # fmt: skip
