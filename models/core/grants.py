"""Grants: which kind a user is, within which scope, from when to when (spec: fund.md 1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, cast, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Audited, Id, Model, UtcDateTime, db, now


class Grant(Audited, Model):
    """A user is of a kind, for one scope or for none in particular, between two moments."""

    __tablename__ = "core_grant"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at >= begins_at", name="ends_after_it_begins"),
        Index("ix_core_grant_user_id", "user_id"),
        Index("ix_core_grant_kind_scope", "kind", "scope_type", "scope_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    kind: Mapped[str] = mapped_column(String(40), nullable=False)
    scope_type: Mapped[str] = mapped_column(String(20), nullable=False, default="none")
    scope_id: Mapped[int | None] = mapped_column(Id)
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    def audit_root(self) -> Any:
        """A grant belongs to the history of the account that holds it."""
        from models.core.identity import Account

        return db.session.get(Account, self.user_id)


@dataclass(frozen=True)
class Held:
    """A grant as it counts now: kind, and the scope it reaches."""

    kind: str
    scope_type: str
    scope_id: int | None


class Narrowed:
    """An account as if it held but some of its grants: the same person, asked about one reason alone."""

    def __init__(self, account: Any, held: Iterable[Held]) -> None:
        self._account = account
        self.held = tuple(held)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of those grants."""
        return frozenset(grant.kind for grant in self.held)

    def scopes(self, kind: str, scope_type: str) -> frozenset[int]:
        """The scopes that those grants of a kind reach."""
        return frozenset(
            grant.scope_id
            for grant in self.held
            if grant.kind == kind and grant.scope_type == scope_type and grant.scope_id is not None
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._account, name)


# A domain adds the grants that follow from its own tables: user id (or a column of ids) -> SELECT kind, scope_type,
# scope_id.
GrantSource = Callable[[Any], Any]
_sources: list[GrantSource] = []


def register_grant_source(source: GrantSource) -> None:
    """Let grants follow from a domain's own rows (memberships), read in the same single query."""
    if source not in _sources:
        _sources.append(source)


def held_by(user_id: int) -> tuple[Held, ...]:
    """Every grant that counts for the user at this moment; one query."""
    rows = db.session.execute(union_all(*_sources_of(user_id, now())))
    return tuple(Held(*row) for row in rows)


def held_as_text(user_id: Any, moment: Any) -> Any:
    """What `held_by` finds, as one text to be read along with a row that has this column: see `read_held`."""
    # Correlated: the grants of that row's account, not of everybody.
    held = union_all(*(one.correlate(user_id.table) for one in _sources_of(user_id, moment))).subquery()
    kind, scope_type, scope_id = held.c
    line = kind + " " + scope_type + " " + func.coalesce(cast(scope_id, String), "")
    return select(func.aggregate_strings(line, ",")).scalar_subquery()


def read_held(text: str | None) -> tuple[Held, ...]:
    """The grants that `held_as_text` wrote."""
    lines = (line.split(" ") for line in (text or "").split(",") if line)
    return tuple(Held(kind, scope_type, int(number) if number else None) for kind, scope_type, number in lines)


def _sources_of(user_id: Any, moment: Any) -> tuple[Any, ...]:
    return _own(user_id, moment), *(source(user_id) for source in _sources)


def _own(user_id: Any, moment: Any) -> Any:
    return select(Grant.kind, Grant.scope_type, Grant.scope_id).where(
        Grant.user_id == user_id,
        Grant.begins_at <= moment,
        or_(Grant.ends_at.is_(None), Grant.ends_at > moment),
    )


def is_of(user_id: Any, kinds: Collection[str]) -> Any:
    """The condition "is of one of these kinds now" on a column of account ids; from the sources that `held_by` asks."""
    if not kinds:
        return false()
    sources = _sources_of(user_id, now())
    return or_(*(rows.where(rows.selected_columns[0].in_(sorted(kinds))).exists() for rows in sources))


def users_of_kind(kind: str) -> Any:
    """SELECT of the ids of users who hold `kind` by a grant that counts now."""
    moment = now()
    return select(Grant.user_id).where(
        Grant.kind == kind,
        Grant.begins_at <= moment,
        or_(Grant.ends_at.is_(None), Grant.ends_at > literal(moment, UtcDateTime)),
    )


def grant(
    user_id: int, kind: str, *, scope_type: str = "none", scope_id: int | None = None, by: int | None = None
) -> Grant:
    """Give a kind, once: an equal grant that counts now is returned as it is."""
    found = db.session.scalar(
        select(Grant).where(
            Grant.user_id == user_id,
            Grant.kind == kind,
            Grant.scope_type == scope_type,
            Grant.scope_id.is_(None) if scope_id is None else Grant.scope_id == scope_id,
            Grant.ends_at.is_(None),
        )
    )
    if found is None:
        found = Grant(user_id=user_id, kind=kind, scope_type=scope_type, scope_id=scope_id, granted_by=by)
        db.session.add(found)
        db.session.flush()
    return found
