"""Two records of one organization become one (permission organization.merge)."""

from __future__ import annotations

from sqlalchemy import select, update

from models.core import audit
from models.core.db import db, now
from models.core.identity import Account
from models.core.matrix import allows
from models.core.workflow import Refusal, Refused
from models.fund.membership import Membership
from models.fund.organization import Organization
from models.fund.proposal import Proposal
from models.fund.session import CommitteeAffiliation


def merge_organizations(
    kept: Organization, duplicate: Organization, by: Account, versions: tuple[int | str | None, int | str | None]
) -> None:
    """Move the duplicate's members, proposals and affiliations to `kept`, then mark it as deleted; the caller commits.

    What submitted revisions froze of the organization stays as it was. `versions` are those of both that were seen.
    Raises Refused: not_permitted, same_organization, organization_deleted; or StaleVersion.
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
    for membership in db.session.scalars(select(Membership).where(Membership.organization_id == duplicate.id)):
        membership.organization = kept
        membership.user.forget_grants()
    for affiliation in db.session.scalars(
        select(CommitteeAffiliation).where(CommitteeAffiliation.organization_id == duplicate.id)
    ):
        affiliation.organization = kept
    moved = [
        str(found) for found in db.session.scalars(select(Proposal.id).where(Proposal.organization_id == duplicate.id))
    ]
    # One statement, for there may be thousands; the version goes up so that open pages are told.
    db.session.execute(
        update(Proposal)
        .where(Proposal.organization_id == duplicate.id)
        .values(organization_id=kept.id, organization_sort=kept.name_sort, version=Proposal.version + 1)
    )
    db.session.flush()
    db.session.expire_all()
    duplicate.deleted_at = now()
    db.session.flush()
    audit.note("fund_organization.merge", kept, merged=duplicate.id, proposals=moved)
