"""Sends short messages by HTTP POST of JSON {to, text, reference}; without SALA_SMS_URL they stay in the outbox."""

from __future__ import annotations

import httpx

from services.core import ServiceDown, settings

SECONDS = 10.0


class SmsDown(ServiceDown):
    """The gateway cannot be reached or is not well: try again later."""


class SmsRefused(Exception):
    """The gateway refused this one message for good."""


def is_configured() -> bool:
    """Whether short messages can go out at all."""
    return bool(settings().sms_url)


def send(to: str, text: str, reference: str, seconds: float = SECONDS) -> None:
    """Hand one short message over; by `reference` the gateway knows one that is sent twice.

    Raises SmsDown or SmsRefused.
    `to` is a number as the gateway's contract has it (0812345678).
    """
    try:
        answer = httpx.post(settings().sms_url, json={"to": to, "text": text, "reference": reference}, timeout=seconds)
    except httpx.HTTPError as error:
        raise SmsDown(f"{type(error).__name__}: {error}") from error
    if answer.is_success:
        return
    if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
        raise SmsDown(f"HTTP {answer.status_code}")
    raise SmsRefused(f"HTTP {answer.status_code}")
