"""The list of proposals: who sees which, how it is narrowed, walked, sorted, and what it costs."""

from __future__ import annotations

import re

import pytest

from models.fund.codes import State
from tests.factories.fund import Cast, make_manager, make_member, make_organization, make_proposal, score, walk


@pytest.fixture
def cast(session):
    return Cast()


@pytest.fixture
def see(client, sign_in, session):
    """Open an address as somebody and give the page's text."""

    def do(account, address="/proposals/", status=200):
        session.commit()
        sign_in(client, account)
        answer = client.get(address)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    return do


def titles(page):
    found = re.findall(r'class="s-name s-cut" href="[^"]*">(.*?)</a>', page)
    return [re.sub("<.*?>", "", title) for title in found]


def test_staff_see_what_was_submitted_and_no_draft(see, cast):
    make_proposal(State.SCREENING, title="ส่งแล้ว", cast=cast)
    make_proposal(State.DRAFT, title="ยังร่างอยู่")

    assert titles(see(cast.staff)) == ["ส่งแล้ว"]


def test_an_author_sees_their_drafts_and_nobody_elses(see, cast):
    organization = make_organization()
    author, colleague = make_member(organization), make_member(organization)
    make_proposal(title="ของฉัน", author=author)
    make_proposal(title="ของเพื่อนร่วมงาน", author=colleague)
    make_proposal(State.SCREENING, title="ขององค์กรอื่น", cast=cast)

    page = see(author)

    assert titles(page) == ["ของฉัน"]
    assert "ร่าง" in page


def test_a_draft_has_no_date_of_submission(see, cast):
    draft = make_proposal(title="ของฉัน")
    assert '<span class="s-note">ยังไม่ส่ง</span></td>' in see(draft.author)

    sent = make_proposal(State.SCREENING, cast=cast)
    assert "ยังไม่ส่ง" not in see(sent.author)


def test_a_manager_sees_all_of_the_organization(see):
    organization = make_organization()
    manager = make_manager(organization)
    make_proposal(title="หนึ่ง", author=make_member(organization))
    make_proposal(title="สอง", author=make_member(organization))

    assert sorted(titles(see(manager))) == ["สอง", "หนึ่ง"]


def test_a_committee_member_sees_only_the_proposals_of_their_sessions(see, cast):
    make_proposal(State.AGENDA_GROUP, title="ในวาระของฉัน", cast=cast)
    make_proposal(State.AGENDA_GROUP, title="วาระของผู้อื่น")
    make_proposal(State.WAIT_GROUP, title="ยังไม่มีวาระ")

    assert titles(see(cast.chair)) == ["ในวาระของฉัน"]


def test_somebody_not_signed_in_is_sent_to_sign_in(client):
    assert client.get("/proposals/").status_code == 302


def test_levels_have_names_icons_and_points_and_say_when_not_reached(see, cast):
    proposal = make_proposal(State.AGENDA_GROUP, title="มีคะแนน", cast=cast)
    score(proposal, cast.staff)

    page = see(cast.staff)

    assert "ผ่าน <b>100</b>" in page
    assert "รอบรรจุวาระ" in page
    assert page.count("ยังไม่ถึงขั้นนี้") == 1
    for name in ("ตรวจเอกสาร", "คณะทำงาน", "คณะอนุกรรมการ", "คณะกรรมการ"):
        assert f'data-l="{name}"' in page


def test_a_returned_one_and_a_later_revision_carry_their_badges(see, cast):
    proposal = make_proposal(State.RETURNED, title="กลับมา", cast=cast)
    assert "ส่งกลับแก้ไข</b>" in see(cast.staff)

    proposal.perform("revise", proposal.author, proposal.version)
    assert "ส่งกลับแก้ไข</b>" in see(cast.staff), "the fund does not see that a revision is being written"
    assert "ฉบับแก้ไขที่ 2 ยังไม่ส่ง</b>" in see(proposal.author)

    walk(proposal, State.SCREENING, cast)
    assert "ฉบับแก้ไขที่ 2</b>" in see(cast.staff)


