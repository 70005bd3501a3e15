"""The fund's papers as PDF: proposal, screening form, scoring form, those of a session (spec: fund.md 4, 6 to 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from models.core import audit
from models.core.db import db
from models.core.identity import Account
from models.core.matrix import kinds_of
from models.fund.codes import LEVELS, SCORED_LEVELS, State
from models.fund.proposal import Proposal
from models.fund.revision import Revision
from models.fund.scope import INTERNAL, acts_as_applicant, has_stepped_out
from models.fund.scoring import Sheet
from models.fund.screening import Screening, screening_of
from models.fund.session import AgendaItem, EvaluationSession, ItemState, SessionMember
from reports.fund.comparison import comparison_paper
from reports.fund.proposal import proposal_paper
from reports.fund.scoring import scoring_paper
from reports.fund.screening import screening_paper
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.printing import file_name, give
from views.fund.proposal.comparing import differences, summary_of, two_revisions
from views.fund.proposal.page import may_see_people
from views.fund.scoring.desk import form_for, sheet_at
from views.fund.session.papers import MeetingPapers
from views.fund.wizard.loading import load_revision

VIEW = "proposal.view"
RESULT = "result.view"


class PaperView(MeetingPapers, PageView):
    """Papers to print, each made when it is asked for and noted in the log."""

    route_base = "/papers"
    default_view = "proposal"

    @expose("/proposal/<int:pk>.pdf")
    @needs(VIEW)
    def proposal(self, pk: int) -> ResponseReturnValue:
        """The whole proposal, the latest revision that the user reads or `?revision=n`."""
        proposal = _proposal(pk, VIEW)
        revision = _revision(proposal, VIEW)
        return _give(proposal, revision, "proposal", "", lambda: proposal_paper(revision))

    @expose("/comparison/<int:pk>.pdf")
    @needs(VIEW)
    def comparison(self, pk: int) -> ResponseReturnValue:
        """What differs between two revisions that the user reads; all of both with `?all=1`."""
        proposal = _proposal(pk, VIEW)
        _revisions, old, new = two_revisions(proposal)
        everything = bool(request.args.get("all"))
        with force_locale("th"):  # Papers are Thai whatever language the reader's screen speaks.
            parts = differences(old, new, everything=everything)
            summary = summary_of(parts)
        return _give(
            proposal,
            new,
            f"comparison_{old.number}",
            "เปรียบเทียบ",
            lambda: comparison_paper(old, new, parts, everything=everything, summary=summary),
        )

    @expose("/screening/<int:pk>.pdf")
    @needs(RESULT)
    def screening_form(self, pk: int) -> ResponseReturnValue:
        """The screening form: sent ones for all who see results, others for those who screen."""
        proposal = _proposal(pk, RESULT)
        revision = _revision(proposal, RESULT)
        screening = screening_of(revision)
        if (screening is None or not screening.is_sent) and not _screens(proposal, revision):
            raise NotFound
        officer = _officer(screening) if may_see_people(proposal, g.user) else ""
        return _give(
            proposal, revision, "screening", "แบบคัดกรอง", lambda: screening_paper(revision, screening, officer=officer)
        )

    @expose("/scoring/<int:pk>/<level>.pdf")
    @needs(RESULT)
    def scoring_form(self, pk: int, level: str) -> ResponseReturnValue:
        """The scoring form of a level, for the fund and for the committee of that level or one above it.

        Applicants see points and advice on the proposal's page, never this paper with who sat there.
        """
        if level not in SCORED_LEVELS:
            raise NotFound
        proposal = _proposal(pk, RESULT)
        revision = _revision(proposal, RESULT)
        if not _sees_level(proposal, revision, level):
            raise NotFound
        sheet = sheet_at(revision, level)
        if sheet is None and not _is_at(proposal, revision, level):
            raise NotFound
        sheet = _shown(sheet, proposal)
        item = _item_of(revision, level)
        has_names = item is not None and item.session.within(g.user, "session.view")
        form = form_for(sheet)
        return _give(
            proposal,
            revision,
            f"scoring_{level}",
            "แบบกลั่นกรอง",
            lambda: scoring_paper(revision, level, form, sheet, item=item, has_names=has_names),
        )


# --- which record, for whom ------------------------------------------------------------------------------------------


def _proposal(pk: int, permission: str) -> Proposal:
    found: Proposal = record_or_404(Proposal.visible_to(g.user, permission), Proposal, pk)
    return found


def _revision(proposal: Proposal, permission: str) -> Revision:
    """The revision that the address asks for among those the user reads, the latest unless it says; with its rows."""
    readable = list(proposal.readable_revisions(g.user, permission))
    asked = request.args.get("revision")
    if asked is not None:
        readable = [revision for revision in readable if str(revision.number) == asked]
    if not readable:
        raise NotFound
    return load_revision(readable[-1].id)


def _is_at(proposal: Proposal, revision: Revision, level: str) -> bool:
    """Whether the revision waits for a level's result now."""
    return proposal.level == level and proposal.submitted_revision_id == revision.id


