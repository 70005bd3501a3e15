"""What is done with a session as a whole: invited to, attended, closed, opened again, cancelled, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.fund.session import AttendanceForm, CancelForm
from models.fund.agenda_moves import end_session
from models.fund.session import CANCELLED, CLOSED, OPEN, EvaluationSession
from views.core.access import needs
from views.core.deeds import SAVED, STALE, done, saved
from views.fund.session import queries
from views.fund.session.deeds import session_or_404, tell_stale


class Running:
    """Moves of a session; mixed into `SessionView`."""

    page: Any
    _show_page: Any

    @expose("/<int:pk>/close", methods=["POST"])
    @needs("session.edit")
    def close(self, pk: int) -> ResponseReturnValue:
        """Close the session; with `return_items` what has no result goes back to wait for another."""
        session = session_or_404(pk, loader=queries.with_agenda)
        if session.state == CLOSED:
            return self._to_page(pk)  # Pressed twice: it is done.
        version, returned = request.form.get("version"), 0

        def deed() -> None:
            nonlocal returned
            if "return_items" in request.form:
                returned = end_session(session, "close", g.user, version)
            else:
                session.perform("close", g.user, version)

        if done(deed, lambda: tell_stale(session)):
            flash(_closed(returned), "success")
        return self._to_page(pk)

    @expose("/<int:pk>/cancel", methods=["POST"])
    @needs("session.edit")
    def cancel(self, pk: int) -> ResponseReturnValue:
        """Cancel the meeting: its proposals wait for another, and whoever was invited hears of it."""
        session = session_or_404(pk, loader=queries.with_agenda)
        if session.state == CANCELLED:
            return self._to_page(pk)
        form = CancelForm()
        if not form.validate():
            return self._show_page(session, cancel_form=form), 422
        status = saved(form, lambda: end_session(session, "cancel", g.user, form.version.data, form.reason.data))
        if status == STALE:
            tell_stale(session)
        elif status == SAVED:
            flash(_("The session is cancelled; its proposals wait for another one."), "success")
        else:
            return self._show_page(session, cancel_form=form), status
        return self._to_page(pk)

    @expose("/<int:pk>/reopen", methods=["POST"])
    @needs("session.edit")
    def reopen(self, pk: int) -> ResponseReturnValue:
        """Open a closed session again."""
        session = session_or_404(pk)
        if session.state == OPEN:
            return self._to_page(pk)
        return self._move(session, "reopen", _("The session is open again."))

    @expose("/<int:pk>/delete", methods=["POST"])
    @needs("session.edit")
    def delete(self, pk: int) -> ResponseReturnValue:
        """Delete a session without items."""
        session = session_or_404(pk)
        if self._did(session, "delete"):
            flash(_("The session was deleted."), "success")
            return redirect(url_for("SessionView.list"))
        return self._to_page(pk)

    @expose("/<int:pk>/invite", methods=["POST"])
    @needs("session.edit")
    def invite(self, pk: int) -> ResponseReturnValue:
        """Invite all who sit, under the bell and by e-mail; a later invitation takes the earlier one's place."""
        return self._move(session_or_404(pk), "invite", _("The invitations are on their way."))

    @expose("/<int:pk>/attendance", methods=["POST"])
    @needs("session.view")
    def attendance(self, pk: int) -> ResponseReturnValue:
        """Note who came to the meeting: staff, or a secretary of this session."""
        session = session_or_404(pk, "session.view", queries.with_agenda)
        form = AttendanceForm()
        present = set(form.present.data)
        deed: Callable[[], None] = lambda: session.perform("attend", g.user, form.version.data, present=present)  # noqa: E731
        if done(deed, lambda: tell_stale(session)):
            count = sum(bool(member.attended) for member in session.members)
            flash(ngettext("%(num)s person attends.", "%(num)s people attend.", count), "success")
        return redirect(url_for("SessionView.show", pk=pk, _anchor="people"))

    def _move(self, session: EvaluationSession, action: str, words: str) -> ResponseReturnValue:
        if self._did(session, action):
            flash(words, "success")
        return self._to_page(session.id)

    @staticmethod
    def _did(session: EvaluationSession, action: str) -> bool:
        version = request.form.get("version")
        return done(lambda: session.perform(action, g.user, version), lambda: tell_stale(session))

    @staticmethod
    def _to_page(pk: int) -> ResponseReturnValue:
        return redirect(url_for("SessionView.show", pk=pk))


def _closed(returned: int) -> str:
    if not returned:
        return _("The session is closed.")
    return ngettext(
        "The session is closed. %(num)s proposal waits for another one.",
        "The session is closed. %(num)s proposals wait for another one.",
        returned,
    )
