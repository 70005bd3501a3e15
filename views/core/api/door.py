"""The door of the API: a key that is in force, asked for nothing but what it was given for, and not too often."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from models.core import api_key, audit
from models.core.db import set_reading
from services import throttle
from views.core.access import Policy
from views.core.problem import is_api, problem

SAFE = ("GET", "HEAD", "OPTIONS")


def open_by_key(policy: Policy) -> Response | None:
    """Let the request in as the key's account, or say why not; whoever is refused learns nothing of the records."""
    shown = request.headers.get("Authorization")
    if shown is None:
        return problem(401)
    way, _space, token = shown.partition(" ")
    key = api_key.key_of_token(token.strip()) if way.casefold() == "bearer" else None
    verdict = (
        throttle.allow(throttle.API_FAILURE, request.remote_addr or "")
        if key is None
        else throttle.allow_in_lots(throttle.API_REQUEST, str(key.id))
    )
    if not verdict:
        return problem(429, headers={"Retry-After": str(verdict.wait)})
    if key is None:
        return problem(401)
    if request.method in SAFE:
        set_reading(True)  # Counting may have written; the request itself only reads.
    g.user, g.api_key, g.api_key_id = key.account, key, key.id
    audit.act_as(key.account_id, request.remote_addr or "", g.get("request_id", ""), key.id)
    if policy.scope and not key.holds(policy.scope):
        return problem(403, "no_scope")
    return None


def finish(response: Any) -> Any:
    """What every answer of the API has; and note, at most once a minute, that the key was used."""
    if is_api():
        response.headers.add("Vary", "Authorization, Accept-Language")
        if 300 <= response.status_code < 400:
            response.data = b""  # The router sends a page along with a redirect.
            response.headers.pop("Content-Type", None)
    key = g.get("api_key")
    if key is not None and response.status_code < 500:
        api_key.note_use(key)
    return response
