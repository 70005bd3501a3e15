"""What the pages of rounds read: rounds with how many of the reader's schools reported, and a round's unlocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from models.assessment.registration import Registration
from models.assessment.round import Round, Unlock
from models.assessment.school import School
from models.assessment.unlocking import schools_for, unlocks_of
from models.core.clock import now
from models.core.containing import contains
from models.core.db import db
from models.core.identity import Account, names_of
from models.core.listing import Order, Page, walk

MOST_FOUND = 20
ON_PAGE = 25
_LATEST = Order("latest", (), Unlock.id, descending=True)


@dataclass(frozen=True)
class Line:
    """A round of the list; of the reader's schools how many registered students, and how many students."""

    round: Round
    schools: int = 0
    students: int = 0


@dataclass(frozen=True)
class Given:
    """An unlock as the page shows it."""

    unlock: Unlock
    by: str
    is_running: bool


def lines(user: Account) -> list[Line]:
    """Every round that the user sees, the latest first; two queries."""
    rounds = Round.visible_to(user, "round.view").order_by(Round.academic_year.desc(), Round.number.desc())
    schools = School.visible_to(user, "registration.view").with_only_columns(School.id)
    counted = (
        select(Registration.round_id, func.count(Registration.school_id.distinct()), func.sum(Registration.students))
        .where(Registration.students > 0, Registration.school_id.in_(schools))
        .group_by(Registration.round_id)
    )
    figures = {key: (many, int(students)) for key, many, students in db.session.execute(counted)}
    return [Line(one, *figures.get(one.id, (0, 0))) for one in db.session.scalars(rounds)]


def given_of(this: Round, after: str, before: str) -> tuple[Page, list[Given]]:
    """A page of a round's unlocks, the latest first, with their schools and who gave them; two queries."""
    rows = unlocks_of(this).options(joinedload(Unlock.school))
    page = walk(rows, _LATEST, ON_PAGE, after=after or None, before=before or None)
    names = names_of({one.given_by for one in page.rows})
    return page, [Given(one, names.get(one.given_by, ""), one.until > now()) for one in page.rows]


def find_schools(user: Account, typed: str) -> list[School]:
    """Schools that can be let in, by a part of their name or code, in the order of the alphabet."""
    rows: Select[Any] = schools_for(user).where(contains(School.search, typed))
    return list(db.session.scalars(rows.order_by(School.name_sort, School.id).limit(MOST_FOUND)))
