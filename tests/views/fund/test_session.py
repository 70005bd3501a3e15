"""Evaluation sessions on screen: the list, the three steps, who sees what, and two people at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from models.core.audit import AuditEntry
from models.core.db import db, now
from models.core.outbox import Message, Notification
from models.core.thai.dates import format_date
from models.fund.codes import BOARD, GROUP, SUB, State
from models.fund.conflicts import declare
from models.fund.proposal import Proposal
from models.fund.session import AgendaItem, CommitteeAffiliation, EvaluationSession, ItemState, MemberRole
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_organization, make_proposal, make_session, put_on


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and one more member."""
    return Cast(members=[make_account("committee")])


def typed(cast: Cast, **changed: Any) -> dict[str, Any]:
    """Step 1 as a browser posts it."""
    day = format_date((now() + timedelta(days=10)).date(), "field")
    given = {"name": "คณะทำงาน ครั้งที่ 7/2569", "level": GROUP, "day": day, "starts": "09.30", "ends": "12.00"}
    return {**given, "place": "ห้องประชุม 2", "link": "", "chair_id": cast.chair.id, "once": "a-form", **changed}


def waiting(cast: Cast, state: str = State.WAIT_GROUP, **given: Any) -> Proposal:
    """A proposal in that state."""
    return make_proposal(state, cast=cast, **given)


def words_of(page: str) -> str:
    """What a page says, without its tags: terms are kept unbroken by some of them."""
    return re.sub(r"<[^>]+>", "", page)


def fresh(record: Any) -> Any:
    """The record as the database has it now."""
    db.session.expire_all()
    return record


# --- the list --------------------------------------------------------------------------------------------------------


def test_staff_see_every_session_and_a_member_only_their_own(client, new_client, sign_in, session, cast):
    mine = make_session(cast=cast, name="คณะทำงาน ครั้งที่ 1/2569")
    make_session(cast=Cast(staff=cast.staff), name="คณะทำงาน ครั้งที่ 2/2569")

    for_staff = sign_in(client, cast.staff).get("/sessions/").text
    for_member = sign_in(new_client(), cast.members[0]).get("/sessions/").text

    assert "ครั้งที่ 1/2569" in for_staff
    assert "ครั้งที่ 2/2569" in for_staff
    assert "ครั้งที่ 1/2569" in for_member
    assert "ครั้งที่ 2/2569" not in for_member
    assert f"/sessions/{mine.id}/edit" in for_staff
    assert f"/sessions/{mine.id}/edit" not in for_member


def test_the_list_is_narrowed_by_name_type_days_and_tab(client, sign_in, session, cast):
    make_session(GROUP, cast=cast, name="คณะทำงาน ครั้งที่ 1/2569")
    make_session(SUB, cast=cast, name="คณะอนุกรรมการ ครั้งที่ 2/2569", starts_at=now() - timedelta(days=2))
    staff = sign_in(client, cast.staff)

    by_name = staff.get("/sessions/?q=ครั้งที่ ๑").text
    by_level = staff.get("/sessions/?level=sub").text
    by_tab = staff.get("/sessions/?tab=upcoming").text
    coming_first = staff.get("/sessions/").text
    by_days = staff.get(f"/sessions/?until={format_date(now().date(), 'field')}").text

    assert "1/2569" in by_name
    assert "2/2569" not in by_name
    assert "2/2569" in by_level
    assert "1/2569" not in by_level
    assert "1/2569" in by_tab
    assert "2/2569" not in by_tab
    assert "1/2569" in coming_first
    assert "2/2569" not in coming_first
    assert "ครั้งที่ 2/2569" in by_days
    assert "ครั้งที่ 1/2569" not in by_days


