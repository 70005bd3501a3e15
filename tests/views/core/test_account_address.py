"""Another e-mail, new versions of the texts, and typing that outlives a session (spec: fund.md 2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.core import legal, registration
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.identity import (
    Account,
    Consent,
    SignInSession,
    account_by_identity,
    live_link,
    make_link,
    open_session,
)
from models.core.outbox import Message
from services.seal import unseal
from tests.factories.core import make_account

PASSWORD = "ดอกคูนบานหน้าร้อน"
NEW = "anong.new@school.example"


@pytest.fixture
def owner(session):
    account = make_account("project_manager", email="anong@school.example", password=PASSWORD)
    session.commit()
    return account


@pytest.fixture
def signed(client, sign_in, owner):
    sign_in(client, owner)
    return client


def ask(client, email=NEW, password=PASSWORD):
    return client.post("/account/email/", data={"email": email, "password": password})


def mails(address):
    db.session.expire_all()
    return list(db.session.scalars(select(Message).where(Message.address == address).order_by(Message.id)))


def link():
    return unseal(mails(NEW)[-1].values["token"])


def email_of(owner):
    db.session.expire_all()
    return db.session.get(Account, owner.id).email


def test_the_link_to_the_new_address_changes_it_by_a_button_and_the_old_one_is_told(signed, owner):
    ask(signed)
    assert [mail.event for mail in mails(NEW)] == ["confirm_email"]
    assert [mail.event for mail in mails("anong@school.example")] == ["email_change_asked"]

    assert NEW in signed.get(f"/account/email/{link()}").text
    assert email_of(owner) == "anong@school.example"  # Looking changes nothing.
    signed.post(f"/account/email/{link()}")

    assert email_of(owner) == NEW
    assert account_by_identity("email", NEW.upper()).id == owner.id
    assert account_by_identity("email", "anong@school.example") is None
    assert mails("anong@school.example")[-1].event == "email_left"
    assert "email_changed" in [mail.event for mail in mails(NEW)]


def test_one_signs_in_by_the_new_address_only(signed, new_client, owner):
    ask(signed)
    signed.post(f"/account/email/{link()}")

    answers = [
        new_client().post("/sign/in", data={"email": email, "password": PASSWORD}).status_code
        for email in (NEW, "anong@school.example")
    ]

    assert answers == [302, 400]


def test_other_sessions_and_links_end_but_this_one_goes_on(signed, session, owner):
    other = open_session(owner, "another device", "")
    reset = make_link(owner.id, "reset", timedelta(hours=1))
    session.commit()
    ask(signed)

    signed.post(f"/account/email/{link()}")

    assert signed.get("/account/").status_code == 200
    open_rows = session.scalars(select(SignInSession).where(SignInSession.ended_at.is_(None))).all()
    assert len(open_rows) == 1
    assert "another device" not in [row.device for row in open_rows], other
    assert live_link(reset, "reset") is None


def test_it_is_confirmed_from_a_browser_where_nobody_is_signed_in(signed, new_client, owner):
    ask(signed)

    answer = new_client().post(f"/account/email/{link()}")

    assert "/sign/in" in answer.headers["Location"]
    assert email_of(owner) == NEW
    assert signed.get("/account/").status_code == 302  # Every session ended.


def test_the_link_works_once_for_a_day_and_dies_by_a_newer_one(signed, owner):
    ask(signed)
    first = link()
    ask(signed)
    second = link()

    assert signed.post(f"/account/email/{first}").status_code == 410
    with frozen_at(now() + timedelta(hours=25)):
        assert registration.opens(second, "email") is False
    signed.post(f"/account/email/{second}")
    assert email_of(owner) == NEW
    assert signed.post(f"/account/email/{second}").status_code == 410


def test_the_wrong_password_or_the_present_address_is_told_at_the_field(signed, owner):
    wrong = ask(signed, password="ไม่ใช่รหัสนี้")
    same = ask(signed, email="Anong@School.example")

    assert (wrong.status_code, same.status_code) == (422, 422)
    assert NEW in wrong.text  # What was typed is still there.
    assert mails(NEW) == []


def test_an_address_that_somebody_has_gets_the_same_answer_and_its_owner_a_note(signed, session, owner):
    make_account("project_manager", email=NEW)
    session.commit()

    taken, free = ask(signed), ask(signed, email="free@school.example")

    assert (taken.status_code, taken.headers["Location"]) == (free.status_code, free.headers["Location"])
    assert [mail.event for mail in mails(NEW)] == ["email_in_use"]


def test_an_address_taken_in_the_meantime_stays_with_who_took_it(signed, session, owner):
    ask(signed)
    token = link()
    make_account("project_manager", email=NEW)
    session.commit()

    assert signed.post(f"/account/email/{token}").status_code == 410
    assert email_of(owner) == "anong@school.example"


# --- the texts -------------------------------------------------------------------------------------------------------


@pytest.fixture
def newer_terms(monkeypatch):
    monkeypatch.setattr(legal, "current_version", lambda name: {"terms": "9.0", "privacy": "1.0"}[name])
    real = legal.legal_text
    monkeypatch.setattr("views.core.account.address.legal_text", lambda name, lang: real(name, lang, "1.0"))


def enter(client, email):
    return client.post("/sign/in", data={"email": email, "password": PASSWORD})


def test_a_new_version_is_asked_for_at_the_next_sign_in_before_anything_else(client, session, owner, newer_terms):
    for text in legal.ACCEPTED:
        session.add(Consent(user_id=owner.id, text=text, text_version="1.0"))
    session.commit()
    enter(client, owner.email)

    assert client.get("/").headers["Location"].endswith("/account/texts/")
    page = client.get("/account/texts/").text
    assert 'name="terms"' in page
    assert 'name="privacy"' not in page  # This one did not change.
    assert client.post("/account/texts/", data={}).status_code == 422
    client.post("/account/texts/", data={"terms": "y"})

    assert client.get("/").status_code == 200
    kept = session.scalars(select(Consent).where(Consent.user_id == owner.id, Consent.text == "terms")).all()
    assert [row.text_version for row in kept] == ["1.0", "9.0"]
    assert client.get("/account/texts/").status_code == 302


def test_nothing_is_asked_of_who_accepted_what_holds_or_never_had_to(client, new_client, session, owner):
    registration.accept_texts(owner, legal.ACCEPTED)
    other = make_account("staff", password=PASSWORD)
    session.commit()

    for browser, account in ((client, owner), (new_client(), other)):
        enter(browser, account.email)
        assert browser.get("/").status_code == 200


# --- typing ----------------------------------------------------------------------------------------------------------


def test_a_profile_typed_when_the_session_lapsed_comes_back_without_the_citizen_id(client, sign_in, session, owner):
    sign_in(client, owner)
    session.query(SignInSession).filter_by(user_id=owner.id).update({"seen_at": now() - timedelta(days=1)})
    session.commit()
    typed = {"version": owner.profile.version, "first_name": "อนงค์นาถ", "citizen_id": "1101700230705"}

    answer = client.post("/account/", data=typed)

    assert "/sign/in" in answer.headers["Location"]
    enter(client, owner.email)
    page = client.get("/account/?kept=1").text
    assert "อนงค์นาถ" in page
    assert "1101700230705" not in page
    assert "สิ่งที่ท่านพิมพ์ค้างไว้กลับมาแล้ว" in page
    assert "อนงค์นาถ" not in client.get("/account/").text


# --- registering -----------------------------------------------------------------------------------------------------


def test_too_short_and_different_are_told_in_one_round(client, session):
    page = client.post(
        "/register/",
        data={"email": "x@sala.example", "password": "สั้น", "again": "ยาวพอสมควร", "terms": "y", "privacy": "y"},
    ).text

    assert "รหัสผ่านมี 4 ตัวอักษร" in page or "มี 4 " in page
    assert "ไม่ตรงกัน" in page
