"""How each user wants to be told: at once by mail, in one mail a day, or under the bell alone (spec: fund.md 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core.clock import BANGKOK
from models.core.db import Audited, Json, Model, Versioned, db

AT_ONCE, DAILY, BELL = "at_once", "daily", "bell"
WAYS = (AT_ONCE, DAILY, BELL)

PROPOSALS, SESSIONS, ADMINISTRATION = "proposals", "sessions", "administration"
GROUPS = (PROPOSALS, SESSIONS, ADMINISTRATION)

DIGEST_AT = time(7, 0)  # in Bangkok

# Event -> its group. An event of no group is about the account's safety, or about somebody's first step: it always
# goes out at once.
_groups: dict[str, str] = {}


class MessageChoice(Audited, Versioned, Model):
    """What one user chose, for each group of events; a group that is not named is told at once."""

    __tablename__ = "core_message_choice"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    ways: Mapped[Any] = mapped_column(Json, nullable=False)

    def audit_root(self) -> Any:
        """A choice belongs to its account's history."""
        from models.core.identity import Account

        return db.session.get(Account, self.user_id)


def group_events(group: str, events: Iterable[str]) -> None:
    """Let users choose how they are told of these events."""
    if group not in GROUPS:
        raise ValueError(group)
    _groups.update(dict.fromkeys(events, group))


def group_of(event: str) -> str | None:
    """The group that an event belongs to; None when it always goes out at once."""
    return _groups.get(event)


def events_of(group: str | None = None) -> list[str]:
    """The events of a group, or of all groups."""
    return sorted(event for event, own in _groups.items() if group in (None, own))


def choice_of(user_id: int) -> MessageChoice:
    """What the user chose; of one who never chose, a new row of version 1 that is not added yet."""
    return db.session.get(MessageChoice, user_id) or MessageChoice(user_id=user_id, ways={}, version=1)


def ways_of(user_ids: Iterable[int], event: str) -> dict[int, str]:
    """User id -> how they are told of the event, for those who want it otherwise than at once; one query at most."""
    group, ids = group_of(event), list(user_ids)
    if group is None or not ids:
        return {}
    rows = db.session.execute(select(MessageChoice.user_id, MessageChoice.ways).where(MessageChoice.user_id.in_(ids)))
    return {user_id: ways[group] for user_id, ways in rows if ways.get(group, AT_ONCE) != AT_ONCE}


def choose(user_id: int, ways: Mapping[str, str], version: int | str | None) -> MessageChoice:
    """Keep what the user chose for some groups; the others stay. The caller commits.

    Raises StaleVersion, and ValueError for a group or way there is not.
    """
    if not ways.keys() <= set(GROUPS) or not set(ways.values()) <= set(WAYS):
        raise ValueError("no such group or way")
    choice = choice_of(user_id)
    choice.take_version(version)
    choice.ways = {**choice.ways, **ways}
    db.session.add(choice)
    db.session.flush()
    return choice


def next_digest(moment: datetime) -> datetime:
    """The first seven o'clock in Bangkok after a moment: when what happened then is mailed in the digest."""
    local = moment.astimezone(BANGKOK)
    at = datetime.combine(local.date(), DIGEST_AT, BANGKOK)
    return at if local < at else at + timedelta(days=1)