def test_pages_of_the_list_neither_repeat_nor_leave_out(client, sign_in, session, cast):
    names = [f"ประชุมที่ {n:02d}" for n in range(60)]
    for n, name in enumerate(names):
        make_session(cast=cast, name=name, starts_at=now() + timedelta(days=n // 3))
    staff = sign_in(client, cast.staff)

    seen, url = [], "/sessions/?tab=all"
    while url:
        page = staff.get(url).text
        seen.append([name for name in names if f">{name}<" in page])
        url = _link(page, "next")
        last = page
    back = staff.get(_link(last, "prev")).text

    assert sorted(name for page in seen for name in page) == names
    assert [name for name in names if f">{name}<" in back] == seen[-2]


def _link(page: str, rel: str) -> str:
    import html
    import re

    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    "query", ["after=x-y", "before=99999999999999999999-1", "since=99/99/9999", "until=abcd", "tab=zzz", "level=9"]
)
def test_a_query_that_cannot_be_meant_shows_the_list(client, sign_in, session, cast, query):
    make_session(cast=cast, name="คณะทำงาน ครั้งที่ 1/2569")

    answer = sign_in(client, cast.staff).get(f"/sessions/?{query}")

    assert answer.status_code == 200
    assert "1/2569" in answer.text


def test_an_applicant_finds_no_sessions(client, sign_in, session, cast):
    found = make_session(cast=cast)
    applicant = sign_in(client, make_manager())

    assert applicant.get("/sessions/").status_code == 403
    assert applicant.get(f"/sessions/{found.id}").status_code in (403, 404)


def test_the_list_is_exported_as_it_is_filtered_and_scoped(client, new_client, sign_in, session, cast):
    make_session(cast=cast, name="คณะทำงาน ครั้งที่ 1/2569")
    make_session(cast=Cast(staff=cast.staff), name="=SUM(1) ครั้งที่ 2/2569")

    for_staff = sign_in(client, cast.staff).get("/sessions/export.csv").data.decode("utf-8-sig")
    filtered = client.get("/sessions/export.csv?q=1/2569").data.decode("utf-8-sig")
    for_member = sign_in(new_client(), cast.members[0]).get("/sessions/export.csv").data.decode("utf-8-sig")

    assert "1/2569" in for_staff
    assert "'=SUM(1) ครั้งที่ 2/2569" in for_staff
    assert "2/2569" not in filtered
    assert "1/2569" in for_member
    assert "2/2569" not in for_member
    assert client.get("/sessions/export.xlsx").data[:2] == b"PK"
    assert client.get("/sessions/export.pdf").status_code == 404


# --- step 1 ----------------------------------------------------------------------------------------------------------


def test_staff_make_a_session_and_a_form_sent_twice_makes_one(client, sign_in, session, cast):
    staff = sign_in(client, cast.staff)

    first = staff.post("/sessions/new", data=typed(cast))
    staff.post("/sessions/new", data=typed(cast))

    made = session.query(EvaluationSession).filter_by(name="คณะทำงาน ครั้งที่ 7/2569").all()
    assert len(made) == 1
    assert first.headers["Location"].endswith(f"/sessions/{made[0].id}/people")
    assert made[0].chair.id == cast.chair.id
    assert (made[0].ends_at - made[0].starts_at) == timedelta(hours=2, minutes=30)


def test_a_member_cannot_make_a_session(client, sign_in, session, cast):
    member = sign_in(client, cast.members[0])

    assert member.get("/sessions/new").status_code == 403
    assert member.post("/sessions/new", data=typed(cast)).status_code == 403


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "กรอกชื่อการพิจารณา"),
        ({"starts": "25.00"}, "ไม่มีเวลานี้"),
        ({"starts": "เช้า"}, "ไม่ใช่เวลา"),
        ({"ends": "09.00"}, "เวลาเลิกต้องอยู่หลังเวลาเริ่ม"),
        ({"link": "meet"}, "ไม่ใช่ลิงก์"),
        ({"level": ""}, "เลือกประเภทการพิจารณา"),
        ({"chair_id": ""}, "เลือกประธานการพิจารณา"),
    ],
)
def test_what_is_wrong_in_step_1_is_said_and_what_was_typed_stays(client, sign_in, session, cast, changed, said):
    answer = sign_in(client, cast.staff).post("/sessions/new", data=typed(cast, place="อาคารราชวัลลภ", **changed))

    assert answer.status_code == 422
    assert said in answer.text
    assert "อาคารราชวัลลภ" in answer.text
    assert session.query(EvaluationSession).count() == 0


