"""The scoring form: thirteen items in order, boxes as answered, points, total, band, who signs."""

from __future__ import annotations

import re

import pytest

from models.core.db import db
from models.fund.codes import GROUP, SUB, State
from models.fund.scoring import Choice, Scale, current_form, save_sheet, sheet_of
from models.fund.scoring.form import reference
from models.fund.session import AgendaItem, SteppingOut
from reports.fund import words
from reports.fund.scoring import scoring_paper
from tests.factories.core import make_account
from tests.factories.fund import Cast, all_topics, make_proposal, make_session, put_on, score
from tests.reports.reading import needs_poppler, pages_of, run_together, says, text_of

pytestmark = needs_poppler
TICKED = [4, 3, 2, 1, 0, 4, 3, 2, 4, 4, 4]


@pytest.fixture
def cast(session):
    return Cast(members=[make_account("committee") for _ in range(3)])


@pytest.fixture
def proposal(cast):
    found = make_proposal(State.WAIT_GROUP, cast=cast)
    put_on(found, cast, make_session(cast=cast))
    return found


def item_of(proposal):
    return db.session.query(AgendaItem).filter_by(proposal_id=proposal.id).one()


def paper_of(proposal, sheet, **more):
    revision = proposal.submitted_revision
    form = sheet.form if sheet else current_form()
    return scoring_paper(revision, GROUP, form, sheet, item=item_of(proposal), **more)


def section_of(text: str, number: int, title: str, following: str) -> str:
    """What stands under a topic's heading."""
    start = text.index(run_together(f"{number}. {title}"))
    return text[start : text.index(run_together(following), start)]


def sections_of(paper: bytes) -> dict[int, str]:
    text = text_of(paper)
    titles = {topic["number"]: topic["title_th"] for topic in reference()["topics"]}
    headings = {number: f"{number}. {title}" for number, title in titles.items()}
    headings[12] = "12. ความคิดเห็นเบื้องต้นต่อโครงการของผู้ประเมิน"
    return {number: section_of(text, number, titles[number], headings[number + 1]) for number in titles}


def test_the_thirteen_items_come_in_their_order_with_their_full_marks(proposal, cast):
    score(proposal, cast.staff)
    text = text_of(paper_of(proposal, sheet_of(proposal.submitted_revision, GROUP)))

    places = [text.index(run_together(f"{t['number']}. {t['title_th']}")) for t in reference()["topics"]]
    places += [text.index(run_together(f"{a['number']}. {a['title_th']}")) for a in reference()["after"]]
    assert places == sorted(places)
    assert len(places) == 13
    for topic in reference()["topics"]:
        assert run_together(f"{topic['title_th']} คะแนนเต็ม {topic['full']}") in text


def test_boxes_points_and_advice_of_each_topic_are_those_that_were_answered(proposal, cast):
    content = all_topics(TICKED)
    content["topics"][5] = {"choice": Choice.NONE, "ticked": [], "advice": "ระบุจำนวนผู้เข้าร่วม"}
    sheet = save_sheet(proposal, content, cast.staff, 0)

    sections = sections_of(paper_of(proposal, sheet))

    choices = reference()["choices"]
    for topic, answer in zip(sheet.form.topics, sheet.answers, strict=True):
        section = sections[topic.number]
        assert f"ได้{answer.points}คะแนน" in section
        assert f"{'☑' if answer.choice == Choice.NONE else '☐'}{run_together(choices['none'])}" in section
        assert f"{'☑' if answer.choice == Choice.HAS else '☐'}{run_together(choices['has'])}" in section
        for n, indicator in enumerate(topic.indicators):
            box = "☑" if n < TICKED[topic.number - 1] else "☐"
            assert f"{box}{topic.number}.{n + 1}{run_together(indicator.text)}" in section
        assert run_together(answer.advice) in section


@pytest.mark.parametrize(
    ("ticked", "total", "band", "passes"),
    [(4, 100, "very_good", True), (3, 60, "good", False), (2, 20, "acceptable", False), (0, 0, "improve", False)],
)
def test_total_band_and_result_are_ticked(proposal, cast, ticked, total, band, passes):
    sheet = save_sheet(proposal, all_topics(ticked), cast.staff, 0)
    text = text_of(paper_of(proposal, sheet))

    assert f"คะแนนรวม100{sheet.total}" in text
    assert sheet.total == total
    for code, label in words.band_rows(Scale()):
        assert f"{'☑' if code == band else '☐'}{run_together(label)}" in text
    assert f"{'☑' if passes else '☐'}ผ่าน(80คะแนนขึ้นไป)" in text
    assert f"{'☐' if passes else '☑'}ไม่ผ่าน(ต่ำกว่า80คะแนน)" in text


