"""Keeps the sums: a flush that changes what a proposal counts as writes the difference; a job folds it in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, String, cast, delete, event, func, insert, inspect, literal, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.core.db import begin_writing, db
from models.fund.codes import LEVELS
from models.fund.proposal import Proposal
from models.fund.revision import Disability
from models.fund.screening import Screening
from models.fund.statistics.facts import Fact, Key, facts
from models.fund.statistics.tables import (
    CODE_LENGTH,
    DAYS,
    KEY,
    STAGE,
    UNDECIDED,
    StatisticCell,
    StatisticDelta,
    StatisticFact,
)

# The columns of a proposal that decide what it counts as; the rest stands in its submitted revision, which is frozen.
COUNTED = ("fiscal_year", "submitted_revision_id", "amount_asked", *(f"{level}_status" for level in LEVELS))
FOLDED_AT_ONCE = 5_000
SHOWN = 20  # lines about what is wrong, of each sort
FACT = StatisticFact.__table__
CELL = StatisticCell.__table__
DELTA = StatisticDelta.__table__


@event.listens_for(Session, "after_flush")
def _count_changes(session: Session, _context: Any) -> None:
    """Write the difference in the transaction that makes it, whichever move or form made it."""
    changed: set[int] = set()
    for record in (*session.new, *session.dirty):
        if isinstance(record, Proposal):
            if record.submitted_revision_id is not None and _is_counted_anew(record):
                changed.add(record.id)
        elif isinstance(record, Screening):
            changed.add(record.revision.proposal_id)
    if changed:
        refresh(session.connection(), changed)


def _is_counted_anew(proposal: Proposal) -> bool:
    attributes: Any = inspect(proposal).attrs
    return any(attributes[name].history.has_changes() for name in COUNTED)


def refresh(connection: Connection, ids: Collection[int]) -> None:
    """Bring the facts of these proposals up to what their rows say, and append what that changes in the sums.

    The caller holds the proposals' row locks, as every move and the screening form do.
    """
    name = connection.dialect.name
    old = {row.proposal_id: Fact(*row) for row in connection.execute(select(FACT).where(FACT.c.proposal_id.in_(ids)))}
    new = {row.proposal_id: Fact(*row) for row in connection.execute(facts(name, some=True), {"ids": list(ids)})}
    found: defaultdict[Key, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for sign, of in ((-1, old), (1, new)):
        for fact in of.values():
            for key, asked in fact.sums():
                found[key][0] += sign
                found[key][1] += sign * asked
    lines = [
        {**dict(zip(KEY, key, strict=True)), "proposals": count, "asked": asked}
        for key, (count, asked) in found.items()
        if count or asked
    ]
    if lines:
        connection.execute(insert(DELTA), lines)
    changed = [key for key in old.keys() | new.keys() if old.get(key) != new.get(key)]
    if changed:
        connection.execute(delete(FACT).where(FACT.c.proposal_id.in_(changed)))
        rows = [vars(new[key]) for key in changed if key in new]
        if rows:
            connection.execute(insert(FACT), rows)


def fold(most: int = FOLDED_AT_ONCE) -> int:
    """Add differences to the cells and remove them, at most so many; how many there were. The caller commits.

    Safe beside itself and beside every change: on PostgreSQL each takes the lines that no other has in hand.
    """
    chosen = select(DELTA.c.id).order_by(DELTA.c.id).limit(most).with_for_update(skip_locked=True)
    taken = db.session.execute(delete(DELTA).where(DELTA.c.id.in_(chosen)).returning(*_columns(DELTA))).all()
    sums: defaultdict[Key, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for row in taken:
        found = sums[tuple(row[:6])]
        found[0] += row.proposals
        found[1] += row.asked
    # In one order, so that two of them never wait for each other crosswise.
    lines = [
        {**dict(zip(KEY, key, strict=True)), "proposals": sums[key][0], "asked": sums[key][1]}
        for key in sorted(sums)
        if sums[key] != [0, Decimal(0)]
    ]
    if lines:
        make: Any = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
        add = make(CELL)
        raised = {name: CELL.c[name] + add.excluded[name] for name in ("proposals", "asked")}
        db.session.execute(add.on_conflict_do_update(index_elements=list(KEY), set_=raised), lines)
        db.session.execute(delete(CELL).where(CELL.c.proposals == 0, CELL.c.asked == 0))
    return len(taken)


def rebuild() -> int:
    """Make facts and cells anew from the proposals; how many proposals count. The caller commits.

    Changes and readers wait meanwhile, minutes for a million proposals (docs: performance.md).
    """
    begin_writing()
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        tables = ", ".join(table.name for table in (FACT, DELTA, CELL))
        connection.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))
    for table in (DELTA, CELL, FACT):
        connection.execute(delete(table))
    names = [column.name for column in FACT.columns]
    connection.execute(insert(FACT).from_select(names, facts(connection.dialect.name)))
    for query in _sums_of_facts():
        connection.execute(insert(CELL).from_select([column.name for column in _columns(CELL)], query))
    return int(connection.scalar(select(func.count()).select_from(FACT)) or 0)


def check() -> list[str]:
    """What the kept sums say otherwise than the proposals' rows, as lines for an operator; [] when they agree."""
    connection = db.session.connection()
    said, kept = facts(connection.dialect.name), select(FACT)
    wrong = [
        f"proposal {row.proposal_id}: {what} {tuple(row)[1:]}"
        for what, rows in (("its rows say", said.except_(kept)), ("it counts as", kept.except_(said)))
        for row in connection.execute(rows.limit(SHOWN))
    ]
    sums: dict[Key, tuple[int, Decimal]] = {}
    for query in _sums_of_facts():
        sums |= {tuple(row[:6]): (row[6], row[7]) for row in connection.execute(query)}
    stored = _kept_sums(connection)
    differing = [key for key in sorted(sums.keys() | stored.keys()) if sums.get(key) != stored.get(key)]
    return wrong + [f"sum {key}: kept {stored.get(key)}, counted {sums.get(key)}" for key in differing[:SHOWN]]


