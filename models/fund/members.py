"""What is done with organizations and their members: create, edit, join, add, delete (spec: fund.md 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from models.core import outbox
from models.core.db import db, now, touch
from models.core.identity import Account
from models.core.matrix import allows
from models.core.thai.citizen import parse_citizen_id
from models.core.thai.text import clean_line
from models.core.workflow import Refusal, Refused
from models.fund.codes import APPLICANT_KINDS, MANAGER, MEMBER, NAME_LENGTH, SHORT_LENGTH, State
from models.fund.membership import Membership, managers_of, membership_of
from models.fund.organization import (
    DIRECTOR,
    OFFICE_FIELDS,
    OFFICER,
    Organization,
    OrganizationObjective,
    OrganizationPerson,
)
from models.fund.proposal import Proposal

FIELDS = (*OFFICE_FIELDS, "chair_title", "chair_first_name", "chair_last_name")


def create_organization(by: Account, **content: Any) -> Organization:
    """Create an organization; an applicant who does becomes its manager. The caller commits.

    `content` as for `edit_organization`. Raises Refused: not_permitted, name_needed, belongs_elsewhere.
    """
    if not allows(by, "organization.create"):
        raise Refused(Refusal("not_permitted", permission="organization.create"))
    is_applicant = bool(by.kinds & APPLICANT_KINDS)
    if is_applicant and membership_of(by) is not None:
        raise Refused(Refusal("belongs_elsewhere"))
    _needs_name(content.get("name"))
    organization = Organization()
    _fill(organization, content)
    db.session.add(organization)
    db.session.flush()
    if is_applicant:
        db.session.add(Membership(organization=organization, user=by, role=MANAGER))
        db.session.flush()
        by.forget_grants()
    return organization


def edit_organization(
    organization: Organization, content: Mapping[str, Any], by: Account, version: int | str | None
) -> None:
    """Save what was typed; the caller commits. What is not given stays.

    `content`: the columns by name; `directors` and `officers` as [{id, title, first_name, last_name, citizen_id}],
    `objectives` as [{id, text}]: a list that is given replaces what was there, rows matched by id.
    Raises Refused (not_permitted, name_needed), StaleVersion, or BadCitizenId.
    """
    db.session.refresh(organization, attribute_names=["version", "deleted_at"], with_for_update=True)
    if not _within(organization, by, "organization.edit"):
        raise Refused(Refusal("not_permitted", permission="organization.edit"))
    organization.take_version(version)
    _needs_name(content.get("name", organization.name))
    _fill(organization, content)
    # A change of a director alone counts as a change of the organization, so that a stale form is told.
    touch(organization, "name_search")
    db.session.flush()


def delete_organization(organization: Organization, by: Account, version: int | str | None) -> None:
    """Mark as deleted; refused while anything depends on it. The caller commits.

    Raises Refused: not_permitted, has_members, has_proposals; or StaleVersion.
    """
    db.session.refresh(organization, attribute_names=["version", "deleted_at"], with_for_update=True)
    if reason := refusal_to_delete(organization, by):
        raise Refused(reason)
    organization.take_version(version)
    organization.deleted_at = now()
    db.session.flush()


def refusal_to_delete(organization: Organization, by: Account) -> Refusal | None:
    """Why `by` may not delete the organization; None means they may."""
    if not _within(organization, by, "organization.delete"):
        return Refusal("not_permitted", permission="organization.delete")
    members = select(Membership.id).where(
        Membership.organization_id == organization.id, Membership.state.in_(("active", "suspended"))
    )
    if db.session.scalar(members.limit(1)) is not None:
        return Refusal("has_members")
    proposals = select(Proposal.id).where(Proposal.organization_id == organization.id, Proposal.state != State.DELETED)
    return Refusal("has_proposals") if db.session.scalar(proposals.limit(1)) is not None else None


def restore_organization(organization: Organization, by: Account, version: int | str | None) -> None:
    """Unmark a deleted organization, for whoever may delete one; the caller commits.

    Raises Refused: not_permitted, was_merged; or StaleVersion.
    """
    if not allows(by, "organization.delete"):
        raise Refused(Refusal("not_permitted", permission="organization.delete"))
    if organization.merged_into_id is not None:
        raise Refused(Refusal("was_merged"))
    organization.take_version(version)
    organization.deleted_at = None
    db.session.flush()


def join_organization(organization: Organization, by: Account) -> Membership:
    """Belong to an organization that was chosen from the list; the caller commits.

    Raises Refused: not_permitted, organization_deleted, belongs_elsewhere.
    """
    if not by.kinds & APPLICANT_KINDS:
        raise Refused(Refusal("not_permitted", permission="organization.view"))
    return _belong(organization, by)


def add_member(organization: Organization, member: Account, by: Account) -> Membership:
    """Add somebody to the organization, found by their e-mail; the caller commits.

    Raises Refused: not_permitted, not_an_applicant, organization_deleted, already_member, belongs_elsewhere.
    """
    if not _within(organization, by, "member.add"):
        raise Refused(Refusal("not_permitted", permission="member.add"))
    if not member.active or not member.kinds & APPLICANT_KINDS:
        raise Refused(Refusal("not_an_applicant"))
    membership = _belong(organization, member)
    if member.id != by.id:
        outbox.tell([member], "member_added", organization, organization=organization.name)
    return membership


def appoint_first_manager(organization: Organization, member: Account, by: Account) -> Membership:
    """Make somebody the manager of an organization that has none, for whoever may appoint one; the caller commits.

    Raises Refused: not_permitted, has_manager, not_an_applicant, belongs_elsewhere.
    """
    if not _within(organization, by, "appoint.organization_manager"):
        raise Refused(Refusal("not_permitted", permission="appoint.organization_manager"))
    if managers_of(organization.id):
        raise Refused(Refusal("has_manager"))
    if not member.kinds & APPLICANT_KINDS:
        raise Refused(Refusal("not_an_applicant"))
    membership = membership_of(member)
    if membership is None or membership.organization_id != organization.id:
        membership = _belong(organization, member)
    membership.role = MANAGER
    db.session.flush()
    member.forget_grants()
    about: dict[str, Any] = {"organization": organization.name, "member": member.full_name, "role": MANAGER}
    outbox.tell([member], "role_changed", organization, **about)
    return membership


def hand_over(proposal: Proposal, to: Account, by: Account, version: int | str | None) -> None:
    """Give a proposal to another member of its organization, as its manager may; the caller commits.

    Raises Refused: not_permitted, not_manager, not_a_member, same_author; or StaleVersion.
    """
    db.session.refresh(proposal, attribute_names=["state", "version", "author_id"], with_for_update=True)
    proposal.take_version(version)
    if not proposal.within(by, "proposal.edit"):
        raise Refused(Refusal("not_permitted", permission="proposal.edit"))
    if not proposal.organization.is_managed_by(by):
        raise Refused(Refusal("not_manager"))
    if not (to.active and proposal.organization.has_member(to)):
        raise Refused(Refusal("not_a_member"))
    if proposal.author_id == to.id:
        raise Refused(Refusal("same_author"))
    before, proposal.author = proposal.author, to
    db.session.flush()
    about: dict[str, Any] = {"number": proposal.number, "title": proposal.title}
    if to.id != by.id:
        outbox.tell([to], "proposal_handed_over", proposal, **about)
    if before.id not in (by.id, to.id) and proposal.organization.has_member(before):
        outbox.tell([before], "proposal_given_away", proposal, member=to.full_name, **about)


def _belong(organization: Organization, member: Account) -> Membership:
    # A merge or a deletion at the same time: whoever comes second waits here and finds it deleted.
    db.session.refresh(organization, attribute_names=["version", "deleted_at"], with_for_update={"read": True})
    if organization.is_deleted:
        raise Refused(Refusal("organization_deleted"))
    # Two requests at once for one person: the second waits here and then finds the first one's membership.
    db.session.execute(select(Account.id).where(Account.id == member.id).with_for_update())
    present = membership_of(member)
    if present is not None:
        same = present.organization_id == organization.id
        raise Refused(Refusal("already_member" if same else "belongs_elsewhere"))
    membership = Membership(organization=organization, user=member, role=MEMBER)
    db.session.add(membership)
    db.session.flush()
    return membership


def _within(organization: Organization, user: Account, permission: str) -> bool:
    rows = Organization.visible_to(user, permission).where(Organization.id == organization.id)
    return db.session.execute(select(rows.exists())).scalar_one()


def _needs_name(name: str | None) -> None:
    if not clean_line(name or ""):
        raise Refused(Refusal("name_needed"))


def _fill(organization: Organization, content: Mapping[str, Any]) -> None:
    for field in FIELDS:
        if field in content:
            value = content[field]
            if field == "name":
                value = clean_line(value)[:NAME_LENGTH]
            setattr(organization, field, clean_line(value) if isinstance(value, str) else value)
    if organization.sector == "private":
        organization.parent_agency = ""
    for role, key in ((DIRECTOR, "directors"), (OFFICER, "officers")):
        if key in content:
            _write_people(organization, role, content[key])
    if "objectives" in content:
        _write_objectives(organization, content["objectives"])


def _write_people(organization: Organization, role: str, rows: Iterable[Mapping[str, Any]]) -> None:
    known = {person.id: person for person in organization.people if person.role == role}
    kept = []
    for position, row in enumerate(row for row in rows if clean_line(row.get("first_name") or "")):
        person = known.get(row.get("id") or 0)
        if person is None:
            person = OrganizationPerson(role=role)
            organization.people.append(person)
        person.position = position
        for field in ("title", "first_name", "last_name"):
            setattr(person, field, clean_line(row.get(field) or ""))
        if "citizen_id" in row:
            person.citizen_id = parse_citizen_id(row["citizen_id"]) if row["citizen_id"] else ""
        kept.append(person)
    for person in known.values():
        if person not in kept:
            organization.people.remove(person)


def _write_objectives(organization: Organization, rows: Iterable[Mapping[str, Any]]) -> None:
    known = {objective.id: objective for objective in organization.objectives}
    kept = []
    for position, row in enumerate(row for row in rows if clean_line(row.get("text") or "")):
        objective = known.get(row.get("id") or 0)
        if objective is None:
            objective = OrganizationObjective()
            organization.objectives.append(objective)
        objective.position, objective.text = position, clean_line(row["text"])[:SHORT_LENGTH]
        kept.append(objective)
    for objective in known.values():
        if objective not in kept:
            organization.objectives.remove(objective)
