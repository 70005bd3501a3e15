"""Why somebody may or may not: the chain from account to kinds, permission, scope and the record's own conditions.

Every answer comes from the functions that decide (`held_by`, `kinds_of`, `visible_to`, `refusal`), asked about that
person; nothing is decided a second time here (spec: fund.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.core.clock import now
from models.core.db import db
from models.core.grants import Grant, Held, Narrowed
from models.core.identity import Account, names_of
from models.core.matrix import kinds_of
from models.core.workflow import HasWorkflow, Refusal

NOW, ENDED, TO_COME = "now", "ended", "to_come"
SHOWN_GRANTS = 30


@dataclass(frozen=True)
class Origin:
    """Where a kind comes from: a grant with its giver and its time, or a domain's own rows (a membership)."""

    kind: str
    scope_type: str
    scope_id: int | None
    state: str = NOW
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    giver: str = ""
    follows: bool = False


@dataclass(frozen=True)
class Door:
    """What the account itself is: whether it can sign in at all."""

    is_open: bool
    is_confirmed: bool

    @property
    def lets_in(self) -> bool:
        """Whether the account can sign in."""
        return self.is_open and self.is_confirmed


def door_of(account: Account) -> Door:
    """Whether the account is open and confirmed, as signing in asks."""
    return Door(bool(account.active), account.confirmed_at is not None)


def origins_of(account: Account) -> list[Origin]:
    """Every grant of the account, ended ones too, and the kinds that follow from a domain’s rows; now first."""
    moment = now()
    rows = list(
        db.session.scalars(
            select(Grant).where(Grant.user_id == account.id).order_by(Grant.id.desc()).limit(SHOWN_GRANTS)
        )
    )
    names = names_of({row.granted_by for row in rows if row.granted_by})
    found = []
    for row in rows:
        ended = row.ends_at is not None and row.ends_at <= moment
        state = ENDED if ended else TO_COME if row.begins_at > moment else NOW
        giver = names.get(row.granted_by or 0, "")
        found.append(Origin(row.kind, row.scope_type, row.scope_id, state, row.begins_at, row.ends_at, giver))
    own = {(one.kind, one.scope_type, one.scope_id) for one in found if one.state == NOW}
    followed = [
        Origin(held.kind, held.scope_type, held.scope_id, follows=True)
        for held in account.held
        if (held.kind, held.scope_type, held.scope_id) not in own
    ]
    return sorted([*followed, *found], key=lambda origin: (NOW, TO_COME, ENDED).index(origin.state))


@dataclass(frozen=True)
class Reach:
    """Whether a record is within somebody's reach for a permission, and by which of the grants alone it is."""

    is_within: bool
    by: tuple[Held, ...] = ()


def is_within(model: Any, key: int, user: Any, permission: str) -> bool:
    """Whether the record is among the rows on which `user` holds `permission`, as every page asks."""
    rows = model.visible_to(user, permission).where(model.id == key).with_only_columns(model.id)
    return bool(db.session.execute(select(rows.exists())).scalar_one())


def reach_of(model: Any, key: int, account: Account, permission: str) -> Reach:
    """Whether the record is within the account's reach, and by which grants."""
    if not is_within(model, key, account, permission):
        return Reach(False)
    by = tuple(
        held for held in dict.fromkeys(account.held) if is_within(model, key, Narrowed(account, [held]), permission)
    )
    return Reach(True, by)


def kinds_holding(account: Account, permission: str) -> frozenset[str]:
    """Those of the account's kinds that hold the permission."""
    return kinds_of(account, permission)


def refusals(record: HasWorkflow, account: Account) -> dict[str, Refusal | None]:
    """What the record answers to each of its moves when the account asks now; None where it may."""
    return {name: record.refusal(name, account) for name in record.moves}
