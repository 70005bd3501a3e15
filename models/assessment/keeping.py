"""Schools as the national office keeps them: taken in, changed, closed, opened again (spec: assessment.md 7).

Closing a school marks it: its numbers of past rounds stay, and its account signs in no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.assessment import committees
from models.assessment.enrolment import Newcomer, enrol, rename
from models.assessment.round import open_round
from models.assessment.school import School
from models.assessment.status import students_of
from models.core.clock import now
from models.core.db import db
from models.core.entity import Values
from models.core.entity.values import WrongValue, WrongValues
from models.core.identity import end_sessions, kill_links
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

_PLAIN = ("sector", "phone", "email")


def take_in(_user: Account, values: Values) -> School:
    """A new school of these values, with its account. Raises Refused, WrongValues."""
    given = {name: value for name, value in values.items() if value is not None}
    under = _committee(given.pop("under_id", None))
    try:
        return enrol(Newcomer(**given, under=under.code if under is not None else ""))
    except Refused as refused:
        if refused.refusal.code == "code_taken":  # by a school that was closed: its code is not given again
            raise WrongValues({"code": WrongValue("taken")}) from None
        raise


def change_school(user: Account, school: School, values: Values) -> None:
    """Change a school, which may make it a committee or let it be one no more. Raises Refused, WrongValues."""
    if "name" in values:
        rename(school, values["name"])
    if "province_code" in values:
        school.province_code = values["province_code"]
    for name in _PLAIN:
        if name in values:
            setattr(school, name, values[name])
    db.session.flush()  # what follows holds the row at its version
    place = _Place.of(school, values)
    if place.committee and not school.committee:
        committees.make(user, school, school.version)
    elif school.committee and not place.committee:
        committees.unmake(user, school, school.version, _committee(place.under_id))
    elif not school.committee and place.under_id != school.under_id:
        committees.move(user, [school.id], _committee(place.under_id))
    elif school.committee != place.committee:  # it moved between Bangkok and a province
        school.committee = place.committee
    db.session.flush()


@dataclass(frozen=True)
class _Place:
    """Where a school is to stand: a committee itself, or under one."""

    committee: str | None
    under_id: int | None

    @classmethod
    def of(cls, school: School, values: Values) -> _Place:
        made: Any = values.get("committee", school.committee) or None
        return cls(made, None if made else values.get("under_id", school.under_id))


def refusal_to_close(school: School) -> Refusal | None:
    """Why a school must stay: it is a committee, or has numbers in the open round, which would count for nobody."""
    if school.committee:
        return Refusal("is_a_committee")
    this = open_round()
    if this is not None and (students := students_of(this.id, school.id)):
        return Refusal("school_has_numbers", students=students)
    return None


def close_school(_user: Account, school: School) -> None:
    """Mark a school as gone: nobody signs in as it, its code stays taken. Raises Refused."""
    if reason := refusal_to_close(school):
        raise Refused(reason)
    school.deleted_at = now()
    if school.account is not None:
        school.account.active = False
        end_sessions(school.account.id)
        kill_links(school.account.id)
    db.session.flush()


def reopen_school(_user: Account, school: School) -> None:
    """Take a closed school back; under its committee, where that is still one."""
    school.deleted_at = None
    if school.under is not None and (not school.under.committee or school.under.deleted_at is not None):
        school.under_id = None
    if school.account is not None:
        school.account.active = True
    db.session.flush()


def _committee(school_id: int | None) -> School | None:
    """The school of that number, which is to be a committee. Raises WrongValues where it is none."""
    if school_id is None:
        return None
    found = db.session.get(School, school_id)
    if found is None or not found.committee or found.deleted_at is not None:
        raise WrongValues({"under_id": committees.BadSchool("not_a_committee")})
    return found
