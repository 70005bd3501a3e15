"""Accounts that staff make and keep (spec: fund.md 2.4)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from models.core.identity import Account, SignInSession, account_by_identity
from models.core.kinds import COMMITTEE, STAFF, SUPER_USER
from models.core.thai.citizen import sample_citizen_id
from models.fund.session import CommitteeAffiliation
from tests.factories.core import make_account
from tests.factories.fund import make_member, make_organization

FORM = {
    "kind": COMMITTEE,
    "email": "somchai@fund.example",
    "status": "open",
    "title": "ผศ. ดร.",
    "first_name": "สมชาย",
    "last_name": "ใจงาม",
    "telephone": "02 123 4567",
    "citizen_id": sample_citizen_id(9),
    "affiliations-0": "มหาวิทยาลัยริมน้ำ",
}


@pytest.fixture
def staff(session):
    account = make_account(STAFF, first_name="อรอนงค์", last_name="ทองประเสริฐ")
    session.commit()
    return account


def make(client, once="a form", **changes):
    return client.post("/users/new", data={**FORM, "form_token": once, **changes})


def shown_password(page):
    return re.search(r'<code class="s-secret"[^>]*>([^<]+)</code>', page)[1]


def the_account(session, email=FORM["email"]):
    session.expire_all()
    return account_by_identity("email", email)


def test_staff_make_a_committee_account_that_signs_in_and_chooses_a_password(
    client, new_client, sign_in, session, staff
):
    organization = make_organization()
    session.commit()
    sign_in(client, staff)

    page = make(client, organizations=str(organization.id))

    account = the_account(session)
    assert page.status_code == 200
    assert account.kinds == {COMMITTEE}
    assert account.must_change_password
    assert account.confirmed_at is not None
    assert account.profile.citizen_id == sample_citizen_id(9)
    rows = session.scalars(select(CommitteeAffiliation).where(CommitteeAffiliation.user_id == account.id))
    assert {str(row) for row in rows} == {organization.name, "มหาวิทยาลัยริมน้ำ"}
    session.commit()
    browser = new_client()
    browser.post("/sign/in", data={"email": FORM["email"], "password": shown_password(page.text)})
    assert browser.get("/").headers["Location"].endswith("/account/password")


def test_a_closed_account_is_made_and_cannot_sign_in(client, new_client, sign_in, session, staff):
    sign_in(client, staff)

    page = make(client, status="closed")

    answer = new_client().post("/sign/in", data={"email": FORM["email"], "password": shown_password(page.text)})
    assert answer.status_code == 400


def test_pressing_twice_makes_one_account(client, sign_in, session, staff):
    sign_in(client, staff)

    assert make(client).status_code == 200
    assert make(client).status_code == 302
    assert session.scalar(select(func.count()).select_from(Account).where(Account.email == FORM["email"])) == 1


def test_an_e_mail_that_is_taken_is_told_at_its_field(client, sign_in, session, staff):
    make_account("project_manager", email=FORM["email"])
    session.commit()
    sign_in(client, staff)

    response = make(client)

    assert response.status_code == 422
    assert 'id="email-e"' in response.text
    assert 'value="สมชาย"' in response.text


@pytest.mark.parametrize(
    ("kind", "maker", "status"),
    [
        (COMMITTEE, STAFF, 200),
        (STAFF, STAFF, 200),
        (SUPER_USER, STAFF, 422),
        (SUPER_USER, SUPER_USER, 200),
        (COMMITTEE, COMMITTEE, 403),
        (STAFF, "project_manager", 403),
    ],
)
def test_the_matrix_says_who_makes_whom(client, sign_in, session, kind, maker, status):
    account = make_account(maker)
    session.commit()
    sign_in(client, account)

    assert make(client, kind=kind).status_code == status
    assert (the_account(session) is not None) == (status == 200)


def test_the_list_is_narrowed_by_name_user_name_telephone_and_status(client, sign_in, session, staff):
    sign_in(client, staff)
    make(client)
    make(client, once="b", email="malee@fund.example", first_name="มาลี", telephone="053 555 120", status="closed")

    def found(query):
        page = client.get(f"/users/committee?{query}").text
        return [name for name in ("สมชาย", "มาลี") if f"{name} ใจงาม" in page]

    assert found("") == ["สมชาย", "มาลี"]
    assert found("first_name=มาลี") == ["มาลี"]
    assert found("last_name=ใจงาม&user_name=SOMCHAI") == ["สมชาย"]
    assert found("telephone=053-555") == ["มาลี"]
    assert found("status=closed") == ["มาลี"]
    assert found("first_name=ไม่มี") == []
    assert client.get("/users/committee?status=perhaps").status_code == 400


def test_the_list_costs_the_same_however_many_there_are(client, sign_in, session, staff, count_queries):
    sign_in(client, staff)
    client.get("/users/")
    counts = []
    for more in (0, 10):
        for _number in range(more):
            make_member(make_organization())
        session.commit()
        count_queries.clear()
        client.get("/users/")
        counts.append(len(count_queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", ["project_manager", COMMITTEE])
def test_others_see_no_list_and_no_account(client, sign_in, session, staff, kind):
    account = make_account(kind)
    session.commit()
    sign_in(client, account)

    assert [client.get(path).status_code for path in ("/users/", "/users/committee", f"/users/{staff.id}")] == [403] * 3
    sign_in(client, staff)
    assert client.get(f"/users/{account.id}").status_code == 200


def test_closing_an_account_ends_its_sessions_at_once(client, new_client, sign_in, session, staff):
    member = make_account(COMMITTEE)
    session.commit()
    browser = sign_in(new_client(), member)
    assert browser.get("/account/sessions").status_code == 200
    sign_in(client, staff)

    client.post(f"/users/{member.id}/status", data={"status": "closed"})

    assert browser.get("/account/sessions").status_code == 302
    session.expire_all()
    rows = session.scalars(select(SignInSession).where(SignInSession.user_id == member.id))
    assert all(row.ended_at for row in rows)
    client.post(f"/users/{member.id}/status", data={"status": "open"})
    session.expire_all()
    assert session.get(Account, member.id).active


def test_staff_do_not_touch_a_super_user_and_the_last_one_stays(client, sign_in, session, staff):
    superuser = make_account(SUPER_USER)
    session.commit()
    sign_in(client, staff)

    client.post(f"/users/{superuser.id}/status", data={"status": "closed"})
    client.post(f"/users/{superuser.id}/edit", data={**FORM, "first_name": "อื่น"})
    sign_in(client, superuser)
    client.post(f"/users/{superuser.id}/dismiss", data={"kind": SUPER_USER})
    client.post("/account/close")

    session.expire_all()
    account = session.get(Account, superuser.id)
    account.forget_grants()
    assert account.active
    assert account.first_name != "อื่น"
    assert SUPER_USER in account.kinds


def test_appointing_and_dismissing_hold_at_once(client, new_client, sign_in, session, staff):
    person = make_account("project_manager")
    session.commit()
    browser = sign_in(new_client(), person)
    assert browser.get("/users/").status_code == 403
    sign_in(client, staff)

    client.post(f"/users/{person.id}/appoint", data={"kind": STAFF})
    assert browser.get("/users/").status_code == 200
    client.post(f"/users/{person.id}/appoint", data={"kind": SUPER_USER})
    client.post(f"/users/{person.id}/dismiss", data={"kind": STAFF})
    assert browser.get("/users/").status_code == 403
    session.expire_all()
    account = session.get(Account, person.id)
    account.forget_grants()
    assert account.kinds == {"project_manager"}


def test_another_first_password_only_while_it_was_never_used(client, new_client, sign_in, session, staff):
    sign_in(client, staff)
    first = shown_password(make(client).text)
    account = the_account(session)
    session.commit()

    second = shown_password(client.post(f"/users/{account.id}/password").text)

    assert second != first
    browser = new_client()
    assert browser.post("/sign/in", data={"email": FORM["email"], "password": first}).status_code == 400
    assert browser.post("/sign/in", data={"email": FORM["email"], "password": second}).status_code == 302
    assert client.post(f"/users/{account.id}/password").status_code == 302


def test_the_officers_page_shows_the_citizen_id_and_the_look_is_recorded(client, sign_in, session, staff):
    from models.core.audit import AuditEntry

    person = make_account("project_manager")
    session.commit()
    sign_in(client, staff)

    page = client.get(f"/users/{person.id}").text

    digits = person.profile.citizen_id
    assert digits in re.sub(r"(?<=\d)[- ](?=\d)", "", page)
    looks = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.view")).all()
    assert [(look.actor_id, look.entity_id) for look in looks] == [(staff.id, str(person.id))]


def test_editing_replaces_names_telephone_and_affiliations(client, sign_in, session, staff):
    sign_in(client, staff)
    make(client)
    account = the_account(session)
    session.commit()

    form = {"title": "ศ. ดร.", "first_name": "สมชาย", "last_name": "พงษ์ไพร", "telephone": "", "citizen_id": "",
            "affiliations-0": "สมาคมคนตาบอด"}  # fmt: skip
    assert client.post(f"/users/{account.id}/edit", data=form).status_code == 302

    account = the_account(session)
    assert (account.full_name, account.profile.telephone) == ("ศ. ดร.สมชาย พงษ์ไพร", "")
    rows = session.scalars(select(CommitteeAffiliation).where(CommitteeAffiliation.user_id == account.id))
    assert [str(row) for row in rows] == ["สมาคมคนตาบอด"]
