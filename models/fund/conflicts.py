"""Conflicts of interest of those who sit in a session: found, declared, and what follows (spec: fund.md 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, event, inspect, select
from sqlalchemy.orm import Session, selectinload

from models.core import audit
from models.core.db import db, touch
from models.core.identity import Account, Profile
from models.core.matrix import allows
from models.core.thai.text import clean_line, search_text
from models.core.workflow import Refusal, Refused
from models.fund.codes import SHORT_LENGTH, WAITING_STATE
from models.fund.membership import BELONGS, Membership
from models.fund.organization import Organization, OrganizationPerson
from models.fund.session import (
    OPEN,
    AgendaItem,
    ClearedConflict,
    CommitteeAffiliation,
    EvaluationSession,
    ItemState,
    SessionMember,
    SteppingOut,
)

if TYPE_CHECKING:
    from models.fund.proposal import Proposal

FOUND, DECLARED = "found", "declared"
# Shorter names stand in too many others to mean one organization.
SHORTEST_NAME = 6
# A like name may be another's: staff may judge it. The rest are facts, to be mended where they stand.
JUDGED = frozenset({"like_name"})


@dataclass(frozen=True)
class Conflict:
    """Somebody who sits in the session has to do with the organization of an item."""

    item: AgendaItem
    user: Account
    why: str  # author, membership, affiliation, citizen_id, stepped_out_before, like_name


def find_conflicts(session: EvaluationSession, items: Iterable[AgendaItem] | None = None) -> list[Conflict]:
    """Every conflict on the agenda (or of `items`) of those who sit, one per person and item, the plainest reason.

    A fixed number of queries, however long the agenda. What staff judged to be none is not found again.
    """
    items = list(session.agenda if items is None else items)
    people = [member.user for member in session.members]
    if not items or not people:
        return []
    known = _Ties.of(people, [item.proposal for item in items])
    found = []
    for item in items:
        cleared = {row.user_id for row in item.cleared}
        for user in people:
            why = known.why(user, item.proposal)
            if why is not None and not (why in JUDGED and user.id in cleared):
                found.append(Conflict(item, user, why))
    return found


@dataclass
class _Ties:
    """What ties people to organizations and proposals, read once for all of an agenda."""

    members: set[tuple[int, int]]  # user, organization
    affiliations: dict[int, list[CommitteeAffiliation]]
    citizen_ids: dict[int, str]
    named: set[tuple[int, str]]  # organization, citizen ID
    stepped_out: set[tuple[int, int]]  # user, proposal

    @classmethod
    def of(cls, people: list[Account], proposals: list[Proposal]) -> _Ties:
        """Read the ties between these; five queries."""
        users = [user.id for user in people]
        organizations = {proposal.organization_id for proposal in proposals}
        belongs = select(Membership.user_id, Membership.organization_id).where(
            Membership.user_id.in_(users),
            Membership.organization_id.in_(organizations),
            Membership.state.in_(BELONGS),
        )
        affiliations: dict[int, list[CommitteeAffiliation]] = {}
        for row in db.session.scalars(select(CommitteeAffiliation).where(CommitteeAffiliation.user_id.in_(users))):
            affiliations.setdefault(row.user_id, []).append(row)
        numbers = select(Profile.user_id, Profile.citizen_id).where(
            Profile.user_id.in_(users), Profile.citizen_id.is_not(None), Profile.citizen_id != ""
        )
        citizen_ids = {user_id: str(citizen_id) for user_id, citizen_id in db.session.execute(numbers)}
        named = select(OrganizationPerson.organization_id, OrganizationPerson.citizen_id).where(
            OrganizationPerson.organization_id.in_(organizations),
            OrganizationPerson.citizen_id.in_(citizen_ids.values()),
        )
        before = (
            select(SteppingOut.user_id, AgendaItem.proposal_id)
            .join(AgendaItem, AgendaItem.id == SteppingOut.item_id)
            .where(SteppingOut.user_id.in_(users), AgendaItem.proposal_id.in_([p.id for p in proposals]))
            .where(AgendaItem.state != ItemState.ON)
        )
        return cls(
            {(user_id, key) for user_id, key in db.session.execute(belongs)},
            affiliations,
            citizen_ids,
            {(key, citizen_id) for key, citizen_id in db.session.execute(named)},
            {(user_id, key) for user_id, key in db.session.execute(before)},
        )

    def why(self, user: Account, proposal: Proposal) -> str | None:
        """The plainest reason why this person may not decide on the proposal."""
        if proposal.author_id == user.id:
            return "author"
        organization = proposal.organization
        if (user.id, organization.id) in self.members:
            return "membership"
        mine = self.affiliations.get(user.id, [])
        if any(_is_named(row, organization) for row in mine):
            return "affiliation"
        if (organization.id, self.citizen_ids.get(user.id, "")) in self.named:
            return "citizen_id"
        if (user.id, proposal.id) in self.stepped_out:
            return "stepped_out_before"
        return "like_name" if any(_is_like(row, organization) for row in mine) else None


def _is_named(affiliation: CommitteeAffiliation, organization: Organization) -> bool:
    if affiliation.organization_id is not None:
        return affiliation.organization_id == organization.id
    return search_text(affiliation.name) == organization.name_search


def _is_like(affiliation: CommitteeAffiliation, organization: Organization) -> bool:
    """Whether an affiliation that was written out holds the organization's name, or is a part of it."""
    if affiliation.organization_id is not None:
        return False
    shorter, longer = sorted((search_text(affiliation.name), organization.name_search), key=len)
    return len(shorter) >= SHORTEST_NAME and shorter in longer


