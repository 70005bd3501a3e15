"""Recording results: the scoring form of a level, the board's resolution, and what was recorded (spec: fund.md 8)."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select

from forms.fund.scoring import DecisionForm, read_sheet, too_long
from forms.fund.session import without_quorum
from models.core import draft
from models.core.db import StaleVersion, db, now
from models.core.identity import names_of
from models.core.matrix import allows
from models.core.workflow import Refusal, Refused
from models.fund.codes import BOARD, LONG_LENGTH
from models.fund.results import results_before
from models.fund.scoring import FULL_TOTAL, Sheet, current_form, save_sheet
from models.fund.screening import Screening
from models.fund.session import AgendaItem, ItemState
from views.core.access import keep_typing, needs
from views.core.base import PageView, tell_refused
from views.core.conflict import last_change
from views.core.kept import base_number
from views.core.look import clock
from views.core.sentences import sentence
from views.fund.scoring import desk as desks
from views.fund.scoring.clash import differences, merged, sheet_conflict
from views.fund.words import band_label

RECORD = ("result.record", "result.record_own_session")
BOARD_MOVES = {"approve": "approve", "refuse": "refuse"}


class ScoringView(PageView):
    """บันทึกผลการพิจารณา."""

    route_base = "/scoring"
    default_view = "record"

    # --- the form ----------------------------------------------------------------------------------------------------

    @expose("/<int:pk>")
    @needs(*RECORD)
    def record(self, pk: int) -> ResponseReturnValue:
        """The record form of an item of an agenda: topics 1 to 11, or for the board its resolution."""
        item = desks.item_or_404(pk)
        if item.state == ItemState.DONE:
            return redirect(url_for("ScoringView.result", pk=pk))
        self._let_record(item)
        if item.session.level == BOARD:
            return self._board_page(item, DecisionForm(data={"version": item.proposal.version}))
        return self._sheet_page(desks.desk_of(item))

    @staticmethod
    def _let_record(item: AgendaItem) -> None:
        """Whoever sees the session but may not record is told so; what waits no more has no form."""
        if not desks.is_waiting(item):
            abort(404)
        if not desks.may_record(item):
            abort(403)

    def _sheet_page(
        self, desk: desks.Desk, conflict: Any = None, problems: list[tuple[str, str, str]] | None = None, note: str = ""
    ) -> str:
        item = desk.item
        place, places = desks.place_of(item)
        return self.page(
            "fund/scoring/record.html",
            desk=desk,
            item=item,
            session=item.session,
            proposal=item.proposal,
            revision=item.revision,
            place=place,
            places=places,
            officer=_officer_of(item),
            conflict=conflict,
            problems=problems or [],
            note=note,
            bands=[(lowest, code, band_label(code)) for lowest, code in desk.form.scale.bands],
            passing=desk.form.scale.passing,
            spans=desks.spans_of(desk.form.scale),
            in_force=current_form(),
            below=results_before(item.revision, item.session.level),
            full=FULL_TOTAL,
        )

    @expose("/<int:pk>", methods=["POST"])
    @needs(*RECORD)
    def save(self, pk: int) -> ResponseReturnValue:
        """Keep the sheet as a draft, or send it, which is final; the board's resolution is sent at once."""
        item = desks.item_or_404(pk)
        if item.session.level == BOARD:
            return self._decide(item)
        form = desks.form_for(desks.sheet_at(item.revision, item.session.level))
        content = read_sheet(request.form, [topic.number for topic in form.topics])
        if item.state == ItemState.DONE:
            return self._too_late(item, content)
        self._let_record(item)
        if problems := self._problems(content):
            return self._sheet_page(
                desks.desk_of(item, content, base_number(request.form.get("version"))), problems=problems
            ), 422
        return self._save_sheet(item, content)

    def _save_sheet(self, item: AgendaItem, content: dict[str, Any]) -> ResponseReturnValue:
        proposal, is_sent = item.proposal, request.form.get("action") == "send"
        if _form_is_older(item):
            note = _("The scoring form has a new version. Your answers stand on it now; check them and save again.")
            return self._sheet_page(desks.desk_of(item, content), note=note), 409
        try:
            sheet = save_sheet(proposal, content, g.user, request.form.get("version"))
            missing = list(sheet.unanswered)
            if is_sent and not missing:
                version = request.form.get("proposal_version")
                proposal.perform("record", g.user, version, without_quorum=without_quorum(request.form))
            draft.drop(g.user.id, desks.DRAFT_FORM, desks.draft_key(item))
            db.session.commit()
        except StaleVersion as stale:
            db.session.rollback()
            return self._stale(item, content, isinstance(stale.record, Sheet))
        except Refused as refused:
            db.session.rollback()
            if item.state == ItemState.DONE:
                return self._too_late(item, content)
            if not desks.is_waiting(item) or not desks.may_record(item):
                return self._gone(item, content, refused)
            return self._sheet_page(desks.desk_of(item, content), note=sentence(refused)), 409
        if not is_sent:
            flash(_("The draft is saved. It is not sent yet."), "success")
            return redirect(url_for("ScoringView.record", pk=item.id))
        if missing:
            problems = [(f"topic-{n}", "", _("Topic %(number)s has no answer", number=n)) for n in missing]
            return self._sheet_page(desks.desk_of(item), problems=problems), 422
        words = _("The result is sent: %(total)s points, %(band)s.", total=sheet.total, band=band_label(sheet.band))
        flash(words, "success")
        return redirect(url_for("SessionView.show", pk=item.session_id, _anchor="agenda"))

    @staticmethod
    def _problems(content: dict[str, Any]) -> list[tuple[str, str, str]]:
        problems = []
        for number in too_long(content):
            name = _("Advice on topic %(number)s", number=number) if number else _("Advice in general")
            words = _("%(name)s is longer than %(limit)s characters. Shorten it.", name=name, limit=f"{LONG_LENGTH:,}")
            problems.append((f"advice-{number}" if number else "advice", "", words))
        return problems

    def _stale(self, item: AgendaItem, content: dict[str, Any], is_sheet: bool) -> ResponseReturnValue:
        """Somebody saved first: both side by side. Where only the proposal moved, the typing stands as it is."""
        if item.state == ItemState.DONE:
            return self._too_late(item, content)
        if not desks.is_waiting(item):
            return self._gone(item, content, Refused(Refusal("wrong_stage")))
        desk = desks.desk_of(item, content)
        if not is_sheet or desk.sheet is None:
            by, when = last_change(item.proposal)
            note = _(
                "%(by)s changed this proposal at %(when)s. What you typed is kept; check it and send again.",
                by=by,
                when=when,
            )
            return self._sheet_page(desk, note=note), 409
        whole, taken = merged(desk.form, content, desks.content_of(desk.sheet, desk.form))
        desk = desks.desk_of(item, whole)
        conflict = sheet_conflict(desk.sheet, desk.form, whole)
        note = _("The same was saved a moment before. You can go on.")
        if taken:
            note = _(
                "%(by)s saved this form at %(when)s. What you had left empty now stands in the form beside what you"
                " typed: %(what)s.",
                by=conflict.by,
                when=conflict.when,
                what=", ".join(taken),
            )
        if not conflict.fields:
            if taken:
                next_step = _("Look at it and save again.")
                note = f"{note} {next_step}"
            return self._sheet_page(desk, note=note), 409
        # The page keeps the version that it was typed on: closing the dialog must not win by silence.
        desk.version = base_number(request.form.get("version"))
        conflict.hidden += [("proposal_version", str(item.proposal.version)), ("form_id", str(desk.form.id))]
        return self._sheet_page(desk, conflict, note=note if taken else ""), 409

    def _too_late(self, item: AgendaItem, content: dict[str, Any]) -> ResponseReturnValue:
        """The result was sent meanwhile: the same hand's second press is done already; else what differs is shown."""
        sheet = desks.sheet_at(item.revision, item.session.level)
        if sheet is None:
            abort(404)
        form = desks.form_for(sheet)
        stored = desks.content_of(sheet, form)
        if sheet.sent_by_id == g.user.id and desks.same(stored, content):
            return redirect(url_for("SessionView.show", pk=item.session_id, _anchor="agenda"))
        if desks.same(stored, content):
            flash(_("The same result was sent a moment before."), "info")
            return redirect(url_for("ScoringView.result", pk=item.id))
        desks.keep(g.user.id, item, request.form, content)
        db.session.commit()
        return self._result_page(item, sheet, differences(form, content, stored)), 409

    def _gone(self, item: AgendaItem, content: dict[str, Any], refused: Refused) -> ResponseReturnValue:
        """The item was taken off the agenda meanwhile: the typing is kept for its next session."""
        desks.keep(g.user.id, item, request.form, content)
        db.session.commit()
        tell_refused(refused)
        flash(_("What you typed is kept and comes back with the form of this proposal."), "info")
        return redirect(url_for("SessionView.show", pk=item.session_id))

    # --- typing that is not saved yet --------------------------------------------------------------------------------

    @expose("/<int:pk>/keep", methods=["POST"])
    @needs(*RECORD)
    def keep(self, pk: int) -> ResponseReturnValue:
        """Keep what is typed by itself, apart from the sheet; JSON {at, others}: the time, and who else works on it."""
        item = desks.item_or_404(pk)
        self._let_record(item)
        if item.session.level == BOARD:
            abort(404)
        at = desks.keep(g.user.id, item, request.form, _typed(item))
        sheet = desks.sheet_at(item.revision, item.session.level)
        others = desks.others_on(item, sheet, base_number(request.form.get("version")))
        db.session.commit()
        return jsonify(at=clock(at), others=others)

    @expose("/<int:pk>/forget", methods=["POST"])
    @needs(*RECORD)
    def forget(self, pk: int) -> ResponseReturnValue:
        """Let go of what was kept; the form shows the saved sheet again."""
        item = desks.item_or_404(pk)
        draft.drop(g.user.id, desks.DRAFT_FORM, desks.draft_key(item))
        db.session.commit()
        return redirect(url_for("ScoringView.record", pk=pk))

    # --- the board ---------------------------------------------------------------------------------------------------

    def _board_page(self, item: AgendaItem, form: DecisionForm, note: str = "") -> str:
        place, places = desks.place_of(item)
        return self.page(
            "fund/scoring/board.html",
            item=item,
            session=item.session,
            proposal=item.proposal,
            revision=item.revision,
            place=place,
            places=places,
            form=form,
            results=desks.results_up_to(item.revision, BOARD),
            note=note,
        )

    def _decide(self, item: AgendaItem) -> ResponseReturnValue:
        action = BOARD_MOVES.get(request.form.get("decision", ""))
        if item.state == ItemState.DONE:
            flash(_("The resolution on this proposal was recorded already. Here it is."), "info")
            return redirect(url_for("ScoringView.result", pk=item.id))
        self._let_record(item)
        form = DecisionForm()
        if action is None:
            form.form_errors.append(_("Choose one of the two resolutions."))
            return self._board_page(item, form), 422
        if not form.validate():
            return self._board_page(item, form), 422
        given = {
            "resolution_number": form.resolution_number.data,
            "resolution_date": form.resolution_date.data,
            "without_quorum": without_quorum(request.form),
        }
        try:
            item.proposal.perform(action, g.user, form.version.data, **given)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            if refused.refusal.code == "below_quorum":
                return self._board_page(item, form, sentence(refused)), 422
            tell_refused(refused)
            target = "ScoringView.result" if item.state == ItemState.DONE else "SessionView.show"
            return redirect(url_for(target, pk=item.id if item.state == ItemState.DONE else item.session_id))
        except StaleVersion:
            db.session.rollback()
            if item.state == ItemState.DONE:
                return redirect(url_for("ScoringView.result", pk=item.id))
            by, when = last_change(item.proposal)
            form.version.data = item.proposal.version
            note = _(
                "%(by)s changed this proposal at %(when)s. What you typed is kept; check it and send again.",
                by=by,
                when=when,
            )
            return self._board_page(item, form, note), 409
        flash(
            _("The board’s resolution is recorded: approved.")
            if action == "approve"
            else _("The board’s resolution is recorded: not approved."),
            "success",
        )
        return redirect(url_for("SessionView.show", pk=item.session_id, _anchor="agenda"))

    # --- what was recorded -------------------------------------------------------------------------------------------

    @expose("/<int:pk>/result")
    @needs("result.view", *RECORD)
    def result(self, pk: int) -> ResponseReturnValue:
        """The result of an item with those of the levels below, for those who see its session."""
        item = desks.item_or_404(pk)
        if item.state != ItemState.DONE:
            if desks.is_waiting(item) and desks.may_record(item):
                return redirect(url_for("ScoringView.record", pk=pk))
            abort(404)
        return self._result_page(item, desks.sheet_at(item.revision, item.session.level))

    def _result_page(self, item: AgendaItem, sheet: Sheet | None, differing: Any = None) -> str:
        place, places = desks.place_of(item)
        # Staff may know whose hand it was; nobody else is told.
        sent_by = names_of([sheet.sent_by_id]) if sheet is not None and sheet.sent_by_id else {}
        return self.page(
            "fund/scoring/result.html",
            item=item,
            session=item.session,
            proposal=item.proposal,
            revision=item.revision,
            place=place,
            places=places,
            sheet=sheet,
            sent_by=next(iter(sent_by.values()), "") if allows(g.user, "result.record") or differing else "",
            differing=differing,
            results=desks.results_up_to(item.revision, item.session.level),
        )


