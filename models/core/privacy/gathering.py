"""Finds everything that is kept of one person: every row that names their account or carries their citizen ID.

The tables are walked by their foreign keys, so that a table that comes tomorrow is not forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Table, func, literal, or_, select, union_all

from models.core.audit import AuditEntry
from models.core.changes import MASK
from models.core.db import Model, db
from models.core.identity import Account, Profile, account_by_identity
from models.core.outbox import Message

ACCOUNTS = "ab_user"
# Foreign keys by which a whole row is about a person; by any other the row only names them.
OWN = {("core_file", "uploaded_by"), ("core_job", "requested_by")}
_SECRET = {"password", "token_hash", "salt"}
_DERIVED = {"search_text", "sort_key", "title_search", "title_sort", "organization_sort", "number_sort"}
_SEALED = "sealed:"

Rows = list[dict[str, Any]]
# A domain adds what belongs to a person's account beyond the rows that name it: account id -> table -> rows.
Gatherer = Callable[[int], Mapping[str, Rows]]
_gatherers: list[Gatherer] = []


def register_gatherer(gatherer: Gatherer) -> None:
    """Let a domain add what belongs to a person."""
    if gatherer not in _gatherers:
        _gatherers.append(gatherer)


@dataclass(frozen=True)
class Subject:
    """Whom it is about: their account where there is one, and the values that name them without it."""

    account: Account | None
    email: str = ""
    citizen_id: str = ""


def subjects_of(email: str = "", citizen_id: str = "") -> list[Subject]:
    """The person of an e-mail, or everybody under a citizen ID; one without an account only where a row names them."""
    if email:
        account = account_by_identity("email", email)
        known = account is not None or db.session.scalar(select(Message.id).where(Message.address == email).limit(1))
        return [_subject(account, email, "")] if known else []
    owners = db.session.scalars(
        select(Account).join(Profile, Profile.user_id == Account.id).where(Profile.citizen_id == citizen_id)
    ).all()
    if owners:
        return [_subject(account, "", citizen_id) for account in owners]
    return [Subject(None, "", citizen_id)] if _by_citizen_id(citizen_id) else []


def _subject(account: Account | None, email: str, citizen_id: str) -> Subject:
    if account is None:
        return Subject(None, email, citizen_id)
    own = (account.profile.citizen_id if account.profile else "") or citizen_id
    return Subject(account, account.email if account.has_mail else email, own)


def subject_of(account: Account) -> Subject:
    """An account's owner, whom the office knows: also what stands under their citizen ID."""
    return _subject(account, "", "")


def asker_of(account: Account) -> Subject:
    """Whoever asks through an account: the citizen ID on it was typed, not proved, so it opens no rows of others."""
    return Subject(account, account.email if account.has_mail else "")


def gather(subject: Subject) -> dict[str, Rows]:
    """Everything, by table; plain values as JSON knows them, secrets masked, what is derived left out."""
    found: dict[str, Rows] = {}
    if subject.account is not None:
        _add(found, ACCOUNTS, [plain_row(Account.__table__, row) for row in _rows_of(subject.account.id)])
        for table, column in naming_columns():
            _add(found, table.name, _named(table, column, subject.account.id))
        for gatherer in _gatherers:
            for name, rows in gatherer(subject.account.id).items():
                _add(found, name, rows)
        _add(found, AuditEntry.__tablename__, _log(subject.account.id))
    if subject.email:
        lost = select(Message.__table__).where(Message.address == subject.email, Message.user_id.is_(None))
        _add(found, Message.__tablename__, [plain_row(Message.__table__, row) for row in db.session.execute(lost)])
    if subject.citizen_id:
        for name, rows in _by_citizen_id(subject.citizen_id).items():
            _add(found, name, rows)
    return found


def _add(found: dict[str, Rows], name: str, rows: Iterable[dict[str, Any]]) -> None:
    there = found.setdefault(name, [])
    there.extend(row for row in rows if row not in there)
    if not there:
        del found[name]


def counts_of(account_id: int) -> dict[str, int]:
    """How many rows each table has about an account; one query."""
    own = [(table, column) for table, column in naming_columns() if is_own(table, column)]
    parts = [
        select(literal(table.name), func.count()).select_from(table).where(column == account_id)
        for table, column in own
    ]
    log = select(literal(AuditEntry.__tablename__), func.count()).where(AuditEntry.actor_id == account_id)
    return {name: count for name, count in db.session.execute(union_all(*parts, log)) if count}


def _rows_of(account_id: int) -> Any:
    table = Account.__table__
    return db.session.execute(select(table).where(table.c.id == account_id))


def naming_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column of ours that names an account, in the tables' order."""
    return [
        (table, key.parent)
        for table in Model.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == ACCOUNTS and table.name != ACCOUNTS and not table.name.startswith("ab_")
    ]


def is_own(table: Table, column: Column[Any]) -> bool:
    """Whether a row is about the account that this column names, not only somebody's deed to another's record."""
    return column.name in ("user_id", "author_id") or (table.name, column.name) in OWN


def _named(table: Table, column: Column[Any], account_id: int) -> Rows:
    rows = db.session.execute(select(table).where(column == account_id).order_by(*table.primary_key.columns))
    if is_own(table, column):
        return [plain_row(table, row) for row in rows]
    # What is written there belongs to others: that the person did it, and when, is theirs.
    kept = {part.name for part in table.primary_key.columns} | {column.name}
    return [
        {name: value for name, value in plain_row(table, row).items() if name in kept or name.endswith("_at")}
        for row in rows
    ]


def _by_citizen_id(citizen_id: str) -> dict[str, Rows]:
    """What others wrote under a citizen ID; rows of accounts come by the account alone, for two may have typed it."""
    found: dict[str, Rows] = {}
    of_accounts = {table.name for table, column in naming_columns() if is_own(table, column)}
    for table in Model.metadata.sorted_tables:
        if table.name in of_accounts:
            continue
        columns = [column for column in table.columns if column.info.get("audit") == "citizen"]
        if columns:
            rows = db.session.execute(select(table).where(or_(*(column == citizen_id for column in columns))))
            _add(found, table.name, [plain_row(table, row) for row in rows])
    return found


def _log(account_id: int) -> Rows:
    """What the person did (that, where and when), and what was done to their account, with its values."""
    about = (AuditEntry.entity == ACCOUNTS) & (AuditEntry.entity_id == str(account_id))
    entries = db.session.scalars(
        select(AuditEntry)
        .where(or_(AuditEntry.actor_id == account_id, about))
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=1000)
    )
    rows = []
    for entry in entries:
        is_theirs = entry.actor_id == account_id
        row = {"seq": entry.seq, "at": entry.at.isoformat(), "action": entry.action, "entity": entry.entity}
        row |= {"entity_id": entry.entity_id, "by": "self" if is_theirs else "other"}
        if is_theirs:
            row["address"] = entry.address
        if entry.entity == ACCOUNTS and entry.entity_id == str(account_id):
            row["payload"] = entry.payload
        rows.append(row)
    return rows


def plain_row(table: Table, row: Any) -> dict[str, Any]:
    """A row as JSON knows it: no secrets, nothing derived, moments in ISO 8601, money as text."""
    return {
        column.name: _plain(MASK if column.name in _SECRET and row._mapping[column] else row._mapping[column])
        for column in table.columns
        if column.name not in _DERIVED
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, str) and value.startswith(_SEALED):
        return MASK
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
