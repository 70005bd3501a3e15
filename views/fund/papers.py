"""The fund's papers as PDF: the proposal, the screening form, the scoring form (spec: fund.md 4, 6 and 8)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

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
from reports.core.pdf import PdfFailed
from reports.fund.proposal import proposal_paper
from reports.fund.scoring import scoring_paper
from reports.fund.screening import screening_paper
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.errors import answer
from views.fund.proposal.page import may_see_people
from views.fund.scoring.desk import form_for, sheet_at
from views.fund.wizard.loading import load_revision

log = logging.getLogger("sala.papers")

VIEW = "proposal.view"
RESULT = "result.view"
LONGEST_TITLE = 80  # characters of a project's name in the name of its file
_NOT_IN_NAMES = frozenset('<>:"/\\|?*')


class PaperView(PageView):
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
    try:
        document = make()
    except PdfFailed as failed:
        # What failed may hold words that somebody typed; the log gets the kind.
        log.warning("paper %s of proposal %s could not be made: %s", paper, key, failed.code)
        return answer(
            422,
            _("This paper cannot be made"),
            _("Its content cannot be laid out on pages. Nothing was lost; tell the staff, and use the screen for now."),
            "not_printable",
        )
    # The note begins a write, which ends the reading: after all that is read.
    audit.note("fund_proposal.print", entity="fund_proposal", entity_id=key, paper=paper, revision=which)
    return pdf_response(document, name, fallback=f"{number or 'draft'}.pdf")


def file_name(*parts: str) -> str:
    """A name for a file of what is not empty, without what file systems refuse: "2569-0001 ชื่อโครงการ.pdf"."""
    text = " ".join(part for part in parts if part)
    clean = "".join(" " if letter in _NOT_IN_NAMES or not letter.isprintable() else letter for letter in text)
    return f"{' '.join(clean.split())[:LONGEST_TITLE].rstrip(' .')}.pdf"


def pdf_response(document: bytes, name: str, *, fallback: str) -> Response:
    """A PDF to show in the browser, kept by no cache; `fallback` is its name for clients that read ASCII alone."""
    response = Response(document, mimetype="application/pdf")
    names = f"filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Disposition"] = f"inline; {names}"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # As for uploaded PDFs: the browser's own viewer, and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response


def register(builder: Any) -> None:
    """Add the papers; they are reached from the pages of what they show."""
    builder.add_view_no_menu(PaperView)
