"""The catalogue: the branches of each curriculum, as the national office keeps them (spec: assessment.md 3).

A branch that is no longer taught is retired, not deleted: registrations of past rounds keep pointing to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, Select, String, UniqueConstraint, false, insert, select
from sqlalchemy.orm import Mapped, mapped_column, validates

from models.assessment.codes import BRANCH_CODE_LENGTH, NAME_LENGTH
from models.assessment.reference.catalogue import COLUMNS, CURRICULA, branches_of
from models.core.db import Audited, Id, Model, Versioned, db, sql_list
from models.core.matrix import kinds_of
from models.core.thai.text import clean_line, search_text


class Branch(Versioned, Audited, Model):
    """สาขางาน of a curriculum, with the สาขาวิชา and ประเภทวิชา that it stands under."""

    __tablename__ = "assessment_branch"
    __table_args__ = (
        UniqueConstraint("curriculum", "branch_code"),
        CheckConstraint(f"curriculum IN ({sql_list(tuple(CURRICULA))})", name="curriculum"),
        Index("ix_assessment_branch_place", "curriculum", "position", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    curriculum: Mapped[str] = mapped_column(String(10), nullable=False)
    programme_code: Mapped[str] = mapped_column(String(BRANCH_CODE_LENGTH), nullable=False)
    programme: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    field_code: Mapped[str] = mapped_column(String(BRANCH_CODE_LENGTH), nullable=False)
    field: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    branch_code: Mapped[str] = mapped_column(String(BRANCH_CODE_LENGTH), nullable=False)
    branch: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    # Its place in the file; no fact about the branch, so that making room for another one is no change for the log.
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0, info={"audit": "skip"})
    is_retired: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False, server_default="0")
    search: Mapped[str] = mapped_column(String(1000), nullable=False, default="", info={"audit": "skip"})

    @validates("programme", "field", "branch")
    def _line(self, _key: str, text: str) -> str:
        return clean_line(text)

    @classmethod
    def visible_to(cls, user: Any, permission: str) -> Select[Any]:
        """Everybody who holds the permission sees the whole catalogue."""
        return select(cls) if kinds_of(user, permission) else select(cls).where(false())

    def place(self) -> None:
        """Make what the finder looks in from the names and codes; call it when they are set."""
        self.search = _searched(self)


def _searched(one: Branch | Line) -> str:
    return search_text(f"{one.branch} {one.branch_code} {one.field} {one.programme}")[:1000]


@dataclass(frozen=True)
class Line:
    """A line of a catalogue's file; `row` is its number there."""

    row: int
    programme_code: str
    programme: str
    field_code: str
    field: str
    branch_code: str
    branch: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line: its row, the column, the code of the reason, and the row it disagrees with."""

    row: int
    column: str
    code: str
    other: int | None = None


def longest(column: str) -> int:
    """How many characters a column of the catalogue holds."""
    return BRANCH_CODE_LENGTH if column.endswith("_code") else NAME_LENGTH


def faults_of(lines: Iterable[Line]) -> list[Fault]:
    """What is wrong with lines, each by itself and against those before it.

    Codes: missing, too_long, twice (a branch's code), another_name (a code that was given another name above),
    elsewhere (a field that stood under another programme type).
    """
    found: list[Fault] = []
    branches: dict[str, int] = {}
    names: dict[tuple[str, str], tuple[str, int]] = {}
    homes: dict[str, tuple[str, int]] = {}
    for line in lines:
        for column in COLUMNS:
            text: str = getattr(line, column)
            if not text:
                found.append(Fault(line.row, column, "missing"))
            elif len(text) > longest(column):
                found.append(Fault(line.row, column, "too_long"))
        if not line.branch_code or not line.field_code or not line.programme_code:
            continue
        if line.branch_code in branches:
            found.append(Fault(line.row, "branch_code", "twice", branches[line.branch_code]))
        branches.setdefault(line.branch_code, line.row)
        for column in ("programme", "field"):
            code, name = getattr(line, f"{column}_code"), getattr(line, column)
            known, row = names.setdefault((column, code), (name, line.row))
            if known != name:
                found.append(Fault(line.row, column, "another_name", row))
        home, row = homes.setdefault(line.field_code, (line.programme_code, line.row))
        if home != line.programme_code:
            found.append(Fault(line.row, "field_code", "elsewhere", row))
    return found


def ensure_catalogue() -> None:
    """Begin an empty catalogue with the curricula that Sala brings along. Repeatable; the caller commits."""
    if db.session.scalar(select(Branch.id).limit(1)) is not None:
        return
    rows = []
    for code, curriculum in CURRICULA.items():
        for position, one in enumerate(branches_of(curriculum)):
            made = _line(position + 2, one)
            values = {column: getattr(made, column) for column in COLUMNS}
            rows.append({"curriculum": code, "position": position, "search": _searched(made), **values})
    # As one statement and no change for the log: nobody made these, Sala brings them along.
    db.session.execute(insert(Branch), rows)


def _line(row: int, one: Any) -> Line:
    field = one.field
    return Line(row, field.programme.code, field.programme.name_th, field.code, field.name, one.code, one.name)
