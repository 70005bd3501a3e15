"""The audit chain: who changed what, from what to what, linked so that tampering is found (spec: fund.md 11).

Changes of `Audited` models are collected at every flush. Just before the commit they become entries, one per record
whose history they belong to, each linked to the one before by an HMAC whose key is not in the database. The chain's
head is locked last (after counters), so that writers wait for each other only for the moment of the commit.
The payload is chained as a salted digest: erasing a person's payload keeps the chain whole.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Index, Integer, String, event, insert, inspect, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.core.changes import fields_of, forget, plain, read_overwritten
from models.core.db import Audited, Json, Model, UtcDateTime, begin_writing, canonical, db, now

_PENDING = "audit_pending"
_ACTOR = "audit_actor"
_key = b""


class AuditEntry(Model):
    """One thing that happened: never changed by the application once written."""

    __tablename__ = "core_audit_entry"
    __table_args__ = (
        Index("ix_core_audit_entry_record", "entity", "entity_id", "seq"),
        Index("ix_core_audit_entry_actor", "actor_id", "seq"),
        Index("ix_core_audit_entry_action", "action", "seq"),
        Index("ix_core_audit_entry_at", "at"),
        # For the filters of the access log.
        Index("ix_core_audit_entry_entity", "entity", "seq"),
        Index("ix_core_audit_entry_address", "address", "seq"),
        Index("ix_core_audit_entry_actor_action", "actor_id", "action", "seq"),
    )

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    # No foreign key: an entry outlives the account that it names.
    actor_id: Mapped[int | None] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(80), nullable=False)
    entity: Mapped[str] = mapped_column(String(60), nullable=False)
    entity_id: Mapped[str] = mapped_column(String(60), nullable=False)
    address: Mapped[str] = mapped_column(String(45), nullable=False, default="")
    request_id: Mapped[str] = mapped_column(String(36), nullable=False, default="")
    payload: Mapped[Any | None] = mapped_column(Json)
    salt: Mapped[str] = mapped_column(String(32), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    mac: Mapped[str] = mapped_column(String(64), nullable=False)

    actor: Mapped[Any] = relationship(
        "Account", primaryjoin="foreign(AuditEntry.actor_id) == Account.id", viewonly=True, uselist=False
    )

    @property
    def details(self) -> AuditEntry:
        """The entry itself, for pages that show its payload to whom `may_read_details` lets."""
        return self


class AuditHead(Model):
    """The chain's last link; one row, locked while entries are appended."""

    __tablename__ = "core_audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, nullable=False)
    mac: Mapped[str] = mapped_column(String(64), nullable=False)
    day: Mapped[date | None] = mapped_column(Date)


class AuditDay(Model):
    """A day's last link (UTC days); exported daily, it proves later what the chain was then."""

    __tablename__ = "core_audit_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, nullable=False)
    mac: Mapped[str] = mapped_column(String(64), nullable=False)


@dataclass(frozen=True)
class Actor:
    """Who acts in this database session, and from where."""

    user_id: int | None = None
    address: str = ""
    request_id: str = ""
    key_id: int | None = None


@dataclass
class _Pending:
    entity: str
    entity_id: str
    notes: list[dict[str, Any]]
    changes: list[dict[str, Any]]


def set_key(key: bytes) -> None:
    """Give the chain its key, once per process; it lives outside the database."""
    global _key
    _key = key


def act_as(user_id: int | None, address: str = "", request_id: str = "", key_id: int | None = None) -> None:
    """Say who acts in the current database session from here on; `key_id` names the API key that acts for them."""
    db.session().info[_ACTOR] = Actor(user_id, address, request_id, key_id)


def entity_of(record: Any) -> str:
    """The name a record goes by in the history: its table, as in `fund_proposal`."""
    return str(record.__tablename__)


def note(action: str, record: Any = None, *, entity: str = "", entity_id: Any = "", **payload: Any) -> None:
    """Write down something that is not a field change: a move, a sign-in, a view of personal data, a print.

    `record` gives entity and id; without one they are given, or left empty. Committed with the open transaction.
    """
    begin_writing()
    if record is not None:
        root = record.audit_root() if isinstance(record, Audited) else record
        entity, entity_id = entity_of(root), _key_of(root)
    pending = _pending(db.session(), entity, str(entity_id))
    pending.notes.append({"action": action, **plain(payload)})


