"""Evaluation sessions: the list, a session's page for staff and for those who sit in it, and what is done there."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from forms.fund.session import SteppingOutForm
from models.core import outbox
from models.core.clock import today
from models.core.db import StaleVersion, db, now
from models.core.identity import Account
from models.core.matrix import allows
from models.core.workflow import Refused
from models.fund.conflicts import declare, withdraw
from models.fund.session import OPEN, AgendaItem, EvaluationSession, ItemState
from views.core.access import needs
from views.core.base import PageView, record_or_404, tell_refused
from views.core.export import send_table
from views.core.sentences import sentence
from views.fund.session import queries
from views.fund.session.build import Building
from views.fund.session.calendar import calendar_of
from views.fund.session.export import columns, line_of


class SessionView(Building, PageView):
    """วาระการพิจารณา."""

    route_base = "/sessions"
    default_view = "list"

    @expose("/")
    @needs("session.view")
    def list(self) -> ResponseReturnValue:
        """The sessions that the user may see, the latest first."""
        filters = queries.Filters.read(request.args)
        rows = EvaluationSession.visible_to(g.user, "session.view")
        page = queries.page_of(
            queries.narrowed(rows, filters), request.args.get("after", ""), request.args.get("before", "")
        )
        this_year = today().year + 543
        return self.page(
            "fund/session/list.html",
            page_of_list=page,
            filters=filters,
            counts=queries.tab_counts(rows, filters),
            years=range(this_year + 1, this_year - 6, -1),
            may_edit=allows(g.user, "session.edit"),
        )

    @expose("/export.<ending>")
    @needs("session.view")
    def export(self, ending: str) -> ResponseReturnValue:
        """The list as it is filtered, as xlsx or csv."""
        rows = queries.narrowed(
            EvaluationSession.visible_to(g.user, "session.view"), queries.Filters.read(request.args)
        )
        lines = (line_of(row) for row in queries.all_rows(rows))
        return send_table(ending, columns(), lines, name="sessions", entity="fund_evaluation_session")

    @expose("/<int:pk>")
    @needs("session.view")
    def show(self, pk: int) -> ResponseReturnValue:
        """A session as its reader may see it: items they stepped out of are a place without a name."""
        return self._show_page(self._mine(pk, "session.view", queries.with_agenda))

    def _show_page(self, session: EvaluationSession, form: SteppingOutForm | None = None) -> str:
        lines = queries.lines_of(session, g.user)
        may_edit = allows(g.user, "session.edit") and session.within(g.user, "session.edit")
        form = form or SteppingOutForm()
        is_seated = any(member.user_id == g.user.id for member in session.members)
        form.offer(*self._offered(session, lines, may_edit))
        return self.page(
            "fund/session/show.html",
            session=session,
            lines=lines,
            total=queries.total_of(lines),
            seats=queries.seats_of(session, lines),
            may_edit=may_edit,
            is_seated=is_seated,
            has_begun=session.starts_at <= now(),
            undecided=[line for line in lines if line.item.state == ItemState.ON],
            form=form,
            is_open=session.state == OPEN,
        )

    @staticmethod
    def _offered(session: EvaluationSession, lines: Any, may_edit: bool) -> tuple[Any, Any]:
        """Items without a result that the reader knows; people: all who sit for staff, for others themselves."""
        items = [
            (line.item.id, f"{line.n}. {line.item.proposal.number} {line.item.revision.title}")
            for line in lines
            if line.item.state == ItemState.ON and not line.is_left
        ]
        people = [(m.user_id, m.user.full_name) for m in session.members if may_edit or m.user_id == g.user.id]
        return items, people

    # --- stepping out ------------------------------------------------------------------------------------------------

    @expose("/<int:pk>/step-out", methods=["POST"])
    @needs("session.view")
    def step_out(self, pk: int) -> ResponseReturnValue:
        """Declare a conflict of interest: one's own, or for staff anybody's who sits."""
        session = self._mine(pk, "session.view", queries.with_agenda)
        lines = queries.lines_of(session, g.user)
        may_edit = allows(g.user, "session.edit") and session.within(g.user, "session.edit")
        form = SteppingOutForm().offer(*self._offered(session, lines, may_edit))
        if not form.validate():
            return self._show_page(session, form), 422
        item = next(line.item for line in lines if line.item.id == form.item_id.data)
        user = db.session.get(Account, form.user_id.data)
        try:
            declare(item, user, g.user, form.note.data or "")
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
        else:
            flash(
                _("%(name)s steps out of the item and sees neither its papers nor its sheet.", name=user.full_name),
                "success",
            )
        return redirect(url_for("SessionView.show", pk=pk, _anchor="people"))

    @expose("/<int:pk>/step-in", methods=["POST"])
    @needs("session.edit")
    def step_in(self, pk: int) -> ResponseReturnValue:
        """Take back a stepping out that was a mistake; never one's own."""
        session = self._mine(pk, loader=queries.with_agenda)
        rows = AgendaItem.__table__.c.session_id == session.id
        item = record_or_404(db.select(AgendaItem).where(rows), AgendaItem, request.form.get("item_id", ""))
        user = record_or_404(db.select(Account), Account, request.form.get("user_id", ""))
        try:
            withdraw(item, user, g.user)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
        else:
            flash(_("%(name)s takes part in the item.", name=user.full_name), "success")
        return redirect(url_for("SessionView.show", pk=pk, _anchor="people"))

    # --- moves of the session ----------------------------------------------------------------------------------------

    @expose("/<int:pk>/close", methods=["POST"])
    @needs("session.edit")
    def close(self, pk: int) -> ResponseReturnValue:
        """Close the session once every item is decided."""
        return self._move(pk, "close", _("The session is closed."))

    @expose("/<int:pk>/reopen", methods=["POST"])
    @needs("session.edit")
    def reopen(self, pk: int) -> ResponseReturnValue:
        """Open a closed session again."""
        return self._move(pk, "reopen", _("The session is open again."))

    @expose("/<int:pk>/delete", methods=["POST"])
    @needs("session.edit")
    def delete(self, pk: int) -> ResponseReturnValue:
        """Delete a session without items."""
        return self._move(pk, "delete", _("The session was deleted."))

    @expose("/<int:pk>/invite", methods=["POST"])
    @needs("session.edit")
    def invite(self, pk: int) -> ResponseReturnValue:
        """Invite all who sit, under the bell and by e-mail; a later invitation takes the earlier one's place."""
        return self._move(pk, "invite", _("The invitations are on their way."))

    def _move(self, pk: int, action: str, done: str) -> ResponseReturnValue:
        session = self._mine(pk)
        if (action, session.state) in (("close", "closed"), ("reopen", OPEN)):
            return redirect(url_for("SessionView.show", pk=pk))  # Pressed twice: it is done.
        try:
            session.perform(action, g.user, request.form.get("version"))
            if action == "invite":
                tell_invited(session)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            flash(sentence(refused), "warning")
        except StaleVersion:
            db.session.rollback()
            self._tell_stale(session)
        else:
            flash(done, "success")
            if action == "delete":
                return redirect(url_for("SessionView.list"))
        return redirect(url_for("SessionView.show", pk=pk))

    @expose("/<int:pk>/session.ics")
    @needs("session.view")
    def calendar(self, pk: int) -> ResponseReturnValue:
        """The meeting as a calendar file, for whoever may see the session."""
        session = self._mine(pk, "session.view")
        page = url_for("SessionView.show", pk=pk, _external=True)
        headers = {"Content-Disposition": f'attachment; filename="session-{session.id}.ics"'}
        return Response(calendar_of(session, page), mimetype="text/calendar", headers=headers)


def tell_invited(session: EvaluationSession) -> None:
    """Put the invitation on its way to everybody who sits."""
    outbox.tell(
        [member.user for member in session.members],
        "session_invitation",
        session,
        session=session.name,
        session_id=session.id,
        level=session.level,
        starts_at=session.starts_at.isoformat(),
        ends_at=session.ends_at.isoformat() if session.ends_at else None,
        place=session.place,
        link=session.link,
        number=session.invitation_number,
    )
