"""What a page of the check is about: the round, the committee, its schools and where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import abort, g, request
from werkzeug.exceptions import NotFound

from models.assessment.note import CHECK
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round, current_round
from models.assessment.school import School
from models.assessment.standing import SchoolStanding, Tally, committees_of, schools_of, standings
from models.core.db import db
from models.core.matrix import allows
from views.core.base import record_or_404

FOLLOW = "completeness.view"
"""The national office follows what a province checks, and writes nothing."""


def permission_here() -> str:
    """By which permission this reader sees the check."""
    return CHECK if allows(g.user, CHECK) else FOLLOW


@dataclass(frozen=True)
class Scope:
    """A committee's schools in the round that pages are about; `committees` are those the reader may choose among."""

    round: Round | None
    committee: School | None
    committees: tuple[School, ...] = ()
    schools: tuple[SchoolStanding, ...] = field(default=())

    @property
    def tally(self) -> Tally:
        """How many of them have reported, are excused, are missing."""
        return sum((Tally(**{one.standing: 1}) for one in self.schools), Tally())

    @property
    def ids(self) -> list[int]:
        """The schools' numbers."""
        return [one.school.id for one in self.schools]

    @property
    def kept(self) -> dict[str, Any]:
        """What addresses of this page carry along: the committee, where there are several to choose among."""
        return {"committee": self.committee.id} if self.committee and len(self.committees) > 1 else {}

    def students(self, curriculum: str) -> int:
        """Students of all its schools in a curriculum."""
        return sum(one.students.get(curriculum, 0) for one in self.schools)

    def reporting(self, curriculum: str) -> int:
        """How many of its schools have students in a curriculum."""
        return sum(curriculum in one.students for one in self.schools)


def scope_of(permission: str, given: Any = None) -> Scope:
    """What the address (or a posted form) asks for: a committee of the reader's, else the first of them; 4 queries.

    A committee that is not the reader's is not found.
    """
    this = current_round()
    committees = tuple(db.session.scalars(committees_of(g.user, permission)))
    asked = (request.args if given is None else given).get("committee", "")
    if asked:
        committee = next((one for one in committees if str(one.id) == asked), None)
        if committee is None:
            raise NotFound
    else:
        committee = committees[0] if committees else None
    schools: tuple[SchoolStanding, ...] = ()
    if this is not None and committee is not None:
        schools = tuple(standings(this.id, schools_of(committee, g.user, permission)))
    return Scope(this, committee, committees, schools)


def school_or_404(pk: int, permission: str) -> School:
    """A school on which the reader holds the permission."""
    found: School = record_or_404(School.visible_to(g.user, permission), School, pk)
    return found


def curriculum_or_404(code: str) -> str:
    """The code of a curriculum there is."""
    if code not in CURRICULA:
        abort(404)
    return code


def round_or_404() -> Round:
    """The round that pages are about, for what cannot be without one."""
    this = current_round()
    if this is None:
        abort(404)
    return this
