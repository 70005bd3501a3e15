"""นำข้อมูลจากโครงการเดิมมาใช้: choose an earlier proposal, then what of it a new draft begins with (spec: fund.md 4)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from forms.fund.wizard.bringing import BringForm
from models.core.clock import today
from models.core.db import db
from models.core.listing import Order, walk
from models.core.once import first_time
from models.core.thai.dates import fiscal_year
from models.core.thai.text import clean_line
from models.core.workflow import Refused
from models.fund.bringing import ACHIEVEMENTS, CHOICES, MOST_YEARS, bring_forward, sources
from models.fund.membership import membership_of
from models.fund.proposal import Proposal
from views.core.access import needs
from views.core.base import PageView, record_or_404, tell_refused
from views.fund.proposal.queries import contains_name
from views.fund.wizard.loading import load_revision

LATEST = Order("date", (Proposal.listed_at,), Proposal.id, True)
SIZE = 25


class BringView(PageView):
    """Begin a proposal from an earlier one."""

    route_base = "/wizard/bring"
    default_view = "list"

    @expose("/")
    @needs("proposal.create")
    def list(self) -> ResponseReturnValue:
        """The earlier proposals to choose from, the latest first."""
        if membership_of(g.user) is None:
            flash(
                _("You do not belong to an organization yet. Choose or add one first; proposals are made for it."),
                "warning",
            )
            return redirect(url_for("HomeView.index"))
        q = clean_line(request.args.get("q", ""))[:200]
        rows = sources(g.user).options(joinedload(Proposal.organization))
        if q:
            rows = rows.where(contains_name(q))
        page = walk(rows, LATEST, SIZE, after=request.args.get("after"), before=request.args.get("before"))
        return self.page("fund/wizard/bring_list.html", page=page, q=q)

    @expose("/<int:pk>", methods=["GET", "POST"])
    @needs("proposal.create")
    def begin(self, pk: int) -> ResponseReturnValue:
        """Choose the parts and begin the draft; a form sent twice begins one."""
        source: Proposal = record_or_404(sources(g.user), Proposal, pk)
        earlier = load_revision(source.current_revision_id)
        form = BringForm(data=_first_choice(source) if request.method == "GET" else None)
        if not form.validate_on_submit():
            page = self.page("fund/wizard/bring.html", form=form, source=source, revision=earlier)
            return page, 422 if request.method == "POST" else 200
        if not first_time(str(form.form_token.data or ""), g.user.id):
            db.session.rollback()
            flash(_("The draft was begun already by the first click; it stands among your drafts."), "warning")
            return redirect(url_for("ProposalView.list", tab="drafts"))
        try:
            proposal = bring_forward(source, g.user, set(form.parts.data or ()), years=int(form.years.data or 0))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("BringView.list"))
        flash(_("A new draft was begun. Read each part and bring it up to date before you submit it."), "success")
        return redirect(url_for("WizardView.begin", pk=proposal.id))


def _first_choice(source: Proposal) -> dict[str, Any]:
    """Everything but last year's achievements, dates moved from the source's fiscal year to this one."""
    this = fiscal_year(today())
    years = max(0, min(MOST_YEARS, this - (source.fiscal_year or this)))
    return {"parts": [choice for choice in CHOICES if choice != ACHIEVEMENTS], "years": years}


def origin_of(proposal: Proposal) -> tuple[str, str] | None:
    """Words and address of the proposal that this one was begun from; None where there is none for this reader."""
    if proposal.origin_id is None:
        return None
    source = db.session.scalar(Proposal.visible_to(g.user, "proposal.view").where(Proposal.id == proposal.origin_id))
    if source is None:
        return None
    return str(source) or _("Proposal without a name yet"), url_for("ProposalView.show", pk=source.id)
