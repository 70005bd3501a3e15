"""The catalogue of branches: a tree for each curriculum, edited and imported by the national office (spec: 3, 7)."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from views.assessment.catalogue.view import CatalogueView
from views.assessment.catalogue.words import branch_move, note_label, note_words
from views.core.field_words import explain_fields
from views.core.log_words import name_moves
from views.core.notification import entity_page


def register(builder: Any) -> None:
    """Add the catalogue to FAB, the menu and the log."""
    builder.add_view(
        CatalogueView,
        "catalogue",
        label=_l("Catalogue of branches"),
        icon="diagram-3",
        category="assessment",
        category_label=_l("Assessment instruments"),
    )
    entity_page("assessment_branch", lambda key: url_for("CatalogueView.branch", pk=int(key)))
    name_moves("assessment_branch", branch_move)
    explain_fields("assessment_branch", note_label, note_words)
