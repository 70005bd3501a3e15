"""Two revisions side by side: on the page and as a paper, for whoever reads both."""

from __future__ import annotations

import pytest

from models.core import audit
from models.core.db import db
from models.fund.codes import State
from models.fund.wizard import save_part
from tests.factories.fund import Cast, complete_content, make_manager, make_proposal, save_all
from tests.reports.reading import needs_poppler, says

pytestmark = needs_poppler


@pytest.fixture
def cast(session):
    return Cast()


@pytest.fixture
def get(new_client, sign_in, session):
    """Fetch an address as somebody."""

    def fetch(account, path, **arguments):
        db.session.commit()
        return sign_in(new_client(), account).get(path, query_string=arguments)

    return fetch


def prints_of(proposal):
    rows = [entry for entry in audit.history_of(proposal) if entry.action == "fund_proposal.print"]
    return [(row.actor_id, row.payload["notes"][0]["paper"], row.payload["notes"][0]["revision"]) for row in rows]


def test_two_revisions_are_printed_side_by_side_for_whoever_reads_both(get, cast):
    proposal = make_proposal(State.RETURNED, title="ชื่อเดิม", cast=cast)
    proposal.perform("revise", proposal.author, proposal.version)
    save_all(proposal, {"2.1": complete_content("ชื่อใหม่")["2.1"]}, proposal.author)
    path = f"/papers/comparison/{proposal.id}.pdf"

    text = get(proposal.author, path).data

    assert says(text, "ตารางเปรียบเทียบข้อเสนอโครงการ")
    assert says(text, "ชื่อเดิม")
    assert says(text, "ยังไม่ได้ส่ง")
    assert not says(text, "ฝ่ายพัฒนาสื่อ")
    assert says(get(proposal.author, path, all="1").data, "ฝ่ายพัฒนาสื่อ")
    assert get(cast.staff, path).status_code == 404  # Until it is sent there is one revision for the fund.
    assert get(make_manager(), path).status_code == 404
    assert get(proposal.author, path, old="3").status_code == 404
    assert (proposal.author.id, "comparison_1", 2) in prints_of(proposal)


def test_the_two_choices_are_called_revisions_not_days(get, cast):
    proposal = make_proposal(State.RETURNED, cast=cast)
    proposal.perform("revise", proposal.author, proposal.version)

    page = get(proposal.author, f"/proposals/{proposal.id}/compare").get_data(as_text=True)

    assert "ฉบับตั้งต้น</label>" in page
    assert "ฉบับที่นำมาเทียบ</label>" in page
    assert "ตั้งแต่วันที่" not in page


def test_the_longest_texts_are_compared_and_printed(get, cast):
    proposal = make_proposal(State.RETURNED, cast=cast)
    proposal.perform("revise", proposal.author, proposal.version)
    sentence = "โรงเรียนจัดการเรียนการสอนสำหรับผู้เรียนที่มีความบกพร่องทางการเห็น "
    long = (sentence * 400)[:19_900]
    save_part(proposal, "2.2", {"rationale": f"{long} ครูผู้สอน"}, proposal.author, proposal.version)

    page = get(proposal.author, f"/proposals/{proposal.id}/compare")
    paper = get(proposal.author, f"/papers/comparison/{proposal.id}.pdf", all="1")

    assert page.status_code == 200
    assert "ครูผู้สอน" in page.text
    assert paper.status_code == 200
    assert says(paper.data, "ครูผู้สอน")
