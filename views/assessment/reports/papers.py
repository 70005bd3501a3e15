"""The reports as files: each as PDF or xlsx of what its reader may see, noted in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.assessment.school import School
from models.assessment.totals import COMMITTEE, PROVINCE
from models.core import audit
from models.core.db import db
from models.core.reference.provinces import province_choices, province_name
from models.core.thai.text import sort_key
from reports.assessment import figures, papers
from reports.assessment import words as paper_words
from reports.assessment.figures import Asked, Place
from reports.assessment.frame import Printed
from reports.core.table import Sheet
from views.assessment.reports import sheets
from views.assessment.reports.asked import (
    REPORT,
    agencies_of,
    asked_or_404,
    is_country,
    read_province,
    schools_of,
    values_of,
)
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.export import send_list, send_sheets
from views.core.look import lang
from views.core.printing import file_name, give

ENTITY = "assessment_registration"
MOST_ROWS = 2_500
"""Branches that a paper lists; more are for a sheet, whose reader can search it."""

Make = Callable[[Printed], bytes]


class RegistrationPaperView(PageView):
    """One report each: of a school, of a committee, of the country."""

    route_base = "/registration-reports"
    default_view = "school"

    @expose("/school/<int:pk>.<ending>")
    @needs(REPORT)
    def school(self, pk: int, ending: str) -> ResponseReturnValue:
        """What a school registered."""
        asked = asked_or_404(request.args)
        rows = schools_of(g.user).options(joinedload(School.under))
        school = record_or_404(rows, School, pk)
        found = figures.of_school(asked, school)
        return _answer(
            ending,
            asked,
            "school",
            make=lambda printed: papers.school_paper(asked, found, printed),
            book=lambda: sheets.school_sheets(found.branches),
            whose=school.name,
            school=school.code,
        )

    @expose("/outside/<int:pk>.<ending>")
    @needs(REPORT)
    def outside(self, pk: int, ending: str) -> ResponseReturnValue:
        """What agencies outside ask for through a committee."""
        asked, committee = asked_or_404(request.args), _committee(pk)
        found = figures.of_outside(asked, committee, agencies_of(g.user))
        return _answer(
            ending,
            asked,
            "outside",
            make=lambda printed: papers.outside_paper(asked, found, printed),
            book=lambda: sheets.outside_sheets(found),
            whose=paper_words.committee_name(committee),
            committee=committee.code,
        )

    @expose("/schools/<int:pk>.<ending>")
    @needs(REPORT)
    def schools(self, pk: int, ending: str) -> ResponseReturnValue:
        """All schools of a committee, each with its numbers, and all together by branch."""
        asked, committee = asked_or_404(request.args), _committee(pk)
        found = figures.of_schools(asked, committee, schools_of(g.user), agencies_of(g.user))
        return _answer(
            ending,
            asked,
            "schools",
            make=lambda printed: papers.schools_paper(asked, found, printed),
            book=lambda: sheets.schools_sheets(asked, found),
            whose=paper_words.committee_name(committee),
            committee=committee.code,
        )

    @expose("/detail/<int:pk>.pdf")
    @needs(REPORT)
    def detail(self, pk: int) -> ResponseReturnValue:
        """Each school of a committee with its branches."""
        asked, committee = asked_or_404(request.args), _committee(pk)
        found = figures.in_detail(asked, committee, schools_of(g.user))
        if found.rows > MOST_ROWS:
            flash(
                _(
                    "This paper would list more than %(most)s branches. Choose one curriculum, or take it as Excel.",
                    most=f"{MOST_ROWS:,}",
                ),
                "warning",
            )
            back = {**values_of(asked), "committee": committee.id}
            return redirect(url_for("RegistrationReportView.index", **back))
        return _answer(
            "pdf",
            asked,
            "detail",
            make=lambda printed: papers.detail_paper(asked, found, printed),
            book=list,
            whose=paper_words.committee_name(committee),
            committee=committee.code,
        )

    @expose("/provinces.<ending>")
    @needs(REPORT)
    def provinces(self, ending: str) -> ResponseReturnValue:
        """Instruments to print by province."""
        _country()
        asked = asked_or_404(request.args)
        found = figures.by_place(asked, PROVINCE, schools_of(g.user), agencies_of(g.user))

        def named(language: str) -> list[tuple[str, Place]]:
            return [(name, found[code]) for code, name in province_choices(language) if code in found]

        return _answer(
            ending,
            asked,
            "provinces",
            make=lambda printed: papers.places_paper(
                asked,
                named("th"),
                printed,
                title=papers.PROVINCES_TITLE,
                head="จังหวัด",
                whose=paper_words.REGISTRY,
            ),
            book=lambda: sheets.place_sheets(asked, named(lang()), _("Province")),
        )

    @expose("/committees.<ending>")
    @needs(REPORT)
    def committees(self, ending: str) -> ResponseReturnValue:
        """Instruments to print by committee, which they go to."""
        _country()
        asked = asked_or_404(request.args)
        named = _by_committee(figures.by_place(asked, COMMITTEE, schools_of(g.user), agencies_of(g.user)))
        return _answer(
            ending,
            asked,
            "committees",
            make=lambda printed: papers.places_paper(
                asked,
                named,
                printed,
                title=papers.COMMITTEES_TITLE,
                head="อศก./อศจ.",
                whose=paper_words.REGISTRY,
            ),
            book=lambda: sheets.place_sheets(asked, named, _("Provincial committee")),
        )

    @expose("/branches.<ending>")
    @needs(REPORT)
    def branches(self, ending: str) -> ResponseReturnValue:
        """Instruments to print by branch, of the country or of one province."""
        _country()
        asked, province = asked_or_404(request.args), read_province(request.args)
        found = figures.by_branch(asked.numbers(schools_of(g.user, province), agencies_of(g.user, province)))
        whose = f"จังหวัด{province_name(province)}" if province else "ทั้งประเทศ"
        return _answer(
            ending,
            asked,
            "branches",
            make=lambda printed: papers.branches_paper(asked, found, printed, whose=whose),
            book=lambda: sheets.branch_sheets(found),
            whose=whose if province else "",
            province=province or None,
        )

    @expose("/everything/<by>.<ending>")
    @needs(REPORT)
    def everything(self, by: str, ending: str) -> ResponseReturnValue:
        """Every number that the reader may see, a row each, or summed by committee or province."""
        asked = asked_or_404(request.args)
        wanted = {"by": by, **{name: value for name, value in values_of(asked).items() if value}}
        back = url_for("RegistrationReportView.index", **values_of(asked))
        return send_list("assessment_numbers", ending, wanted, back=back)


def _committee(pk: int) -> School:
    """A committee that the reader reports for."""
    found: School = record_or_404(School.led_by(g.user, REPORT), School, pk)
    return found


def _country() -> None:
    if not is_country(g.user):
        abort(404)


def _by_committee(found: dict[Any, Place]) -> list[tuple[str, Place]]:
    """The places by the committees' names, in the order of provinces; last those that lie under none."""
    rows = db.session.scalars(select(School).where(School.id.in_([key for key in found if key is not None])))
    names = papers.names_of_committees(sorted(rows, key=lambda one: (one.province_sort, sort_key(one.name))))
    return [(name, found[key]) for key, name in names.items() if key in found]


