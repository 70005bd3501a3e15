"""Why somebody may or may not: the chain that is told is the one that decides."""

from __future__ import annotations

import pytest

from models.core import audit, why
from models.core.clock import later
from models.core.grants import Grant, grant
from models.core.identity import Account
from models.core.matrix import set_cells
from models.fund.codes import State
from models.fund.membership import membership_of
from models.fund.proposal import Proposal
from models.fund.session import SteppingOut
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_organization, make_proposal, put_on


@pytest.fixture
def chief(session):
    account = make_account("super_user", first_name="กมลวรรณ", last_name="เรืองศรี")
    session.commit()
    return account


@pytest.fixture
def ask(client, session, chief, sign_in):
    browser = sign_in(client, chief)

    def do(account, **given):
        session.commit()
        answer = browser.get("/permissions/why/", query_string={"person": account.id, **given})
        assert answer.status_code == 200
        return answer.text.partition('<form class="s-card s-form"')[0]

    return do


MAY, MAY_NOT = ">ทำได้</span>", ">ทำไม่ได้</span>"


def test_a_permission_is_explained_by_the_kind_that_holds_it_and_who_gave_it(ask, chief):
    clerk = make_account()
    grant(clerk.id, "staff", by=chief.id)

    page = ask(clerk, permission="proposal.decide")

    assert MAY in page
    assert "เจ้าหน้าที่กองทุนฯ: ได้รับเมื่อ" in page
    assert "โดย นางสาวกมลวรรณ เรืองศรี" in page


def test_a_permission_that_no_kind_of_theirs_holds_is_told_with_the_kinds_that_do(ask):
    page = ask(make_account("committee"), permission="proposal.decide")

    assert MAY_NOT in page
    assert "ประเภทผู้ใช้ที่มีสิทธิ์นี้: เจ้าหน้าที่กองทุนฯ" in page
    assert "บัญชีนี้ไม่เป็นผู้ใช้ประเภทใดในนั้น" in page


def test_the_answer_follows_the_matrix_as_it_is_now(ask):
    clerk = make_account("staff")
    assert MAY in ask(clerk, permission="proposal.decide")

    set_cells({("proposal.decide", "staff"): False})

    assert MAY_NOT in ask(clerk, permission="proposal.decide")


def test_a_closed_or_unconfirmed_account_may_nothing(ask):
    closed, fresh = make_account("staff"), make_account("staff")
    closed.active, fresh.confirmed_at = False, None

    assert MAY_NOT in (page := ask(closed, permission="proposal.decide"))
    assert "บัญชีปิดการใช้งาน" in page
    assert MAY_NOT in (page := ask(fresh, permission="proposal.decide"))
    assert "ยังไม่ได้ยืนยันอีเมล" in page


def test_grants_that_ended_and_those_of_a_membership_are_told_apart(ask, session):
    manager = make_manager(make_organization("มูลนิธิแสงเทียน"))
    session.add(Grant(user_id=manager.id, kind="staff", begins_at=later(days=-9), ends_at=later(days=-1)))

    page = ask(manager, permission="proposal.submit")

    assert MAY in page
    assert "มาจากการเป็นสมาชิกของ มูลนิธิแสงเทียน" in page
    assert "เจ้าหน้าที่กองทุนฯ: สิ้นสุด" in page
    assert {origin.state for origin in why.origins_of(manager)} == {why.NOW, why.ENDED}


def test_a_page_is_asked_by_its_name_or_by_a_pasted_address(ask):
    clerk = make_account("staff")

    assert MAY in ask(clerk, page="ScreeningView.list")
    assert MAY_NOT in ask(clerk, address="http://localhost/permissions/")
    assert MAY in ask(clerk, address="/screening/")
    for wrong in (
        "/nowhere",
        "https://elsewhere.example/proposals/",
        "http://[",
        "//",
        "/proposals/99999999999999999999",
    ):
        page = ask(clerk, address=wrong)
        assert MAY not in page, wrong


