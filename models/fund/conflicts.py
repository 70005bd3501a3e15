"""Conflicts of interest of those who sit in a session: found, declared, and what follows (spec: fund.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from models.core.db import db
from models.core.identity import Account, Profile
from models.core.matrix import allows
from models.core.thai.text import clean_line, search_text
from models.core.workflow import Refusal, Refused
from models.fund.codes import SHORT_LENGTH, WAITING_STATE
from models.fund.membership import BELONGS, Membership
from models.fund.organization import Organization, OrganizationPerson
from models.fund.session import (
    AgendaItem,
    CommitteeAffiliation,
    EvaluationSession,
    ItemState,
    SteppingOut,
)

if TYPE_CHECKING:
    from models.fund.proposal import Proposal

FOUND, DECLARED = "found", "declared"
# Shorter names stand in too many others to mean one organization.
SHORTEST_NAME = 6


@dataclass(frozen=True)
class Conflict:
    """Somebody who sits in the session has to do with the organization of an item."""

    item: AgendaItem
    user: Account
    why: str  # author, membership, affiliation, citizen_id, stepped_out_before


def find_conflicts(session: EvaluationSession, items: Iterable[AgendaItem] | None = None) -> list[Conflict]:
    """Every conflict on the agenda (or of `items`) of those who sit, one per person and item, the plainest reason."""
    found = []
    people = [member.user for member in session.members]
    for item in session.agenda if items is None else items:
        proposal = item.proposal or db.session.get(_proposal(), item.proposal_id)
        for user in people:
            why = _why(user, proposal)
            if why is not None:
                found.append(Conflict(item, user, why))
    return found


def _proposal() -> Any:
    from models.fund.proposal import Proposal

    return Proposal


def _why(user: Account, proposal: Proposal) -> str | None:
    if proposal.author_id == user.id:
        return "author"
    organization: Organization = proposal.organization
    if _any(
        select(Membership.id).where(
            Membership.user_id == user.id,
            Membership.organization_id == organization.id,
            Membership.state.in_(BELONGS),
        )
    ):
        return "membership"
    affiliations = db.session.scalars(select(CommitteeAffiliation).where(CommitteeAffiliation.user_id == user.id))
    if any(_is_affiliation_with(affiliation, organization) for affiliation in affiliations):
        return "affiliation"
    citizen_id = db.session.scalar(select(Profile.citizen_id).where(Profile.user_id == user.id))
    if citizen_id and _any(
        select(OrganizationPerson.id).where(
            OrganizationPerson.organization_id == organization.id, OrganizationPerson.citizen_id == citizen_id
        )
    ):
        return "citizen_id"
    before = (
        select(SteppingOut.id)
        .join(AgendaItem, AgendaItem.id == SteppingOut.item_id)
        .where(AgendaItem.proposal_id == proposal.id, SteppingOut.user_id == user.id)
    )
    return "stepped_out_before" if _any(before) else None


def _is_affiliation_with(affiliation: CommitteeAffiliation, organization: Organization) -> bool:
    if affiliation.organization_id is not None:
        return affiliation.organization_id == organization.id
    mine, theirs = search_text(affiliation.name), organization.name_search
    shorter, longer = sorted((mine, theirs), key=len)
    return mine == theirs or (len(shorter) >= SHORTEST_NAME and shorter in longer)


def _any(rows: Select[Any]) -> bool:
    return db.session.execute(select(rows.exists())).scalar_one()


def mark_conflicts(session: EvaluationSession, items: Iterable[AgendaItem] | None = None) -> list[Conflict]:
    """Let everybody with a conflict step out of the items that wait for a result; the conflicts found."""
    waiting = [item for item in (session.agenda if items is None else items) if item.state == ItemState.ON]
    found = find_conflicts(session, waiting)
    for conflict in found:
        if not conflict.item.is_left_by(conflict.user):
            conflict.item.stepping_out.append(SteppingOut(user=conflict.user, reason=FOUND, why=conflict.why))
    db.session.flush()
    return found


def declare(item: AgendaItem, user: Account, by: Account, note: str = "") -> SteppingOut:
    """Let somebody who sits in the session step out of an item; said by themselves or by whoever edits sessions.

    Raises Refused: not_permitted, not_seated, item_decided. The caller commits.
    """
    session = item.session
    if by.id != user.id and not session.within(by, "session.edit"):
        raise Refused(Refusal("not_permitted", permission="session.edit"))
    if all(member.user_id != user.id for member in session.members):
        raise Refused(Refusal("not_seated"))
    if item.state != ItemState.ON:
        raise Refused(Refusal("item_decided"))
    row = next((row for row in item.stepping_out if row.user_id == user.id), None)
    if row is None:
        row = SteppingOut(user=user, reason=DECLARED, note=clean_line(note)[:SHORT_LENGTH])
        item.stepping_out.append(row)
    db.session.flush()
    return row


def withdraw(item: AgendaItem, user: Account, by: Account) -> None:
    """Take a stepping out back that was a mistake: for whoever edits sessions, never for the person concerned.

    Raises Refused: not_permitted, item_decided. The caller commits.
    """
    if by.id == user.id or not item.session.within(by, "session.edit"):
        raise Refused(Refusal("not_permitted", permission="session.edit"))
    if item.state != ItemState.ON:
        raise Refused(Refusal("item_decided"))
    for row in [row for row in item.stepping_out if row.user_id == user.id]:
        item.stepping_out.remove(row)
    db.session.flush()


def waiting_at(level: str) -> Select[Any]:
    """SELECT of the proposals that wait at exactly this level, the longest waiting first; to be narrowed by scope."""
    proposal = _proposal()
    return (
        select(proposal)
        .where(proposal.state == WAITING_STATE[level])
        .order_by(proposal.submitted_at, proposal.number_sort, proposal.id)
    )


def set_affiliations(user: Account, rows: Iterable[tuple[int | None, str]], by: Account) -> None:
    """Write down where a committee member belongs: (organization id, "") or (None, name); replaces what was there.

    Raises Refused: not_permitted. The caller commits.
    """
    if not allows(by, "user.edit"):
        raise Refused(Refusal("not_permitted", permission="user.edit"))
    wanted = {(organization_id, "" if organization_id else clean_line(name)) for organization_id, name in rows}
    wanted.discard((None, ""))
    present = {
        (row.organization_id, row.name): row
        for row in db.session.scalars(select(CommitteeAffiliation).where(CommitteeAffiliation.user_id == user.id))
    }
    for key in present.keys() - wanted:
        db.session.delete(present[key])
    for organization_id, name in sorted(wanted - present.keys(), key=str):
        db.session.add(CommitteeAffiliation(user=user, organization_id=organization_id, name=name))
    db.session.flush()
