"""The status of a school that reports nothing in a round, as its province says it (spec: assessment.md 6.3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.assessment.registration import Registration, follow_saves
from models.assessment.round import Round, hold, refusal_to_save
from models.assessment.school import School
from models.assessment.telling import tell_committee
from models.core.clock import now
from models.core.db import Audited, Id, Model, StaleVersion, UtcDateTime, Versioned, db, sql_list
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

SET: Final = "school.status"
REPORTED_AFTER_ALL: Final = "assessment_reported_after_all"


class Status:
    """ปกติ (รอสถานศึกษากรอกข้อมูล), สถานศึกษาปิดกิจการ, สถานศึกษาไม่มีผู้เข้ารับการประเมินมาตรฐานวิชาชีพ."""

    NORMAL = "normal"
    CLOSED = "closed"
    NO_STUDENTS = "no_students"


STATUSES: Final = (Status.NORMAL, Status.CLOSED, Status.NO_STUDENTS)


class SchoolStatus(Versioned, Audited, Model):
    """What a province said of a school in a round; a school without a row is normal: its numbers are awaited."""

    __tablename__ = "assessment_status"
    __table_args__ = (
        UniqueConstraint("round_id", "school_id"),
        CheckConstraint(f"status IN ({sql_list(STATUSES)})", name="status"),
        Index("ix_assessment_status_school_id", "school_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("assessment_round.id"), nullable=False)
    school_id: Mapped[int] = mapped_column(ForeignKey("assessment_school.id"), nullable=False)
    status: Mapped[str] = mapped_column(String(15), nullable=False, default=Status.NORMAL)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)

    round: Mapped[Round] = relationship(Round)
    school: Mapped[School] = relationship(School)

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The statuses of the schools on which `user` holds `permission`."""
        schools = School.visible_to(user, permission).with_only_columns(School.id)
        return select(cls).where(cls.school_id.in_(schools))


def set_status(user: Account, this: Round, school: School, status: str, version: int) -> SchoolStatus | None:
    """Say why a school reports nothing, or that its numbers are awaited after all; the caller commits.

    `version` is that of the status as it was read, 0 where there was none. Returns the row; None where the school was
    normal and stays so. A school that has numbers is refused: its numbers say that there are students, and would be
    printed for a school that is said to have none; they go first. Raises Refused (not_permitted, no_such_status,
    school_has_numbers, and why the round takes nothing), StaleVersion.
    """
    # Who saves the school's numbers holds its row, too: neither overtakes the other.
    hold(this, school)
    if not _is_theirs(user, school):
        raise Refused(Refusal("not_permitted", permission=SET))
    if status not in STATUSES:
        raise Refused(Refusal("no_such_status"))
    if reason := refusal_to_save(this, school):
        raise Refused(reason)
    row = db.session.scalar(_of(this.id, school.id).with_for_update().execution_options(populate_existing=True))
    if (row.version if row else 0) != version:
        raise StaleVersion(row or school, version)
    if status != Status.NORMAL and (students := students_of(this.id, school.id)):
        raise Refused(Refusal("school_has_numbers", students=students))
    if row is None:
        if status == Status.NORMAL:
            return None
        row = SchoolStatus(round_id=this.id, school_id=school.id)
        db.session.add(row)
    if row.status != status:
        row.status, row.set_by, row.set_at = status, user.id, now()
    db.session.flush()
    return row


def said_in(round_id: int, school_ids: Collection[int]) -> dict[int, str]:
    """School -> its status in a round, of those that are not normal; one query."""
    rows = select(SchoolStatus.school_id, SchoolStatus.status).where(
        SchoolStatus.round_id == round_id,
        SchoolStatus.school_id.in_(list(school_ids)),
        SchoolStatus.status != Status.NORMAL,
    )
    return {row.school_id: row.status for row in db.session.execute(rows)}


def students_of(round_id: int, school_id: int) -> int:
    """All students that a school registered in a round, in whatever curriculum."""
    registered = select(func.sum(Registration.students))
    found = db.session.scalar(registered.where(Registration.round_id == round_id, Registration.school_id == school_id))
    return int(found or 0)


def _is_theirs(user: Account, school: School) -> bool:
    rows = School.visible_to(user, SET).where(School.id == school.id).with_only_columns(School.id)
    return db.session.scalar(select(rows.exists())) or False


def _of(round_id: int, school_id: int) -> Select[Any]:
    return select(SchoolStatus).where(SchoolStatus.round_id == round_id, SchoolStatus.school_id == school_id)


def _reported_after_all(row: Registration, by: Account) -> None:
    """A school that saves numbers is normal, whatever was said of it before; its province is told."""
    if not row.students:
        return
    said = db.session.scalar(_of(row.round_id, row.school_id).where(SchoolStatus.status != Status.NORMAL))
    if said is None:
        return
    before, said.status, said.set_by, said.set_at = said.status, Status.NORMAL, by.id, now()
    school = db.session.get_one(School, row.school_id)
    year = said.round.academic_year
    tell_committee(school, REPORTED_AFTER_ALL, said, school=school.name, was=before, year=year)


follow_saves(_reported_after_all)
