"""The main page, the notifications and what all account pages share."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import func, select

from models.core import outbox
from models.core.db import db
from models.core.identity import account_by_identity
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_organization

PASSWORD = "ดอกคูนบานหน้าร้อน"
REGISTRATION = {"email": "anong@school.example", "password": PASSWORD, "again": PASSWORD, "terms": "y", "privacy": "y"}


def tiles(page):
    return re.findall(r"<h3>(.*?)</h3>", page.partition('class="s-tiles"')[2])


@pytest.mark.parametrize(
    ("kind", "shows", "hides"),
    [
        ("project_manager", {"Organizations"}, {"Committee", "System users"}),
        ("staff", {"Organizations", "Committee", "System users"}, set()),
        ("committee", set(), {"Committee", "System users"}),
    ],
)
def test_the_main_page_has_the_tiles_of_ones_kind(client, sign_in, session, kind, shows, hides):
    account = make_account(kind, locale="en")
    session.commit()
    sign_in(client, account)

    found = set(tiles(client.get("/").text))

    assert shows <= found
    assert not hides & found


def test_who_has_no_organization_is_reminded_and_a_manager_is_not(client, sign_in, session):
    homeless, manager = make_account("project_manager", locale="en"), make_manager(make_organization())
    manager.locale = "en"
    session.commit()
    sign_in(client, homeless)
    assert "Choose your organization" in client.get("/").text
    session.commit()
    sign_in(client, manager)
    assert "Choose your organization" not in client.get("/").text


def test_visitors_are_led_to_the_sign_in_page(client, session):
    assert "/sign/in" in client.get("/").headers["Location"]
    assert client.get("/sign/in").status_code == 200


def test_notifications_are_ones_own_and_are_marked_as_read(client, sign_in, session):
    mine, other = make_account("staff", locale="en"), make_account("staff")
    outbox.tell([mine], "kind_given", mine, kind="staff")
    outbox.tell([other], "kind_given", other, kind="super_user")
    session.commit()
    sign_in(client, mine)

    page = client.get("/notifications/").text
    assert "You were appointed Fund staff" in page
    assert "Super user" not in page
    line = session.scalar(select(outbox.Notification.id).where(outbox.Notification.user_id == mine.id))
    assert client.post(f"/notifications/{line}").headers["Location"].endswith("/account/")
    session.expire_all()
    assert outbox.unread_count(mine.id) == 0
    assert outbox.unread_count(other.id) == 1


def test_a_known_and_an_unknown_e_mail_cost_the_same_hashing(client, session, monkeypatch):
    from views.core.account import registration as view

    hashed = []
    real = view.hash_password
    monkeypatch.setattr(view, "hash_password", lambda password: hashed.append(1) or real(password))
    make_account("staff", email="known@school.example")
    session.commit()

    client.post("/register/", data={**REGISTRATION, "form_token": "a"})
    client.post("/register/", data={**REGISTRATION, "email": "known@school.example", "form_token": "b"})

    assert len(hashed) == 2


@pytest.mark.parametrize("path", ["/register/", "/register/resend", "/forgotten/", "/account/password"])
def test_no_form_is_taken_without_its_token(client, sign_in, session, path):
    user = make_account("staff")
    session.commit()
    if path.startswith("/account"):
        sign_in(client, user)

    assert client.post(path, data=REGISTRATION, csrf=False).status_code == 400


def test_the_letters_say_where_to_go_and_hide_their_links_from_readers_of_the_outbox(client, session):
    from jobs.letters import render
    from services.seal import unseal

    client.post("/register/", data={**REGISTRATION, "form_token": "a"})
    [message] = session.scalars(select(outbox.Message).where(outbox.Message.event == "confirm_account"))

    token = unseal(message.values["token"])
    assert f"/register/confirm/{token}" in render(message, reveal=True).text
    assert token not in render(message).text


def test_two_clicks_in_the_same_moment_make_one_account(own_database):
    data = {**REGISTRATION, "form_token": "the same form"}
    answers = []

    def click():
        answers.append(own_database.test_client().post("/register/", data=data).status_code)

    clicks = [threading.Thread(target=click) for _click in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()

    with own_database.app_context():
        assert answers == [302, 302]
        assert account_by_identity("email", REGISTRATION["email"]) is not None
        assert db.session.scalar(select(func.count()).select_from(outbox.Message)) == 1


def test_the_theme_of_the_switch_stays_on_the_next_page(client, session):
    assert 'data-bs-theme="light"' in client.get("/sign/in").text
    client.set_cookie("theme", "dark")
    assert 'data-bs-theme="dark"' in client.get("/sign/in").text
    client.set_cookie("theme", '"><script>')
    assert 'data-bs-theme="light"' in client.get("/sign/in").text
