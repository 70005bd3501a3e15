"""What a domain's own pages do better than generated ones: the page that adds a record, and what asks while one types.

Generated pages lead there; what files and programs bring in goes by the entity's own rules all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.core.entity import Entity
from views.core.records.asked import url_of


@dataclass(frozen=True)
class _Own:
    add: Callable[[], str] | None = None
    asks: Mapping[str, Callable[[Any], str | None]] = field(default_factory=dict)


_NONE = _Own()
_own: dict[str, _Own] = {}


def has_own(
    name: str, *, add: Callable[[], str] | None = None, asks: Mapping[str, Callable[[Any], str | None]] | None = None
) -> None:
    """Say what the domain has for the entity of that name.

    `add` gives the address where one is added, for records that need more than their own fields. `asks` gives, for a
    field and the record that is changed (None for a new one), the address of a hint about what is typed: a part of a
    page, asked for with the field's text under its own name.
    """
    _own[name] = _Own(add, asks or {})


def own_add(entity: Entity) -> str | None:
    """The domain's own page that adds a record; None where the generated form does."""
    page = _own.get(entity.name, _NONE).add
    return page() if page is not None else None


def add_url(entity: Entity, **given: Any) -> str:
    """Where a record is added; `given` fills in fields of the generated form."""
    return own_add(entity) or url_of(entity, "add", **given)


def asking(entity: Entity, name: str, record: Any) -> str | None:
    """The address that gives a hint about what is typed into a field; None for most."""
    ask = _own.get(entity.name, _NONE).asks.get(name)
    return ask(record) if ask is not None else None
