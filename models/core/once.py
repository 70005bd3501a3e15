"""A form that is sent twice (a double click, a repeated request) does its deed once."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import select

from models.core import throttle
from models.core.db import db
from models.core.identity import Account

LASTS = timedelta(days=1)


def first_time(token: str, user_id: int | None = None) -> bool:
    """Whether this form's token was not used before; asking uses it up, together with the open transaction.

    The count is one atomic upsert: of two requests at once the second waits for the first one's commit and is told
    False. A rollback gives the token back. An empty token is never the first time's.
    """
    if not token:
        return False
    digest = hashlib.sha256(f"{user_id or ''}\x1f{token}".encode()).hexdigest()[:40]
    count, _ends_at = throttle.hit(f"once:{digest}", LASTS)
    return count == 1


def take_turn(account_id: int) -> None:
    """Let requests of one account that look and then write follow each other; it holds until the commit."""
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