def test_the_bands_print_as_the_fund_names_them():
    assert [label for _code, label in words.band_rows(Scale())] == [
        "ดีมาก (80–100)",
        "ดี (60–79)",
        "ปานกลาง (40–59)",
        "พอใช้ (20–39)",
        "ควรปรับปรุง (ต่ำกว่า 20)",
    ]


def test_topic_13_is_the_screening_officers_advice(proposal, cast):
    score(proposal, cast.staff)

    paper = paper_of(proposal, sheet_of(proposal.submitted_revision, GROUP))

    assert says(paper, "13. คำแนะนำของเจ้าหน้าที่กลั่นกรองโครงการ เอกสารครบถ้วนตามประกาศ")
    assert says(paper, "โครงการตอบสนองความต้องการของผู้เรียนชัดเจน")


def test_an_empty_form_has_no_tick_and_no_points_and_says_that_nothing_was_sent(proposal):
    paper = paper_of(proposal, None)

    assert "☑" not in text_of(paper)
    assert not re.search(r"ได้\d+คะแนน", text_of(paper))
    assert says(paper, "แบบเปล่าสำหรับกรอกด้วยมือ")
    assert all("(ยังไม่ได้ส่งผล)" in page for page in pages_of(paper))


def test_a_saved_sheet_says_that_it_was_not_sent_and_a_sent_one_does_not(proposal, cast):
    saved = paper_of(proposal, save_sheet(proposal, all_topics(4), cast.staff, 0))
    proposal.perform("record", cast.staff, proposal.version)
    sent = paper_of(proposal, sheet_of(proposal.submitted_revision, GROUP))

    assert says(saved, "ยังไม่ได้ส่งผล")
    assert not says(sent, "ยังไม่ได้ส่งผล")
    assert says(sent, "ส่งผลการพิจารณาเมื่อวันที่")


def test_a_half_answered_sheet_has_no_band_and_no_result_yet(proposal, cast):
    content = all_topics(4)
    content["topics"] = {1: content["topics"][1]}
    sheet = save_sheet(proposal, content, cast.staff, 0)

    text = text_of(paper_of(proposal, sheet))

    assert "☐ดีมาก" in text
    assert "☑ไม่ผ่าน" not in text


def test_chair_members_and_secretary_sign_and_whoever_stepped_out_does_not(proposal, cast):
    item = item_of(proposal)
    item.stepping_out.append(SteppingOut(user_id=cast.members[1].id, reason="declared"))
    db.session.flush()

    last = run_together(pages_of(paper_of(proposal, None))[-1])
    nameless = text_of(paper_of(proposal, None, has_names=False))

    assert run_together(f"({cast.chair.full_name})") in last
    assert run_together(f"({cast.members[0].full_name})") in last
    assert run_together(f"({cast.secretary.full_name})") in last
    assert run_together(cast.members[1].full_name) not in last
    assert last.count("ลงชื่อ") == 4
    assert run_together(cast.chair.full_name) not in nameless
    assert "ประธานการพิจารณา" in nameless


def test_the_level_is_named(proposal):
    revision = proposal.submitted_revision

    assert says(scoring_paper(revision, GROUP, current_form(), None), "ระดับคณะทำงาน (คณะทำงานตรวจสอบโครงการ)")
    assert says(scoring_paper(revision, SUB, current_form(), None), "ระดับคณะอนุกรรมการ (คณะอนุกรรมการกลั่นกรอง)")


def test_the_longest_advice_runs_over_pages(proposal, cast):
    content = all_topics(4)
    content["topics"][1]["advice"] = "ข้อเสนอแนะที่ยาวมาก " * 900
    sheet = save_sheet(proposal, content, cast.staff, 0)

    assert text_of(paper_of(proposal, sheet)).count("ข้อเสนอแนะที่ยาวมาก") == 900
