"""ข้อมูลสาขางานในสถานศึกษา: the menu of five and the page of each curriculum (spec: assessment.md 4)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from forms.assessment.branches import READ, field_of, read_counts, typed_rows, write_counts
from models.assessment import counts as counting
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import REGISTER, Saved, save, sheet_of
from models.assessment.round import Round, round_before
from models.assessment.school import School
from models.core.db import db
from models.core.identity import Account
from models.core.workflow import Refused
from views.assessment.asked import asked_round, rounds_of
from views.assessment.branches import Tree, label_of, tree_of
from views.assessment.curricula import curriculum_label, round_label
from views.assessment.registration import desk as desks
from views.assessment.registration.clash import conflict_of, taken_words
from views.assessment.registration.desk import Desk, Standing, more
from views.core.access import keep_typing, needs
from views.core.base import PageView, tell_refused
from views.core.kept import base_number, browser_key, others_at, posted_fields, sent_typing
from views.core.look import clock, moment

MOST_FIELDS, MOST_BYTES = 5_000, 512 * 1024


class RegistrationView(PageView):
    """ข้อมูลสาขางานในสถานศึกษา, of the reader's own school."""

    route_base = "/registration"
    default_view = "index"

    @expose("/")
    @needs(REGISTER)
    def index(self) -> ResponseReturnValue:
        """The menu of five: each curriculum with its state and totals, and the report."""
        school = desks.school_or_404()
        rounds = rounds_of(g.user)
        standing = desks.standing_of(school, rounds)
        last_round = round_before(standing.round) if standing.round else None
        return self.page(
            "assessment/registration/index.html",
            school=school,
            standing=standing,
            elsewhere=desks.elsewhere(school, standing),
            places=desks.places_of(school, standing.round, last_round) if standing.round else [],
            last_round=last_round,
            rounds=rounds,
            curriculum_label=curriculum_label,
            round_label=round_label,
            more=more,
        )

    # --- the four pages, each an entry of the menu -------------------------------------------------------------------

    @expose("/pvc2556")
    @needs(REGISTER)
    def pvc2556(self) -> ResponseReturnValue:
        """ปวช3. หลักสูตร ปวช.56."""
        return self._show("pvc2556")

    @expose("/pvs2557")
    @needs(REGISTER)
    def pvs2557(self) -> ResponseReturnValue:
        """ปวส2. หลักสูตร ปวส.57."""
        return self._show("pvs2557")

    @expose("/pvc2562")
    @needs(REGISTER)
    def pvc2562(self) -> ResponseReturnValue:
        """ปวช3. หลักสูตร ปวช.62."""
        return self._show("pvc2562")

    @expose("/pvs2563")
    @needs(REGISTER)
    def pvs2563(self) -> ResponseReturnValue:
        """ปวส2. หลักสูตร ปวส.63."""
        return self._show("pvs2563")

    def _show(self, curriculum: str) -> ResponseReturnValue:
        school = desks.school_or_404()
        standing = desks.standing_of(school, rounds_of(g.user))
        if standing.round is None:
            return redirect(url_for("RegistrationView.index"))
        carry = bool(request.args.get("carry")) and standing.refusal is None
        return self._page(desks.desk_of(school, standing, curriculum, carry=carry))

    def _page(self, desk: Desk, conflict: Any = None, problems: list[tuple[str, str, str]] | None = None) -> str:
        this = desk.standing.round
        assert this is not None  # noqa: S101 - a desk has its round
        return self.page(
            "assessment/registration/curriculum.html",
            desk=desk,
            tree=desk.tree,
            standing=desk.standing,
            elsewhere=desks.elsewhere(desk.school, desk.standing),
            this=this,
            places=desks.places_of(desk.school, this),
            conflict=conflict,
            problems=problems or [],
            read=write_counts(desk.read),
            unsent=self._unsent(desk) if desk.may_save else None,
            curriculum_label=curriculum_label,
            round_label=round_label,
            more=more,
        )

    @staticmethod
    def _unsent(desk: Desk) -> dict[str, Any]:
        """What static/core/js/unsent.js needs: typing outlives the session and the line."""
        here = page_url(desk.curriculum)
        return {
            "user": g.user.id,
            "key": browser_key(g.user, desks.FORM),
            "place": f"registration.{desks.record_key(desk.standing.round, desk.school)}.{desk.curriculum}",
            "record": desk.curriculum,
            "isNew": False,
            "typed": desk.kept_at is not None,
            "secret": [],
            "back": "",
            "keepUrl": url_for("RegistrationView.keep", curriculum=desk.curriculum, **more()),
            "keptUrl": here,
            "tokenUrl": url_for("TypingView.token"),
            "text": {
                "ended": _(
                    "Your session has ended. What you typed is kept; sign in again in a new tab and go on here."
                ),
                "other_user": _(
                    "Somebody else has signed in on this browser. Sign in again as yourself; what you typed is kept"
                    " here."
                ),
            },
        }

    # --- saving ------------------------------------------------------------------------------------------------------

    @expose("/<curriculum>", methods=["POST"])
    @needs(REGISTER)
    def save(self, curriculum: str) -> ResponseReturnValue:
        """Save the page; what is wrong, or what somebody else said of the same branch, is shown and nothing is lost."""
        fields = posted_fields(MOST_FIELDS, MOST_BYTES)
        school, standing = _place(curriculum)
        version = base_number(request.form.get("version"))
        found, read = counting.read(typed_rows(fields)), read_counts(field_of(fields, READ))
        if standing.refusal is not None:
            return self._refused(school, standing, curriculum, Refused(standing.refusal))
        if found.wrong:
            return self._wrong(school, standing, curriculum, fields, version)
        try:
            saved = save(g.user, standing.round, school, curriculum, found.counts, read=read, version=version)
        except Refused as refused:
            db.session.rollback()
            if refused.refusal.code == "no_such_branch":
                tell_refused(refused)
                return self._wrong(school, standing, curriculum, fields, version)
            return self._refused(school, standing, curriculum, refused)
        if saved.clashes:
            db.session.rollback()
            desk = desks.desk_of(school, standing, curriculum, fields, version)
            return self._page(desk, conflict_of(saved, desk.tree, found.counts, read)), 409
        desks.drop(g.user.id, standing.round, school, curriculum)
        db.session.commit()
        self._tell(saved, curriculum)
        return redirect(page_url(curriculum), code=303)

    def _wrong(
        self, school: School, standing: Standing, curriculum: str, fields: desks.Fields, version: int
    ) -> ResponseReturnValue:
        """The page again with what was typed, each row that is to be corrected named on top."""
        desk = desks.desk_of(school, standing, curriculum, fields, version)
        problems = [(f"n-{row.id}", label_of(row), row.wrong_text) for row in desk.tree.wrong]
        return self._page(desk, problems=problems), 422

    @staticmethod
    def _refused(school: School, standing: Standing, curriculum: str, refused: Refused) -> ResponseReturnValue:
        """The round ended meanwhile: what was typed is kept for when it takes numbers again."""
        _keep_posted(g.user, standing.round, school, curriculum)
        db.session.commit()
        tell_refused(refused)
        flash(_("What you typed is kept. It comes back here when your school may save again."), "info")
        return redirect(page_url(curriculum), code=303)

    @staticmethod
    def _tell(saved: Saved, curriculum: str) -> None:
        counts = saved.sheet.counts
        if not saved.changed:
            flash(_("Nothing was changed: these numbers are saved already."), "info")
        elif counts:
            words = _("Saved: %(students)s students in %(branches)s branches.")
            flash(words % {"students": f"{counting.total(counts):,}", "branches": len(counts)}, "success")
        else:
            flash(_("Saved: no student of this curriculum will be assessed."), "success")
        if saved.taken:
            flash(taken_words(saved, _named(curriculum, saved)), "warning")

    # --- typing that is not saved yet --------------------------------------------------------------------------------

    @expose("/<curriculum>/typing", methods=["POST"])
    @needs(REGISTER)
    def keep(self, curriculum: str) -> ResponseReturnValue:
        """Keep what is typed: JSON {user, version, fields: [[name, text]]} -> {text, others}; it saves nothing."""
        school, standing = _place(curriculum)
        sent = sent_typing(MOST_FIELDS, MOST_BYTES)
        if sent.refusal is not None:
            return sent.refusal
        version = base_number(sent.base.get("version"))
        sheet = sheet_of(standing.round.id, school.id, curriculum)
        if desks.says(typed_rows(sent.fields), sheet.counts):  # what was typed was taken back
            desks.drop(g.user.id, standing.round, school, curriculum)
            text = _("Saved %(when)s", when=moment(sheet.saved_at)) if sheet.saved_at else ""
        else:
            at = desks.keep(g.user.id, standing.round, school, curriculum, sent.fields, version)
            text = _("Kept at %(time)s, not saved yet", time=clock(at))
        where = (desks.FORM, desks.record_key(standing.round, school), curriculum)
        saved = {"version": sheet.version, "saved_by": sheet.saved_by, "saved_at": sheet.saved_at}
        others = others_at(*where, base=version, **saved)
        db.session.commit()
        return jsonify(text=text, others=others)

    @expose("/<curriculum>/typing/discard", methods=["POST"])
    @needs(REGISTER)
    def discard(self, curriculum: str) -> ResponseReturnValue:
        """Let the kept typing go and show what is saved."""
        school, standing = _place(curriculum)
        desks.drop(g.user.id, standing.round, school, curriculum)
        db.session.commit()
        return redirect(page_url(curriculum))


