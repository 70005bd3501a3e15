"""The pages of rounds: the list, a round with what opening needs, its form, and the schools let in after its end."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.assessment.round import CLOSING, OPENING, RoundForm, UnlockForm, typed_of
from models.assessment.codes import RoundState
from models.assessment.readiness import needs_of
from models.assessment.round import MANAGE, UNLOCK, Round, Unlock, create_round
from models.assessment.school import School
from models.assessment.standing import Tally, by_curriculum, tally
from models.assessment.unlocking import refusal_to_unlock, schools_for, take_back, unlock
from models.core.clock import today
from models.core.db import db
from models.core.listing import BadPosition
from models.core.matrix import allows
from models.core.once import first_time
from models.core.thai.dates import BUDDHIST_OFFSET, buddhist_year
from models.core.workflow import Refusal
from views.assessment.rounds import queries
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.conflict import conflict_of, last_change
from views.core.deeds import REFUSED, SAVED, STALE, done, saved
from views.core.look import moment
from views.core.sentences import sentence

VIEW = "round.view"
# Where a round stands -> what can be done with it then.
NEXT = {RoundState.PREPARED: "open", RoundState.OPEN: "lock", RoundState.LOCKED: "reopen"}
TYPED = ("academic_year", "number", "opens_on", "opens_time", "closes_on", "closes_time")
USUAL_LENGTH = timedelta(days=30)


class RoundView(PageView):
    """รอบการลงทะเบียน."""

    route_base = "/rounds"
    default_view = "list"

    @expose("/")
    @needs(VIEW)
    def list(self) -> ResponseReturnValue:
        """Every round, the latest first, with what the reader's schools registered in it."""
        return self.page("assessment/rounds/list.html", lines=queries.lines(g.user), may_manage=allows(g.user, MANAGE))

    @expose("/new", methods=["GET", "POST"])
    @needs(MANAGE)
    def new(self) -> ResponseReturnValue:
        """Prepare a round; a form sent twice makes one."""
        form = RoundForm(data=_usual())
        if form.validate_on_submit():
            if not first_time(request.form.get("once", ""), g.user.id):
                db.session.rollback()
                flash(_("This form was sent already. The round is in the list."), "info")
                return redirect(url_for("RoundView.list"))
            made: list[Round] = []
            if saved(form, lambda: made.append(create_round(g.user, form.content()))) == SAVED:
                flash(_("The round is prepared. Open it when everything below is ready."), "success")
                return redirect(url_for("RoundView.show", pk=made[0].id))
        status = REFUSED if form.is_submitted() else 200
        return self._form_page(None, form), status

    @expose("/<int:pk>")
    @needs(VIEW)
    def show(self, pk: int) -> ResponseReturnValue:
        """A round: its dates, how far the reader's schools are, and for the office what can be done with it."""
        this = _round_or_404(pk, VIEW)
        schools = School.visible_to(g.user, "registration.view")
        may_manage, may_unlock = allows(g.user, MANAGE), allows(g.user, UNLOCK)
        action = NEXT[this.state]
        refusal = this.refusal(action, g.user) if may_manage else None
        try:
            page, given = (
                queries.given_of(this, request.args.get("after", ""), request.args.get("before", ""))
                if may_unlock
                else (None, [])
            )
        except BadPosition:
            abort(400)
        reported = tally(this.id, schools)
        return self.page(
            "assessment/rounds/show.html",
            round=this,
            tally=reported,
            curricula=by_curriculum(this.id, schools),
            may_manage=may_manage,
            may_unlock=may_unlock and refusal_to_unlock(this, g.user) is None,
            action=action,
            refusal=_why_not(this, refusal),
            question=_question(action, reported) if may_manage else "",
            needs=needs_of(this) if may_manage and this.state == RoundState.PREPARED else (),
            unlocks=given,
            unlock_pages=page,
        )

    @expose("/<int:pk>/edit", methods=["GET", "POST"])
    @needs(MANAGE)
    def edit(self, pk: int) -> ResponseReturnValue:
        """Change year, number and dates; of two people at once the second chooses whose values stand."""
        this = _round_or_404(pk, MANAGE)
        form = RoundForm(data=typed_of(this))
        if not form.is_submitted():
            return self._form_page(this, form)
        status, conflict = REFUSED, None
        if form.validate():
            version = form.version.data
            status = saved(form, lambda: this.perform("edit", g.user, version, content=form.content()))
            if status == SAVED:
                flash(_("The dates of the round are saved."), "success")
                return redirect(url_for("RoundView.show", pk=pk))
            if status == STALE:
                theirs = RoundForm(formdata=None, data=typed_of(this))
                conflict = conflict_of(this, form, theirs, TYPED, version=this.version)
        return self._form_page(this, form, conflict), status

    def _form_page(self, this: Round | None, form: RoundForm, conflict: Any = None) -> str:
        return self.page(
            "assessment/rounds/form.html",
            round=this,
            form=form,
            conflict=conflict,
            is_named=this is not None and this.state != RoundState.PREPARED,
            once=secrets.token_urlsafe(12),
        )

    @expose("/<int:pk>/<any(open, lock, reopen):action>", methods=["POST"])
    @needs(MANAGE)
    def move(self, pk: int, action: str) -> ResponseReturnValue:
        """Open the round, lock it, or open it again."""
        this = _round_or_404(pk, MANAGE)
        version = request.form.get("version")
        if done(lambda: this.perform(action, g.user, version), lambda: _tell_stale(this)):
            flash(_done_words(action), "success")
        return redirect(url_for("RoundView.show", pk=pk))

    # --- schools let in after the end ---------------------------------------------------------------------------------

    @expose("/<int:pk>/unlock", methods=["GET", "POST"])
    @needs(UNLOCK)
    def unlock(self, pk: int) -> ResponseReturnValue:
        """Let one school save after the round's end, for a reason and until a moment."""
        this = _round_or_404(pk, UNLOCK)
        form = UnlockForm()
        if request.method == "GET":
            chosen = _school(request.args.get("school", ""))
            form.school.data = str(chosen.id) if chosen else ""
            return self._unlock_page(this, form, chosen)
        school = _school(form.school.data or "")
        is_right = form.validate()
        if school is None:
            form.school.errors = [str(form.school.validators[0].message)]
        elif is_right:
            school_name, until = school.name, form.content()
            if saved(form, lambda: unlock(g.user, this, school, **until)) == SAVED:
                flash(_("%(school)s can save now and is told.", school=school_name), "success")
                return redirect(url_for("RoundView.show", pk=pk, _anchor="unlocks"))
        return self._unlock_page(this, form, school), REFUSED

    def _unlock_page(self, this: Round, form: UnlockForm, school: School | None) -> str:
        refusal = refusal_to_unlock(this, g.user)
        return self.page(
            "assessment/rounds/unlock.html",
            round=this,
            form=form,
            chosen=[(school.id, _called(school))] if school else [],
            refusal=sentence(refusal) if refusal else "",
        )

    @expose("/schools")
    @needs(UNLOCK)
    def schools(self) -> ResponseReturnValue:
        """Schools to choose from while one types a part of the name or the code."""
        found = queries.find_schools(g.user, request.args.get("q", "")[:200])
        return jsonify(results=[{"value": one.id, "text": one.name, "note": one.code} for one in found])

    @expose("/<int:pk>/unlocks/<int:unlock>/end", methods=["POST"])
    @needs(UNLOCK)
    def take_back(self, pk: int, unlock: int) -> ResponseReturnValue:
        """End what was given to a school before its time."""
        this = _round_or_404(pk, UNLOCK)
        given: Unlock = record_or_404(db.select(Unlock).where(Unlock.round_id == this.id), Unlock, unlock)
        name = given.school.name
        if done(lambda: take_back(g.user, given), lambda: _tell_stale(this)):
            flash(_("%(school)s can no longer save and is told.", school=name), "success")
        return redirect(url_for("RoundView.show", pk=pk, _anchor="unlocks"))