def test_step_1_says_beforehand_that_a_chair_is_required(client, sign_in, session, cast):
    page = sign_in(client, cast.staff).get("/sessions/new").text

    assert re.search(r'for="chair_id">ประธานการพิจารณา <span class="s-need">จำเป็น', page)


def test_the_type_stays_while_proposals_are_on_the_agenda(client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)
    staff = sign_in(client, cast.staff)

    answer = staff.post(f"/sessions/{found.id}/edit", data=typed(cast, level=SUB, version=found.version))

    assert answer.status_code == 422
    assert fresh(found).level == GROUP


def test_the_second_of_two_editors_is_shown_both_and_loses_nothing(client, new_client, sign_in, session, cast):
    found = make_session(cast=cast, name="คณะทำงาน ครั้งที่ 7/2569")
    version = found.version
    colleague = make_account("staff", first_name="กมลวรรณ", last_name="เรืองศรี")
    one, other = sign_in(client, cast.staff), sign_in(new_client(), colleague)
    session.commit()

    other.post(f"/sessions/{found.id}/edit", data=typed(cast, version=version, place="ห้องประชุม 5"))
    answer = one.post(f"/sessions/{found.id}/edit", data=typed(cast, version=version, place="ห้องประชุม 9"))

    assert answer.status_code == 409
    assert "กมลวรรณ เรืองศรี" in answer.text
    assert 'value="ห้องประชุม 5"' in answer.text
    assert 'value="ห้องประชุม 9"' in answer.text
    assert fresh(found).place == "ห้องประชุม 5"

    one.post(f"/sessions/{found.id}/edit", data=typed(cast, version=found.version, place="ห้องประชุม 9"))
    assert fresh(found).place == "ห้องประชุม 9"


# --- step 2 ----------------------------------------------------------------------------------------------------------


def test_nobody_sits_twice(client, sign_in, session, cast):
    found = make_session(cast=cast)
    staff = sign_in(client, cast.staff)
    data = {"version": found.version, "secretary_ids": cast.secretary.id, "member_ids": cast.secretary.id}

    refused = staff.post(f"/sessions/{found.id}/people", data=data)
    taken = staff.post(f"/sessions/{found.id}/people", data={**data, "member_ids": cast.members[0].id})

    assert refused.status_code == 422
    assert taken.status_code == 302
    assert {m.user_id: m.role for m in fresh(found).members} == {
        cast.chair.id: MemberRole.CHAIR,
        cast.secretary.id: MemberRole.SECRETARY,
        cast.members[0].id: MemberRole.MEMBER,
    }


@pytest.mark.parametrize("nonsense", ["abc", "-1", "9" * 40, "1,abc,٣", "0"])
def test_people_that_nobody_is_are_not_seated(client, sign_in, session, cast, nonsense):
    found = make_session(cast=cast)
    before = {member.user_id for member in found.members}
    data = {"version": found.version, "secretary_ids": cast.secretary.id, "member_ids": nonsense}

    answer = sign_in(client, cast.staff).post(f"/sessions/{found.id}/people", data=data)

    assert answer.status_code in (302, 422)
    assert {member.user_id for member in fresh(found).members} <= before


def test_staff_may_be_a_secretary_and_never_a_member(client, sign_in, session, cast):
    found = make_session(cast=cast)
    staff = sign_in(client, cast.staff)

    as_member = staff.post(f"/sessions/{found.id}/people", data={"version": found.version, "member_ids": cast.staff.id})
    as_secretary = staff.post(
        f"/sessions/{found.id}/people", data={"version": found.version, "secretary_ids": cast.staff.id}
    )

    assert as_member.status_code == 422
    assert as_secretary.status_code == 302
    assert [user.id for user in fresh(found).secretaries] == [cast.staff.id]


