"""Limits on what can be tried again and again: sign-in, codes, mail, public forms (Redis, else a table).

A limit is tight per account and address together and loose per address alone: many people share a school's address,
and a stranger who guesses at an account does not lock its owner out.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
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
class Limit:
    """At most so many tries within a window that begins with the first of them."""

    name: str
    most: int
    window: timedelta


_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)

# Parts: account as typed, address.
SIGN_IN = Limit("sign_in", 5, _QUARTER)
# Parts: address.
SIGN_IN_ADDRESS = Limit("sign_in_address", 100, _QUARTER)
# Parts: the mail address that links are sent to.
LINK_MAIL = Limit("link_mail", 5, _HOUR)
# Parts: the address that asks for links.
LINK_MAIL_ADDRESS = Limit("link_mail_address", 60, _HOUR)
# Parts: account, what the code or password is for.
CODE = Limit("code", 5, _QUARTER)
# Parts: account.
UPLOAD = Limit("upload", 300, _HOUR)


@dataclass(frozen=True)
class Verdict:
    """Whether a try is let through, and if not, after how many seconds the next one is."""

    allowed: bool
    wait: int = 0

    def __bool__(self) -> bool:
        return self.allowed


def allow(limit: Limit, *parts: str) -> Verdict:
    """Count one try under the parts (compared without case) and say whether it is within the limit.

    Commits the open transaction, so that the count stays whatever comes of the request: ask before anything is changed.
    """
    key = _key(limit, parts)
    redis = kept("limiter", _limiter)
    if redis is not None:
        try:
            return _by_redis(redis, limit, key)
        except Exception as error:  # noqa: BLE001 - whatever Redis' client raises, the table still counts
            log.warning("redis does not answer, limits count in the database", extra={"why": type(error).__name__})
    begin_writing()
    count, ends_at = table.hit(key, limit.window)
    db.session.commit()
    if count <= limit.most:
        return Verdict(True)
    return Verdict(False, max(1, math.ceil((ends_at - now()).total_seconds())))


def forget(limit: Limit, *parts: str) -> None:
    """Start the count anew, as after a success. In the table it goes with the open transaction."""
    key = _key(limit, parts)
    redis = kept("limiter", _limiter)
    if redis is not None:
        try:
            redis.clear(_item(limit), key)
        except Exception as error:  # noqa: BLE001 - whatever Redis' client raises
            log.warning("redis does not answer", extra={"why": type(error).__name__})
    begin_writing()
    table.forget(key)


def _key(limit: Limit, parts: tuple[str, ...]) -> str:
    """A key that names nobody: the parts go in as a digest."""
    joined = "\x1f".join(part.strip().casefold() for part in parts)
    return f"{limit.name}:{hashlib.sha256(joined.encode()).hexdigest()[:40]}"


def _limiter(settings: Settings) -> FixedWindowRateLimiter | None:
    if not settings.redis_url:
        return None
    options: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    return FixedWindowRateLimiter(storage_from_string(settings.redis_url, **options))


def _item(limit: Limit) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(limit.most, int(limit.window.total_seconds()), namespace="sala")


def _by_redis(limiter: FixedWindowRateLimiter, limit: Limit, key: str) -> Verdict:
    if limiter.hit(_item(limit), key):
        return Verdict(True)
    ends_at = limiter.get_window_stats(_item(limit), key).reset_time
    return Verdict(False, max(1, math.ceil(ends_at - time.time())))
