"""New rows of a file that are called as a record is already: said, not refused, for two may well share a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.core.db import db
from models.core.entity import Entity
from models.core.entity.importing import ADD, Outcome
from models.core.entity.rows import seen_by
from models.core.entity.values import WrongValue
from models.core.thai.text import search_text


@dataclass
class Alike:
    """Compares names as searching does, with the records that the user sees and with the file's own earlier rows.

    A row that is alike has `warning`: alike (name, key) of a record, alike_row (name, row) of the file.
    """

    entity: Entity
    user: Any
    rows: dict[str, int] = field(default_factory=dict)

    def warn(self, found: list[Outcome]) -> None:
        """Mark those of these rows that would add what seems to be there; one query, however many they are."""
        if self.entity.alike is None:
            return
        name, column = self.entity.alike
        length = column.type.length
        new = [(one, search_text(str(one.values[name]))[:length]) for one in found if one.deed == ADD]
        there: dict[str, tuple[Any, str]] = {}
        if names := {said for _one, said in new if said}:
            rows = seen_by(self.entity, self.user).where(column.in_(names)).order_by(None)
            rows = rows.with_only_columns(
                column, self.entity.pk, getattr(self.entity.model, name), maintain_column_froms=True
            )
            for said, key, named in db.session.execute(rows.order_by(self.entity.pk.desc())):
                there[said] = (key, named)
        for one, said in new:
            if not said:
                continue
            first = self.rows.setdefault(said, one.given.number)
            if said in there:
                key, named = there[said]
                one.warning = WrongValue("alike", name=named, key=key)
            elif first != one.given.number:
                one.warning = WrongValue("alike_row", name=one.values[name], row=first)