# Who may read from what to what, where a record's content is not for every reader of the log.
# It gives the numbers of those entries of its records whose values the user may read.
DetailsGate = Callable[[Any, Sequence[AuditEntry]], Collection[int]]
_gates: dict[str, DetailsGate] = {}


def register_details_gate(entity: str, gate: DetailsGate) -> None:
    """Let the records of `entity` say whose eyes the values in their entries are for."""
    _gates[entity] = gate


def may_read_details(user: Any, entry: AuditEntry) -> bool:
    """Whether `user` may read an entry's values; that something happened, and who did it, the whole log says."""
    return entry.seq in readable_details(user, [entry])


def readable_details(user: Any, entries: Sequence[AuditEntry]) -> set[int]:
    """The numbers of those entries whose values `user` may read; each kind of record is asked once."""
    found = {entry.seq for entry in entries if entry.entity not in _gates}
    for entity, gate in _gates.items():
        if gated := [entry for entry in entries if entry.entity == entity]:
            found |= set(gate(user, gated))
    return found


def forget_collected(entity: str, entity_id: str) -> None:
    """Let what this transaction gathered about a record so far stay out of the chain: the record is being erased."""
    _pending(db.session(), entity, entity_id).changes.clear()


def has_pending() -> bool:
    """Whether the open database session has something to write into the chain."""
    return bool(db.session().info.get(_PENDING))


def _key_of(record: Any) -> str:
    identity = inspect(record).identity
    return "/".join(str(part) for part in identity) if identity else str(getattr(record, "id", "") or "")


def _pending(session: Session, entity: str, entity_id: str) -> _Pending:
    found: dict[tuple[str, str], _Pending] = session.info.setdefault(_PENDING, {})
    return found.setdefault((entity, entity_id), _Pending(entity, entity_id, [], []))


@event.listens_for(Session, "before_flush")
def _load_before(session: Session, _context: Any, _instances: Any) -> None:
    for record in session.dirty:
        if isinstance(record, Audited):
            read_overwritten(session, record)


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: Any) -> None:
    groups: Iterator[tuple[str, Any]] = (
        (operation, record)
        for operation, records in (("create", session.new), ("change", session.dirty), ("delete", session.deleted))
        for record in records
        if isinstance(record, Audited)
    )
    for operation, record in groups:
        fields = fields_of(record, operation)
        forget(record)
        if not fields:
            continue
        root = record.audit_root() or record
        pending = _pending(session, entity_of(root), _key_of(root))
        pending.changes.append({"in": entity_of(record), "id": _key_of(record), "did": operation, "fields": fields})


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    if session.in_nested_transaction():
        return  # Only the outermost commit is the moment of truth.
    session.flush()
    found: dict[tuple[str, str], _Pending] = session.info.pop(_PENDING, {})
    if found:
        _chain(session, list(found.values()))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PENDING, None)


def _chain(session: Session, waiting: list[_Pending]) -> None:
    actor: Actor = session.info.get(_ACTOR) or Actor()
    head = session.execute(
        select(AuditHead.seq, AuditHead.mac, AuditHead.day).where(AuditHead.id == 1).with_for_update()
    ).one_or_none()
    if head is None:
        session.execute(insert(AuditHead).values(id=1, seq=0, mac=""))
        seq, mac, day = 0, "", None
    else:
        seq, mac, day = head
    at = now()
    # A clock that was put back does not begin a day anew that is closed already.
    today = max(day or at.date(), at.date())
    if day is not None and today > day:
        session.execute(insert(AuditDay).values(day=day, seq=seq, mac=mac))
    rows = []
    for item in waiting:
        seq += 1
        parts = (("notes", item.notes), ("changes", item.changes), ("api_key", actor.key_id))
        payload = {key: value for key, value in parts if value}
        salt = secrets.token_hex(16)
        row = {
            "seq": seq,
            "at": at,
            "actor_id": actor.user_id,
            "action": _action(item),
            "entity": item.entity,
            "entity_id": item.entity_id,
            "address": actor.address,
            "request_id": actor.request_id,
            "payload": payload,
            "salt": salt,
            "digest": _digest(salt, payload),
        }
        mac = row["mac"] = _mac(row, mac)
        rows.append(row)
    session.execute(insert(AuditEntry), rows)
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, mac=mac, day=today))


