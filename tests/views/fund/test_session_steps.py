"""A session is made in steps: what it is, and who sits in it; and two people at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from models.core.db import db, now
from models.fund.codes import GROUP, SUB
from models.fund.session import CommitteeAffiliation, EvaluationSession, MemberRole
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_organization, make_session, put_on
from tests.views.fund.session_pages import cast, fresh, typed, waiting

__all__ = ["cast"]


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
