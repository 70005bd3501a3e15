"""ข้อมูลส่วนบุคคลของฉัน: what is kept of one, a copy of it, and what one asks about it."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from forms.core.privacy import KIND_LABELS, AskForm
from jobs.privacy import ask_copy, copies_of
from jobs.privacy_words import table_label
from models.core import retention
from models.core.db import StaleVersion, db
from models.core.privacy.erasing import stays_of
from models.core.privacy.gathering import counts_of
from models.core.privacy.request import OWN, PrivacyRequest, ask
from models.core.registration import consents_of
from models.core.workflow import Refused
from views.core.access import signed_in
from views.core.base import PageView, record_or_404, tell_refused
from views.core.look import lang
from views.core.privacy.words import stay_sentence


class OwnDataView(PageView):
    """ข้อมูลส่วนบุคคลของฉัน."""

    route_base = "/account/data"
    default_view = "form"

    @expose("/", methods=["GET", "POST"])
    @signed_in
    def form(self) -> ResponseReturnValue:
        """What is kept, the copies, the requests; a new request is posted here."""
        form = AskForm()
        if form.validate_on_submit():
            ask(g.user, str(form.kind.data), str(form.text.data or ""))
            db.session.commit()
            flash(_("Your request is sent. You are told when it is answered, within 30 days."), "success")
            return redirect(url_for("OwnDataView.form"))
        counts = counts_of(g.user.id)
        lasts = retention.lasts(retention.EXPORTS)
        page = self.page(
            "core/privacy/own.html",
            form=form,
            rows=[(table_label(name, lang()), count) for name, count in counts.items()],
            consents=consents_of(g.user),
            copies=[(job, job.ended_at + lasts if job.ended_at else None) for job in copies_of(g.user)],
            days=lasts.days,
            requests=_requests(),
            kinds=KIND_LABELS,
            stays=[stay_sentence(stay) for stay in stays_of(g.user)],
        )
        return page, 422 if request.method == "POST" else 200

    @expose("/copy", methods=["POST"])
    @signed_in
    def copy(self) -> ResponseReturnValue:
        """Want a copy of everything; it is made outside the request."""
        ask_copy(g.user)
        db.session.commit()
        flash(_("The copy is being made. You are told under the bell when it is ready."), "success")
        return redirect(url_for("OwnDataView.form"))

    @expose("/<int:pk>/withdraw", methods=["POST"])
    @signed_in
    def withdraw(self, pk: int) -> ResponseReturnValue:
        """Take one's own open request back."""
        row: Any = record_or_404(PrivacyRequest.visible_to(g.user, OWN), PrivacyRequest, pk)
        try:
            row.perform("withdraw", by=g.user, version=request.form.get("version"))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
        except (StaleVersion, StaleDataError):
            db.session.rollback()
            flash(_("The request was answered in the meantime. See the answer below."), "warning")
        else:
            flash(_("The request is withdrawn."), "success")
        return redirect(url_for("OwnDataView.form"))


def _requests() -> list[PrivacyRequest]:
    rows = PrivacyRequest.visible_to(g.user, OWN).order_by(PrivacyRequest.id.desc()).limit(20)
    return list(db.session.scalars(rows))
