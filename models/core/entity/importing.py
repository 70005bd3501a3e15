"""Rows of a file judged and stored: what each would do, why one cannot be done, and all of them or none.

Permission, row scope, state, values, links and keys are asked as `deeds` asks them, but for some hundred rows at once.
Judging stores nothing: what only storing can find out is tried and undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models.core.db import begin_writing, db, set_reading
from models.core.entity import Entity, entity_of_table
from models.core.entity.cells import Codes, key_fields
from models.core.entity.deeds import stamp_of, store_change, store_new
from models.core.entity.fields import Kind
from models.core.entity.rows import opens, read_key, seen_by
from models.core.entity.rules import wrong_together
from models.core.entity.values import WrongValue, WrongValues
from models.core.thai.errors import BadValue
from models.core.workflow import Refusal, Refused

ADD, CHANGE, BOTH = "add", "change", "both"
WAYS = (BOTH, ADD, CHANGE)
SAME, BAD = "same", "bad"
BATCH = 500  # rows

Why = BadValue | Refusal
_TROUBLE = (Refused, WrongValues, IntegrityError, StaleDataError)


@dataclass(frozen=True)
class Given:
    """A row of the file: its number there, and its cells by field."""

    number: int
    cells: Mapping[str, Any]
    # What stands beside the columns that have a heading; nobody could say what it is.
    surplus: str = ""
    # How the row was judged, where it is to be stored.
    deed: str = ""
    key: Any = None
    stamp: str = ""


@dataclass
class Outcome:
    """What a row would do: add, change, nothing (same), or what is wrong with it (field, or empty for the row)."""

    given: Given
    deed: str = ""
    record: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    wrong: list[tuple[str, Why]] = field(default_factory=list)

    @property
    def key(self) -> Any:
        """The primary key of the record that the row is about; None for a new one."""
        return self._key

    _key: Any = None
    stamp: str = ""
    warning: BadValue | None = None

    def refuse(self, name: str, why: Why) -> None:
        """Note what is wrong."""
        self.wrong.append((name, why))
        self.deed = BAD


@dataclass
class Judge:
    """Judges rows of one file, some hundred at a time; remembers which keys the file had already."""

    entity: Entity
    user: Any
    way: str
    codes: Codes
    seen: dict[tuple[str, Any], int] = field(default_factory=dict)

    def batches(self, rows: Iterable[Given]) -> Iterator[list[Outcome]]:
        """Every row's outcome, in portions."""
        following = iter(rows)
        while some := list(islice(following, BATCH)):
            yield self.judge(some)

    def judge(self, rows: Sequence[Given]) -> list[Outcome]:
        """The outcomes of these rows; a handful of queries, however many they are."""
        found = [Outcome(row) for row in rows]
        self._name_links(found)
        self._find(found)
        for one in found:
            if one.given.surplus:
                one.refuse("", WrongValue("surplus", found=one.given.surplus))
            elif not one.wrong:
                self._read(one)
        self._permit(found)
        self._check_links(found)
        self._check_keys(found)
        return found

    def _name_links(self, found: list[Outcome]) -> None:
        """A link to a record that has a key of its own may be said by that key: it becomes the record's number."""
        for name in {name for one in found for name in one.given.cells} & self.entity.fields.keys():
            about = self.entity.fields[name]
            above = entity_of_table(about.to or "") if about.kind is Kind.LINK else None
            if above is None or above.key is None:
                continue
            said: dict[Any, list[Outcome]] = {}
            for one in found:
                with suppress(BadValue):  # What is no key may be a number.
                    if key := self.codes.read(above.fields[above.key], one.given.cells.get(name)):
                        said.setdefault(key, []).append(one)
            column = getattr(above.model, above.key)
            rows = seen_by(above, self.user).where(column.in_(said)).order_by(None)
            for pk, key in db.session.execute(rows.with_only_columns(above.pk, column, maintain_column_froms=True)):
                for one in said[key]:
                    one.given = replace(one.given, cells={**one.given.cells, name: pk})

    # --- which record ------------------------------------------------------------------------------------------------

    def _find(self, found: list[Outcome]) -> None:
        """Each row's record by its number, else by its key; what is not there is added, where that is wanted."""
        wanted: dict[str, dict[Any, list[Outcome]]] = {}
        for one in found:
            name, value = self._key_of(one)
            if value is None:
                one.deed = one.deed or ADD
            else:
                wanted.setdefault(name, {}).setdefault(value, []).append(one)
        rows = seen_by(self.entity, self.user)
        for name, values in wanted.items():
            column = getattr(self.entity.model, name)
            there = rows.where(column.in_(values)).order_by(None).execution_options(populate_existing=True)
            records = {getattr(record, name): record for record in db.session.scalars(there).unique()}
            for value, several in values.items():
                for one in several:
                    self._take(one, name, value, records.get(value))
        for one in found:
            if one.deed == ADD and self.way == CHANGE and not one.wrong:
                one.refuse("", WrongValue("no_key_given"))

    def _key_of(self, one: Outcome) -> tuple[str, Any]:
        """The column and value by which the row finds its record; a value of None for a row that is new."""
        pk = self.entity.pk.key
        for name in key_fields(self.entity):
            cell = one.given.cells.get(name)
            if cell is None:
                continue
            try:
                value = self._read_pk(cell) if name == pk else self.codes.read(self.entity.fields[name], cell)
            except BadValue as wrong:
                one.refuse(name, wrong)
                return name, None
            if (first := self.seen.setdefault((name, value), one.given.number)) != one.given.number:
                one.refuse(name, WrongValue("twice", row=first))
                return name, None
            return name, value
        return "", None

    def _read_pk(self, cell: Any) -> Any:
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
        key = read_key(self.entity, text)
        if key is None:
            raise WrongValue("no_such_record")
        return key

    def _take(self, one: Outcome, name: str, value: Any, record: Any) -> None:
        if record is not None:
            one.deed, one.record, one._key = CHANGE, record, self.entity.key_of(record)
            one.stamp = stamp_of(self.entity, record)
            if self.way == ADD:
                one.refuse(name, WrongValue("already_there"))
        elif self.way == CHANGE or (name == self.entity.pk.key and name not in self.entity.added):
            one.refuse(name, WrongValue("no_such_record"))
        else:
            one.deed = ADD
            if value is None:
                one.refuse(name, WrongValue("needed"))

    # --- whether -----------------------------------------------------------------------------------------------------

    def _permit(self, found: list[Outcome]) -> None:
        entity, user = self.entity, self.user
        changed = [one.key for one in found if one.deed == CHANGE]
        permission, permitted = entity.gates.change, set()
        if changed and permission and opens(entity, user, CHANGE):
            rows = seen_by(entity, user, permission).where(entity.pk.in_(changed)).order_by(None)
            permitted = set(db.session.scalars(rows.with_only_columns(entity.pk, maintain_column_froms=True)))
        may_add = self._gate(ADD)
        for one in found:
            if one.deed == ADD and may_add is not None:
                one.refuse("", may_add)
            elif one.deed == CHANGE and one.key not in permitted:
                one.refuse("", Refusal("not_permitted", permission=permission or ""))
            elif one.deed == CHANGE and (why := self._refusal(one.record)) is not None:
                one.refuse("", why)

    def _refusal(self, record: Any) -> Refusal | None:
        refusal = self.entity.deeds.refusal
        return refusal(CHANGE, self.user, record) if refusal is not None else None

    def _gate(self, deed: str) -> Refusal | None:
        entity = self.entity
        if entity.gates.of(deed) is None:
            return Refusal("not_done_here")
        if not opens(entity, self.user, deed):
            return Refusal("not_permitted", permission=entity.gates.of(deed) or "")
        return entity.deeds.refusal(deed, self.user, None) if entity.deeds.refusal is not None else None

    # --- what --------------------------------------------------------------------------------------------------------

    def _read(self, one: Outcome) -> None:
        """The row's values: of a new record all, of one that is there what differs."""
        entity, cells, is_new = self.entity, one.given.cells, one.deed == ADD
        names = entity.added if is_new else [name for name in cells if name in entity.fields]
        for name in names:
            about, cell = entity.fields[name], cells.get(name)
            before = None if is_new else getattr(one.record, name)
            if not is_new and self.codes.is_unchanged(about, cell, before):
                continue
            try:
                value = self.codes.read(about, cell)
            except BadValue as wrong:
                one.refuse(name, wrong)
                continue
            if is_new:
                one.values[name] = value
            elif value != before:
                if name in entity.changed:
                    one.values[name], one.before[name] = value, before
                else:
                    one.refuse(name, WrongValue("not_changed_here"))
        told = {field for field, _why in one.wrong}
        for name, why in wrong_together(entity, one.values, one.record).items():
            if name not in told:
                one.refuse(name, why)
        if one.deed == CHANGE and not one.values:
            one.deed = SAME

    def _check_links(self, found: list[Outcome]) -> None:
        """Linked records must be ones that the user sees; those that a new row belongs to, ones they may add to."""
        entity = self.entity
        for name in {name for one in found for name in one.values}:
            about = entity.fields[name]
            if about.kind is not Kind.LINK:
                continue
            keys = {one.values[name] for one in found if one.values.get(name) is not None}
            above = entity_of_table(about.to or "")
            for deed in (ADD, CHANGE):
                permission = entity.gates.add if deed == ADD and name == entity.parent else None
                seen: set[Any] = set()
                if above is not None and keys:
                    rows = seen_by(above, self.user, permission).where(above.pk.in_(keys)).order_by(None)
                    seen = set(db.session.scalars(rows.with_only_columns(above.pk, maintain_column_froms=True)))
                for one in found:
                    if one.deed == deed and one.values.get(name) is not None and one.values[name] not in seen:
                        one.refuse(name, WrongValue("no_such_record"))

    def _check_keys(self, found: list[Outcome]) -> None:
        """A key that another record has, also one that the user does not see, is told at its row."""
        name = self.entity.key
        if name is None:
            return
        claimed = [one for one in found if one.deed in (ADD, CHANGE) and one.values.get(name)]
        if not claimed:
            return
        column = getattr(self.entity.model, name)
        rows = select(column, self.entity.pk).where(column.in_({one.values[name] for one in claimed}))
        owners = {row[0]: row[1] for row in db.session.execute(rows)}
        for one in claimed:
            value = one.values[name]
            first = self.seen.setdefault((name, value), one.given.number)
            if first != one.given.number:
                one.refuse(name, WrongValue("twice", row=first))
            elif value in owners and owners[value] != one.key:
                one.refuse(name, WrongValue("taken"))

    # --- storing -----------------------------------------------------------------------------------------------------

    def store(self, one: Outcome) -> None:
        """Do what the row says. Raises Refused, WrongValues, IntegrityError, StaleDataError."""
        if one.deed == ADD:
            store_new(self.entity, self.user, one.values)
        elif one.deed == CHANGE:
            store_change(self.entity, self.user, one.record, one.values)

    def attempt(self, found: list[Outcome]) -> None:
        """Store the rows and undo it at once: what only storing finds out is told at its row. Ends the transaction."""
        tried = [one for one in found if one.deed in (ADD, CHANGE)]
        if not tried:
            return
        begin_writing()
        try:
            for one in tried:
                self.store(one)
        except _TROUBLE:
            # One of them at least: now each by itself, so that the others are not blamed.
            db.session.rollback()
            for one in tried:
                self._attempt(one)
        db.session.rollback()
        set_reading(True)

    def _attempt(self, one: Outcome) -> None:
        try:
            with db.session.begin_nested():
                self.store(one)
        except Refused as refused:
            one.refuse("", refused.refusal)
        except WrongValues as wrong:
            for name, why in wrong.errors.items():
                one.refuse(name, why)
        except (IntegrityError, StaleDataError):
            one.refuse("", WrongValue("not_stored"))


