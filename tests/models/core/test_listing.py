"""Keyset lists: every row once and in order, both ways, ties among them; and positions that are checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from models.core.db import db
from models.core.draft import Draft
from models.core.identity import Account
from models.core.listing import BadPosition, Order, capped_count, capped_counts, walk
from models.core.outbox import Notification
from tests.factories.core import make_account

BY_NAME = Order("name", (Account.sort_key,), Account.id)
START = datetime(2026, 3, 11, 7, 32, tzinfo=UTC)
slow = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def owner(session):
    return make_account()


def fill(owner, keys):
    db.session.execute(delete(Notification))
    for key in keys:
        values = {"n": key}
        db.session.add(Notification(user_id=owner.id, event="x", values=values, told_at=START + timedelta(seconds=key)))
    db.session.flush()


BY_ID = {falls: Order("id", (), Notification.id, falls) for falls in (False, True)}


def told_at(falls):
    """An order by a column that has no index, which only a test may ask for."""
    order = object.__new__(Order)
    for name, value in {
        "name": "told",
        "columns": (Notification.told_at,),
        "key": Notification.id,
        "descending": falls,
    }.items():
        object.__setattr__(order, name, value)
    return order


@slow
@given(
    keys=st.lists(st.integers(0, 5), max_size=30),
    size=st.integers(1, 7),
    falls=st.booleans(),
    ties=st.booleans(),
)
def test_walking_there_and_back_meets_every_row_once_in_order(owner, keys, size, falls, ties):
    fill(owner, keys)
    order = told_at(falls) if ties else BY_ID[falls]
    rows = select(Notification)
    expected = list(db.session.scalars(order.sorted(rows)))

    forward, page = [], walk(rows, order, size)
    pages = [page]
    assert page.before is None
    while True:
        forward += page.rows
        if page.after is None:
            break
        page = walk(rows, order, size, after=page.after)
        pages.append(page)
    backward = list(page.rows)
    while page.before is not None:
        page = walk(rows, order, size, before=page.before)
        backward = page.rows + backward

    assert forward == expected
    assert backward == expected
    assert all(len(page.rows) == size for page in pages[:-1])


@slow
@given(keys=st.lists(st.integers(0, 9), max_size=20), at=st.integers(0, 9), falls=st.booleans())
def test_a_jump_begins_with_the_first_row_at_or_behind_the_value(owner, keys, at, falls):
    fill(owner, keys)
    moment = START + timedelta(seconds=at)

    page = walk(select(Notification), told_at(falls), 100, start=[moment])

    wanted = sorted((key for key in keys if (key <= at if falls else key >= at)), reverse=falls)
    assert [row.values["n"] for row in page.rows] == wanted
    if page.rows:
        assert (page.before is not None) == (len(wanted) < len(keys))


def test_a_row_that_comes_in_meanwhile_moves_nothing_to_another_page(owner):
    fill(owner, [1, 2, 4, 5])
    rows, order = select(Notification), told_at(False)
    first = walk(rows, order, 2)

    db.session.add(Notification(user_id=owner.id, event="x", values={"n": 0}, told_at=START))
    db.session.flush()
    second = walk(rows, order, 2, after=first.after)

    assert [row.values["n"] for row in first.rows + second.rows] == [1, 2, 4, 5]


def test_several_columns_come_back_as_rows_without_those_of_the_order(owner):
    fill(owner, [3])

    page = walk(select(Notification, Notification.event), BY_ID[False], 5)

    assert [(line.values, event) for line, event in page.rows] == [({"n": 3}, "x")]


def test_a_position_is_read_back_as_it_was_written(owner):
    order = told_at(True)
    place = (START + timedelta(microseconds=7), 12)

    assert order.position(place) == "20260311T073200.000007Z~12"
    assert order.read(order.position(place)) == place
    assert BY_NAME.read(BY_NAME.position(("ก~ข", 3))) == ("ก~ข", 3)


@pytest.mark.parametrize(
    "text",
    ["", "1", "x~1", *(f"20260311T073200.000007Z~{key}" for key in ("", "1x", "9" * 30, "²"))],
)
def test_a_position_that_cannot_be_meant_is_refused(owner, text):
    with pytest.raises(BadPosition):
        walk(select(Notification), told_at(False), 5, after=text)


@pytest.mark.parametrize("text", ["ก\0~1", "ก" * 500 + "~1", "\ud800~1"])
def test_a_text_that_the_database_would_not_take_is_refused(session, text):
    with pytest.raises(BadPosition):
        walk(select(Account), BY_NAME, 5, after=text)


def test_an_order_by_what_may_be_empty_or_has_no_index_is_a_mistake():
    with pytest.raises(ValueError, match="never NULL"):
        Order("read", (Notification.read_at,), Notification.id)
    with pytest.raises(ValueError, match="index"):
        Order("kept", (Draft.content,), Draft.id)


def test_counts_stop_at_the_limit(owner):
    fill(owner, range(7))
    rows = select(Notification)

    assert capped_count(rows, Notification.id) == 7
    assert capped_count(rows, Notification.id, most=5) == 6
    few = rows.where(Notification.user_id == -1)
    assert capped_counts([rows, few], Notification.id, most=6) == [7, 0]
    assert capped_counts([], Notification.id) == []
