"""Entities: what a kind of record is to everything that is generated, declared once beside its model.

The pages under /records/, the files in and out, and the API all read the same declaration: which rows a user sees,
which fields there are and what may stand in them, which orders a list walks by, who may add, change, delete and
restore, and which function does it. A domain calls `declare` at import; words in the reader's language are the views'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Select

from models.core.db import SoftDeleted, Versioned
from models.core.entity.fields import Choices, Field, Kind, fields_of
from models.core.entity.rules import Rule
from models.core.listing import Order
from models.core.workflow import HasWorkflow, Refusal

Values = Mapping[str, Any]
RowsOf = Callable[[Any, str], Select[Any]]
"""(user, permission) -> the rows on which the user holds it."""


@dataclass(frozen=True)
class Gates:
    """The permission that each deed on the entity needs; None: nobody does this through generated pages."""

    view: str
    add: str | None = None
    change: str | None = None
    delete: str | None = None
    restore: str | None = None

    def of(self, deed: str) -> str | None:
        """The permission of a deed: view, add, change, delete or restore."""
        found: str | None = getattr(self, deed)
        return found


@dataclass(frozen=True)
class Deeds:
    """Functions of the domain that do what plain storing would not do right; each flushes, none commits.

    Each raises Refused, or WrongValues where a field cannot hold what was given.
    """

    add: Callable[[Any, Values], Any] | None = None  # (user, values) -> record
    change: Callable[[Any, Any, Values], None] | None = None  # (user, record, values)
    delete: Callable[[Any, Any], None] | None = None  # (user, record)
    restore: Callable[[Any, Any], None] | None = None  # (user, record)
    # (deed, user, record or None) -> why not now, asked before a form is shown and before a deed is done
    refusal: Callable[[str, Any, Any], Refusal | None] | None = None


@dataclass(frozen=True, eq=False)
class Entity:
    """One kind of record.

    `name` stands in addresses; `shown` are all its fields in the order of its page, the first of `listed` links to it.
    `search` is the column (or columns) that "contains" looks in, best one made by `search_text`. `key` is the unique
    field by which a file's row finds the record that it updates. `alike` is a field and the column of its
    `search_text`: of a file's new row that says there what a record says, one is warned. `parent` names the field whose
    record says who sees this one, for rows of another. `rows` replaces the model's `visible_to`; `deleted` gives the
    deleted rows that a user may restore. `users` are the kinds of user for whom anything is generated: who works on
    pages made for the work, where more is weighed than columns, does not meet the same records here. Opening a record
    that `is_personal` is written down: who looked at whose data (spec: README, Personal data).
    """

    name: str
    model: Any
    gates: Gates
    shown: Sequence[str]
    listed: Sequence[str]
    users: frozenset[str]
    added: Sequence[str] = ()
    changed: Sequence[str] = ()
    filtered: Sequence[str] = ()
    orders: Sequence[Order] = ()
    within: Sequence[Any] = ()  # columns by which the rows of one parent stand in their order
    counted: Sequence[str] = ()  # fields that are kept from 0 on and told from 1 on
    number: Callable[[Any], str | None] | None = None  # what a record is known by besides its name, for pickers
    beside: str | None = None  # the link whose record tells records of one name apart, for pickers
    search: Sequence[Any] = ()
    key: str | None = None
    alike: tuple[str, Any] | None = None
    parent: str | None = None
    rows: RowsOf | None = None
    deleted: Callable[[Any], Select[Any]] | None = None
    deeds: Deeds = field(default_factory=Deeds)
    choices: dict[str, Choices] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)  # field -> table that it names without a foreign key
    # Moves of its workflow that need no more than texts, and which: what programs may take (a reason is one).
    moves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: Sequence[str] = ()
    rule: Rule | None = None  # what its fields may not say together
    bounds: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    years: Sequence[str] = ()  # numbers that are years พ.ศ.
    digits: dict[str, int] = field(default_factory=dict)  # codes of digits alone -> how many they have
    told: Sequence[str] = ()  # fields that programs are told besides, and that pages say in another one's words
    group: str = "core"
    is_personal: bool = False

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field that anything generated may show or take, by name. What is not named here is never told."""
        names = dict.fromkeys((*self.shown, *self.listed, *self.added, *self.changed, *self.filtered, *self.told))
        return fields_of(
            self.model,
            tuple(names),
            choices=self.choices,
            kinds=self.kinds,
            links=self.links,
            required=self.required,
            bounds=self.bounds,
            years=self.years,
            digits=self.digits,
            counted=self.counted,
        )

    @cached_property
    def pk(self) -> Any:
        """The model's primary key: a number, or a code for tables that are named by one."""
        return self.model.__mapper__.get_property_by_column(self.model.__mapper__.primary_key[0]).class_attribute

    @cached_property
    def by_key(self) -> Order:
        """The order that every list has: the newest first, by the primary key."""
        return Order(f"-{self.pk.key}", (), self.pk, descending=True)

    @cached_property
    def all_orders(self) -> dict[str, Order]:
        """The declared orders and that of the key, by name."""
        return {order.name: order for order in (*self.orders, self.by_key)}

    @cached_property
    def in_place(self) -> Order | None:
        """The order of the rows of one parent; None where they have none but that of the list."""
        return Order("place", tuple(self.within), self.pk, is_of_few=True) if self.within else None

    @property
    def default_order(self) -> Order:
        """The first declared order, else the newest first."""
        return self.orders[0] if self.orders else self.by_key

    @property
    def is_versioned(self) -> bool:
        """Whether the table itself counts versions; else a record's stamp is a digest of what it holds."""
        return issubclass(self.model, Versioned)

    @property
    def is_soft_deleted(self) -> bool:
        """Whether deleting only marks."""
        return issubclass(self.model, SoftDeleted)

    @property
    def has_workflow(self) -> bool:
        """Whether moves of a workflow change the record."""
        return issubclass(self.model, HasWorkflow)

    def key_of(self, record: Any) -> Any:
        """The record's primary key."""
        return getattr(record, self.pk.key)


_entities: dict[str, Entity] = {}


def declare(entity: Entity) -> Entity:
    """Make an entity known under its name; again replaces it only when it is of the same model.

    Raises ValueError for another model of the same name, and where a record with a workflow could be changed past it:
    each deed on such a one is a function of its domain, which performs a move.
    """
    known = _entities.get(entity.name)
    if known is not None and known.model is not entity.model:
        raise ValueError(f"Two entities are called {entity.name}")
    for deed in ("change", "delete", "restore"):
        if entity.has_workflow and entity.gates.of(deed) is not None and getattr(entity.deeds, deed) is None:
            raise ValueError(f"{entity.name} has a workflow: to {deed} one is to perform a move")
    _entities[entity.name] = entity
    return entity


def entities() -> tuple[Entity, ...]:
    """Every declared entity, in the order of their declaration."""
    return tuple(_entities.values())


def entity_named(name: str) -> Entity | None:
    """The entity of that name; None where there is none."""
    return _entities.get(name)


def entity_of_table(table: str) -> Entity | None:
    """The entity whose records lie in a table; None where none is declared."""
    return next((one for one in _entities.values() if one.model.__tablename__ == table), None)


__all__ = [
    "Deeds",
    "Entity",
    "Field",
    "Gates",
    "Kind",
    "declare",
    "entities",
    "entity_named",
    "entity_of_table",
]
