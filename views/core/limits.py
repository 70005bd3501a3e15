"""Limits of the public forms, as the sentence that the form shows; and answers that take as long for everybody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, request
from flask_babel import ngettext

from services import throttle


def too_many(*limits: tuple[throttle.Limit, tuple[str, ...]]) -> str | None:
    """Count one try under each limit; the sentence to show when one is passed, else None. Commits."""
    waits = [verdict.wait for limit, parts in limits if not (verdict := throttle.allow(limit, *parts))]
    if not waits:
        return None
    minutes = max(1, round(max(waits) / 60))
    return ngettext(
        "Too many tries. Wait %(num)s minute and try again.",
        "Too many tries. Wait %(num)s minutes and try again.",
        minutes,
    )


def too_many_links(email: str) -> str | None:
    """The limit on mails with links: tight per address written to, loose per address asked from."""
    return too_many((throttle.LINK_MAIL, (email,)), (throttle.LINK_MAIL_ADDRESS, (request.remote_addr or "",)))


@contextmanager
def even_time() -> Iterator[None]:
    """Let the block end only at a whole number of steps (EVEN_SECONDS), so that its length tells nothing.

    Writing to somebody known takes other work than writing to nobody; both fit into one step.
    """
    step, began = float(current_app.config["EVEN_SECONDS"]), time.perf_counter()
    yield
    if step:
        time.sleep(-(time.perf_counter() - began) % step)