def test_the_picker_offers_the_lists_by_role(client, sign_in, session, cast):
    found = make_session(cast=cast)
    outsider = make_manager()
    staff = sign_in(client, cast.staff)

    def offered(role: str, q: str = "") -> dict[int, Any]:
        answer = staff.get("/sessions/find-people", query_string={"role": role, "q": q, "session": found.id})
        return {row["value"]: row for row in answer.json["results"]}

    members, secretaries = offered("member"), offered("secretary")
    assert cast.members[0].id in members
    assert cast.staff.id not in members
    assert cast.staff.id in secretaries
    assert outsider.id not in {*members, *secretaries}
    assert members[cast.chair.id]["disabled"]
    assert not members[cast.members[0].id]["disabled"]
    assert offered("member", "ไม่มีใครชื่อนี้แน่") == {}
    assert sign_in(client, cast.members[0]).get("/sessions/find-people").status_code == 403


def test_a_conflict_of_interest_is_found_and_shown(client, sign_in, session, cast):
    organization = make_organization("โรงเรียนวัดป่าสักอนุสรณ์")
    db.session.add(CommitteeAffiliation(user=cast.members[0], organization=organization))
    found = put_on(waiting(cast, organization=organization), cast)

    page = sign_in(client, cast.staff).get(f"/sessions/{found.id}/people").text

    assert "พบส่วนได้เสีย 1 คน" in page
    assert cast.members[0].full_name in page


def test_lists_of_people_changed_by_two_are_shown_side_by_side(client, new_client, sign_in, session, cast):
    found = make_session(cast=cast)
    more = [make_account("committee"), make_account("committee")]
    version = found.version
    one, other = sign_in(client, cast.staff), sign_in(new_client(), make_account("staff"))

    other.post(f"/sessions/{found.id}/people", data={"version": version, "member_ids": more[0].id})
    answer = one.post(f"/sessions/{found.id}/people", data={"version": version, "member_ids": more[1].id})

    assert answer.status_code == 409
    assert more[0].full_name in answer.text
    assert more[1].full_name in answer.text
    assert [user.id for user in fresh(found).people(MemberRole.MEMBER)] == [more[0].id]


def test_the_members_of_the_session_before_are_added_with_one_press(client, sign_in, session, cast):
    make_session(cast=cast, starts_at=now() - timedelta(days=20))
    found = make_session(cast=Cast(staff=cast.staff, chair=cast.chair, secretary=cast.secretary))
    staff = sign_in(client, cast.staff)

    assert "เพิ่มอีก 1 คน" in staff.get(f"/sessions/{found.id}/people").text
    staff.post(f"/sessions/{found.id}/people/again", data={"version": found.version})

    assert [user.id for user in fresh(found).people(MemberRole.MEMBER)] == [cast.members[0].id]


def test_those_of_the_session_before_sit_in_the_roles_they_had(client, sign_in, session, cast):
    make_session(cast=cast, starts_at=now() - timedelta(days=20))
    cast.members[0].active = False
    found = make_session(by=cast.staff, chair_id=None, secretary_ids=[], member_ids=[])
    staff = sign_in(client, cast.staff)

    assert "เพิ่มอีก 2 คน" in staff.get(f"/sessions/{found.id}/people").text
    staff.post(f"/sessions/{found.id}/people/again", data={"version": found.version})

    again = fresh(found)
    assert again.chair.id == cast.chair.id
    assert [user.id for user in again.people(MemberRole.SECRETARY)] == [cast.secretary.id]
    assert again.people(MemberRole.MEMBER) == []
    assert "/people/again" not in staff.get(f"/sessions/{found.id}/people").text


# --- the agenda ------------------------------------------------------------------------------------------------------


