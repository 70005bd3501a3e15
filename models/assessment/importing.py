"""A curriculum from a file: its lines read and judged, then stored as a whole or not at all (spec: assessment.md 3).

The file is the whole curriculum: what it does not name any more is retired. Of two files the later one is told where
the catalogue changed since it was judged.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models.assessment.catalogue import Branch, Fault, Line, faults_of
from models.assessment.reference.catalogue import COLUMNS
from models.core import audit
from models.core.db import db
from models.core.entity.cells import ExcelError, Heading, WrongHeadings, folded, is_shortened
from models.core.matrix import kinds_of
from models.core.thai.text import clean_line, to_ascii_digits
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

EDIT = "catalogue.edit"
CURRICULUM = "curriculum"
FILE_COLUMNS = (CURRICULUM, *COLUMNS)
"""The columns of a file; the first one may be missing."""

Row = tuple[int, Sequence[Any]]
"""A row of a table: its number as the spreadsheet shows it, and its cells (None: empty)."""


@dataclass(frozen=True)
class Given:
    """What a file says: its lines, what is wrong with them in the order of the rows, headings that are not read."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changed:
    """A branch that a file names in another way: column -> from what to what; `comes_back` where it was retired."""

    branch: Branch
    line: Line
    columns: Mapping[str, tuple[str, str]]
    comes_back: bool = False


@dataclass(frozen=True)
class Plan:
    """What storing lines would come to. `moved` of the branches that stay stand in another order than before."""

    added: tuple[Line, ...]
    changed: tuple[Changed, ...]
    retired: tuple[Branch, ...]
    moved: int
    same: int

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "retired": len(self.retired),
            "moved": self.moved,
            "same": self.same,
        }

    @property
    def is_nothing(self) -> bool:
        """Whether the catalogue says all of it already."""
        return not (self.added or self.changed or self.retired or self.moved)


def read_lines(rows: Iterator[Row], columns: Mapping[str, str], called: Collection[str]) -> Given:
    """The lines of a file, its headings first, and what is wrong with each.

    `columns` has FILE_COLUMNS by folded heading; `called` are the folded names of the curriculum that is meant. Faults:
    those of `faults_of`, excel_error, spoiled (a code that Excel shortened), other_curriculum. Raises WrongHeadings:
    none_known, twice (heading), columns_missing (columns).
    """
    _number, first = next(rows, (1, ()))
    heading = _heading(first, columns)
    lines, faults = [], []
    for number, cells in rows:
        given = heading.given(cells)
        texts = {name: _text(cell, is_code=name.endswith("_code")) for name, cell in given.items()}
        for name, cell in given.items():
            if code := _fault(cell, is_code=name.endswith("_code")):
                faults.append(Fault(number, name, code))
        if CURRICULUM in texts and folded(texts[CURRICULUM]) not in called:
            faults.append(Fault(number, CURRICULUM, "other_curriculum"))
        lines.append(Line(number, *(texts[name] for name in COLUMNS)))
    known = {(fault.row, fault.column) for fault in faults}
    faults += [fault for fault in faults_of(lines) if (fault.row, fault.column) not in known]
    return Given(tuple(lines), tuple(sorted(faults, key=lambda fault: fault.row)), heading.unread)


def _heading(first: Sequence[Any], columns: Mapping[str, str]) -> Heading:
    fields: list[str | None] = []
    unread = []
    for cell in first:
        name = columns.get(folded(cell)) if cell is not None else None
        if name is None and cell is not None:
            unread.append(str(cell)[:100])
        if name is not None and name in fields:
            raise WrongHeadings("twice", heading=str(cell)[:100])
        fields.append(name)
    if not set(fields) & set(COLUMNS):
        raise WrongHeadings("none_known")
    if missing := tuple(name for name in COLUMNS if name not in fields):
        raise WrongHeadings("columns_missing", columns=missing)
    return Heading(tuple(fields), tuple(unread))


def _text(cell: Any, *, is_code: bool) -> str:
    """A cell as text: a whole number without a point, a code in ASCII digits."""
    if cell is None or isinstance(cell, ExcelError):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = clean_line(str(cell))
    return to_ascii_digits(text) if is_code else text


def _fault(cell: Any, *, is_code: bool) -> str:
    if isinstance(cell, ExcelError):
        return "excel_error"
    return "spoiled" if is_code and isinstance(cell, str) and is_shortened(cell) else ""


