"""Limits are tight for one account from one address and loose for an address that many share."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta

import pytest
import redis
from sqlalchemy import select

from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.throttle import Throttle
from services import throttle
from tests.servers import free_port

REDIS_URL = os.environ.get("SALA_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


def redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(REDIS_URL, socket_connect_timeout=0.5).ping())
    except redis.RedisError:
        return False


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


def someone() -> dict[str, str]:
    return {"account": f"{secrets.token_hex(8)}@x.example", "address": secrets.token_hex(8)}


def test_the_sixth_try_waits_and_says_how_long(limits):
    who = someone()

    assert [throttle.allow("sign_in", **who) for _ in range(5)] == [None] * 5
    wait = throttle.allow("sign_in", **who)

    assert wait is not None
    assert 890 <= wait <= 900


def test_a_stranger_does_not_lock_the_owner_out(limits):
    owner, stranger = someone(), secrets.token_hex(8)
    for _ in range(8):
        throttle.allow("sign_in", account=owner["account"], address=stranger)

    assert throttle.allow("sign_in", **owner) is None


def test_many_accounts_share_an_address_up_to_its_own_limit(limits):
    address = secrets.token_hex(8)
    tries = [throttle.allow("sign_in", account=f"{number}@x", address=address) for number in range(101)]

    assert tries[:100] == [None] * 100
    assert tries[100]


def test_success_starts_the_accounts_count_anew(limits):
    who = someone()
    for _ in range(5):
        throttle.allow("sign_in", **who)

    throttle.forget("sign_in", **who)
    db.session.commit()

    assert throttle.allow("sign_in", **who) is None


def test_letters_case_makes_no_other_account(limits):
    who = someone()
    for _ in range(5):
        throttle.allow("sign_in", **who)

    assert throttle.allow("sign_in", account=who["account"].upper(), address=who["address"])


def test_the_window_ends(plain):
    who = someone()
    for _ in range(6):
        throttle.allow("sign_in", **who)

    with frozen_at(now() + timedelta(minutes=16)):
        assert throttle.allow("sign_in", **who) is None


def test_a_count_stays_when_the_request_is_undone(plain):
    who = someone()
    for _ in range(5):
        throttle.allow("sign_in", **who)
        db.session.rollback()

    assert throttle.allow("sign_in", **who)


def test_the_table_names_nobody(plain):
    throttle.allow("sign_in", account="somchai@x.example", address="203.0.113.9")

    keys = " ".join(db.session.scalars(select(Throttle.key)))
    assert "somchai" not in keys
    assert "203.0" not in keys


def test_a_part_that_is_forgotten_is_a_mistake(plain):
    with pytest.raises(KeyError):
        throttle.allow("sign_in", account="a@x.example")
