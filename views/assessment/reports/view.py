"""The page of reports: the choice of round, curriculum and whose, and what can be taken of it as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import Select
from werkzeug.exceptions import BadRequest

from models.assessment.outside import OutsideAgency
from models.assessment.school import School
from models.assessment.totals import FROM_OUTSIDE, FROM_SCHOOLS, SOURCE, totals
from models.core.clock import now
from models.core.db import db
from models.core.reference.provinces import province_choices
from reports.assessment.figures import Asked, schools_under
from reports.assessment.words import committee_name
from views.assessment.asked import rounds_of
from views.assessment.curricula import CURRICULUM_LABELS, round_label
from views.assessment.reports.asked import (
    REPORT,
    agencies_of,
    is_country,
    read_asked,
    read_province,
    schools_of,
    values_of,
)
from views.core.access import needs
from views.core.base import PageView
from views.core.look import lang


@dataclass(frozen=True)
class Offer:
    """A report: what it is, what stands in it, and its files as (kind, address)."""

    title: str
    text: str
    files: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """Reports of the same rows, under the name of whose they are."""

    title: str
    whose: str
    offers: Sequence[Offer]


class RegistrationReportView(PageView):
    """Reports: PDF and xlsx for a school, a committee and the national office."""

    route_base = "/registration-reports"
    default_view = "index"

    @expose("/")
    @needs(REPORT)
    def index(self) -> ResponseReturnValue:
        """What can be printed of the round, curriculum, committee and school that the address asks for."""
        rounds = rounds_of(g.user)
        asked, province = read_asked(rounds, request.args), read_province(request.args)
        has_country = is_country(g.user)
        committees = _rows(School.led_by(g.user, REPORT).order_by(School.province_sort, School.name_sort, School.id))
        committee = _chosen(committees, "committee", otherwise=not has_country)
        if committee is not None:
            schools = _rows(schools_under(schools_of(g.user), committee))
        else:
            schools = [] if has_country else _rows(schools_of(g.user).order_by(School.name_sort, School.id))
        school = _chosen(schools, "school", otherwise=True)
        sections = []
        if asked is not None:
            values = values_of(asked)
            sections += [_of_country(values, province)] if has_country else []
            sections += [_of_committee(values, committee)] if committee is not None else []
            sections += [_of_school(values, school)] if school is not None else []
        return self.page(
            "assessment/reports/index.html",
            rounds=[(one.id, round_label(one)) for one in rounds],
            curricula=list(CURRICULUM_LABELS.items()),
            provinces=province_choices(lang()) if has_country else (),
            committees=[(one.id, committee_name(one, lang())) for one in committees] if len(committees) > 1 else (),
            schools=[(one.id, f"{one.code} {one.name}") for one in schools] if len(schools) > 1 else (),
            asked=asked,
            province=province,
            committee=committee,
            school=school,
            has_country=has_country,
            sections=sections,
            figures=_figures(asked, committee, school, has_country=has_country) if asked is not None else (),
            round_label=round_label,
            moment_now=now(),
        )


def _rows(rows: Select[Any]) -> list[School]:
    return list(db.session.scalars(rows))


def _chosen(rows: Sequence[School], name: str, *, otherwise: bool) -> School | None:
    """The one of the rows that the address names, else the first where `otherwise`. Raises BadRequest."""
    given = request.args.get(name, "")
    if not given:
        return rows[0] if rows and otherwise else None
    found = next((one for one in rows if str(one.id) == given), None)
    if found is None:
        # A school that was chosen before another committee was: that one's first.
        if name == "school" and rows and given.isascii() and given.isdigit():
            return rows[0]
        raise BadRequest
    return found


def _files(endpoint: str, values: Mapping[str, Any], *endings: str, **more: Any) -> list[tuple[str, str]]:
    return [
        (ending, url_for(f"RegistrationPaperView.{endpoint}", ending=ending, **values, **more)) for ending in endings
    ]


def _everything(values: Mapping[str, Any], by: str) -> list[tuple[str, str]]:
    return _files("everything", values, "xlsx", "csv", by=by)


def _of_country(values: Mapping[str, Any], province: str) -> Section:
    of_province = _files("branches", values, "pdf", "xlsx", province=province or None)
    offers = [
        Offer(
            _("Instruments to print by branch"),
            _("Programme types, subject fields and branches with totals: of schools, of agencies outside, together."),
            of_province,
        ),
        Offer(
            _("Instruments to print by province"),
            _("Each province with its schools, how many have reported, and its students by curriculum."),
            _files("provinces", values, "pdf", "xlsx"),
        ),
        Offer(
            _("Instruments to print by committee"),
            _("The same by the committee that the instruments go to."),
            _files("committees", values, "pdf", "xlsx"),
        ),
        Offer(
            _("Every branch of every province"),
            _("A row for each branch of a province, to sort and count with."),
            _everything(values, "province"),
        ),
        Offer(
            _("Every branch of every committee"),
            _("A row for each branch of a committee, to pack by."),
            _everything(values, "committee"),
        ),
        _every_number(values),
    ]
    return Section(_("The whole country"), "", offers)


def _every_number(values: Mapping[str, Any]) -> Offer:
    return Offer(
        _("Every number of every school and agency"),
        _("A row for each branch of each school and agency; a long list is made in the background."),
        _everything(values, "reporter"),
    )


def _of_committee(values: Mapping[str, Any], committee: School) -> Section:
    key = committee.id
    detail = ("pdf", url_for("RegistrationPaperView.detail", pk=key, **values))
    offers = [
        Offer(
            _("All schools of the committee"),
            _("Each school with where it stands and its numbers; then all together by branch."),
            _files("schools", values, "pdf", "xlsx", pk=key),
        ),
        Offer(
            _("Each school with its branches"),
            _("To check with the schools: every branch with its students, and who has not reported."),
            [detail],
        ),
        Offer(
            _("Agencies outside"),
            _("What schools and agencies outside ask for through the committee, each and together."),
            _files("outside", values, "pdf", "xlsx", pk=key),
        ),
    ]
    if not is_country(g.user):
        offers.append(_every_number(values))
    return Section(_("Provincial committee"), committee_name(committee, lang()), offers)


def _of_school(values: Mapping[str, Any], school: School) -> Section:
    offer = Offer(
        _("Registration of the school"),
        _("Programme types, subject fields and branches with their students and totals."),
        _files("school", values, "pdf", "xlsx", pk=school.id),
    )
    return Section(_("School"), f"{school.code} {school.name}", [offer])


def _figures(
    asked: Asked, committee: School | None, school: School | None, *, has_country: bool
) -> list[tuple[str, str, str]]:
    """What the widest of the reports comes to."""
    schools, agencies = schools_of(g.user), agencies_of(g.user)
    if not has_country:
        if committee is not None:
            schools = schools_under(schools, committee)
            agencies = agencies.where(OutsideAgency.committee_id == committee.id)
        elif school is not None:
            schools = schools.where(School.id == school.id)
    found = totals(asked.numbers(schools, agencies), SOURCE)
    of_schools, outside = found.get((FROM_SCHOOLS,), 0), found.get((FROM_OUTSIDE,), 0)
    unit = _("students")
    if not has_country and committee is None:
        return [(_("Students to be assessed"), f"{of_schools:,}", unit)]
    return [
        (_("Students of schools"), f"{of_schools:,}", unit),
        (_("Students of agencies outside"), f"{outside:,}", unit),
        (_("Instruments to print"), f"{of_schools + outside:,}", _("one for each student")),
    ]
