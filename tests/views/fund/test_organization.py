"""Organizations as a browser sees them: form, list, page, scope (spec: fund.md 3)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from models.core.audit import AuditEntry
from models.core.identity import Account
from models.core.thai.citizen import sample_citizen_id
from models.fund.membership import membership_of
from models.fund.organization import Organization
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_member, make_organization

FORM = {
    "form_token": "",
    "name": "มูลนิธิดาวกลางวัน",
    "sector": "private",
    "parent_agency": "",
    "registered_year": "๒๕๕๑",
    "address": "88/1 หมู่ 4",
    "subdistrict": "ริมปิง",
    "district": "เมือง",
    "province_code": "50",
    "postcode": "50000",
    "phone": "053 555 128",
    "email": "",
    "latitude": "18.788300",
    "longitude": "98.985300",
    "chair_title": "นาย",
    "chair_first_name": "สมหมาย",
    "chair_last_name": "ใจดี",
    "directors-0-id": "",
    "directors-0-title": "นาง",
    "directors-0-first_name": "ประไพ",
    "directors-0-last_name": "วงเวียนธรรม",
    "directors-0-citizen_id": sample_citizen_id(5),
    "directors-1-id": "",
    "directors-1-title": "",
    "directors-1-first_name": "",
    "directors-1-last_name": "",
    "directors-1-citizen_id": "",
    "objectives-0-id": "",
    "objectives-0-text": "ส่งเสริมการศึกษาของเด็กพิการ",
    "objectives-1-id": "",
    "objectives-1-text": "ฝึกอาชีพ",
}


@pytest.fixture
def applicant(session):
    account = make_account("project_manager")
    session.commit()
    return account


def add(client, once="a form", **changes):
    return client.post("/organizations/new", data={**FORM, "form_token": once, **changes})


def one(session, name=FORM["name"]):
    session.expire_all()
    return session.scalar(select(Organization).where(Organization.name == name))


def edit_form(organization, **changes):
    return {**FORM, "name": organization.name, "version": str(organization.version), **changes}


def test_the_form_says_that_the_position_may_be_left_out(client, sign_in, applicant):
    sign_in(client, applicant)

    page = client.get("/organizations/new").get_data(as_text=True)

    for word in ("ละติจูด", "ลองจิจูด"):
        assert f'{word} <span class="s-need">ไม่บังคับ</span>' in page


def test_an_applicant_adds_an_organization_and_manages_it(client, sign_in, session, applicant):
    sign_in(client, applicant)

    response = add(client)

    organization = one(session)
    assert response.headers["Location"].endswith(f"/organizations/{organization.id}")
    assert organization.registered_year == 2551
    assert organization.postcode == "50000"
    assert organization.phone == "053555128"
    assert (organization.latitude, organization.longitude) == (18.7883, 98.9853)
    assert [person.full_name for person in organization.directors] == ["นางประไพ วงเวียนธรรม"]
    assert [objective.text for objective in organization.objectives] == ["ส่งเสริมการศึกษาของเด็กพิการ", "ฝึกอาชีพ"]
    membership = membership_of(session.get(Account, applicant.id))
    assert (membership.organization_id, membership.is_manager) == (organization.id, True)


def test_pressing_twice_adds_one_organization(client, sign_in, session, applicant):
    sign_in(client, applicant)

    add(client)
    second = add(client)

    assert second.status_code == 302
    assert session.scalar(select(func.count()).select_from(Organization).where(Organization.name == FORM["name"])) == 1


def test_who_belongs_to_an_organization_adds_no_other(client, sign_in, session, applicant):
    sign_in(client, applicant)
    add(client)

    add(client, once="another form", name="มูลนิธิที่สอง")

    assert one(session, "มูลนิธิที่สอง") is None


@pytest.mark.parametrize("kind", ["staff", "committee"])
def test_staff_and_committee_add_none(client, sign_in, session, kind):
    account = make_account(kind)
    session.commit()
    sign_in(client, account)

    assert add(client).status_code == 403
    assert one(session) is None


def test_a_super_user_adds_one_without_belonging_to_it(client, sign_in, session):
    account = make_account("super_user")
    session.commit()
    sign_in(client, account)

    assert add(client).status_code == 302
    assert one(session) is not None
    assert membership_of(session.get(Account, account.id)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"sector": ""},
        {"sector": "public", "parent_agency": ""},
        {"province_code": ""},
        {"province_code": "99"},
        {"postcode": "123"},
        {"latitude": "18.7", "longitude": ""},
        {"latitude": "91", "longitude": "98"},
        {"registered_year": "2008"},
        {"directors-0-citizen_id": "1 9901 23456 78 4"},
        {"directors-1-last_name": "มีแต่นามสกุล"},
        {"chair_first_name": ""},
    ],
)
def test_a_wrong_form_is_told_and_what_was_typed_stays(client, sign_in, session, applicant, changes):
    sign_in(client, applicant)

    response = add(client, **changes)

    assert response.status_code == 422
    assert "data-error-summary" in response.text
    assert "ฝึกอาชีพ" in response.text
    assert 'value="ประไพ"' in response.text
    assert session.scalar(select(func.count()).select_from(Organization)) == 0


def test_after_an_error_the_same_form_can_be_saved(client, sign_in, session, applicant):
    sign_in(client, applicant)

    assert add(client, postcode="1").status_code == 422
    assert add(client).status_code == 302


def test_a_like_name_is_shown_while_typing(client, sign_in, session, applicant):
    make_organization(name="มูลนิธิดาวกลางวันเพื่อเด็ก")
    session.commit()
    sign_in(client, applicant)

    assert "มูลนิธิดาวกลางวันเพื่อเด็ก" in client.get("/organizations/like?name=ดาวกลาง").text
    assert client.get("/organizations/like?name=ไม่มีใครชื่อนี้").text.strip() == ""


# --- editing --------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(session):
    organization = make_organization(name="สมาคมริมปิง")
    manager = make_manager(organization)
    session.commit()
    return organization, manager


def test_a_manager_edits_and_the_history_knows(client, sign_in, session, house):
    organization, manager = house
    sign_in(client, manager)

    response = client.post(f"/organizations/{organization.id}/edit", data=edit_form(organization))

    assert response.status_code == 302
    assert one(session, "สมาคมริมปิง").chair == "นายสมหมาย ใจดี"
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.entity == "fund_organization").order_by(AuditEntry.seq.desc())
    ).first()
    assert entry.actor_id == manager.id
    assert sample_citizen_id(5) not in str(entry.payload)


@pytest.mark.parametrize("who", ["member", "manager of another", "staff"])
def test_nobody_else_edits(client, sign_in, session, house, who):
    organization, manager = house
    account = {
        "member": lambda: make_member(organization),
        "manager of another": lambda: make_manager(make_organization()),
        "staff": lambda: make_account("staff"),
    }[who]()
    session.commit()
    sign_in(client, account)

    assert client.post(f"/organizations/{organization.id}/edit", data=edit_form(organization)).status_code in (403, 404)
    assert client.get(f"/organizations/{organization.id}/edit").status_code in (403, 404)
    sign_in(client, manager)
    assert client.get(f"/organizations/{organization.id}/edit").status_code == 200


def test_a_stale_form_shows_both_values_and_the_chosen_ones_are_saved(client, sign_in, session, house):
    organization, manager = house
    sign_in(client, manager)
    mine = edit_form(organization, phone="043 555 128")
    client.post(f"/organizations/{organization.id}/edit", data=edit_form(organization, phone="043 555 120"))
    session.expire_all()

    told = client.post(f"/organizations/{organization.id}/edit", data=mine)

    assert told.status_code == 409
    assert "043-555-128" in told.text or "043 555 128" in told.text
    assert "043-555-120" in told.text
    assert manager.full_name in told.text
    dialog = told.text[told.text.index('id="conflict"') :]
    version = re.search(r'name="version" value="(\d+)"', dialog)[1]
    again = client.post(
        f"/organizations/{organization.id}/edit",
        data={**mine, "version": version, "phone": "043-555-120", "take-directors": "theirs"},
    )
    assert again.status_code == 302
    stored = one(session, "สมาคมริมปิง")
    assert stored.phone == "043555120"
    assert [person.first_name for person in stored.directors] == ["ประไพ"]


def test_a_stored_citizen_id_stays_hidden_and_stays_when_its_field_is_left_empty(client, sign_in, session, house):
    organization, manager = house
    sign_in(client, manager)
    client.post(f"/organizations/{organization.id}/edit", data=edit_form(organization))
    organization = one(session, "สมาคมริมปิง")
    [director] = organization.directors

    page = client.get(f"/organizations/{organization.id}/edit").text
    assert sample_citizen_id(5) not in page
    form = edit_form(organization, **{"directors-0-id": str(director.id), "directors-0-citizen_id": ""})
    assert client.post(f"/organizations/{organization.id}/edit", data=form).status_code == 302

    [director] = one(session, "สมาคมริมปิง").directors
    assert director.citizen_id == sample_citizen_id(5)
    shown = client.get(f"/organizations/{organization.id}").text
    assert sample_citizen_id(5) not in shown
    assert "x-xxxx-xxxxx-" in shown.lower()


def test_what_was_typed_when_the_session_lapsed_comes_back_to_the_same_user(client, sign_in, session, applicant):
    from datetime import timedelta

    from models.core.clock import frozen_at, now

    sign_in(client, applicant)
    with frozen_at(now() + timedelta(hours=3)):
        answer = add(client)
        assert "/sign/in" in answer.headers["Location"]
        assert one(session) is None
        sign_in(client, applicant)
        page = client.get("/organizations/new?kept=1").text
    assert f'value="{FORM["name"]}"' in page
    assert sample_citizen_id(5) not in page


# --- lists and scope --------------------------------------------------------------------------------------------------


def test_an_applicant_sees_only_their_own_organization(client, sign_in, session, house):
    organization, _manager = house
    member, stranger = make_member(organization), make_member(make_organization())
    committee = make_account("committee")
    session.commit()

    seen = {}
    for name, account in (("member", member), ("stranger", stranger), ("committee", committee)):
        session.commit()
        sign_in(client, account)
        seen[name] = client.get(f"/organizations/{organization.id}").status_code
    assert seen == {"member": 200, "stranger": 404, "committee": 404}


def test_an_applicant_is_led_to_their_organization_or_to_choosing_one(client, sign_in, session, house, applicant):
    organization, manager = house
    sign_in(client, manager)
    assert client.get("/organizations/").headers["Location"].endswith(f"/organizations/{organization.id}")
    sign_in(client, applicant)
    assert client.get("/organizations/").headers["Location"].endswith("/organizations/choose")


def test_choosing_later_from_the_list(client, sign_in, session, house, applicant):
    organization, _manager = house
    sign_in(client, applicant)

    found = client.get("/organizations/search.json?q=ริมปิง").json["results"]
    assert [row["value"] for row in found] == [organization.id]
    form = {"organization-how": "choose", "organization-organization": str(organization.id)}
    assert client.post("/organizations/choose", data=form).status_code == 302
    session.expire_all()
    assert membership_of(session.get(Account, applicant.id)).organization_id == organization.id


def test_export_and_points_hold_what_the_list_holds(client, sign_in, session):
    make_organization(name="=มูลนิธิ", province_code="10", latitude=13.75, longitude=100.5)
    make_organization(name="โรงเรียนเชียงใหม่", province_code="50", latitude=None, longitude=None)
    staff, applicant = make_account("staff"), make_member(make_organization(name="ของผู้สมัคร"))
    session.commit()
    sign_in(client, staff)

    csv = client.get("/organizations/export.csv?province=10").get_data()
    assert csv.startswith(b"\xef\xbb\xbf")
    assert "'=มูลนิธิ" in csv.decode()
    assert "โรงเรียนเชียงใหม่" not in csv.decode()
    assert client.get("/organizations/export.xlsx").status_code == 200
    assert client.get("/organizations/map").status_code == 200
    assert "=มูลนิธิ" in [point["name"] for point in client.get("/organizations/points.json").json["points"]]
    sign_in(client, applicant)
    assert "=มูลนิธิ" not in client.get("/organizations/export.csv").get_data(as_text=True)


def test_a_super_user_deletes_and_restores_what_nothing_depends_on(client, sign_in, session, house):
    organization, _manager = house
    empty = make_organization(name="ซ้ำ")
    superuser, staff = make_account("super_user"), make_account("staff")
    session.commit()
    sign_in(client, staff)
    assert client.post(f"/organizations/{empty.id}/delete", data={"version": empty.version}).status_code == 403
    sign_in(client, superuser)

    client.post(f"/organizations/{organization.id}/delete", data={"version": organization.version})
    client.post(f"/organizations/{empty.id}/delete", data={"version": empty.version})
    session.expire_all()
    assert not session.get(Organization, organization.id).is_deleted
    assert session.get(Organization, empty.id).is_deleted
    version = session.get(Organization, empty.id).version
    client.post(f"/organizations/{empty.id}/restore", data={"version": version})
    session.expire_all()
    assert not session.get(Organization, empty.id).is_deleted
