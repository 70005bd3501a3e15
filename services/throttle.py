"""Limits on what can be tried again and again: sign-in, codes, mail, public forms (Redis, else a table).

A limit is tight per account and address together and loose per address alone: many people share a school's address,
and a stranger who guesses at an account does not lock its owner out.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from config import Settings
from models.core import throttle as table
from models.core.db import begin_writing, db, now
from services.core import kept

log = logging.getLogger("sala.throttle")


@dataclass(frozen=True)
class Rule:
    """At most so many tries by these parts, within a window that begins with the first of them."""

    by: tuple[str, ...]
    most: int
    window: timedelta
    # A success starts the count anew (the loose rules go on counting).
    ends_with_success: bool = False


_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)

# The limits by name; a try must pass every rule.
LIMITS: dict[str, tuple[Rule, ...]] = {
    "sign_in": (
        Rule(("account", "address"), 5, _QUARTER, ends_with_success=True),
        Rule(("address",), 100, _QUARTER),
        # One account from everywhere: a botnet is slowed, and its owner on one address still comes in first.
        Rule(("account",), 60, _QUARTER, ends_with_success=True),
    ),
    "code": (Rule(("account",), 5, _QUARTER, ends_with_success=True), Rule(("address",), 100, _QUARTER)),
    "link_mail": (Rule(("account",), 5, _HOUR), Rule(("address",), 60, _HOUR)),
    "register": (Rule(("address",), 60, _HOUR),),
    "password": (Rule(("account",), 10, _QUARTER, ends_with_success=True),),
    "public_form": (Rule(("form", "address"), 30, _HOUR),),
    "upload": (Rule(("account",), 300, _HOUR),),
}


def allow(name: str, **parts: str) -> int | None:
    """Count one try: None lets it through, else after how many seconds the next one is.

    `parts` are what the rules of LIMITS[name] count by (account, address, form), compared without case.
    Commits the open transaction, so that the count stays whatever comes of the request: ask before anything is changed.
    """
    keys = [(rule, _key(name, rule, parts)) for rule in LIMITS[name]]
    redis = kept("limiter", _limiter)
    if redis is not None:
        try:
            return _longest(_by_redis(redis, rule, key) for rule, key in keys)
        except Exception as error:  # noqa: BLE001 - whatever Redis' client raises, the table still counts
            log.warning("redis does not answer, limits count in the database", extra={"why": type(error).__name__})
    begin_writing()
    wait = _longest(_by_table(rule, key) for rule, key in keys)
    db.session.commit()
    return wait


def _longest(waits: Iterable[int | None]) -> int | None:
    return max((wait for wait in list(waits) if wait is not None), default=None)


def forget(name: str, **parts: str) -> None:
    """Start anew, as after a success, the counts that end with one. In the table it goes with the open transaction."""
    redis = kept("limiter", _limiter)
    for rule in LIMITS[name]:
        if not rule.ends_with_success:
            continue
        key = _key(name, rule, parts)
        if redis is not None:
            try:
                redis.clear(_item(rule), key)
            except Exception as error:  # noqa: BLE001 - whatever Redis' client raises
                log.warning("redis does not answer", extra={"why": type(error).__name__})
        begin_writing()
        table.forget(key)


def _by_table(rule: Rule, key: str) -> int | None:
    count, ends_at = table.hit(key, rule.window)
    return None if count <= rule.most else max(1, math.ceil((ends_at - now()).total_seconds()))


def _key(name: str, rule: Rule, parts: dict[str, str]) -> str:
    """A key that names nobody: the parts go in as a digest. A part that is missing is a mistake (KeyError)."""
    joined = "\x1f".join(parts[part].strip().casefold() for part in rule.by)
    return f"{name}.{'.'.join(rule.by)}:{hashlib.sha256(joined.encode()).hexdigest()[:40]}"


def _limiter(settings: Settings) -> FixedWindowRateLimiter | None:
    if not settings.redis_url:
        return None
    options: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    return FixedWindowRateLimiter(storage_from_string(settings.redis_url, **options))


def _item(rule: Rule) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(rule.most, int(rule.window.total_seconds()), namespace="sala")


def _by_redis(limiter: FixedWindowRateLimiter, rule: Rule, key: str) -> int | None:
    if limiter.hit(_item(rule), key):
        return None
    ends_at = limiter.get_window_stats(_item(rule), key).reset_time
    return max(1, math.ceil(ends_at - time.time()))
