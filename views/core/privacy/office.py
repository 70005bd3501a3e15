"""คำขอเกี่ยวกับข้อมูลส่วนบุคคล: who asks for what until when, the answer, and the deed (privacy.manage)."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from forms.core.privacy import KIND_LABELS, AnswerForm
from models.core import audit, outbox
from models.core.db import StaleVersion, db, now
from models.core.listing import Order, walk
from models.core.matrix import allows
from models.core.privacy.erasing import erase, is_erased, refusal_to_erase, stays_of
from models.core.privacy.request import DONE, ERASURE, MANAGE, OPEN, REFUSED, WITHDRAWN, PrivacyRequest
from models.core.workflow import Refused
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.conflict import last_change
from views.core.home import Waiting
from views.core.privacy.words import stay_sentence
from views.core.sentences import sentence

TABS = {"open": (OPEN,), "answered": (DONE, REFUSED, WITHDRAWN)}
SOONEST = Order("soonest", (PrivacyRequest.due_at,), PrivacyRequest.id)
NEWEST = Order("newest", (), PrivacyRequest.id, descending=True)
PAGE = 25


class PrivacyRequestView(PageView):
    """คำขอเกี่ยวกับข้อมูลส่วนบุคคล."""

    route_base = "/privacy-requests"
    default_view = "list"

    @expose("/")
    @needs(MANAGE)
    def list(self) -> ResponseReturnValue:
        """Those that wait, the most urgent first; or those that are over, the newest first."""
        tab = request.args.get("tab", "open")
        if tab not in TABS:
            abort(400)
        rows = PrivacyRequest.visible_to(g.user, MANAGE).where(PrivacyRequest.state.in_(TABS[tab]))
        rows = rows.options(joinedload(PrivacyRequest.user))
        page = walk(
            rows,
            SOONEST if tab == "open" else NEWEST,
            PAGE,
            after=request.args.get("after"),
            before=request.args.get("before"),
        )
        return self.page("core/privacy/list.html", page=page, tab=tab, kinds=KIND_LABELS)

    @expose("/<int:pk>")
    @needs(MANAGE)
    def show(self, pk: int) -> ResponseReturnValue:
        """One request, with what there is to do; that it was looked at stands in the log."""
        record = self._record(pk)
        audit.note(f"{audit.entity_of(record)}.view", record)
        db.session.commit()
        return self._page(record, AnswerForm())

    def _page(self, record: PrivacyRequest, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
        form.version.data = str(record.version)
        is_for_erasing = record.kind == ERASURE and record.state == OPEN and not is_erased(record.user)
        refusal = refusal_to_erase(record.user) if is_for_erasing else None
        page = self.page(
            "core/privacy/show.html",
            record=record,
            form=form,
            kinds=KIND_LABELS,
            is_for_erasing=is_for_erasing,
            hindrance=sentence(Refused(refusal)) if refusal else "",
            stays=[stay_sentence(stay) for stay in stays_of(record.user)] if is_for_erasing else [],
        )
        return page, status

    @staticmethod
    def _record(pk: int) -> Any:
        return record_or_404(PrivacyRequest.visible_to(g.user, MANAGE), PrivacyRequest, pk)

    @expose("/<int:pk>/answer", methods=["POST"])
    @needs(MANAGE)
    def answer(self, pk: int) -> ResponseReturnValue:
        """Say that it is done, or refuse with the reason; an erasure is done here and now."""
        record, form = self._record(pk), AnswerForm()
        action = request.form.get("action", "")
        if action not in ("fulfil", "refuse"):
            abort(400)
        if not form.validate_on_submit():
            return self._page(record, form, 422)
        try:
            self._answer(record, action, str(form.answer.data or ""), form.version.data)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.answer.errors = [sentence(refused)]
            return self._page(self._record(pk), form, 422)
        except (StaleVersion, StaleDataError):
            db.session.rollback()
            record = self._record(pk)
            flash(
                _("%(who)s answered in the meantime. See what stands there now.", who=last_change(record)[0]), "warning"
            )
            return self._page(record, form, 409)
        flash(_("The answer is on its way to whoever asked."), "success")
        return redirect(url_for("PrivacyRequestView.list"))

    @staticmethod
    def _answer(record: PrivacyRequest, action: str, answer: str, version: Any) -> None:
        """Move the request on; what an erasure takes away is taken, and its owner told by the last mail there is."""
        account, is_erasure = record.user, record.kind == ERASURE and action == "fulfil"
        address, has_mail = account.email, account.has_mail
        record.perform(action, by=g.user, version=version, answer=answer)
        if is_erasure:
            erase(account, f"PDPA {record.id}")
            if has_mail:
                outbox.post(address, "privacy_erased", answer=answer)


def waiting_requests(user: Any) -> list[Waiting]:
    """The main page tells who handles them what waits for an answer; one query."""
    if not allows(user, MANAGE):
        return []
    rows = PrivacyRequest.visible_to(user, MANAGE).where(PrivacyRequest.state == OPEN)
    some = rows.with_only_columns(PrivacyRequest.asked_at, PrivacyRequest.due_at).limit(1000).subquery()
    count, oldest, due = db.session.execute(
        select(func.count(), func.min(some.c.asked_at), func.min(some.c.due_at)).select_from(some)
    ).one()
    title = ngettext("Request about personal data to answer", "Requests about personal data to answer", count)
    is_late = due is not None and due < now()
    url = url_for("PrivacyRequestView.list")
    return [Waiting(count, title, _("Answer within 30 days"), url, _("Answer"), oldest, is_late=is_late)]


def badges(user: Any) -> dict[str, Select[Any]]:
    """What waits for an answer, behind the menu's entry."""
    if not allows(user, MANAGE):
        return {}
    return {"PrivacyRequestView.list": select(PrivacyRequest.id).where(PrivacyRequest.state == OPEN)}
