"""The tree of a curriculum as pages show it: its branches with what is typed, totals, last year, what is wrong.

A school's registration and an outside agency are entered on the same tree (templates/assessment/_tree.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from models.assessment import counts as counting
from models.assessment.catalogue import Branch
from models.assessment.counts import LEAST, MOST, Counts, Typed
from models.core.db import db

RETIRED = "retired"
_WRONG: dict[str, Any] = {
    "no_number": _l("Chosen: enter the number of students"),
    "no_tick": _l("A number is entered, but this branch is not chosen"),
    "not_whole": _l("Enter a whole number, such as 25"),
    RETIRED: _l("This branch is no longer in the catalogue. Clear its row"),
}


def wrong_label(code: str) -> str:
    """What is wrong with a row, and so what to do (codes: models.assessment.counts.read)."""
    if code == "out_of_range":
        return _("Enter a number from %(least)s to %(most)s", least=LEAST, most=f"{MOST:,}")
    return str(_WRONG[code])


@dataclass
class Row:
    """A branch with what is typed into its row; `last` is last year's number, None for none."""

    id: int
    code: str
    name: str
    search: str
    is_retired: bool = False
    typed: Typed = field(default_factory=lambda: Typed(False, ""))
    students: int = 0
    last: int | None = None
    wrong: str = ""

    @property
    def wrong_text(self) -> str:
        """What is wrong, as a sentence."""
        return wrong_label(self.wrong) if self.wrong else ""


@dataclass
class Field:
    """สาขาวิชา with its branches and their students together."""

    code: str
    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def students(self) -> int:
        """Students of its branches."""
        return sum(row.students for row in self.rows)


@dataclass
class Programme:
    """ประเภทวิชา with its fields."""

    code: str
    name: str
    fields: list[Field] = field(default_factory=list)
    is_open: bool = True

    @property
    def rows(self) -> list[Row]:
        """Its branches."""
        return [row for one in self.fields for row in one.rows]

    @property
    def chosen(self) -> int:
        """Branches that are ticked."""
        return sum(row.typed.ticked for row in self.rows)

    @property
    def students(self) -> int:
        """Students of its fields."""
        return sum(one.students for one in self.fields)


@dataclass
class Tree:
    """A curriculum's branches in their order."""

    programmes: list[Programme] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """Every branch."""
        return [row for one in self.programmes for row in one.rows]

    @property
    def chosen(self) -> int:
        """Branches that are ticked."""
        return sum(one.chosen for one in self.programmes)

    @property
    def students(self) -> int:
        """Students of all branches that are ticked and say a number."""
        return sum(one.students for one in self.programmes)

    @property
    def has_last(self) -> bool:
        """Whether any branch that can be chosen had students last year."""
        return any(row.last and not row.is_retired for row in self.rows)

    @property
    def wrong(self) -> list[Row]:
        """Rows that are to be corrected."""
        return [row for row in self.rows if row.wrong]

    @property
    def saved(self) -> Tree:
        """The branches that are chosen alone, for a page that only shows them."""
        kept = Tree()
        for one in self.programmes:
            fields = [
                Field(place.code, place.name, [row for row in place.rows if row.typed.ticked]) for place in one.fields
            ]
            if filled := [place for place in fields if place.rows]:
                kept.programmes.append(Programme(one.code, one.name, filled))
        return kept

    @property
    def words(self) -> dict[str, str]:
        """The sentences of static/assessment/js/branches.js, which holds none; {n} and the like are filled there."""
        return {
            "one": _("{n} student"),
            "many": _("{n} students"),
            "none": _("none chosen"),
            "chosen": _("{n} branches chosen of {all}"),
            "found": _("{n} branches with “{q}” of {all}"),
            "nothing": _("No branch has “{q}”. Type another part of its name, or its code."),
            "wrong": _("{n} rows to correct"),
            "total": _("{n} students in all"),
            "choose": _("Choose it"),
            "brought": _("{n} branches of last year are chosen. Enter this year’s numbers."),
            "none_brought": _("All branches of last year are chosen already."),
            **{code: wrong_label(code) for code in (*_WRONG, "out_of_range")},
        }


def tree_of(
    curriculum: str,
    rows: Mapping[int, Typed],
    *,
    last: Counts | None = None,
    read: Iterable[int] = (),
    check: bool = False,
) -> Tree:
    """The curriculum's branches with what is typed (`rows`) and last year's numbers; one query.

    A retired branch shows where it is typed; only one of `read`, the page's own, may stand. `check` marks what is
    wrong.
    """
    found, last, known = counting.read(rows), last or {}, set(read)
    tree = Tree()
    for one in db.session.execute(_branches(curriculum, rows)):
        row = Row(one.id, one.branch_code, one.branch, one.search, one.is_retired, last=last.get(one.id))
        row.typed = rows.get(one.id, row.typed)
        row.students = found.counts.get(one.id, 0)
        if check:
            row.wrong = found.wrong.get(one.id, RETIRED if one.is_retired and one.id not in known else "")
        _put(tree, one, row)
    is_begun = any(row.typed.ticked or row.typed.number or row.last for row in tree.rows)
    for programme in tree.programmes:
        programme.is_open = not is_begun or any(
            row.typed.ticked or row.typed.number or row.last or row.wrong for row in programme.rows
        )
    return tree


def catalogue_tree(branches: Iterable[Branch]) -> Tree:
    """These branches, in their order, under their fields and programme types, without anything typed."""
    tree = Tree()
    for one in branches:
        _put(tree, one, Row(one.id, one.branch_code, one.branch, one.search, one.is_retired))
    return tree


def _branches(curriculum: str, rows: Mapping[int, Typed]) -> Any:
    columns = (
        Branch.id,
        Branch.programme_code,
        Branch.programme,
        Branch.field_code,
        Branch.field,
        Branch.branch_code,
        Branch.branch,
        Branch.search,
        Branch.is_retired,
    )
    shown = or_(~Branch.is_retired, Branch.id.in_(list(rows)))
    return select(*columns).where(Branch.curriculum == curriculum, shown).order_by(Branch.position, Branch.id)


def _put(tree: Tree, one: Any, row: Row) -> None:
    """A row under its field and programme type, each of which stands where its first branch does."""
    programme = next((known for known in tree.programmes if known.code == one.programme_code), None)
    if programme is None:
        programme = Programme(one.programme_code, one.programme)
        tree.programmes.append(programme)
    place = next((known for known in programme.fields if known.code == one.field_code), None)
    if place is None:
        place = Field(one.field_code, one.field)
        programme.fields.append(place)
    place.rows.append(row)


def label_of(row: Row) -> str:
    """A branch by code and name."""
    return f"{row.code} {row.name}"
