"""People of one committee at the same moment: nothing is entered twice, no agency stands beside the word of none."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from models.assessment.catalogue import Branch
from models.assessment.outside import NoneOutside, OutsideAgency, OutsideLine
from models.core.db import db
from tests.factories.assessment import make_committee, make_round
from tests.views.assessment.outside_pages import ADD, LIST, NONE, PVC, WHO, fields_of, typed

TIMES = 5


@pytest.fixture
def browsers(own_database, sign_in):
    """Several browsers of one committee in an open round, each with the page for adding open; and a branch."""
    with own_database.app_context():
        make_round()
        account = make_committee().account
        branch = db.session.scalar(select(Branch.id).where(Branch.curriculum == PVC).order_by(Branch.position))
        db.session.commit()
        found = [sign_in(own_database.test_client(), account) for _ in range(TIMES)]
    return found, branch


def at_once(browsers, *posts):
    """Each browser posts its own (address, form) at the same moment; the answers' statuses."""
    together = threading.Barrier(len(posts))

    def one(browser, post):
        together.wait(60)
        return browser.post(post[0], data=post[1]).status_code

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(one, browsers, posts))


def count_of(app, table):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


def test_one_agency_that_several_enter_at_once_is_entered_once(own_database, browsers):
    clients, branch = browsers
    pages = [typed(fields_of(one.get(ADD).text), {branch: "12"}, **WHO) for one in clients]

    statuses = at_once(clients, *((ADD, page) for page in pages))

    assert sorted(statuses) == [303] + [422] * (TIMES - 1)
    assert (count_of(own_database, OutsideAgency), count_of(own_database, OutsideLine)) == (1, 1)


def test_an_agency_and_the_word_that_there_is_none_never_stand_together(own_database, browsers):
    clients, branch = browsers
    page = typed(fields_of(clients[0].get(ADD).text), {branch: "12"}, **WHO)

    statuses = at_once(clients, (ADD, page), (f"{NONE}confirm", {}), (f"{NONE}confirm", {}))

    there = (count_of(own_database, OutsideAgency), count_of(own_database, NoneOutside))
    assert there in ((1, 0), (0, 1))
    assert (statuses[0] == 303) == (there == (1, 0))


def test_several_who_save_one_agency_at_once_lose_nothing_that_was_stored(own_database, browsers):
    clients, branch = browsers
    clients[0].post(ADD, data=typed(fields_of(clients[0].get(ADD).text), {branch: "12"}, **WHO))
    with own_database.app_context():
        pk = db.session.scalar(select(OutsideAgency.id))
    url = f"{LIST}{pk}"
    pages = [typed(fields_of(one.get(url).text), {branch: str(20 + n)}) for n, one in enumerate(clients)]

    statuses = at_once(clients, *((url, page) for page in pages))

    assert sorted(statuses) == [303] + [409] * (TIMES - 1)
    with own_database.app_context():
        saved = db.session.scalar(select(OutsideLine.students))
        assert saved == 20 + statuses.index(303)
        assert db.session.scalar(select(OutsideAgency.students)) == saved
