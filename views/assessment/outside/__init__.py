"""สถานศึกษานอกสังกัด สอศ.: what agencies outside ask for through their province (spec: assessment.md 6.1)."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from views.assessment import refusals as refusals
from views.assessment.outside.agencies import AgencyView
from views.assessment.outside.entering import OutsideView
from views.assessment.outside.none import NoneOutsideView
from views.assessment.outside.words import name_words
from views.core.notification import entity_page


def register(builder: Any) -> None:
    """Add the pages and the menu of three: entering, the list, the word that there is none."""
    category = {"category": "assessment_outside", "category_label": _l("Outside schools, reported by the committee")}
    views = (
        (OutsideView, "outside", _l("Enter outside schools"), "building-add"),
        (AgencyView, "outside_agencies", _l("List of outside schools"), "buildings"),
        (NoneOutsideView, "outside_none", _l("Confirm that no outside school asks"), "building-check"),
    )
    for view, name, label, icon in views:
        builder.add_view(view, name, label=label, icon=icon, **category)
    name_words()
    entity_page("assessment_outside", lambda key: url_for("AgencyView.show", pk=int(key)))