def _action(item: _Pending) -> str:
    if item.notes:
        return str(item.notes[0]["action"])
    own = [change for change in item.changes if change["in"] == item.entity and change["id"] == item.entity_id]
    kinds = {_did(change) for change in own}
    did = next((kind for kind in ("create", "delete", "restore") if kind in kinds), "change")
    return f"{item.entity}.{did}"


def _did(change: Mapping[str, Any]) -> str:
    """What was done to a record; to mark it as deleted is to delete it, and to take the mark away to restore it."""
    before, after = change["fields"].get("deleted_at", (None, None))  # models.core.db.SoftDeleted
    if change["did"] != "change" or before == after:
        return str(change["did"])
    return "restore" if after is None else "delete" if before is None else "change"


def _digest(salt: str, payload: Any) -> str:
    return hashlib.sha256((salt + canonical(payload)).encode()).hexdigest()


def _mac(row: dict[str, Any], previous: str) -> str:
    chained = [row["seq"], row["at"].isoformat(), row["actor_id"], row["action"], row["entity"], row["entity_id"]]
    chained += [row["address"], row["request_id"], row["digest"], previous]
    return hmac.new(_key, canonical(chained).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Broken:
    """The first place where the chain does not hold: the entry's number and what is wrong with it."""

    seq: int
    why: str  # "missing" | "changed" | "payload" | "head" | "day"


def verify() -> Broken | None:
    """Walk the whole chain; None when every link, every kept payload, every day's head and the head hold."""
    days = {row.seq: row.mac for row in db.session.scalars(select(AuditDay))}
    # Entries may be appended meanwhile: the head of before must be reached, that of afterwards not be passed.
    before = _head()
    entries = db.session.scalars(
        select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000, populate_existing=True)
    )
    with closing(entries):
        broken, expected, mac = _walk(entries, days)
    if broken is not None:
        return broken
    after = _head()
    if before[0] > expected or after[0] < expected or (after[0] == expected and after[1] != mac):
        return Broken(expected + 1, "head")
    # A chain cut back together with its head still owes the links that earlier days have left.
    beyond = min((seq for seq in days if seq > expected), default=None)
    return Broken(expected + 1, "day") if beyond is not None else None


def _head() -> tuple[int, str]:
    head = db.session.execute(select(AuditHead.seq, AuditHead.mac)).one_or_none()
    return (head.seq, head.mac) if head is not None else (0, "")


def _walk(entries: Iterable[AuditEntry], days: Mapping[int, str]) -> tuple[Broken | None, int, str]:
    """The first broken entry, if any, and how far the walk came: the last number and its MAC."""
    expected, mac = 0, ""
    for entry in entries:
        expected += 1
        if entry.seq != expected:
            return Broken(expected, "missing"), expected, mac
        if entry.payload is not None and _digest(entry.salt, entry.payload) != entry.digest:
            return Broken(entry.seq, "payload"), expected, mac
        row = {name: getattr(entry, name) for name in (column.key for column in AuditEntry.__table__.columns)}
        if not hmac.compare_digest(_mac(row, mac), entry.mac):
            return Broken(entry.seq, "changed"), expected, mac
        mac = entry.mac
        if entry.seq in days and days[entry.seq] != mac:
            return Broken(entry.seq, "day"), expected, mac
    return None, expected, mac


def history_of(record: Any, limit: int = 100) -> list[AuditEntry]:
    """What happened to a record, newest first, at most `limit` entries."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.entity == entity_of(record), AuditEntry.entity_id == _key_of(record))
            .order_by(AuditEntry.seq.desc())
            .limit(limit)
        )
    )
