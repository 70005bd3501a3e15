"""The matrix as a page shows it: groups of rows, cells with what they were, are and may not become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from models.core.kinds import kinds_of_domain
from models.core.matrix import Cell, MatrixRow, current_matrix, reference
from models.core.matrix.changing import lock_of, rows_of
from models.core.matrix.effects import Effect, Effects
from models.core.workflow import Refusal
from views.core.context import kind_labels
from views.core.permission.pages import pages_of
from views.core.permission.subjects import moves_of
from views.core.permission.words import basis_label, group_label, is_assumed, title_of
from views.core.sentences import sentence


@dataclass(frozen=True)
class Column:
    """A kind of user."""

    code: str
    label: str


@dataclass(frozen=True)
class ShownCell:
    """One tick box: `was` is what holds now, `is_ticked` what stands in the box; `lock` says why it stays so."""

    value: str
    kind: str
    kind_label: str
    was: bool
    is_ticked: bool
    by_manual: bool
    lock: str = ""

    @property
    def change(self) -> str:
        """ "add", "cut", or nothing."""
        return "" if self.was == self.is_ticked else "add" if self.is_ticked else "cut"


@dataclass(frozen=True)
class ShownRow:
    """One permission."""

    code: str
    number: str
    title: str
    basis: str
    is_assumed: bool
    marks: int | None
    cells: tuple[ShownCell, ...]
    differs: bool  # from the manual's and the house's


@dataclass(frozen=True)
class Group:
    """A heading with its rows."""

    label: str
    rows: tuple[ShownRow, ...]


def columns_of(domain: str) -> list[Column]:
    """The kinds of a domain, in the order of the manual."""
    labels = kind_labels()
    return [Column(kind.code, labels[kind.code]) for kind in kinds_of_domain(domain)]


def groups_of(domain: str, changes: Mapping[Cell, bool]) -> list[Group]:
    """The whole matrix of a domain with `changes` laid over what holds now."""
    matrix, columns = current_matrix(), columns_of(domain)
    kinds = {column.code for column in columns}
    groups: dict[str, list[ShownRow]] = {}
    for row in rows_of(domain):
        held, manual = matrix.get(row.code, frozenset()), reference(domain).get(row.code)
        differs = manual is not None and manual.kinds & kinds != held & kinds
        shown = _row(row, columns, held, changes, differs)
        groups.setdefault(group_label(row), []).append(shown)
    return [Group(label, tuple(rows)) for label, rows in groups.items()]


def _row(
    row: MatrixRow, columns: list[Column], held: frozenset[str], changes: Mapping[Cell, bool], differs: bool
) -> ShownRow:
    manual = reference(row.domain).get(row.code)
    cells = []
    for column in columns:
        was = column.code in held
        lock = lock_of(row.code, column.code)
        cells.append(
            ShownCell(
                f"{row.code}:{column.code}",
                column.code,
                column.label,
                was,
                changes.get((row.code, column.code), was),
                manual is not None and column.code in manual.kinds,
                sentence(Refusal(lock.code)) if lock is not None and lock.held != was else "",
            )
        )
    return ShownRow(
        row.code,
        row.number,
        title_of(row),
        basis_label(row.basis),
        is_assumed(row.basis),
        manual.marks if manual is not None else None,
        tuple(cells),
        differs,
    )


# --- what a change does ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What becomes of one permission, in words."""

    code: str
    number: str
    title: str
    given: tuple[str, ...]
    taken: tuple[str, ...]
    effect: Effect
    opens: tuple[str, ...]
    visitors: str = ""
    holders: str = ""


def told(domain: str, effects: Effects) -> list[Told]:
    """The effects in the order of the matrix."""
    labels, by_code = kind_labels(), {effect.permission: effect for effect in effects.each}
    return [_told(row, by_code[row.code], labels) for row in rows_of(domain) if row.code in by_code]


def _told(row: MatrixRow, effect: Effect, labels: dict[str, str]) -> Told:
    visitors = ""
    if effect.visitors is not None:
        visitors = (
            _("Everybody who has not signed in gains it.")
            if effect.visitors
            else _("Everybody who has not signed in loses it.")
        )
    return Told(
        row.code,
        row.number,
        title_of(row),
        tuple(labels.get(kind, kind) for kind in effect.given),
        tuple(labels.get(kind, kind) for kind in effect.taken),
        effect,
        tuple(dict.fromkeys([*pages_of(row.code), *moves_of(row.code)])),
        visitors,
        "" if effect.holders else _("No account holds it after this change."),
    )


def told_cells(domain: str, changes: Mapping[Cell, bool]) -> list[tuple[str, bool]]:
    """The changed cells as lines: ("2.5 กู้คืนโครงการ: เจ้าหน้าที่กองทุนฯ", whether held afterwards)."""
    labels, rows = kind_labels(), {row.code: row for row in rows_of(domain)}
    lines = []
    for (code, kind), held in changes.items():
        row = rows.get(code)
        name = f"{row.number} {title_of(row)}" if row is not None else code
        lines.append((f"{name}: {labels.get(kind, kind)}", held))
    return lines


def export_rows(domain: str) -> list[list[Any]]:
    """The matrix as rows of a table: number, permission, code, basis, a mark per kind, whether the manual has it so."""
    rows = []
    for group in groups_of(domain, {}):
        for row in group.rows:
            marks = ["x" if cell.was else "" for cell in row.cells]
            rows.append([row.number, group.label, row.title, row.code, *marks, row.marks, row.basis, _so(row.differs)])
    return rows


def _so(differs: bool) -> str:
    return _("Changed") if differs else _("As in the manual")
