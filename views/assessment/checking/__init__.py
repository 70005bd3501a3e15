"""A province checks its schools: numbers, notes, reminders, statuses, private schools (spec: assessment.md 6)."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from models.assessment.reference.catalogue import CURRICULA
from views.assessment.checking import words
from views.assessment.checking.notes import NoteView
from views.assessment.checking.private import PrivateSchoolView
from views.assessment.checking.statuses import StatusView
from views.assessment.checking.view import CheckingView
from views.assessment.curricula import CURRICULUM_LABELS
from views.assessment.labels import committee_label


def register(builder: Any) -> None:
    """Add the check to FAB, to the menu and to the templates: the overview, the four menus, and what else is set."""
    words.register()
    current_app.jinja_env.globals.update(
        assessment_standing_chip=words.standing_chip,
        assessment_standing_reason=words.standing_reason,
        assessment_note_chip=words.note_chip,
        assessment_committee=committee_label,
        assessment_curricula=tuple(CURRICULA),
    )
    checks = {"category": "assessment_checking", "category_label": _l("Check the branches of schools")}
    view = builder.add_view_no_menu(CheckingView)
    builder.add_link("checking", "index", label=_l("Who has reported"), icon="clipboard-check", baseview=view, **checks)
    for code, label in CURRICULUM_LABELS.items():
        builder.add_link(f"checking_{code}", code, label=label, icon="diagram-3", baseview=view, **checks)
    more = {"category": "assessment_committee", "category_label": _l("Schools of the committee")}
    builder.add_view(StatusView, "statuses", label=_l("Status of schools without numbers"), icon="person-x", **more)
    builder.add_view(PrivateSchoolView, "private_schools", label=_l("Private schools"), icon="building-add", **more)
    builder.add_view_no_menu(NoteView)
