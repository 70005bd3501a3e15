"""The papers of a session: ระเบียบวาระการประชุม and ตารางสรุปมติที่ประชุม (fund.md 7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from models.core.clock import BANGKOK
from models.fund.agenda import lines_of
from models.fund.codes import GROUP, State
from models.fund.conflicts import declare
from models.fund.session.quorum import Rule
from reports.fund.agenda import agenda_paper
from reports.fund.resolutions import resolutions_paper
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, make_session, put_on, score
from tests.reports.reading import needs_poppler, pages_of, says

pytestmark = needs_poppler

STARTS = datetime(2026, 3, 25, 9, 30, tzinfo=BANGKOK)
HALF = Rule()


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and two members."""
    return Cast(members=[make_account("committee"), make_account("committee")])


def meeting_of(cast: Cast, *proposals: Any, **content: Any) -> Any:
    """A session with these on its agenda."""
    found = make_session(
        cast=cast, name="คณะทำงาน ครั้งที่ 7/2569", starts_at=STARTS, ends_at=STARTS + timedelta(hours=3), **content
    )
    for proposal in proposals:
        put_on(proposal, cast, found)
    return found


def proposals(cast: Cast, *titles: str) -> list[Any]:
    """Proposals that wait for the working group."""
    return [make_proposal(State.WAIT_GROUP, cast=cast, title=title) for title in titles]


def agenda(meeting: Any, reader: Any, **more: Any) -> bytes:
    """The agenda of one reader."""
    return agenda_paper(meeting, lines_of(meeting, reader), HALF, reader=reader.full_name, **more)


def resolutions(meeting: Any, reader: Any, **more: Any) -> bytes:
    """The table of one reader."""
    return resolutions_paper(meeting, lines_of(meeting, reader), **{"bands": {}, "board": {}, **more})


def test_the_agenda_has_the_usual_items_in_their_order_and_figures(session, cast):
    one, two = proposals(cast, "สื่ออ่านง่าย", "ดนตรีบำบัด")
    before = make_session(cast=cast, name="คณะทำงาน ครั้งที่ 6/2569", starts_at=STARTS - timedelta(days=30))

    document = agenda(meeting_of(cast, one, two), cast.staff, before=before)

    text = "".join(pages_of(document))
    heads = ["ระเบียบวาระที่ ๑ เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ", "ระเบียบวาระที่ ๒ เรื่องรับรองรายงานการประชุม"]
    heads += ["ระเบียบวาระที่ ๓ เรื่องเพื่อพิจารณา", "๓.๑", "สื่ออ่านง่าย", "๓.๒", "ดนตรีบำบัด"]
    heads += ["ระเบียบวาระที่ ๔ เรื่องอื่น ๆ", "รายชื่อผู้เข้าร่วมประชุม"]
    places = [text.replace(" ", "").index(head.replace(" ", "")) for head in heads]
    assert places == sorted(places)
    assert says(document, "วันพุธที่ ๒๕ มีนาคม ๒๕๖๙ เวลา ๐๙.๓๐–๑๒.๓๐ น.")
    assert says(document, "รับรองรายงานการประชุม คณะทำงาน ครั้งที่ ๖/๒๕๖๙")
    assert says(document, "จำนวน ๒ โครงการ จำนวนเงินที่ขอรับการสนับสนุนรวม ๙๗๓,๐๐๐.๐๐ บาท")
    for person, role in ((cast.chair, "ประธานการพิจารณา"), (cast.secretary, "เลขานุการการพิจารณา")):
        assert says(document, person.full_name)
        assert says(document, role)


def test_who_steps_out_stands_at_the_item_and_beside_the_name(session, cast):
    (proposal,) = proposals(cast, "สื่ออ่านง่าย")
    meeting = meeting_of(cast, proposal)
    declare(meeting.agenda[0], cast.members[0], cast.staff, "เหตุผลส่วนตัว")

    document = agenda(meeting, cast.chair)

    assert says(document, f"ผู้มีส่วนได้เสียซึ่งออกจากที่ประชุมในวาระนี้ {cast.members[0].full_name}")
    assert says(document, "ออกจากที่ประชุมในวาระที่ ๓.๑")
    assert not says(document, "เหตุผลส่วนตัว")


def test_too_few_for_a_quorum_is_said_where_it_matters(session, cast):
    (proposal,) = proposals(cast, "สื่ออ่านง่าย")
    meeting = meeting_of(cast, proposal)
    assert says(agenda(meeting, cast.staff), "รวม ๓ คน ต้องเข้าประชุมไม่น้อยกว่า ๒ คน")

    meeting.perform("attend", cast.staff, meeting.version, present={cast.chair.id})

    assert says(agenda(meeting, cast.staff), "มีผู้เข้าประชุมซึ่งพิจารณาวาระนี้ได้ ๑ คน จากที่ต้องมีไม่น้อยกว่า ๒ คน")


