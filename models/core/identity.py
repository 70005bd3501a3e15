"""Accounts, the ways to sign in to them, and the sessions that are open (spec: fund.md 2)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import Any

from flask_appbuilder.security.sqla.models import User as FabUser
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    select,
    update,
)
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from models.core import matrix, setting
from models.core.db import Audited, Id, Model, UtcDateTime, Versioned, db, now
from models.core.grants import Held, held_as_text, held_by, read_held
from models.core.kinds import UNREGISTERED
from models.core.matrix import MatrixVersion
from models.core.setting import SettingsVersion

SYNTHETIC_DOMAIN = "no-mail.invalid"


class Visitor:
    """Nobody signed in: the kind `unregistered`, and no rows of their own."""

    id = None
    kinds = frozenset({UNREGISTERED})
    held: tuple[Held, ...] = ()
    is_authenticated = False
    is_active = False
    is_anonymous = True
    locale = ""

    def get_id(self) -> None:
        """Nothing goes into the cookie for nobody."""
        return


class Account(Audited, FabUser):
    """A person or institution that signs in: FAB's ab_user and what Sala adds to it."""

    __tablename__ = "ab_user"
    # What FAB counts at each sign-in is in the access log already.
    audit_ignore = {"last_login", "login_count", "fail_login_count", "changed_on", "created_on"}

    title: Mapped[str] = mapped_column(String(60), nullable=False, default="", server_default="")
    locale: Mapped[str] = mapped_column(String(5), nullable=False, default="", server_default="")
    theme: Mapped[str] = mapped_column(String(5), nullable=False, default="", server_default="")
    # Until the link in the mail was confirmed; accounts made by staff are born confirmed.
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    must_change_password: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False, server_default="0")
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sort_key: Mapped[str] = mapped_column(String(400), nullable=False, default="", server_default="", index=True)
    search_text: Mapped[str] = mapped_column(String(600), nullable=False, default="", server_default="")

    profile: Mapped[Profile | None] = relationship(
        "Profile", back_populates="account", uselist=False, foreign_keys="Profile.user_id"
    )

    @property
    def along(self) -> dict[str, Any]:
        """What was read with the account of this request's session (`read_along`); nothing for any other account."""
        found: dict[str, Any] = self.__dict__.get("along_values", {})
        return found

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """The grants that count now; one query, once per loaded account (`forget_grants` after a change)."""
        return held_by(self.id)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds this account is of now."""
        held, kept = self.held, self.__dict__.get("_kinds_of_held")
        if kept is None or kept[0] is not held:
            kept = self.__dict__["_kinds_of_held"] = (held, frozenset(grant.kind for grant in held))
        return kept[1]

    def forget_grants(self) -> None:
        """Read the grants again when they are asked for next."""
        self.__dict__.pop("held", None)

    def scopes(self, kind: str, scope_type: str) -> frozenset[int]:
        """The ids of the scopes of one type that this account's grants of `kind` reach."""
        return frozenset(
            grant.scope_id
            for grant in self.held
            if grant.kind == kind and grant.scope_type == scope_type and grant.scope_id is not None
        )

    @property
    def full_name(self) -> str:
        """Title and names as Thai papers write them: the title joined to the first name."""
        return f"{self.title}{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """Two letters for the round mark beside the name; leading vowels are skipped."""
        letters = [name.lstrip("เแโใไ")[:1] for name in (self.first_name or "", self.last_name or "")]
        return "".join(letters) or "?"

    @property
    def has_mail(self) -> bool:
        """Whether the address is one that mail can go to."""
        return not self.email.endswith(SYNTHETIC_DOMAIN)

    @property
    def signed_in_at(self) -> datetime | None:
        """The last sign-in, UTC; FAB's column knows no time zone."""
        return self.last_login.replace(tzinfo=UTC) if self.last_login else None

    @property
    def needs_profile(self) -> bool:
        """Whether the first sign-in form is still to be completed."""
        return self.profile is None or self.profile.completed_at is None

    def get_id(self) -> str:
        """The cookie carries the open session's random token, never the account's number."""
        token = self.__dict__.get("session_token")
        return token if isinstance(token, str) else ""


