"""What opening a round needs, as a list that reminds: what must be, and what is better done first (spec: 3, 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from models.assessment.catalogue import Branch
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round, open_round
from models.assessment.school import School
from models.core.clock import now
from models.core.db import db

DATES, ALONE, CATALOGUE, SCHOOLS, COMMITTEES, CONTACTS = (
    *("dates", "alone", "catalogue"),
    *("schools", "committees", "contacts"),
)
"""What is looked at, in the order in which one puts it right."""


@dataclass(frozen=True)
class Need:
    """One thing that opening needs: whether it is so, whether the round cannot be opened without it, and values."""

    code: str
    is_met: bool
    is_must: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


def needs_of(this: Round) -> tuple[Need, ...]:
    """What opening this round needs, and whether it is so; three queries, whatever the number of schools.

    Values: dates (closes_at), alone (year, number of the open one), catalogue (branches, empty: codes of curricula),
    schools (count), committees (without: schools under none), contacts (without: schools that no mail reaches).
    """
    other = open_round()
    is_alone = other is None or other.id == this.id
    branches = _branches()
    empty = tuple(code for code in CURRICULA if not branches.get(code))
    schools, alone, silent = _schools()
    return (
        Need(DATES, this.closes_at > now(), is_must=True, values={"closes_at": this.closes_at}),
        Need(
            ALONE,
            is_alone,
            is_must=True,
            values={} if is_alone or other is None else {"year": other.academic_year, "number": other.number},
        ),
        Need(CATALOGUE, not empty, values={"branches": sum(branches.values()), "empty": empty}),
        Need(SCHOOLS, schools > 0, values={"count": schools}),
        Need(COMMITTEES, alone == 0, values={"without": alone}),
        Need(CONTACTS, silent == 0, values={"without": silent}),
    )


def _branches() -> dict[str, int]:
    rows = select(Branch.curriculum, func.count().label("many")).where(~Branch.is_retired).group_by(Branch.curriculum)
    return {row.curriculum: row.many for row in db.session.execute(rows)}


def _schools() -> tuple[int, int, int]:
    """How many there are, how many of them lie under no committee and are none, and how many have no e-mail."""
    without = School.committee.is_(None) & School.under_id.is_(None)
    counted = select(func.count(), func.count().filter(without), func.count().filter(School.email == ""))
    schools, alone, silent = db.session.execute(counted.where(School.deleted_at.is_(None))).one()
    return schools, alone, silent
