"""The registry's part of the permission screen: its groups, its pages, and the records one can ask about."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.assessment.enrolment import clean_code
from models.assessment.round import Round
from models.assessment.school import School
from models.core.db import db
from models.core.thai.text import to_ascii_digits
from views.core.permission.pages import name_pages
from views.core.permission.subjects import Subject, name_scopes, register_subject
from views.core.permission.words import name_domain, name_groups

GROUPS = {
    "กลุ่มสิทธิ์ข้อมูลสาขางาน": _l("Registrations"),
    "กลุ่มสิทธิ์สถานศึกษานอกสังกัด สอศ.": _l("Outside schools and agencies"),
    "กลุ่มสิทธิ์สถานศึกษา": _l("Schools"),
    "กลุ่มสิทธิ์หลักสูตร": _l("The catalogue of branches"),
    "กลุ่มสิทธิ์รอบการลงทะเบียน": _l("Registration rounds"),
    "กลุ่มสิทธิ์ภาพรวม": _l("The whole country"),
}


PAGES = {
    "RegistrationView.index": _l("Branch details"),
    "RegistrationReportView.index": _l("Reports"),
    "CheckingView.index": _l("Who has reported"),
    "CheckingView.school": _l("A school in the check"),
    "StatusView.list": _l("Status of schools without numbers"),
    "PrivateSchoolView.list": _l("Private schools"),
    "OutsideView.index": _l("Enter outside schools"),
    "AgencyView.list": _l("List of outside schools"),
    "NoneOutsideView.index": _l("Confirm that no outside school asks"),
    "RoundView.list": _l("Registration rounds"),
    "RoundView.show": _l("A registration round"),
    "CatalogueView.index": _l("The catalogue of branches"),
    "CommitteeView.list": _l("Committees and their schools"),
    "CommitteeView.show": _l("A committee with its schools"),
    "CompletenessView.index": _l("Completeness by province"),
    "SchoolPasswordView.list": _l("First passwords of schools"),
    "SchoolCodeView.list": _l("Find a school code"),
}


def find_school(typed: str) -> int | None:
    """The id of the school with this code, as people write it."""
    code = clean_code(typed)
    return db.session.scalar(select(School.id).where(School.code == code)) if code is not None else None


def find_round(typed: str) -> int | None:
    """The id of the round that is written as 2569/1; of a year alone its first one."""
    year, _slash, number = to_ascii_digits(typed).replace(" ", "").partition("/")
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (year, number or "1")):
        return None
    rows = select(Round.id).where(Round.academic_year == int(year), Round.number == int(number or 1))
    return db.session.scalar(rows)


SUBJECTS = (
    Subject(
        "assessment_school",
        School,
        _l("School"),
        "school.view",
        find_school,
        lambda school: f"{school.code} {school.name}",
        {"CheckingView.": "pk", "CommitteeView.": "pk", "SchoolPasswordView.": "pk"},
    ),
    Subject(
        "assessment_round",
        Round,
        _l("Registration round"),
        "round.view",
        find_round,
        lambda this: f"{this.academic_year}/{this.number}",
        {"RoundView.": "pk"},
    ),
)


def school_names(ids: set[int]) -> dict[int, str]:
    """The names of those schools that the reader sees."""
    rows = School.visible_to(g.user, "school.view").where(School.id.in_(ids))
    return {row.id: row.name for row in db.session.scalars(rows)}


def register(builder: Any) -> None:  # noqa: ARG001 - as every module of the domain
    """Tell the permission screen the registry's words."""
    name_domain("assessment", _l("Assessment instruments"))
    name_groups(GROUPS)
    name_pages(PAGES)
    name_scopes("school", school_names)
    for subject in SUBJECTS:
        register_subject(subject)
