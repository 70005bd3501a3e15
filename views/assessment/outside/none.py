"""ยืนยันไม่มีการขอใช้เครื่องมือของสถานศึกษานอกสังกัด: confirmed, and withdrawn (spec: assessment.md 6.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from models.assessment.agency import confirm_none, refusal_to_confirm, refusal_to_withdraw, withdraw_none
from models.assessment.outside import CONFIRM, none_outside
from models.assessment.round import current_round
from models.core.identity import names_of
from views.assessment.curricula import round_label
from views.assessment.outside import queries
from views.core.access import needs
from views.core.base import PageView
from views.core.deeds import done


class NoneOutsideView(PageView):
    """ยืนยันไม่มีการขอใช้เครื่องมือของสถานศึกษานอกสังกัด."""

    route_base = "/outside/none"
    default_view = "index"

    @expose("/")
    @needs(CONFIRM)
    def index(self) -> ResponseReturnValue:
        """Whether it was confirmed, by whom and when; else the button, or why not."""
        where, this = queries.where_or_404(CONFIRM), current_round()
        said = none_outside(this.id, where.committee.id) if this is not None else None
        ask = refusal_to_withdraw if said is not None else refusal_to_confirm
        by = names_of([said.confirmed_by]) if said is not None and said.confirmed_by else {}
        return self.page(
            "assessment/outside/none.html",
            where=where,
            this=this,
            said=said,
            by=next(iter(by.values()), _("Somebody")),
            refusal=ask(g.user, this, where.committee),
            round_label=round_label,
        )

    @expose("/confirm", methods=["POST"])
    @needs(CONFIRM)
    def confirm(self) -> ResponseReturnValue:
        """Say that there is none."""
        return self._do(confirm_none, _("It is confirmed that no outside school asks for instruments in this round."))

    @expose("/withdraw", methods=["POST"])
    @needs(CONFIRM)
    def withdraw(self) -> ResponseReturnValue:
        """Take the word back."""
        return self._do(withdraw_none, _("The confirmation is withdrawn. Agencies can be entered again."))

    @staticmethod
    def _do(deed: Callable[[Any, Any, Any], Any], words: str) -> ResponseReturnValue:
        where, this = queries.where_or_404(CONFIRM), current_round()
        if this is None:
            raise NotFound
        if done(lambda: deed(g.user, this, where.committee), lambda: None):
            flash(words, "success")
        return redirect(url_for("NoneOutsideView.index", **where.kept), code=303)
