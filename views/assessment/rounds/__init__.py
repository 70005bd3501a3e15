"""Registration rounds: opened and locked by the national office, read by everybody of the registry (spec: 3, 7)."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from views.assessment.curricula import curriculum_label, round_label
from views.assessment.labels import students_label
from views.assessment.rounds.view import RoundView
from views.assessment.rounds.words import need_words, round_move, state_word
from views.core.log_words import name_moves
from views.core.notification import entity_page


def register(builder: Any) -> None:
    """Add the rounds to FAB, the menu and the templates."""
    current_app.jinja_env.globals.update(
        assessment_round=round_label,
        assessment_round_state=state_word,
        assessment_need=need_words,
        assessment_curriculum=curriculum_label,
        assessment_students=students_label,
    )
    builder.add_view(
        RoundView,
        "rounds",
        label=_l("Registration rounds"),
        icon="calendar-range",
        category="assessment",
        category_label=_l("Assessment instruments"),
    )
    entity_page("assessment_round", lambda key: url_for("RoundView.show", pk=int(key)))
    name_moves("assessment_round", round_move)
