"""Recording results of the working group, the sub-committee and the board; the scoring form's versions (fund.md 8)."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from views.core.log_words import name_moves
from views.core.notification import entity_page
from views.fund.scoring.desk import fund_results
from views.fund.scoring.version_words import form_move
from views.fund.scoring.versions import ScoringFormView
from views.fund.scoring.view import ScoringView


def register(builder: Any) -> None:
    """Add the record form and the form's versions, and let every template ask for the results of a revision."""
    current_app.jinja_env.globals.update(fund_results=fund_results)
    builder.add_view_no_menu(ScoringView)
    builder.add_view(
        ScoringFormView,
        "scoring_forms",
        label=_l("Scoring form"),
        icon="ui-checks",
        category="fund",
        category_label=_l("Fund"),
    )
    entity_page("fund_scoring_form", lambda key: url_for("ScoringFormView.show", pk=int(key)))
    name_moves("fund_scoring_form", form_move)
