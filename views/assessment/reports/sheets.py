"""The reports as sheets of a workbook: flat rows to sort and count with, and the totals beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _

from models.assessment.standing import SchoolStanding
from models.assessment.totals import FIELD, PROGRAMME, Group
from models.core.reference.provinces import province_name
from reports.assessment.figures import Asked, Branches, OfOutside, OfSchools, Place
from reports.core.table import Column, Sheet
from views.assessment.curricula import curriculum_label
from views.assessment.labels import sector_label
from views.assessment.standings import standing_label, status_label
from views.core.look import lang


def place_columns() -> list[Column]:
    """Curriculum, programme type, field and branch, each with its code."""
    return [
        Column(_("Curriculum"), width=28),
        Column(_("Code of the programme type"), width=12),
        Column(_("Programme type"), width=26),
        Column(_("Code of the subject field"), width=12),
        Column(_("Subject field"), width=30),
        Column(_("Code of the branch"), width=14),
        Column(_("Branch"), width=36),
    ]


def _figure(heading: str) -> Column:
    return Column(heading, "number", 16)


def _walked(tree: Iterable[Group]) -> Iterator[tuple[list[Any], Group]]:
    """Every branch with what `place_columns` says of it."""
    for curriculum in tree:
        for programme in curriculum.parts:
            for field in programme.parts:
                for branch in field.parts:
                    cells = [programme.code, programme.name, field.code, field.name, branch.code, branch.name]
                    yield [curriculum_label(curriculum.code), *cells], branch


def branch_sheets(found: Branches) -> list[Sheet]:
    """A sheet of branches and one of the totals of every level; each with the sum of all at its end."""
    columns = [*place_columns(), _figure(_("Schools and agencies")), _figure(_("Students of schools"))]
    columns += [_figure(_("Students of agencies outside")), _figure(_("Instruments to print"))]
    rows = [
        [*cells, found.reporters.get(one.branch_id, 0), *_split(found, [one])] for cells, one in _walked(found.tree)
    ]
    rows.append([_("Total"), *[""] * 7, *_split(found, found.tree)])
    return [Sheet(_("Branches"), columns, rows), level_sheet(found)]


def _split(found: Branches, groups: Iterable[Group]) -> list[int]:
    """Students of schools, students of agencies, both."""
    parts = list(groups)
    outside, whole = sum(found.from_outside(one) for one in parts), sum(one.students for one in parts)
    return [whole - outside, outside, whole]


def level_sheet(found: Branches) -> Sheet:
    """The totals of curricula, programme types and fields."""
    columns = [Column(_("Level"), width=20), Column(_("Code"), width=14), Column(_("Name"), width=44)]
    columns += [_figure(_("Students of schools")), _figure(_("Students of agencies outside"))]
    columns.append(_figure(_("Instruments to print")))
    words = {PROGRAMME: _("Programme type"), FIELD: _("Subject field")}
    rows: list[list[Any]] = []
    for curriculum in found.tree:
        rows.append([_("Curriculum"), curriculum.code, curriculum_label(curriculum.code), *_split(found, [curriculum])])
        for programme in curriculum.parts:
            for one in (programme, *programme.parts):
                rows.append([words[one.level], one.code, one.name, *_split(found, [one])])
    rows.append([_("Total"), "", "", *_split(found, found.tree)])
    return Sheet(_("Totals"), columns, rows)


def school_sheets(found: Branches) -> list[Sheet]:
    """A school's branches with their students."""
    rows = [[*cells, one.students] for cells, one in _walked(found.tree)]
    rows.append([_("Total"), *[""] * 6, found.students])
    return [Sheet(_("Branches"), [*place_columns(), _figure(_("Students"))], rows), level_sheet(found)]


def outside_sheets(found: OfOutside) -> list[Sheet]:
    """Every branch of every agency, the agencies, and the totals."""
    whose = [Column(_("Name of the school or agency"), width=40), Column(_("State or private"), width=12)]
    whose += [Column(_("Parent agency"), width=36), Column(_("Province"), width=18)]
    rows: list[list[Any]] = []
    for one in found.agencies:
        row = one.agency
        said = [row.name, sector_label(row.sector), row.parent, province_name(row.province_code, lang())]
        rows += [[*said, *cells, branch.students] for cells, branch in _walked(one.tree)]
    rows.append([_("Total"), *[""] * 10, found.branches.students])
    columns = [*whose, *place_columns(), _figure(_("Students"))]
    return [Sheet(_("Agencies outside"), columns, rows), level_sheet(found.branches)]


def schools_sheets(asked: Asked, found: OfSchools) -> list[Sheet]:
    """The schools of a committee, their branches all together, and the totals."""
    columns = [Column(_("School code"), width=14), Column(_("Name of the school"), width=44)]
    columns += [Column(_("Province"), width=18), Column(_("Status"), width=34)]
    columns += [_figure(curriculum_label(code)) for code in asked.curricula]
    columns.append(_figure(_("Students")))
    rows = [_school_row(asked, one) for one in found.standings]
    sums = [sum(row[place] for row in rows) for place in range(4, len(columns))]
    rows.append([_("Total"), "", "", "", *sums])
    return [Sheet(_("Schools"), columns, rows), *branch_sheets(found.branches)]


def _school_row(asked: Asked, one: SchoolStanding) -> list[Any]:
    numbers = [one.students.get(code, 0) for code in asked.curricula]
    school = one.school
    where = province_name(school.province_code, lang())
    return [school.code, school.name, where, _standing(asked, one), *numbers, sum(numbers)]


def _standing(asked: Asked, one: SchoolStanding) -> str:
    """Where a school stands in what is asked for; of one that is excused, why."""
    standing = one.standing_in(asked.curriculum) if asked.curriculum else one.standing
    return status_label(one.status, asked.round.academic_year) if standing == "excused" else standing_label(standing)


def place_sheets(asked: Asked, named: Iterable[tuple[str, Place]], head: str) -> list[Sheet]:
    """The country by province or committee."""
    columns = [Column(head, width=44), _figure(_("Schools")), _figure(_("Has reported")), _figure(_("Need not report"))]
    columns += [_figure(_("Has not reported")), *(_figure(curriculum_label(code)) for code in asked.curricula)]
    columns += [_figure(_("Of these, students of agencies outside")), _figure(_("Instruments to print"))]
    rows: list[list[Any]] = []
    for name, one in named:
        tally, by = one.tally, one.by_curriculum
        numbers = [by.get(code, 0) for code in asked.curricula]
        schools = [tally.total, tally.reported, tally.excused, tally.missing]
        rows.append([name, *schools, *numbers, one.outside, one.students])
    sums = [sum(row[place] for row in rows) for place in range(1, len(columns))]
    rows.append([_("Total"), *sums])
    return [Sheet(head, columns, rows)]
