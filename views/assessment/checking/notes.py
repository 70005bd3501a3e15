"""Notes on a school's numbers: the province writes and settles them, the school answers (spec: assessment.md 6.2)."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from models.assessment.note import CHECK, Note, write
from models.assessment.registration import REGISTER
from models.core.db import db
from models.core.workflow import Refused
from views.assessment.checking.school import school_page
from views.assessment.checking.scope import curriculum_or_404, round_or_404, school_or_404
from views.core.access import needs
from views.core.base import PageView, record_or_404, safe_next
from views.core.deeds import REFUSED, done
from views.core.look import link
from views.core.sentences import sentence


class NoteView(PageView):
    """บันทึกสิ่งที่ต้องแก้ไข."""

    route_base = "/registration-notes"

    @expose("/school/<int:pk>/<curriculum>", methods=["POST"])
    @needs(CHECK)
    def write(self, pk: int, curriculum: str) -> ResponseReturnValue:
        """Note what is to be corrected in a school's numbers of one curriculum."""
        school, this = school_or_404(pk, CHECK), round_or_404()
        text = request.form.get("text", "")
        try:
            write(g.user, this, school, curriculum_or_404(curriculum), text)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            page = school_page(self, school, typed={curriculum: text}, problem=sentence(refused))
            return page, REFUSED
        flash(_("The note is kept, and the school was told."), "success")
        return redirect(url_for("CheckingView.show", pk=pk, _anchor=curriculum))

    @expose("/<int:pk>/settle", methods=["POST"])
    @needs(CHECK)
    def settle(self, pk: int) -> ResponseReturnValue:
        """Say that a note needs nothing any more."""
        return self._take(pk, "settle", _("The note is settled."))

    @expose("/<int:pk>/ask-again", methods=["POST"])
    @needs(CHECK)
    def ask_again(self, pk: int) -> ResponseReturnValue:
        """Say that the answer does not do."""
        return self._take(pk, "ask_again", _("The school was asked again."))

    def _take(self, pk: int, action: str, said: str) -> ResponseReturnValue:
        note: Note = record_or_404(Note.visible_to(g.user, CHECK), Note, pk)
        school, curriculum = note.school_id, note.curriculum
        if done(lambda: note.perform(action, g.user, request.form.get("version")), _stale):
            flash(said, "success")
        return redirect(url_for("CheckingView.show", pk=school, _anchor=curriculum))

    @expose("/<int:pk>/answer", methods=["POST"])
    @needs(REGISTER)
    def answer(self, pk: int) -> ResponseReturnValue:
        """Answer a note in words: for numbers that are right as they are."""
        note: Note = record_or_404(Note.visible_to(g.user, REGISTER), Note, pk)
        text, curriculum = request.form.get("text", ""), note.curriculum
        if done(lambda: note.perform("answer", g.user, request.form.get("version"), text=text), _stale):
            flash(_("The answer is kept, and the provincial committee was told."), "success")
        back = link(f"RegistrationView.{curriculum}") or url_for("HomeView.index")
        return redirect(safe_next(request.form.get("next"), back))


def _stale() -> None:
    flash(_("The note was changed meanwhile. Look at it as it stands now."), "warning")
