"""Every number of a round as one flat list: by reporter, or summed by committee or province (spec: assessment.md 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, Subquery, case, func, select
from sqlalchemy.orm import aliased

from jobs.exporting import Asked as Wanted
from jobs.exporting import NotGiven, Table, register_list
from models.assessment.catalogue import Branch
from models.assessment.outside import OutsideAgency
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.school import School
from models.assessment.totals import FROM_OUTSIDE, FROM_SCHOOLS
from models.core.db import db
from models.core.matrix import allows
from models.core.reference.provinces import province_name
from reports.assessment.figures import Asked
from reports.assessment.words import committee_name
from reports.core.table import Column
from views.assessment.asked import rounds_of
from views.assessment.curricula import curriculum_label
from views.assessment.reports.asked import REPORT, agencies_of, is_country, schools_of
from views.assessment.reports.sheets import place_columns
from views.assessment.reports.words import EVERYTHING
from views.core.look import lang

NAME = "assessment_numbers"
_PORTION = 2_000  # rows read at a time

_MENU = case({code: place for place, code in enumerate(CURRICULA)}, value=Branch.curriculum)
_PLACE = (_MENU, Branch.position, Branch.id)


def register() -> None:
    """Let the list be taken, at once or by the worker."""
    register_list(NAME, _open)


def _open(user: Any, wanted: Wanted) -> Table:
    """The list as the user may have it. Raises NotGiven."""
    by = str(wanted.get("by", ""))
    this = next((one for one in rounds_of(user) if one.id == wanted.get("round")), None)
    curriculum = str(wanted.get("curriculum", ""))
    known = by in EVERYTHING and (not curriculum or curriculum in CURRICULA)
    if this is None or not known or not allows(user, REPORT) or (by != "reporter" and not is_country(user)):
        raise NotGiven
    numbers = Asked(this, curriculum).numbers(schools_of(user), agencies_of(user))
    query, columns, row = (_of_reporters if by == "reporter" else _of_places)(numbers, by)

    def count(most: int) -> int:
        part = query.order_by(None).limit(most + 1).subquery()
        return db.session.scalar(select(func.count()).select_from(part)) or 0

    def rows() -> Iterator[list[Any]]:
        for one in db.session.execute(query.execution_options(yield_per=_PORTION)):
            yield row(one)

    name = f"{by}-{this.academic_year}-{this.number}"
    return Table(str(EVERYTHING[by]), name, "assessment_registration", columns, count, rows)


def _of_reporters(numbers: Subquery, _by: str) -> tuple[Select[Any], list[Column], Any]:
    """A row for each number, with who reports it and through which committee."""
    committee = aliased(School)
    query = (
        select(
            numbers.c.source,
            School.code,
            func.coalesce(School.name, OutsideAgency.name).label("reporter"),
            numbers.c.province_code,
            committee,
            Branch,
            numbers.c.students,
        )
        .select_from(numbers)
        .join(Branch, Branch.id == numbers.c.branch_id)
        .outerjoin(School, (School.id == numbers.c.reporter_id) & (numbers.c.source == FROM_SCHOOLS))
        .outerjoin(OutsideAgency, (OutsideAgency.id == numbers.c.reporter_id) & (numbers.c.source == FROM_OUTSIDE))
        .outerjoin(committee, committee.id == numbers.c.committee_id)
        .order_by(
            committee.province_sort,
            numbers.c.committee_id,
            numbers.c.source.desc(),
            func.coalesce(School.name_sort, OutsideAgency.name_sort),
            numbers.c.reporter_id,
            *_PLACE,
        )
    )
    columns = [
        Column(_("Who reports"), width=24),
        Column(_("School code"), width=14),
        Column(_("Name of the school or agency"), width=44),
        Column(_("Province"), width=18),
        Column(_("Provincial committee"), width=44),
        *place_columns(),
        Column(_("Students"), "number", 12),
    ]
    said = {FROM_SCHOOLS: _("School"), FROM_OUTSIDE: _("Outside school or agency")}

    def row(one: Any) -> list[Any]:
        led = committee_name(one[4], lang()) if one[4] is not None else ""
        where = province_name(one.province_code, lang())
        return [said[one.source], one.code or "", one.reporter, where, led, *_branch(one.Branch), one.students]

    return query, columns, row


def _of_places(numbers: Subquery, by: str) -> tuple[Select[Any], list[Column], Any]:
    """A row for each branch of a committee or province, with how many instruments it needs."""
    key = numbers.c.committee_id if by == "committee" else numbers.c.province_code
    outside = func.sum(case((numbers.c.source == FROM_OUTSIDE, numbers.c.students), else_=0))
    sums = (
        select(
            key.label("place"),
            numbers.c.branch_id,
            outside.label("outside"),
            func.sum(numbers.c.students).label("students"),
        )
        .group_by(key, numbers.c.branch_id)
        .subquery()
    )
    query = select(sums.c.place, sums.c.outside, sums.c.students, Branch).join(Branch, Branch.id == sums.c.branch_id)
    if by == "committee":
        query = query.add_columns(School).outerjoin(School, School.id == sums.c.place)
        query = query.order_by(School.province_sort, sums.c.place, *_PLACE)
    else:
        query = query.order_by(sums.c.place, *_PLACE)
    columns = [
        Column(_("Provincial committee") if by == "committee" else _("Province"), width=44),
        *place_columns(),
        Column(_("Students of schools"), "number", 16),
        Column(_("Students of agencies outside"), "number", 16),
        Column(_("Instruments to print"), "number", 16),
    ]

    def named(one: Any) -> str:
        if by == "province":
            return province_name(one.place, lang())
        return committee_name(one.School, lang()) if one.School is not None else ""

    def row(one: Any) -> list[Any]:
        whole, outside = int(one.students), int(one.outside)
        return [named(one), *_branch(one.Branch), whole - outside, outside, whole]

    return query, columns, row


def _branch(one: Branch) -> list[Any]:
    names = [one.programme_code, one.programme, one.field_code, one.field, one.branch_code, one.branch]
    return [curriculum_label(one.curriculum), *names]
