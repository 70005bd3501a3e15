"""The permission matrix: which kinds hold which permission; data, one matrix per domain (spec: fund.md 1).

The version is read with the user at each request, so that a change holds at the next request in every process;
the matrix itself is read once per version and process.
"""

from __future__ import annotations

import csv
import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.core.db import Audited, Id, Json, Model, UtcDateTime, db, now
from models.core.kinds import kinds_of_domain

PERMISSIONS = Path(__file__).parent.parent / "reference" / "permissions"
_VERSION, _MATRIX = "matrix_version", "matrix"


class MatrixRow(Model):
    """A permission: its number and words as on the screen, and whether it is one of the house's own."""

    __tablename__ = "core_matrix_row"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    domain: Mapped[str] = mapped_column(String(20), nullable=False)
    number: Mapped[str] = mapped_column(String(10), nullable=False)
    position: Mapped[int] = mapped_column(Integer, nullable=False)
    group_th: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    title_th: Mapped[str] = mapped_column(String(300), nullable=False)
    title_en: Mapped[str] = mapped_column(String(300), nullable=False)
    is_house: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    basis: Mapped[str] = mapped_column(String(300), nullable=False, default="")


class MatrixCell(Audited, Model):
    """A tick: `kind` holds `permission`."""

    __tablename__ = "core_matrix_cell"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    permission: Mapped[str] = mapped_column(String(60), nullable=False, index=True)
    kind: Mapped[str] = mapped_column(String(40), nullable=False)

    # The change that ticks or clears it, while that is being made.
    cause = None

    def audit_root(self) -> Any:
        """A tick belongs to the history of the change that made it, so that one change is one entry."""
        return self.cause or self


