"""Opening an account: form, the same answer for all, and the page whose button confirms (spec: fund.md 2.1)."""

from __future__ import annotations

from flask import flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from forms.core.account import EmailForm, RegisterForm
from models.core import registration
from models.core.db import begin_writing, db
from models.core.legal import ACCEPTED, legal_text
from models.core.once import first_time
from models.core.password import hash_password
from services.seal import seal
from views.core.access import needs, open_to_all, reads_first
from views.core.base import PageView
from views.core.limits import even_time, too_many_links
from views.core.look import lang

SENT_TO = "sent_to"


class RegisterView(PageView):
    """เปิดบัญชีผู้ใช้งาน."""

    route_base = "/register"
    default_view = "form"

    @expose("/", methods=["GET", "POST"])
    @needs("account.create", before_ready=True)
    @reads_first
    def form(self) -> ResponseReturnValue:
        """Take e-mail, password and the two acceptances; what follows looks the same for a known e-mail."""
        if g.user.is_authenticated:
            return redirect(url_for("HomeView.index"))
        form = RegisterForm()
        if form.validate_on_submit():
            email = str(form.email.data)
            if problem := too_many_links(email):
                form.form_errors.append(problem)
            else:
                with even_time():
                    self._register(email, str(form.password.data), str(form.form_token.data or ""))
                session[SENT_TO] = email
                return redirect(url_for("RegisterView.sent"))
        texts = [legal_text(name, lang()) for name in ACCEPTED]
        return self.page("core/register.html", form=form, texts=texts), 422 if request.method == "POST" else 200

    @staticmethod
    def _register(email: str, password: str, token: str) -> None:
        hashed = hash_password(password)  # Always, and before the write lock: it takes the same time for everybody.
        for _try in range(2):
            begin_writing()
            try:
                # With the address: a page that the browser kept is sent again when its address is put right.
                if not token or first_time(f"{token}\x1f{email.casefold()}"):
                    registration.register(email, hashed, seal, locale=session.get("locale", ""))
                db.session.commit()
            except IntegrityError:
                # Somebody registered the same address in this very moment: now it is known.
                db.session.rollback()
            else:
                return

    @expose("/sent")
    @open_to_all
    def sent(self) -> ResponseReturnValue:
        """Say that a mail is on its way, and where to look for it."""
        email = session.get(SENT_TO, "")
        return self.page("core/register_sent.html", email=email, form=EmailForm(formdata=None, data={"email": email}))

    @expose("/resend", methods=["GET", "POST"])
    @open_to_all
    @reads_first
    def resend(self) -> ResponseReturnValue:
        """Send the link again, to whomever it concerns."""
        form = EmailForm()
        if form.validate_on_submit():
            email = str(form.email.data)
            if problem := too_many_links(email):
                form.form_errors.append(problem)
            else:
                with even_time():
                    begin_writing()
                    registration.resend(email, seal)
                    db.session.commit()
                session[SENT_TO] = email
                flash(_("If the e-mail waits for its confirmation, a new link is on its way."), "success")
                return redirect(url_for("RegisterView.sent"))
        return self.page("core/register_resend.html", form=form), 422 if request.method == "POST" else 200

    @expose("/confirm/<token>", methods=["GET", "POST"])
    @open_to_all
    def confirm(self, token: str) -> ResponseReturnValue:
        """A page with one button: only pressing it confirms, so that a mail scanner's visit does not."""
        if request.method == "POST":
            account = registration.confirm(token)
            db.session.commit()
            if account is not None:
                flash(_("Your account is confirmed. You can sign in now."), "success")
                return redirect(url_for("SignView.sign_in"))
            is_good = False
        else:
            is_good = registration.opens(token, registration.CONFIRM)
        page = self.page("core/confirm.html", is_good=is_good, form=EmailForm(formdata=None))
        return page, 200 if is_good else 410
