"""The applicants' moves: ready, take back, submit, revise, discard, delete, restore (spec: fund.md 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.core import draft
from models.core.audit import AuditEntry
from models.core.db import StaleVersion, db
from models.core.identity import names_of
from models.core.workflow import Refused
from models.fund.codes import State
from models.fund.proposal import Proposal
from views.core.access import needs
from views.core.base import PageView, tell_refused
from views.core.look import link
from views.core.sentences import sentence
from views.fund.wizard.kept import FORM, parts_with_typing
from views.fund.wizard.loading import load_revision, proposal_or_404

# The moves that stand on an applicant's page, by the state of the proposal, the main one first.
SHOWN: dict[str, tuple[str, ...]] = {
    State.DRAFT: ("submit", "mark_ready", "discard", "delete"),
    State.READY: ("submit", "take_back"),
    State.RETURNED: ("revise",),
    State.DELETED: ("restore",),
}
MOVES = frozenset(name for names in SHOWN.values() for name in names)
# A refusal for these reasons says that the move is not for this draft at all: it is not worth a sentence.
NOT_MEANT = {
    "discard": {"first_draft", "not_permitted"},
    "delete": {"was_submitted", "not_permitted"},
    "revise": {"not_permitted"},
    "restore": {"not_permitted"},
}


@dataclass(frozen=True)
class ShownMove:
    """A move as a page shows it: a button, or the sentence why not."""

    name: str
    label: str
    icon: str
    url: str
    reason: str | None
    question: str
    answer: str
    is_danger: bool = False


def moves_of(proposal: Proposal) -> list[ShownMove]:
    """The moves that the user of this request meets at a proposal, each with its button or the reason against it."""
    shown = []
    for name in SHOWN.get(proposal.state, ()):
        refusal = proposal.refusal(name, g.user)
        if refusal is not None and refusal.code in NOT_MEANT.get(name, ()):
            continue
        if name == "mark_ready" and (refusal is None and proposal.organization.is_managed_by(g.user)):
            continue  # Whoever submits need not tell themselves.
        reason = None
        if refusal is not None:
            reason = _not_yours(name) if refusal.code in ("not_permitted", "not_manager") else sentence(refusal)
        shown.append(_shown(proposal, name, reason))
    if any(move.name == "submit" and move.reason is None for move in shown):
        shown = [move for move in shown if move.name != "mark_ready"]
    reasons: set[str] = set()
    unique = []
    for move in shown:
        if move.reason is None or move.reason not in reasons:
            unique.append(move)
            reasons |= {move.reason} if move.reason else set()
    return unique


def _not_yours(name: str) -> str:
    if name == "submit":
        return _("The organization manager submits the proposal. Mark it ready when it is complete.")
    return _("Only the proposal’s author or the organization manager can do this.")


def _shown(proposal: Proposal, name: str, reason: str | None) -> ShownMove:
    title = proposal.current_revision.title or _("Proposal without a name yet")
    asks = {
        "submit": _("Submit “%(title)s” to the fund? It can no longer be edited after that.", title=title),
        "mark_ready": _("Mark the draft as ready? It is locked, and the organization manager is told."),
        "discard": _("Discard the draft of this revision? The submitted one stays."),
        "delete": _("Delete the draft “%(title)s”? It can be restored from the list of the deleted.", title=title),
    }
    words = {
        "submit": (_("Submit the proposal"), "send", _("Submit")),
        "mark_ready": (_("Mark as ready"), "check2-square", _("Mark as ready")),
        "take_back": (_("Take back to edit"), "arrow-counterclockwise", ""),
        "revise": (_("Make a new revision"), "pencil-square", ""),
        "discard": (_("Discard this revision"), "trash3", _("Discard")),
        "delete": (_("Delete the draft"), "trash3", _("Delete")),
        "restore": (_("Restore"), "arrow-counterclockwise", ""),
    }
    label, icon, answer = words[name]
    url = url_for("ProposalMoveView.move", pk=proposal.id, action=name)
    return ShownMove(name, label, icon, url, reason, asks.get(name, ""), answer, name in ("discard", "delete"))


class ProposalMoveView(PageView):
    """One address per move; each asks the proposal whether it may be taken."""

    route_base = "/wizard"
    default_view = "deleted"

    @expose("/<int:pk>/move/<action>", methods=["POST"])
    @needs("proposal.edit", "proposal.submit", "proposal.delete", "proposal.restore")
    def move(self, pk: int, action: str) -> ResponseReturnValue:
        """Take a move; what was refused, or has moved on meanwhile, is told."""
        if action not in MOVES:
            abort(404)
        proposal = proposal_or_404(pk, Proposal.moves[action].permission)
        if action in ("submit", "mark_ready") and (parts := self._unsaved(proposal)):
            flash(
                _(
                    "Part %(part)s holds typing that is not saved yet. Save it or discard it first.",
                    part=", ".join(parts),
                ),
                "warning",
            )
            return redirect(url_for("WizardView.part", pk=pk, part=parts[0]))
        try:
            proposal.perform(action, by=g.user, version=request.form.get("version"))
            if action == "discard":
                draft.drop(g.user.id, FORM, str(proposal.id))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(_page_of(pk, action, done=False))
        except StaleVersion:
            db.session.rollback()
            if not self._was_mine(pk, action):
                flash(
                    _("The proposal has changed since this page was opened. Look at it again, then decide."), "warning"
                )
                return redirect(_page_of(pk, action, done=False))
            return redirect(_page_of(pk, action, done=True))
        flash(_done(action, proposal), "success")
        return redirect(_page_of(pk, action, done=True))

    @staticmethod
    def _unsaved(proposal: Proposal) -> list[str]:
        if not proposal.is_draft:
            return []
        return parts_with_typing(g.user, load_revision(proposal.current_revision_id))

    @staticmethod
    def _was_mine(pk: int, action: str) -> bool:
        """Whether the same button was pressed twice: the first press did it, the second has nothing to tell."""
        proposal = db.session.get(Proposal, pk)
        if proposal is None:
            return False
        if action == "submit":
            revision = proposal.submitted_revision
            return proposal.state == State.SCREENING and revision is not None and revision.submitted_by_id == g.user.id
        return proposal.state == Proposal.moves[action].target and proposal.state not in Proposal.moves[action].sources

    @expose("/deleted")
    @needs("proposal.restore")
    def deleted(self) -> ResponseReturnValue:
        """The deleted drafts that this person may restore, the latest first."""
        rows = Proposal.visible_to(g.user, "proposal.restore").order_by(Proposal.deleted_at.desc(), Proposal.id.desc())
        found: list[Any] = list(db.session.scalars(rows.options(joinedload(Proposal.organization)).limit(200)))
        return self.page("fund/wizard/deleted.html", proposals=found, people=_deleted_by(found))


def _deleted_by(proposals: list[Any]) -> dict[int, str]:
    """Who deleted each, by the proposal's id; two queries."""
    latest = (
        select(func.max(AuditEntry.seq))
        .where(
            AuditEntry.entity == "fund_proposal",
            AuditEntry.entity_id.in_([str(proposal.id) for proposal in proposals]),
            AuditEntry.action == "fund_proposal.delete",
        )
        .group_by(AuditEntry.entity_id)
    )
    rows = db.session.execute(
        select(AuditEntry.entity_id, AuditEntry.actor_id).where(AuditEntry.seq.in_(latest), AuditEntry.actor_id > 0)
    ).all()
    names = names_of({row.actor_id for row in rows})
    return {int(row.entity_id): names.get(row.actor_id, "") for row in rows}


def _done(action: str, proposal: Proposal) -> str:
    texts = {
        "submit": _("The proposal was submitted. Its number is %(number)s.", number=proposal.number),
        "mark_ready": _("The draft is marked as ready and locked. The organization manager was told."),
        "take_back": _("The draft can be edited again."),
        "revise": _("A new revision was made. Edit it and submit it again."),
        "discard": _("The draft of the revision was discarded."),
        "delete": _("The draft was deleted. It can be restored from the list of the deleted."),
        "restore": _("The draft was restored."),
    }
    return texts[action]


def _page_of(pk: int, action: str, *, done: bool) -> str:
    """Where a move leads: on with the work, or to the proposal's own page."""
    if action == "delete" and done:
        return link("ProposalView.list") or url_for("ProposalMoveView.deleted")
    if action == "restore" and not done:
        return url_for("ProposalMoveView.deleted")
    if action in ("submit", "discard") and done:
        return link("ProposalView.show", pk=pk) or url_for("WizardView.review", pk=pk)
    if action in ("take_back", "revise", "restore"):
        return url_for("WizardView.begin", pk=pk)
    return url_for("WizardView.review", pk=pk)


__all__ = ["ProposalMoveView", "ShownMove", "moves_of"]
