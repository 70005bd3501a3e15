"""Evaluation sessions (วาระการพิจารณา): list, builder, page, and what they put on the main page (spec: fund.md 7)."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from views.core.notification import entity_page
from views.fund.session.home import add_to_home
from views.fund.session.view import SessionView
from views.fund.session.words import role_word, session_type, why_word


def register(builder: Any) -> None:
    """Add the sessions to FAB, the menu, the main page and the templates."""
    current_app.jinja_env.globals.update(fund_session_type=session_type, fund_role=role_word, fund_why=why_word)
    builder.add_view(
        SessionView,
        "sessions",
        label=_l("Evaluation sessions"),
        icon="calendar3",
        category="fund",
        category_label=_l("Fund"),
    )
    entity_page("fund_evaluation_session", lambda key: url_for("SessionView.show", pk=int(key)))
    add_to_home()
