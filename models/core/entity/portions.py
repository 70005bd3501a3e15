"""Every row of a list, read in portions: columns alone, each portion behind the last row of the one before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.core.db import db
from models.core.entity import Entity
from models.core.entity.fields import Field, Kind
from models.core.entity.rows import Wanted, narrowed, seen_by
from models.core.listing import Order
from models.core.thai.citizen import mask_citizen_id
from models.core.thai.dates import to_bangkok

PORTION = 2_000  # rows

Label = Callable[[str, Any], str]
"""(field, code) -> the code in the reader's words; of yes-or-no fields True and False are the codes."""

Coded = Mapping[str, Sequence[str]]
"""Fields of no declared choices whose values are said in words, each with its codes; none where they are not listed."""


def portions(
    entity: Entity, user: Any, wanted: Wanted, order: Order, names: Sequence[str], size: int = PORTION
) -> Iterator[list[tuple[Any, ...]]]:
    """The values of these fields of every row that the user sees and asked for, some rows at a time.

    The key comes first in each row. No record is built and none is held beyond its portion. Raises WrongFilter.
    """
    places = order.all_columns
    columns = [getattr(entity.model, name) for name in names]
    rows = narrowed(entity, seen_by(entity, user), wanted)
    rows = order.sorted(rows.with_only_columns(*places, *columns, maintain_column_froms=True))
    beyond: Sequence[Any] | None = None
    while True:
        some = rows if beyond is None else rows.where(order.beyond(beyond))
        found = db.session.execute(some.limit(size)).all()
        yield [tuple(row[len(places) - 1 :]) for row in found]
        if len(found) < size:
            return
        beyond = tuple(found[-1][: len(places)])


def cell_of(one: Field, value: Any, label: Label, coded: Coded) -> Any:
    """A stored value as a file says it: codes in words, moments in Bangkok to the minute, citizen IDs masked.

    Reading a file back compares with this, so that what nobody changed in it changes nothing.
    """
    if value is None or value == "":
        return None
    if one.kind in (Kind.CHOICE, Kind.YES_NO) or one.name in coded:
        return label(one.name, value)
    if one.is_counted:
        return value + 1
    if one.kind is Kind.CITIZEN_ID:
        return mask_citizen_id(str(value))
    if isinstance(value, datetime):
        return to_bangkok(value).replace(tzinfo=None, second=0, microsecond=0)
    if one.kind is Kind.DATA:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value
