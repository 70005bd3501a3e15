"""What a school, or an agency that a province reports for, registers: students by branch (spec: assessment.md 4, 6.1).

One registration is one reporter's numbers in one round and curriculum. It is saved as a whole, merged with what others
saved since it was read, and nothing that is saved is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.assessment import lines
from models.assessment.counts import LEAST, MOST, Clash, Counts, merged
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round, hold, refusal_to_save
from models.assessment.school import School
from models.core import audit
from models.core.clock import now
from models.core.db import Id, Model, UtcDateTime, Versioned, db, sql_list
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

REGISTER = "registration.enter"

# What else a save brings with it: the row as it stands now, and who saved it.
Follower = Callable[["Registration", "Account"], None]
_followers: list[Follower] = []


def follow_saves(follower: Follower) -> None:
    """Let what hangs on a school's numbers follow each change of them, in the same transaction."""
    if follower not in _followers:
        _followers.append(follower)


class Registration(Versioned, Model):
    """A school's numbers in a round and curriculum; who saved it last and when."""

    __tablename__ = "assessment_registration"
    __table_args__ = (
        UniqueConstraint("round_id", "school_id", "curriculum"),
        CheckConstraint(f"curriculum IN ({sql_list(tuple(CURRICULA))})", name="curriculum"),
        Index("ix_assessment_registration_school_id", "school_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("assessment_round.id"), nullable=False)
    school_id: Mapped[int] = mapped_column(ForeignKey("assessment_school.id"), nullable=False)
    curriculum: Mapped[str] = mapped_column(String(10), nullable=False)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    students: Mapped[int] = mapped_column(Integer, nullable=False, default=0)  # the sum of its lines

    round: Mapped[Round] = relationship(Round)
    school: Mapped[School] = relationship(School)
    saver: Mapped[Account | None] = relationship("Account", foreign_keys=[saved_by])

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The registrations of the schools on which `user` holds `permission`."""
        schools = School.visible_to(user, permission).with_only_columns(School.id)
        return select(cls).where(cls.school_id.in_(schools))


class RegistrationLine(Model):
    """The students of one branch."""

    __tablename__ = "assessment_line"
    __table_args__ = (
        CheckConstraint(f"students BETWEEN {LEAST} AND {MOST}", name="students"),
        Index("ix_assessment_line_branch_id", "branch_id"),
    )

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("assessment_registration.id", ondelete="CASCADE"), primary_key=True
    )
    branch_id: Mapped[int] = mapped_column(ForeignKey("assessment_branch.id"), primary_key=True)
    students: Mapped[int] = mapped_column(Integer, nullable=False)


@dataclass(frozen=True)
class Sheet:
    """A registration as a page shows it: its version (0: never saved), its counts, who saved it last and when."""

    version: int = 0
    counts: dict[int, int] = field(default_factory=dict)
    saved_at: datetime | None = None
    saved_by: int | None = None


@dataclass(frozen=True)
class Saved:
    """What a save came to: the sheet as it stands now, what was taken over of others, what both said differently.

    `found` is the sheet as the save met it. With clashes nothing was stored.
    """

    sheet: Sheet
    found: Sheet
    taken: Mapping[int, int] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()
    changed: bool = False


def sheet_of(round_id: int, school_id: int, curriculum: str) -> Sheet:
    """A school's numbers in a round and curriculum; two queries."""
    found = db.session.scalar(_registration(round_id, school_id, curriculum))
    return _sheet(found) if found is not None else Sheet()


def registered(round_id: int, school_id: int) -> dict[str, Registration]:
    """What a school saved in a round, by curriculum; one query, without the lines."""
    rows = select(Registration).where(Registration.round_id == round_id, Registration.school_id == school_id)
    return {row.curriculum: row for row in db.session.scalars(rows)}


def save(
    user: Account, this: Round, school: School, curriculum: str, mine: Counts, *, read: Counts, version: int
) -> Saved:
    """Save what a page says upon what it was opened on (`read`, at `version`); the caller commits.

    Raises Refused where the school is not theirs to report for, the round takes no numbers, or a branch is not of the
    curriculum.
    """
    hold(this, school)
    if not _may_report(user, school):
        raise Refused(Refusal("not_permitted", permission=REGISTER))
    if reason := refusal_to_save(this, school):
        raise Refused(reason)
    row, is_new = _locked(user, this, school, curriculum)
    theirs = _counts(row.id)
    met = Sheet() if is_new else _sheet(row, theirs)
    if row.version == version:  # nobody saved since: what is stored is what was read, whatever the page carried
        read = theirs
    lines.check_branches(curriculum, mine, read)
    found = merged(read, mine, theirs)
    if found.clashes:
        return Saved(met, met, found.taken, found.clashes)
    if found.counts == theirs and not is_new:
        return Saved(met, met, found.taken)
    lines.store(RegistrationLine, RegistrationLine.registration_id, row.id, theirs, found.counts)
    row.students, row.saved_at, row.saved_by = sum(found.counts.values()), now(), user.id
    db.session.flush()
    # One entry a save.
    audit.note("assessment_registration.change", row, counts=lines.told(theirs, found.counts))
    for follow in _followers:
        follow(row, user)
    return Saved(_sheet(row, found.counts), met, found.taken, changed=True)


def _may_report(user: Account, school: School) -> bool:
    """Whether the school is among those for which the user may register."""
    own = School.visible_to(user, REGISTER).where(School.id == school.id).with_only_columns(School.id)
    return db.session.scalar(select(own.exists())) or False


def _registration(round_id: int, school_id: int, curriculum: str) -> Select[Any]:
    return select(Registration).where(
        Registration.round_id == round_id,
        Registration.school_id == school_id,
        Registration.curriculum == curriculum,
    )


def _locked(user: Account, this: Round, school: School, curriculum: str) -> tuple[Registration, bool]:
    """The row and whether it is new; held until the transaction ends: of two savers the later one waits."""
    row = db.session.scalar(
        _registration(this.id, school.id, curriculum).with_for_update().execution_options(populate_existing=True)
    )
    if row is not None:
        return row, False
    row = Registration(round_id=this.id, school_id=school.id, curriculum=curriculum, saved_by=user.id)
    db.session.add(row)
    db.session.flush()
    return row, True


def _counts(registration_id: int) -> dict[int, int]:
    return lines.counts_of(RegistrationLine, RegistrationLine.registration_id, registration_id)


def _sheet(row: Registration, counts: dict[int, int] | None = None) -> Sheet:
    return Sheet(row.version, _counts(row.id) if counts is None else counts, row.saved_at, row.saved_by)
