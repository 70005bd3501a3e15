"""Erases a person as far as the law lets, says what stays and why; the audit chain stays whole.

The account's row stays, emptied, for others' papers hang on it; what was in it is in no table afterwards. Values that
the chain kept about the account go too: it links their salted digests, and without salt nobody can guess them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from models.core import audit
from models.core.audit import AuditEntry
from models.core.db import db, now
from models.core.file import STAGING_LASTS, StoredFile
from models.core.grants import Grant
from models.core.identity import SYNTHETIC_DOMAIN, Account, Consent, Profile
from models.core.job import Job
from models.core.outbox import Message
from models.core.privacy.gathering import ACCOUNTS, naming_columns
from models.core.privacy.request import PrivacyRequest
from models.core.registration import CARD_PURPOSE
from models.core.staffing import is_last_super_user, refusal_to_close
from models.core.thai.text import search_text, sort_key
from models.core.workflow import Refusal, Refused

ERASED_NAME = "ผู้ใช้ที่ลบข้อมูลแล้ว"
OWN_DATA = "own_data"


@dataclass(frozen=True)
class Stay:
    """What must stay: a code for the sentence, how many, and whether the person's name or citizen ID stays with it."""

    code: str
    count: int
    keeps_name: bool = False
    keeps_citizen_id: bool = False


Stays = Callable[[int], list[Stay]]
Leave = Callable[[Account], None]
_stays: list[Stays] = []
_leaves: list[Leave] = []


def register_stays(stays: Stays) -> None:
    """Let a domain say what of a person must stay, and why."""
    if stays not in _stays:
        _stays.append(stays)


def register_leaving(leave: Leave) -> None:
    """Let a domain end what hangs on an account that is about to be erased."""
    if leave not in _leaves:
        _leaves.append(leave)


def stays_of(account: Account) -> list[Stay]:
    """What of the person must stay if they were erased now."""
    entries = select(func.count()).select_from(AuditEntry).where(AuditEntry.actor_id == account.id)
    consents = select(func.count()).select_from(Consent).where(Consent.user_id == account.id)
    found = [Stay("log", db.session.scalar(entries) or 0), Stay("consents", db.session.scalar(consents) or 0)]
    for source in _stays:
        found += source(account.id)
    return [stay for stay in found if stay.count]


def refusal_to_erase(account: Account) -> Refusal | None:
    """Why the account cannot be erased yet: erased already, the last super user, the last manager of others."""
    if is_erased(account):
        return Refusal("already_erased")
    if is_last_super_user(account):
        return Refusal("last_super_user")
    return refusal_to_close(account)


def is_erased(account: Account) -> bool:
    """Whether the account was erased."""
    return str(account.email) == _address(account.id)


def _address(account_id: int) -> str:
    return f"erased-{account_id}@{SYNTHETIC_DOMAIN}"


def erase(account: Account, reason: str) -> list[Stay]:
    """Erase or empty everything of the person that need not stay; what stays. The caller commits. Raises Refused.

    `reason` goes into the log for good: it must not say anything about the person. Files go with the next sweep.
    """
    if refusal := refusal_to_erase(account):
        raise Refused(refusal)
    kept = stays_of(account)
    for leave in _leaves:
        leave(account)
    for row in db.session.scalars(select(Grant).where(Grant.user_id == account.id)):
        db.session.delete(row)
    db.session.flush()
    audit.forget_collected(ACCOUNTS, str(account.id))
    address, account_id = account.email, account.id
    _let_files_go(account_id)
    _delete_rows(account_id, address)
    _empty(account, any(stay.keeps_name for stay in kept), any(stay.keeps_citizen_id for stay in kept))
    db.session.execute(
        update(AuditEntry)
        .where(AuditEntry.entity == ACCOUNTS, AuditEntry.entity_id == str(account_id))
        .values(payload=None, salt="")
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    audit.note("privacy.erased", account, reason=reason, stays={stay.code: stay.count for stay in kept})
    return kept


def _let_files_go(account_id: int) -> None:
    """Pictures of the ID card, also replaced ones, and copies of own data: nobody's, so the next sweep takes them."""
    exports = select(Job.file_id).where(Job.requested_by == account_id, Job.file_id.is_not(None))
    own = (StoredFile.uploaded_by == account_id) & StoredFile.purpose.in_((CARD_PURPOSE, OWN_DATA))
    ids = list(db.session.scalars(select(StoredFile.id).where(or_(own, StoredFile.id.in_(exports)))))
    db.session.execute(update(Profile).where(Profile.user_id == account_id).values(card_file_id=None))
    db.session.execute(update(Job).where(Job.file_id.in_(ids)).values(file_id=None))
    past = now() - STAGING_LASTS - timedelta(hours=1)
    db.session.execute(
        update(StoredFile).where(StoredFile.id.in_(ids)).values(attached_at=None, uploaded_at=past, name="-")
    )


def _delete_rows(account_id: int, address: str) -> None:
    """Delete what would go with the account's row, and messages to it; consents are proof and stay."""
    for table, column in naming_columns():
        goes = next(key for key in column.foreign_keys).ondelete == "CASCADE"
        if goes and table.name != Consent.__tablename__:
            db.session.execute(delete(table).where(column == account_id))
    asked = PrivacyRequest.__table__
    db.session.execute(update(asked).where(asked.c.user_id == account_id).values(text="", answer=""))
    db.session.execute(delete(Message).where(or_(Message.user_id == account_id, Message.address == address)))


def _empty(account: Account, keeps_name: bool, keeps_citizen_id: bool) -> None:
    """Empty account and profile past the audit: the chain must not learn what is being forgotten."""
    values: dict[str, Any] = {
        "username": _address(account.id),
        "email": _address(account.id),
        "password": f"!{secrets.token_hex(8)}",
        "active": False,
        "locale": "",
        "theme": "",
    }
    first, last = (account.first_name, account.last_name) if keeps_name else (ERASED_NAME, "")
    if not keeps_name:
        values |= {"title": "", "first_name": first, "last_name": last}
    values |= {"sort_key": sort_key(f"{first} {last}".strip()), "search_text": search_text(f"{first} {last}")[:600]}
    table = Account.__table__
    db.session.execute(update(table).where(table.c.id == account.id).values(**values))
    blank: dict[str, Any] = {"position": "", "work_group": "", "telephone": "", "mobile": ""}
    if not keeps_citizen_id:
        blank["citizen_id"] = None
    profile = Profile.__table__
    db.session.execute(update(profile).where(profile.c.user_id == account.id).values(**blank))
