"""What the papers of a session share: the meeting in words, who sits in which role, figures as ๐-๙."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.core.clock import now
from models.core.thai.dates import bangkok_day, format_time
from models.fund.session import MemberRole
from reports.core import pdf
from reports.core.templates import render_html, thai_date, thai_digits
from reports.fund import words

if TYPE_CHECKING:
    from models.fund.agenda import Line
    from models.fund.session import EvaluationSession, SessionMember

ROLES = {
    MemberRole.CHAIR: "ประธานการพิจารณา",
    MemberRole.MEMBER: "กรรมการ",
    MemberRole.SECRETARY: "เลขานุการการพิจารณา",
}
_ORDER = {role: place for place, role in enumerate(ROLES)}
# The item of the agenda under which proposals stand: after what the chair tells and the minutes of the meeting before.
CONSIDERED = 3


def meeting_paper(
    template: str,
    session: EvaluationSession,
    lines: list[Line],
    *,
    title: str,
    page: pdf.Page = pdf.PORTRAIT,
    printed_at: datetime | None = None,
    **more: Any,
) -> bytes:
    """The PDF of a template about one session. Raises PdfFailed."""
    html = render_html(
        template,
        body=words.BODIES[session.level],
        considered=CONSIDERED,
        fund=words.FUND,
        leavers=_leavers(lines),
        lines=lines,
        roles=ROLES,
        seats=seats(session),
        session=session,
        when=when(session),
        **more,
    )
    day = thai_date(bangkok_day(printed_at or now()), "short").replace(" ", "\u00a0")
    return pdf.render(
        html,
        title=f"{title} {thai_digits(session.name)}",
        number=thai_digits(f"พิมพ์\u00a0{day}"),
        author=words.FUND,
        subject=session.name,
        css=pdf.stylesheet("fund"),
        page=page,
        thai_numerals=True,
    )


def when(session: EvaluationSession) -> str:
    """Day and times of the meeting: วันพุธที่ ๒๕ มีนาคม ๒๕๖๙ เวลา ๐๙.๓๐–๑๒.๐๐ น."""
    begins = format_time(session.starts_at)
    if session.ends_at is not None:
        begins = f"{begins.removesuffix(' น.')}–{format_time(session.ends_at)}"
    times = f"เวลา {begins}".replace(" ", "\u00a0")
    return thai_digits(f"{thai_date(session.starts_at, 'weekday')} {times}")


def seats(session: EvaluationSession) -> list[SessionMember]:
    """Who sits, the chair first, then the members, then the secretaries, as such papers list them."""
    return sorted(session.members, key=lambda member: (_ORDER[member.role], member.position))


def _leavers(lines: list[Line]) -> dict[int, list[str]]:
    """User id -> the items they step out of, as the agenda numbers them."""
    found: dict[int, list[str]] = {}
    for line in lines:
        for row in line.item.stepping_out:
            found.setdefault(row.user_id, []).append(thai_digits(f"{CONSIDERED}.{line.n}"))
    return found
