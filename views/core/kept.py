"""Typing that a page sends by itself, apart from saving: what is sent is checked in one way (models.core.draft).

While it is kept, whoever else works on the same record is named: two people learn of each other before one saves.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import abort, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from models.core import draft
from models.core.clock import now
from models.core.identity import Account, names_of
from views.core.access import signed_in
from views.core.base import PageView
from views.core.look import clock

PRESENT = timedelta(minutes=2)  # Who typed within it is still at it.


class TypingView(PageView):
    """What pages that outlive their session ask for."""

    route_base = "/typing"
    default_view = "token"

    @expose("/token")
    @signed_in
    def token(self) -> ResponseReturnValue:
        """A new token for a page that outlived its session, and who is signed in now."""
        return jsonify(csrf=generate_csrf(), user=g.user.id)


def browser_key(account: Account, form: str) -> str:
    """The key with which this person's browser locks away typing that could not be sent, base64 of 32 bytes.

    It follows from the application's secret, the form and the account, so that only a page given to the same person
    opens it.
    """
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return base64.b64encode(hmac.new(secret, f"{form}/{account.id}".encode(), hashlib.sha256).digest()).decode()


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


def posted_fields(most_fields: int, most_bytes: int) -> list[tuple[str, str]]:
    """The posted form as pairs of name and text, where a page of ours can have sent it; else the answer is 413.

    A form may be kept as typing before anything else is asked of it, so it is held to the same bounds.
    """
    if (request.content_length or 0) > most_bytes:
        abort(413)
    fields = list(request.form.items(multi=True))
    if len(fields) > most_fields:
        abort(413)
    return fields


def base_number(value: Any) -> int:
    """A version or key that a page was opened on, 0 for what is none: kept typing is never lost for it."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def others_at(
    form: str, record: str, part: str = "", *, base: int, version: int, saved_by: int | None, saved_at: datetime | None
) -> str:
    """What somebody else did on a form that this user opened on version `base`: saved it, or types too; "" for none.

    `form`, `record` and `part` say where its typing is kept; `version`, `saved_by` and `saved_at` are of what is saved.
    """
    if version > base and saved_at is not None:
        by = names_of([saved_by]).get(saved_by) if saved_by else None
        return _(
            "%(by)s saved this form at %(time)s, after you opened it. What you type is kept; when you save, both stand"
            " side by side.",
            by=_("You, in another window,") if saved_by == g.user.id else by or _("Somebody"),
            time=clock(saved_at),
        )
    found = draft.writers(form, record, part, but=g.user.id, since=now() - PRESENT)
    if not found:
        return ""
    names = names_of([row.user_id for row in found])
    return _(
        "%(names)s is typing into this form too (last at %(time)s). Agree who saves; whoever comes second sees both"
        " side by side.",
        names=", ".join(names.get(row.user_id, _("Somebody")) for row in found),
        time=clock(found[0].saved_at),
    )


def _fields(sent: Any, most: int) -> list[tuple[str, str]] | None:
    """The sent pairs of name and text; None when it is anything else."""
    fields = sent.get("fields") if isinstance(sent, dict) else None
    if not isinstance(fields, list) or len(fields) > most:
        return None
    pairs = [pair for pair in fields if isinstance(pair, list) and len(pair) == 2]
    if len(pairs) != len(fields) or not all(isinstance(item, str) for pair in pairs for item in pair):
        return None
    return [(name, text) for name, text in pairs]
