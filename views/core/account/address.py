"""Another e-mail as one's user name, and new versions of the texts (spec: fund.md 2)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from forms.core.account import AddressForm, TextsForm
from models.core import address, registration
from models.core.db import begin_writing, db
from models.core.legal import legal_text
from models.core.password import password_matches
from services import throttle
from services.seal import seal
from views.core.access import open_to_all, reads_first, signed_in, signed_in_early
from views.core.base import PageView
from views.core.limits import even_time, too_many, too_many_links
from views.core.look import lang


class AddressView(PageView):
    """เปลี่ยนอีเมล."""

    route_base = "/account/email"
    default_view = "form"

    @expose("/", methods=["GET", "POST"])
    @signed_in
    @reads_first
    def form(self) -> ResponseReturnValue:
        """Ask for the new address and the password; what follows looks the same for an address somebody has."""
        form, user = AddressForm(), g.user
        known = user.password
        if form.validate_on_submit():
            email = str(form.email.data)
            problem = too_many((throttle.CODE, (str(user.id), "password"))) or too_many_links(email)
            if problem:
                form.form_errors.append(problem)
            elif email.casefold() == user.email.casefold():
                form.email.errors = [_("This is your present e-mail. Type another one.")]
            elif not password_matches(known, str(form.password.data)):
                form.password.errors = [_("This is not your present password. Type it again.")]
            else:
                with even_time():
                    begin_writing()
                    # Not for who was shut out while the password was hashed: the link would let them in again.
                    if registration.has_still(user, known):
                        address.ask_address(user, email, seal)
                    db.session.commit()
                throttle.forget(throttle.CODE, str(user.id), "password")
                db.session.commit()
                flash(_("A link is on its way to %(email)s. Open it within 24 hours.", email=email), "success")
                return redirect(url_for("AccountView.profile"))
        return self.page("core/address.html", form=form), 422 if request.method == "POST" else 200

    @expose("/<token>", methods=["GET", "POST"])
    @open_to_all
    def confirm(self, token: str) -> ResponseReturnValue:
        """A page with one button: only pressing it changes the address, so that a mail scanner's visit does not."""
        email = address.new_address(token)
        if request.method == "POST" and email is not None:
            # Only a session of this same account goes on; whoever else is signed in here keeps theirs.
            account = address.change_address(token, keep=g.user.get_id() if g.user.is_authenticated else None)
            db.session.commit()
            if account is not None:
                flash(_("Your e-mail is changed. Sign in with %(email)s from now on.", email=email), "success")
                is_own = g.user.is_authenticated and g.user.id == account.id
                return redirect(url_for("AccountView.profile") if is_own else url_for("SignView.sign_in"))
            email = None
        return self.page("core/address_confirm.html", email=email), 200 if email else 410


class TextsView(PageView):
    """ข้อกำหนดฉบับใหม่."""

    route_base = "/account/texts"
    default_view = "form"

    @expose("/", methods=["GET", "POST"])
    @signed_in_early
    def form(self) -> ResponseReturnValue:
        """New versions of terms and privacy policy, read and accepted before going on."""
        due = registration.texts_due(g.user)
        if not due:
            session.pop("texts_due", None)
            return redirect(url_for("HomeView.index"))
        form = TextsForm()
        form.only(due)
        if form.validate_on_submit():
            registration.accept_texts(g.user, due)
            db.session.commit()
            session.pop("texts_due", None)
            flash(_("Your acceptance is recorded."), "success")
            return redirect(url_for("HomeView.index"))
        texts = [legal_text(name, lang()) for name in due]
        return self.page("core/texts.html", form=form, texts=texts), 422 if request.method == "POST" else 200


def texts_duty(user: Any) -> str | None:  # noqa: ARG001
    """What was found at sign-in is asked before anything else; the signed cookie carries it, so no page asks again."""
    return url_for("TextsView.form") if session.get("texts_due") else None
