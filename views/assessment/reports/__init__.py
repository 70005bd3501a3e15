"""Reports of a round: PDF and xlsx for a school, a committee and the national office (spec: assessment.md 5)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.assessment.reports import everything
from views.assessment.reports.papers import RegistrationPaperView
from views.assessment.reports.view import RegistrationReportView
from views.assessment.reports.words import name_words


def register(builder: Any) -> None:
    """Add the page with its place in the menu, the files that it leads to and the list of everything."""
    name_words()
    everything.register()
    builder.add_view(
        RegistrationReportView, "registration_reports", label=_l("Reports"), icon="printer", category="assessment",
        category_label=_l("Assessment instruments"),
    )  # fmt: skip
    builder.add_view_no_menu(RegistrationPaperView)
