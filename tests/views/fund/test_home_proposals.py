"""The main page says what of the proposals waits for this person, since when, and leads there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.core.clock import frozen_at
from models.core.db import db
from models.fund.codes import COMMITTEE, STAFF, SUPER_USER, State
from models.fund.screening import save_screening
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_member, make_organization, make_proposal
from views.fund import home


@pytest.fixture
def waiting(app, session):
    """What waits for somebody, title -> entry, from the sources of proposals."""

    def of(account):
        account.forget_grants()
        with app.test_request_context():
            found = [entry for source in SOURCES for entry in source(account)]
        return {str(entry.title): entry for entry in found if entry.count}

    return of


MOMENT = datetime(2026, 3, 11, 7, 32, tzinfo=UTC)
SOURCES = (home.to_confirm, home.to_revise, home.to_finish, home.to_screen)


def test_an_author_finds_drafts_and_what_came_back(waiting):
    organization = make_organization()
    author = make_member(organization)
    draft = make_proposal(author=author)
    make_proposal(State.RETURNED, author=author)
    make_proposal(State.RETURNED, author=author)
    make_proposal(author=make_member(organization))

    found = waiting(author)

    assert {title: entry.count for title, entry in found.items()} == {
        "โครงการที่ส่งกลับแก้ไข": 2,
        "ร่างที่ยังเขียนไม่เสร็จ": 1,
    }
    assert found["ร่างที่ยังเขียนไม่เสร็จ"].url == f"/proposals/{draft.id}"
    assert found["โครงการที่ส่งกลับแก้ไข"].url == "/proposals/?tab=returned"


def test_a_manager_finds_what_is_ready_and_a_plain_member_does_not(waiting):
    organization = make_organization()
    manager, author = make_manager(organization), make_member(organization)
    make_proposal(State.READY, author=author)
    make_proposal(State.READY)

    assert waiting(manager)["โครงการรอท่านยืนยัน"].count == 1
    assert "โครงการรอท่านยืนยัน" not in waiting(author)


def test_staff_find_what_to_check_with_the_oldest_and_whether_it_is_late(waiting):
    staff = make_account(STAFF)
    with frozen_at(MOMENT):
        old = make_proposal(State.SCREENING)
    make_proposal(State.SCREENING)
    make_proposal(State.WAIT_GROUP)
    save_screening(old, {"advice": "ค้าง"}, staff, 0)

    found = waiting(staff)

    to_check = found["โครงการรอตรวจเอกสาร"]
    assert (to_check.count, to_check.oldest, to_check.is_late) == (2, MOMENT, True)
    assert found["ผลตรวจที่บันทึกไว้ ยังไม่ส่ง"].count == 1
    assert len(found) == 2


@pytest.mark.parametrize("kind", [COMMITTEE, SUPER_USER])
def test_nothing_waits_for_those_who_neither_write_nor_check(waiting, kind):
    make_proposal(State.SCREENING)
    make_proposal(State.READY)

    assert waiting(make_account(kind)) == {}


def test_each_source_asks_once(app, session, count_queries):
    staff, manager = make_account(STAFF), make_manager()
    make_proposal(State.SCREENING)
    for account in (staff, manager):
        _kinds = account.kinds
        with app.test_request_context():
            home.to_confirm(account)
            for source in SOURCES[:3]:
                count_queries.clear()
                source(account)
                assert len(count_queries) <= 1
            count_queries.clear()
            home.to_screen(account)
            assert len(count_queries) <= 2


def test_a_count_stops_at_its_limit(waiting, monkeypatch):
    monkeypatch.setattr(home, "COUNTED", 2)
    author = make_member(make_organization())
    for _ in range(3):
        make_proposal(author=author)

    assert waiting(author)["ร่างที่ยังเขียนไม่เสร็จ"].count == 2


def test_the_tile_offers_only_what_its_user_may_do(app, session):
    links = {}
    with app.test_request_context():
        for kind in (STAFF, COMMITTEE, "project_manager"):
            links[kind] = [str(words) for words, _url in home.tiles(make_account(kind))[0].links]

    assert links == {
        STAFF: ["แสดงรายการ", "ตรวจเอกสาร"],
        COMMITTEE: ["แสดงรายการ"],
        "project_manager": ["แสดงรายการ", "สร้างโครงการ"],
    }


def test_the_main_page_shows_it(client, sign_in, session):
    staff = make_account(STAFF)
    make_proposal(State.SCREENING)
    db.session.commit()

    page = sign_in(client, staff).get("/").text

    assert "โครงการรอตรวจเอกสาร" in page
    assert 'href="/screening/"' in page
