"""The registry's part of the permission screen: its groups and the schools that its kinds are held for."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l

from models.assessment.school import School
from models.core.db import db
from views.core.permission.subjects import name_scopes
from views.core.permission.words import name_domain, name_groups

GROUPS = {
    "กลุ่มสิทธิ์ข้อมูลสาขางาน": _l("Registrations"),
    "กลุ่มสิทธิ์สถานศึกษานอกสังกัด สอศ.": _l("Outside schools and agencies"),
    "กลุ่มสิทธิ์สถานศึกษา": _l("Schools"),
    "กลุ่มสิทธิ์หลักสูตร": _l("The catalogue of branches"),
    "กลุ่มสิทธิ์รอบการลงทะเบียน": _l("Registration rounds"),
    "กลุ่มสิทธิ์ภาพรวม": _l("The whole country"),
}


def school_names(ids: set[int]) -> dict[int, str]:
    """The names of those schools that the reader sees."""
    rows = School.visible_to(g.user, "school.view").where(School.id.in_(ids))
    return {row.id: row.name for row in db.session.scalars(rows)}


def register(builder: Any) -> None:  # noqa: ARG001 - as every module of the domain
    """Tell the permission screen the registry's words."""
    name_domain("assessment", _l("Assessment instruments"))
    name_groups(GROUPS)
    name_scopes("school", school_names)
