"""Schools, the branches that they may report for, and the rounds that they report in (spec: assessment.md 1, 3, 7)."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Select, false, select

from models.assessment.catalogue import Branch
from models.assessment.codes import CODE_LENGTH, COMMITTEES, NATIONAL, ROUND_STATES, SECTORS
from models.assessment.committees import MANAGE, wrong_school
from models.assessment.keeping import change_school, close_school, refusal_to_close, reopen_school, take_in
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round, Unlock
from models.assessment.school import School
from models.core.entity import Deeds, Entity, Gates, Kind, declare
from models.core.listing import Order
from models.core.matrix import allows
from models.core.reference.provinces import PROVINCES
from models.core.workflow import Refusal

OFFICE: Final = frozenset({NATIONAL})
"""The kinds of the registry that work with records as such."""

GROUP: Final = "assessment"
TYPED: Final = ("name", "sector", "province_code", "committee", "under_id", "phone", "email")


def _deleted(user: Any) -> Select[Any]:
    """The closed schools: the whole country's for who manages schools."""
    rows = select(School).where(School.deleted_at.is_not(None))
    return rows if allows(user, MANAGE) else rows.where(false())


def _refusal(deed: str, user: Any, record: Any) -> Refusal | None:  # noqa: ARG001 - as every entity's
    return refusal_to_close(record) if deed == "delete" else None


SCHOOL_RECORD = declare(
    Entity(
        "school",
        School,
        Gates("school.view", add=MANAGE, change=MANAGE, delete=MANAGE, restore=MANAGE),
        users=OFFICE,
        group=GROUP,
        listed=("name", "code", "province_code", "sector", "committee", "under_id"),
        shown=("code", *TYPED, "activated_at"),
        added=("code", *TYPED),
        changed=TYPED,
        filtered=("province_code", "sector", "committee", "under_id", "activated_at"),
        orders=(
            Order("name", (School.name_sort,), School.id),
            Order("-name", (School.name_sort,), School.id, descending=True),
            Order("province", (School.province_sort,), School.id),
            Order("-province", (School.province_sort,), School.id, descending=True),
        ),
        number=lambda school: str(school.code),
        search=(School.search,),
        key="code",
        alike=("name", School.search),
        deleted=_deleted,
        deeds=Deeds(
            add=take_in,
            change=change_school,
            delete=close_school,
            restore=reopen_school,
            refusal=_refusal,
        ),
        choices={"sector": SECTORS, "province_code": tuple(PROVINCES), "committee": COMMITTEES},
        kinds={"email": Kind.EMAIL, "phone": Kind.PHONE},
        digits={"code": CODE_LENGTH},
        required=("code", "name", "province_code"),
        rule=wrong_school,
    )
)

BRANCH_RECORD = declare(
    Entity(
        "branch",
        Branch,
        Gates("catalogue.view"),
        users=OFFICE,
        group=GROUP,
        listed=("branch", "branch_code", "field", "programme", "curriculum", "is_retired"),
        shown=(
            *("curriculum", "programme_code", "programme", "field_code", "field", "branch_code", "branch"),
            *("position", "is_retired"),
        ),
        filtered=("curriculum", "is_retired"),
        number=lambda branch: str(branch.branch_code),
        search=(Branch.search,),
        counted=("position",),
        choices={"curriculum": tuple(CURRICULA)},
    )
)

ROUND_RECORD = declare(
    Entity(
        "assessment_round",
        Round,
        Gates("round.view"),
        users=OFFICE,
        group=GROUP,
        listed=("academic_year", "number", "opens_at", "closes_at", "state"),
        shown=("academic_year", "number", "opens_at", "closes_at", "state"),
        filtered=("academic_year", "state"),
        years=("academic_year",),
        moves=dict.fromkeys(("open", "lock", "reopen"), ()),
        choices={"state": ROUND_STATES},
    )
)

UNLOCK_RECORD = declare(
    Entity(
        "unlock",
        Unlock,
        Gates("round.unlock"),
        users=OFFICE,
        group=GROUP,
        listed=("school_id", "round_id", "until", "reason", "given_by"),
        shown=("school_id", "round_id", "until", "reason", "given_by", "given_at"),
        filtered=("round_id", "school_id", "until", "given_at"),
        parent="round_id",
    )
)