def _round_or_404(pk: int, permission: str) -> Any:
    return record_or_404(Round.visible_to(g.user, permission), Round, pk)


def _school(key: str) -> School | None:
    """The school of that number among those that the user may let in."""
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    return db.session.scalar(schools_for(g.user).where(School.id == int(key)))


def _called(school: School) -> str:
    return f"{school.name} ({school.code})"


def _usual() -> dict[str, Any]:
    """What the form of a new round begins with: this year's first, for a month from today."""
    start = today()
    return {
        "academic_year": buddhist_year(start) - BUDDHIST_OFFSET,
        "number": 1,
        "opens_on": start,
        "opens_time": OPENING,
        "closes_on": start + USUAL_LENGTH,
        "closes_time": CLOSING,
    }


def _why_not(this: Round, refusal: Refusal | None) -> str:
    """Why it cannot be opened or locked; the office is told what it can do itself."""
    if refusal is None:
        return ""
    if refusal.code == "round_is_over":
        return _("Its end, %(when)s, is past. Give it other dates.", when=moment(this.closes_at))
    return sentence(refusal)


def _question(action: str, reported: Tally) -> str:
    """What is asked before a round moves."""
    if action == "lock":
        asked = _("Lock the round? Then no school can save, unless it is let in by itself.")
        missing = ngettext(
            "%(schools)s school has not reported yet.",
            "%(schools)s schools have not reported yet.",
            reported.missing,
            schools=f"{reported.missing:,}",
        )
        return f"{asked} {missing}" if reported.missing else asked
    if action == "open":
        return _("Open the round? Schools can sign in for the first time and save from its first day on.")
    return _("Open the round again? Every school can save until the day on which it closes.")


def _done_words(action: str) -> str:
    words = {
        "open": _("The round is open."),
        "lock": _("The round is locked. No school can save any more."),
        "reopen": _("The round is open again."),
    }
    return words[action]


def _tell_stale(this: Round) -> None:
    by, when = last_change(this)
    flash(
        _(
            "%(by)s changed this round at %(when)s. It stands here as it is now; do it again if it is still needed.",
            by=by,
            when=when,
        ),
        "warning",
    )