def test_only_proposals_waiting_at_exactly_this_level_are_offered(client, sign_in, session, cast):
    here = waiting(cast, State.WAIT_GROUP)
    others = [waiting(cast, state) for state in (State.SCREENING, State.WAIT_SUB, State.AGENDA_GROUP)]
    found = make_session(GROUP, cast=cast)
    staff = sign_in(client, cast.staff)

    page = staff.get(f"/sessions/{found.id}/agenda").text
    for proposal in others:
        staff.post(f"/sessions/{found.id}/agenda/add", data={"proposal_id": proposal.id, "version": proposal.version})

    assert here.number in page
    assert all(proposal.number not in page for proposal in others)
    assert fresh(found).agenda == []


def test_the_longest_waiting_stands_first(client, sign_in, session, cast):
    older, newer = waiting(cast), waiting(cast)
    older.submitted_at = now() - timedelta(days=9)
    found = make_session(cast=cast)
    session.commit()

    page = sign_in(client, cast.staff).get(f"/sessions/{found.id}/agenda").text

    assert page.index(older.number) < page.index(newer.number)


def test_pressing_twice_puts_a_proposal_on_once_and_it_can_be_taken_off(client, sign_in, session, cast):
    proposal, found = waiting(cast), make_session(cast=cast)
    staff = sign_in(client, cast.staff)
    data = {"proposal_id": proposal.id, "version": proposal.version}

    staff.post(f"/sessions/{found.id}/agenda/add", data=data)
    staff.post(f"/sessions/{found.id}/agenda/add", data=data)
    assert [item.proposal_id for item in fresh(found).agenda] == [proposal.id]
    assert proposal.state == State.AGENDA_GROUP

    staff.post(f"/sessions/{found.id}/agenda/remove", data={"proposal_id": proposal.id, "version": proposal.version})
    assert fresh(found).agenda == []
    assert proposal.state == State.WAIT_GROUP


def test_of_two_staff_who_put_it_on_different_agendas_one_wins_and_the_other_is_told(
    client, new_client, sign_in, session, cast
):
    proposal = waiting(cast)
    one, other = make_session(cast=cast), make_session(cast=cast)
    data = {"proposal_id": proposal.id, "version": proposal.version}
    first, second = sign_in(client, cast.staff), sign_in(new_client(), make_account("staff"))

    first.post(f"/sessions/{one.id}/agenda/add", data=data)
    told = second.post(f"/sessions/{other.id}/agenda/add", data=data, follow_redirects=True)

    assert [item.session_id for item in session.query(AgendaItem).filter_by(state=ItemState.ON)] == [one.id]
    assert proposal.number in told.text


def test_the_order_is_saved_with_its_version_and_a_stale_one_is_refused(client, new_client, sign_in, session, cast):
    found = make_session(cast=cast)
    for _n in range(3):
        put_on(waiting(cast), cast, found)
    ids = [item.id for item in found.agenda]
    version = found.version
    one, other = sign_in(client, cast.staff), sign_in(new_client(), make_account("staff"))

    saved = one.post(f"/sessions/{found.id}/agenda/order", data={"order": ids[::-1], "version": version})
    stale = other.post(f"/sessions/{found.id}/agenda/order", data={"order": ids, "version": version})

    assert saved.json["version"] == version + 1
    assert stale.status_code == 409
    assert [item.id for item in sorted(fresh(found).agenda, key=lambda i: i.position)] == ids[::-1]

    insisted = other.post(f"/sessions/{found.id}/agenda/order", data={"order": ids, "version": stale.json["version"]})
    assert insisted.status_code == 200
    assert [item.id for item in sorted(fresh(found).agenda, key=lambda i: i.position)] == ids


