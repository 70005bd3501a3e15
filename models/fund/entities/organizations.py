"""Organizations, the people named in their registration, their members (spec: fund.md 3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from models.core.entities import OFFICE
from models.core.entity import Deeds, Entity, Gates, Kind, Values, declare
from models.core.listing import Order
from models.core.reference.provinces import PROVINCES
from models.core.workflow import Refusal
from models.fund.codes import MANAGER, MEMBER, SECTORS, MemberState
from models.fund.duplicates import Distinct
from models.fund.members import (
    create_organization,
    delete_organization,
    edit_organization,
    refusal_to_delete,
    restore_organization,
)
from models.fund.membership import Membership
from models.fund.organization import DIRECTOR, OFFICER, Organization, OrganizationObjective, OrganizationPerson
from models.fund.rules import ORGANIZATION_NEEDS, REGISTERED, wrong_organization
from models.fund.session import CommitteeAffiliation

TYPED = (
    *("name", "sector", "parent_agency", "registered_year", "address", "subdistrict", "district", "province_code"),
    *("postcode", "phone", "email", "latitude", "longitude", "chair_title", "chair_first_name", "chair_last_name"),
)


def _deleted(_user: Any) -> Select[Any]:
    """What was merged into another one is no longer anything to restore."""
    return select(Organization).where(Organization.deleted_at.is_not(None), Organization.merged_into_id.is_(None))


def _add(user: Any, values: Values) -> Organization:
    return create_organization(user, **{name: value for name, value in values.items() if value is not None})


def _refusal(deed: str, user: Any, record: Any) -> Refusal | None:
    return refusal_to_delete(record, user) if deed == "delete" else None


ORGANIZATION = declare(
    Entity(
        "organization",
        Organization,
        Gates(
            "organization.view",
            add="organization.create",
            change="organization.edit",
            delete="organization.delete",
            restore="organization.delete",
        ),
        users=OFFICE,
        group="fund",
        listed=("name", "sector", "province_code", "registered_year"),
        shown=TYPED,
        added=TYPED,
        changed=TYPED,
        filtered=("sector", "province_code", "registered_year"),
        orders=(
            Order("name", (Organization.name_sort,), Organization.id),
            Order("-name", (Organization.name_sort,), Organization.id, descending=True),
            Order("province", (Organization.province_sort,), Organization.id),
            Order("-province", (Organization.province_sort,), Organization.id, descending=True),
            Order("year", (Organization.year_order,), Organization.id),
            Order("-year", (Organization.year_order,), Organization.id, descending=True),
        ),
        search=(Organization.name_search,),
        alike=("name", Organization.name_search),
        deleted=_deleted,
        deeds=Deeds(
            add=_add,
            change=lambda user, record, values: edit_organization(record, values, user, record.version),
            delete=lambda user, record: delete_organization(record, user, record.version),
            restore=lambda user, record: restore_organization(record, user, record.version),
            refusal=_refusal,
        ),
        choices={"sector": SECTORS, "province_code": tuple(PROVINCES)},
        kinds={"email": Kind.EMAIL, "phone": Kind.PHONE, "postcode": Kind.POSTCODE},
        required=ORGANIZATION_NEEDS,
        rule=wrong_organization,
        years=("registered_year",),
        bounds={"registered_year": REGISTERED, "latitude": (-90, 90), "longitude": (-180, 180)},
        is_personal=True,
    )
)

PERSON = declare(
    Entity(
        "organization_person",
        OrganizationPerson,
        Gates("organization.view"),
        users=OFFICE,
        group="fund",
        listed=("first_name", "last_name", "role", "organization_id"),
        shown=("organization_id", "role", "position", "title", "first_name", "last_name", "citizen_id"),
        filtered=("organization_id", "role"),
        within=(OrganizationPerson.role, OrganizationPerson.position),
        counted=("position",),
        parent="organization_id",
        choices={"role": (DIRECTOR, OFFICER)},
        is_personal=True,
    )
)

OBJECTIVE = declare(
    Entity(
        "organization_objective",
        OrganizationObjective,
        Gates("organization.view"),
        users=OFFICE,
        group="fund",
        listed=("text", "organization_id"),
        shown=("organization_id", "position", "text"),
        filtered=("organization_id",),
        within=(OrganizationObjective.position,),
        counted=("position",),
        parent="organization_id",
    )
)

MEMBERSHIP = declare(
    Entity(
        "membership",
        Membership,
        Gates("member.set_status"),
        users=OFFICE,
        group="fund",
        listed=("user_id", "organization_id", "role", "state", "begun_at", "ended_at"),
        shown=("user_id", "organization_id", "role", "state", "begun_at", "ended_at"),
        filtered=("organization_id", "user_id", "role", "state", "begun_at"),
        moves=dict.fromkeys(("suspend", "reinstate", "appoint"), ()),
        choices={
            "role": (MEMBER, MANAGER),
            "state": (MemberState.ACTIVE, MemberState.SUSPENDED, MemberState.LEFT, MemberState.REMOVED),
        },
    )
)

AFFILIATION = declare(
    Entity(
        "affiliation",
        CommitteeAffiliation,
        Gates("appoint.committee"),
        users=OFFICE,
        group="fund",
        listed=("user_id", "organization_id", "name"),
        shown=("user_id", "organization_id", "name"),
        filtered=("user_id", "organization_id"),
    )
)

DISTINCT = declare(
    Entity(
        "distinct_organizations",
        Distinct,
        Gates("organization.merge"),
        users=OFFICE,
        group="fund",
        listed=("low_id", "high_id", "said_by", "said_at"),
        shown=("low_id", "high_id", "said_by", "said_at"),
        filtered=("said_by", "said_at"),
    )
)
