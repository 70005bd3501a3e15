"""Private schools that a province adds, and which schools may be the same (spec: assessment.md 6.4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from models.assessment.codes import PRIVATE
from models.assessment.enrolment import Newcomer, enrol
from models.assessment.school import School
from models.assessment.standing import committees_of
from models.core.db import db
from models.core.thai.likeness import ENOUGH, likeness_of, take_apart
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

ADD: Final = "school.add_private"
ELSEWHERE_ENOUGH: Final = 0.9
"""Likeness from which a school of another province is worth a look: places of one name there are."""
MOST_SHOWN: Final = 10


@dataclass(frozen=True)
class Like:
    """A school that may be the one that is to be added: how like its name is (0 to 1), whether the code is the same."""

    school_id: int
    likeness: float
    same_code: bool = False


def alike(name: str, province_code: str, code: str = "") -> list[Like]:
    """Schools of that code or of a like name, the likeliest first, at most ten; one query over all schools.

    A deleted school counts by its code alone, which is not given twice.
    """
    wanted = take_apart(name)
    columns = School.id, School.name, School.province_code, School.code, School.deleted_at
    found = []
    for row in db.session.execute(select(*columns)):
        enough = ENOUGH if row.province_code == province_code else ELSEWHERE_ENOUGH
        how = likeness_of(wanted, take_apart(row.name)) if row.deleted_at is None else 0.0
        if row.code == code or how >= enough:
            found.append(Like(row.id, how, row.code == code))
    return sorted(found, key=lambda one: (not one.same_code, -one.likeness, one.school_id))[:MOST_SHOWN]


def add_private(user: Account, committee: School, one: Newcomer, *, looked_at: Collection[int] = ()) -> School:
    """Add a private school under a committee, with its account; the caller commits.

    `looked_at` are the like schools that the user was shown and found to be others: where there are more, the new one
    waits until those are looked at, too. Raises Refused: not_permitted, school_alike (count), and as `enrol` does.
    """
    theirs = committees_of(user, ADD).where(School.id == committee.id).with_only_columns(School.id).order_by(None)
    if not db.session.scalar(select(theirs.exists())):
        raise Refused(Refusal("not_permitted", permission=ADD))
    unseen = [like for like in alike(one.name, one.province_code) if like.school_id not in looked_at]
    newcomer = replace(one, sector=PRIVATE, under=committee.code, committee=None)
    if unseen and not _is_taken(one.code):
        raise Refused(Refusal("school_alike", count=len(unseen)))
    return enrol(newcomer)


def _is_taken(code: str) -> bool:
    """Whether enrolling it would be refused anyway: then that is what is said."""
    return db.session.scalar(select(select(School.id).where(School.code == code).exists())) or False
