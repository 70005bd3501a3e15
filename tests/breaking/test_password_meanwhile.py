"""A password that is set, or taken away, while another request still hashes: whoever was shut out stays out."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.assessment import activation
from models.assessment.codes import NATIONAL
from models.assessment.enrolment import Newcomer, enrol_all
from models.assessment.school import School
from models.core.db import db
from models.core.identity import Account, SignInSession
from models.core.outbox import Message
from models.core.password import hash_password, password_matches
from models.core.registration import set_password
from tests.factories.assessment import enrolled, make_round
from tests.factories.core import make_account

CODE = "1320016202"
OWN, OTHER = "ดอกคูนบานหน้าร้อน", "ลมหนาวพัดผ่านทุ่ง"


@pytest.fixture
def meanwhile(app, monkeypatch):
    """Let something be done and stored once, while a page hashes what was typed: `meanwhile(page, deed)`."""

    def arrange(page, deed):
        waiting = [deed]

        def matches(stored, typed):
            if waiting:
                with app.app_context():
                    waiting.pop()()
                    db.session.commit()
            return password_matches(stored, typed)

        monkeypatch.setattr(page, "password_matches", matches)

    return arrange


@pytest.fixture
def school(session):
    """A school before its first sign-in, while a round is open."""
    [made] = enrol_all([Newcomer(CODE, "วิทยาลัยการอาชีพบ้านสวน", "20")])
    make_round()
    session.commit()
    return made


@pytest.fixture
def taken(session):
    """A school with a password that somebody else chose, and the office that can give the first one back."""
    [made] = enrolled(Newcomer(CODE, "วิทยาลัยการอาชีพบ้านสวน", "20"))
    made.account.password = hash_password(OWN)
    office = make_account(NATIONAL)
    session.commit()
    return made, office


def given_back(school, office):
    """The office gives the school its first password back."""
    keys = school.id, office.id
    return lambda: activation.reset(db.session.get(School, keys[0]), db.session.get(Account, keys[1]))


def open_sessions_of(account_id):
    db.session.expire_all()
    rows = select(SignInSession).where(SignInSession.user_id == account_id, SignInSession.ended_at.is_(None))
    return list(db.session.scalars(rows))


def enter(client, password):
    return client.post("/sign/in", data={"email": CODE, "password": password})


def test_the_first_password_lets_nobody_in_that_the_school_replaced_while_it_was_checked(client, school, meanwhile):
    from views.core import sign

    key = school.account_id
    meanwhile(sign, lambda: set_password(db.session.get(Account, key), hash_password(OWN)))

    assert enter(client, CODE).status_code == 400

    assert open_sessions_of(key) == []
    assert "/sign/in" in client.get("/registration/").headers["Location"]


def test_a_sign_in_under_way_does_not_outlive_the_reset(client, taken, meanwhile):
    from views.core import sign

    school, office = taken
    meanwhile(sign, given_back(school, office))

    assert enter(client, OWN).status_code == 400
    assert open_sessions_of(school.account_id) == []


def test_a_change_of_password_under_way_does_not_undo_the_reset(client, sign_in, taken, meanwhile):
    from views.core.account import profile

    school, office = taken
    sign_in(client, school.account)
    meanwhile(profile, given_back(school, office))

    answer = client.post("/account/password", data={"old": OWN, "password": OTHER, "again": OTHER})

    assert answer.status_code == 422
    assert "มีผู้ตั้งรหัสผ่านของบัญชีนี้ไปก่อนแล้ว" in answer.text
    db.session.expire_all()
    assert school.account.password is None
    assert school.activated_at is None


def test_a_new_address_asked_for_while_the_reset_came_gets_no_link(client, sign_in, taken, meanwhile):
    from views.core.account import address

    school, office = taken
    sign_in(client, school.account)
    meanwhile(address, given_back(school, office))

    client.post("/account/email/", data={"email": "another@school.example", "password": OWN})

    db.session.expire_all()
    assert db.session.scalar(select(Message).where(Message.address == "another@school.example")) is None
