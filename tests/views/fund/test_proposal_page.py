"""The page of a proposal: who reads what of it, its revisions, its moves, its history."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.core import audit
from models.core.audit import AuditEntry
from models.core.identity import Account
from models.fund.codes import COMMITTEE, STAFF, SUPER_USER, Result, State
from tests.factories.core import make_account
from tests.factories.fund import (
    Cast,
    complete_content,
    make_manager,
    make_organization,
    make_proposal,
    save_all,
    screen,
    walk,
)


@pytest.fixture
def cast(session):
    staff = make_account(STAFF, first_name="จิตรลดา", last_name="ผู้ตรวจเอกสาร")
    return Cast(staff=staff)


@pytest.fixture
def see(client, sign_in, session):
    """Open an address as somebody and give the page's text."""

    def do(account, address, status=200):
        session.commit()
        sign_in(client, account)
        answer = client.get(address)
        assert answer.status_code == status, answer.text[:3000]
        return answer.text

    return do


@pytest.fixture
def post(client, sign_in, session):
    """Post to an address as somebody and give the answer."""

    def do(account, address, **data):
        session.commit()
        sign_in(client, account)
        return client.post(address, data=data)

    return do


def page_of(proposal):
    return f"/proposals/{proposal.id}"


# --- who reads it ----------------------------------------------------------------------------------------------------


def test_another_organizations_proposal_is_not_found_and_ones_own_opens(see, cast):
    proposal = make_proposal(State.SCREENING, title="ของเรา", cast=cast)
    stranger = make_manager()

    assert "ของเรา" in see(proposal.author, page_of(proposal))
    see(stranger, page_of(proposal), 404)
    see(stranger, f"{page_of(proposal)}/revisions/1", 404)


def test_staff_do_not_see_a_draft_before_it_is_submitted(see, cast):
    proposal = make_proposal(State.READY, cast=cast)
    see(cast.staff, page_of(proposal), 404)

    walk(proposal, State.SCREENING, cast)

    see(cast.staff, page_of(proposal))


def test_a_committee_member_reads_only_what_stands_on_their_agendas(see, cast):
    proposal = make_proposal(State.AGENDA_GROUP, cast=cast)
    outsider = make_account(COMMITTEE)

    see(cast.chair, page_of(proposal))
    see(outsider, page_of(proposal), 404)


@pytest.mark.parametrize("key", ["0", "99999999999999999999999999", "x"])
def test_an_address_that_names_nothing_is_not_found(see, cast, key):
    see(cast.staff, f"/proposals/{key}", 404)


# --- names -----------------------------------------------------------------------------------------------------------


def test_applicants_read_dates_and_results_and_never_who(see, cast):
    proposal = make_proposal(State.WAIT_SUB, cast=cast)

    for reader in (proposal.author, make_manager(proposal.organization)):
        page = see(reader, page_of(proposal))
        assert "ผู้ตรวจเอกสาร" not in page
        assert "ผ่าน <b>100</b>" in page
        assert "ข้อเสนอแนะ ข้อ 3" in page
        assert "เอกสารครบถ้วนตามประกาศ" in page


def test_a_level_in_hand_is_named_once_and_telephones_read_as_people_write_them(see, cast):
    proposal = make_proposal(State.SCREENING, cast=cast)

    page = see(proposal.author, page_of(proposal))

    heading = page.split('id="level-screening-h">')[1].split("</h3>")[0]
    assert heading.count("ตรวจเอกสาร") == 1
    assert "อยู่ในขั้นตอนตรวจสอบ" in heading
    assert "081-234-5678" in page
    assert "0812345678" not in page


def test_staff_read_who_did_what_and_the_committee_does_not(see, cast):
    proposal = make_proposal(State.AGENDA_SUB, cast=cast)

    assert "โดย นางสาวจิตรลดา ผู้ตรวจเอกสาร" in see(cast.staff, page_of(proposal))
    assert "ผู้ตรวจเอกสาร" not in see(cast.chair, page_of(proposal))


def test_no_citizen_id_stands_on_any_of_the_pages(see, cast, session):
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)
    ids = session.scalars(select(Account.id)).all()
    numbers = [a.profile.citizen_id for a in (session.get(Account, i) for i in ids) if a.profile]
    assert numbers

    for address in (page_of(proposal), f"{page_of(proposal)}/history", f"{page_of(proposal)}/revisions/1"):
        page = see(cast.staff, address).encode()
        for number in numbers:
            assert number.encode() not in page
            assert f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}".encode() not in page


