"""Running numbers without gaps, given inside the transaction that uses them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Model, db


class Counter(Model):
    """The last number given under a name and period."""

    __tablename__ = "core_counter"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    period: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int] = mapped_column(Integer, nullable=False)


def next_number(name: str, period: str | int) -> int:
    """The next number of `name` in `period`, from 1; rolled back with its transaction, so none is ever missing.

    Takes the counter's row lock until the commit: call it as late as can be.
    """
    insert: Any = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Counter).values(name=name, period=str(period), value=1)
    statement = statement.on_conflict_do_update(
        index_elements=["name", "period"], set_={"value": Counter.value + 1}
    ).returning(Counter.value)
    return int(db.session.execute(statement).scalar_one())
