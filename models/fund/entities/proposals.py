"""Proposals, what was submitted of them, row by row (spec: fund.md 4 and 5). They are written by the wizard alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, false, select

from models.core import setting
from models.core.entities import OFFICE
from models.core.entity import Deeds, Entity, Gates, declare
from models.core.listing import Order
from models.core.matrix import allows
from models.fund import kinds
from models.fund.codes import BOARD, GROUP, LEVEL_STATUSES, PARTS, SCREENING, STATES, SUB, Result
from models.fund.proposal import Proposal
from models.fund.revision import Activity, Attachment, Disability, Line, Revision, Step
from models.fund.settings import KINDS_OF_DISABILITY, KINDS_OF_DOCUMENT

_ORDERED = (
    ("date", Proposal.listed_at),
    ("number", Proposal.number_sort),
    ("name", Proposal.title_sort),
    ("organization", Proposal.organization_sort),
    ("amount", Proposal.amount_asked),
)

PROPOSAL = declare(
    Entity(
        "proposal",
        Proposal,
        Gates("proposal.view", restore="proposal.restore"),
        users=OFFICE,
        group="fund",
        listed=("title", "number_sort", "organization_id", "state", "submitted_at", "amount_asked"),
        shown=(
            *("number_sort", "fiscal_year", "title", "organization_id", "author_id", "state", "revision_number"),
            *("amount_asked", "first_submitted_at", "submitted_at", "decided_at", "closing_reason"),
            *("screening_status", "group_status", "sub_status", "board_status", "group_points", "sub_points"),
        ),
        filtered=(
            *("state", "fiscal_year", "organization_id", "author_id", "submitted_at", "amount_asked"),
            *("screening_status", "group_status", "sub_status", "board_status"),
        ),
        orders=tuple(
            Order(f"{'-' if falls else ''}{name}", (column,), Proposal.id, falls)
            for name, column in _ORDERED
            for falls in (True, False)
        ),
        told=("sequence",),
        years=("fiscal_year",),
        search=(Proposal.title_search,),
        number=lambda proposal: proposal.number,
        beside="organization_id",
        deleted=lambda user: Proposal.visible_to(user, "proposal.restore"),
        deeds=Deeds(restore=lambda user, record: record.perform("restore", user, record.version)),
        moves={
            **dict.fromkeys(("pass_screening", "fail_screening", "documents_incomplete"), ()),
            "not_consider": ("reason",),
        },
        choices={
            "state": STATES,
            "screening_status": LEVEL_STATUSES[SCREENING],
            "group_status": LEVEL_STATUSES[GROUP],
            "sub_status": LEVEL_STATUSES[SUB],
            "board_status": LEVEL_STATUSES[BOARD],
        },
    )
)


def submitted(user: Any, permission: str) -> Select[Any]:
    """What was submitted of the proposals on which the user holds the permission; a draft is its writers' own."""
    if not allows(user, permission):
        return select(Revision).where(false())
    proposals = Proposal.visible_to(user, permission).with_only_columns(Proposal.id).order_by(None)
    return select(Revision).where(Revision.submitted_at.is_not(None), Revision.proposal_id.in_(proposals))


REVISION = declare(
    Entity(
        "revision",
        Revision,
        Gates("proposal.view"),
        users=OFFICE,
        group="fund",
        listed=("title", "number", "proposal_id", "submitted_at", "amount_asked", "budget"),
        shown=(
            *("proposal_id", "number", "submitted_at", "submitted_by_id", "title", "unit_name", "unit_phone"),
            *("unit_email", "coordinator_name", "coordinator_phone", "coordinator_email", "is_research"),
            *("achievements", "asked_before", "times_asked", "last_supported_year", "last_project", "problems_met"),
            *("rationale", "starts_on", "ends_on", "method", "amount_asked", "budget", "budget_note"),
            *("duration_days", "screening_result", "screening_at", "group_result", "group_points", "group_at"),
            *("sub_result", "sub_points", "sub_at", "board_result", "board_at"),
        ),
        filtered=("proposal_id", "submitted_at", "submitted_by_id", "is_research", "starts_on", "budget"),
        rows=submitted,
        choices={
            "screening_result": (Result.PASS, Result.FAIL, Result.DOCUMENTS),
            "group_result": (Result.PASS, Result.FAIL, Result.NOT_CONSIDERED),
            "sub_result": (Result.PASS, Result.FAIL, Result.NOT_CONSIDERED),
            "board_result": (Result.APPROVED, Result.REFUSED, Result.NOT_CONSIDERED),
        },
        is_personal=True,
    )
)

STEP = declare(
    Entity(
        "step",
        Step,
        Gates("proposal.view"),
        users=OFFICE,
        group="fund",
        listed=("name", "revision_id", "position"),
        shown=("revision_id", "position", "name"),
        filtered=("revision_id",),
        within=(Step.position,),
        counted=("position",),
        parent="revision_id",
    )
)

ACTIVITY = declare(
    Entity(
        "activity",
        Activity,
        Gates("proposal.view"),
        users=OFFICE,
        group="fund",
        listed=("name", "revision_id", "starts_on", "ends_on", "budget"),
        shown=("revision_id", "step_id", "position", "name", "detail", "starts_on", "ends_on", "budget"),
        filtered=("revision_id", "step_id", "starts_on", "ends_on", "budget"),
        within=(Activity.step_id, Activity.position),
        counted=("position",),
        parent="revision_id",
    )
)

LINE = declare(
    Entity(
        "line",
        Line,
        Gates("proposal.view"),
        users=OFFICE,
        group="fund",
        listed=("text", "kind", "revision_id", "amount"),
        shown=("revision_id", "kind", "position", "text", "detail", "amount"),
        filtered=("revision_id", "kind", "amount"),
        within=(Line.kind, Line.position),
        counted=("position",),
        parent="revision_id",
        choices={"kind": lambda: tuple(kind for part in PARTS for kind in kinds.line_kinds(part))},
    )
)

DISABILITY = declare(
    Entity(
        "disability",
        Disability,
        Gates("proposal.view"),
        users=OFFICE,
        group="fund",
        listed=("kind", "revision_id"),
        shown=("revision_id", "kind"),
        filtered=("revision_id", "kind"),
        parent="revision_id",
        choices={"kind": lambda: tuple(setting.choices(KINDS_OF_DISABILITY))},
    )
)

ATTACHMENT = declare(
    Entity(
        "attachment",
        Attachment,
        Gates("proposal.view"),
        users=OFFICE,
        group="fund",
        listed=("kind", "kind_name", "revision_id"),
        shown=("revision_id", "kind", "kind_name", "position"),
        filtered=("revision_id", "kind"),
        within=(Attachment.position,),
        counted=("position",),
        parent="revision_id",
        choices={"kind": lambda: tuple(setting.choices(KINDS_OF_DOCUMENT))},
    )
)
