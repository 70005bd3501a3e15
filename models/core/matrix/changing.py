"""Changing the matrix: what may be changed, back to the manual's, back to what was before (spec: fund.md 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.core import audit
from models.core.db import StaleVersion, db
from models.core.grants import is_of
from models.core.identity import Account
from models.core.kinds import SUPER_USER, UNREGISTERED, kinds_of_domain
from models.core.matrix import (
    Cell,
    Matrix,
    MatrixChange,
    MatrixRow,
    MatrixVersion,
    allows,
    current_matrix,
    forget_version,
    reference,
    set_cells,
)
from models.core.thai.text import clean_line
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from sqlalchemy import Select

EDIT = "permission.edit"
REASON_LENGTH = 500
EDITED, RESET, RESTORED = WHATS = ("edit", "reset", "restore")


@dataclass(frozen=True)
class Lock:
    """Why a cell cannot be turned to `held`: the refusal's code."""

    held: bool
    code: str


def lock_of(permission: str, kind: str) -> Lock | None:
    """What of a cell nobody may change.

    Super users keep the right to edit the permissions, else the last of them could lose it (spec: fund.md 1). Visitors
    are nobody: what they do has no author and no scope, so they hold no more than the manual opens to them.
    """
    if (permission, kind) == (EDIT, SUPER_USER):
        return Lock(False, "matrix_last_super_user")
    if kind == UNREGISTERED and not _is_opened_by_manual(permission):
        return Lock(True, "matrix_not_for_visitors")
    return None


def _is_opened_by_manual(permission: str) -> bool:
    row = db.session.get(MatrixRow, permission)
    found = reference(row.domain).get(permission) if row is not None else None
    return found is not None and UNREGISTERED in found.kinds


def domains() -> list[str]:
    """The domains that have a matrix, in the order in which they were loaded."""
    found = db.session.scalars(select(MatrixRow.domain).distinct())
    return sorted(found, key=lambda domain: (domain != "fund", domain))


def rows_of(domain: str) -> list[MatrixRow]:
    """The permissions of a domain in the manual's order, the house's own last."""
    rows = select(MatrixRow).where(MatrixRow.domain == domain)
    return list(db.session.scalars(rows.order_by(MatrixRow.is_house, MatrixRow.position)))


def cells_of(domain: str) -> frozenset[Cell]:
    """The cells of a domain that are ticked now."""
    matrix = current_matrix()
    return frozenset((row.code, kind) for row in rows_of(domain) for kind in matrix.get(row.code, ()))


def known_cells(domain: str) -> frozenset[Cell]:
    """Every cell that a domain's matrix has."""
    columns = kinds_of_domain(domain)
    return frozenset((row.code, kind.code) for row in rows_of(domain) for kind in columns)


def to_reference(domain: str, permission: str | None = None) -> dict[Cell, bool]:
    """What would change if the domain's matrix, or one row of it, went back to the manual's and the house's."""
    wanted = frozenset(
        (code, kind)
        for code, row in reference(domain).items()
        for kind in row.kinds
        if permission is None or code == permission
    )
    present = frozenset(cell for cell in cells_of(domain) if permission is None or cell[0] == permission)
    return differences(present, wanted & known_cells(domain))


def to_before(change: MatrixChange) -> dict[Cell, bool]:
    """What would change if the cells of an earlier change were again as they stood before it."""
    return real({cell: not held for cell, held in change.changes.items() if cell in known_cells(change.domain)})


def differences(before: Iterable[Cell], after: Iterable[Cell]) -> dict[Cell, bool]:
    """What changes between two sets of ticked cells."""
    old, new = frozenset(before), frozenset(after)
    return {cell: cell in new for cell in sorted(old ^ new)}


def real(changes: Mapping[Cell, bool]) -> dict[Cell, bool]:
    """Those of the changes that differ from what is ticked now."""
    matrix = current_matrix()
    return {
        (permission, kind): held
        for (permission, kind), held in sorted(changes.items())
        if (kind in matrix.get(permission, ())) != held
    }