def test_a_member_changes_no_agenda(client, sign_in, session, cast):
    proposal, found = waiting(cast), make_session(cast=cast)
    member = sign_in(client, cast.members[0])
    data = {"proposal_id": proposal.id, "version": proposal.version}

    assert member.get(f"/sessions/{found.id}/agenda").status_code == 403
    assert member.post(f"/sessions/{found.id}/agenda/add", data=data).status_code == 403
    assert member.post(f"/sessions/{found.id}/agenda/order", data={"version": found.version}).status_code == 403
    assert fresh(found).agenda == []


# --- a session's page ------------------------------------------------------------------------------------------------


def test_another_committee_member_does_not_find_the_session(client, new_client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)

    assert sign_in(client, cast.members[0]).get(f"/sessions/{found.id}").status_code == 200
    assert sign_in(new_client(), make_account("committee")).get(f"/sessions/{found.id}").status_code == 404
    assert sign_in(new_client(), make_account("committee")).get(f"/sessions/{found.id}/session.ics").status_code == 404


def test_who_steps_out_sees_the_place_of_the_item_and_nothing_else(client, new_client, sign_in, session, cast):
    found = make_session(cast=cast)
    secret, plain = waiting(cast, title="โครงการที่มีส่วนได้เสีย"), waiting(cast, title="โครงการอื่น")
    put_on(secret, cast, found)
    put_on(plain, cast, found)
    declare(found.agenda[0], cast.members[0], cast.members[0])

    leaver = words_of(sign_in(client, cast.members[0]).get(f"/sessions/{found.id}").text)
    other = words_of(sign_in(new_client(), cast.chair).get(f"/sessions/{found.id}").text)

    assert "คุณออกจากที่ประชุมในวาระนี้" in leaver
    assert "โครงการอื่น" in leaver
    for hidden in ("โครงการที่มีส่วนได้เสีย", secret.number, secret.organization.name):
        assert hidden not in leaver
        assert hidden in other
    assert "486,500.00" in leaver  # the total of what they may know
    assert "973,000.00" in other
    assert "973,000.00" not in leaver


def test_a_member_declares_for_themselves_only_and_staff_for_anybody(client, new_client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)
    item = found.agenda[0]
    member, staff = sign_in(client, cast.members[0]), sign_in(new_client(), cast.staff)

    of_another = member.post(f"/sessions/{found.id}/step-out", data={"item_id": item.id, "user_id": cast.chair.id})
    member.post(
        f"/sessions/{found.id}/step-out", data={"item_id": item.id, "user_id": cast.members[0].id, "note": "ญาติ"}
    )
    staff.post(f"/sessions/{found.id}/step-out", data={"item_id": item.id, "user_id": cast.secretary.id})

    assert of_another.status_code == 422
    leavers = {row.user_id: row.note for row in fresh(item).stepping_out}
    assert leavers == {cast.members[0].id: "ญาติ", cast.secretary.id: ""}


def test_only_staff_take_a_stepping_out_back(client, new_client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)
    item = found.agenda[0]
    declare(item, cast.members[0], cast.staff)
    data = {"item_id": item.id, "user_id": cast.members[0].id, "note": "เลือกวาระผิด"}
    staff = sign_in(new_client(), cast.staff)

    assert sign_in(client, cast.members[0]).post(f"/sessions/{found.id}/step-in", data=data).status_code == 403
    assert staff.post(f"/sessions/{found.id}/step-in", data={**data, "note": " "}).status_code == 422
    assert len(fresh(item).stepping_out) == 1
    staff.post(f"/sessions/{found.id}/step-in", data=data)
    assert fresh(item).stepping_out == []


def test_a_session_closes_when_all_is_decided_and_opens_again(client, sign_in, session, cast):
    proposal = waiting(cast, State.AGENDA_BOARD)
    found = proposal.open_item.session
    staff = sign_in(client, cast.staff)

    staff.post(f"/sessions/{found.id}/close", data={"version": found.version})
    assert fresh(found).state == "open"

    proposal.perform("approve", cast.staff, proposal.version)
    session.commit()
    staff.post(f"/sessions/{found.id}/close", data={"version": found.version})
    assert fresh(found).state == "closed"
    staff.post(f"/sessions/{found.id}/reopen", data={"version": found.version})
    assert fresh(found).state == "open"


