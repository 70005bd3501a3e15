"""The whole proposal as the fund's application form (แบบเสนอโครงการ), parts 1 to 4 (spec: fund.md 4)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from models.core.db import db
from models.core.identity import Account
from models.fund import kinds
from reports.fund import words
from reports.fund.frame import paper

if TYPE_CHECKING:
    from models.fund.revision import Attachment, Line, Revision

TITLE = f"แบบเสนอโครงการเพื่อขอรับการสนับสนุนจาก{words.FUND}"
DRAFT_MARK = "ร่าง"
FEW = 4  # activities of a first step that stay on the page of the heading above them
DETAIL_IN_TABLE = 400  # characters; a longer detail of an activity stands below the step's table


def proposal_paper(revision: Revision, *, printed_at: datetime | None = None) -> bytes:
    """The proposal as one revision has it, marked ร่าง until that revision is submitted. Raises PdfFailed.

    Read its rows at once first: each list is looked at several times.
    """
    mark = "" if revision.is_submitted else DRAFT_MARK
    contributions = _contributions(revision)
    return paper(
        "fund/proposal.html",
        revision,
        title=TITLE,
        mark=mark,
        printed_at=printed_at,
        activities=sum(len(step.activities) for step in revision.steps),
        amount_of=amount_of,
        contributions=contributions,
        disabilities=[(kind, kinds.disability_name(kind)) for kind in kinds.disability_kinds(revision)],
        documents=_documents(revision),
        few=FEW,
        given=sum(len(rows) for _kind, rows in contributions),
        long_detail=DETAIL_IN_TABLE,
        signers=_signers(revision),
    )


def amount_of(lines: list[Line]) -> Decimal:
    """Baht over the rows of a list."""
    return sum((line.amount or Decimal(0) for line in lines), Decimal(0))


def _contributions(revision: Revision) -> list[tuple[str, list[Line]]]:
    """Part 3: every kind by name with what was given."""
    return [(kinds.contribution_name(kind), revision.lines_of(kind)) for kind in kinds.line_kinds("3", revision)]


def _documents(revision: Revision) -> list[tuple[str, Attachment | None]]:
    """Part 4: the kinds that the form names, attached or not, then those that the applicant named."""
    found: list[tuple[str, Attachment | None]] = []
    for kind in kinds.document_kinds(revision):
        files = revision.attachments_of(kind)
        found += [(words.document_name(kind, file.kind_name), file) for file in files]
        if not files and kind != kinds.OTHER_DOCUMENT:
            found.append((words.document_name(kind), None))
    return found


def _signers(revision: Revision) -> list[tuple[str, str]]:
    """Who signs: (name, role); the organization's manager by name once one has submitted."""
    manager: Any = db.session.get(Account, revision.submitted_by_id) if revision.submitted_by_id else None
    return [
        (revision.proposal.author.full_name, "ผู้รับผิดชอบโครงการ"),
        (manager.full_name if manager else "", "ผู้จัดการองค์กร"),
    ]
