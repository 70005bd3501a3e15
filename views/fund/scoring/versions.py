"""แบบกลั่นกรองโครงการ: its versions, edited, previewed and published by staff (spec: fund.md 8; permission H2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from models.core import audit
from models.core.db import StaleVersion, db
from models.core.identity import names_of
from models.core.workflow import Refused
from models.fund.scoring import FULL_TOTAL, ScoringForm, current_form, new_version, open_draft
from models.fund.scoring.form import DRAFT, PUBLISHED, wrong_shapes
from models.fund.scoring.versions import PERMISSION
from reports.fund.scoring import TITLE, blank_paper
from views.core.access import keep_typing, needs
from views.core.base import PageView, record_or_404, tell_refused
from views.core.conflict import conflict_of
from views.core.kept import base_number, sent_typing
from views.core.look import clock
from views.core.printing import file_name, give
from views.core.sentences import sentence
from views.fund.scoring import version_desk as desks
from views.fund.scoring.desk import spans_of
from views.fund.scoring.version_words import lines_between, state_chip
from views.fund.words import band_label


class ScoringFormView(PageView):
    """แบบกลั่นกรองโครงการ."""

    route_base = "/scoring-forms"
    default_view = "list"

    @expose("/")
    @needs(PERMISSION)
    def list(self) -> ResponseReturnValue:
        """Every version, the newest first: its state, when it was published and by whom, how many sheets keep it."""
        versions = db.session.scalars(
            ScoringForm.visible_to(g.user, PERMISSION).order_by(ScoringForm.number.desc())
        ).all()
        if not any(version.state == PUBLISHED for version in versions):
            abort(404)  # No reference data: `flask sala init` was not run.
        in_force = next(version for version in versions if version.state == PUBLISHED)
        uses = desks.uses_of(version.id for version in versions)
        people = names_of([version.published_by_id for version in versions if version.published_by_id])
        numbers = {version.id: version.number for version in versions}
        lines = [
            {
                "version": version,
                "chip": state_chip(version, in_force),
                "by": people.get(version.published_by_id, "") if version.published_by_id else "",
                "sent": uses.get(version.id, (0, 0))[0],
                "begun": uses.get(version.id, (0, 0))[1],
                "based_on": numbers.get(version.based_on_id) if version.based_on_id else None,
            }
            for version in versions
        ]
        draft = next((version for version in versions if version.state == DRAFT), None)
        return self.page("fund/scoring/versions.html", lines=lines, in_force=in_force, draft=draft)

    @expose("/new", methods=["POST"])
    @needs(PERMISSION)
    def new(self) -> ResponseReturnValue:
        """Begin a draft of the next version, from the one in force or from the one asked for; there is one at most."""
        source = _version(int(request.form["from"])) if request.form.get("from", "").isdecimal() else None
        there = open_draft()
        try:
            draft = new_version(g.user, source)
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("ScoringFormView.list"))
        db.session.commit()
        if there is not None:
            flash(
                _(
                    "Version %(number)s is being written already. Go on with it, or discard it first.",
                    number=there.number,
                ),
                "info",
            )
        return redirect(url_for("ScoringFormView.edit", pk=draft.id))

    # --- one version -------------------------------------------------------------------------------------------------

    @expose("/<int:pk>")
    @needs(PERMISSION)
    def show(self, pk: int) -> ResponseReturnValue:
        """A version as whoever records meets it, with live points, and what it changes; a draft is published here."""
        version = _version(pk)
        in_force = _in_force()
        before = _compared_with(version, in_force)
        sent, begun = desks.uses_of([version.id]).get(version.id, (0, 0))
        problems = [sentence(refusal) for refusal in wrong_shapes(version)] if version.state == DRAFT else []
        return self.page(
            "fund/scoring/version.html",
            version=version,
            in_force=in_force,
            before=before,
            lines=lines_between(before, version) if before is not None else [],
            chip=state_chip(version, in_force),
            by=names_of([version.published_by_id]).get(version.published_by_id, "") if version.published_by_id else "",
            sent=sent,
            begun=begun,
            problems=problems,
            is_publishing=request.args.get("publish") == "1" and version.state == DRAFT and not problems,
            waiting=desks.uses_of([in_force.id]).get(in_force.id, (0, 0))[1],
            desk=desks.preview_of(version),
            bands=[(lowest, code, band_label(code)) for lowest, code in version.scale.bands],
            spans=spans_of(version.scale),
            passing=version.passing,
            full=FULL_TOTAL,
        )

    @expose("/<int:pk>.pdf")
    @needs(PERMISSION)
    def paper(self, pk: int) -> ResponseReturnValue:
        """An empty form of this version as PDF, as it is filled in by hand."""
        version = _version(pk)
        return give(
            lambda: blank_paper(version),
            name=file_name(TITLE, f"v{version.number}"),
            fallback=f"scoring-form-{version.number}.pdf",
            about=f"scoring form {pk}",
            note=lambda: audit.note("fund_scoring_form.print", entity="fund_scoring_form", entity_id=pk),
        )

    # --- the draft ---------------------------------------------------------------------------------------------------

    @expose("/<int:pk>/edit")
    @needs(PERMISSION)
    def edit(self, pk: int) -> ResponseReturnValue:
        """The draft as it is saved, or with this user's own typing that was not."""
        version = _version(pk)
        if version.state != DRAFT:
            return redirect(url_for("ScoringFormView.show", pk=pk))
        row = desks.kept(version)
        if row is None:
            return self._edit_page(version, desks.fields_of(version, None))
        form = desks.fields_of(version, desks.typed_in(row))
        form.version.data = str(row.base_version)
        return self._edit_page(version, form, kept_at=row.saved_at)

    @expose("/<int:pk>/edit", methods=["POST"])
    @needs(PERMISSION)
    def save(self, pk: int) -> ResponseReturnValue:
        """Save the draft; then go on editing, look at it, or be asked whether to publish it."""
        version = _version(pk)
        form = desks.fields_of(version, request.form)
        if version.state != DRAFT:
            return self._too_late(version, form)
        if not form.validate():
            return self._edit_page(version, form, status=422)
        try:
            version.perform("edit", g.user, form.version.data, content=form.content())
            desks.drop(pk)
            db.session.commit()
        except (StaleVersion, Refused) as failed:
            db.session.rollback()
            version = _version(pk)
            if version.state != DRAFT:
                return self._too_late(version, form)
            if isinstance(failed, Refused):
                return self._edit_page(version, form, status=409, note=sentence(failed))
            saved = desks.fields_of(version, None)
            conflict = conflict_of(version, form, saved, form.typed_names, version=version.version)
            if not conflict.fields:
                form.version.data = str(version.version)
                return self._edit_page(
                    version, form, status=409, note=_("The same was saved a moment before. You can go on.")
                )
            by, when = desks.last_hand(version)
            return self._edit_page(version, form, status=409, conflict=replace(conflict, by=by, when=when))
        go = request.form.get("go")
        if go == "publish":
            if desks.blame_shape(version, form):
                form.version.data = str(version.version)
                return self._edit_page(version, form, status=422, is_publishing=True)
            return redirect(url_for("ScoringFormView.show", pk=pk, publish=1))
        flash(_("The draft is saved. It is not published yet."), "success")
        return redirect(url_for("ScoringFormView.show" if go == "preview" else "ScoringFormView.edit", pk=pk))

    def _too_late(self, version: ScoringForm, form: Any) -> ResponseReturnValue:
        """Published or discarded meanwhile: what was typed stays on the page, to copy from."""
        by, when = desks.last_hand(version)
        words = (
            _(
                "%(by)s published this version at %(when)s. It cannot be changed any more; what you typed is below,"
                " to copy from.",
                by=by,
                when=when,
            )
            if version.state == PUBLISHED
            else _("%(by)s threw this draft away at %(when)s. What you typed is below, to copy from.", by=by, when=when)
        )
        return self._edit_page(version, form, status=409, note=words, is_late=True)

    def _edit_page(self, version: ScoringForm, form: Any, *, status: int = 200, **more: Any) -> ResponseReturnValue:
        based_on = db.session.get(ScoringForm, version.based_on_id) if version.based_on_id else None
        given = {"kept_at": None, "conflict": None, "note": "", "is_late": False, "is_publishing": False, **more}
        page = self.page(
            "fund/scoring/version_edit.html",
            version=version,
            form=form,
            in_force=_in_force(),
            based_on=based_on,
            others="" if given["is_late"] else desks.others(version, base_number(form.version.data)),
            changed=desks.last_hand(version),
            full=FULL_TOTAL,
            **given,
        )
        return page, status

    @expose("/<int:pk>/typing", methods=["POST"])
    @needs(PERMISSION)
    def keep(self, pk: int) -> ResponseReturnValue:
        """Keep typing: JSON {user, version, fields: [[name, text]]} -> {text, others}; the draft is not touched."""
        version = _version(pk)
        sent = sent_typing(desks.MOST_FIELDS, desks.MOST_BYTES)
        if sent.refusal is not None:
            return sent.refusal
        if version.state != DRAFT:
            words = _("This version is not a draft any more. Press Save to see why; what you typed stays.")
            return jsonify(error=words, code="not_a_draft"), 409
        base = base_number(sent.base.get("version"))
        at = desks.keep(g.user.id, pk, base, sent.fields)
        others = desks.others(version, base)
        db.session.commit()
        return jsonify(text=_("Autosaved at %(time)s", time=clock(at)), others=others)

    @expose("/<int:pk>/typing/discard", methods=["POST"])
    @needs(PERMISSION)
    def forget(self, pk: int) -> ResponseReturnValue:
        """Let the kept typing go and show what is saved."""
        desks.drop(_version(pk).id)
        db.session.commit()
        return redirect(url_for("ScoringFormView.edit", pk=pk))

    @expose("/<int:pk>/publish", methods=["POST"])
    @needs(PERMISSION)
    def publish(self, pk: int) -> ResponseReturnValue:
        """Put the draft in force: sheets begun from now on use it; those begun before keep theirs."""
        return self._end(pk, "publish")

    @expose("/<int:pk>/discard", methods=["POST"])
    @needs(PERMISSION)
    def discard(self, pk: int) -> ResponseReturnValue:
        """Throw the draft away; it stays readable on the list."""
        return self._end(pk, "discard")

    @staticmethod
    def _end(pk: int, action: str) -> ResponseReturnValue:
        version = _version(pk)
        try:
            version.perform(action, g.user, request.form.get("version"))
            desks.drop(pk)
            db.session.commit()
        except StaleVersion:
            db.session.rollback()
            flash(_stale(action, version), "warning")
            return redirect(url_for("ScoringFormView.show", pk=pk))
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("ScoringFormView.show", pk=pk))
        flash(_done(action, version), "success")
        return redirect(url_for("ScoringFormView.list"))


