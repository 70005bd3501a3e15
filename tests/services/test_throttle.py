"""Limits are tight for one account from one address and loose for an address that many share."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.throttle import Throttle
from services.throttle import (
    CODE,
    LOT,
    SIGN_IN,
    SIGN_IN_ADDRESS,
    Limit,
    allow,
    allow_in_lots,
    forget,
    key_of,
)
from tests.servers import REDIS_URL, free_port, redis_answers


@pytest.fixture(params=["table", "redis", "redis gone"])
def limits(request, make_app):
    """An application that counts in its table, in Redis, and in its table because Redis is away."""
    settings = {}
    if request.param == "redis":
        if not redis_answers():
            pytest.skip("Redis does not answer")
        settings = {"SALA_REDIS_URL": REDIS_URL}
    elif request.param == "redis gone":
        settings = {"SALA_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    with make_app(**settings).app_context():
        yield request.param


def someone() -> tuple[str, str]:
    return f"{secrets.token_hex(8)}@x.example", secrets.token_hex(8)


def test_the_sixth_try_waits_and_says_how_long(limits):
    who = someone()

    assert all(allow(SIGN_IN, *who) for _ in range(5))
    verdict = allow(SIGN_IN, *who)

    assert not verdict
    assert 890 <= verdict.wait <= 900


def test_a_stranger_does_not_lock_the_owner_out(limits):
    account, address = someone()
    for _ in range(8):
        allow(SIGN_IN, account, "a stranger's address")

    assert allow(SIGN_IN, account, address)


def test_many_share_an_address_up_to_its_own_limit(limits):
    address = secrets.token_hex(8)
    tries = [bool(allow(SIGN_IN_ADDRESS, address)) for _ in range(101)]

    assert tries == [True] * 100 + [False]


def test_success_starts_the_count_anew(limits):
    who = someone()
    for _ in range(5):
        allow(SIGN_IN, *who)

    forget(SIGN_IN, *who)
    db.session.commit()

    assert allow(SIGN_IN, *who)


def test_what_happens_often_is_counted_in_lots_and_ends_at_the_same_limit(limits):
    key = secrets.token_hex(8)
    limit = Limit("often", 2 * LOT, timedelta(minutes=1))

    tries = [bool(allow_in_lots(limit, key)) for _ in range(2 * LOT)]
    verdict = allow_in_lots(limit, key)

    assert all(tries)
    assert not verdict
    assert 55 <= verdict.wait <= 60
    if limits != "redis":
        counts = db.session.scalars(select(Throttle.count).where(Throttle.key == key_of(limit, key))).all()
        assert counts == [3 * LOT]


def test_the_case_of_letters_makes_no_other_account(limits):
    account, address = someone()
    for _ in range(5):
        allow(SIGN_IN, account, address)

    assert not allow(SIGN_IN, account.upper(), address)


def test_one_limit_does_not_count_for_another(limits):
    who = someone()
    for _ in range(6):
        allow(SIGN_IN, *who)

    assert allow(CODE, *who)


def test_the_window_ends(plain):
    who = someone()
    for _ in range(6):
        allow(SIGN_IN, *who)

    with frozen_at(now() + timedelta(minutes=16)):
        assert allow(SIGN_IN, *who)


def test_a_count_stays_when_the_request_is_undone(plain):
    who = someone()
    for _ in range(5):
        allow(SIGN_IN, *who)
        db.session.rollback()

    assert not allow(SIGN_IN, *who)


def test_the_table_names_nobody(plain):
    allow(SIGN_IN, "somchai@x.example", "203.0.113.9")

    keys = " ".join(db.session.scalars(select(Throttle.key)))
    assert "somchai" not in keys
    assert "203.0" not in keys
