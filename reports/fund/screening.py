"""The form of screening (การคัดกรองโครงการและตรวจเอกสาร), filled in or empty (spec: fund.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from models.fund.screening import (
    DOCUMENT_CHOICES,
    MISSION_CHOICES,
    MISSION_FIT,
    RESULT_MOVES,
    Screening,
    document_lines,
)
from reports.fund import words
from reports.fund.frame import paper

if TYPE_CHECKING:
    from models.fund.revision import Attachment, Revision

TITLE = "แบบคัดกรองโครงการและตรวจเอกสาร"
UNSENT = " (ยังไม่ได้ส่งผล)"


@dataclass(frozen=True)
class CheckedDocument:
    """A line of the check list: what was found on a kind of document, and the files it is about."""

    name: str
    choice: str | None
    advice: str
    files: tuple[str, ...]


def screening_paper(
    revision: Revision, screening: Screening | None, *, officer: str = "", printed_at: datetime | None = None
) -> bytes:
    """The screening form of a revision; an empty one to fill in by hand where `screening` is None. Raises PdfFailed.

    `officer` is the name under the place to sign: "" for readers who are not told it.
    """
    is_sent = screening is not None and screening.is_sent
    mission = next((item for item in screening.items if item.code == MISSION_FIT), None) if screening else None
    return paper(
        "fund/screening.html",
        revision,
        title=TITLE if is_sent else TITLE + UNSENT,
        printed_at=printed_at,
        documents=_documents(revision, screening),
        is_sent=is_sent,
        document_choices=DOCUMENT_CHOICES,
        mission=mission,
        mission_choices=MISSION_CHOICES,
        officer=officer,
        results=tuple(RESULT_MOVES),
        screening=screening,
    )


def _documents(revision: Revision, screening: Screening | None) -> list[CheckedDocument]:
    if screening is not None:
        return [
            CheckedDocument(
                words.document_name(item.code, item.label), item.choice, item.advice, _files(revision, item.code)
            )
            for item in screening.items
            if item.code != MISSION_FIT
        ]
    lines = document_lines(revision)
    return [CheckedDocument(words.document_name(code, own), None, "", _files(revision, code)) for code, own in lines]


def _files(revision: Revision, code: str) -> tuple[str, ...]:
    kind, _colon, line_id = code.partition(":")
    found: list[Attachment] = [a for a in revision.attachments_of(kind) if line_id in ("", a.line_id)]
    return tuple(attachment.file.name for attachment in found)
