"""Two records of one organization become one (permission organization.merge, H4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import case, func, or_, select, update

from models.core import audit, outbox
from models.core.db import db, now, touch
from models.core.draft import Draft
from models.core.grants import Grant
from models.core.identity import Account
from models.core.matrix import allows
from models.core.thai.text import clean_line, search_text
from models.core.workflow import Refusal, Refused
from models.fund.codes import MANAGER, SHORT_LENGTH, State
from models.fund.conflicts import look_again
from models.fund.membership import BELONGS, Membership, managers_of
from models.fund.organization import Organization, OrganizationObjective, OrganizationPerson
from models.fund.proposal import Proposal
from models.fund.session import CommitteeAffiliation

KEPT: Final = "kept"
DUPLICATE: Final = "duplicate"
BOTH: Final = "both"

# What is chosen as one: columns that mean something only together stay together.
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name",),
    "sector": ("sector", "parent_agency"),
    "registered_year": ("registered_year",),
    "address": ("address", "subdistrict", "district", "province_code", "postcode"),
    "phone": ("phone",),
    "email": ("email",),
    "location": ("latitude", "longitude"),
    "chair": ("chair_title", "chair_first_name", "chair_last_name"),
}
LISTS: Final = ("directors", "officers", "objectives")


@dataclass(frozen=True)
class Belongings:
    """What hangs on an organization and goes over to the kept one; how many of each."""

    members: int = 0
    managers: int = 0
    former_members: int = 0
    proposals: int = 0
    drafts: int = 0
    affiliations: int = 0

    @property
    def weight(self) -> tuple[int, int]:
        """What makes a record the likelier one to keep."""
        return self.proposals + self.drafts, self.members


def belongings(organization: Organization) -> Belongings:
    """What would move with the organization; three queries."""
    belongs = Membership.state.in_(BELONGS)
    members = select(
        func.count(case((belongs, 1))),
        func.count(case((belongs & (Membership.role == MANAGER), 1))),
        func.count(case((~belongs, 1))),
    ).where(Membership.organization_id == organization.id)
    is_unsent = Proposal.submitted_revision_id.is_(None)
    proposals = select(func.count(case((~is_unsent, 1))), func.count(case((is_unsent, 1)))).where(
        Proposal.organization_id == organization.id, Proposal.state != State.DELETED
    )
    affiliations = select(func.count(CommitteeAffiliation.id)).where(
        CommitteeAffiliation.organization_id == organization.id
    )
    present, managers, former = db.session.execute(members).one()
    submitted, unsent = db.session.execute(proposals).one()
    return Belongings(present, managers, former, submitted, unsent, db.session.scalar(affiliations) or 0)


def differing(one: Organization, other: Organization) -> list[str]:
    """The parts and lists in which two organizations differ, in the order of the page."""
    parts = [part for part in PARTS if values_of(one, part) != values_of(other, part)]
    return parts + [name for name in LISTS if _texts(one, name) != _texts(other, name)]


def values_of(organization: Organization, part: str) -> tuple[Any, ...]:
    """The columns of one part."""
    return tuple(getattr(organization, column) for column in PARTS[part])


def is_empty(organization: Organization, part: str) -> bool:
    """Whether nothing was ever entered there."""
    if part in LISTS:
        return not getattr(organization, part)
    return all(value in (None, "") for value in values_of(organization, part))


def _texts(organization: Organization, name: str) -> list[str]:
    return [str(row) for row in getattr(organization, name)]


def merge_organizations(
    kept: Organization,
    duplicate: Organization,
    by: Account,
    versions: tuple[int | str | None, int | str | None],
    reason: str,
    take: Mapping[str, str] | None = None,
) -> Belongings:
    """Everything of the duplicate goes over to `kept`, and it is deleted for good; the caller commits.

    Members with their roles, proposals with files and drafts, affiliations, kept typing. What submitted revisions
    froze of the organization stays as it was. `versions` are those of both that were seen; `take` says for a part or
    list whose value holds: KEPT (also where nothing is said), DUPLICATE, or BOTH for a list. Gives what moved.
    Raises Refused: not_permitted, same_organization, organization_deleted, merge_reason_needed; or StaleVersion.
    """
    if not allows(by, "organization.merge"):
        raise Refused(Refusal("not_permitted", permission="organization.merge"))
    if kept.id == duplicate.id:
        raise Refused(Refusal("same_organization"))
    for organization in sorted((kept, duplicate), key=lambda found: found.id):
        db.session.refresh(organization, attribute_names=["version", "deleted_at"], with_for_update=True)
    if kept.is_deleted or duplicate.is_deleted:
        raise Refused(Refusal("organization_deleted"))
    kept.take_version(versions[0])
    duplicate.take_version(versions[1])
    reason = clean_line(reason)[:SHORT_LENGTH]
    if not reason:
        raise Refused(Refusal("merge_reason_needed"))
    moved = belongings(duplicate)
    old_name = duplicate.name
    _take_over(kept, duplicate, take or {})
    # Open forms of the kept one are told, whatever was chosen.
    touch(kept, "name_search")
    db.session.flush()
    members = _move_members(kept, duplicate)
    _move_affiliations(kept, duplicate)
    _move_grants(kept, duplicate)
    proposals = _move_proposals(kept, duplicate)
    _move_typing(kept, duplicate)
    duplicate.deleted_at, duplicate.merged_into_id = now(), kept.id
    for earlier in db.session.scalars(select(Organization).where(Organization.merged_into_id == duplicate.id)):
        earlier.merged_into_id = kept.id
    db.session.flush()
    # Who sits on an agenda may have to do with the kept one, whose proposals these are from now on.
    look_again((), [kept.id])
    audit.note("fund_organization.merge", kept, merged=duplicate.id, name=old_name, reason=reason, proposals=proposals)
    audit.note("fund_organization.merged_away", duplicate, into=kept.id, reason=reason)
    told = [*members, *managers_of(kept.id)]
    outbox.tell(
        (person for person in told if person.id != by.id),
        "organization_merged",
        kept,
        name=old_name,
        organization=kept.name,
    )
    return moved


def rows_after(kept: Organization, duplicate: Organization, name: str, choice: str) -> list[Any]:
    """The rows of a list that stand after the merge: the kept one's, the duplicate's, or both without repeats."""
    mine, theirs = list(getattr(kept, name)), list(getattr(duplicate, name))
    if choice == KEPT:
        return mine
    if choice == DUPLICATE:
        return theirs
    for row in theirs:
        if not any(_says_the_same(one, row) for one in mine):
            mine.append(row)
    return mine


def _says_the_same(one: Any, other: Any) -> bool:
    if isinstance(one, OrganizationObjective):
        return search_text(one.text) == search_text(other.text)
    if one.citizen_id and other.citizen_id:
        return bool(one.citizen_id == other.citizen_id)
    names = [search_text(f"{person.first_name} {person.last_name}") for person in (one, other)]
    return names[0] == names[1]


def _take_over(kept: Organization, duplicate: Organization, take: Mapping[str, str]) -> None:
    for part, columns in PARTS.items():
        if take.get(part) == DUPLICATE:
            for column in columns:
                setattr(kept, column, getattr(duplicate, column))
    for name in LISTS:
        if take.get(name) in (DUPLICATE, BOTH):
            _take_rows(kept, duplicate, name, take[name])


def _take_rows(kept: Organization, duplicate: Organization, name: str, choice: str) -> None:
    """Copies of the duplicate's rows: the deleted record stays readable as it was."""
    mine, after = list(getattr(kept, name)), rows_after(kept, duplicate, name, choice)
    rows: list[Any] = kept.objectives if name == "objectives" else kept.people
    for row in mine:
        if row not in after:
            rows.remove(row)
        elif isinstance(row, OrganizationPerson) and not row.citizen_id:
            same = (one for one in getattr(duplicate, name) if _says_the_same(row, one))
            row.citizen_id = next((one.citizen_id for one in same if one.citizen_id), "")
    for position, row in enumerate(after):
        if row in mine:
            row.position = position
        elif isinstance(row, OrganizationObjective):
            rows.append(OrganizationObjective(position=position, text=row.text))
        else:
            given = {field: getattr(row, field) for field in ("title", "first_name", "last_name", "citizen_id")}
            rows.append(OrganizationPerson(role=row.role, position=position, **given))


