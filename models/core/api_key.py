"""Keys by which programs come to the API: given by super users, shown once, kept as a digest.

A key acts as one account: what that account may do is asked anew at every request, and the key's scopes only narrow
it. So a closed account, or one that lost a right, takes it from its keys in the same moment.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.core import matrix, outbox, setting
from models.core.db import Audited, Id, Json, Model, UtcDateTime, begin_writing, db, now
from models.core.entity import entities
from models.core.entity.rows import as_user_of, opens
from models.core.identity import Account, hash_token
from models.core.matrix import MatrixVersion, allows
from models.core.once import take_turn
from models.core.setting import SettingsVersion
from models.core.thai.dates import bangkok_day
from models.core.thai.text import clean_line
from models.core.workflow import Refusal, Refused

MANAGE = "api_key.manage"
READ, WRITE = "read", "write"
NAME_LENGTH, REASON_LENGTH = 100, 300
MOST = 50  # keys of one account that are alive at once
SEEN_EVERY = timedelta(minutes=1)
_START = "sala"
_PREFIX_BYTES, _SECRET_BYTES = 6, 32
_TOKEN = re.compile(r"sala_[0-9a-f]{12}_[A-Za-z0-9_\-]{43}")


class ApiKey(Audited, Model):
    """A key: the account it acts as, what of that account's rights it may use, and until when."""

    __tablename__ = "core_api_key"
    __table_args__ = (Index("ix_core_api_key_account_id", "account_id", "id"),)
    audit_ignore = {"last_used_at"}

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    # The part of the token that stands in the open: by it the row is found, and people tell keys apart.
    prefix: Mapped[str] = mapped_column(String(20), nullable=False, unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), nullable=False, info={"audit": "skip"})
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    scopes: Mapped[list[str]] = mapped_column(Json, nullable=False)  # "organization:read"
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), nullable=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    revoke_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), nullable=False, default="", server_default="")

    account: Mapped[Account] = relationship(Account, foreign_keys=[account_id], viewonly=True)
    created_by: Mapped[Account | None] = relationship(Account, foreign_keys=[created_by_id], viewonly=True)
    revoked_by: Mapped[Account | None] = relationship(Account, foreign_keys=[revoked_by_id], viewonly=True)

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """Whether the key opens anything now: "alive", "revoked", "expired", or "closed" with its account."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= now():
            return "expired"
        return "alive" if self.account.active else "closed"

    @property
    def last_day(self) -> date | None:
        """The last day, in Bangkok, on which the key opens anything."""
        return bangkok_day(self.expires_at - timedelta(microseconds=1)) if self.expires_at is not None else None

    def holds(self, scope: str) -> bool:
        """Whether the key may be used for this: "organization:read"."""
        return scope in self.scopes


def scope(entity: str, way: str) -> str:
    """The name of a scope: "organization:read", "organization:write"."""
    return f"{entity}:{way}"


def scopes_of(account: Any) -> list[str]:
    """The scopes that an account's rights let a key have: read where it sees, write where it may do anything."""
    found = []
    for entity in entities():
        if opens(entity, account):
            found.append(scope(entity.name, READ))
        if any(opens(entity, account, deed) for deed in ("add", "change", "delete", "restore")) or any(
            allows(as_user_of(entity, account), entity.model.moves[name].permission) for name in entity.moves
        ):
            found.append(scope(entity.name, WRITE))
    return found


def refusal_to_give(by: Any, account: Any) -> Refusal | None:
    """Why `by` may not give a key that acts as `account`; None means they may.

    A key in the name of another super user would let one of them act as the other: those get their own keys.
    """
    if not allows(by, MANAGE):
        return Refusal("not_permitted", permission=MANAGE)
    if account is None or not account.active:
        return Refusal("api_key_no_account")
    if account.id != by.id and allows(account, MANAGE):
        return Refusal("api_key_of_super_user")
    return None


