"""The table of a meeting's resolutions (ตารางสรุปมติที่ประชุม), as one reader may see it (spec: fund.md 7 and 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from models.core.thai.money import format_money
from models.fund.codes import BOARD, Result
from models.fund.session import ItemState, MemberRole
from reports.core import pdf
from reports.core.templates import thai_date, thai_digits
from reports.fund import words
from reports.fund.meeting import ROLES, meeting_paper, seats

if TYPE_CHECKING:
    from models.fund.agenda import Line
    from models.fund.scoring.sheet import BoardDecision
    from models.fund.session import EvaluationSession

TITLE = "ตารางสรุปมติที่ประชุม"
RESULTS = {
    Result.PASS: "ผ่าน",
    Result.FAIL: "ไม่ผ่าน",
    Result.APPROVED: "อนุมัติ",
    Result.REFUSED: "ไม่อนุมัติ",
}


@dataclass(frozen=True)
class Row:
    """A line of the table; of an item that its reader stepped out of only its place."""

    line: Line
    resolution: list[str]
    notes: list[str]


def resolutions_paper(
    session: EvaluationSession,
    lines: list[Line],
    *,
    bands: Mapping[int, str],
    board: Mapping[int, BoardDecision],
    reader: str = "",
    printed_at: datetime | None = None,
) -> bytes:
    """The table. `bands` and `board` are by revision: the band of a sent sheet, the board's word. Raises PdfFailed."""
    rows = [Row(line, _resolution(line, bands, board), _notes(line)) for line in lines]
    signing = [m for m in seats(session) if m.role in (MemberRole.SECRETARY, MemberRole.CHAIR)]
    signers = [(m.user.full_name, ROLES[m.role]) for m in reversed(signing)]
    return meeting_paper(
        "fund/resolutions.html",
        session,
        lines,
        title=TITLE,
        page=pdf.LANDSCAPE,
        printed_at=printed_at,
        is_board=session.level == BOARD,
        is_noted=any(member.attended is not None for member in session.members),
        reader=reader if any(line.is_left for line in lines) else "",
        rows=rows,
        signers=signers or [("", ROLES[MemberRole.SECRETARY]), ("", ROLES[MemberRole.CHAIR])],
        summary=_summary(lines),
    )


def _resolution(line: Line, bands: Mapping[int, str], board: Mapping[int, BoardDecision]) -> list[str]:
    if line.is_left:
        return []
    if line.result is None:
        return ["ยังไม่มีผล"]
    key = line.item.revision_id
    said = [RESULTS[line.result]]
    if line.points is not None:
        band = f" ({words.BAND_NAMES[bands[key]]})" if key in bands else ""
        said.append(thai_digits(f"{line.points} คะแนน{band}"))
    decision = board.get(key)
    if decision is not None and decision.resolution_number:
        said.append(f"มติที่ {decision.resolution_number}")
    if decision is not None and decision.resolution_date:
        said.append(thai_digits(thai_date(decision.resolution_date, "short")))
    return said


def _notes(line: Line) -> list[str]:
    if line.is_left:
        return []
    notes = [f"{row.user.full_name} ออกจากที่ประชุม" for row in line.item.stepping_out]
    if line.item.quorum_reason:
        notes.append(f"บันทึกผลโดยไม่ครบองค์ประชุม: {line.item.quorum_reason}")
    return notes


def _summary(lines: list[Line]) -> list[str]:
    """How many came out how, and for how much money; only of what the reader may know."""
    known = [line for line in lines if not line.is_left]
    found = []
    for result, word in RESULTS.items():
        having = [line for line in known if line.result == result]
        if having:
            found.append(_count(word, having))
    waiting = [line for line in known if line.item.state == ItemState.ON]
    if waiting:
        found.append(_count("ยังไม่มีผล", waiting))
    return found


def _count(word: str, lines: list[Line]) -> str:
    amount = sum((line.amount for line in lines), Decimal(0))
    return thai_digits(f"{word} {len(lines)} โครงการ จำนวนเงินที่ขอ {format_money(amount)} บาท")
