"""อศก./อศจ. และสถานศึกษาในสังกัด: who is a committee, which schools lie under it, moving them (spec: assessment.md 7)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from werkzeug.exceptions import NotFound

from models.assessment import committees
from models.assessment.committees import MANAGE, MOST_MOVED
from models.assessment.directory import matching
from models.assessment.school import School
from models.core.db import db
from models.core.listing import Order, capped_count, walk
from models.core.reference.provinces import province_name
from views.assessment.labels import committee_label, sector_label
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.deeds import done
from views.core.look import lang
from views.core.sentences import sentence

BY_NAME = Order("name", (School.name_sort,), School.id)
PAGE_SIZE = 50
FOUND = 20
NONE = "none"


class CommitteeView(PageView):
    """อศก./อศจ. และสถานศึกษาในสังกัด."""

    route_base = "/committees"
    default_view = "list"

    @expose("/")
    @needs(MANAGE)
    def list(self) -> ResponseReturnValue:
        """Every committee with how many schools lie under it, and how many lie under none."""
        typed = request.args.get("q", "").strip()[:200]
        rows = matching(_led(), typed).order_by(School.province_sort, School.name_sort, School.id)
        counts = select(School.under_id, func.count()).where(School.deleted_at.is_(None), School.under_id.is_not(None))
        under = {row[0]: row[1] for row in db.session.execute(counts.group_by(School.under_id))}
        return self.page(
            "assessment/schools/list.html",
            committees=db.session.scalars(rows).all(),
            under=under,
            homeless=capped_count(_under(None), School.id),
            typed=typed,
            committee_label=committee_label,
            province_name=lambda code: province_name(code, lang()),
        )

    @expose("/<int:pk>")
    @needs(MANAGE)
    def show(self, pk: int) -> ResponseReturnValue:
        """A committee with the schools under it, to be moved from here and brought here."""
        committee = record_or_404(_led(), School, pk)
        refusal = committees.refusal_to_unmake(committee)
        return self._schools(committee, refusal=sentence(refusal) if refusal is not None else "")

    @expose("/none")
    @needs(MANAGE)
    def homeless(self) -> ResponseReturnValue:
        """The schools that lie under no committee: nobody checks their numbers."""
        return self._schools(None)

    def _schools(self, committee: School | None, refusal: str = "") -> ResponseReturnValue:
        rows = _under(committee)
        page = walk(rows, BY_NAME, PAGE_SIZE, after=request.args.get("after"), before=request.args.get("before"))
        led = db.session.scalars(_led().order_by(School.province_sort, School.name_sort, School.id)).all()
        return self.page(
            "assessment/schools/show.html",
            committee=committee,
            here=url_for("CommitteeView.show", pk=committee.id) if committee else url_for("CommitteeView.homeless"),
            page=page,
            total=capped_count(rows, School.id),
            # Where the ticked ones may go: each by its province first, as the eye looks for it.
            targets=[
                (one.id, f"{province_name(one.province_code, lang())} · {one.name}")
                for one in led
                if committee is None or one.id != committee.id
            ],
            refusal=refusal,
            committee_label=committee_label,
            sector_label=sector_label,
            province_name=lambda code: province_name(code, lang()),
        )

    @expose("/schools")
    @needs(MANAGE)
    def schools(self) -> ResponseReturnValue:
        """Schools that are no committee, to choose from while one types a part of the name, code or province."""
        rows = School.visible_to(g.user, MANAGE).where(School.committee.is_(None))
        rows = matching(rows, request.args.get("q", "")[:200]).order_by(School.name_sort, School.id)
        found = db.session.scalars(rows.limit(FOUND))
        return jsonify(results=[{"value": one.id, "text": one.name, "note": one.code} for one in found])

    @expose("/make", methods=["POST"])
    @needs(MANAGE)
    def make(self) -> ResponseReturnValue:
        """Make the chosen school the committee of its province."""
        school = _chosen(request.form.get("school", ""))
        if school is None:
            flash(_("Choose the school first."), "warning")
            return redirect(url_for("CommitteeView.list"))
        if not done(lambda: committees.make(g.user, school, school.version), _tell_stale):
            return redirect(url_for("CommitteeView.list"))
        kind = committee_label(school.committee)
        flash(_("%(school)s is %(kind)s now. Bring its schools here.", school=school.name, kind=kind), "success")
        return redirect(url_for("CommitteeView.show", pk=school.id))

    @expose("/<int:pk>/unmake", methods=["POST"])
    @needs(MANAGE)
    def unmake(self, pk: int) -> ResponseReturnValue:
        """Let a committee be a school like others."""
        committee = record_or_404(_led(), School, pk)
        version = _number(request.form.get("version", "")) or 0
        if not done(lambda: committees.unmake(g.user, committee, version), _tell_stale):
            return redirect(url_for("CommitteeView.show", pk=pk))
        flash(_("%(school)s is a school like others now.", school=committee.name), "success")
        return redirect(url_for("CommitteeView.homeless"))

    @expose("/move", methods=["POST"])
    @needs(MANAGE)
    def move(self) -> ResponseReturnValue:
        """Put the chosen schools under a committee, or under none."""
        target, ids = request.form.get("target", ""), _numbers(request.form.getlist("ids"))
        back = redirect(_place(request.form.get("from", "")))
        committee = None
        if target != NONE:
            committee = _committee(target)
            if committee is None:
                flash(_("Choose the committee that the schools are to lie under."), "warning")
                return back
        if not ids:
            flash(_("Tick the schools that are to move."), "warning")
            return back
        moved: list[School] = []
        if done(lambda: moved.extend(committees.move(g.user, ids, committee)), _tell_stale):
            _tell_moved(len(moved), committee)
        return back


def _led() -> Select[Any]:
    """The committees that this user manages."""
    return School.visible_to(g.user, MANAGE).where(School.committee.is_not(None))


def _under(committee: School | None) -> Select[Any]:
    rows = School.visible_to(g.user, MANAGE)
    if committee is not None:
        return rows.where(School.under_id == committee.id)
    return rows.where(School.under_id.is_(None), School.committee.is_(None))


def _committee(key: str) -> School | None:
    number = _number(key)
    return None if number is None else db.session.scalar(_led().where(School.id == number))


def _chosen(key: str) -> School | None:
    number = _number(key)
    return None if number is None else db.session.scalar(School.visible_to(g.user, MANAGE).where(School.id == number))


def _place(key: str) -> str:
    """The page that a form was sent from."""
    number = _number(key)
    if number is not None:
        return url_for("CommitteeView.show", pk=number)
    return url_for("CommitteeView.homeless") if key == NONE else url_for("CommitteeView.list")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _numbers(texts: list[str]) -> list[int]:
    """The ticked schools. Raises NotFound for what is none of the page's."""
    found = [_number(text) for text in texts[: MOST_MOVED + 1]]
    if None in found:
        raise NotFound
    return [number for number in found if number is not None]


def _tell_moved(count: int, committee: School | None) -> None:
    if not count:
        flash(_("Those schools lay there already."), "info")
    elif committee is None:
        said = ngettext("%(num)s school lies under none now.", "%(num)s schools lie under none now.", count)
        flash(said, "success")
    else:
        said = ngettext(
            "%(num)s school lies under %(committee)s now.",
            "%(num)s schools lie under %(committee)s now.",
            count,
            committee=committee.name,
        )
        flash(said, "success")


def _tell_stale() -> None:
    flash(_("Somebody changed this school meanwhile. Look at it as it stands now."), "warning")
