"""A workflow is a table of moves, and `perform` the only way to take one (spec: fund.md 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sqlalchemy import select

from models.core import audit
from models.core.db import Versioned, db, touch

if TYPE_CHECKING:
    from models.core.identity import Account


@dataclass(frozen=True)
class Move:
    """One arrow of a workflow: who may take it, from where to where, and what it tells whom."""

    name: str
    sources: frozenset[str]
    target: str | None  # None: the state stays as it is
    permission: str
    tells: str | None = None


class _MoveTable(Protocol):
    def __call__(self, *rows: Move) -> Mapping[str, Move]: ...


def move(
    name: str, sources: Iterable[str] | str, target: str | None, permission: str, tells: str | None = None
) -> Move:
    """A row of the table; `sources` may be one state or several."""
    states = frozenset([sources]) if isinstance(sources, str) else frozenset(sources)
    return Move(name, states, target, permission, tells)


def moves(*rows: Move) -> dict[str, Move]:
    """The table, by name; a name given twice is a mistake of the table's writer (ValueError)."""
    table = {row.name: row for row in rows}
    if len(table) != len(rows):
        raise ValueError("A move is named twice.")
    return table


class Refusal:
    """Why an action is refused: a code and its values, which the edge turns into a sentence."""

    __slots__ = ("code", "values")

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refusal) and (self.code, self.values) == (other.code, other.values)

    def __hash__(self) -> int:
        return hash(self.code)

    def __repr__(self) -> str:
        return f"Refusal({self.code!r}, {self.values!r})"


class Refused(Exception):
    """An action was refused; nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True)
class Step:
    """What `perform` hands to a record's hooks: the move, who takes it, and what was given with it."""

    move: Move
    by: Account
    given: Mapping[str, Any] = field(default_factory=dict)


class HasWorkflow(Versioned):
    """Makes `perform` the only way to change a record's `state`."""

    moves: ClassVar[Mapping[str, Move]]
    state: Any
    id: Any

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Any:
        """The rows on which `user` holds `permission`, as a Select; every workflow says its own scope."""
        raise NotImplementedError

    def within(self, user: Account, permission: str) -> bool:
        """Whether this record is among those on which `user` holds `permission`."""
        cls: Any = type(self)
        rows = cls.visible_to(user, permission).where(cls.id == self.id).with_only_columns(cls.id)
        return db.session.execute(select(rows.exists())).scalar_one()

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG002
        """The record's own condition for `action`; None lets it pass."""
        return None

    def target_of(self, action: str, given: Mapping[str, Any]) -> str | None:  # noqa: ARG002
        """The state after `action`; a move with two ends overrides this."""
        return self.moves[action].target

    def refusal(self, action: str, user: Account, **given: Any) -> Refusal | None:
        """Why `user` may not take `action` now; None means they may."""
        row = self.moves[action]
        if not self.within(user, row.permission):
            return Refusal("not_permitted", permission=row.permission)
        if self.state not in row.sources:
            return Refusal("wrong_stage", state=self.state, action=action)
        return self.guard(action, user, given)

    def perform(self, action: str, by: Account, version: int | str | None, **given: Any) -> None:
        """Take a move: check, change, tell and audit in the open transaction; the caller commits.

        The row is locked first, so that of two people acting at once one wins and the other is told.
        Raises Refused with the reason, or StaleVersion when the page acted on is out of date.
        """
        db.session.flush()
        # Children that are loaded stay loaded: only this row's own columns are read again under the lock.
        db.session.refresh(self, attribute_names=self._lockable(), with_for_update=True)
        self.take_version(version)
        if reason := self.refusal(action, by, **given):
            raise Refused(reason)
        row = self.moves[action]
        before = self.state
        hook = getattr(self, f"on_{action}", None)
        target = self.target_of(action, given)
        if hook is not None:
            hook(by, **given)
        if target is not None:
            self.state = target
        self.touch()
        db.session.flush()
        self.tell(row, by, given)
        audit.note(f"{audit.entity_of(self)}.{action}", self, state=[before, self.state])

    def touch(self) -> None:
        """Make the next flush count as a change of this row even where only its children changed."""
        touch(self, "state")

    def tell(self, move: Move, by: Account, given: Mapping[str, Any]) -> None:
        """Queue what the move tells; a record with an audience overrides this."""

    def _lockable(self) -> list[str]:
        return [attribute.key for attribute in db.inspect(type(self)).column_attrs]
