"""A school's registration: the menu, the four pages, what is kept of typing (spec: assessment.md 4)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.assessment.curricula import CURRICULUM_LABELS
from views.assessment.registration.view import RegistrationView


def register(builder: Any) -> None:
    """Add the pages, and to the menu what a school has there: the four curricula under one heading."""
    category = {"category": "assessment_branches", "category_label": _l("Branch details")}
    view = builder.add_view_no_menu(RegistrationView)
    builder.add_link("registration", "index", label=_l("All curricula"), icon="list-check", baseview=view, **category)
    for code, label in CURRICULUM_LABELS.items():
        builder.add_link(f"registration_{code}", code, label=label, icon="diagram-3", baseview=view, **category)
