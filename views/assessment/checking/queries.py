"""The branches behind a province's check: of each school, of each branch, this year and last."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from models.assessment.catalogue import Branch
from models.assessment.counts import is_unusual
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import Registration, RegistrationLine
from models.assessment.round import Round
from models.core.db import db


@dataclass(frozen=True)
class Line:
    """A branch with a school's students in it, this year and, where that was asked for, last year (0: none)."""

    branch: Branch
    students: int
    last: int = 0

    @property
    def is_unusual(self) -> bool:
        """Whether the number doubled, halved, vanished or came from nowhere since last year."""
        return is_unusual(self.last, self.students)


@dataclass
class OfBranch:
    """A branch with the schools that have students in it: (school's number, students)."""

    branch: Branch
    schools: list[tuple[int, int]] = field(default_factory=list)

    @property
    def students(self) -> int:
        """Students of all those schools."""
        return sum(students for _school, students in self.schools)


def lines_by_school(this: Round, school_ids: Collection[int], curriculum: str) -> dict[int, list[Line]]:
    """School -> its branches with their students, in the catalogue's order; one query."""
    found: dict[int, list[Line]] = {}
    for school_id, _code, branch, students in _rows(this, school_ids, [curriculum]):
        found.setdefault(school_id, []).append(Line(branch, students))
    return found


def lines_by_branch(this: Round, school_ids: Collection[int], curriculum: str) -> list[OfBranch]:
    """The branches in which these schools have students, in the catalogue's order, with the schools; one query."""
    found: dict[int, OfBranch] = {}
    for school_id, _code, branch, students in _rows(this, school_ids, [curriculum]):
        found.setdefault(branch.id, OfBranch(branch)).schools.append((school_id, students))
    order = {school_id: at for at, school_id in enumerate(school_ids)}
    for one in found.values():
        one.schools.sort(key=lambda row: order[row[0]])
    return list(found.values())


def lines_of_school(this: Round, last: Round | None, school_id: int) -> dict[str, list[Line]]:
    """Curriculum -> a school's branches with this year's and last year's students; two queries at most.

    A branch that had students last year alone stands, too.
    """
    now = _of_school(this, school_id)
    before = _of_school(last, school_id) if last is not None else {}
    found: dict[str, list[Line]] = {code: [] for code in CURRICULA}
    branches = {branch.id: branch for branch, _students in (*now.values(), *before.values())}
    for key, branch in sorted(branches.items(), key=lambda one: (one[1].position, one[0])):
        students, earlier = (rows[key][1] if key in rows else 0 for rows in (now, before))
        found[branch.curriculum].append(Line(branch, students, earlier))
    return found


def _of_school(this: Round, school_id: int) -> dict[int, tuple[Branch, int]]:
    return {branch.id: (branch, students) for _id, _code, branch, students in _rows(this, [school_id], CURRICULA)}


def _rows(this: Round, school_ids: Collection[int], curricula: Iterable[str]) -> Any:
    rows: Select[Any] = (
        select(Registration.school_id, Registration.curriculum, Branch, RegistrationLine.students)
        .join(RegistrationLine, RegistrationLine.registration_id == Registration.id)
        .join(Branch, Branch.id == RegistrationLine.branch_id)
        .where(
            Registration.round_id == this.id,
            Registration.school_id.in_(list(school_ids)),
            Registration.curriculum.in_(list(curricula)),
        )
        .order_by(Branch.position, Branch.id, Registration.school_id)
    )
    return db.session.execute(rows)