def test_a_status_leads_staff_to_the_review_and_is_no_link_for_applicants(see, cast):
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)

    assert f"/proposals/{proposal.id}#level-screening" in see(cast.staff)
    assert "#level-screening" not in see(proposal.author)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=เบรลล์", ["หนังสืออักษรเบรลล์"]),
        ("q=๒๕๖๙-๐๐๐๑", []),
        ("q=50%", ["ลด 50% ของเวลา"]),
        ("q=_", []),
        ("q=หน", ["หนังสืออักษรเบรลล์"]),
        ("q=สือ อักษร", []),
        ("tab=screening", ["ลด 50% ของเวลา"]),
        ("tab=agenda", ["หนังสืออักษรเบรลล์"]),
        ("level=screening&status=passed", ["หนังสืออักษรเบรลล์"]),
        ("status=waiting", ["ลด 50% ของเวลา", "หนังสืออักษรเบรลล์"]),
        ("level=group", ["หนังสืออักษรเบรลล์"]),
        ("level=board&status=approved", []),
        ("org=ตะวันฉาย", ["หนังสืออักษรเบรลล์"]),
        ("sort=name", ["ลด 50% ของเวลา", "หนังสืออักษรเบรลล์"]),
        ("sort=-name", ["หนังสืออักษรเบรลล์", "ลด 50% ของเวลา"]),
    ],
)
def test_filters_narrow_and_order(see, cast, query, expected):
    organization = make_organization("โรงเรียนบ้านตะวันฉายวิทยา")
    make_proposal(State.WAIT_GROUP, title="หนังสืออักษรเบรลล์", organization=organization, cast=cast)
    make_proposal(State.SCREENING, title="ลด 50% ของเวลา", organization=make_organization("มูลนิธิน้ำใจ"), cast=cast)

    page = see(cast.staff, f"/proposals/?{query}")

    found = titles(page)
    assert (found if "sort" in query else sorted(found)) == expected


def test_a_number_finds_its_proposal_with_thai_digits_and_without_zeros(see, cast):
    proposal = make_proposal(State.SCREENING, title="หนึ่งเดียว", cast=cast)
    make_proposal(State.SCREENING, title="อีกโครงการ", cast=cast)
    thai = f"{proposal.fiscal_year}-{proposal.sequence}".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))

    assert titles(see(cast.staff, f"/proposals/?q={thai}")) == ["หนึ่งเดียว"]


def test_a_filter_in_force_is_shown_and_can_be_taken_out(see, cast):
    make_proposal(State.SCREENING, cast=cast)

    page = see(cast.staff, "/proposals/?tab=screening&status=waiting&level=screening")

    assert "ระดับ: ตรวจเอกสาร" in page
    assert 'href="/proposals/?tab=screening&amp;status=waiting"' in page


@pytest.mark.parametrize(
    "query",
    [
        "tab=mine",
        "sort=budget",
        "sort=--date",
        "size=0",
        "size=24",
        "size=1000000",
        "year=abc",
        "year=99999999999999",
        "level=5",
        "status=deleted",
        "after=abc",
        "before=1~2~3",
        "after=%00~1",
        "sort=name&after=%EF%BF%BD%00",
    ],
)
def test_an_argument_that_cannot_be_meant_answers_400(see, cast, query):
    see(cast.staff, f"/proposals/?{query}", 400)
    see(
        cast.staff, f"/proposals/counts?{query}", 400 if not query.startswith(("after", "before", "sort=name")) else 200
    )


def test_the_tab_of_drafts_is_for_those_who_write_them(see, cast):
    see(cast.staff, "/proposals/?tab=drafts", 400)
    see(make_member(make_organization()), "/proposals/?tab=drafts")


def test_pages_follow_each_other_and_lead_back(see, cast, client):
    organization = make_organization()
    author = make_member(organization)
    for number in range(23):
        make_proposal(State.DRAFT, title=f"ร่างที่ {number:02d}", author=author)

    first = see(author, "/proposals/?size=10&sort=name")
    second = client.get(address_of(first, "next")).text
    third = client.get(address_of(second, "next")).text
    back = client.get(address_of(third, "prev")).text

    assert titles(first) + titles(second) + titles(third) == [f"ร่างที่ {number:02d}" for number in range(23)]
    assert titles(back) == titles(second)
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in third


def address_of(page, rel):
    return re.search(f'rel="{rel}" href="([^"]*)"', page)[1].replace("&amp;", "&")


def test_one_goes_straight_to_a_number_or_a_date(see, cast):
    several = [make_proposal(State.SCREENING, title=f"ลำดับ {n}", cast=cast) for n in range(3)]

    page = see(cast.staff, f"/proposals/?at={several[1].number}")
    assert titles(page) == ["ลำดับ 1", "ลำดับ 0"]
    assert titles(see(cast.staff, f"/proposals/?sort=number&at={several[1].number}")) == ["ลำดับ 1", "ลำดับ 2"]
    assert len(titles(see(cast.staff, "/proposals/?at=11/03/2599"))) == 3
    assert "ไม่ใช่ทั้งหมายเลขและวันที่" in see(cast.staff, "/proposals/?at=เมื่อวาน")


