"""One school saves after the end of a round: for a reason, until a moment, and taken back (spec: assessment.md 7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from models.assessment.round import UNLOCK, R, Round, Unlock
from models.assessment.rules import wrong_unlock
from models.assessment.school import School
from models.assessment.telling import tell_committee, tell_schools
from models.core.clock import now
from models.core.db import db
from models.core.entity.values import WrongValues
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

UNLOCKED, LOCKED_AGAIN = "assessment_unlocked", "assessment_locked_again"
"""What the school and its committee are told."""


def schools_for(user: Account) -> Select[Any]:
    """The schools that `user` may let save after a round's end."""
    return School.visible_to(user, UNLOCK)


def refusal_to_unlock(this: Round, user: Account) -> Refusal | None:
    """Why no school can be let in by `user` now; None means one can."""
    if not this.within(user, UNLOCK):
        return Refusal("not_permitted", permission=UNLOCK)
    if this.state == R.PREPARED:
        return Refusal("round_not_open_yet", day=this.opens_at)
    return Refusal("round_takes_numbers") if this.takes_numbers else None


def unlock(by: Account, this: Round, school: School, *, until: datetime, reason: str) -> Unlock:
    """Let a school save until a moment, and tell it and its committee; the caller commits.

    What runs for the school already ends now, so that one holds at a time. Raises Refused (not_permitted,
    round_not_open_yet, round_takes_numbers) or WrongValues.
    """
    if refusal := refusal_to_unlock(this, by):
        raise Refused(refusal)
    if wrong := dict(wrong_unlock({"until": until, "reason": reason})):
        raise WrongValues(wrong)
    _take_turn(school)
    for running in _running(this, school):
        running.until = now()
    made = Unlock(round=this, school=school, until=until, reason=reason, given_by=by.id)
    db.session.add(made)
    db.session.flush()
    _tell(school, UNLOCKED, this, until=until.isoformat())
    return made


def take_back(by: Account, given: Unlock) -> None:
    """End an unlock before its time, and tell the school and its committee; the caller commits.

    Raises Refused: not_permitted, or unlock_is_over.
    """
    if not given.round.within(by, UNLOCK):
        raise Refused(Refusal("not_permitted", permission=UNLOCK))
    # Of two who take it back, and of one who gives it anew meanwhile, the later one sees what the other did.
    _take_turn(given.school)
    db.session.refresh(given)
    if given.until <= now():
        raise Refused(Refusal("unlock_is_over"))
    given.until = now()
    db.session.flush()
    _tell(given.school, LOCKED_AGAIN, given.round)


def unlocks_of(this: Round) -> Select[Any]:
    """The unlocks of a round, the latest first."""
    return select(Unlock).where(Unlock.round_id == this.id).order_by(Unlock.id.desc())


def _running(this: Round, school: School) -> list[Unlock]:
    rows = select(Unlock).where(Unlock.round_id == this.id, Unlock.school_id == school.id, Unlock.until > now())
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def _take_turn(school: School) -> None:
    db.session.execute(select(School.id).where(School.id == school.id).with_for_update())


def _tell(school: School, event: str, this: Round, **values: Any) -> None:
    values = {"school": school.name, "year": this.academic_year, "number": this.number, **values}
    tell_schools([school], event, this, **values)
    if school.committee_id != school.id:
        tell_committee(school, event, this, **values)
