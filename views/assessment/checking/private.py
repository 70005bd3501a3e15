"""The private schools of a committee, and adding one after a look at those called alike (spec: assessment.md 6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from forms.assessment.private import PrivateSchoolForm
from models.assessment.codes import PRIVATE
from models.assessment.private import ADD, Like, add_private, alike
from models.assessment.school import School
from models.assessment.standing import committees_of, schools_of
from models.core.db import db
from models.core.reference.provinces import province_name
from models.core.workflow import Refused
from views.assessment.checking.scope import Scope
from views.core.access import needs
from views.core.base import PageView
from views.core.deeds import REFUSED
from views.core.look import lang
from views.core.sentences import sentence


@dataclass(frozen=True)
class Namesake:
    """A school that may be the one that is to be added."""

    school: School
    like: Like

    @property
    def percent(self) -> int:
        """How like its name is, in a hundred."""
        return round(100 * self.like.likeness)


class PrivateSchoolView(PageView):
    """ตรวจสอบเพิ่ม รายชื่อสถานศึกษาเอกชน."""

    route_base = "/private-schools"
    default_view = "list"

    @expose("/")
    @needs(ADD)
    def list(self) -> ResponseReturnValue:
        """The private schools that lie under the committee, and the form for another."""
        committee, several = _committee(request.args.get("committee", ""))
        form = PrivateSchoolForm(formdata=None)
        if committee is not None:
            form.committee.data, form.province_code.data = str(committee.id), committee.province_code
        return self._page(form, committee, several)

    @expose("/", methods=["POST"])
    @needs(ADD)
    def add(self) -> ResponseReturnValue:
        """Add it; where others are called alike, they are shown first and the same form is sent once more."""
        form = PrivateSchoolForm()
        committee, several = _committee(form.committee.data or "")
        if committee is None:
            raise NotFound
        if not form.validate():
            return self._page(form, committee, several), REFUSED
        one = form.newcomer()
        try:
            school = add_private(g.user, committee, one, looked_at=form.seen())
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            code = refused.refusal.code
            likes = _namesakes(alike(one.name, one.province_code, one.code))
            if code == "code_taken":
                form.code.errors = [sentence(refused)]
            elif code == "school_alike":
                form.looked_at.data = ",".join(str(one.school.id) for one in likes)
            else:
                form.form_errors.append(sentence(refused))
            return self._page(form, committee, several, likes=likes, asks=code == "school_alike"), REFUSED
        flash(_("%(school)s is added and can sign in by its code.", school=school.name), "success")
        return redirect(url_for("PrivateSchoolView.list", committee=committee.id if len(several) > 1 else None))

    def _page(self, form: PrivateSchoolForm, committee: School | None, several: list[School], **more: Any) -> str:
        rows: list[School] = []
        if committee is not None:
            schools = schools_of(committee, g.user, ADD).where(School.sector == PRIVATE)
            rows = [*db.session.scalars(schools)]
        values = {"likes": [], "asks": False, "province": lambda row: province_name(row.province_code, lang()), **more}
        return self.page(
            "assessment/checking/private.html",
            form=form,
            scope=Scope(None, committee, tuple(several)),
            rows=rows,
            **values,
        )


def _committee(asked: str) -> tuple[School | None, Any]:
    """The committee under which a school is to come, one of the reader's own, and all that may be chosen."""
    several = [*db.session.scalars(committees_of(g.user, ADD))]
    if not asked:
        return (several[0] if several else None), several
    found = next((one for one in several if str(one.id) == asked), None)
    if found is None:
        raise NotFound
    return found, several


def _namesakes(likes: Any) -> Any:
    """The like schools with the committees that they lie under; one query."""
    rows = select(School).where(School.id.in_([one.school_id for one in likes])).options(joinedload(School.under))
    known = {row.id: row for row in db.session.scalars(rows)}
    return [Namesake(known[one.school_id], one) for one in likes]
