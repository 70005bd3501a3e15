"""A province checks its schools: who has reported what, by school and by branch, and who is reminded (spec: 6.2)."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from models.assessment.note import CHECK, Note, NoteState, notes_on
from models.assessment.reminder import REMIND, Reminded, last_reminded, remind
from models.assessment.standing import ELSEWHERE, EXCUSED, MISSING, REPORTED, SchoolStanding
from models.core import audit
from models.core.db import db
from models.core.matrix import allows
from models.core.reference.provinces import province_name
from models.core.thai.phone import format_phone
from models.core.thai.text import search_term
from models.core.workflow import Refused
from reports.core.table import Column
from views.assessment.checking.queries import lines_by_branch, lines_by_school
from views.assessment.checking.school import school_page
from views.assessment.checking.scope import (
    FOLLOW,
    permission_here,
    school_or_404,
    scope_of,
)
from views.assessment.standings import standing_label
from views.core.access import needs
from views.core.asked import one_of
from views.core.base import PageView, tell_refused
from views.core.export import send_table
from views.core.look import lang

TABS = ("all", REPORTED, ELSEWHERE, MISSING, EXCUSED, "noted")


class CheckingView(PageView):
    """ตรวจสอบ รายละเอียดสาขางาน."""

    route_base = "/checking"
    default_view = "index"

    @expose("/")
    @needs(CHECK, FOLLOW)
    def index(self) -> ResponseReturnValue:
        """How complete a committee's schools are, the four curricula, and who is missing."""
        scope = scope_of(permission_here())
        missing = [one for one in scope.schools if one.standing == MISSING]
        notes = notes_on(scope.round.id, scope.ids) if scope.round else {}
        waiting = [(school_id, note) for school_id, some in notes.items() for note in some]
        return self.page(
            "assessment/checking/index.html",
            scope=scope,
            missing=missing,
            reminded=last_reminded(scope.round.id, [one.school.id for one in missing]) if scope.round else {},
            answered=[note for _school, note in waiting if note.state == NoteState.ANSWERED],
            open_notes=sum(note.state == NoteState.OPEN for _school, note in waiting),
            may_remind=allows(g.user, REMIND) and scope.round is not None and scope.round.takes_numbers,
        )

    # --- the four menus, each an entry of the navigation --------------------------------------------------------------

    @expose("/pvc2556")
    @needs(CHECK, FOLLOW)
    def pvc2556(self) -> ResponseReturnValue:
        """ตรวจสอบ รายละเอียดสาขางาน ปวช3. หลักสูตร ปวช.56."""
        return self._curriculum("pvc2556")

    @expose("/pvs2557")
    @needs(CHECK, FOLLOW)
    def pvs2557(self) -> ResponseReturnValue:
        """ตรวจสอบ รายละเอียดสาขางาน ปวส2. หลักสูตร ปวส.57."""
        return self._curriculum("pvs2557")

    @expose("/pvc2562")
    @needs(CHECK, FOLLOW)
    def pvc2562(self) -> ResponseReturnValue:
        """ตรวจสอบ รายละเอียดสาขางาน ปวช3. หลักสูตร ปวช.62."""
        return self._curriculum("pvc2562")

    @expose("/pvs2563")
    @needs(CHECK, FOLLOW)
    def pvs2563(self) -> ResponseReturnValue:
        """ตรวจสอบ รายละเอียดสาขางาน ปวส2. หลักสูตร ปวส.63."""
        return self._curriculum("pvs2563")

    def _curriculum(self, curriculum: str) -> str:
        by = one_of(request.args, "by", ("school", "branch"), "school")
        return self._by_branch(curriculum) if by == "branch" else self._by_school(curriculum)

    def _by_school(self, curriculum: str) -> str:
        """Every school of a committee with its branches and numbers in one curriculum."""
        scope = scope_of(permission_here())
        tab, q = one_of(request.args, "tab", TABS, "all"), search_term(request.args.get("q"))
        notes = notes_on(scope.round.id, scope.ids, curriculum) if scope.round else {}
        found = [one for one in scope.schools if q in one.school.search]
        by_tab = {name: [one for one in found if _stands(one, name, curriculum, notes)] for name in TABS}
        kept = scope.kept | ({"q": request.args["q"]} if q else {})
        return self.page(
            "assessment/checking/schools.html",
            scope=scope,
            curriculum=curriculum,
            rows=by_tab[tab],
            total=sum(one.students.get(curriculum, 0) for one in by_tab[tab]),
            lines=lines_by_school(scope.round, scope.ids, curriculum) if scope.round else {},
            notes=notes,
            q=request.args.get("q", ""),
            tab=tab,
            tabs=[
                {
                    "label": words,
                    "url": url_for(f"CheckingView.{curriculum}", tab=None if name == "all" else name, **kept),
                    "current": tab == name,
                    "count": len(by_tab[name]),
                }
                for name, words in _tab_words().items()
            ],
        )

    def _by_branch(self, curriculum: str) -> str:
        """Every branch of one curriculum in which a committee's schools have students, with the schools."""
        scope = scope_of(permission_here())
        return self.page(
            "assessment/checking/branches.html",
            scope=scope,
            curriculum=curriculum,
            rows=lines_by_branch(scope.round, scope.ids, curriculum) if scope.round else [],
            names={one.school.id: one.school for one in scope.schools},
        )

    @expose("/school/<int:pk>")
    @needs(CHECK, FOLLOW)
    def show(self, pk: int) -> ResponseReturnValue:
        """One school: its branches in all curricula beside last year's, and the notes on them."""
        return school_page(self, school_or_404(pk, permission_here()))

    # --- those who are missing ---------------------------------------------------------------------------------------

    @expose("/missing/print")
    @needs(CHECK, FOLLOW)
    def missing(self) -> ResponseReturnValue:
        """The telephones of those who are missing, on paper."""
        scope = scope_of(permission_here())
        rows = [one.school for one in scope.schools if one.standing == MISSING]
        audit.note("assessment_school.print", entity="assessment_school", count=len(rows))
        db.session.commit()
        return self.page("assessment/checking/missing.html", scope=scope, rows=rows)

    @expose("/missing.<ending>")
    @needs(CHECK, FOLLOW)
    def export(self, ending: str) -> ResponseReturnValue:
        """The same as Excel or CSV."""
        scope = scope_of(permission_here())
        rows = [one.school for one in scope.schools if one.standing == MISSING]
        reminded = last_reminded(scope.round.id, [row.id for row in rows]) if scope.round else {}
        columns = (
            Column(_("School code"), width=14),
            Column(_("School"), width=44),
            Column(_("Province"), width=20),
            Column(_("Telephone"), width=20),
            Column(_("E-mail"), width=30),
            Column(_("Last reminded"), "date", 16),
        )
        table = (
            (
                row.code,
                row.name,
                province_name(row.province_code, lang()),
                format_phone(row.phone, lang()),
                row.email,
                reminded.get(row.id),
            )
            for row in rows
        )
        name, sheet = _("schools-not-reported"), _("Schools that have not reported")
        answer = send_table(ending, columns, table, name=name, entity="assessment_school", sheet=sheet)
        db.session.commit()
        return answer

    @expose("/remind", methods=["POST"])
    @needs(REMIND)
    def remind(self) -> ResponseReturnValue:
        """Remind the ticked schools, or all that are missing."""
        scope = scope_of(REMIND, request.form)
        if request.form.get("all") == "1":
            wanted = scope.ids
        else:
            ticked = set(request.form.getlist("ids"))
            wanted = [key for key in scope.ids if str(key) in ticked]
        back = redirect(url_for("CheckingView.index", **scope.kept))
        if not wanted or scope.round is None:
            flash(_("Tick the schools that are to be reminded."), "warning")
            return back
        try:
            done = remind(g.user, scope.round, wanted)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
        else:
            flash(_said(done), "success" if done.sent else "info")
        return back


def _stands(one: SchoolStanding, tab: str, curriculum: str, notes: dict[int, list[Note]]) -> bool:
    """Whether a school belongs under a tab."""
    if tab == "noted":
        return one.school.id in notes
    return tab in ("all", one.standing_in(curriculum))


def _tab_words() -> dict[str, str]:
    return {
        "all": _("All"),
        **{name: standing_label(name) for name in (REPORTED, ELSEWHERE, MISSING, EXCUSED)},
        "noted": _("With notes"),
    }


def _said(done: Reminded) -> str:
    """What came of reminding, in sentences."""
    said = []
    if done.sent:
        said.append(ngettext("%(num)s school was reminded.", "%(num)s schools were reminded.", done.sent))
    if done.without_mail:
        said.append(
            ngettext(
                "%(num)s of them has no e-mail and finds it under its bell: telephone.",
                "%(num)s of them have no e-mail and find it under their bell: telephone.",
                done.without_mail,
            )
        )
    if done.already:
        said.append(
            ngettext(
                "%(num)s school was reminded today already.",
                "%(num)s schools were reminded today already.",
                done.already,
            )
        )
    return " ".join(said) or _("Nobody is missing any more: nobody was reminded.")
