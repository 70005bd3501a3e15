"""รหัสผ่านเริ่มต้นของสถานศึกษา: who still waits, letters with activation codes, giving the first password back (spec 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import Select, select

from models.assessment import activation
from models.assessment.activation import LET_IN
from models.assessment.codes import NATIONAL
from models.assessment.directory import matching
from models.assessment.round import open_round
from models.assessment.school import School
from models.core.db import begin_writing, db
from models.core.identity import Account
from models.core.listing import Order, capped_count, walk
from models.core.matrix import kinds_of
from models.core.reference.provinces import PROVINCES, province_choices, province_name
from models.core.workflow import Refused
from reports.assessment.activation import letters_paper
from services.core import settings
from views.assessment.signing.words import CODE, LETTER, NO_LETTER, OWN, STATE_CHIPS, state_label
from views.core.access import needs, reads_first
from views.core.asked import one_of
from views.core.base import PageView, record_or_404, tell_refused
from views.core.deeds import done
from views.core.look import lang
from views.core.printing import file_name, give

BY_NAME = Order("name", (School.name_sort,), School.id)
FILTERS = ("q", "province", "state")
SHOWN_STATES = {"waiting": School.activated_at.is_(None), OWN: School.activated_at.is_not(None)}
PAGE_SIZE = 50


def _asked(args: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address or a form, without what nobody set. Raises BadRequest."""
    found = {
        "q": args.get("q", "").strip()[:200],
        "province": one_of(args, "province", PROVINCES),
        "state": one_of(args, "state", SHOWN_STATES),
    }
    return {name: typed for name, typed in found.items() if typed}


def _narrowed(rows: Select[Any], asked: Mapping[str, str]) -> Select[Any]:
    rows = matching(rows, asked.get("q", ""))
    if province := asked.get("province"):
        rows = rows.where(School.province_code == province)
    return rows.where(SHOWN_STATES[asked["state"]]) if "state" in asked else rows


def _ids() -> list[int]:
    """The ticked rows; what is no number names no school."""
    return [int(one) for one in request.form.getlist("ids") if one.isascii() and one.isdigit() and len(one) < 10]


class SchoolPasswordView(PageView):
    """รหัสผ่านเริ่มต้นของสถานศึกษา."""

    route_base = "/school-passwords"
    default_view = "list"

    @expose("/")
    @needs(LET_IN)
    def list(self) -> ResponseReturnValue:
        """The schools that this user lets in: what each signs in with now, and what can be done about it."""
        asked = _asked(request.args)
        rows = _narrowed(School.visible_to(g.user, LET_IN), asked)
        page = walk(rows, BY_NAME, PAGE_SIZE, after=request.args.get("after"), before=request.args.get("before"))
        uses_codes = activation.uses_codes()
        letters = activation.letters_of([row.id for row in page.rows]) if uses_codes else {}
        this = open_round()
        return self.page(
            "assessment/signing/passwords.html",
            page=page,
            total=capped_count(rows, School.id),
            waiting=capped_count(_narrowed(activation.waiting(g.user), asked).order_by(None), School.id),
            given=asked,
            states={row.id: _state(row, uses_codes, letters) for row in page.rows},
            letters=letters,
            seen=self._last_sign_ins([row.account_id for row in page.rows]),
            refusals={row.id: activation.refusal_of_state(row, g.user) for row in page.rows},
            uses_codes=uses_codes,
            most=activation.MOST_LETTERS,
            is_open=this is not None and this.takes_numbers,
            is_national=NATIONAL in kinds_of(g.user, LET_IN),
            provinces=province_choices(lang()),
            province_name=lambda code: province_name(code, lang()),
            state_label=state_label,
            state_chips=STATE_CHIPS,
        )

    @staticmethod
    def _last_sign_ins(account_ids: list[int | None]) -> dict[int, Any]:
        accounts = db.session.scalars(select(Account).where(Account.id.in_([one for one in account_ids if one])))
        return {account.id: account.signed_in_at for account in accounts}

    @expose("/letters", methods=["POST"])
    @needs(LET_IN)
    @reads_first
    def letters(self) -> ResponseReturnValue:
        """The letters of the ticked schools, or of all that the list's filters find, each with a new code."""
        user: Account = g.user
        asked = _asked(request.form)
        rows = activation.waiting(user)
        rows = _narrowed(rows, asked) if request.form.get("all") else rows.where(School.id.in_(_ids()))
        try:
            drawn = activation.draw(rows)
        except Refused as refused:
            tell_refused(refused)
            return redirect(url_for("SchoolPasswordView.list", **asked))
        this = open_round()

        def keep() -> None:
            begin_writing()
            activation.keep(drawn, user)
            db.session.commit()

        return give(
            lambda: letters_paper(drawn, this, settings().base_url),
            name=file_name("จดหมายเปิดใช้งาน", drawn[0].school.name if len(drawn) == 1 else ""),
            fallback="activation-letters.pdf",
            about="activation letters",
            note=keep,
            is_saved=True,
        )

    @expose("/<int:pk>/reset", methods=["POST"])
    @needs(LET_IN)
    def reset(self, pk: int) -> ResponseReturnValue:
        """Give a school its first password back; whoever is signed in as it is signed out."""
        school = record_or_404(School.visible_to(g.user, LET_IN), School, pk)
        if done(lambda: activation.reset(school, g.user), lambda: None):
            flash(
                _("%(school)s has its first password again, and every device is signed out.", school=school.name),
                "success",
            )
        return redirect(url_for("SchoolPasswordView.list", **_asked(request.form)))


def _state(school: School, uses_codes: bool, letters: Mapping[int, Any]) -> str:
    if school.activated_at is not None:
        return OWN
    if not uses_codes:
        return CODE
    return LETTER if school.id in letters else NO_LETTER