def _typed(item: AgendaItem) -> dict[str, Any]:
    form = desks.form_for(desks.sheet_at(item.revision, item.session.level))
    return read_sheet(request.form, [topic.number for topic in form.topics])


def _form_is_older(item: AgendaItem) -> bool:
    """Whether a new version of the form came between an unsaved page and its first save."""
    posted = request.form.get("form_id", "")
    if not posted or desks.sheet_at(item.revision, item.session.level) is not None:
        return False
    return posted != str(current_form().id)


def _officer_of(item: AgendaItem) -> dict[str, Any] | None:
    """Topic 13: what the screening officers advised, who sent it and when; for those who record."""
    row = db.session.execute(
        select(Screening.advice, Screening.sent_by_id, Screening.sent_at).where(
            Screening.revision_id == item.revision_id, Screening.sent_at.is_not(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return {"advice": row.advice, "by": names_of([row.sent_by_id]).get(row.sent_by_id, ""), "at": row.sent_at or now()}


def keep_for_lapsed(account: Any) -> str | None:
    """Keep the sheet that somebody posted after their session lapsed; the form to come back to.

    The account is not signed in: nothing is shown to it, and whoever signs in finds only what they typed themselves.
    """
    pk = (request.view_args or {}).get("pk")
    item = db.session.get(AgendaItem, pk) if pk and pk < 2**63 else None
    if item is None or item.session.level == BOARD or item.state != ItemState.ON:
        return None
    if not item.proposal.within(account, "result.record"):
        return None
    desks.keep(account.id, item, request.form, _typed(item))
    db.session.commit()
    return url_for("ScoringView.record", pk=pk)


keep_typing("ScoringView.save", keep_for_lapsed)
