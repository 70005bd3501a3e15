"""Ways to sign in that a domain registers beside the e-mail, and the first password of who has none."""

from __future__ import annotations

import re

import pytest

from models.core import audit
from models.core.audit import AuditEntry
from models.core.db import db
from models.core.identity import Identity
from models.core.password import hash_password, password_matches
from tests.factories.core import make_account
from views.core import sign, ways
from views.core.account import profile

CODE, OWN = "AB-12", "ริมฝั่งน้ำยามเย็น2569"


@pytest.fixture
def entered(monkeypatch):
    """A way by badge, whose first password is the badge itself; whom it told that somebody came in."""
    told = []
    first = ways.FirstPassword(
        claims=lambda name, typed: typed.upper() == name.upper(),
        opens=lambda name, typed: typed.upper() == name.upper(),
        entered=lambda account: told.append(account.id),
        hint="The badge",
        wrong="Perhaps this badge is in use already.",
    )
    way = ways.Way(
        "badge",
        "fund",
        read=lambda typed: typed.strip().lower() if typed.strip().upper().startswith("AB-") else None,
        noun="badge",
        hint="Carriers of a badge type its number",
        wrong="Badge or password is not right.",
        forgotten="Ask at the gate.",
        finder=("PublicView.terms", "Find a badge"),
        first=first,
    )
    monkeypatch.setattr(ways, "_ways", {"badge": way})
    return told


@pytest.fixture
def carrier(session, entered):
    """An account that is known by its badge and has no password."""
    account = make_account("staff", locale="en")
    account.password = None
    session.add(Identity(user_id=account.id, type="badge", value=CODE.lower()))
    session.commit()
    return account


def enter(client, name=CODE, password=CODE):
    return client.post("/sign/in", data={"email": name, "password": password, "next": "/"})


def choose(client, **fields):
    return client.post("/account/password", data={"old": CODE, "password": OWN, "again": OWN, **fields})


def test_the_page_names_every_way_that_this_site_knows(client, session, entered, monkeypatch):
    page = client.get("/sign/in").text

    assert "badge</label>" in page
    assert "Carriers of a badge" in page
    assert "Find a badge" in page
    assert "Ask at the gate" in client.get("/forgotten/").text
    monkeypatch.setattr(ways, "_ways", {})
    assert "badge" not in client.get("/sign/in").text


def test_a_way_of_a_module_that_the_site_has_not_leads_nowhere(client, carrier, monkeypatch):
    [way] = ways._ways.values()
    monkeypatch.setattr(ways, "_ways", {"badge": ways.Way(**{**vars(way), "module": "elsewhere"})})

    assert enter(client).status_code == 400


def test_the_first_password_opens_nothing_but_the_choice_of_ones_own(client, carrier, entered):
    assert enter(client).status_code == 302

    assert entered == [carrier.id]
    for path in ("/", "/account/", "/account/sessions", "/search/suggest?q=a"):
        assert client.get(path).headers["Location"].endswith("/account/password")
    assert client.post("/account/", data={"first_name": "ก"}).headers["Location"].endswith("/account/password")
    assert client.get("/account/password").status_code == 200
    assert client.get("/pulse/").is_json
    assert client.post("/sign/out").headers["Location"].endswith("/sign/in")


def test_after_the_choice_one_signs_in_again_with_the_new_password_alone(client, carrier, session, new_client):
    elsewhere = new_client()
    enter(elsewhere)
    enter(client)

    chosen = choose(client)

    assert chosen.headers["Location"].endswith("/sign/in")
    assert "/sign/in" in client.get("/").headers["Location"]
    assert "/sign/in" in elsewhere.get("/").headers["Location"]
    assert session.get(type(carrier), carrier.id).password
    assert enter(client, password=OWN).status_code == 302
    assert client.get("/").status_code == 200


def test_of_two_who_came_in_at_once_the_one_who_chooses_first_has_the_account(
    client, carrier, new_client, monkeypatch, session
):
    other = new_client()
    enter(other)
    enter(client)
    hashing = profile.hash_password

    def while_the_other_chooses(password):
        monkeypatch.setattr(profile, "hash_password", hashing)
        choose(other, password="ดอกคูนบานหน้าร้อน", again="ดอกคูนบานหน้าร้อน")
        return hashing(password)

    monkeypatch.setattr(profile, "hash_password", while_the_other_chooses)
    late = choose(client)

    assert late.headers["Location"].endswith("/sign/in")
    assert "Somebody has chosen a password for this account meanwhile" in client.get("/sign/in").text
    assert password_matches(session.get(type(carrier), carrier.id).password, "ดอกคูนบานหน้าร้อน")


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({"old": "AB-13"}, "old"),
        ({"again": OWN + "1"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "ab-12", "again": "ab-12"}, "password"),
    ],
)
def test_a_first_password_of_ones_own_is_typed_right_and_is_not_what_everybody_knows(client, carrier, fields, about):
    enter(client)

    page = choose(client, **fields)

    assert page.status_code == 422
    assert f'id="{about}-e"' in page.text
    assert carrier.password is None


def test_nobody_takes_ones_name_for_a_password_later_either(client, carrier, sign_in, session):
    long = "AB-" + "7" * 10
    session.query(Identity).filter_by(user_id=carrier.id, type="badge").one().value = long.lower()
    enter(client, long, long)
    choose(client, old=long)
    sign_in(client, carrier)

    page = choose(client, old=OWN, password=long, again=long)

    assert page.status_code == 422
    assert password_matches(db.session.get(type(carrier), carrier.id).password, OWN)


def test_known_and_unknown_names_cost_the_same_hashing_and_the_same_questions(client, carrier, monkeypatch):
    cost = []
    [way] = ways._ways.values()
    asked = ways.FirstPassword(**{**vars(way.first), "opens": lambda name, _typed: bool(cost.append(name))})
    monkeypatch.setattr(ways, "_ways", {"badge": ways.Way(**{**vars(way), "first": asked})})
    monkeypatch.setattr(sign, "password_matches", lambda *_given: bool(cost.append("hash")))

    answers = [enter(client, name, "ไม่ใช่รหัสนี้") for name in (CODE, "AB-99")]

    assert cost == ["ab-12", "hash", "ab-99", "hash"]
    assert "Badge or password is not right." in answers[0].text
    texts = [re.sub(r'(nonce=|token"[^>]*?(?:content|value)=)"[^"]*"', "", answer.text) for answer in answers]
    assert texts[0].replace("AB-12", "AB-99") == texts[1]


def test_tries_of_a_first_password_are_counted_by_name_from_wherever_they_come(client, session, entered, carrier):
    def tried(number, name=CODE, password=CODE):
        place = {"REMOTE_ADDR": f"10.0.0.{number}"}
        return client.post("/sign/in", data={"email": name, "password": password}, environ_base=place)

    carrier.password = hash_password(OWN)
    answers = {tried(number).text.count("Perhaps this badge is in use already.") > 0 for number in range(10)}

    assert answers == {True}
    assert "Perhaps this badge" not in tried(11).text
    # Whoever has a password of their own is not kept out by it, and others are not either.
    assert "Perhaps this badge" in tried(12, "AB-99", "AB-99").text
    assert tried(13, password=OWN).status_code == 302


def test_the_log_says_that_a_first_password_was_chosen_and_not_which(client, carrier, session):
    enter(client)
    choose(client)

    entry = session.query(AuditEntry).filter_by(action="password.first").one()
    assert entry.entity_id == str(carrier.id)
    assert OWN not in str(entry.payload)
    assert audit.verify() is None
