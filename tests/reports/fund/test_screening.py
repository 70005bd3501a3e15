"""The screening form: each line's box, the advice, the result, who signs."""

from __future__ import annotations

import pytest

from models.fund.codes import ATTACHMENT_KINDS, Result, State
from models.fund.screening import save_screening, screening_of, send_screening
from reports.fund import words
from reports.fund.screening import screening_paper
from tests.factories.believable import make_believable_proposal
from tests.factories.fund import Cast, all_items, make_proposal, walk
from tests.reports.reading import needs_poppler, pages_of, run_together, says, text_of

pytestmark = needs_poppler
CHOICES = ("correct", "incorrect", "missing", "not_needed")


@pytest.fixture
def cast(session):
    return Cast()


def filled(proposal, staff, **choices):
    """The form saved with these choices by code."""
    content = all_items(proposal.submitted_revision)
    for code, choice in choices.items():
        content["items"][code] = {"choice": choice, "advice": f"ข้อเสนอแนะเรื่อง {code}"}
    return save_screening(proposal, content, staff, 0)


def boxes_of(paper: bytes) -> dict[str, list[bool]]:
    """Of each kind of document, which of the boxes in its row is ticked."""
    lines = [line for page in pages_of(paper) for line in page.splitlines() if "☐" in line]
    found = {}
    for name in (words.document_name(kind) for kind in ATTACHMENT_KINDS):
        for line in lines:
            if name in line:
                found[name] = [box == "☑" for box in line if box in "☐☑"]
    return found


def test_each_document_is_ticked_in_the_column_of_its_choice(cast):
    proposal = make_proposal(State.SCREENING, cast=cast)
    kinds = ("expense_table", "training_table", "speaker_history", "research_outline")
    screening = filled(proposal, cast.staff, **dict(zip(kinds, CHOICES, strict=True)))

    boxes = boxes_of(screening_paper(proposal.submitted_revision, screening))

    for place, kind in enumerate(kinds):
        assert boxes[words.document_name(kind)] == [n == place for n in range(4)]


def test_advice_stands_under_its_document(cast):
    proposal = make_proposal(State.SCREENING, cast=cast)
    screening = filled(proposal, cast.staff, expense_table="incorrect", mission_fit="does_not_fit")

    paper = screening_paper(proposal.submitted_revision, screening)

    assert says(paper, "ตารางค่าใช้จ่าย ข้อเสนอแนะเรื่อง expense_table")
    assert says(paper, "ข้อเสนอแนะเรื่อง mission_fit")
    assert says(paper, "☐ สอดคล้องกับภารกิจของกองทุน ☑ ไม่สอดคล้องกับภารกิจของกองทุน")
    assert says(paper, "เอกสารครบถ้วนตามประกาศ")


@pytest.mark.parametrize("result", [Result.PASS, Result.FAIL, Result.DOCUMENTS])
def test_the_result_that_was_sent_is_ticked_and_no_other(cast, result):
    proposal = make_proposal(State.SCREENING, cast=cast)
    filled(proposal, cast.staff)
    send_screening(proposal, result, cast.staff, proposal.version)
    revision = proposal.submitted_revision

    text = text_of(screening_paper(revision, screening_of(revision), officer="นายวีรพงษ์ ใจงาม"))

    section = text[text.index("4.ผลการคัดกรอง") :]
    for code, name in words.SCREENING_RESULTS.items():
        assert f"{'☑' if code == result else '☐'}{name}" in section
    assert "(นายวีรพงษ์ใจงาม)เจ้าหน้าที่กลั่นกรองโครงการ" in section
    assert "ยังไม่ได้ส่งผล" not in text


def test_what_is_not_sent_says_so_and_an_empty_form_has_no_tick(cast):
    proposal = make_believable_proposal(State.SCREENING, cast=cast)
    revision = proposal.submitted_revision

    empty = screening_paper(revision, None)
    saved = screening_paper(revision, filled(proposal, cast.staff))

    assert "☑" not in text_of(empty)
    assert says(empty, "แบบเปล่าสำหรับกรอกด้วยมือ")
    for paper in (empty, saved):
        assert all("(ยังไม่ได้ส่งผล)" in page for page in pages_of(paper))
        assert says(paper, "หนังสือยืนยันการเข้าร่วมของโรงเรียนเครือข่าย")
        assert says(paper, "ไฟล์: ประวัติวิทยากร 6 คน.docx")


def test_the_project_is_filled_in(cast):
    proposal = make_believable_proposal(cast=cast)
    walk(proposal, State.SCREENING, cast)
    revision = proposal.submitted_revision

    text = text_of(screening_paper(revision, None))

    for fact in (revision.title, revision.unit_name, revision.coordinator_name, proposal.number, "1,432,000.00 บาท"):
        assert run_together(fact) in text
