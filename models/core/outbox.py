"""What people are told: a bell in the system and mail, as rows of the transaction that wants them (spec: fund.md 9)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.core import choice
from models.core.clock import BANGKOK
from models.core.db import Id, Json, Model, UtcDateTime, db, now
from models.core.identity import SYNTHETIC_DOMAIN, Account, read_along

WAITING, SENT, FAILED = "waiting", "sent", "failed"
# Held until its reader's digest is made, and then part of that one mail.
HELD, GATHERED = "held", "gathered"
DIGEST = "daily_digest"
LEASE = timedelta(minutes=5)
# After each failure the next try waits longer; after the last one the message is failed and staff see it.
PAUSES = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)


class Notification(Model):
    """A line under the bell: an event's code and values; the words are found when it is read."""

    __tablename__ = "core_notification"
    __table_args__ = (Index("ix_core_notification_user_read", "user_id", "read_at", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    event: Mapped[str] = mapped_column(String(60), nullable=False)
    entity: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    entity_id: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    values: Mapped[Any] = mapped_column("event_values", Json, nullable=False)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Message(Model):
    """A mail or short message on its way out: waits, is leased, sent or failed; never lost, tried again."""

    __tablename__ = "core_message"
    __table_args__ = (
        Index("ix_core_message_due", "state", "next_try_at", "id"),
        Index("ix_core_message_user_id", "user_id"),
        Index("ix_core_message_digest_id", "digest_id"),
        Index("ix_core_message_state", "state", "id"),
        Index("ix_core_message_address", "address", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), nullable=False, default="mail")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    address: Mapped[str] = mapped_column(String(320), nullable=False)
    event: Mapped[str] = mapped_column(String(60), nullable=False)
    entity: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    entity_id: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    values: Mapped[Any] = mapped_column("event_values", Json, nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default=WAITING)
    attempts: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Also the mail's Message-ID: a message sent twice after a crash is recognised as one.
    key: Mapped[str] = mapped_column(String(120), nullable=False, unique=True)
    error: Mapped[str] = mapped_column(Text, nullable=False, default="")
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("core_message.id", ondelete="SET NULL"))

    @property
    def about(self) -> tuple[str, Any]:
        """The event and its values, which the edge puts into words."""
        return self.event, self.values


def tell(users: Iterable[Account], event: str, record: Any = None, *, mail: bool = True, **values: Any) -> None:
    """Put a line under the bell of each user and a mail on its way to those who have an address and want one.

    `values` must be plain (JSON) and free of secrets; links are made from the record when the words are.
    """
    entity = str(record.__tablename__) if record is not None else ""
    entity_id = str(record.id) if record is not None else ""
    people = {user.id: user for user in users if user.active}
    ways = choice.ways_of(people, event) if mail else {}
    for user in people.values():
        about = {"event": event, "entity": entity, "entity_id": entity_id, "values": values}
        db.session.add(Notification(user_id=user.id, **about))
        way = ways.get(user.id, choice.AT_ONCE)
        if not mail or not user.has_mail or way == choice.BELL:
            continue
        message = Message(user_id=user.id, address=user.email, key=secrets.token_hex(16), **about)
        if way == choice.DAILY:
            message.state, message.next_try_at = HELD, choice.next_digest(now())
        db.session.add(message)


def post(address: str, event: str, *, user: Account | None = None, key: str | None = None, **values: Any) -> Message:
    """Put one mail on its way without a bell: links for people who cannot sign in yet.

    With `key` the same message is put on its way once only (the one already there is returned).
    """
    if key is not None and (found := db.session.scalar(select(Message).where(Message.key == key))):
        return found
    message = Message(
        user_id=user.id if user else None,
        address=address,
        event=event,
        values=values,
        key=key or secrets.token_hex(16),
    )
    db.session.add(message)
    return message


UNREAD, MOST_UNREAD = "unread", 99


def unread_count(user_id: int, at_most: int = MOST_UNREAD) -> int:
    """How many lines under the bell are unread, counted up to `at_most` + 1."""
    return int(db.session.scalar(_count_unread(user_id, at_most)) or 0)


def _count_unread(user_id: Any, at_most: int) -> Any:
    some = select(Notification.id).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return select(func.count()).select_from(some.limit(at_most + 1).correlate(Account).subquery())


read_along(UNREAD, _count_unread(Account.id, MOST_UNREAD).scalar_subquery())


def notifications_of(
    user_id: int, limit: int = 50, before: int | None = None, *, only_unread: bool = False
) -> list[Notification]:
    """The user's lines, newest first."""
    statement = select(Notification).where(Notification.user_id == user_id)
    if only_unread:
        statement = statement.where(Notification.read_at.is_(None))
    if before is not None:
        statement = statement.where(Notification.id < before)
    return list(db.session.scalars(statement.order_by(Notification.id.desc()).limit(limit)))


def mark_read(user_id: int, notification_id: int | None = None) -> None:
    """Mark one line, or all, as read; only the user's own."""
    statement = update(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    if notification_id is not None:
        statement = statement.where(Notification.id == notification_id)
    db.session.execute(statement.values(read_at=now()))


def mark_unread(user_id: int, notification_id: int) -> None:
    """Mark one line as unread again; only the user's own."""
    own = (Notification.user_id == user_id, Notification.id == notification_id)
    db.session.execute(update(Notification).where(*own).values(read_at=None))


def lease_message(channels: Iterable[str] = ("mail", "sms")) -> Message | None:
    """Take the message of these channels that is due first, for `LEASE`; nobody else gets it. Commit before sending."""
    due = (
        select(Message.id)
        .where(Message.state == WAITING, Message.next_try_at <= now(), Message.channel.in_(tuple(channels)))
        .order_by(Message.next_try_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalar(due)
    if found is None:
        return None
    taken = db.session.execute(
        update(Message)
        .where(Message.id == found, Message.state == WAITING, Message.next_try_at <= now())
        .values(next_try_at=now() + LEASE, attempts=Message.attempts + 1)
    )
    if taken.rowcount != 1:
        return None
    return db.session.get(Message, found, populate_existing=True)


def was_sent(message: Message) -> None:
    """The gateway took the message."""
    message.state, message.sent_at, message.error = SENT, now(), ""


def was_not_sent(message: Message, error: str) -> None:
    """The gateway did not take it: try again later, or give it to staff after the last try."""
    message.error = error[:2000]
    if message.attempts > len(PAUSES):
        message.state = FAILED
    else:
        message.next_try_at = now() + timedelta(seconds=PAUSES[message.attempts - 1])


def was_refused(message: Message, error: str) -> None:
    """It can never be sent as it is (no such address): staff see it at once."""
    message.state, message.error = FAILED, error[:2000]


def retry_failed() -> int:
    """Put failed messages, and those waiting for a later try, on their way at once; how many."""
    return retry(select(Message.id).where(Message.state.in_((FAILED, WAITING))))


def retry(which: Any) -> int:
    """Put those of the messages that did not go out on their way at once, to the address of today; how many.

    `which` is a list or SELECT of ids. Somebody's address is corrected in their account: the next try goes there.
    """
    unsent = (Message.id.in_(which), Message.state.in_((FAILED, WAITING)))
    today = select(Account.email).where(Account.id == Message.user_id, ~Account.email.endswith(SYNTHETIC_DOMAIN))
    db.session.execute(
        update(Message)
        .where(*unsent, Message.channel == "mail", Message.user_id.is_not(None), today.exists())
        .values(address=today.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
    done = db.session.execute(
        update(Message)
        .where(*unsent)
        .values(state=WAITING, next_try_at=now(), attempts=0, error="")
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)


# --- the digest ------------------------------------------------------------------------------------------------------


def readers_of_digest(until: datetime) -> list[int]:
    """Ids of the users for whom something waits to be told in the digest of that moment."""
    due = select(Message.user_id).where(Message.state == HELD, Message.next_try_at <= until)
    return [user_id for user_id in db.session.scalars(due.distinct()) if user_id is not None]


def gather(user_id: int, until: datetime) -> Message | None:
    """Make one mail of all that waits for a user's digest; None when there is nothing, or nobody to read it.

    Each message goes into one digest: it is taken out of what waits in the transaction that adds the mail, and the
    mail's key is that of its user and day. The caller commits.
    """
    reader = db.session.get(Account, user_id)
    held = (Message.user_id == user_id, Message.state == HELD, Message.next_try_at <= until)
    ids = list(db.session.scalars(select(Message.id).where(*held).with_for_update()))
    if not ids:
        return None
    mail = None
    if reader is not None and reader.active and reader.has_mail:
        key = f"digest-{user_id}-{until.astimezone(BANGKOK).date().isoformat()}"
        mail = Message(user_id=user_id, address=reader.email, event=DIGEST, values={"count": len(ids)}, key=key)
        db.session.add(mail)
        db.session.flush()
    taken = update(Message).where(Message.id.in_(ids), Message.state == HELD)
    db.session.execute(taken.values(state=GATHERED, digest_id=mail.id if mail else None))
    return mail


def gathered_in(digest: Message) -> list[Message]:
    """The messages that a digest tells, oldest first."""
    rows = select(Message).where(Message.digest_id == digest.id).order_by(Message.id)
    return list(db.session.scalars(rows))