def test_an_empty_session_is_deleted_and_one_with_items_is_not(client, sign_in, session, cast):
    empty, full = make_session(cast=cast), put_on(waiting(cast), cast)
    staff = sign_in(client, cast.staff)

    for found in (empty, full):
        staff.post(f"/sessions/{found.id}/delete", data={"version": found.version})

    assert fresh(empty).is_deleted
    assert not fresh(full).is_deleted
    assert staff.get(f"/sessions/{empty.id}").status_code == 404


def test_invitations_reach_everybody_who_sits_and_carry_the_meeting(client, new_client, sign_in, session, cast):
    found = make_session(cast=cast, name="คณะทำงาน ครั้งที่ 7/2569")
    staff = sign_in(client, cast.staff)

    staff.post(f"/sessions/{found.id}/invite", data={"version": found.version})

    told = session.query(Notification).filter_by(event="session_invitation").all()
    assert {line.user_id for line in told} == {cast.chair.id, cast.secretary.id, cast.members[0].id}
    mail = session.query(Message).filter_by(event="session_invitation").first()
    from jobs.letters import render

    written = render(mail)
    assert "คณะทำงาน ครั้งที่ 7/2569" in written.subject
    assert f"/sessions/{found.id}" in written.text
    file = sign_in(new_client(), cast.members[0]).get(f"/sessions/{found.id}/session.ics").text
    assert "BEGIN:VEVENT" in file
    assert "SEQUENCE:1" in file


def test_reading_writes_nothing(client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)
    staff = sign_in(client, cast.staff)
    session.commit()
    before = session.query(AuditEntry).count()

    for path in ("", f"{found.id}", f"{found.id}/edit", f"{found.id}/people", f"{found.id}/agenda"):
        assert staff.get(f"/sessions/{path}").status_code == 200

    assert session.query(AuditEntry).count() == before


# --- bounded queries, the main page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/people", "/agenda"])
def test_a_page_asks_as_much_for_one_item_as_for_many(client, sign_in, session, cast, count_queries, path):
    at = now() + timedelta(days=3)
    small, large = make_session(cast=cast, starts_at=at), make_session(cast=cast, starts_at=at)
    put_on(waiting(cast), cast, small)
    for _n in range(5):
        put_on(waiting(cast), cast, large)
    declare(large.agenda[0], cast.chair, cast.staff)
    declare(small.agenda[0], cast.chair, cast.staff)
    staff = sign_in(client, cast.staff)
    session.commit()
    counts = []

    for found in (small, large):
        db.session.remove()
        count_queries.clear()
        assert staff.get(f"/sessions/{found.id}{path}").status_code == 200
        counts.append(len(count_queries))

    assert counts[0] == counts[1] <= 20


def test_the_main_page_says_what_waits_with_one_query_each(client, new_client, sign_in, session, cast):
    held = make_session(BOARD, cast=cast, starts_at=now() - timedelta(days=1))
    put_on(waiting(cast, State.WAIT_BOARD), cast, held)
    waiting(cast)
    make_session(cast=cast, name="คณะทำงาน ครั้งที่ 9/2569", starts_at=now() + timedelta(hours=1))

    staff = sign_in(client, cast.staff).get("/").text
    secretary = sign_in(new_client(), cast.secretary).get("/").text
    member = sign_in(new_client(), cast.members[0]).get("/").text

    assert "โครงการรอบรรจุวาระ" in staff
    assert "วาระที่ประชุมแล้ว รอบันทึกผล" in staff
    assert "ครั้งที่ 9/2569" in staff
    assert "วาระที่ประชุมแล้ว รอบันทึกผล" in secretary
    assert "โครงการรอบรรจุวาระ" not in secretary
    assert "วาระที่ประชุมแล้ว รอบันทึกผล" not in member
