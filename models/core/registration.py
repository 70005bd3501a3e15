"""How an account comes to be and gets back in: register, confirm, first profile, forgotten password (spec: fund.md 2).

The answers to registering and to a forgotten password are the same whether or not the e-mail is known; what differs
goes into the mail. Links' tokens are stored as hashes; on their way out they are sealed by `seal`, which comes from
services, so that a reader of the outbox's table cannot use them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select

from models.core import audit, legal, outbox
from models.core.db import db, now, touch
from models.core.file import StoredFile, register_file_gate
from models.core.grants import Grant, grant
from models.core.identity import (
    Account,
    Consent,
    Identity,
    OneTimeLink,
    Profile,
    SignInSession,
    account_by_identity,
    end_sessions,
    kill_links,
    live_link,
    make_link,
    use_link,
)
from models.core.kinds import ORGANIZATION_MANAGER, PROJECT_MANAGER
from models.core.matrix import allows
from models.core.thai.text import clean_line, search_text, sort_key

CONFIRM, RESET = "confirm", "reset"
CONFIRM_LASTS, RESET_LASTS = timedelta(hours=24), timedelta(hours=1)
UNCONFIRMED_LASTS = timedelta(days=29)  # the privacy policy promises 30; the sweep comes hourly
CARD_PURPOSE = "identity_card"
CARD_PERMISSION = "identity_picture.view"
CARD_TYPES = ("jpg", "jpeg", "png", "pdf")
APPLICANTS = frozenset({PROJECT_MANAGER, ORGANIZATION_MANAGER})
NAME_LENGTH = 64  # characters; FAB's columns

Seal = Callable[[str], str]


def new_account(email: str, hashed: str, **fields: Any) -> Account:
    """An account row with its e-mail identity, not committed; `hashed` from models.core.password."""
    account = Account(
        username=username_of(email),
        email=email,
        first_name=fields.pop("first_name", ""),
        last_name=fields.pop("last_name", ""),
        active=True,
        password=hashed,
        password_changed_at=now(),
        **fields,
    )
    name(account, account.title or "", account.first_name, account.last_name)
    db.session.add(account)
    db.session.flush()
    db.session.add(Identity(user_id=account.id, type="email", value=email.casefold()))
    return account


def username_of(email: str) -> str:
    """What FAB's user name is for an address: its column holds 128 characters, an address up to 254."""
    return email if len(email) <= 128 else hashlib.sha256(email.encode()).hexdigest()


def name(account: Account, title: str, first_name: str, last_name: str) -> None:
    """Set the names, and what the account is sorted and found by."""
    account.title = clean_line(title)[:60]
    account.first_name = clean_line(first_name)[:NAME_LENGTH]
    account.last_name = clean_line(last_name)[:NAME_LENGTH]
    account.sort_key = sort_key(f"{account.first_name} {account.last_name}".strip() or account.email)
    account.search_text = search_text(f"{account.first_name} {account.last_name} {account.email}")[:600]


def register(email: str, hashed: str, seal: Seal, *, locale: str = "") -> None:
    """Open an account that waits for its confirmation, or tell the owner of a known one; the caller commits.

    Somebody who registers again before confirming gets a new link, and the newer password counts.
    """
    account = account_by_identity("email", email)
    if account is not None and account.confirmed_at is not None:
        outbox.post(account.email, "already_registered", user=account)
        audit.note("register.known", account)
        return
    if account is None:
        account = new_account(email, hashed, locale=locale)
        grant(account.id, PROJECT_MANAGER)
        audit.note("register", account)
    else:
        account.password, account.password_changed_at = hashed, now()
        audit.note("register.again", account)
    accept_texts(account, legal.ACCEPTED)
    _send_confirmation(account, seal)


def _send_confirmation(account: Account, seal: Seal) -> None:
    token = make_link(account.id, CONFIRM, CONFIRM_LASTS)
    outbox.post(account.email, "confirm_account", user=account, token=seal(token))


def resend(email: str, seal: Seal) -> None:
    """Send the confirmation's link again to whom it concerns; the caller commits."""
    account = account_by_identity("email", email)
    audit.note("register.resend", account)
    if account is None:
        return
    if account.confirmed_at is None:
        _send_confirmation(account, seal)
    else:
        outbox.post(account.email, "already_registered", user=account)


def opens(token: str, purpose: str) -> bool:
    """Whether a link is still good; looking does not use it up."""
    return live_link(token, purpose) is not None


def confirm(token: str) -> Account | None:
    """Use the link of the mail up: the account can sign in from here on. None when the link is not good."""
    account = use_link(token, CONFIRM)
    if account is None:
        return None
    account.confirmed_at = account.confirmed_at or now()
    audit.note("register.confirm", account)
    db.session.flush()
    return account


def ask_reset(email: str, seal: Seal) -> None:
    """Send a link for a new password to the owner of a known e-mail; the caller commits.

    Who never confirmed gets the confirmation again, a closed account nothing.
    """
    account = account_by_identity("email", email)
    audit.note("password.forgotten", account)
    if account is None or not account.active:
        return
    if account.confirmed_at is None:
        _send_confirmation(account, seal)
        return
    token = make_link(account.id, RESET, RESET_LASTS)
    outbox.post(account.email, "reset_password", user=account, token=seal(token))


def reset(token: str, hashed: str) -> Account | None:
    """Set a new password by the mailed link, once; every open session of the account ends. None: the link is dead."""
    account = use_link(token, RESET)
    if account is None or not account.active:
        return None
    set_password(account, hashed)
    audit.note("password.reset", account)
    return account


# What a domain does when an account got a password that its owner chose.
Chosen = Callable[[Account], None]
_chosen_hooks: list[Chosen] = []


