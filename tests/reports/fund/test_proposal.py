"""The proposal's paper says everything that the wizard holds, in order, and nothing it should not."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from models.core.db import db
from models.core.thai.dates import format_date
from models.core.thai.money import baht_text, format_money
from models.core.thai.phone import format_phone
from models.fund.codes import DISABILITIES, State
from models.fund.kinds import disability_name
from models.fund.proposal import Proposal, create_proposal
from models.fund.revision import new_line_id
from models.fund.wizard import save_part
from reports.fund.proposal import proposal_paper
from tests.conftest import one_transaction
from tests.factories import believable
from tests.factories.believable import LISTS, RATIONALE, STEPS, TITLE, believable_content, make_believable_proposal
from tests.factories.fund import (
    activity,
    complete_content,
    make_member,
    make_organization,
    make_proposal,
    organization_of,
    row,
)
from tests.reports.reading import bodies_of, needs_poppler, pages_of, run_together, says, text_of

pytestmark = needs_poppler
PRINTED = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # the 21st in Bangkok


def saved(proposal: Proposal, part: str, **content: object) -> Proposal:
    save_part(proposal, part, content, proposal.author, proposal.version)
    return proposal


@pytest.fixture(scope="module")
def lasting(filled_app):
    """The transaction of all these tests, with the believable proposal in it; each test undoes what it did."""
    with one_transaction(filled_app) as connection:
        with filled_app.app_context():
            pk = make_believable_proposal().id
            db.session.commit()
        yield connection, pk


@pytest.fixture
def app(filled_app, lasting):
    point = lasting[0].begin_nested()
    yield filled_app
    point.rollback()


@pytest.fixture
def proposal(session, lasting):
    return db.session.get(Proposal, lasting[1])


def test_the_believable_proposal_is_of_believable_size(session):
    content = believable_content()
    lists = [kind for kind in content["2.2"] if kind != "rationale"]

    assert len(RATIONALE) >= 8_000
    assert sum(len(step["activities"]) for step in content["2.4"]["steps"]) == 20
    assert sum(a["budget"] for step in content["2.4"]["steps"] for a in step["activities"]) == believable.BUDGET
    assert all(content["2.2"][kind] for kind in lists)


def test_every_text_that_was_typed_stands_on_the_paper(proposal):
    revision = proposal.current_revision

    text = text_of(proposal_paper(revision))

    typed = [TITLE, revision.unit_name, revision.unit_email, revision.coordinator_name]
    typed += [format_phone(revision.unit_phone), format_phone(revision.coordinator_phone)]
    typed += [revision.last_project, *(line.text for line in revision.lines), *(line.detail for line in revision.lines)]
    typed += [a.name for step in revision.steps for a in step.activities] + [step.name for step in revision.steps]
    typed += [attachment.file.name for attachment in revision.attachments]
    typed += [text for texts in LISTS.values() for text in texts]
    missing = [words for words in typed if run_together(words) not in text]
    assert missing == []


def test_the_long_texts_stand_whole_across_the_pages(proposal):
    body = bodies_of(proposal_paper(proposal.current_revision))

    for paragraph in RATIONALE.splitlines():
        assert run_together(paragraph) in body


def test_the_sums_of_steps_and_project_stand_in_figures_and_words(proposal):
    revision = proposal.current_revision
    paper = proposal_paper(revision)

    for number, step in enumerate(revision.steps, 1):
        assert says(paper, f"รวมขั้นตอนที่ {number} {step.duration_days} {format_money(step.budget)}")
    assert says(paper, "รวมทั้งโครงการ 512 1,432,000.00")
    assert says(paper, "(หนึ่งล้านสี่แสนสามหมื่นสองพันบาทถ้วน)")
    assert says(paper, "1,200,000.00 บาท (หนึ่งล้านสองแสนบาทถ้วน)")
    assert says(paper, f"รวม ({baht_text(Decimal('276500.50'))}) 276,500.50")
    assert says(paper, "รวม (สองแสนสามหมื่นสองพันบาทถ้วน) 232,000.00")


def test_each_activity_has_its_days_and_budget_in_its_row(proposal):
    text = text_of(proposal_paper(proposal.current_revision))

    for number, (_name, activities) in enumerate(STEPS, 1):
        for place, (name, start, days, budget, detail) in enumerate(activities, 1):
            span = f"{format_date(start)} – {format_date(start + timedelta(days=days - 1))}"
            cells = f"{number}.{place} {name} {detail} {span} {days} {format_money(Decimal(budget))}"
            assert run_together(cells) in text


def test_the_parts_come_in_the_order_of_the_form(proposal):
    text = bodies_of(proposal_paper(proposal.current_revision))

    headings = [
        "แบบเสนอโครงการ",
        "ส่วนที่ 1 ข้อมูลองค์กร",
        "1.4 องค์กรเคยขอรับการสนับสนุนจากกองทุนนี้หรือไม่",
        "ส่วนที่ 2 รายละเอียดโครงการ",
        "2.1 รายละเอียดเบื้องต้น",
        "2.2 หลักการ เหตุผล เป้าหมาย และผลผลิต",
        "2.3 การดำเนินโครงการ",
        "2.4 ขั้นตอนการดำเนินโครงการ",
        "ส่วนที่ 3 การมีส่วนร่วมของหน่วยงานอื่น ๆ",
        "ส่วนที่ 4 เอกสารแนบ",
        "ข้าพเจ้าขอรับรอง",
        "ผู้จัดการองค์กร",
    ]
    places = [text.index(run_together(heading)) for heading in headings]
    assert places == sorted(places)


def test_ticked_are_the_kinds_of_disability_that_were_chosen_and_no_others(proposal):
    revision = proposal.current_revision
    text = text_of(proposal_paper(revision))

    for kind in DISABILITIES:
        box = "☑" if kind in ("seeing", "learning", "multiple") else "☐"
        assert f"{box}{disability_name(kind)}" in text


@pytest.mark.parametrize(("asked", "ticked", "empty"), [(True, "เคย", "ไม่เคย"), (False, "ไม่เคย", "เคย")])
def test_the_box_of_having_asked_before_follows_the_answer(proposal, asked, ticked, empty):
    saved(proposal, "1", asked_before=asked, times_asked=2 if asked else None)

    text = text_of(proposal_paper(proposal.current_revision))

    assert f"☑{ticked}" in text
    assert f"☐{empty}" in text


def test_a_draft_is_marked_on_every_page_and_a_submitted_one_carries_its_number_instead(session):
    draft = make_proposal()
    sent = make_proposal(State.SCREENING)

    draft_pages = pages_of(proposal_paper(draft.current_revision, printed_at=PRINTED))
    sent_pages = pages_of(proposal_paper(sent.current_revision, printed_at=PRINTED))

    assert all("ร่าง พิมพ์ 21 พ.ย. 2569" in page.replace("\u00a0", " ") for page in draft_pages)
    assert not any("ร่าง พิมพ์" in page.replace("\u00a0", " ") for page in sent_pages)
    assert all(f"{sent.number} ฉบับที่ 1" in page.replace("\u00a0", " ") for page in sent_pages)
    assert all("พิมพ์ 21 พ.ย. 2569" in page.replace("\u00a0", " ") for page in sent_pages)


def test_pages_are_numbered_of_how_many(proposal):
    pages = pages_of(proposal_paper(proposal.current_revision))

    assert 12 <= len(pages) <= 20
    assert [f"หน้า {n} จาก {len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)


def test_whoever_is_responsible_and_whoever_submitted_sign_on_one_page(session):
    proposal = make_believable_proposal(State.SCREENING)
    manager = db.session.get(type(proposal.author), proposal.submitted_revision.submitted_by_id)

    last = run_together(pages_of(proposal_paper(proposal.submitted_revision))[-1])

    assert run_together(f"({proposal.author.full_name})") in last
    assert run_together(f"({manager.full_name})") in last
    assert "ผู้รับผิดชอบโครงการผู้จัดการองค์กร" in last


def test_a_submitted_paper_keeps_the_organization_as_it_was(session):
    proposal = make_believable_proposal(State.SCREENING)

    proposal.organization.name = "โรงเรียนที่เปลี่ยนชื่อแล้ว"
    db.session.flush()

    assert says(proposal_paper(proposal.submitted_revision), "โรงเรียนศึกษาพิเศษทุ่งดอกคูน")
    assert not says(proposal_paper(proposal.submitted_revision), "โรงเรียนที่เปลี่ยนชื่อแล้ว")


def test_citizen_ids_stand_nowhere(proposal):
    proposal.organization.people[0].citizen_id = "1990000000013"
    db.session.flush()

    text = text_of(proposal_paper(proposal.current_revision))

    assert "1990000000013" not in text.replace("-", "")
    assert proposal.author.profile.citizen_id not in text.replace("-", "")


def test_a_difference_of_the_budget_is_shown_with_its_note(proposal):
    saved(proposal, "2.3", amount_asked=Decimal(1_000_000))
    saved(proposal, "2.4", budget_note="ส่วนที่เหลือใช้เงินรายได้ของโรงเรียน")

    paper = proposal_paper(proposal.current_revision)

    assert says(paper, "ส่วนต่างจากงบประมาณทั้งโครงการ (บาท) 200,000.00")
    assert says(paper, "หมายเหตุอธิบายส่วนต่างของงบประมาณ: ส่วนที่เหลือใช้เงินรายได้ของโรงเรียน")


def test_an_empty_draft_prints_with_dashes_for_what_is_missing(session):
    author = make_member(make_organization())
    proposal = create_proposal(author, organization_of(author))

    paper = proposal_paper(proposal.current_revision)

    assert says(paper, "ส่วนที่ 2 รายละเอียดโครงการ")
    assert says(paper, "ตั้งแต่วันที่ - ถึงวันที่ -")


def test_the_smallest_file_is_of_one_kilobyte_as_on_the_page(proposal):
    attachment = proposal.current_revision.attachments[0]
    attachment.file.size = 15

    paper = proposal_paper(proposal.current_revision)

    assert says(paper, f"{attachment.file.name} 1 KB")


# --- what people type ------------------------------------------------------------------------------------------------


def test_html_in_names_prints_as_it_was_typed(session):
    content = complete_content(title='<script>alert("x")</script> <b>หนา</b> & <img src="http://127.0.0.1/x.png">')
    content["2.2"]["objective"] = [row("<table><tr><td>"), row("</div></body>")]

    paper = proposal_paper(make_proposal(content=content).current_revision)

    assert says(paper, '<script>alert("x")</script> <b>หนา</b> & <img src="http://127.0.0.1/x.png">')
    assert says(paper, "<table><tr><td>")
    assert says(paper, "</div></body>")


@pytest.mark.parametrize("word", ["ก" * 300, "W" * 300, "https://example.org/" + "a-b/" * 70, "กำลังเรียน😀🎉 ครับ"])
def test_very_long_words_and_emoji_stay_on_the_page(session, word):
    content = complete_content(title=word)
    content["2.4"]["steps"][0]["activities"][0]["name"] = word
    content["3"] = {"contribution_place": [row(word, word)]}

    paper = proposal_paper(make_proposal(content=content).current_revision)

    assert text_of(paper).count(run_together(word.replace("😀🎉", "")[:10])) >= 2
    assert edges_of(paper) <= 21.0 / 2.54 * 72 - 1.9 / 2.54 * 72


def edges_of(document: bytes) -> float:
    """How far right any word reaches, in points."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=document, capture_output=True, check=True)
    return max(float(edge) for edge in re.findall(r'<word .*?xMax="([\d.]+)"', done.stdout.decode(errors="replace")))


def test_the_longest_details_run_over_pages(session):
    content = complete_content()
    detail = "รายละเอียดของกิจกรรมที่ยาวมาก " * 600
    steps = content["2.4"]["steps"]
    steps[0]["activities"] += [activity(f"กิจกรรมเพิ่ม {n}", date(2026, 5, 1), 2, 0) for n in range(60)]
    steps[1]["activities"][0]["detail"] = detail
    steps += [{"line_id": new_line_id(), "name": "ขั้นตอนสุดท้าย", "activities": []}]

    paper = proposal_paper(make_proposal(content=content).current_revision)

    assert bodies_of(paper).count("รายละเอียดของกิจกรรมที่ยาวมาก") == 600
    assert says(paper, "(รายละเอียดอยู่ท้ายตาราง)")
