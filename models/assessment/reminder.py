"""Reminders to schools whose numbers are missing: mail and bell, not twice a day (spec: assessment.md 6.2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.standing import MISSING, standing_of_row
from models.assessment.telling import tell_schools
from models.core import audit
from models.core.clock import now, today
from models.core.db import Id, Model, UtcDateTime, db
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

REMIND: Final = "school.remind"
REMINDED: Final = "assessment_reminder"


class Reminder(Model):
    """That a school was reminded on a day (in Bangkok), by whom."""

    __tablename__ = "assessment_reminder"
    __table_args__ = (
        UniqueConstraint("school_id", "day"),
        Index("ix_assessment_reminder_round_id", "round_id", "school_id", "day"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("assessment_round.id"), nullable=False)
    school_id: Mapped[int] = mapped_column(ForeignKey("assessment_school.id"), nullable=False)
    day: Mapped[date] = mapped_column(Date, nullable=False)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)


@dataclass(frozen=True)
class Reminded:
    """What came of it: schools reminded, those of them without an e-mail, and those that had been reminded today."""

    sent: int = 0
    without_mail: int = 0
    already: int = 0


def remind(user: Account, this: Round, school_ids: Collection[int]) -> Reminded:
    """Remind those of the schools that are the user's to remind and have not reported; the caller commits.

    Raises Refused where the round takes no numbers now. A school that has reported meanwhile is passed over.
    """
    if not this.takes_numbers:
        raise Refused(Refusal("round_takes_no_numbers"))
    rows = (
        School.visible_to(user, REMIND)
        .where(School.id.in_(list(school_ids)), standing_of_row(this.id) == MISSING)
        .order_by(School.id)
        .options(joinedload(School.account))
        # Of two who remind at once the later one waits, and finds that it was done.
        .with_for_update(of=School)
    )
    missing = list(db.session.scalars(rows))
    reminded = set(
        db.session.scalars(
            select(Reminder.school_id).where(
                Reminder.day == today(), Reminder.school_id.in_([school.id for school in missing])
            )
        )
    )
    due = [school for school in missing if school.id not in reminded]
    values = {"year": this.academic_year, "number": this.number, "closes_at": this.closes_at.isoformat()}
    made = [Reminder(round_id=this.id, school_id=school.id, day=today(), sent_by=user.id) for school in due]
    db.session.add_all(made)
    db.session.flush()
    mailed = sum(tell_schools([school], REMINDED, row, **values) for school, row in zip(due, made, strict=True))
    if due:
        audit.note("assessment_reminder.send", this, count=len(due))
    return Reminded(len(due), len(due) - mailed, len(reminded))


def last_reminded(round_id: int, school_ids: Collection[int]) -> dict[int, date]:
    """School -> the day on which it was last reminded in a round; one query."""
    rows = (
        select(Reminder.school_id, Reminder.day)
        .where(Reminder.round_id == round_id, Reminder.school_id.in_(list(school_ids)))
        .order_by(Reminder.day)
    )
    return {row.school_id: row.day for row in db.session.execute(rows)}
