"""Limits of the public forms, as the sentence that the form shows."""

from __future__ import annotations

from flask import request
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
