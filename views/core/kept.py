"""Typing that a page sends by itself, apart from saving: what is sent is checked in one way (models.core.draft)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _


@dataclass(frozen=True)
class Sent:
    """What a page sent: its fields in their order and what it was opened on; or the answer that refuses it."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    base: dict[str, Any] = field(default_factory=dict)
    refusal: ResponseReturnValue | None = None


def sent_typing(most_fields: int, most_bytes: int) -> Sent:
    """The request's JSON {user, version, ..., fields: [[name, text]]}, when it can be meant and is this user's."""
    sent = request.get_json(silent=True) if (request.content_length or 0) <= most_bytes else None
    fields = _fields(sent, most_fields)
    if fields is None:
        return Sent(refusal=(jsonify(error=_("This request cannot be understood"), code="bad_typing"), 400))
    if str(sent.get("user")) != str(g.user.id):
        # Somebody else signed in in another tab of this browser: the typing is not theirs.
        return Sent(refusal=(jsonify(error=_("Somebody else is signed in now."), code="other_user"), 409))
    return Sent(fields, sent)


def base_number(value: Any) -> int:
    """A version or key that a page was opened on, 0 for what is none: kept typing is never lost for it."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _fields(sent: Any, most: int) -> list[tuple[str, str]] | None:
    """The sent pairs of name and text; None when it is anything else."""
    fields = sent.get("fields") if isinstance(sent, dict) else None
    if not isinstance(fields, list) or len(fields) > most:
        return None
    pairs = [pair for pair in fields if isinstance(pair, list) and len(pair) == 2]
    if len(pairs) != len(fields) or not all(isinstance(item, str) for pair in pairs for item in pair):
        return None
    return [(name, text) for name, text in pairs]
