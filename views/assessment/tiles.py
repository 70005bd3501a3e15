"""The registry's tiles on the main page: one's school, the committee, the national office (spec: assessment.md 1)."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL
from models.core.matrix import allows
from views.core.context import name_bar
from views.core.home import Tile, tile_sources

# Permission, words, where to.
_OF_SCHOOL = (
    ("registration.enter", _l("Branch details"), "RegistrationView.index"),
    ("registration.report", _l("Reports"), "RegistrationReportView.index"),
)
_OF_COMMITTEE = (
    ("registration.check", _l("Check the branches of schools"), "CheckingView.index"),
    ("outside.enter", _l("Enter outside schools"), "OutsideView.index"),
    ("school.status", _l("Status of schools without numbers"), "StatusView.list"),
    ("school.add_private", _l("Private schools"), "PrivateSchoolView.list"),
    ("outlier.view", _l("Comparison with last year"), "OutlierView.index"),
)
_OF_OFFICE = (
    ("round.manage", _l("Registration rounds"), "RoundView.list"),
    ("catalogue.edit", _l("The catalogue of branches"), "CatalogueView.index"),
    ("school.manage", _l("Committees and their schools"), "CommitteeView.list"),
    ("completeness.view", _l("Completeness by province"), "CompletenessView.index"),
    ("outlier.view", _l("Comparison with last year"), "OutlierView.index"),
)
# Who reports for a school has the reports there.
_REPORTS = ("registration.report", _l("Reports"), "RegistrationReportView.index")


def tiles(user: Any) -> list[Tile]:
    """What this user does here, by what they are: a committee's account sees its school's tile, too."""
    kinds = user.kinds
    office = _OF_OFFICE if SCHOOL in kinds else (*_OF_OFFICE, _REPORTS)
    wanted = (
        (SCHOOL, _("My school’s registration"), "building", _OF_SCHOOL),
        (PROVINCIAL, _("The committee’s work"), "clipboard-check", _OF_COMMITTEE),
        (NATIONAL, _("The national office’s work"), "globe", office),
    )
    return [
        Tile(
            title,
            icon,
            [(str(words), url_for(endpoint)) for permission, words, endpoint in links if allows(user, permission)],
        )
        for kind, title, icon, links in wanted
        if kind in kinds
    ]


def register(builder: Any) -> None:  # noqa: ARG001 - as every module of the domain
    """Add the tiles, once, and what the bar is called for people of the registry alone."""
    if tiles not in tile_sources:
        tile_sources.append(tiles)
    name_bar({SCHOOL, PROVINCIAL, NATIONAL}, _l("Instruments for assessing vocational standards"))
