"""Why schools of a committee report nothing, all of them on one page (spec: assessment.md 6.3)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from models.assessment.codes import RoundState
from models.assessment.round import Unlock, refusal_to_save, round_before
from models.assessment.standing import REPORTED, SchoolStanding
from models.assessment.status import SET, STATUSES, said_in, set_status
from models.assessment.unlocking import unlocks_of
from models.core.clock import now
from models.core.db import StaleVersion, db
from models.core.workflow import Refused
from views.assessment.checking.scope import Scope, scope_of
from views.assessment.standings import status_label
from views.core.access import needs
from views.core.base import PageView
from views.core.deeds import STALE
from views.core.sentences import sentence


@dataclass
class Row:
    """A school on the page: where it stands, what was chosen for it, what its status was last year, what is wrong."""

    standing: SchoolStanding
    chosen: str
    last: str = ""
    wrong: str = ""
    is_open: bool = True


class StatusView(PageView):
    """แก้ไขสถานะของสถานศึกษา."""

    route_base = "/school-statuses"
    default_view = "list"

    @expose("/")
    @needs(SET)
    def list(self) -> ResponseReturnValue:
        """The schools that have no numbers, each with its status."""
        return self._page(scope_of(SET), {}, {})

    @expose("/", methods=["POST"])
    @needs(SET)
    def save(self) -> ResponseReturnValue:
        """Keep every status that was changed; what cannot be kept is said at its row, and the others are kept."""
        scope = scope_of(SET, request.form)
        if scope.round is None:
            return redirect(url_for("StatusView.list"))
        kept, wrong, chosen = 0, {}, {}
        for one in scope.schools:
            key = one.school.id
            status = request.form.get(f"status-{key}")
            if status is None or status == request.form.get(f"was-{key}"):
                continue
            try:
                with db.session.begin_nested():
                    set_status(g.user, scope.round, one.school, status, _number(request.form.get(f"version-{key}")))
                kept += 1
            except StaleVersion:
                chosen[key], wrong[key] = status, _("Somebody changed it meanwhile. Choose again.")
            except Refused as refused:
                chosen[key], wrong[key] = status, sentence(refused)
        db.session.commit()
        if kept:
            flash(ngettext("%(num)s status is kept.", "%(num)s statuses are kept.", kept), "success")
        if wrong:
            return self._page(scope_of(SET, request.form), chosen, wrong), STALE
        if not kept:
            flash(_("Nothing was changed."), "info")
        return redirect(url_for("StatusView.list", **scope.kept))

    def _page(self, scope: Scope, chosen: dict[int, str], wrong: dict[int, str]) -> str:
        this, earlier = scope.round, round_before(scope.round) if scope.round else None
        shown = [one for one in scope.schools if one.standing != REPORTED or one.school.id in wrong]
        last = said_in(earlier.id, scope.ids) if earlier else {}
        open_ids = _open_to(scope)
        rows = []
        for one in shown:
            key = one.school.id
            status = chosen.get(key, one.status)
            before = status_label(last[key], earlier.academic_year) if earlier and key in last else ""
            rows.append(Row(one, status, before, wrong.get(key, ""), is_open=key in open_ids))
        return self.page(
            "assessment/checking/statuses.html",
            scope=scope,
            rows=rows,
            reported=len(scope.schools) - len(shown),
            choices=[(status, status_label(status, this.academic_year)) for status in STATUSES] if this else [],
            refusal=refusal_to_save(this, scope.committee) if this and scope.committee else None,
        )


def _open_to(scope: Scope) -> set[int]:
    """The schools whose status may be said now: all while the round takes numbers, else those that were unlocked."""
    this = scope.round
    if this is None or this.takes_numbers:
        return set(scope.ids)
    if this.state == RoundState.PREPARED:
        return set()
    running = unlocks_of(this).where(Unlock.until > now(), Unlock.school_id.in_(scope.ids)).order_by(None)
    return set(db.session.scalars(running.with_only_columns(Unlock.school_id)))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
