"""Limits on what can be tried again and again: sign-in, codes, mail, public forms (Redis, else a table).

A limit is tight per account and address together and loose per address alone: many people share a school's address,
and a stranger who guesses at an account does not lock its owner out.
"""

from __future__ import annotations

import hashlib
import logging
import math
import threading
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
# Parts: account as typed. Tries of what stands for a password until the account has its own.
FIRST_PASSWORD = Limit("first_password", 10, _HOUR)
# Parts: address. A school's whole province may sit in one room for its first sign-in.
FIRST_PASSWORD_ADDRESS = Limit("first_password_address", 60, _HOUR)
# Parts: the mail address that links are sent to.
LINK_MAIL = Limit("link_mail", 5, _HOUR)
# Parts: the address that asks for links.
LINK_MAIL_ADDRESS = Limit("link_mail_address", 60, _HOUR)
# Parts: account, what the code or password is for.
CODE = Limit("code", 5, _QUARTER)
# Parts: account.
UPLOAD = Limit("upload", 300, _HOUR)
# Parts: key. Ten requests a second, for as long as one likes.
API_REQUEST = Limit("api_request", 600, timedelta(minutes=1))
# Parts: the address that shows keys which are not in force.
API_FAILURE = Limit("api_failure", 60, _QUARTER)

LOT = 20  # requests that a process takes at once from what is left to a key
# What codes and passwords are asked for again.
CODES = ("password",)


@dataclass(frozen=True)
class Verdict:
    """Whether a try is let through, and if not, after how many seconds the next one is (0: not asked)."""

    allowed: bool
    wait: int = 0

    def __bool__(self) -> bool:
        return self.allowed


@dataclass
class _Lot:
    left: int
    ends: float  # by the monotonic clock


_lots: dict[tuple[str, str], _Lot] = {}
_lots_lock = threading.Lock()
_MOST_LOTS = 10_000


def allow_in_lots(limit: Limit, *parts: str) -> Verdict:
    """As `allow`, for what happens often: this process counts a lot of tries at once and then by itself.

    So most tries write nothing. What a process took and did not use is lost to the others until the window ends: with
    n processes up to (n - 1) * LOT tries of `limit.most`.
    """
    key, moment = (_where(), key_of(limit, *parts)), time.monotonic()
    with _lots_lock:
        lot = _lots.get(key)
        if lot is not None and lot.ends > moment:
            if lot.left > 0:
                lot.left -= 1
                return Verdict(True)
            if lot.left < 0:  # refused: nobody need ask again before the window ends
                return Verdict(False, max(1, math.ceil(lot.ends - moment)))
    size = min(LOT, limit.most)
    verdict = allow(limit, *parts, times=size)
    with _lots_lock:
        if len(_lots) >= _MOST_LOTS:
            _lots.clear()
        wait = verdict.wait or int(limit.window.total_seconds())
        _lots[key] = _Lot(size - 1 if verdict else -1, time.monotonic() + wait)
    return verdict


def _where() -> str:
    return str(db.session().get_bind().engine.url)


def allow(limit: Limit, *parts: str, times: int = 1) -> Verdict:
    """Count a try, or so many `times` one, under the parts (compared without case); whether it is within the limit.

    A verdict that lets through has in `wait` the seconds until the window ends. Commits the open transaction, so that
    the count stays whatever comes of the request: ask before anything is changed.
    """
    key = key_of(limit, *parts)
    redis = kept("limiter", _limiter)
    if redis is not None:
        try:
            return _by_redis(redis, limit, key, times)
        except Exception as error:  # noqa: BLE001 - whatever Redis' client raises, the table still counts
            log.warning("redis does not answer, limits count in the database", extra={"why": type(error).__name__})
    begin_writing()
    count, ends_at = table.hit(key, limit.window, times)
    db.session.commit()
    return Verdict(count <= limit.most, max(1, math.ceil((ends_at - now()).total_seconds())))


def forget(limit: Limit, *parts: str) -> None:
    """Start the count anew, as after a success. In the table it goes with the open transaction."""
    forget_key(limit, key_of(limit, *parts))


def forget_key(limit: Limit, key: str) -> None:
    """The same for one whose key is known, not whom it counts."""
    redis = kept("limiter", _limiter)
    if redis is not None:
        try:
            redis.clear(_item(limit), key)
        except Exception as error:  # noqa: BLE001 - whatever Redis' client raises
            log.warning("redis does not answer", extra={"why": type(error).__name__})
    begin_writing()
    table.forget(key)


def key_of(limit: Limit, *parts: str) -> str:
    """Under which key tries with these parts are counted; it names nobody, for they go in as a digest."""
    joined = "\x1f".join(part.strip().casefold() for part in parts)
    return f"{limit.name}:{hashlib.sha256(joined.encode()).hexdigest()[:40]}"


def _limiter(settings: Settings) -> FixedWindowRateLimiter | None:
    if not settings.redis_url:
        return None
    options: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    return FixedWindowRateLimiter(storage_from_string(settings.redis_url, **options))


def _item(limit: Limit) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(limit.most, int(limit.window.total_seconds()), namespace="sala")


def _by_redis(limiter: FixedWindowRateLimiter, limit: Limit, key: str, times: int) -> Verdict:
    allowed = limiter.hit(_item(limit), key, cost=times)
    if allowed and times == 1:
        return Verdict(True)
    ends_at = limiter.get_window_stats(_item(limit), key).reset_time
    return Verdict(allowed, max(1, math.ceil(ends_at - time.time())))
