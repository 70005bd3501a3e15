"""The main page: what waits for each kind of user, with one button each, and few queries (spec: fund.md 2.6)."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from models.core import outbox
from models.core.db import db
from models.fund.codes import GROUP, State
from models.fund.session import EvaluationSession, SteppingOut
from tests.conftest import one_transaction
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, make_session, manager_of, put_on

S = State
# At most so many queries, what the frame of every page asks included: the session, the grants, the bell.
QUERIES = {"author": 8, "manager": 9, "staff": 10, "secretary": 8, "super_user": 7}


def make_world():
    """One of everything that may wait, twice; the keys of who looks at it, and of the meeting."""
    cast = Cast()
    author = None
    for _n in range(2):
        for state in (S.DRAFT, S.READY, S.SCREENING, S.RETURNED, S.WAIT_GROUP):
            proposal = make_proposal(state, author=author, cast=cast)
            author = author or proposal.author
    meeting = make_session(GROUP, cast=cast)
    for _n in range(2):
        put_on(make_proposal(S.WAIT_GROUP, author=author, cast=cast), cast, meeting)
    outbox.post("x@sala.example", "already_registered").state = outbox.FAILED
    people = {
        "author": author,
        "manager": manager_of(author and proposal.organization),
        "staff": cast.staff,
        "secretary": cast.secretary,
        "super_user": make_account("super_user"),
    }
    db.session.commit()
    return {name: SimpleNamespace(id=one.id) for name, one in (people | {"meeting": meeting}).items()}


@pytest.fixture(scope="module")
def lived_in(filled_app):
    """The transaction of all these tests, with the world in it."""
    with one_transaction(filled_app) as connection:
        with filled_app.app_context():
            made = make_world()
        yield connection, made


@pytest.fixture
def app(filled_app, lived_in):
    """The application inside a savepoint of the test's own."""
    point = lived_in[0].begin_nested()
    yield filled_app
    point.rollback()


@pytest.fixture
def world(lived_in):
    return lived_in[1]


def waiting(page):
    """Title -> (count, button) of what waits."""
    lines = re.findall(
        r's-queue-n">(\d+)</span>.*?<a href="[^"]+">([^<]+)</a>.*?<a class="btn[^>]*>([^<]+)<', page, re.DOTALL
    )
    return {title: (int(count), button) for count, title, button in lines}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("author", {"โครงการที่ส่งกลับแก้ไข": 2, "ร่างที่ยังเขียนไม่เสร็จ": 2}),
        ("manager", {"โครงการรอท่านยืนยัน": 2}),
        ("staff", {"โครงการรอตรวจเอกสาร": 2, "โครงการรอบรรจุวาระ": 2, "ข้อความที่ส่งไม่ออก": 1}),
        ("secretary", {"โครงการที่ต้องอ่านก่อนการประชุมถัดไป": 2}),
        ("super_user", {"ข้อความที่ส่งไม่ออก": 1}),
    ],
)
def test_each_sees_what_waits_for_them_with_one_button(client, session, sign_in, world, who, expected):
    found = waiting(sign_in(client, world[who]).get("/").get_data(as_text=True))

    assert {title: count for title, (count, _button) in found.items() if title in expected} == expected
    assert all(button.strip() for _count, button in found.values())


@pytest.mark.parametrize("who", sorted(QUERIES))
def test_the_main_page_asks_little_however_much_waits(client, session, sign_in, world, who, count_queries):
    sign_in(client, world[who])
    client.get("/")
    count_queries.clear()

    assert client.get("/").status_code == 200

    assert len(count_queries) <= QUERIES[who]


def test_items_that_one_stepped_out_of_are_not_to_be_read(client, session, sign_in, world):
    for item in session.get(EvaluationSession, world["meeting"].id).items:
        session.add(SteppingOut(item=item, user_id=world["secretary"].id, reason="declared"))
    session.commit()

    assert "ต้องอ่านก่อนการประชุม" not in sign_in(client, world["secretary"]).get("/").get_data(as_text=True)


def test_who_looks_after_the_system_has_its_pages_at_hand(client, session, sign_in, world, new_client):
    page = sign_in(client, world["super_user"]).get("/").get_data(as_text=True)
    tiles = page[page.index('class="s-tiles"') :]
    assert "/outbox/" in tiles
    assert "/access-log/" in tiles

    others = sign_in(new_client(), world["author"]).get("/").get_data(as_text=True)
    assert "/access-log/" not in others