def after(changes: Mapping[Cell, bool]) -> Matrix:
    """The matrix as it would be."""
    found = {permission: set(kinds) for permission, kinds in current_matrix().items()}
    for (permission, kind), held in changes.items():
        kinds = found.setdefault(permission, set())
        (kinds.add if held else kinds.discard)(kind)
    return {permission: frozenset(kinds) for permission, kinds in found.items()}


def refusal_to_change(changes: Mapping[Cell, bool]) -> Refusal | None:
    """Why the matrix cannot be changed so, whoever asks; None where it can."""
    if not changes:
        return Refusal("matrix_no_change")
    for (permission, kind), held in changes.items():
        lock = lock_of(permission, kind)
        if lock is not None and lock.held == held:
            return Refusal(lock.code, permission=permission, kind=kind)
    if db.session.scalar(_who_may_edit(after(changes)).limit(1)) is None:
        return Refusal("matrix_nobody_left")
    return None


def _who_may_edit(matrix: Matrix) -> Select[tuple[int]]:
    """Ids of the open, confirmed accounts that would hold the right to edit the permissions."""
    able = (Account.active, Account.confirmed_at.is_not(None), is_of(Account.id, matrix.get(EDIT, frozenset())))
    return select(Account.id).where(*able)


def change(
    domain: str, changes: Mapping[Cell, bool], reason: str, *, by: Account, version: int, what: str = EDITED
) -> MatrixChange:
    """Change the matrix and let every process know; the caller commits.

    `version` is that of the matrix which its page showed. Raises Refused: not_permitted, reason_needed,
    reason_too_long, matrix_no_change, matrix_last_super_user, matrix_not_for_visitors, matrix_nobody_left; StaleVersion
    when somebody changed the matrix since.
    """
    present = db.session.scalars(
        select(MatrixVersion).with_for_update().execution_options(populate_existing=True)
    ).one()
    forget_version()
    if not allows(by, EDIT):
        raise Refused(Refusal("not_permitted", permission=EDIT))
    if present.version != version:
        raise StaleVersion(present, version)
    known = known_cells(domain)
    wanted = real({cell: held for cell, held in changes.items() if cell in known})
    if refused := refusal_to_change(wanted):
        raise Refused(refused)
    text = checked_reason(reason)
    made = MatrixChange(
        domain=domain,
        made_by=by.id,
        what=what if what in WHATS else EDITED,
        reason=text,
        cells=[[permission, kind, held] for (permission, kind), held in wanted.items()],
    )
    db.session.add(made)
    db.session.flush()
    audit.note("permission.change", made, reason=text, what=made.what, domain=domain)
    set_cells(wanted, made)
    db.session.flush()
    return made


def checked_reason(reason: str) -> str:
    """The reason as it is kept. Raises Refused: reason_needed, reason_too_long."""
    text = clean_line(reason)
    if not text:
        raise Refused(Refusal("matrix_reason_needed"))
    if len(text) > REASON_LENGTH:
        raise Refused(Refusal("matrix_reason_too_long", limit=REASON_LENGTH))
    return text


def version_now() -> int:
    """The version of the matrix that this request reads; what a page carries to `change`."""
    return db.session.scalar(select(MatrixVersion.version)) or 0


def changes_since(domain: str, version: int, at_most: int = 5) -> list[MatrixChange]:
    """The changes made since the matrix had `version`, the latest first."""
    rows = select(MatrixChange).where(MatrixChange.domain == domain)
    seen = db.session.scalar(select(MatrixChange.id).where(MatrixChange.version == version))
    if seen is not None:
        rows = rows.where(MatrixChange.id > seen)
    return list(db.session.scalars(rows.order_by(MatrixChange.id.desc()).limit(at_most)))
