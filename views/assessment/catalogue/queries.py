"""What the catalogue's pages read: how many branches, a curriculum's tree, and who registered students of a branch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models.assessment.catalogue import Branch
from models.assessment.reference.catalogue import COLUMNS, CURRICULA
from models.assessment.registration import Registration, RegistrationLine
from models.assessment.round import Round
from models.assessment.school import School
from models.core.containing import contains
from models.core.db import db
from models.core.identity import Account
from views.assessment.curricula import curriculum_label

VIEW = "catalogue.view"


@dataclass(frozen=True)
class Extent:
    """How much of a curriculum there is."""

    programmes: int = 0
    fields: int = 0
    branches: int = 0
    retired: int = 0


@dataclass(frozen=True)
class Use:
    """How many of the reader's schools registered students of a branch in a round, and how many students."""

    round: Round
    schools: int
    students: int


def extents() -> dict[str, Extent]:
    """How much there is of each curriculum, in the menu's order; one query."""
    used = ~Branch.is_retired
    rows = select(
        Branch.curriculum,
        func.count(Branch.programme_code.distinct()).filter(used),
        func.count(Branch.field_code.distinct()).filter(used),
        func.count().filter(used),
        func.count().filter(Branch.is_retired),
    ).group_by(Branch.curriculum)
    found = {code: Extent(*counts) for code, *counts in db.session.execute(rows)}
    return {code: found.get(code, Extent()) for code in CURRICULA}


def branches_of(user: Account, curriculum: str, typed: str = "", *, with_retired: bool = False) -> list[Branch]:
    """A curriculum's branches in their order, those that hold what was typed; one query."""
    rows = Branch.visible_to(user, VIEW).where(Branch.curriculum == curriculum)
    if not with_retired:
        rows = rows.where(~Branch.is_retired)
    if typed:
        rows = rows.where(contains(Branch.search, typed))
    return list(db.session.scalars(rows.order_by(Branch.position, Branch.id)))


def lines_of(branches: Iterable[Branch]) -> Iterable[tuple[Any, ...]]:
    """The branches as the lines of a file (importing.FILE_COLUMNS)."""
    for one in branches:
        yield (curriculum_label(one.curriculum), *(getattr(one, column) for column in COLUMNS))


def uses_of(user: Account, branch: Branch) -> list[Use]:
    """Who registered students of a branch, round by round, the latest first; one query."""
    rows = (
        select(Round, func.count(Registration.school_id.distinct()), func.sum(RegistrationLine.students))
        .join(Registration, Registration.round_id == Round.id)
        .join(RegistrationLine, RegistrationLine.registration_id == Registration.id)
        .where(RegistrationLine.branch_id == branch.id, Registration.school_id.in_(_schools(user)))
        .group_by(Round.id)
        .order_by(Round.academic_year.desc(), Round.number.desc())
    )
    return [Use(one, schools, int(students)) for one, schools, students in db.session.execute(rows)]


def used_in(user: Account, this: Round | None, branch_ids: Collection[int]) -> dict[int, int]:
    """Students that were registered in a round, by those of the branches that have some; one query."""
    if this is None or not branch_ids:
        return {}
    rows = (
        select(RegistrationLine.branch_id, func.sum(RegistrationLine.students))
        .join(Registration, RegistrationLine.registration_id == Registration.id)
        .where(
            Registration.round_id == this.id,
            RegistrationLine.branch_id.in_(branch_ids),
            Registration.school_id.in_(_schools(user)),
        )
        .group_by(RegistrationLine.branch_id)
    )
    return {key: int(students) for key, students in db.session.execute(rows)}


def _schools(user: Account) -> Any:
    return School.visible_to(user, "registration.view").with_only_columns(School.id)