Account.__table__.c.password.info["audit"] = "secret"
for _column in ("sort_key", "search_text"):
    Account.__table__.c[_column].info["audit"] = "skip"
Index("ix_ab_user_email", Account.__table__.c.email, Account.__table__.c.id)  # For lists by user name.


class Profile(Audited, Versioned, Model):
    """Who the person is beyond the account: filled in at the first sign-in (spec: fund.md 2.2)."""

    __tablename__ = "core_profile"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), primary_key=True, autoincrement=False)
    citizen_id: Mapped[str | None] = mapped_column(String(13), index=True, info={"audit": "citizen"})
    position: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    work_group: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    telephone: Mapped[str] = mapped_column(String(30), nullable=False, default="")
    mobile: Mapped[str] = mapped_column(String(30), nullable=False, default="")
    card_file_id: Mapped[str | None] = mapped_column(ForeignKey("core_file.id"))
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(Account, back_populates="profile", foreign_keys=[user_id])

    def audit_root(self) -> Any:
        """A profile belongs to its account's history."""
        return self.account or db.session.get(Account, self.user_id)


class Identity(Model):
    """One way to sign in to an account: type and value, as e-mail or school code."""

    __tablename__ = "core_identity"
    __table_args__ = (UniqueConstraint("type", "value"), Index("ix_core_identity_user_id", "user_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    type: Mapped[str] = mapped_column(String(20), nullable=False)
    value: Mapped[str] = mapped_column(String(320), nullable=False)


class Consent(Audited, Model):
    """A text that a user accepted, by its name and version, and when."""

    __tablename__ = "core_consent"
    __table_args__ = (Index("ix_core_consent_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    text: Mapped[str] = mapped_column(String(40), nullable=False)
    text_version: Mapped[str] = mapped_column(String(20), nullable=False)
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)

    def audit_root(self) -> Any:
        """A consent belongs to its account's history."""
        return db.session.get(Account, self.user_id)


class SignInSession(Model):
    """An open (or ended) session of an account on one device; the cookie holds a token, this row its hash."""

    __tablename__ = "core_session"
    __table_args__ = (
        Index("ix_core_session_user_id", "user_id", "ended_at"),
        CheckConstraint("ended_at IS NULL OR ended_at >= begun_at", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), nullable=False, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    device: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    address: Mapped[str] = mapped_column(String(45), nullable=False, default="")
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def hash_token(token: str) -> str:
    """What is stored of a random token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(account: Account, device: str, address: str) -> str:
    """Begin a session for the account; the token for the cookie, known to nobody else."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(token_hash=hash_token(token), user_id=account.id, device=device[:200], address=address[:45])
    )
    account.__dict__["session_token"] = token
    return token


def account_of_session(token: str, idle: timedelta, longest: timedelta) -> tuple[Account, SignInSession] | None:
    """The account whose open session the token is, with its profile and grants and the versions kept: one query.

    None when there is no such session, it ended, stood idle for `idle`, is older than `longest`, or the account closed.
    """
    moment = now()
    values = {"token_hash": hash_token(token), "moment": moment}
    row = db.session.execute(_session_of_token(), values).one_or_none()
    if row is None:
        return None
    account, session, matrix_version, settings_version, held, *along = row
    matrix.know_version(matrix_version)
    setting.know_version(settings_version)
    if not account.active or session.seen_at <= moment - idle or session.begun_at <= moment - longest:
        return None
    account.__dict__["session_token"] = token
    account.__dict__["held"] = read_held(held)
    account.__dict__["along_values"] = dict(zip(_along, along, strict=True))
    return account, session


_along: dict[str, Any] = {}


def read_along(name: str, scalar: Any) -> None:
    """Read a value with the account of every session, as `account.along[name]`: a scalar SELECT about `Account.id`.

    For what nearly every page shows; it is as it was when the request began.
    """
    _along[name] = scalar
    _session_of_token.cache_clear()


@cache
def _session_of_token() -> Select[Any]:
    """The statement of `account_of_session`, built once: every request begins with it."""
    return (
        select(
            Account,
            SignInSession,
            select(MatrixVersion.version).scalar_subquery(),
            select(SettingsVersion.version).scalar_subquery(),
            held_as_text(Account.id, bindparam("moment", type_=UtcDateTime)),
            *(scalar.label(name) for name, scalar in _along.items()),
        )
        .join(SignInSession, SignInSession.user_id == Account.id)
        .outerjoin(Account.profile)
        .options(contains_eager(Account.profile))
        .where(SignInSession.token_hash == bindparam("token_hash"), SignInSession.ended_at.is_(None))
        .execution_options(populate_existing=True)
    )


def account_of_lapsed_session(token: str) -> Account | None:
    """The account of a session that lapsed by time alone: only good for keeping what its user was typing."""
    return db.session.scalar(
        select(Account)
        .join(SignInSession, SignInSession.user_id == Account.id)
        .where(SignInSession.token_hash == hash_token(token), SignInSession.ended_at.is_(None), Account.active)
    )


def end_sessions(user_id: int, *, but: str | None = None, only: int | None = None) -> int:
    """End a user's open sessions: all, all `but` the one of this token, or `only` the one with this id; how many."""
    statement = update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    if but is not None:
        statement = statement.where(SignInSession.token_hash != hash_token(but))
    if only is not None:
        statement = statement.where(SignInSession.id == only)
    return int(db.session.execute(statement.values(ended_at=now())).rowcount)


def open_sessions(user_id: int) -> list[SignInSession]:
    """A user's open sessions, the latest seen first."""
    return list(
        db.session.scalars(
            select(SignInSession)
            .where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
            .order_by(SignInSession.seen_at.desc())
        )
    )


class OneTimeLink(Model):
    """A link sent by mail that works once and for a time; a newer one of its purpose ends it."""

    __tablename__ = "core_one_time_link"
    __table_args__ = (Index("ix_core_one_time_link_user_purpose", "user_id", "purpose"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), nullable=False, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    purpose: Mapped[str] = mapped_column(String(20), nullable=False)
    # What the link is about where its purpose needs it: the new address that it confirms.
    value: Mapped[str] = mapped_column(String(320), nullable=False, default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def make_link(user_id: int, purpose: str, lasts: timedelta, *, value: str = "") -> str:
    """A new link's token; the user's older links of this purpose are dead from here on. `value`: what it is about."""
    kill_links(user_id, purpose)
    token = secrets.token_urlsafe(32)
    db.session.add(
        OneTimeLink(
            token_hash=hash_token(token), user_id=user_id, purpose=purpose, value=value, expires_at=now() + lasts
        )
    )
    return token


def kill_links(user_id: int, purpose: str | None = None) -> None:
    """Make the user's unused links worthless."""
    statement = update(OneTimeLink).where(OneTimeLink.user_id == user_id, OneTimeLink.used_at.is_(None))
    if purpose is not None:
        statement = statement.where(OneTimeLink.purpose == purpose)
    db.session.execute(statement.values(used_at=now()))


def live_link(token: str, purpose: str) -> OneTimeLink | None:
    """The link that the token opens, while it is unused and in time."""
    return db.session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
    )


def use_link(token: str, purpose: str) -> Account | None:
    """Use the link up: its account, or None; of two uses at once only one succeeds."""
    link = live_link(token, purpose)
    if link is None:
        return None
    used = db.session.execute(
        update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None)).values(used_at=now())
    )
    return db.session.get(Account, link.user_id) if used.rowcount == 1 else None


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Full names by id; one query."""
    ids = list(user_ids)
    if not ids:
        return {}
    return {account.id: account.full_name for account in db.session.scalars(select(Account).where(Account.id.in_(ids)))}


def account_by_identity(type_: str, value: str) -> Account | None:
    """The account behind an identity; e-mail is compared without case."""
    return db.session.scalar(
        select(Account)
        .join(Identity, Identity.user_id == Account.id)
        .where(Identity.type == type_, Identity.value == value.strip().casefold())
    )
