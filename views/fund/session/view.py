"""A session's page, for staff and for those who sit in it, and who steps out of which item."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from forms.fund.session import CancelForm, SteppingInForm, SteppingOutForm
from models.core.db import db, now
from models.core.identity import Account
from models.core.matrix import allows
from models.fund.agenda import lines_of, total_of
from models.fund.conflicts import declare, withdraw
from models.fund.session import OPEN, AgendaItem, EvaluationSession, ItemState
from models.fund.session.quorum import may_note_attendance
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.deeds import done
from views.fund.session import queries
from views.fund.session.build import Building
from views.fund.session.deeds import session_or_404, tell_stale
from views.fund.session.listing import Listing
from views.fund.session.running import Running


class SessionView(Listing, Building, Running, PageView):
    """วาระการพิจารณา."""

    route_base = "/sessions"
    default_view = "list"

    @expose("/<int:pk>")
    @needs("session.view")
    def show(self, pk: int) -> ResponseReturnValue:
        """A session as its reader may see it: items they stepped out of are a place without a name."""
        return self._show_page(session_or_404(pk, "session.view", queries.with_agenda))

    def _show_page(
        self,
        session: EvaluationSession,
        form: SteppingOutForm | None = None,
        cancel_form: CancelForm | None = None,
        in_form: SteppingInForm | None = None,
    ) -> str:
        lines = lines_of(session, g.user)
        may_edit = allows(g.user, "session.edit") and session.within(g.user, "session.edit")
        is_open = session.state == OPEN
        form = form or SteppingOutForm()
        form.offer(*self._offered(session, lines, may_edit))
        return self.page(
            "fund/session/show.html",
            session=session,
            lines=lines,
            total=total_of(lines),
            seats=queries.seats_of(session, lines),
            may_edit=may_edit,
            may_note=is_open and may_note_attendance(session, g.user),
            has_begun=session.starts_at <= now(),
            undecided=[line for line in lines if line.item.state == ItemState.ON],
            has_results=any(line.item.state == ItemState.DONE for line in lines),
            quorum=queries.quorum_of(session, lines),
            overlaps=queries.overlaps(session) if may_edit else [],
            form=form,
            cancel_form=cancel_form or CancelForm(data={"version": session.version}),
            in_form=in_form,
            is_open=is_open,
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
        session = session_or_404(pk, "session.view", queries.with_agenda)
        lines = lines_of(session, g.user)
        may_edit = allows(g.user, "session.edit") and session.within(g.user, "session.edit")
        form = SteppingOutForm().offer(*self._offered(session, lines, may_edit))
        if not form.validate():
            return self._show_page(session, form), 422
        item = next(line.item for line in lines if line.item.id == form.item_id.data)
        user: Any = db.session.get(Account, form.user_id.data)
        if done(lambda: declare(item, user, g.user, form.note.data or ""), lambda: tell_stale(session)):
            words = _("%(name)s steps out of the item and sees neither its papers nor its sheet.", name=user.full_name)
            flash(words, "success")
        return self._to_people(pk)

    @expose("/<int:pk>/step-in", methods=["POST"])
    @needs("session.edit")
    def step_in(self, pk: int) -> ResponseReturnValue:
        """Take back a stepping out that was a mistake, for a reason; never one's own."""
        session = session_or_404(pk, loader=queries.with_agenda)
        rows = AgendaItem.__table__.c.session_id == session.id
        item = record_or_404(db.select(AgendaItem).where(rows), AgendaItem, request.form.get("item_id", ""))
        user = record_or_404(db.select(Account), Account, request.form.get("user_id", ""))
        form = SteppingInForm()
        if not form.validate():
            return self._show_page(session, in_form=form), 422
        if done(lambda: withdraw(item, user, g.user, form.note.data), lambda: tell_stale(session)):
            flash(_("%(name)s takes part in the item.", name=user.full_name), "success")
        return self._to_people(pk)

    @staticmethod
    def _to_people(pk: int) -> ResponseReturnValue:
        return redirect(url_for("SessionView.show", pk=pk, _anchor="people"))
