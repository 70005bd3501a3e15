"""The first sign-in, one's own profile, password and devices (spec: fund.md 2.2, 2.4 and 2.5)."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from models.core.audit import AuditEntry
from models.core.file import StoredFile
from models.core.identity import Account, SignInSession, open_session
from models.core.password import password_matches
from models.core.thai.citizen import sample_citizen_id
from models.fund.membership import Membership, membership_of
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_organization

OLD, NEW = "รหัสผ่านเดิมของฉัน", "รหัสผ่านใหม่ของฉัน"


@pytest.fixture
def newcomer(session):
    account = make_account("project_manager", has_profile=False, first_name="", last_name="", title="")
    session.commit()
    return account


def upload_card(client, name="card.png", content=b""):
    return client.post(
        "/files/identity_card", data={"file": (io.BytesIO(content), name)}, headers={"Accept": "application/json"}
    )


def png():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 25), "white").save(out, "PNG")
    return out.getvalue()


def profile_form(client, **changes):
    card = upload_card(client, content=png())
    assert card.status_code == 201, card.text
    return {
        "title": "นางสาว",
        "first_name": "อรอนงค์",
        "last_name": "ทองประเสริฐ",
        "citizen_id": sample_citizen_id(77),
        "position": "ครูชำนาญการ",
        "work_group": "กลุ่มบริหารวิชาการ",
        "telephone": "043 555 120",
        "mobile": "081-555-1234",
        "card": card.json["id"],
        "version": "0",
        "organization-how": "later",
        **changes,
    }


def test_a_newcomer_is_led_to_the_profile_before_anything_else(client, sign_in, session, newcomer):
    sign_in(client, newcomer)

    assert client.get("/").headers["Location"].endswith("/account/")
    assert client.get("/organizations/").headers["Location"].endswith("/account/")
    assert client.get("/account/").status_code == 200


def test_somebody_with_a_profile_is_not_led_away(client, sign_in, session):
    ready = make_account("project_manager")
    session.commit()
    sign_in(client, ready)

    assert client.get("/").status_code == 200


def test_the_profile_opens_the_rest_of_the_system(client, sign_in, session, newcomer):
    sign_in(client, newcomer)

    response = client.post("/account/", data=profile_form(client))

    assert response.status_code == 302, response.text[:3000]
    assert client.get("/").status_code == 200
    session.expire_all()
    account = session.get(Account, newcomer.id)
    assert account.full_name == "นางสาวอรอนงค์ ทองประเสริฐ"
    assert account.profile.citizen_id == sample_citizen_id(77)
    assert account.profile.mobile == "0815551234"
    assert session.get(StoredFile, account.profile.card_file_id).attached_at is not None


def test_choosing_an_organization_makes_one_a_member_and_tells_its_managers(client, sign_in, session, newcomer):
    organization = make_organization()
    manager = make_manager(organization)
    session.commit()
    sign_in(client, newcomer)

    form = profile_form(client, **{"organization-how": "choose", "organization-organization": str(organization.id)})
    assert client.post("/account/", data=form).status_code == 302

    session.expire_all()
    membership = membership_of(session.get(Account, newcomer.id))
    assert (membership.organization_id, membership.role, membership.state) == (organization.id, "member", "active")
    sign_in(client, manager)
    assert "เข้าร่วม" in client.get("/notifications/").text or "joined" in client.get("/notifications/").text


def test_choosing_to_add_an_organization_leads_to_its_form(client, sign_in, session, newcomer):
    sign_in(client, newcomer)

    response = client.post("/account/", data=profile_form(client, **{"organization-how": "add"}))

    assert response.headers["Location"].endswith("/organizations/new")
    assert client.get("/organizations/new").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "typed"),
    [
        ("citizen_id", "1 9901 23456 78 4", "1 9901 23456 78 4"),
        ("citizen_id", "", None),
        ("mobile", "081 555 12", "081 555 12"),
        ("position", "", None),
        ("card", "", None),
        ("organization-how", "choose", None),
    ],
)
def test_a_wrong_profile_is_told_and_what_was_typed_stays(client, sign_in, session, newcomer, field, value, typed):
    sign_in(client, newcomer)

    response = client.post("/account/", data=profile_form(client, **{field: value}))

    assert response.status_code == 422
    assert 'value="อรอนงค์"' in response.text
    assert typed is None or f'value="{typed}"' in response.text
    assert session.get(Account, newcomer.id).needs_profile


def test_a_refused_card_leaves_nothing_behind(client, sign_in, session, newcomer):
    sign_in(client, newcomer)

    assert upload_card(client, "card.docx", b"PK\x03\x04").status_code == 422
    assert upload_card(client, "card.png", b"this is no picture").status_code == 422
    assert upload_card(client, content=png()).status_code == 201


def test_the_card_is_seen_by_its_owner_and_by_staff_and_every_look_is_recorded(
    client, new_client, sign_in, session, newcomer
):
    sign_in(client, newcomer)
    client.post("/account/", data=profile_form(client))
    session.expire_all()
    address = f"/files/{session.get(Account, newcomer.id).profile.card_file_id}"

    seen = {}
    for kind in ("project_manager", "committee", "staff"):
        other = make_account(kind)
        session.commit()
        seen[kind] = sign_in(new_client(), other).get(address).status_code
    seen["owner"] = client.get(address).status_code

    assert seen == {"project_manager": 404, "committee": 404, "staff": 200, "owner": 200}
    looks = session.scalars(select(AuditEntry).where(AuditEntry.action == "file.view")).all()
    assert len(looks) == 2


def test_one_may_look_at_the_card_that_is_not_saved_yet(client, new_client, sign_in, session, newcomer):
    sign_in(client, newcomer)
    address = upload_card(client, content=png()).json["url"]
    staff = make_account("staff")
    session.commit()

    assert client.get(address).status_code == 200
    assert sign_in(new_client(), staff).get(address).status_code == 404


def test_another_ones_card_cannot_be_put_into_ones_own_profile(client, new_client, sign_in, session, newcomer):
    other = make_account("project_manager", has_profile=False)
    session.commit()
    stolen = upload_card(sign_in(new_client(), other), content=png()).json["id"]
    sign_in(client, newcomer)

    assert client.post("/account/", data=profile_form(client, card=stolen)).status_code == 422
    assert client.post("/account/", data=profile_form(client)).status_code == 302


def test_a_profile_saved_elsewhere_in_between_is_told_with_both_values(client, sign_in, session):
    user = make_account("project_manager")
    session.commit()
    sign_in(client, user)
    form = profile_form(client, version=str(user.profile.version), position="ครู")
    user.profile.position = "ผู้อำนวยการ"
    session.commit()

    response = client.post("/account/", data=form)

    assert response.status_code == 409
    assert "ผู้อำนวยการ" in response.text
    assert 'value="ครู"' in response.text
    assert session.get(Account, user.id).profile.position == "ผู้อำนวยการ"


# --- passwords ------------------------------------------------------------------------------------------------------


@pytest.fixture
def user(session):
    account = make_account("staff", password=OLD)
    session.commit()
    return account


def change(client, **changes):
    return client.post("/account/password", data={"old": OLD, "password": NEW, "again": NEW, **changes})


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, sign_in, session, user):
    open_session(user, "another device", "127.0.0.1")
    session.commit()
    sign_in(client, user)

    assert change(client).status_code == 302

    assert client.get("/account/sessions").status_code == 200
    session.expire_all()
    open_rows = session.scalars(
        select(SignInSession).where(SignInSession.user_id == user.id, SignInSession.ended_at.is_(None))
    )
    assert len(list(open_rows)) == 1
    assert password_matches(session.get(Account, user.id).password, NEW)


@pytest.mark.parametrize("changes", [{"old": "wrong"}, {"again": "different"}, {"password": OLD, "again": OLD}])
def test_a_password_is_not_changed_by_a_wrong_form(client, sign_in, session, user, changes):
    sign_in(client, user)

    assert change(client, **changes).status_code == 422
    session.expire_all()
    assert password_matches(session.get(Account, user.id).password, OLD)


def test_a_handed_over_password_is_changed_before_anything_else(client, sign_in, session, user):
    user.must_change_password = True
    session.commit()
    sign_in(client, user)

    assert client.get("/").headers["Location"].endswith("/account/password")
    assert "old" not in re.findall(r'name="(\w+)"', client.get("/account/password").text)
    assert client.post("/account/password", data={"password": NEW, "again": NEW}).status_code == 302
    assert client.get("/").status_code == 200


# --- devices, consents, closing ---------------------------------------------------------------------------------------


def test_one_sees_and_ends_ones_own_sessions_alone(client, sign_in, session, user):
    other = make_account("staff")
    mine = open_session(user, "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0", "10.0.0.1")
    theirs = open_session(other, "Mozilla/5.0 (Android) Chrome/130.0", "10.0.0.2")
    session.commit()
    sign_in(client, user)

    page = client.get("/account/sessions").text
    assert "Firefox · Windows" in page
    assert "10.0.0.2" not in page

    from models.core.identity import hash_token

    rows = {row.token_hash: row for row in session.scalars(select(SignInSession))}
    client.post(f"/account/sessions/{rows[hash_token(mine)].id}/end")
    client.post(f"/account/sessions/{rows[hash_token(theirs)].id}/end")
    session.expire_all()
    assert session.get(SignInSession, rows[hash_token(mine)].id).ended_at is not None
    assert session.get(SignInSession, rows[hash_token(theirs)].id).ended_at is None


def test_closing_ones_account_signs_out_and_shuts_the_door(client, new_client, sign_in, session):
    applicant = make_account("project_manager", password=OLD)
    session.commit()
    sign_in(client, applicant)

    client.post("/account/close")

    session.expire_all()
    assert not session.get(Account, applicant.id).active
    answer = new_client().post("/sign/in", data={"email": applicant.email, "password": OLD})
    assert answer.status_code == 400


def test_the_last_manager_cannot_close_the_account_and_leave_members_alone(client, sign_in, session):
    organization = make_organization()
    manager = make_manager(organization)
    member = make_account("project_manager")
    session.add(Membership(organization=organization, user=member))
    session.commit()
    sign_in(client, manager)

    client.post("/account/close")

    session.expire_all()
    assert session.get(Account, manager.id).active


def test_everybody_reads_the_texts(client, session):
    for name, word in (("terms", "ข้อกำหนด"), ("privacy", "พ.ศ. 2562"), ("accessibility", "WCAG 2.2")):
        page = client.get(f"/about/{name}", headers={"Accept-Language": "th"})
        assert page.status_code == 200
        assert word in page.text


def test_the_summary_of_errors_leads_to_the_card_and_the_organization_in_page_order(client, sign_in, newcomer):
    sign_in(client, newcomer)

    form = profile_form(client, card="", mobile="โทรมา", **{"organization-how": "choose"})
    page = client.post("/account/", data=form).text

    places = [page.index(f'<a href="#{key}">') for key in ("organization-pick", "mobile", "card-file")]
    assert places == sorted(places)
    assert 'id="organization-pick" name="organization-organization"' in page
    assert 'type="file" id="card-file"' in page
    assert "06 08 หรือ 09" in page.split("data-error-summary")[1].split("</ul>")[0]
