"""What a change of the matrix does to people: who gains and who loses a permission in fact (spec: fund.md 1).

Somebody of two kinds loses nothing while the other kind still holds the permission; only open accounts count, for a
closed one can do nothing either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, not_, select

from models.core.db import db
from models.core.grants import is_of
from models.core.identity import Account
from models.core.kinds import UNREGISTERED
from models.core.matrix import Cell, current_matrix
from models.core.matrix.changing import after

NAMED = 20  # names shown of those concerned; how many there are is always said


@dataclass(frozen=True)
class People:
    """How many accounts, and the first of them by name."""

    count: int = 0
    first: tuple[Account, ...] = ()

    @property
    def unnamed(self) -> int:
        """How many are not among the first."""
        return self.count - len(self.first)


@dataclass(frozen=True)
class Effect:
    """What becomes of one permission: kinds that gain and lose it, and the accounts that do in fact."""

    permission: str
    given: tuple[str, ...]
    taken: tuple[str, ...]
    gain: People = field(default_factory=People)
    lose: People = field(default_factory=People)
    holders: int = 0  # accounts that hold it afterwards
    visitors: bool | None = None  # whether visitors hold it afterwards, where that changes


@dataclass(frozen=True)
class Effects:
    """What becomes of every changed permission, and how many people in all notice it."""

    each: tuple[Effect, ...]
    concerned: int


def effects_of(changes: Mapping[Cell, bool]) -> Effects:
    """The effect on each changed permission, in the changes' order; `changes` differ from what is ticked now."""
    before, later = current_matrix(), after(changes)
    known: dict[tuple[frozenset[str], frozenset[str]], tuple[People, People, int]] = {}
    conditions: list[ColumnElement[bool]] = []
    each = []
    for permission in dict.fromkeys(cell[0] for cell in changes):
        old, new = before.get(permission, frozenset()), later.get(permission, frozenset())
        accounts = (old - {UNREGISTERED}, new - {UNREGISTERED})
        if accounts not in known:
            gain, lose = _only(accounts[1], accounts[0]), _only(accounts[0], accounts[1])
            conditions += [gain, lose]
            known[accounts] = (_people(gain), _people(lose), _count(is_of(Account.id, accounts[1])))
        gaining, losing, holders = known[accounts]
        cells = [(kind, held) for (code, kind), held in changes.items() if code == permission]
        each.append(
            Effect(
                permission,
                tuple(kind for kind, held in cells if held),
                tuple(kind for kind, held in cells if not held),
                gaining,
                losing,
                holders,
                (UNREGISTERED in new) if UNREGISTERED in old ^ new else None,
            )
        )
    return Effects(tuple(each), _concerned(conditions))


def _only(kinds: frozenset[str], others: frozenset[str]) -> ColumnElement[bool]:
    """Is of one of `kinds` and of none of `others`."""
    condition: ColumnElement[bool] = is_of(Account.id, kinds) & not_(is_of(Account.id, others))
    return condition


def _people(condition: ColumnElement[bool]) -> People:
    count = _count(condition)
    if not count:
        return People()
    rows = select(Account).where(Account.active, condition).order_by(Account.sort_key, Account.id)
    return People(count, tuple(db.session.scalars(rows.limit(NAMED))))


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Account).where(Account.active, condition)) or 0


def _concerned(conditions: list[ColumnElement[bool]]) -> int:
    """How many open accounts are concerned in all."""
    if not conditions:
        return 0
    any_of = conditions[0]
    for condition in conditions[1:]:
        any_of = any_of | condition
    return _count(any_of)