def _answer(
    ending: str,
    asked: Asked,
    paper: str,
    *,
    make: Make,
    book: Callable[[], Iterable[Sheet]],
    whose: str = "",
    **said: Any,
) -> ResponseReturnValue:
    """The report as a paper or a workbook, by the ending of its address; another one is not found."""
    note = {"paper": paper, **_said(asked), **said}
    this = asked.round
    name = f"{paper}-{this.academic_year}-{this.number}"
    if ending == "xlsx":
        return send_sheets(ending, book(), name=name, entity=ENTITY, **note)
    if ending != "pdf":
        abort(404)
    printed = Printed(g.user.full_name)
    return give(
        lambda: make(printed),
        name=file_name(TITLES[paper], whose, f"{this.number}-{this.academic_year}"),
        fallback=f"{name}.pdf",
        about=f"{paper} of round {this.id}",
        note=lambda: audit.note(f"{ENTITY}.print", entity=ENTITY, **{key: one for key, one in note.items() if one}),
    )


def _said(asked: Asked) -> dict[str, Any]:
    """What the log keeps of what was asked."""
    this = asked.round
    return {"round": f"{this.number}/{this.academic_year}", "curriculum": asked.curriculum or None}


TITLES = {
    "school": papers.SCHOOL_TITLE,
    "outside": papers.OUTSIDE_TITLE,
    "schools": papers.SCHOOLS_TITLE,
    "detail": papers.DETAIL_TITLE,
    "provinces": papers.PROVINCES_TITLE,
    "committees": papers.COMMITTEES_TITLE,
    "branches": papers.BRANCHES_TITLE,
}