def test_counts_follow_after_the_page(see, cast):
    make_proposal(State.SCREENING, cast=cast)
    make_proposal(State.WAIT_GROUP, cast=cast)

    page = see(cast.staff, "/proposals/?tab=agenda")
    part = see(cast.staff, "/proposals/counts?tab=agenda")

    assert 'hx-get="/proposals/counts?tab=agenda"' in page
    assert re.sub(r"\s+", " ", "".join(re.findall(r'<span class="s-count">(\d+)</span>', part))) == "21100"
    assert "จาก 1 โครงการ" in part


def test_an_empty_list_says_which_filter_to_take_out(see, cast):
    make_proposal(State.SCREENING, cast=cast)

    page = see(cast.staff, "/proposals/?level=board&status=approved&tab=screening")
    assert "ไม่พบโครงการตามตัวกรองนี้" in page

    page = see(cast.staff, "/proposals/?q=ไม่มีชื่อนี้")
    assert "ไม่กรองหมายเลขหรือชื่อ (1)" in page


def test_the_first_list_of_an_applicant_offers_to_create(see, app):
    member = make_member(make_organization())

    page = see(member)

    assert "ยังไม่มีข้อเสนอโครงการ" in page


def test_who_may_not_create_is_not_offered_it(see, cast):
    page = see(cast.staff)

    assert "สร้างโครงการ" not in page
    assert "ยังไม่มีข้อเสนอโครงการ" in page


def test_a_form_that_is_saved_and_not_sent_is_marked_for_staff_only(see, cast):
    from models.fund.screening import save_screening

    proposal = make_proposal(State.SCREENING, cast=cast)
    save_screening(proposal, {"advice": "รอแผนที่"}, cast.staff, 0)

    assert "บันทึกแล้ว ยังไม่ส่ง" in see(cast.staff)
    assert "บันทึกแล้ว ยังไม่ส่ง" not in see(proposal.author)


def test_ticked_proposals_are_closed_for_one_reason(see, cast, client, session):
    one, two = (make_proposal(State.SCREENING, cast=cast) for _ in range(2))
    done = make_proposal(State.RETURNED, cast=cast)
    see(cast.staff)

    ids = [f"{proposal.id}:{proposal.version}" for proposal in (one, two, done)]
    answer = client.post("/proposals/not-consider", data={"ids": ids, "reason": "นอกภารกิจของกองทุน"})

    assert answer.status_code == 302
    for proposal, state in ((one, State.NOT_CONSIDERED), (two, State.NOT_CONSIDERED), (done, State.RETURNED)):
        session.refresh(proposal)
        assert proposal.state == state
    assert one.closing_reason == "นอกภารกิจของกองทุน"


def test_an_applicant_cannot_close_anything(see, client, cast, session):
    proposal = make_proposal(State.SCREENING, cast=cast)
    see(proposal.author)

    answer = client.post("/proposals/not-consider", data={"ids": [f"{proposal.id}:{proposal.version}"], "reason": "x"})

    assert answer.status_code == 403
    session.refresh(proposal)
    assert proposal.state == State.SCREENING


def test_the_page_takes_eight_queries_at_most_with_forty_menu_entries(app, see, cast, client, count_queries):
    for _ in range(30):
        make_proposal(State.SCREENING, cast=cast, organization=make_organization())
    builder = app.extensions["appbuilder"]
    view = next(view for view in builder.baseviews if type(view).__name__ == "ProposalView")
    entries = builder.menu.find("fund").childs
    before = list(entries)
    try:
        for number in range(40):
            builder.menu.add_link(f"entry-{number}", href="list", category="fund", baseview=view)
        page = see(cast.staff)
        count_queries.clear()
        cast.staff.forget_grants()
        page = client.get("/proposals/?sort=name").text
        assert page.count("entry-") >= 40
        assert len(titles(page)) == 25
        assert len(count_queries) <= 8, count_queries
        after = address_of(page, "next")
        count_queries.clear()
        client.get(after)
        assert len(count_queries) <= 8, count_queries
    finally:
        entries[:] = before


def test_no_citizen_id_and_no_officer_stands_in_the_list(see, cast):
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)
    page = see(proposal.author)

    assert proposal.author.profile.citizen_id not in page
    assert cast.staff.last_name not in page.replace(proposal.author.last_name, "")
