"""Which schools are committees and what lies under each: the national office's pages (spec: assessment.md 1, 7)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.assessment.schools.view import CommitteeView


def register(builder: Any) -> None:
    """Add the pages to FAB."""
    builder.add_view(
        CommitteeView,
        "committees",
        label=_l("Committees and their schools"),
        icon="diagram-3",
        category="assessment",
        category_label=_l("Assessment instruments"),
    )