# --- what stands there -----------------------------------------------------------------------------------------------


def test_a_returned_proposal_shows_its_advice_and_the_way_on(see, cast):
    proposal = make_proposal(State.RETURNED, cast=cast)

    page = see(proposal.author, page_of(proposal))

    assert "ส่งกลับแก้ไข" in page
    assert "เอกสารไม่ถูกต้องหรือไม่ครบถ้วน" in page
    assert f"/wizard/{proposal.id}/move/revise" in page


def test_moves_are_buttons_where_they_may_be_taken_and_reasons_where_not(see):
    organization = make_organization()
    manager = make_manager(organization)
    complete = make_proposal(author=manager)
    page = see(manager, page_of(complete))
    assert f"/wizard/{complete.id}/move/submit" in page

    content = complete_content()
    del content["2.2"]
    unfinished = make_proposal(author=manager, content=content)
    page = see(manager, page_of(unfinished))
    assert f"/wizard/{unfinished.id}/move/submit" not in page
    assert "ยังกรอกไม่ครบใน 2.2" in page


def test_revisions_stay_readable_with_their_own_results(see, cast):
    proposal = make_proposal(State.RETURNED, title="ชื่อเดิม", cast=cast)
    proposal.perform("revise", proposal.author, proposal.version)
    save_all(proposal, {"2.1": complete_content("ชื่อใหม่")["2.1"]}, proposal.author)
    see(cast.staff, f"{page_of(proposal)}/revisions/2", 404)
    assert "ชื่อใหม่" not in see(cast.staff, page_of(proposal))
    assert "ชื่อใหม่" in see(proposal.author, page_of(proposal))

    walk(proposal, State.SCREENING, cast)

    assert "ชื่อใหม่" in see(cast.staff, page_of(proposal))
    first = see(cast.staff, f"{page_of(proposal)}/revisions/1")
    assert "ชื่อเดิม" in first
    assert "กำลังอ่านฉบับแรก" in first
    assert "เอกสารไม่ถูกต้องหรือไม่ครบถ้วน" in first
    see(cast.staff, f"{page_of(proposal)}/revisions/3", 404)


def test_looking_at_somebody_elses_proposal_is_written_down_and_at_ones_own_is_not(see, cast, session):
    proposal = make_proposal(State.SCREENING, cast=cast)
    looks = select(AuditEntry.actor_id).where(AuditEntry.action == "fund_proposal.view")

    see(proposal.author, page_of(proposal))
    assert session.scalars(looks).all() == []

    see(cast.staff, page_of(proposal))
    assert session.scalars(looks).all() == [cast.staff.id]


# --- history ---------------------------------------------------------------------------------------------------------


def test_the_history_says_who_changed_what_from_what_to_what(see, cast, session):
    proposal = make_proposal(State.SCREENING, title="ก่อนส่ง", cast=cast)
    session.commit()
    audit.act_as(cast.staff.id)
    screen(proposal, cast.staff, Result.PASS)

    page = see(cast.staff, f"{page_of(proposal)}/history")

    assert "ผ่านการตรวจเอกสาร" in page
    assert "นางสาวจิตรลดา ผู้ตรวจเอกสาร" in page
    assert "ตรวจเอกสาร: อยู่ในขั้นตอนตรวจสอบ" in page
    assert "คณะทำงาน: รอบรรจุวาระ" in page
    assert '<th scope="col">เดิม</th><th scope="col">ใหม่</th>' in page  # Values, not days.


def test_the_history_is_for_the_fund_and_hides_a_revision_that_is_being_written(see, cast, session):
    proposal = make_proposal(State.RETURNED, cast=cast)
    session.commit()
    see(proposal.author, f"{page_of(proposal)}/history", 403)
    see(cast.chair, f"{page_of(proposal)}/history", 403)
    see(cast.staff, f"{page_of(make_proposal(cast=cast))}/history", 404)

    proposal.perform("revise", proposal.author, proposal.version)
    session.commit()
    save_all(proposal, {"2.1": complete_content("ความลับของผู้ยื่น")["2.1"]}, proposal.author)
    session.commit()
    assert "ความลับของผู้ยื่น" not in see(cast.staff, f"{page_of(proposal)}/history")

    walk(proposal, State.SCREENING, cast)
    assert "ความลับของผู้ยื่น" in see(cast.staff, f"{page_of(proposal)}/history")


