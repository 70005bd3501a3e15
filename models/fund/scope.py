"""Which proposals a user sees, and which of their revisions (spec: fund.md 1, "What each sees")."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, exists, false, or_, select

from models.core.db import db
from models.core.identity import Account
from models.core.matrix import kinds_of
from models.fund.codes import (
    COMMITTEE,
    DRAFT_STATES,
    ORGANIZATION_MANAGER,
    PROJECT_MANAGER,
    STAFF,
    SUPER_USER,
    State,
)
from models.fund.organization import organizations_of
from models.fund.session import AgendaItem, EvaluationSession, ItemState, MemberRole, SessionMember, SteppingOut

if TYPE_CHECKING:
    from models.fund.proposal import Proposal
    from models.fund.revision import Revision

OWN_SESSION = "result.record_own_session"
RESTORE = "proposal.restore"
# What is done to a draft is done by its applicants: the fund reaches these only once they were submitted.
DRAFTING = frozenset({"proposal.edit", "proposal.delete", "proposal.submit"})
INTERNAL = frozenset({STAFF, SUPER_USER})


def proposals(proposal: type[Proposal], user: Account, permission: str) -> Select[Any]:
    """SELECT of the proposals on which `user` holds `permission`: the union over the kinds that hold it."""
    kinds = kinds_of(user, permission)
    reach: list[Any] = [false()]
    if PROJECT_MANAGER in kinds:
        reach.append(and_(proposal.author_id == user.id, proposal.organization_id.in_(organizations_of(user))))
    if ORGANIZATION_MANAGER in kinds:
        reach.append(proposal.organization_id.in_(organizations_of(user, managed=True)))
    if permission == RESTORE:
        if SUPER_USER in kinds:
            reach.append(proposal.author_id.is_not(None))
        return select(proposal).where(proposal.state == State.DELETED, or_(*reach))
    if kinds & INTERNAL:
        reach.append(_received(proposal, user, permission))
    if COMMITTEE in kinds:
        reach.append(proposal.id.in_(proposals_of_committee(user, only_open=permission == "result.record")))
    if permission == "result.record" and kinds_of(user, OWN_SESSION):
        reach.append(
            proposal.id.in_(proposals_of_committee(user, SessionMember.role == MemberRole.SECRETARY, only_open=True))
        )
    return select(proposal).where(proposal.state != State.DELETED, or_(*reach))


def _received(proposal: type[Proposal], user: Account, permission: str) -> Any:
    """What the fund has received, but for the items that this person stepped out of."""
    received = and_(proposal.submitted_revision_id.is_not(None), proposal.id.not_in(_stepped_out_of_by(user.id)))
    return and_(received, proposal.state.not_in(DRAFT_STATES)) if permission in DRAFTING else received


@lru_cache(500)
def _stepped_out_of_by(user_id: int) -> Select[Any]:
    """Ids of the proposals that this person stepped out of; built once a person, as every list of theirs asks it."""
    return (
        select(AgendaItem.proposal_id)
        .join(SteppingOut, SteppingOut.item_id == AgendaItem.id)
        .where(SteppingOut.user_id == user_id)
    )


def proposals_of_committee(user: Account, *conditions: Any, only_open: bool = False) -> Select[Any]:
    """Ids of the proposals on sessions that `user` sits on, less those they stepped out of.

    With `only_open`, those that wait for a result there now.
    """
    states = (ItemState.ON,) if only_open else (ItemState.ON, ItemState.DONE)
    return _items_of(user).where(AgendaItem.state.in_(states), *conditions).with_only_columns(AgendaItem.proposal_id)


def _items_of(user: Account) -> Select[Any]:
    # Whoever stepped out of a proposal once has stepped out of it in every session.
    other = AgendaItem.__table__.alias("other_item")
    stepped_out = exists().where(
        other.c.proposal_id == AgendaItem.proposal_id,
        SteppingOut.item_id == other.c.id,
        SteppingOut.user_id == user.id,
    )
    return (
        select(AgendaItem)
        .join(EvaluationSession, EvaluationSession.id == AgendaItem.session_id)
        .join(SessionMember, SessionMember.session_id == EvaluationSession.id)
        .where(SessionMember.user_id == user.id, EvaluationSession.deleted_at.is_(None), ~stepped_out)
    )


def readable_revisions(proposal: Proposal, user: Account, permission: str) -> list[Revision]:
    """The revisions of a proposal that `user` may read, oldest first.

    Applicants read all; the fund those that were submitted; a committee member those up to the latest that stood on
    an agenda of theirs.
    """
    if not proposal.within(user, permission):
        return []
    if acts_as_applicant(proposal, user, permission):
        return list(proposal.revisions)
    submitted = [revision for revision in proposal.revisions if revision.is_submitted]
    kinds = kinds_of(user, permission)
    if kinds & INTERNAL and not has_stepped_out(proposal, user):
        return submitted
    seen = set(
        db.session.scalars(
            _items_of(user)
            .where(AgendaItem.proposal_id == proposal.id, AgendaItem.state.in_((ItemState.ON, ItemState.DONE)))
            .with_only_columns(AgendaItem.revision_id)
        )
    )
    latest = max((revision.number for revision in submitted if revision.id in seen), default=0)
    return [revision for revision in submitted if revision.number <= latest]


def acts_as_applicant(proposal: Proposal, user: Account, permission: str) -> bool:
    """Whether it is as its author or its organization's manager that `user` holds `permission` on the proposal."""
    kinds = kinds_of(user, permission)
    if ORGANIZATION_MANAGER in kinds and proposal.organization.is_managed_by(user):
        return True
    return PROJECT_MANAGER in kinds and proposal.author_id == user.id and proposal.organization.has_member(user)


def stepped_out_of(proposal_id: int) -> Select[Any]:
    """Ids of those who stepped out of an item with the proposal, in any session."""
    return (
        select(SteppingOut.user_id)
        .join(AgendaItem, AgendaItem.id == SteppingOut.item_id)
        .where(AgendaItem.proposal_id == proposal_id)
    )


def has_stepped_out(proposal: Proposal, user: Account) -> bool:
    """Whether `user` stepped out of an item with this proposal, in any session."""
    rows = (
        select(SteppingOut.id)
        .join(AgendaItem, AgendaItem.id == SteppingOut.item_id)
        .where(AgendaItem.proposal_id == proposal.id, SteppingOut.user_id == user.id)
    )
    return db.session.execute(select(rows.exists())).scalar_one()
