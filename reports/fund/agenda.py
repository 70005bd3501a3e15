"""The agenda of a meeting (ระเบียบวาระการประชุม), as one reader may see it (spec: fund.md 7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from models.fund.agenda import total_of
from models.fund.codes import BOARD, GROUP, SUB
from models.fund.session import CANCELLED
from models.fund.session.quorum import count_of
from reports.fund import words
from reports.fund.meeting import meeting_paper

if TYPE_CHECKING:
    from models.fund.agenda import Line
    from models.fund.session import EvaluationSession
    from models.fund.session.quorum import Rule

TITLE = "ระเบียบวาระการประชุม"
_BELOW = {GROUP: (), SUB: (GROUP,), BOARD: (GROUP, SUB)}


def agenda_paper(
    session: EvaluationSession,
    lines: list[Line],
    rule: Rule,
    *,
    before: EvaluationSession | None = None,
    reader: str = "",
    printed_at: datetime | None = None,
) -> bytes:
    """The agenda. `lines` are those of its reader, named by `reader` where something is left out for them.

    `before` is the meeting whose minutes are to be adopted. Raises PdfFailed.
    """
    counts = {line.n: count_of(session, rule, line.item) for line in lines}
    return meeting_paper(
        "fund/agenda.html",
        session,
        lines,
        title=TITLE,
        printed_at=printed_at,
        before=before,
        below={line.n: _below(line) for line in lines if not line.is_left},
        is_cancelled=session.state == CANCELLED,
        quorum=count_of(session, rule),
        reader=reader if any(line.is_left for line in lines) else "",
        short={n: count for n, count in counts.items() if count.is_short or count.cannot_be_met},
        total=total_of(lines),
    )


def _below(line: Line) -> list[str]:
    """How the item came through the levels below: "คณะทำงานตรวจสอบโครงการ ผ่าน 87 คะแนน"."""
    revision = line.item.revision
    found = []
    for level in _BELOW[line.item.session.level]:
        points = getattr(revision, f"{level}_points")
        if getattr(revision, f"{level}_result") is not None and points is not None:
            found.append(f"{words.BODIES[level]} {points} คะแนน")
    return found