class MatrixChange(Model):
    """A change of the matrix: who made it, when, why, and which ticks it gave and took."""

    __tablename__ = "core_matrix_change"
    __table_args__ = (Index("ix_core_matrix_change_domain", "domain", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    domain: Mapped[str] = mapped_column(String(20), nullable=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    # "edit", "reset" (to the manual's) or "restore" (to what was before an earlier change)
    what: Mapped[str] = mapped_column(String(10), nullable=False)
    reason: Mapped[str] = mapped_column(String(500), nullable=False)
    # [[permission, kind, whether held afterwards], ...]
    cells: Mapped[list[list[Any]]] = mapped_column(Json, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=0)

    maker: Mapped[Any] = relationship("Account", foreign_keys=[made_by], viewonly=True)

    @property
    def changes(self) -> dict[Cell, bool]:
        """The cells it changed, (permission, kind) -> whether held afterwards."""
        return {(str(permission), str(kind)): bool(held) for permission, kind, held in self.cells}


class MatrixVersion(Model):
    """Names the present state of the matrix; one row, a new number with every change."""

    __tablename__ = "core_matrix_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)


class HasKinds(Protocol):
    """Anyone the matrix can be asked about: an account, or the visitor who is not signed in."""

    @property
    def kinds(self) -> frozenset[str]: ...


Matrix = Mapping[str, frozenset[str]]
Cell = tuple[str, str]
"""(permission, kind)"""


@dataclass
class _Kept:
    bind: Any = None
    version: int = -1
    matrix: Matrix = field(default_factory=dict)


_kept = _Kept()


def know_version(version: int | None) -> None:
    """Take over the version that was read along with the user."""
    db.session().info[_VERSION] = version or 0


def current_matrix() -> Matrix:
    """Permission -> kinds that hold it; a permission that is not in the matrix is held by nobody."""
    session = db.session()
    version = session.info.get(_VERSION)
    known: tuple[int, Matrix] | None = session.info.get(_MATRIX)
    if known is not None and known[0] == version:
        return known[1]
    if version is None:
        version = db.session.scalar(select(MatrixVersion.version)) or 0
        session.info[_VERSION] = version
    matrix = _matrix_of(session, version)
    if version:  # A database without a version has nothing to tell one state from the next by.
        session.info[_MATRIX] = (version, matrix)
    return matrix


def stamp() -> Hashable:
    """What names the state of the matrix that holds for this request; None where nothing does.

    Whatever is kept because the matrix said so is kept under this, so that no change of the matrix leaves it standing.
    """
    current_matrix()
    session = db.session()
    version = session.info.get(_VERSION)
    return (_bind_of(session), version) if version else None


def _bind_of(session: Session) -> Hashable:
    return session.get_bind().engine.url


def _matrix_of(session: Session, version: int) -> Matrix:
    """The matrix of that version, as this process keeps it or from the database."""
    bind = _bind_of(session)
    if (bind, version) != (_kept.bind, _kept.version) or version == 0:
        found: dict[str, set[str]] = {}
        for permission, kind in db.session.execute(select(MatrixCell.permission, MatrixCell.kind)):
            found.setdefault(permission, set()).add(kind)
        matrix = MappingProxyType({code: frozenset(kinds) for code, kinds in found.items()})
        _kept.bind, _kept.version, _kept.matrix = bind, version, matrix
        return matrix
    return _kept.matrix


def kinds_of(user: HasKinds, permission: str) -> frozenset[str]:
    """Those of the user's kinds that hold the permission; empty when none does."""
    return user.kinds & current_matrix().get(permission, frozenset())


def allows(user: HasKinds, permission: str) -> bool:
    """Whether the matrix opens `permission` to any of the user's kinds."""
    return bool(kinds_of(user, permission))


def set_cells(changes: Mapping[Cell, bool], cause: MatrixChange | None = None) -> None:
    """Tick or clear cells, (permission, kind) -> whether held, and let every process know; the caller commits."""
    for (permission, kind), held in changes.items():
        cell = db.session.scalar(select(MatrixCell).where(MatrixCell.permission == permission, MatrixCell.kind == kind))
        if held and cell is None:
            cell = MatrixCell(permission=permission, kind=kind)
            db.session.add(cell)
        elif not held and cell is not None:
            db.session.delete(cell)
        if cell is not None:
            cell.cause = cause
    version = _next_version()
    if cause is not None:
        cause.version = version


def _next_version() -> int:
    db.session.flush()
    # Drawn, not counted: a matrix that was read before its transaction rolled back never passes for the next change.
    version = 1 + secrets.randbelow(2**31 - 1)
    db.session.execute(update(MatrixVersion).values(version=version))
    forget_version()
    return version


def forget_version() -> None:
    """Ask the database for the present version when the matrix is asked next."""
    db.session().info.pop(_VERSION, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    session.info.pop(_VERSION, None)


@dataclass(frozen=True)
class Row:
    """A permission as the reference files give it."""

    code: str
    number: str
    group_th: str
    title_th: str
    title_en: str
    is_house: bool
    basis: str
    kinds: frozenset[str]
    marks: int | None = None  # how many kinds the manual marks; None for the house's own


_NOT_KINDS = {"no", "code", "group_th", "permission_th", "permission_en", "marks_in_manual", "basis"}


def reference_rows(domain: str) -> list[Row]:
    """The matrix as the manual and the house have it: what `init` loads and what a reset goes back to."""
    rows = []
    for name, is_house in ((f"{domain}.csv", False), (f"{domain}-house.csv", True)):
        path = PERMISSIONS / name
        if not path.exists():
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                kinds = frozenset(kind for kind in line.keys() - _NOT_KINDS if (line[kind] or "").strip() == "x")
                rows.append(
                    Row(
                        line["code"],
                        line["no"],
                        line.get("group_th") or "",
                        line["permission_th"],
                        line["permission_en"],
                        is_house,
                        line.get("basis") or "",
                        kinds,
                        int(line["marks_in_manual"]) if line.get("marks_in_manual") else None,
                    )
                )
    return rows


@cache
def reference(domain: str) -> Mapping[str, Row]:
    """The reference rows by code, read once per process."""
    return MappingProxyType({row.code: row for row in reference_rows(domain)})


def ensure_matrix(domain: str) -> None:
    """Load rows that are new, with their ticks; ticks of rows already known stay as people set them. Repeatable.

    A row that stood in another domain's matrix gets the ticks of the kinds for which that one had no column.
    """
    known = {row.code: row.domain for row in db.session.execute(select(MatrixRow.code, MatrixRow.domain))}
    if db.session.scalar(select(MatrixVersion.version)) is None:
        db.session.add(MatrixVersion(id=1, version=1))
        db.session.flush()
    added = False
    for position, row in enumerate(reference_rows(domain)):
        words = {
            "domain": domain,
            "number": row.number,
            "position": position,
            "group_th": row.group_th,
            "title_th": row.title_th,
            "title_en": row.title_en,
            "is_house": row.is_house,
            "basis": row.basis,
        }
        if row.code in known:
            db.session.execute(update(MatrixRow).where(MatrixRow.code == row.code).values(**words))
            if known[row.code] != domain:
                before = {kind.code for kind in kinds_of_domain(known[row.code])}
                ticked = set(db.session.scalars(select(MatrixCell.kind).where(MatrixCell.permission == row.code)))
                new = sorted(row.kinds - before - ticked)
                db.session.add_all(MatrixCell(permission=row.code, kind=kind) for kind in new)
                added = added or bool(new)
            continue
        added = True
        db.session.add(MatrixRow(code=row.code, **words))
        db.session.add_all(MatrixCell(permission=row.code, kind=kind) for kind in sorted(row.kinds))
    if added:
        _next_version()
