"""The list of outside schools and agencies, and each one’s page: edit, delete, restore (spec: assessment.md 6.1)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload

from models.assessment.agency import Saved, bring_back, change, refusal_to_enter, remove
from models.assessment.outside import ENTER, VIEW, OutsideAgency
from models.assessment.standing import committees_of
from models.core.db import db
from models.core.identity import Account
from models.core.listing import Page
from models.core.matrix import allows
from models.core.reference.provinces import province_name
from views.assessment.curricula import CURRICULUM_LABELS, curriculum_label, round_label
from views.assessment.labels import SECTORS, sector_label
from views.assessment.outside import desk as desks
from views.assessment.outside import queries
from views.assessment.outside.desk import Desk
from views.assessment.outside.page import MOST_BYTES, MOST_FIELDS, desk_page
from views.assessment.outside.words import ADD_LABELS
from views.core.access import keep_typing, needs
from views.core.base import PageView, record_or_404
from views.core.conflict import last_change
from views.core.deeds import SAVED, done, saved
from views.core.kept import posted_fields, sent_typing
from views.core.look import clock, lang


class AgencyView(PageView):
    """รายการสถานศึกษานอกสังกัด."""

    route_base = "/outside/agencies"
    default_view = "list"

    @expose("/")
    @needs(VIEW)
    def list(self) -> ResponseReturnValue:
        """The agencies of a round that the reader sees; who enters them sees also what was deleted."""
        filters = queries.Filters.read(request.args)
        this, may_enter = filters.round, allows(g.user, ENTER)
        page, tally, deleted = Page([], None, None), queries.Tally(), 0
        if this is not None:
            rows = queries.narrowed(filters, this)
            page = queries.page_of(rows, request.args.get("after", ""), request.args.get("before", ""))
            tally = queries.tally_of(rows)
            deleted = queries.deleted_in(this) if may_enter else 0
        own = list(db.session.scalars(committees_of(g.user, ENTER))) if may_enter else []
        committees = list(db.session.scalars(committees_of(g.user, VIEW)))
        refusals = {one.id: refusal_to_enter(g.user, this, one) for one in own}
        return self.page(
            "assessment/outside/list.html",
            page_of_list=page,
            filters=filters,
            tally=tally,
            deleted=deleted,
            committees=committees if len(committees) > 1 else [],
            may_enter=may_enter,
            refusal=next(iter(refusals.values()), None),
            taking=[key for key, reason in refusals.items() if reason is None],
            gone=_gone(),
            sectors=SECTORS,
            curricula=CURRICULUM_LABELS,
            add_labels=ADD_LABELS,
            curriculum_label=curriculum_label,
            province_label=lambda code: province_name(code, lang()),
            round_label=round_label,
            sector_label=sector_label,
        )

    @expose("/<int:pk>", methods=["GET"])
    @needs(VIEW)
    def show(self, pk: int) -> ResponseReturnValue:
        """An agency with its branches and numbers: a form for whom may change it now, else as it is saved."""
        desk = desks.saved_desk(_agency(pk, VIEW))
        if refusal := refusal_to_enter(g.user, desk.this, desk.committee):
            return self.page(
                "assessment/outside/show.html",
                desk=desk,
                tree=desk.tree.saved,
                refusal=refusal if allows(g.user, ENTER) else None,
                curriculum_label=curriculum_label,
                province_label=lambda code: province_name(code, lang()),
                round_label=round_label,
                sector_label=sector_label,
            )
        return self._page(desks.with_kept(desk))

    @expose("/<int:pk>", methods=["POST"])
    @needs(ENTER)
    def save(self, pk: int) -> ResponseReturnValue:
        """Save an agency; what is wrong, or what somebody else said differently, is shown and nothing is lost."""
        desk = desks.saved_desk(_agency(pk, ENTER, deleted=True))
        fields = posted_fields(MOST_FIELDS, MOST_BYTES)
        desks.typed_over(desk, fields, request.form.get("version")).is_checked = True
        found = desks.said(desk)
        if not desk.form.validate() or found.wrong:
            return self._page(desk), 422
        result: list[Saved] = []

        def enter() -> None:
            result.append(change(g.user, _whole(desk), desk.form.details(), found.counts, desk.opened))
            if not (result[0].clashes or result[0].differences):
                desks.drop(desk)

        if saved(desk.form, enter) != SAVED:
            return self._page(desk), 422
        if result[0].clashes or result[0].differences:
            return self._page(desk, conflict=desks.conflict_of(result[0], desk)), 409
        _tell(result[0])
        return redirect(url_for("AgencyView.list"), code=303)

    def _page(self, desk: Desk, **more: Any) -> str:
        agency = _whole(desk)
        return desk_page(
            self,
            desk,
            title=agency.name,
            here=url_for("AgencyView.save", pk=agency.id),
            keep_url=url_for("AgencyView.keep", pk=agency.id),
            discard_url=url_for("AgencyView.discard", pk=agency.id),
            back=url_for("AgencyView.list"),
            **more,
        )

    # --- deleting, and undoing it -------------------------------------------------------------------------------------

    @expose("/<int:pk>/delete", methods=["POST"])
    @needs(ENTER)
    def delete(self, pk: int) -> ResponseReturnValue:
        """Delete the whole row; the list offers to undo it."""
        agency = _agency(pk, ENTER, deleted=True)
        back = url_for("AgencyView.list")
        if done(lambda: remove(g.user, agency, request.form.get("version")), lambda: _tell_stale(agency)):
            back = url_for("AgencyView.list", gone=agency.id)
        return redirect(back, code=303)

    @expose("/<int:pk>/restore", methods=["POST"])
    @needs(ENTER)
    def restore(self, pk: int) -> ResponseReturnValue:
        """Undo a deletion."""
        agency = _agency(pk, ENTER, deleted=True)
        if done(lambda: bring_back(g.user, agency), lambda: _tell_stale(agency)):
            flash(_("%(name)s is on the list again.", name=agency.name), "success")
        return redirect(url_for("AgencyView.list"), code=303)

    # --- typing that is not saved yet ---------------------------------------------------------------------------------

    @expose("/<int:pk>/typing", methods=["POST"])
    @needs(ENTER)
    def keep(self, pk: int) -> ResponseReturnValue:
        """Keep typing: JSON {user, version, fields: [[name, text]]} -> {text, others}; nothing of it is saved."""
        desk = desks.saved_desk(_agency(pk, ENTER))
        sent = sent_typing(MOST_FIELDS, MOST_BYTES)
        if sent.refusal is not None:
            return sent.refusal
        version = sent.base.get("version")
        at = desks.keep(desk, g.user.id, sent.fields, version)
        others = desks.typed_over(desk, sent.fields, version).others
        db.session.commit()
        return jsonify(text=_("Kept at %(time)s, not saved yet", time=clock(at)), others=others)

    @expose("/<int:pk>/typing/discard", methods=["POST"])
    @needs(ENTER)
    def discard(self, pk: int) -> ResponseReturnValue:
        """Let the kept typing go and show what is saved."""
        desks.drop(desks.saved_desk(_agency(pk, ENTER)))
        db.session.commit()
        return redirect(url_for("AgencyView.show", pk=pk))


def _agency(pk: int, permission: str, *, deleted: bool = False) -> OutsideAgency:
    """An agency among those on which the reader holds the permission, with its round and committee."""
    reach = OutsideAgency.reported_by if deleted else OutsideAgency.visible_to
    rows = reach(g.user, permission).options(joinedload(OutsideAgency.round), joinedload(OutsideAgency.committee))
    found: OutsideAgency = record_or_404(rows, OutsideAgency, pk)
    return found


def _whole(desk: Desk) -> OutsideAgency:
    """The agency of a page that has one."""
    if desk.agency is None:
        raise ValueError("This page adds an agency.")
    return desk.agency


def _gone() -> OutsideAgency | None:
    """The agency that was deleted a moment before, to undo it from the list."""
    given = request.args.get("gone", "")
    if not (given.isascii() and given.isdecimal() and len(given) <= 9):
        return None
    rows = OutsideAgency.reported_by(g.user, ENTER)
    return db.session.scalar(rows.where(OutsideAgency.id == int(given), OutsideAgency.deleted_at.is_not(None)))


def _tell(result: Saved) -> None:
    if not result.changed:
        flash(_("Nothing was changed: this is saved already."), "info")
        return
    words = _("%(name)s is saved: %(students)s students.")
    students = sum(result.sheet.counts.values())
    flash(words % {"name": result.sheet.details.name, "students": f"{students:,}"}, "success")
    if taken := len(result.taken) + len(result.taken_fields):
        flash(
            ngettext(
                "Somebody else saved while you were at it. %(num)s field stands as they said.",
                "Somebody else saved while you were at it. %(num)s fields stand as they said.",
                taken,
            ),
            "warning",
        )


def _tell_stale(agency: OutsideAgency) -> None:
    """Say who changed the agency meanwhile; nothing was deleted."""
    by, when = last_change(agency)
    flash(
        _(
            "%(by)s changed %(name)s at %(when)s, so it was not deleted. Look at it and do it again if it is to go.",
            by=by,
            name=agency.name,
            when=when,
        ),
        "warning",
    )


def _keep_of_lapsed(account: Account) -> str | None:
    """Keep what somebody posted whose session lapsed; the page to come back to after signing in."""
    pk = (request.view_args or {}).get("pk")
    rows = OutsideAgency.visible_to(account, ENTER).where(OutsideAgency.id == pk)
    agency = db.session.scalar(rows)
    if agency is None:
        return None
    desk = desks.saved_desk(agency)
    desks.keep(desk, account.id, posted_fields(MOST_FIELDS, MOST_BYTES), request.form.get("version"))
    db.session.commit()
    return url_for("AgencyView.show", pk=pk)


keep_typing("AgencyView.save", _keep_of_lapsed)
