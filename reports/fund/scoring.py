"""The fund's scoring form (แบบกลั่นกรองโครงการ): thirteen items, filled in or empty (spec: fund.md 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.core.clock import now
from models.core.thai.dates import bangkok_day
from models.fund.results import screening_advice
from models.fund.scoring import FULL_TOTAL, Answer, Choice, ScoringForm, Sheet, Topic
from models.fund.scoring.form import DRAFT, reference
from models.fund.session import ItemState, MemberRole
from reports.core import pdf
from reports.core.templates import render_html, thai_date
from reports.fund import words
from reports.fund.frame import paper

if TYPE_CHECKING:
    from models.fund.revision import Revision
    from models.fund.session import AgendaItem

TITLE = "แบบกลั่นกรองโครงการ"
UNSENT = " (ยังไม่ได้ส่งผล)"
_ROLES = {
    MemberRole.CHAIR: "ประธานการพิจารณา",
    MemberRole.MEMBER: "กรรมการ",
    MemberRole.SECRETARY: "เลขานุการการพิจารณา",
}
_EMPTY_SEATS = [("", role) for role in _ROLES.values()]


@dataclass(frozen=True)
class Judged:
    """A topic as the paper shows it, with its answer if there is one."""

    topic: Topic
    answer: Answer | None

    @property
    def choice(self) -> str | None:
        """The main choice."""
        return self.answer.choice if self.answer else None

    @property
    def points(self) -> int | None:
        """The points; None while unanswered."""
        return self.answer.points if self.answer and self.answer.choice else None

    def is_ticked(self, position: int) -> bool:
        """Whether an indicator is ticked."""
        return self.answer is not None and self.answer.is_ticked(position)


def scoring_paper(
    revision: Revision,
    level: str,
    form: ScoringForm,
    sheet: Sheet | None,
    *,
    item: AgendaItem | None = None,
    has_names: bool = True,
    printed_at: datetime | None = None,
) -> bytes:
    """The scoring form of a revision at a level; an empty one to fill in by hand where `sheet` is None.

    `form` is the version that the sheet keeps. `item` says at which meeting; who sits there stands under the places to
    sign, less those who stepped out, unless `has_names` is False. Raises PdfFailed.
    """
    is_sent = sheet is not None and sheet.is_sent
    return paper(
        "fund/scoring.html",
        revision,
        title=TITLE if is_sent else TITLE + UNSENT,
        printed_at=printed_at,
        level=level,
        meeting=item.session if item is not None else None,
        place=item.session.agenda.index(item) + 1 if item is not None and item.state != ItemState.OFF else None,
        screening_advice=screening_advice(revision),
        seats=_seats(item) if item is not None and has_names else _EMPTY_SEATS,
        **_judgement(form, sheet),
    )


def blank_paper(form: ScoringForm, *, printed_at: datetime | None = None) -> bytes:
    """A version of the form on its own, to look at or to fill in by hand: about no proposal yet. Raises PdfFailed."""
    html = render_html(
        "fund/scoring.html",
        revision=None,
        level=None,
        screening_advice=None,
        seats=_EMPTY_SEATS,
        words=words,
        **_judgement(form, None),
    )
    # Two parts, each of which stays on one line.
    parts = (f"ฉบับที่ {form.number}", f"พิมพ์ {thai_date(bangkok_day(printed_at or now()), 'short')}")
    number = " ".join(part.replace(" ", "\u00a0") for part in parts)
    return pdf.render(html, title=TITLE, number=number, author=words.FUND, subject=TITLE, css=pdf.stylesheet("fund"))


def _judgement(form: ScoringForm, sheet: Sheet | None) -> dict[str, Any]:
    """What the template says of the form and what was found: topics, points, bands."""
    answers = {answer.number: answer for answer in sheet.answers} if sheet is not None else {}
    texts = reference()
    return {
        "after": {entry["number"]: entry["title_th"] for entry in texts["after"]},
        "choices": [(Choice.NONE, texts["choices"]["none"]), (Choice.HAS, texts["choices"]["has"])],
        "full_total": FULL_TOTAL,
        "is_draft": form.state == DRAFT,
        "is_sent": sheet is not None and sheet.is_sent,
        "judged": [Judged(topic, answers.get(topic.number)) for topic in form.topics],
        "passing": form.passing,
        "scale": form.scale,
        "sheet": sheet,
        "version": form.number,
    }


def _seats(item: AgendaItem) -> list[tuple[str, str]]:
    """Who signs for the item: chair, members, secretaries; nobody who stepped out of it."""
    seated = [member for member in item.session.members if not item.is_left_by(member.user)]
    found = [(sitting.user.full_name, _ROLES[role]) for role in _ROLES for sitting in seated if sitting.role == role]
    return found or _EMPTY_SEATS
