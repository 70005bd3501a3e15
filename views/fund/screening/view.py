"""The queue of proposals to check and the screening form, for whoever may decide (spec: fund.md 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.orm import aliased, contains_eager
from werkzeug.exceptions import BadRequest

from models.core import audit
from models.core.clock import now
from models.core.db import StaleVersion, db
from models.core.identity import Account
from models.core.listing import Order, walk
from models.core.workflow import Refused
from models.fund.codes import Result, State
from models.fund.proposal import Proposal
from models.fund.results import results_for
from models.fund.screening import Screening, save_screening, send_screening
from views.core.access import keep_typing, needs
from views.core.base import PageView, record_or_404
from views.core.kept import base_number, sent_typing
from views.core.look import clock
from views.core.sentences import sentence
from views.fund.proposal.lines import title_of
from views.fund.screening import sheet as sheets
from views.fund.screening.sheet import Sheet
from views.fund.words import result_chip

DECIDE = "proposal.decide"
OLDEST_FIRST = Order("date", (Proposal.listed_at,), Proposal.id)
PAGE = 25
LATE = timedelta(days=3)
MOST_BYTES = 4 * 1024 * 1024


class ScreeningView(PageView):
    """ตรวจเอกสาร."""

    route_base = "/screening"
    default_view = "list"

    @expose("/")
    @needs(DECIDE)
    def list(self) -> ResponseReturnValue:
        """What waits to be checked, the longest waiting first."""
        tab = request.args.get("tab", "all")
        if tab not in ("all", "saved"):
            raise BadRequest
        saver = aliased(Account)
        rows = (
            Proposal.visible_to(g.user, DECIDE)
            .where(Proposal.state == State.SCREENING)
            .join(Proposal.organization)
            .outerjoin(Screening, Screening.revision_id == Proposal.submitted_revision_id)
            .outerjoin(saver, saver.id == Screening.saved_by_id)
            .options(contains_eager(Proposal.organization))
            .add_columns(Screening, saver)
        )
        if tab == "saved":
            rows = rows.where(Screening.id.is_not(None))
        page = walk(rows, OLDEST_FIRST, PAGE, after=request.args.get("after"), before=request.args.get("before"))
        moment = now()
        lines = [
            {
                "proposal": proposal,
                "title": title_of(proposal),
                "saved": saved,
                "saver": saver,
                "days": (moment - proposal.listed_at).days,
                "is_late": moment - proposal.listed_at > LATE,
            }
            for proposal, saved, saver in page.rows
        ]
        tabs = [
            {
                "label": words,
                "url": url_for("ScreeningView.list", tab=None if name == "all" else name),
                "current": tab == name,
            }
            for name, words in (("all", _("All")), ("saved", _("Saved, not sent")))
        ]
        return self.page("fund/screening/list.html", lines=lines, page=page, tab=tab, tabs=tabs)

    @expose("/<int:pk>")
    @needs(DECIDE)
    def form(self, pk: int) -> ResponseReturnValue:
        """The form as it is saved, or with this officer's own typing that was not."""
        proposal = _proposal(pk)
        if proposal.state != State.SCREENING:
            return redirect(url_for("ProposalView.show", pk=pk, _anchor="level-screening"))
        # The form names the coordinator with telephone and e-mail, as the proposal's page does.
        audit.note("fund_proposal.view", proposal, revision=proposal.revision_number)
        sheet = Sheet.of(proposal)
        kept = sheets.kept(sheet)
        if kept is None:
            return self._page(sheet, sheet.saved_form())
        form = sheet.form(kept.typed)
        form.version.data = str(kept.version)
        return self._page(sheet, form, kept=kept)

    @expose("/<int:pk>", methods=["POST"])
    @needs(DECIDE)
    def save(self, pk: int) -> ResponseReturnValue:
        """Keep the form unsent and editable."""
        return self._take(pk, is_sending=False)

    @expose("/<int:pk>/send", methods=["POST"])
    @needs(DECIDE)
    def send(self, pk: int) -> ResponseReturnValue:
        """Save the form and send it with its result, which cannot be changed after."""
        return self._take(pk, is_sending=True)

    def _take(self, pk: int, *, is_sending: bool) -> ResponseReturnValue:
        proposal = _proposal(pk)
        if proposal.submitted_revision_id is None:
            abort(404)
        sheet = Sheet.of(proposal)
        form = sheet.form(request.form, is_sending=is_sending)
        if proposal.state != State.SCREENING:
            return self._too_late(sheet, form, is_sending)
        if not form.validate():
            return self._page(sheet, form, status=422, is_sending=is_sending)
        result = form.result.data
        try:
            save_screening(proposal, form.content(), g.user, form.version.data)
            if is_sending:
                send_screening(proposal, result, g.user, proposal.version)
            sheets.drop(g.user, proposal)
            db.session.commit()
        except StaleVersion:
            db.session.rollback()
            sheet = Sheet.of(_proposal(pk))
            if sheet.proposal.state != State.SCREENING:
                return self._too_late(sheet, form, is_sending)
            return self._page(sheet, form, status=409, conflict=sheet.conflict(form), is_sending=is_sending)
        except Refused as refused:
            db.session.rollback()
            sheet = Sheet.of(_proposal(pk))
            if sheet.proposal.state != State.SCREENING:
                return self._too_late(sheet, form, is_sending)
            return self._page(sheet, form, status=422, problem=sentence(refused))
        if not is_sending:
            flash(_("Saved; not sent yet."), "success")
            return redirect(url_for("ScreeningView.form", pk=pk))
        flash(_("The result of %(number)s was sent; its applicants were told.", number=proposal.number), "success")
        return redirect(url_for("ScreeningView.list"))

    def _too_late(self, sheet: Sheet, form: Any, is_sending: bool) -> ResponseReturnValue:
        """The form was sent before this request: by the same press of a button, or by another officer."""
        saved = sheet.screening
        mine = is_sending and saved.sent_by_id == g.user.id and saved.result == form.result.data
        if mine and form.is_like(saved):
            return redirect(url_for("ScreeningView.list"))
        sender = db.session.get(Account, saved.sent_by_id) if saved.sent_by_id else None
        chip = result_chip("screening", saved.result) if saved.result else None
        return self._page(sheet, form, status=409, sender=sender, sent_chip=chip, is_late=True)

    def _page(self, sheet: Sheet, form: Any, *, status: int = 200, **more: Any) -> ResponseReturnValue:
        proposal, revision = sheet.proposal, sheet.revision
        earlier = [one for one in proposal.readable_revisions(g.user) if one.number < revision.number]
        page = self.page(
            "fund/screening/form.html",
            proposal=proposal,
            revision=revision,
            sheet=sheet,
            form=form,
            title=title_of(revision),
            before=[(one, results_for(proposal, one, g.user)) for one in reversed(earlier)],
            saver=db.session.get(Account, sheet.screening.saved_by_id) if sheet.screening.saved_by_id else None,
            asks=_questions(),
            may_close=proposal.refusal("not_consider", g.user) is None,
            others="" if more.get("is_late") else sheets.others(sheet, base_number(form.version.data)),
            **{"kept": None, "conflict": None, "problem": "", "is_late": False, "is_sending": False, **more},
        )
        return page, status

    # --- typing kept by itself ---------------------------------------------------------------------------------------

    @expose("/<int:pk>/typing", methods=["POST"])
    @needs(DECIDE)
    def keep(self, pk: int) -> ResponseReturnValue:
        """Keep typing: JSON {user, version, fields: [[name, text]]} -> {text, others}; what is saved is not touched."""
        proposal = _proposal(pk)
        sent = sent_typing(sheets.MOST_FIELDS, MOST_BYTES)
        if sent.refusal is not None:
            return sent.refusal
        if proposal.state != State.SCREENING:
            return jsonify(error=_("The result was sent meanwhile."), code="sent"), 409
        at = sheets.keep(g.user, proposal, sent.base.get("version"), sent.fields)
        others = sheets.others(Sheet.of(proposal), base_number(sent.base.get("version")))
        db.session.commit()
        return jsonify(text=_("Autosaved at %(time)s", time=clock(at)), others=others)

    @expose("/<int:pk>/typing/discard", methods=["POST"])
    @needs(DECIDE)
    def discard(self, pk: int) -> ResponseReturnValue:
        """Let the kept typing go and show what is saved."""
        sheets.drop(g.user, _proposal(pk))
        db.session.commit()
        return redirect(url_for("ScreeningView.form", pk=pk))


def _questions() -> dict[str, str]:
    """What the warning asks before each result is sent: its name, what follows, and that it is final."""
    final = _("Its applicants are told at once, and the result cannot be changed.")
    follows = {
        Result.PASS: _("The proposal goes on to wait for the working group."),
        Result.FAIL: _("The proposal goes back to its applicants."),
        Result.DOCUMENTS: _("The proposal goes back to its applicants, to complete the documents."),
    }
    return {
        result: " ".join((_("Result: “%(result)s”.", result=result_chip("screening", result).text), text, final))
        for result, text in follows.items()
    }


def _proposal(pk: int) -> Proposal:
    proposal: Proposal = record_or_404(Proposal.visible_to(g.user, DECIDE), Proposal, pk)
    return proposal


keep_typing("ScreeningView.save", sheets.keep_of_lapsed)
keep_typing("ScreeningView.send", sheets.keep_of_lapsed)