def test_a_record_is_in_reach_by_this_grant_and_out_of_reach_without(ask, session):
    cast = Cast()
    proposal = make_proposal(State.SCREENING, cast=cast)
    stranger = make_manager(make_organization("องค์กรอื่น"))

    page = ask(cast.staff, permission="proposal.view", record=proposal.number)
    assert MAY in page
    assert "ในฐานะ: เจ้าหน้าที่กองทุนฯ" in page
    assert proposal.title in page

    page = ask(stranger, address=f"/proposals/{proposal.id}")
    assert MAY_NOT in page
    assert "เรื่องอยู่นอกขอบเขต" in page


def test_who_stepped_out_is_told_out_of_reach_by_the_rule_itself(ask, session):
    cast = Cast()
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)
    meeting = put_on(proposal, cast)
    assert MAY in ask(cast.secretary, permission="proposal.view", record=proposal.number)

    session.add(SteppingOut(item=meeting.items[0], user_id=cast.secretary.id, reason="declared"))

    assert MAY_NOT in ask(cast.secretary, permission="proposal.view", record=proposal.number)


def test_moves_are_answered_as_the_record_answers_them(ask):
    cast = Cast()
    proposal = make_proposal(State.SCREENING, cast=cast)

    page = ask(cast.staff, permission="proposal.decide", record=proposal.number)

    assert "ไม่มีสิทธิ์ “ส่งโครงการเพื่อขอรับการสนับสนุน” กับเรื่องนี้" in page
    assert "เรื่องอยู่ในขั้นตอนที่ไม่ได้ทำรายการนี้" in page
    assert why.refusals(proposal, cast.staff)["not_consider"] == proposal.refusal("not_consider", cast.staff)


def test_a_draft_that_the_asker_does_not_see_gives_away_nothing_of_itself(ask, session):
    draft = make_proposal(State.DRAFT, title="ความลับของผู้เขียน")
    author = session.get(Account, draft.author_id)

    for person in (author, make_account("staff")):
        page = ask(person, address=f"/proposals/{draft.id}")
        assert "ความลับ" not in page
        assert "เรื่องที่คุณไม่มีสิทธิ์เห็น" in page
    absent = ask(make_account("staff"), address="/proposals/987654")
    hidden = ask(make_account("staff"), address=f"/proposals/{draft.id}")
    # Whether there is such a draft at all is not to be learned either.
    assert absent.partition("s-chain")[2].count("<li") == hidden.partition("s-chain")[2].count("<li")


def test_each_question_is_in_the_log(ask, session):
    clerk = make_account("staff")

    ask(clerk, permission="proposal.decide")

    entry = audit.history_of(clerk)[0]
    assert entry.action == "permission.why"
    # The code, so that it reads in either language.
    assert entry.payload["notes"][0]["permission"] == "proposal.decide"


def test_people_are_found_by_name_and_by_e_mail(ask, client, session):
    clerk = make_account("staff", first_name="ณัฐวุฒิ", last_name="ใจงาม", email="nat@sala.example")
    ask(clerk)

    for typed in ("ณัฐวุฒิ", "nat@sala", "ใจงาม ณัฐ"):
        assert [row["value"] for row in client.get(f"/permissions/why/people?q={typed}").json["results"]] == [clerk.id]
    assert client.get("/permissions/why/?person=999999").status_code == 404
    assert client.get("/permissions/why/?person=abc").status_code == 404


def test_one_grant_alone_reaches_what_the_rule_gives_to_it(session):
    organization = make_organization("มูลนิธิแสงเทียน")
    manager = make_manager(organization)
    own = make_proposal(State.SCREENING, author=manager, organization=organization)
    grant(manager.id, "staff")
    manager.forget_grants()
    assert membership_of(manager) is not None

    reach = why.reach_of(Proposal, own.id, manager, "proposal.view")

    assert {held.kind for held in reach.by} == {"project_manager", "organization_manager", "staff"}
    assert why.reach_of(Proposal, own.id, make_account("committee"), "proposal.view") == why.Reach(False)
