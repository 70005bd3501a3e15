"""Accounts as staff keep them: made for committee members and staff, appointed, closed (spec: fund.md 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, or_, select

from models.core import audit, outbox
from models.core.choice import ADMINISTRATION, group_events
from models.core.db import db, now
from models.core.grants import Grant, grant
from models.core.identity import Account, Profile, account_by_identity, end_sessions, kill_links, names_of
from models.core.kinds import COMMITTEE, STAFF, SUPER_USER
from models.core.matrix import allows, kinds_of
from models.core.registration import NAME_LENGTH, new_account, save_profile
from models.core.thai.text import search_term
from models.core.workflow import Refusal, Refused

APPOINTED = (STAFF, COMMITTEE, SUPER_USER)
"""The kinds that somebody appoints; the permission of each is `appoint.<kind>`."""

group_events(ADMINISTRATION, ("kind_given", "kind_taken"))

# A domain says why closing an account must wait (the last manager of an organization with members).
ClosingGuard = Callable[[Account], Refusal | None]
_closing_guards: list[ClosingGuard] = []


def register_closing_guard(guard: ClosingGuard) -> None:
    """Let a domain refuse the closing of an account by its own user."""
    if guard not in _closing_guards:
        _closing_guards.append(guard)


def refusal_to_close(account: Account) -> Refusal | None:
    """What a domain says against closing the account by its own user."""
    return next((reason for guard in _closing_guards if (reason := guard(account))), None)


def visible_accounts(user: Account, permission: str) -> Select[Any]:
    """The accounts on which `user` holds `permission`: all for staff and super users, their own for everybody else."""
    kinds = kinds_of(user, permission)
    if kinds & {STAFF, SUPER_USER}:
        return select(Account)
    return select(Account).where(Account.id == user.id) if kinds else select(Account).where(false())


def may_make(user: Account, kind: str) -> bool:
    """Whether `user` may make a new account of this kind."""
    return kind in APPOINTED and allows(user, "account.create") and allows(user, f"appoint.{kind}")


def make_account(kind: str, content: Mapping[str, Any], hashed: str, *, by: Account) -> Account:
    """An account for a committee member or a member of staff, confirmed from birth; the caller commits.

    `content`: email, title, first_name, last_name, telephone, citizen_id (may be missing), is_open. The first sign-in
    asks for a new password. Raises Refused: not_permitted, email_taken.
    """
    if not may_make(by, kind):
        raise Refused(Refusal("not_permitted", permission=f"appoint.{kind}"))
    email = str(content["email"])
    if account_by_identity("email", email) is not None:
        raise Refused(Refusal("email_taken", email=email))
    account = new_account(
        email,
        hashed,
        title=str(content["title"]),
        first_name=str(content["first_name"]),
        last_name=str(content["last_name"]),
        confirmed_at=now(),
        must_change_password=True,
    )
    account.active = bool(content.get("is_open", True))
    grant(account.id, kind, by=by.id)
    save_profile(account, {key: content.get(key) for key in ("telephone", "citizen_id")})
    audit.note("account.make", account, kind=kind)
    db.session.flush()
    account.forget_grants()
    outbox.tell([account], "account_made", account, kind=kind, user_name=email)
    return account


def edit_account(account: Account, content: Mapping[str, Any], *, by: Account, version: int | str | None) -> None:
    """Names, telephone and citizen ID of somebody's account; the caller commits.

    `version` is the profile's as it was seen, 0 where there was none. Raises Refused or StaleVersion.
    """
    if reason := _refusal(account, "user.edit", by):
        raise Refused(reason)
    if account.profile is not None:
        account.profile.take_version(version)
    save_profile(account, content)
    db.session.flush()


@dataclass(frozen=True)
class Role:
    """A kind that somebody was given: from when to when (None: still), and by whom (None: followed by itself)."""

    kind: str
    begins_at: datetime
    ends_at: datetime | None
    given_by: str


def roles_of(account: Account) -> list[Role]:
    """Every kind that was ever given to the account itself, the newest first; two queries."""
    rows = list(
        db.session.scalars(select(Grant).where(Grant.user_id == account.id).order_by(Grant.begins_at.desc(), Grant.id))
    )
    names = names_of({row.granted_by for row in rows if row.granted_by is not None})
    return [Role(row.kind, row.begins_at, row.ends_at, names.get(row.granted_by or 0, "")) for row in rows]


def set_status(account: Account, is_open: bool, *, by: Account) -> None:
    """Open or close an account; closing ends its sessions and links. The caller commits.

    Raises Refused: not_permitted, super_user_only, last_super_user, or what a domain's guard says.
    """
    if reason := _refusal(account, "user.set_status", by):
        raise Refused(reason)
    if account.active == is_open:
        return
    if is_open and account.id == by.id:
        raise Refused(Refusal("not_permitted", permission="user.set_status"))
    if not is_open:
        if is_last_super_user(account):
            raise Refused(Refusal("last_super_user"))
        if account.id == by.id and (reason := refusal_to_close(account)):
            raise Refused(reason)
        end_sessions(account.id)
        kill_links(account.id)
    account.active = is_open
    audit.note("account.open" if is_open else "account.close", account)
    db.session.flush()


def renew_first_password(account: Account, hashed: str, *, by: Account) -> None:
    """Another password to hand over to who never signed in. Raises Refused: not_permitted, signed_in_before."""
    if not any(may_make(by, kind) for kind in account.kinds) or _refusal(account, "user.edit", by):
        raise Refused(Refusal("not_permitted", permission="user.edit"))
    if not never_signed_in(account):
        raise Refused(Refusal("signed_in_before"))
    account.password, account.password_changed_at = hashed, now()
    audit.note("account.first_password", account)
    db.session.flush()


def never_signed_in(account: Account) -> bool:
    """Whether the handed-over password was never used."""
    return account.must_change_password and not account.login_count


def appoint(account: Account, kind: str, *, by: Account) -> None:
    """Give an account a kind; the caller commits. Raises Refused: not_permitted, already_appointed."""
    if kind not in APPOINTED or not allows(by, f"appoint.{kind}"):
        raise Refused(Refusal("not_permitted", permission=f"appoint.{kind}"))
    if kind in account.kinds:
        raise Refused(Refusal("already_appointed"))
    grant(account.id, kind, by=by.id)
    account.forget_grants()
    audit.note("account.appoint", account, kind=kind)
    outbox.tell([account], "kind_given", account, kind=kind)


def dismiss(account: Account, kind: str, *, by: Account) -> None:
    """End a kind of an account; the caller commits. Raises Refused: not_permitted, last_super_user."""
    if kind not in APPOINTED or not allows(by, f"appoint.{kind}"):
        raise Refused(Refusal("not_permitted", permission=f"appoint.{kind}"))
    if kind == SUPER_USER and is_last_super_user(account):
        raise Refused(Refusal("last_super_user"))
    rows = select(Grant).where(Grant.user_id == account.id, Grant.kind == kind, Grant.ends_at.is_(None))
    for row in db.session.scalars(rows):
        row.ends_at = now()
    db.session.flush()
    account.forget_grants()
    audit.note("account.dismiss", account, kind=kind)
    outbox.tell([account], "kind_taken", account, kind=kind)


def is_last_super_user(account: Account) -> bool:
    """Whether nobody else is a super user; the grants are locked, so that of two not both go."""
    open_grants = (
        select(Grant)
        .join(Account, Account.id == Grant.user_id)
        .where(Grant.kind == SUPER_USER, Account.active, or_(Grant.ends_at.is_(None), Grant.ends_at > now()))
        .with_for_update(of=Grant)
    )
    holders = {row.user_id for row in db.session.scalars(open_grants)}
    return holders == {account.id}


def _refusal(account: Account, permission: str, by: Account) -> Refusal | None:
    rows = visible_accounts(by, permission).where(Account.id == account.id)
    if not db.session.execute(select(rows.exists())).scalar_one():
        return Refusal("not_permitted", permission=permission)
    # Who may not become a super user must not rule over one either.
    if SUPER_USER in account.kinds and SUPER_USER not in by.kinds:
        return Refusal("super_user_only")
    return None


def filtered(rows: Select[Any], given: Mapping[str, str]) -> Select[Any]:
    """Narrow a list of accounts: q, user_name, first_name, last_name, telephone, status (open, closed), kind."""
    if term := search_term(given.get("q")):
        for word in term.split(" "):
            rows = rows.where(Account.search_text.contains(word, autoescape=True))
    for key, column in (
        ("user_name", Account.email),
        ("first_name", Account.first_name),
        ("last_name", Account.last_name),
    ):
        if typed := (given.get(key) or "").strip()[:NAME_LENGTH]:
            rows = rows.where(func.lower(column).contains(typed.lower(), autoescape=True))
    if digits := "".join(filter(str.isdecimal, given.get("telephone") or ""))[:20]:
        having = select(Profile.user_id).where(or_(Profile.telephone.contains(digits), Profile.mobile.contains(digits)))
        rows = rows.where(Account.id.in_(having))
    if given.get("status") in ("open", "closed"):
        rows = rows.where(Account.active.is_(given["status"] == "open"))
    if kind := given.get("kind"):
        moment = now()
        holders = select(Grant.user_id).where(
            Grant.kind == kind, Grant.begins_at <= moment, or_(Grant.ends_at.is_(None), Grant.ends_at > moment)
        )
        rows = rows.where(Account.id.in_(holders))
    return rows
