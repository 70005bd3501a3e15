"""The rules of a record as a whole: what its fields may not say together, told at a field.

A domain writes a rule as a pure function beside its model; its own form and everything that is generated ask the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from models.core.thai.errors import BadValue

if TYPE_CHECKING:
    from models.core.entity import Entity

Rule = Callable[[Mapping[str, Any]], Iterable[tuple[str, BadValue]]]
"""Values of a record, some perhaps missing -> each field that cannot stay so, and why."""


def wrong_together(entity: Entity, values: Mapping[str, Any], record: Any = None) -> dict[str, BadValue]:
    """What the entity's rule finds wrong with values that are to be stored, by field, the first for each.

    Of a record that is there, what was wrong before and is not among the values hinders nobody: whoever corrects a
    telephone number need not know the postcode.
    """
    if entity.rule is None:
        return {}
    before = {} if record is None else {name: getattr(record, name) for name in entity.fields}
    known = () if record is None else {(name, wrong.code) for name, wrong in entity.rule(before)}
    found: dict[str, BadValue] = {}
    for name, wrong in entity.rule({**before, **values}):
        if name in values or (name, wrong.code) not in known:
            found.setdefault(name, wrong)
    return found