def _move_members(kept: Organization, duplicate: Organization) -> list[Account]:
    """Every membership with its role, the ended ones too; who belongs now."""
    people = []
    for membership in db.session.scalars(select(Membership).where(Membership.organization_id == duplicate.id)).all():
        membership.organization = kept
        if membership.state in BELONGS:
            people.append(membership.user)
        membership.user.forget_grants()
    db.session.flush()
    return people


def _move_affiliations(kept: Organization, duplicate: Organization) -> None:
    rows = select(CommitteeAffiliation).where(
        or_(
            CommitteeAffiliation.organization_id == duplicate.id,
            CommitteeAffiliation.organization_id == kept.id,
        )
    )
    found = db.session.scalars(rows).all()
    known = {row.user_id for row in found if row.organization_id == kept.id}
    for row in (row for row in found if row.organization_id == duplicate.id):
        if row.user_id in known:
            db.session.delete(row)
        else:
            row.organization = kept
    db.session.flush()


def _move_grants(kept: Organization, duplicate: Organization) -> None:
    rows = select(Grant).where(Grant.scope_type == "organization", Grant.scope_id == duplicate.id)
    for row in db.session.scalars(rows).all():
        row.scope_id = kept.id
    db.session.flush()


def _move_proposals(kept: Organization, duplicate: Organization) -> list[int]:
    """The proposals, deleted drafts among them; their ids."""
    moved = list(db.session.scalars(select(Proposal.id).where(Proposal.organization_id == duplicate.id)))
    # One statement, for there may be thousands; the version goes up so that open pages are told.
    db.session.execute(
        update(Proposal)
        .where(Proposal.organization_id == duplicate.id)
        .values(organization_id=kept.id, organization_sort=kept.name_sort, version=Proposal.version + 1)
        .execution_options(synchronize_session=False)
    )
    _forget(Proposal)
    return moved


def _move_typing(kept: Organization, duplicate: Organization) -> None:
    """What somebody was typing into the duplicate's form comes back in the kept one's, as a stale form."""
    rows = select(Draft).where(Draft.form == "organization", Draft.record.in_((str(kept.id), str(duplicate.id))))
    found = db.session.scalars(rows).all()
    busy = {row.user_id for row in found if row.record == str(kept.id)}
    for row in (row for row in found if row.record == str(duplicate.id)):
        if row.user_id in busy:
            db.session.delete(row)
        else:
            row.record, row.base_version = str(kept.id), 0
    db.session.flush()


def _forget(model: Any) -> None:
    """Let the loaded records of a model be read again after a statement that went past them."""
    loaded: Iterable[Any] = [record for record in db.session if isinstance(record, model)]
    for record in loaded:
        db.session.expire(record)