def give(
    by: Account, account: Account, name: str, scopes: Collection[str], reason: str, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its token, which nobody can read again; the account's owner is told. The caller commits.

    Raises Refused: not_permitted, api_key_no_account, api_key_of_super_user, api_key_name_needed,
    api_key_reason_needed, api_key_too_long (limit), api_key_no_scope, api_key_beyond (scopes), api_key_past,
    api_key_too_many (limit).
    """
    for refusal in refusals_to_give(by, account, name, scopes, reason, expires_at):
        raise Refused(refusal)
    name, reason = clean_line(name), clean_line(reason)
    take_turn(account.id)
    alive = select(ApiKey.id).where(ApiKey.account_id == account.id, ApiKey.revoked_at.is_(None))
    if len(db.session.scalars(alive.limit(MOST)).all()) >= MOST:
        raise Refused(Refusal("api_key_too_many", limit=MOST))
    prefix = f"{_START}_{secrets.token_hex(_PREFIX_BYTES)}"
    token = f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    key = ApiKey(
        name=name,
        prefix=prefix,
        token_hash=hash_token(token),
        account_id=account.id,
        scopes=sorted(set(scopes)),
        reason=reason,
        created_by_id=by.id,
        expires_at=expires_at,
    )
    db.session.add(key)
    db.session.flush()
    if account.id != by.id:
        outbox.tell([account], "api_key_given", key, name=name)
    return key, token


def refusals_to_give(
    by: Any, account: Any, name: str, scopes: Collection[str], reason: str, expires_at: datetime | None = None
) -> list[Refusal]:
    """Everything that stands against giving such a key, so that a form tells all of it at once; empty where nothing."""
    found = []
    against = refusal_to_give(by, account)
    if against is not None:
        found.append(against)
    name, reason = clean_line(name), clean_line(reason)
    if not name:
        found.append(Refusal("api_key_name_needed"))
    if not reason:
        found.append(Refusal("api_key_reason_needed"))
    for text, limit in ((name, NAME_LENGTH), (reason, REASON_LENGTH)):
        if len(text) > limit:
            found.append(Refusal("api_key_too_long", limit=limit))
    if not scopes:
        found.append(Refusal("api_key_no_scope"))
    elif against is None and (beyond := sorted(set(scopes) - set(scopes_of(account)))):
        found.append(Refusal("api_key_beyond", scopes=beyond))
    if expires_at is not None and expires_at <= now():
        found.append(Refusal("api_key_past"))
    return found


def revoke(key: ApiKey, by: Account, reason: str) -> None:
    """End a key for good; the caller commits. Any super user may, whoever gave it.

    Raises Refused: not_permitted, api_key_reason_needed, api_key_too_long (limit), api_key_revoked.
    """
    if not allows(by, MANAGE):
        raise Refused(Refusal("not_permitted", permission=MANAGE))
    reason = clean_line(reason)
    if not reason:
        raise Refused(Refusal("api_key_reason_needed"))
    if len(reason) > REASON_LENGTH:
        raise Refused(Refusal("api_key_too_long", limit=REASON_LENGTH))
    db.session.refresh(key, with_for_update=True)
    if key.revoked_at is not None:
        raise Refused(Refusal("api_key_revoked"))
    key.revoked_at, key.revoked_by_id, key.revoke_reason = now(), by.id, reason
    db.session.flush()
    if key.account_id != by.id:
        outbox.tell([key.account], "api_key_revoked", key, name=key.name)


def visible_keys(user: Any) -> Any:
    """The keys that the user may see: all for whoever manages them, else none."""
    rows = select(ApiKey)
    return rows if allows(user, MANAGE) else rows.where(ApiKey.id.is_(None))


def key_names(ids: Collection[int]) -> dict[int, str]:
    """What keys are called, by id; one query."""
    rows = db.session.execute(select(ApiKey.id, ApiKey.name).where(ApiKey.id.in_(ids)))
    return {row.id: row.name for row in rows}


def key_of_token(token: str) -> ApiKey | None:
    """The living key of a token, its account loaded and the versions of matrix and settings read along; one query."""
    if not _TOKEN.fullmatch(token):
        return None
    prefix = "_".join(token.split("_", 2)[:2])
    row = db.session.execute(
        select(
            ApiKey,
            Account,
            select(MatrixVersion.version).scalar_subquery(),
            select(SettingsVersion.version).scalar_subquery(),
        )
        .join(Account, Account.id == ApiKey.account_id)
        .where(ApiKey.prefix == prefix)
        .execution_options(populate_existing=True)
    ).one_or_none()
    # The comparison takes as long for a prefix that there is as for one that there is not.
    known = row[0].token_hash if row is not None else hash_token("")
    if not hmac.compare_digest(known, hash_token(token)) or row is None:
        return None
    key, account, matrix_version, settings_version = row
    matrix.know_version(matrix_version)
    setting.know_version(settings_version)
    account.forget_grants()
    return key if key.state == "alive" else None


def note_use(key: ApiKey) -> bool:
    """Write down that the key was used, at most once a minute, and commit; whether it was written."""
    moment = now()
    if key.last_used_at is not None and key.last_used_at > moment - SEEN_EVERY:
        return False
    begin_writing()
    db.session.execute(update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=moment))
    db.session.commit()
    return True