def _kept_sums(connection: Connection) -> dict[Key, tuple[int, Decimal]]:
    """Cells and differences together, those of nothing left out."""
    both = select(*_columns(CELL)).union_all(select(*_columns(DELTA))).subquery()
    keys = [both.c[name] for name in KEY]
    total = select(*keys, func.sum(both.c.proposals), func.sum(both.c.asked, type_=CELL.c.asked.type)).group_by(*keys)
    rows = connection.execute(total)
    found = {tuple(row[:6]): (int(row[6]), row[7]) for row in rows}
    return {key: value for key, value in found.items() if value != (0, Decimal(0))}


def _sums_of_facts() -> Iterable[Any]:
    """SELECTs of the sums over all facts, in the order of a cell's columns: of each family, for any kind and each."""
    keys = [FACT.c.fiscal_year, FACT.c.province, FACT.c.sector]
    count, baht = func.count(), func.sum(FACT.c.asked, type_=FACT.c.asked.type)
    of_kinds = FACT.join(Proposal, Proposal.id == FACT.c.proposal_id).join(
        Disability, Disability.revision_id == Proposal.submitted_revision_id
    )
    for source, kind in ((FACT, literal("", String)), (of_kinds, Disability.kind)):
        by = [] if source is FACT else [kind]
        stages = select(literal(STAGE, String), kind, *keys, FACT.c.stage, count, baht)
        yield stages.select_from(source).group_by(*by, *keys, FACT.c.stage)
        days, nothing = cast(FACT.c.days, String(CODE_LENGTH)), literal(0, baht.type)
        spent = select(literal(DAYS, String), kind, *keys, days, count, nothing).where(FACT.c.days != UNDECIDED)
        yield spent.select_from(source).group_by(*by, *keys, FACT.c.days)


def _columns(table: Any) -> list[Any]:
    return [table.c[name] for name in (*KEY, "proposals", "asked")]