def _done(action: str, version: ScoringForm) -> str:
    texts = {
        "publish": _("Version %(number)s is in force. Sheets begun from now on use it.", number=version.number),
        "discard": _("The draft of version %(number)s is thrown away.", number=version.number),
    }
    return texts[action]


def _stale(action: str, version: ScoringForm) -> str:
    by, when = desks.last_hand(version)
    if action == "publish":
        return _("%(by)s changed this draft at %(when)s, so it was not published. Look at it again.", by=by, when=when)
    return _("%(by)s changed this draft at %(when)s, so it was not thrown away. Look at it again.", by=by, when=when)


def _version(pk: int) -> ScoringForm:
    rows = desks.whole(ScoringForm.visible_to(g.user, PERMISSION))
    found: ScoringForm = record_or_404(rows, ScoringForm, pk)
    return found


def _in_force() -> ScoringForm:
    return desks.version_where(ScoringForm.state == PUBLISHED) or current_form()


def _compared_with(version: ScoringForm, in_force: ScoringForm) -> ScoringForm | None:
    """What a version is held against: a draft the one in force, a published one that before it."""
    if version.state != PUBLISHED:
        return in_force
    return desks.version_where(ScoringForm.state == PUBLISHED, ScoringForm.number < version.number)


keep_typing("ScoringFormView.save", desks.keep_of_lapsed)
