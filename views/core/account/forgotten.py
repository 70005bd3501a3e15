"""ลืมรหัสผ่าน: a link by mail, once, for an hour (spec: fund.md 2.3)."""

from __future__ import annotations

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import logout_user

from forms.core.account import EmailForm, TwicePasswordForm
from models.core import registration
from models.core.db import begin_writing, db
from models.core.password import hash_password
from services.seal import seal
from views.core import ways
from views.core.access import open_to_all, reads_first
from views.core.account.registration import SENT_TO
from views.core.base import PageView
from views.core.limits import even_time, too_many_links


class ForgottenView(PageView):
    """ลืมรหัสผ่าน."""

    route_base = "/forgotten"
    default_view = "form"

    @expose("/", methods=["GET", "POST"])
    @open_to_all
    @reads_first
    def form(self) -> ResponseReturnValue:
        """Ask for the e-mail; the answer is the same for one that nobody has."""
        form = EmailForm()
        if form.validate_on_submit():
            email = str(form.email.data)
            if problem := too_many_links(email):
                form.form_errors.append(problem)
            else:
                with even_time():
                    begin_writing()
                    registration.ask_reset(email, seal)
                    db.session.commit()
                session[SENT_TO] = email
                return redirect(url_for("ForgottenView.sent"))
        page = self.page("core/password_forgotten.html", form=form, ways=ways.ways())
        return page, 422 if request.method == "POST" else 200

    @expose("/sent")
    @open_to_all
    def sent(self) -> ResponseReturnValue:
        """Say that a mail is on its way if the e-mail is known."""
        return self.page("core/password_sent.html", email=session.get(SENT_TO, ""))

    @expose("/<token>", methods=["GET", "POST"])
    @open_to_all
    @reads_first
    def reset(self, token: str) -> ResponseReturnValue:
        """Choose a new password by the mailed link; every open session of the account ends."""
        form = TwicePasswordForm()
        is_good = registration.opens(token, registration.RESET)
        if is_good and form.validate_on_submit():
            hashed = hash_password(str(form.password.data))
            begin_writing()
            account = registration.reset(token, hashed)
            db.session.commit()
            if account is not None:
                logout_user()
                flash(_("Your new password is stored. Sign in with it."), "success")
                return redirect(url_for("SignView.sign_in"))
            is_good = False
        status = 410 if not is_good else 422 if request.method == "POST" else 200
        return self.page("core/password_reset.html", form=form, is_good=is_good), status
