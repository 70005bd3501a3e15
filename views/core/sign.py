"""Signing in and out (spec: fund.md 2.5): throttled, timed alike for known and unknown, sessions as rows."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from forms.core.sign import SignInForm
from models.core import audit
from models.core.db import begin_writing, db, now
from models.core.identity import Account, account_by_identity, end_sessions, kill_links, open_session
from models.core.password import password_matches
from models.core.registration import has_still, texts_due
from models.core.thai.text import mask_email
from services import throttle
from views.core import ways
from views.core.access import open_to_all, reads_first, signed_in_at_entry
from views.core.base import PageView, safe_next
from views.core.limits import too_many


def begin_session(account: Account) -> None:
    """Sign the account in on this browser: a fresh cookie, a session row, an entry in the access log."""
    kept = {key: session[key] for key in ("locale",) if key in session}
    session.clear()
    session.update(kept)
    agent = request.user_agent.string or ""
    open_session(account, agent, request.remote_addr or "")
    login_user(account)
    g.user = account
    audit.act_as(account.id, request.remote_addr or "", g.get("request_id", ""))
    audit.note("sign_in", account)
    account.last_login = now().replace(tzinfo=None)
    account.login_count = (account.login_count or 0) + 1
    kill_links(account.id, "reset")
    if texts_due(account):
        session["texts_due"] = True


def leave() -> None:
    """Forget the account in this browser; what the session was is ended by whoever calls. The language stays."""
    logout_user()
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


class SignView(PageView):
    """เข้าสู่ระบบ and ออกจากระบบ."""

    route_base = "/sign"
    default_view = "sign_in"

    @expose("/in", methods=["GET", "POST"])
    @open_to_all
    @reads_first
    def sign_in(self) -> ResponseReturnValue:
        """Ask for e-mail and password; the answer to a wrong one says nothing about which was wrong."""
        target = safe_next(request.values.get("next"), url_for("HomeView.index"))
        if g.user.is_authenticated:
            return redirect(target)
        form = SignInForm(nouns=[str(way.noun) for way in ways.ways()])
        if request.method == "GET" and request.args.get("reason") == "ended":
            flash(_("Your session has ended. Sign in again to go on; what you typed was kept."), "warning")
        status = 200
        if form.validate_on_submit():
            problem = self._try(str(form.email.data), str(form.password.data))
            if problem is None:
                return redirect(target)
            form.form_errors.append(problem)
            status = 400
        elif request.method == "POST":
            status = 400
        return self.page("core/sign_in.html", form=form, next=target, ways=ways.ways()), status

    def _try(self, typed: str, password: str) -> str | None:
        """Sign in; None when it went well, else what to tell."""
        address = request.remote_addr or ""
        type_, name, way = ways.read(typed)
        first = way.first if way is not None else None
        is_claim = first is not None and first.claims(name, password)
        limits = [(throttle.SIGN_IN, (name, address)), (throttle.SIGN_IN_ADDRESS, (address,))]
        if is_claim:
            limits += [(throttle.FIRST_PASSWORD, (name,)), (throttle.FIRST_PASSWORD_ADDRESS, (address,))]
        problem = too_many(*limits)
        if problem is not None:
            current_app.logger.warning("sign-in limit reached")
            return problem
        account = account_by_identity(type_, name)
        # Asked of every name alike, so that the answer to an unknown one takes no less.
        is_first = first is not None and first.opens(name, password)
        hashed = account.password if account is not None else None
        db.session.commit()  # Nothing is held while the password is hashed.
        is_right = password_matches(hashed, password)
        if account is not None and not hashed:
            is_right = is_first
        begin_writing()
        if account is not None and is_right:
            is_right = has_still(account, hashed)
        if account is None or not is_right:
            # Of what was typed only a mask: it may be a password in the wrong field.
            mask = mask_email(name) if way is None else name
            audit.note("sign_in_failed", account, why="password" if account else "unknown", typed=mask)
            db.session.commit()
            return self._wrong(way, is_claim)
        if account.confirmed_at is None:
            audit.note("sign_in_failed", account, why="not confirmed")
            db.session.commit()
            return _(
                "This account is not confirmed yet. Open the link in the e-mail we sent, or have it sent again below."
            )
        if not account.active:
            audit.note("sign_in_failed", account, why="closed")
            db.session.commit()
            return _("This account is closed. Ask the fund's staff if you think it should not be.")
        begin_session(account)
        if first is not None and not account.password:
            first.entered(account)
        db.session.commit()
        throttle.forget(throttle.SIGN_IN, name, address)
        db.session.commit()
        return None

    @staticmethod
    def _wrong(way: ways.Way | None, is_claim: bool) -> str:
        if way is None:
            return _("E-mail or password is not right. Check both and try again.")
        return str(way.first.wrong if is_claim and way.first is not None else way.wrong)

    @expose("/out", methods=["POST"])
    @signed_in_at_entry
    def sign_out(self) -> ResponseReturnValue:
        """End this device's session; the others stay."""
        row: Any = g.get("session_row")
        if row is not None:
            end_sessions(g.user.id, only=row.id)
        audit.note("sign_out", g.user)
        db.session.commit()
        leave()
        flash(_("You have signed out."), "success")
        return redirect(url_for("SignView.sign_in"))