def _proposal() -> Any:
    from models.fund.proposal import Proposal

    return Proposal


def mark_conflicts(session: EvaluationSession, items: Iterable[AgendaItem] | None = None) -> list[Conflict]:
    """Let everybody with a conflict step out of the items that wait for a result; the conflicts found."""
    waiting = [item for item in (session.agenda if items is None else items) if item.state == ItemState.ON]
    found = find_conflicts(session, waiting)
    for conflict in found:
        if not conflict.item.is_left_by(conflict.user):
            conflict.item.stepping_out.append(SteppingOut(user=conflict.user, reason=FOUND, why=conflict.why))
    db.session.flush()
    return found


# --- what becomes known after the agenda was made --------------------------------------------------------------------

_NEWS = "fund_conflict_news"


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _context: Any) -> None:
    """Remember whose ties changed: people who may sit somewhere, organizations whose proposals may be on an agenda."""
    for record in (*session.new, *session.dirty):
        if isinstance(record, (CommitteeAffiliation, Membership, Profile)):
            session.info.setdefault(_NEWS, set()).add(("user", record.user_id))
        elif isinstance(record, OrganizationPerson):
            session.info.setdefault(_NEWS, set()).add(("organization", record.organization_id))
        elif isinstance(record, Organization) and inspect(record).attrs.name.history.has_changes():
            # Affiliations that were written out are told by the name.
            session.info.setdefault(_NEWS, set()).add(("organization", record.id))


@event.listens_for(Session, "before_commit", insert=True)
def _look_again(session: Session) -> None:
    """Find the conflicts that follow from it on the agendas that still wait, in the same transaction."""
    if session.in_nested_transaction():
        return
    session.flush()
    news: set[tuple[str, int]] = session.info.pop(_NEWS, set())
    if news:
        look_again([key for kind, key in news if kind == "user"], [key for kind, key in news if kind == "organization"])


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_NEWS, None)


def look_again(user_ids: Collection[int], organization_ids: Collection[int]) -> None:
    """Mark the conflicts of open sessions in which these people sit, or whose items are these organizations'."""
    proposal = _proposal()
    waiting = select(AgendaItem.session_id).where(AgendaItem.state == ItemState.ON)
    concerned = []
    if user_ids:
        seats = select(SessionMember.session_id).where(SessionMember.user_id.in_(user_ids))
        concerned.append(waiting.where(AgendaItem.session_id.in_(seats)))
    if organization_ids:
        theirs = waiting.join(proposal, proposal.id == AgendaItem.proposal_id)
        concerned.append(theirs.where(proposal.organization_id.in_(organization_ids)))
    for keys in concerned:
        rows = select(EvaluationSession).where(EvaluationSession.state == OPEN, EvaluationSession.id.in_(keys))
        for session in db.session.scalars(rows.options(selectinload(EvaluationSession.items))):
            mark_conflicts(session)


# --- declared, and taken back ----------------------------------------------------------------------------------------


def declare(item: AgendaItem, user: Account, by: Account, note: str = "") -> SteppingOut:
    """Let somebody who sits in the session step out of an item; said by themselves or by whoever edits sessions.

    Raises Refused: not_permitted, not_seated, item_decided. The caller commits.
    """
    session = item.session
    if by.id != user.id and not session.within(by, "session.edit"):
        raise Refused(Refusal("not_permitted", permission="session.edit"))
    if all(member.user_id != user.id for member in session.members):
        raise Refused(Refusal("not_seated"))
    # Of several who say so at once the second finds the first one's row; and no result comes in between.
    db.session.refresh(item, attribute_names=["state"], with_for_update=True)
    db.session.expire(item, ["stepping_out", "cleared"])
    if item.state != ItemState.ON:
        raise Refused(Refusal("item_decided"))
    row = next((row for row in item.stepping_out if row.user_id == user.id), None)
    if row is None:
        row = SteppingOut(user=user, reason=DECLARED, note=clean_line(note)[:SHORT_LENGTH])
        item.stepping_out.append(row)
        item.cleared[:] = [cleared for cleared in item.cleared if cleared.user_id != user.id]
    db.session.flush()
    return row


def withdraw(item: AgendaItem, user: Account, by: Account, note: str) -> None:
    """Take a stepping out back that was a mistake: for whoever edits sessions, never for the person concerned.

    What follows from a fact stays as long as the fact does; what was found by a like name is judged, with a reason.
    Raises Refused: not_permitted, item_decided, withdraw_reason_needed, conflict_stands. The caller commits.
    """
    if by.id == user.id or not item.session.within(by, "session.edit"):
        raise Refused(Refusal("not_permitted", permission="session.edit"))
    if item.state != ItemState.ON:
        raise Refused(Refusal("item_decided"))
    note = clean_line(note)[:SHORT_LENGTH]
    if not note:
        raise Refused(Refusal("withdraw_reason_needed"))
    rows = [row for row in item.stepping_out if row.user_id == user.id]
    if not rows:
        return
    why = _Ties.of([user], [item.proposal]).why(user, item.proposal)
    if why is not None and why not in JUDGED:
        raise Refused(Refusal("conflict_stands", why=why))
    for row in rows:
        item.stepping_out.remove(row)
    if all(row.user_id != user.id for row in item.cleared):
        item.cleared.append(ClearedConflict(user=user, note=note, cleared_by_id=by.id))
    db.session.flush()
    audit.note("fund_evaluation_session.step_in", item.session, item=item.id, person=user.id, note=note)


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
    if wanted != present.keys() and user.profile is not None:
        touch(user.profile, "position")  # They stand in the account's form, which counts the profile's versions.
    db.session.flush()
