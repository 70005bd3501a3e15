"""The proposal and the revision that a page of the wizard works on, with all its rows read at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from models.core.db import db
from models.core.reference.provinces import province_name
from models.fund.codes import PARTS
from models.fund.organization import Organization
from models.fund.proposal import Proposal
from models.fund.revision import Attachment, Revision, Step
from views.core.base import record_or_404


def proposal_or_404(pk: int, permission: str = "proposal.edit") -> Proposal:
    """The proposal among those on which the user of this request holds `permission`; another's is not found."""
    proposal: Proposal = record_or_404(Proposal.visible_to(g.user, permission), Proposal, pk)
    return proposal


def part_or_404(part: str) -> str:
    """A part that the wizard has."""
    if part not in PARTS:
        raise NotFound
    return part


def load_revision(revision_id: int | None) -> Revision:
    """A revision with its rows and files and its organization's people: as many queries as there are tables."""
    statement: Any = (
        select(Revision)
        .where(Revision.id == revision_id)
        .options(
            selectinload(Revision.disability_rows),
            selectinload(Revision.lines),
            selectinload(Revision.attachments).joinedload(Attachment.file),
            selectinload(Revision.steps).selectinload(Step.activities),
            joinedload(Revision.proposal)
            .joinedload(Proposal.organization)
            .options(selectinload(Organization.people), selectinload(Organization.objectives)),
        )
        .execution_options(populate_existing=False)
    )
    found: Revision | None = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def office_address(data: Mapping[str, Any]) -> str:
    """The address of an organization's office in one line, as one writes it."""
    in_bangkok = data.get("province_code") == "10"
    named = (
        ("", data.get("address")),
        ("แขวง" if in_bangkok else "ตำบล", data.get("subdistrict")),
        ("เขต" if in_bangkok else "อำเภอ", data.get("district")),
        ("" if in_bangkok else "จังหวัด", province_name(data["province_code"]) if data.get("province_code") else ""),
        ("", data.get("postcode")),
    )
    # Somebody may have typed the word with the name: ตำบลริมปิง, ต.ริมปิง.
    return " ".join(
        text if not word or text.startswith((word, f"{word[0]}.")) else f"{word}{text}" for word, text in named if text
    )
