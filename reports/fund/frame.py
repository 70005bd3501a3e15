"""What the fund's papers share: their style, the words in their running head."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.core.clock import now
from models.core.thai.dates import bangkok_day
from reports.core import pdf
from reports.core.templates import render_html, thai_date
from reports.fund import words

if TYPE_CHECKING:
    from models.fund.revision import Revision

_NBSP = "\u00a0"


def paper(
    template: str, revision: Revision, *, title: str, printed_at: datetime | None, mark: str = "", **more: Any
) -> bytes:
    """The PDF of a template of the fund about one revision.

    `title` stands in the running head, and beside it the proposal's number, the revision, the day of printing and
    `mark`, a word that says what the paper is not yet. Raises PdfFailed.
    """
    moment = printed_at or now()
    html = render_html(
        template,
        mark=mark,
        organization=revision.organization_data,
        proposal=revision.proposal,
        revision=revision,
        words=words,
        **more,
    )
    return pdf.render(
        html,
        title=title,
        number=running_number(revision, mark, moment),
        author=words.FUND,
        subject=revision.title,
        css=pdf.stylesheet("fund"),
    )


def running_number(revision: Revision, mark: str, moment: datetime) -> str:
    """What the right of the running head says; two parts, each of which stays on one line."""
    number = revision.proposal.number
    parts = [
        f"{number} ฉบับที่ {revision.number}".strip(),
        f"{mark} พิมพ์ {thai_date(bangkok_day(moment), 'short')}".strip(),
    ]
    return " ".join(part.replace(" ", _NBSP) for part in parts)