class Moved(Exception):
    """Something is not as it was when the file was judged: (row number, why) for each row; nothing was stored."""

    def __init__(self, rows: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(rows)} rows")
        self.rows = rows


def store_all(judge: Judge, rows: Iterable[Given], told: Callable[[int], object] = lambda _done: None) -> int:
    """Store every row as it was judged, in the open transaction; how many changed something.

    Raises Moved where a record, a right or a key is not what it was; the caller rolls back.
    """
    entity, stored, done = judge.entity, 0, 0
    moved: list[tuple[int, str]] = []
    following = iter(rows)
    while some := list(islice(following, BATCH)):
        keys = sorted(one.key for one in some if one.key is not None)
        if keys:
            db.session.execute(select(entity.pk).where(entity.pk.in_(keys)).order_by(entity.pk).with_for_update()).all()
        for one in judge.judge(some):
            if (one.deed, one.stamp) != (one.given.deed, one.given.stamp):
                moved.append((one.given.number, "moved"))
            elif not moved and one.deed != SAME:
                try:
                    judge.store(one)
                    stored += 1
                except _TROUBLE as error:
                    raise Moved([(one.given.number, "not_stored")]) from error
        done += len(some)
        if len(some) == BATCH:
            told(done)
    if moved:
        raise Moved(moved)
    return stored
