"""Opening an account and getting back in, as a browser sees it (spec: fund.md 2.1 and 2.3)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.identity import Account, Consent, SignInSession, account_by_identity, open_session
from models.core.kinds import PROJECT_MANAGER
from models.core.legal import current_version
from models.core.outbox import Message
from models.core.password import password_matches
from services.seal import is_sealed, unseal
from tests.factories.core import make_account

PASSWORD = "ดอกคูนบานหน้าร้อน"
FORM = {"email": "anong@school.example", "password": PASSWORD, "again": PASSWORD, "terms": "y", "privacy": "y"}


def register(client, **changes):
    return client.post("/register/", data={**FORM, "form_token": "", **changes})


def mails(email=FORM["email"]):
    db.session.expire_all()
    return list(db.session.scalars(select(Message).where(Message.address == email).order_by(Message.id)))


def token_of(message):
    return unseal(message.values["token"])


def sign_in(client, email=FORM["email"], password=PASSWORD):
    return client.post("/sign/in", data={"email": email, "password": password})


def is_signed_in(client):
    return client.get("/account/sessions").status_code == 200 or "/account/" in client.get("/").headers.get(
        "Location", ""
    )


def page_without_tokens(response):
    text = response.get_data(as_text=True)
    text = re.sub(r'(csrf[-_]token"[^>]*?(?:content|value)=")[^"]*', r"\1", text)
    return re.sub(r'nonce="[^"]*"', "", text)


def test_registering_opens_an_account_that_waits_for_its_confirmation(client, session):
    response = register(client)

    account = account_by_identity("email", FORM["email"])
    assert response.status_code == 302
    assert account.confirmed_at is None
    assert account.kinds == {PROJECT_MANAGER}
    assert account.password.startswith("pbkdf2:sha256:")
    assert password_matches(account.password, PASSWORD)
    accepted = {row.text: row.text_version for row in session.scalars(select(Consent))}
    assert accepted == {"terms": current_version("terms"), "privacy": current_version("privacy")}
    assert "sign_in" not in sign_in(client).headers.get("Location", "")
    assert sign_in(client).status_code == 400


def test_the_token_of_the_link_lies_sealed_in_the_outbox(client, session):
    register(client)

    [message] = mails()
    assert message.event == "confirm_account"
    assert is_sealed(message.values["token"])


def test_looking_at_the_confirmation_does_not_confirm_and_its_button_does(client, session):
    register(client)
    address = f"/register/confirm/{token_of(mails()[0])}"

    looked = client.get(address)
    assert looked.status_code == 200
    assert account_by_identity("email", FORM["email"]).confirmed_at is None

    pressed = client.post(address)
    assert pressed.headers["Location"].endswith("/sign/in")
    assert sign_in(client).status_code == 302


def test_the_link_works_once_and_for_a_day(client, session):
    register(client)
    address = f"/register/confirm/{token_of(mails()[0])}"

    with frozen_at(now() + timedelta(hours=24, minutes=1)):
        assert client.get(address).status_code == 410
        assert client.post(address).status_code == 410
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 410


def test_a_link_sent_again_ends_the_one_before(client, session):
    register(client)
    client.post("/register/resend", data={"email": FORM["email"]})

    first, second = mails()
    assert client.post(f"/register/confirm/{token_of(first)}").status_code == 410
    assert client.post(f"/register/confirm/{token_of(second)}").status_code == 302


def test_resending_to_nobody_sends_nothing_and_says_the_same(client, session):
    unknown = client.post("/register/resend", data={"email": "nobody@school.example"})
    register(client)
    known = client.post("/register/resend", data={"email": FORM["email"]})

    assert (unknown.status_code, unknown.headers["Location"]) == (known.status_code, known.headers["Location"])
    assert mails("nobody@school.example") == []
    assert len(mails()) == 2


def test_the_page_after_registering_is_the_same_for_a_known_e_mail(new_client, session):
    email = "same@school.example"
    pages = []
    for _time in range(2):
        browser = new_client()
        answer = register(browser, email=email)
        pages.append(
            (answer.status_code, answer.headers["Location"], page_without_tokens(browser.get("/register/sent")))
        )
        account = account_by_identity("email", email)
        account.confirmed_at = account.confirmed_at or now()
        db.session.commit()

    assert pages[0] == pages[1]
    assert [message.event for message in mails(email)] == ["confirm_account", "already_registered"]


def test_registering_a_known_e_mail_changes_nothing_of_its_account(client, session):
    owner = make_account("project_manager", email="owner@school.example", password="เรือหางยาวลำนั้น")
    session.commit()

    register(client, email="owner@school.example")

    session.refresh(owner)
    assert password_matches(owner.password, "เรือหางยาวลำนั้น")
    assert not password_matches(owner.password, PASSWORD)


def test_pressing_twice_makes_one_account_and_one_mail(client, session):
    register(client, form_token="one-form")
    register(client, form_token="one-form")

    assert session.scalar(select(func.count()).select_from(Account).where(Account.email == FORM["email"])) == 1
    assert len(mails()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "not an address"},
        {"password": "short", "again": "short"},
        {"password": "password123", "again": "password123"},
        {"again": "another password"},
        {"terms": ""},
        {"privacy": ""},
    ],
)
def test_a_wrong_form_is_told_and_opens_nothing(client, session, changes):
    data = {key: value for key, value in {**FORM, **changes}.items() if value}
    response = client.post("/register/", data=data)

    assert response.status_code == 422
    assert "s-error" in response.get_data(as_text=True)
    assert account_by_identity("email", FORM["email"]) is None


def test_what_was_typed_stays_but_for_the_passwords(client, session):
    page = register(client, again="another password").get_data(as_text=True)

    assert 'value="anong@school.example"' in page
    assert PASSWORD not in page


def test_registration_closes_when_the_matrix_says_so(client, session):
    from models.core.matrix import set_cells

    assert client.get("/register/").status_code == 200
    set_cells({("account.create", "unregistered"): False})
    session.commit()

    assert client.get("/register/").status_code == 302
    set_cells({("account.create", "unregistered"): True})
    session.commit()


def test_too_many_mails_to_one_address_are_refused_for_a_while(client, session):
    answers = [client.post("/forgotten/", data={"email": "much@school.example"}).status_code for _try in range(6)]

    assert answers == [302] * 5 + [422]


# --- forgotten password ---------------------------------------------------------------------------------------------


@pytest.fixture
def owner(session):
    account = make_account("staff", email="forgetful@fund.example", password="รหัสเดิมที่ลืมไปแล้ว")
    session.commit()
    return account


def ask(client, email="forgetful@fund.example"):
    client.post("/forgotten/", data={"email": email})
    return mails(email)


def test_the_page_after_asking_for_a_new_password_is_the_same_for_an_unknown_e_mail(new_client, session):
    email, pages = "perhaps@fund.example", []
    for _time in range(2):
        browser = new_client()
        answer = browser.post("/forgotten/", data={"email": email})
        pages.append(
            (answer.status_code, answer.headers["Location"], page_without_tokens(browser.get("/forgotten/sent")))
        )
        if account_by_identity("email", email) is None:
            make_account("staff", email=email)
            session.commit()

    assert pages[0] == pages[1]
    assert [message.event for message in mails(email)] == ["reset_password"]


def test_a_new_password_by_the_link_ends_every_session(client, session, owner):
    open_session(owner, "another device", "127.0.0.1")
    session.commit()
    [message] = ask(client)

    response = client.post(f"/forgotten/{token_of(message)}", data={"password": PASSWORD, "again": PASSWORD})

    assert response.status_code == 302
    session.expire_all()
    assert all(row.ended_at for row in session.scalars(select(SignInSession).where(SignInSession.user_id == owner.id)))
    assert sign_in(client, owner.email, "รหัสเดิมที่ลืมไปแล้ว").status_code == 400
    assert sign_in(client, owner.email).status_code == 302


def test_a_reset_link_works_once(client, session, owner):
    [message] = ask(client)
    data = {"password": PASSWORD, "again": PASSWORD}

    assert client.post(f"/forgotten/{token_of(message)}", data=data).status_code == 302
    assert client.post(f"/forgotten/{token_of(message)}", data=data).status_code == 410


def test_a_reset_link_is_dead_after_an_hour(client, session, owner):
    [message] = ask(client)

    assert client.get(f"/forgotten/{token_of(message)}").status_code == 200
    with frozen_at(now() + timedelta(hours=1, seconds=1)):
        assert client.get(f"/forgotten/{token_of(message)}").status_code == 410


def test_a_reset_link_is_dead_after_a_newer_one(client, session, owner):
    ask(client)
    first, second = ask(client)

    assert client.get(f"/forgotten/{token_of(first)}").status_code == 410
    assert client.get(f"/forgotten/{token_of(second)}").status_code == 200


def test_a_reset_link_is_dead_after_signing_in(client, session, owner):
    [message] = ask(client)
    assert client.get(f"/forgotten/{token_of(message)}").status_code == 200

    sign_in(client, owner.email, "รหัสเดิมที่ลืมไปแล้ว")

    assert client.get(f"/forgotten/{token_of(message)}").status_code == 410


def test_a_closed_account_gets_no_reset_link(client, session, owner):
    owner.active = False
    session.commit()

    assert ask(client) == []