def page_url(curriculum: str, **values: Any) -> str:
    """The page of a curriculum, in the round that was asked for."""
    return url_for(f"RegistrationView.{curriculum}", **more(**values))


def _place(curriculum: str) -> tuple[School, Any]:
    """The reader's school and the round; 404 for a curriculum that is none, and before the first round."""
    if curriculum not in CURRICULA:
        raise NotFound
    school = desks.school_or_404()
    standing = desks.standing_of(school, rounds_of(g.user))
    if standing.round is None:
        raise NotFound
    return school, standing


def _named(curriculum: str, saved: Saved) -> Tree:
    """The branches by name, for a sentence."""
    return tree_of(curriculum, {}, read=saved.taken)


def _keep_posted(account: Account, this: Round, school: School, curriculum: str) -> None:
    version = base_number(request.form.get("version"))
    desks.keep(account.id, this, school, curriculum, posted_fields(MOST_FIELDS, MOST_BYTES), version)


def _keep_of_lapsed(account: Account) -> str | None:
    """Keep what somebody posted whose session lapsed; the page to come back to after signing in."""
    curriculum = (request.view_args or {}).get("curriculum")
    school = desks.own_school(account)
    if curriculum not in CURRICULA or school is None:
        return None
    this = asked_round(rounds_of(account), request.args)
    if this is None:
        return None
    _keep_posted(account, this, school, curriculum)
    db.session.commit()
    return page_url(curriculum)


keep_typing("RegistrationView.save", _keep_of_lapsed)