@pytest.mark.parametrize("query", ["after=x", "before=1~2"])
def test_a_place_in_the_history_that_cannot_be_meant_answers_400(see, cast, query):
    proposal = make_proposal(State.SCREENING, cast=cast)

    see(cast.staff, f"{page_of(proposal)}/history?{query}", 400)


# --- not considered --------------------------------------------------------------------------------------------------


def test_staff_close_a_proposal_for_a_reason_that_its_applicants_read(see, post, cast, session):
    proposal = make_proposal(State.SCREENING, cast=cast)
    assert "close-one" in see(cast.staff, page_of(proposal))

    answer = post(cast.staff, f"{page_of(proposal)}/not-consider", version=proposal.version, reason="อยู่นอกภารกิจ")

    assert answer.status_code == 302
    session.refresh(proposal)
    assert proposal.state == State.NOT_CONSIDERED
    page = see(proposal.author, page_of(proposal))
    assert "อยู่นอกภารกิจ" in page
    assert "ผู้ตรวจเอกสาร" not in page


def test_closing_asks_for_a_reason_and_keeps_one_that_is_too_long(post, cast, session):
    proposal = make_proposal(State.SCREENING, cast=cast)

    empty = post(cast.staff, f"{page_of(proposal)}/not-consider", version=proposal.version, reason="  ")
    long = post(cast.staff, f"{page_of(proposal)}/not-consider", version=proposal.version, reason="ยาว" * 400)

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "ยาว" * 400 in long.text
    session.refresh(proposal)
    assert proposal.state == State.SCREENING


def test_closing_a_proposal_that_changed_meanwhile_is_told_and_keeps_the_reason(post, cast, session):
    proposal = make_proposal(State.SCREENING, cast=cast)

    answer = post(cast.staff, f"{page_of(proposal)}/not-consider", version=proposal.version - 1, reason="อยู่นอกภารกิจ")

    assert answer.status_code == 409
    assert "อยู่นอกภารกิจ" in answer.text
    session.refresh(proposal)
    assert proposal.state == State.SCREENING


@pytest.mark.parametrize("kind", [COMMITTEE, SUPER_USER])
def test_nobody_but_staff_closes_a_proposal(post, see, cast, kind, session):
    proposal = make_proposal(State.SCREENING, cast=cast)

    for account in (make_account(kind), proposal.author):
        answer = post(account, f"{page_of(proposal)}/not-consider", version=proposal.version, reason="x")
        assert answer.status_code in (403, 404)
    session.refresh(proposal)
    assert proposal.state == State.SCREENING


def test_a_super_user_reads_and_is_offered_nothing_to_do(see, cast):
    proposal = make_proposal(State.SCREENING, cast=cast)

    page = see(make_account(SUPER_USER), page_of(proposal))

    assert "close-one" not in page
    assert f"/screening/{proposal.id}" not in page


# --- comparing -------------------------------------------------------------------------------------------------------


def test_two_revisions_are_compared_field_by_field_and_a_draft_only_by_its_applicants(see, cast):
    proposal = make_proposal(State.RETURNED, title="ชื่อเดิม", cast=cast)
    see(proposal.author, f"{page_of(proposal)}/compare", 404)
    proposal.perform("revise", proposal.author, proposal.version)
    assert "ไม่มีส่วนที่ต่างกัน" in see(proposal.author, f"{page_of(proposal)}/compare")
    save_all(proposal, {"2.1": complete_content("ชื่อใหม่")["2.1"]}, proposal.author)
    see(cast.staff, f"{page_of(proposal)}/compare", 404)

    walk(proposal, State.SCREENING, cast)
    page = see(cast.staff, f"{page_of(proposal)}/compare?old=1&new=2")

    assert "ชื่อ<del" in page
    assert "</span>เดิม<span" in page
    assert "</span>ใหม่<span" in page
    assert "ฝ่ายพัฒนาสื่อ" not in page
    assert "ฝ่ายพัฒนาสื่อ" in see(cast.staff, f"{page_of(proposal)}/compare?all=1")
    see(cast.staff, f"{page_of(proposal)}/compare?old=1&new=3", 404)
    see(cast.staff, f"{page_of(proposal)}/compare?old=x", 400)
    see(make_manager(), f"{page_of(proposal)}/compare", 404)
