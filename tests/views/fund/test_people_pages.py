"""The accounts' list, file, page and stale form, as staff see them (spec: fund.md 2.4, 5.2, 5.3, H6)."""

from __future__ import annotations

import csv
import io

import pytest

from models.core import staffing
from models.core.audit import AuditEntry
from models.core.identity import account_by_identity
from models.core.kinds import COMMITTEE, PROJECT_MANAGER, STAFF, SUPER_USER
from models.core.thai.citizen import sample_citizen_id
from models.fund.conflicts import set_affiliations
from models.fund.membership import membership_of
from models.fund.session import CommitteeAffiliation
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_member, make_organization


@pytest.fixture
def staff(client, sign_in, session):
    account = make_account(STAFF, first_name="พนักงาน", last_name="กองทุน")
    session.commit()
    sign_in(client, account)
    return account


@pytest.fixture
def people(session):
    """Three committee members whose names, addresses and telephones order them in three ways."""
    made = {}
    for first, last, email, phone in (
        ("เกสร", "หิ่งห้อย", "b-first@sala.example", "0812220001"),
        ("ขจร", "หิ่งห้อย", "c-second@sala.example", "0812220002"),
        ("กมล", "หิ่งห้อย", "a-third@sala.example", "0812220003"),
    ):
        account = make_account(COMMITTEE, first_name=first, last_name=last, email=email)
        account.profile.telephone = phone
        made[first] = account
    session.commit()
    return made


def shown(client, people, query):
    """The names of `people` on the page of committee members, in the order of the page."""
    text = client.get(f"/users/?last_name=หิ่งห้อย&{query}").text
    at = {name: text.find(f'/users/{account.id}"') for name, account in people.items()}
    return [name for name, place in sorted(at.items(), key=lambda found: found[1]) if place >= 0]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=name", ["กมล", "เกสร", "ขจร"]),
        ("sort=-name", ["ขจร", "เกสร", "กมล"]),
        ("sort=user_name", ["กมล", "เกสร", "ขจร"]),
        ("sort=-user_name", ["ขจร", "เกสร", "กมล"]),
        ("sort=newest", ["กมล", "ขจร", "เกสร"]),
        ("first_name=กม", ["กมล"]),
        ("user_name=C-SEC", ["ขจร"]),
        ("telephone=081-222-0001", ["เกสร"]),
        ("kind=staff", []),
        ("kind=committee&status=closed", []),
    ],
)
def test_the_list_is_filtered_and_sorted(client, staff, people, query, names):
    assert shown(client, people, query) == names


@pytest.mark.parametrize("query", ["sort=password", "kind=king", "status=half", "after=x"])
def test_what_is_no_order_or_filter_is_refused(client, staff, query):
    assert client.get(f"/users/?{query}").status_code == 400


def test_managers_of_organizations_are_found_by_their_role(client, staff, session):
    manager, member = make_manager(), make_account(PROJECT_MANAGER)
    session.commit()

    text = client.get("/users/?kind=organization_manager&sort=newest").text

    assert f'/users/{manager.id}"' in text
    assert f'/users/{member.id}"' not in text


def test_the_file_has_the_filtered_rows_with_masked_citizen_ids_and_is_in_the_log(client, staff, session, people):
    organization = make_organization("มูลนิธิหิ่งห้อยกลางกรุง")
    manager = make_member(organization, "manager", make_account(PROJECT_MANAGER, last_name="หิ่งห้อย"))
    manager.profile.citizen_id = sample_citizen_id(77)
    session.commit()

    answer = client.get("/users/export.csv?last_name=หิ่งห้อย")

    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 4
    mine = next(row for row in rows if row["ชื่อผู้ใช้งาน (อีเมล)"] == manager.email)
    assert mine["องค์กร"] == organization.name
    assert sample_citizen_id(77) not in answer.data.decode()
    assert any(cell.startswith("x-xxxx") for cell in mine.values())
    assert session.query(AuditEntry).filter_by(action="ab_user.export").count() == 1
    assert client.get("/users/export.pdf").status_code == 404


def test_the_committees_file_holds_committee_members_only(client, staff, session, people):
    with client.get("/users/committee/export.csv") as answer:
        text = answer.data.decode("utf-8-sig")

    assert "a-third@sala.example" in text
    assert staff.email not in text


# --- a person's page -------------------------------------------------------------------------------------------------