def test_a_session_without_items_has_papers_that_say_so(session, cast):
    meeting = make_session(cast=cast, chair_id=None, secretary_ids=[], member_ids=[])

    assert says(agenda(meeting, cast.staff), "ไม่มีโครงการที่เสนอเพื่อพิจารณา")
    assert says(agenda(meeting, cast.staff), "ยังไม่ได้กำหนดผู้เข้าร่วมประชุม")
    assert says(resolutions(meeting, cast.staff), "ไม่มีโครงการที่เสนอเพื่อพิจารณา")


def test_the_table_has_a_row_for_each_item_with_result_points_band_and_notes(session, cast):
    passed, failed, waiting = proposals(cast, "สื่ออ่านง่าย", "ดนตรีบำบัด", "สวนบำบัด")
    meeting = meeting_of(cast, passed, failed, waiting)
    declare(meeting.agenda[0], cast.members[0], cast.staff)
    score(passed, cast.staff)
    score(failed, cast.staff, 1)

    bands = {passed.submitted_revision_id: "very_good", failed.submitted_revision_id: "improve"}
    document = resolutions(meeting, cast.staff, bands=bands)

    assert says(document, "๑๐๐ คะแนน (ดีมาก)")
    assert says(document, "๐ คะแนน (ควรปรับปรุง)")
    assert says(document, "ยังไม่มีผล")
    assert says(document, f"{cast.members[0].full_name} ออกจากที่ประชุม")
    assert says(document, "ผ่าน ๑ โครงการ จำนวนเงินที่ขอ ๔๘๖,๕๐๐.๐๐ บาท")
    assert says(document, "ไม่ผ่าน ๑ โครงการ")
    assert says(document, f"({cast.chair.full_name})")


def test_who_came_and_who_did_not_stand_above_the_table(session, cast):
    (proposal,) = proposals(cast, "สื่ออ่านง่าย")
    meeting = meeting_of(cast, proposal)
    assert not says(resolutions(meeting, cast.staff), "ผู้มาประชุม")

    meeting.perform("attend", cast.staff, meeting.version, present={cast.chair.id, cast.secretary.id})

    document = resolutions(meeting, cast.staff)
    assert says(document, f"ผู้มาประชุม ๑. {cast.chair.full_name}")
    assert says(document, f"ผู้ไม่มาประชุม ๑. {cast.members[0].full_name}")


def test_why_a_result_was_recorded_below_the_quorum_stays_on_the_table(session, cast):
    (proposal,) = proposals(cast, "สื่ออ่านง่าย")
    meeting = meeting_of(cast, proposal)
    score(proposal, cast.staff)
    meeting.agenda[0].quorum_reason = "กรรมการติดราชการ"

    assert says(resolutions(meeting, cast.staff), "บันทึกผลโดยไม่ครบองค์ประชุม: กรรมการติดราชการ")


def test_long_names_and_markup_stay_words(session, cast):
    title = "<b>สื่อ</b> & " + "พัฒนาสื่อการเรียนรู้สำหรับผู้เรียนที่มีความต้องการพิเศษ" * 5
    meeting = meeting_of(cast, *proposals(cast, title[:300]), place="ห้องประชุม <1> & อาคาร " + "ก" * 60)

    for document in (agenda(meeting, cast.staff), resolutions(meeting, cast.staff)):
        assert says(document, "<b>สื่อ</b> &")
        assert len(pages_of(document)) >= 1


def test_an_agenda_of_a_hundred_items_names_them_all_and_repeats_the_heads_of_its_table(session, cast):
    meeting = meeting_of(cast, *proposals(cast, "โครงการต้นแบบ"))
    (line,) = lines_of(meeting, cast.staff)
    lines = [type(line)(n, line.item, is_left=n % 10 == 0, may_record=False) for n in range(1, 101)]

    before = agenda_paper(meeting, lines, HALF, reader="ผู้อ่าน")
    after = resolutions_paper(meeting, lines, bands={}, board={}, reader="ผู้อ่าน")

    assert says(before, "๓.๑๐๐")
    pages = pages_of(after)
    assert sum("หมายเลข" in page for page in pages) >= len(pages) - 1 > 5
    assert says(after, "๓.๑๐๐")


def test_levels_below_show_their_points_on_the_agenda_of_the_next(session, cast):
    proposal = make_proposal(State.WAIT_SUB, cast=cast)
    meeting = make_session("sub", cast=cast, starts_at=STARTS)
    put_on(proposal, cast, meeting)

    assert says(agenda(meeting, cast.staff), "ผลการพิจารณาที่ผ่านมา คณะทำงานตรวจสอบโครงการ ๑๐๐ คะแนน")
    assert meeting.level != GROUP