def plan_of(curriculum: str, lines: Iterable[Line]) -> Plan:
    """What storing these lines as a curriculum would come to; one query."""
    return planned(_known(curriculum), list(lines))


def store(curriculum: str, lines: Iterable[Line]) -> Plan:
    """Make a curriculum's branches those of the lines, by their codes; the caller commits.

    New ones are added, known ones renamed and moved, missing ones retired. The lines must be without fault.
    """
    lines, known = list(lines), _known(curriculum)
    plan = planned(known, lines)
    for position, line in enumerate(lines):
        one = known.get(line.branch_code)
        if one is None:
            one = Branch(curriculum=curriculum, branch_code=line.branch_code)
            db.session.add(one)
        _say(one, line, position)
    for one in plan.retired:
        one.is_retired = True
    db.session.flush()
    return plan


def stamp_of(curriculum: str) -> str:
    """What tells this state of a curriculum from every other; one query."""
    rows = select(Branch.id, Branch.version).where(Branch.curriculum == curriculum).order_by(Branch.id)
    return hashlib.sha256(repr([tuple(row) for row in db.session.execute(rows)]).encode()).hexdigest()[:32]


def store_file(by: Account, curriculum: str, given: Given, *, stamp: str, name: str) -> Plan:
    """Store a file that was judged when the catalogue had this stamp; the caller commits.

    Raises Refused: not_permitted, file_has_faults, file_is_empty, catalogue_changed. Then nothing is stored.
    """
    if not kinds_of(by, EDIT):
        raise Refused(Refusal("not_permitted", permission=EDIT))
    if given.faults:
        raise Refused(Refusal("file_has_faults", count=len(given.faults)))
    if not given.lines:
        raise Refused(Refusal("file_is_empty"))
    take_turn(curriculum)
    if stamp_of(curriculum) != stamp:
        raise Refused(Refusal("catalogue_changed"))
    plan = store(curriculum, given.lines)
    counts = {key: count for key, count in plan.counts.items() if key != "same"}
    audit.note("assessment_branch.import", entity="assessment_branch", name=name, curriculum=curriculum, **counts)
    return plan


def take_turn(curriculum: str) -> None:
    """Let those who change a curriculum follow each other; it holds until the commit."""
    first = select(Branch.id).where(Branch.curriculum == curriculum).order_by(Branch.id).limit(1)
    db.session.execute(first.with_for_update())


def _known(curriculum: str) -> dict[str, Branch]:
    rows = select(Branch).where(Branch.curriculum == curriculum).order_by(Branch.position, Branch.id)
    # As they stand now: what the session read before this one's turn came may be older.
    found = db.session.scalars(rows.execution_options(populate_existing=True))
    return {one.branch_code: one for one in found}


def planned(known: Mapping[str, Branch], lines: Sequence[Line]) -> Plan:
    """What storing lines upon the branches that are known, by code, would come to. Pure."""
    added, changed, stays = [], [], []
    for line in lines:
        one = known.get(line.branch_code)
        if one is None:
            added.append(line)
            continue
        columns = {
            column: (getattr(one, column), getattr(line, column))
            for column in COLUMNS
            if getattr(one, column) != getattr(line, column)
        }
        if columns or one.is_retired:
            changed.append(Changed(one, line, columns, one.is_retired))
        if not one.is_retired:
            stays.append(one)
    named = {line.branch_code for line in lines}
    retired = tuple(one for code, one in known.items() if code not in named and not one.is_retired)
    same = len(lines) - len(added) - len(changed)
    return Plan(tuple(added), tuple(changed), retired, _moved(known, stays), same)


def _moved(known: Mapping[str, Branch], stays: Sequence[Branch]) -> int:
    """How few of the branches one would take up to bring the old order into the new one."""
    before = {one.id: place for place, one in enumerate(known.values())}
    tails: list[int] = []  # the longest run of branches that follow each other as before
    for one in stays:
        place = before[one.id]
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(stays) - len(tails)


def _say(one: Branch, line: Line, position: int) -> None:
    """Set what differs, so that what stays as it is costs no statement."""
    values = {column: getattr(line, column) for column in COLUMNS} | {"position": position, "is_retired": False}
    for name, value in values.items():
        if getattr(one, name) != value:
            setattr(one, name, value)
    one.place()