def _screens(proposal: Proposal, revision: Revision) -> bool:
    """Whether the user fills the screening form of the revision now."""
    is_here = proposal.state == State.SCREENING and proposal.submitted_revision_id == revision.id
    return is_here and proposal.within(g.user, "proposal.decide")


def _officer(screening: Screening | None) -> str:
    sent_by = screening.sent_by_id if screening is not None else None
    account = db.session.get(Account, sent_by) if sent_by else None
    return account.full_name if account is not None else ""


def _sees_level(proposal: Proposal, revision: Revision, level: str) -> bool:
    """Whether the user may have the paper of a level: the fund, or who sits on the revision there or above.

    Nobody who acts for the applicant, and nobody who stepped out of the item.
    """
    if acts_as_applicant(proposal, g.user, RESULT) or has_stepped_out(proposal, g.user):
        return False
    if kinds_of(g.user, RESULT) & INTERNAL:
        return True
    sits_at = db.session.scalars(
        select(EvaluationSession.level)
        .join(AgendaItem, AgendaItem.session_id == EvaluationSession.id)
        .join(Revision, Revision.id == AgendaItem.revision_id)
        .join(SessionMember, SessionMember.session_id == EvaluationSession.id)
        .where(
            AgendaItem.proposal_id == proposal.id,
            AgendaItem.state != ItemState.OFF,
            EvaluationSession.deleted_at.is_(None),
            Revision.number >= revision.number,
            SessionMember.user_id == g.user.id,
        )
    )
    return any(LEVELS.index(own) >= LEVELS.index(level) for own in sits_at)


def _shown(sheet: Sheet | None, proposal: Proposal) -> Sheet | None:
    """The sheet as this user may see it: an unsent one is for those who write it; others get an empty form."""
    if sheet is None or sheet.is_sent or proposal.within(g.user, "result.record"):
        return sheet
    return None


def _item_of(revision: Revision, level: str) -> AgendaItem | None:
    """Where the revision is, or was, on an agenda of the level."""
    return db.session.scalar(
        select(AgendaItem)
        .join(AgendaItem.session)
        .where(
            AgendaItem.revision_id == revision.id,
            AgendaItem.state != ItemState.OFF,
            EvaluationSession.level == level,
        )
        .options(
            joinedload(AgendaItem.session).options(
                selectinload(EvaluationSession.items),
                selectinload(EvaluationSession.members).joinedload(SessionMember.user),
            ),
            selectinload(AgendaItem.stepping_out),
        )
        .order_by(AgendaItem.id.desc())
        .limit(1)
    )


# --- the answer ------------------------------------------------------------------------------------------------------


def _give(
    proposal: Proposal, revision: Revision, paper: str, form_name: str, make: Callable[[], bytes]
) -> ResponseReturnValue:
    """The PDF that `make` gives, noted in the log; a page that says so where it cannot be made."""
    number = proposal.number
    name = file_name(form_name, number or ("" if revision.is_submitted else "ร่าง"), revision.title)
    key, which = proposal.id, revision.number
    return give(
        make,
        name=name,
        fallback=f"{number or 'draft'}.pdf",
        about=f"{paper} of proposal {key}",
        note=lambda: audit.note(
            "fund_proposal.print", entity="fund_proposal", entity_id=key, paper=paper, revision=which
        ),
    )


def register(builder: Any) -> None:
    """Add the papers; they are reached from the pages of what they show."""
    builder.add_view_no_menu(PaperView)