def register_chosen(hook: Chosen) -> None:
    """Let a domain know, in the same transaction, that the owner of an account chose its password."""
    if hook not in _chosen_hooks:
        _chosen_hooks.append(hook)


def set_password(account: Account, hashed: str, *, keep: str | None = None) -> None:
    """Store a new password: its links die, its sessions end but the one of the token `keep`."""
    account.password, account.password_changed_at = hashed, now()
    account.must_change_password = False
    kill_links(account.id, RESET)
    end_sessions(account.id, but=keep)
    for hook in _chosen_hooks:
        hook(account)
    outbox.tell([account], "password_changed", account)
    db.session.flush()


def has_still(account: Account, hashed: str | None) -> bool:
    """Hold an account's row and say whether its password is still the one that was checked before the lock.

    Hashing takes its time: meanwhile another password may have been set, and every session ended.
    """
    db.session.refresh(account, with_for_update={"of": Account})
    return account.password == hashed


def accept_texts(account: Account, names: Iterable[str]) -> None:
    """Keep that the account accepted the current version of the texts; an acceptance already kept stays as it is."""
    for text in names:
        version = legal.current_version(text)
        known = select(Consent.id).where(
            Consent.user_id == account.id, Consent.text == text, Consent.text_version == version
        )
        if db.session.scalar(known) is None:
            db.session.add(Consent(user_id=account.id, text=text, text_version=version))


def texts_due(account: Account) -> list[str]:
    """The texts of which the account accepted an earlier version, but not the one that holds now; one query."""
    accepted = {
        (row.text, row.text_version) for row in db.session.scalars(select(Consent).where(Consent.user_id == account.id))
    }
    known = {text for text, _version in accepted}
    return [text for text in legal.ACCEPTED if text in known and (text, legal.current_version(text)) not in accepted]


def consents_of(account: Account) -> list[Consent]:
    """What the account accepted, the newest first."""
    return list(db.session.scalars(select(Consent).where(Consent.user_id == account.id).order_by(Consent.id.desc())))


def must_fill_profile(account: Account) -> bool:
    """Whether the first sign-in form stands before everything else: applicants only (spec: fund.md 2.2)."""
    return account.needs_profile and bool(account.kinds & APPLICANTS)


PROFILE_FIELDS = ("citizen_id", "position", "work_group", "telephone", "mobile")


def save_profile(account: Account, content: Mapping[str, Any], card: StoredFile | None = None) -> Profile:
    """Write names and profile, attach a newly uploaded card; the caller commits.

    `content`: title, first_name, last_name and PROFILE_FIELDS; what is not given stays, and saving the same
    again changes nothing. The form has checked them.
    """
    name(
        account,
        content.get("title", account.title),
        content.get("first_name", account.first_name),
        content.get("last_name", account.last_name),
    )
    is_renamed = db.session.is_modified(account)
    profile = account.profile
    if profile is None:
        profile = account.profile = Profile(user_id=account.id)
    for field in PROFILE_FIELDS:
        if field in content:
            value = content[field]
            setattr(profile, field, value if field == "citizen_id" else (value or ""))
    if card is not None:
        card.attach()
        profile.card_file_id = card.id
    if inspect(profile).persistent and is_renamed and not db.session.is_modified(profile):
        # Names stand in the account: a change of them alone counts as one of the profile, so a stale form is told.
        touch(profile, "position")
    db.session.flush()
    return profile


def complete_profile(account: Account) -> None:
    """The first sign-in form is done."""
    if account.profile is not None and account.profile.completed_at is None:
        account.profile.completed_at = now()
        db.session.flush()


def _may_see_card(user: Account, file: StoredFile) -> bool:
    """The owner of the card, and whoever may view ID-card pictures; a replaced card is nobody's any more."""
    owner = db.session.scalar(select(Profile.user_id).where(Profile.card_file_id == file.id))
    return owner is not None and (owner == user.id or allows(user, CARD_PERMISSION))


register_file_gate(CARD_PURPOSE, _may_see_card)


def is_alive(session: SignInSession, idle: timedelta, longest: timedelta) -> bool:
    """Whether an open session could still be used: neither idle for too long nor too old."""
    return session.seen_at > now() - idle and session.begun_at > now() - longest


# Letters and digits that nobody mistakes for another, on paper or by telephone.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """A password for handing over: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def unconfirmed() -> ColumnElement[bool]:
    """Which accounts nobody confirmed within `UNCONFIRMED_LASTS`."""
    oldest = now() - UNCONFIRMED_LASTS
    asked_lately = select(OneTimeLink.user_id).where(OneTimeLink.made_at >= oldest)
    registered = select(Consent.user_id).where(Consent.accepted_at < oldest)
    return Account.confirmed_at.is_(None) & Account.id.in_(registered) & Account.id.not_in(asked_lately)


def forget_unconfirmed() -> int:
    """Delete accounts whose e-mail nobody confirmed in time, as the privacy policy says, some at a time; how many.

    Such an account never signed in, so nothing but its own rows can name it.
    """
    stale = list(db.session.scalars(select(Account).where(unconfirmed()).limit(500)))
    for account in stale:
        db.session.execute(delete(outbox.Message).where(outbox.Message.user_id == account.id))
        for row in db.session.scalars(select(Grant).where(Grant.user_id == account.id)):
            db.session.delete(row)
        for row in db.session.scalars(select(Consent).where(Consent.user_id == account.id)):
            db.session.delete(row)
        db.session.flush()
        db.session.execute(delete(Identity).where(Identity.user_id == account.id))
        db.session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == account.id))
        db.session.delete(account)
        db.session.flush()
    return len(stale)