def test_the_page_tells_roles_with_dates_and_givers_organizations_sessions_and_history(
    client, new_client, sign_in, staff, session
):
    boss = make_account(SUPER_USER, first_name="หัวหน้า", last_name="ใหญ่")
    organization = make_organization("มูลนิธิหิ่งห้อยกลางกรุง")
    person = make_member(organization)
    staffing.appoint(person, COMMITTEE, by=boss)
    staffing.dismiss(person, COMMITTEE, by=boss)
    membership = membership_of(person)
    membership.perform("leave", person, membership.version)
    session.commit()
    sign_in(new_client(), person)

    text = client.get(f"/users/{person.id}").text

    assert "แต่งตั้งโดย นางสาวหัวหน้า ใหญ่" in text
    assert organization.name in text
    assert text.count("สิ้นสุดแล้ว") == 2
    assert "เข้าสู่ระบบล่าสุด" in text
    assert "อุปกรณ์" in text
    assert "ประวัติ" in text


# --- a stale form ----------------------------------------------------------------------------------------------------


def form(account, **changes):
    return {
        "version": account.profile.version,
        "title": account.title,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "telephone": account.profile.telephone,
        "citizen_id": account.profile.citizen_id,
        **changes,
    }


def test_a_stale_form_is_told_who_saved_and_keeps_what_was_typed(client, staff, session, people):
    account, colleague = people["กมล"], make_account(STAFF, first_name="เพื่อน", last_name="ร่วมงาน")
    stale = form(account, first_name="กมลวรรณ")
    staffing.edit_account(account, {"first_name": "กมลทิพย์"}, by=colleague, version=account.profile.version)
    session.commit()

    answer = client.post(f"/users/{account.id}/edit", data=stale)

    assert answer.status_code == 409
    assert "กมลวรรณ" in answer.text
    assert "กมลทิพย์" in answer.text
    session.expire_all()
    assert account.first_name == "กมลทิพย์"

    settled = stale | {"version": account.profile.version}
    assert client.post(f"/users/{account.id}/edit", data=settled).status_code == 302
    session.expire_all()
    assert account.first_name == "กมลวรรณ"


def test_a_change_of_names_alone_by_the_owner_makes_a_staff_form_stale(client, new_client, sign_in, staff, people):
    account = people["ขจร"]
    stale = form(account, telephone="02 123 4567")
    owner = new_client()
    sign_in(owner, account)
    owner.post("/account/", data=form(account, last_name="จักจั่น", mobile="0812345678", position="", work_group=""))

    assert client.post(f"/users/{account.id}/edit", data=stale).status_code == 409


def test_affiliations_changed_by_somebody_else_can_be_left_as_they_are(client, staff, session, people):
    account, colleague = people["เกสร"], make_account(STAFF)
    stale = form(account) | {"affiliations-0": "มหาวิทยาลัยของฉัน"}
    set_affiliations(account, [(None, "มหาวิทยาลัยของเขา")], colleague)
    staffing.edit_account(account, {}, by=colleague, version=account.profile.version)
    session.commit()

    answer = client.post(f"/users/{account.id}/edit", data=stale)
    assert answer.status_code == 409
    assert 'name="take-affiliations"' in answer.text

    theirs = stale | {"version": account.profile.version, "take-affiliations": "theirs"}
    client.post(f"/users/{account.id}/edit", data=theirs)
    rows = session.query(CommitteeAffiliation).filter_by(user_id=account.id)
    assert [str(row) for row in rows] == ["มหาวิทยาลัยของเขา"]


# --- roles from the screen -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "by", "is_done"),
    [
        (STAFF, STAFF, True),
        (COMMITTEE, STAFF, True),
        (SUPER_USER, STAFF, False),
        (SUPER_USER, SUPER_USER, True),
        (PROJECT_MANAGER, SUPER_USER, False),
    ],
)
def test_roles_are_given_and_ended_by_whom_the_matrix_lets(client, sign_in, session, kind, by, is_done):
    giver, person = make_account(by), make_account(email="role@sala.example")
    make_account(SUPER_USER)  # One stays in any case.
    session.commit()
    sign_in(client, giver)

    client.post(f"/users/{person.id}/appoint", data={"kind": kind})
    session.expire_all()
    account = account_by_identity("email", "role@sala.example")
    account.forget_grants()
    assert (kind in account.kinds) == is_done

    session.commit()
    client.post(f"/users/{person.id}/dismiss", data={"kind": kind})
    session.expire_all()
    account.forget_grants()
    assert kind not in account.kinds
