"""บันทึกข้อมูลสถานศึกษานอกสังกัด: the four menus for adding, and the page that adds (spec: assessment.md 6.1)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from models.assessment.agency import add, askers_before, refusal_to_add
from models.assessment.outside import ENTER, OutsideAgency, none_outside
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import current_round, round_before
from models.core.db import db
from models.core.identity import Account
from models.core.once import first_time
from views.assessment.curricula import curriculum_label, round_label
from views.assessment.outside import desk as desks
from views.assessment.outside import queries
from views.assessment.outside.desk import Desk
from views.assessment.outside.page import MOST_BYTES, MOST_FIELDS, desk_page
from views.assessment.outside.words import ADD_LABELS
from views.core.access import keep_typing, needs
from views.core.base import PageView, record_or_404
from views.core.deeds import SAVED, saved
from views.core.kept import posted_fields, sent_typing
from views.core.look import clock
from views.core.sentences import sentence


class OutsideView(PageView):
    """บันทึกข้อมูลสถานศึกษานอกสังกัด."""

    route_base = "/outside"
    default_view = "index"

    @expose("/")
    @needs(ENTER)
    def index(self) -> ResponseReturnValue:
        """The four menus with what is entered, and who asked last year and is not entered yet."""
        where, this = queries.where_or_404(), current_round()
        last = round_before(this) if this is not None else None
        offered: dict[str, list[OutsideAgency]] = {code: [] for code in CURRICULA}
        if this is not None and last is not None:
            for one in askers_before(last, this, where.committee):
                offered[one.curriculum].append(one)
        return self.page(
            "assessment/outside/index.html",
            where=where,
            this=this,
            last=last,
            offered=offered,
            tallies=queries.tallies(this, where.committee) if this is not None else {},
            said=none_outside(this.id, where.committee.id) if this is not None else None,
            refusal=refusal_to_add(g.user, this, where.committee),
            add_labels=ADD_LABELS,
            curriculum_label=curriculum_label,
            round_label=round_label,
        )

    @expose("/<curriculum>/add", methods=["GET", "POST"])
    @needs(ENTER)
    def add(self, curriculum: str) -> ResponseReturnValue:
        """Enter an agency: who asks, its branches and numbers."""
        where, desk = self._place(curriculum)
        if request.method == "GET":
            if reason := refusal_to_add(g.user, desk.this, desk.committee):
                flash(sentence(reason), "warning")
                return redirect(url_for("OutsideView.index", **where.kept))
            return self._page(where, desk if desk.source is not None else desks.with_kept(desk))
        fields = posted_fields(MOST_FIELDS, MOST_BYTES)
        desks.typed_over(desk, fields, 0).is_checked = True
        found = desks.said(desk)
        if not desk.form.validate() or found.wrong:
            return self._page(where, desk), 422
        if not first_time(str(desk.form.form_token.data or ""), g.user.id):
            db.session.rollback()
            return redirect(url_for("AgencyView.list"))  # The first press added it.
        made: list[OutsideAgency] = []

        def enter() -> None:
            one = add(g.user, desk.this, desk.committee, curriculum, desk.form.details(), found.counts)
            made.append(one)
            desks.drop(desk)

        if saved(desk.form, enter) != SAVED:
            return self._page(where, desk), 422
        words = _("%(name)s is added: %(students)s students.")
        flash(words % {"name": made[0].name, "students": f"{made[0].students:,}"}, "success")
        return redirect(url_for("AgencyView.list", **where.kept), code=303)

    @staticmethod
    def _place(curriculum: str) -> tuple[queries.Where, Desk]:
        """The committee, and an empty page of the curriculum in the current round, or one taken over from last year."""
        where, this = queries.where_or_404(), current_round()
        if curriculum not in CURRICULA or this is None:
            raise NotFound
        source = None
        if given := request.args.get("from"):
            rows = OutsideAgency.visible_to(g.user, ENTER).where(
                OutsideAgency.committee_id == where.committee.id, OutsideAgency.curriculum == curriculum
            )
            source = record_or_404(rows, OutsideAgency, given)
        return where, desks.new_desk(this, where.committee, curriculum, source)

    def _page(self, where: queries.Where, desk: Desk, **more: Any) -> str:
        source = {"from": desk.source.id} if desk.source is not None else {}
        values = {"curriculum": desk.curriculum, **where.kept}
        return desk_page(
            self,
            desk,
            title=ADD_LABELS[desk.curriculum],
            here=url_for("OutsideView.add", **values, **source),
            keep_url=url_for("OutsideView.keep", **values),
            discard_url=url_for("OutsideView.discard", **values),
            back=url_for("OutsideView.index", **where.kept),
            **more,
        )

    # --- typing that is not saved yet ---------------------------------------------------------------------------------

    @expose("/<curriculum>/add/typing", methods=["POST"])
    @needs(ENTER)
    def keep(self, curriculum: str) -> ResponseReturnValue:
        """Keep what is typed: JSON {user, version, fields: [[name, text]]} -> {text}; nothing of it is saved."""
        _where, desk = self._place(curriculum)
        sent = sent_typing(MOST_FIELDS, MOST_BYTES)
        if sent.refusal is not None:
            return sent.refusal
        at = desks.keep(desk, g.user.id, sent.fields, 0)
        db.session.commit()
        return jsonify(text=_("Kept at %(time)s, not saved yet", time=clock(at)))

    @expose("/<curriculum>/add/typing/discard", methods=["POST"])
    @needs(ENTER)
    def discard(self, curriculum: str) -> ResponseReturnValue:
        """Let the kept typing go and begin with an empty page."""
        where, desk = self._place(curriculum)
        desks.drop(desk)
        db.session.commit()
        return redirect(url_for("OutsideView.add", curriculum=curriculum, **where.kept))


def _keep_of_lapsed(account: Account) -> str | None:
    """Keep what somebody posted whose session lapsed; the page to come back to after signing in."""
    curriculum, this = (request.view_args or {}).get("curriculum"), current_round()
    committee = queries.committee_for(account)
    if curriculum not in CURRICULA or this is None or committee is None:
        return None
    desk = desks.new_desk(this, committee, curriculum)
    desks.keep(desk, account.id, posted_fields(MOST_FIELDS, MOST_BYTES), 0)
    db.session.commit()
    return url_for("OutsideView.add", curriculum=curriculum, committee=request.args.get("committee"))


keep_typing("OutsideView.add", _keep_of_lapsed)
