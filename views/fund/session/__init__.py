"""Evaluation sessions (วาระการพิจารณา): list, builder, page, and what they put on the main page (spec: fund.md 7)."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from models.fund.session.quorum import count_for_record
from views.core.log_words import name_moves
from views.core.notification import entity_page
from views.core.records.own import has_own
from views.fund.session.home import add_to_home
from views.fund.session.view import SessionView
from views.fund.session.words import name_settings, role_word, session_move, session_type, state_word, why_word


def register(builder: Any) -> None:
    """Add the sessions to FAB, the menu, the main page and the templates."""
    current_app.jinja_env.globals.update(
        fund_session_type=session_type,
        fund_role=role_word,
        fund_why=why_word,
        fund_session_state=state_word,
        fund_quorum=count_for_record,
    )
    builder.add_view(
        SessionView,
        "sessions",
        label=_l("Evaluation sessions"),
        icon="calendar3",
        category="fund",
        category_label=_l("Fund"),
    )
    entity_page("fund_evaluation_session", lambda key: url_for("SessionView.show", pk=int(key)))
    name_moves("fund_evaluation_session", session_move)
    has_own("evaluation_session", add=lambda: url_for("SessionView.new"))
    name_settings()
    add_to_home()
