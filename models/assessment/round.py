"""Rounds: an academic year's registration, from when to when it is open, and its lock (spec: assessment.md 3, 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    UniqueConstraint,
    case,
    false,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.assessment.codes import ROUND_STATES, RoundState
from models.assessment.school import School
from models.core.clock import now
from models.core.db import Audited, Id, Model, UtcDateTime, db, sql_list
from models.core.matrix import kinds_of
from models.core.workflow import HasWorkflow, Refusal, Refused, move, moves

if TYPE_CHECKING:
    from models.core.identity import Account

MANAGE = "round.manage"
UNLOCK = "round.unlock"
R = RoundState

ROUND_MOVES = moves(
    move("edit", ROUND_STATES, None, MANAGE),
    move("open", R.PREPARED, R.OPEN, MANAGE),
    move("lock", R.OPEN, R.LOCKED, MANAGE),
    move("reopen", R.LOCKED, R.OPEN, MANAGE),
)
"""What the national office does with a round."""

ROUND_FIELDS = ("academic_year", "number", "opens_at", "closes_at")
"""What is said of a round when it is made or edited."""


_IS_OPEN = text(f"state = '{R.OPEN}'")


class Round(HasWorkflow, Audited, Model):
    """ปีการศึกษา and รอบ: schools register from `opens_at` to `closes_at` while it is open."""

    __tablename__ = "assessment_round"
    __table_args__ = (
        UniqueConstraint("academic_year", "number"),
        CheckConstraint(f"state IN ({sql_list(ROUND_STATES)})", name="state"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("academic_year BETWEEN 2500 AND 2700", name="academic_year"),
        Index("uq_assessment_round_open", "state", unique=True, postgresql_where=_IS_OPEN, sqlite_where=_IS_OPEN),
    )
    moves = ROUND_MOVES

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    academic_year: Mapped[int] = mapped_column(Integer, nullable=False)  # พ.ศ.
    number: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default=R.PREPARED)

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """Everybody who holds the permission sees every round."""
        return select(cls) if kinds_of(user, permission) else select(cls).where(false())

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG002
        """One round at a time is open; what is over by its date is not opened again without a new one.

        What a round is called stays once it was opened, and an open one is ended by locking it, not by its date.
        """
        if action == "edit" and (content := given.get("content")) is not None:
            return self._refusal_to_edit(content)
        if action in ("open", "reopen"):
            if (other := open_round()) is not None and other.id != self.id:
                return Refusal("another_round_is_open", year=other.academic_year, number=other.number)
            if self.closes_at <= now():
                return Refusal("round_is_over", day=self.closes_at)
        return None

    def _refusal_to_edit(self, content: Mapping[str, Any]) -> Refusal | None:
        name = (content["academic_year"], content["number"])
        if self.state != R.PREPARED and name != (self.academic_year, self.number):
            return Refusal("round_is_named")
        if self.state == R.OPEN and content["closes_at"] <= now():
            return Refusal("lock_instead")
        return None

    def on_edit(self, by: Account, content: Mapping[str, Any]) -> None:  # noqa: ARG002 - as every hook
        """Take over year, number and dates."""
        with _taken_once("round_exists", year=content["academic_year"], number=content["number"]):
            for name in ROUND_FIELDS:
                setattr(self, name, content[name])

    def on_open(self, by: Account) -> None:  # noqa: ARG002 - as every hook
        """Open it; of two rounds that are opened at once one is."""
        with _taken_once("another_round_is_open"):
            self.state = R.OPEN

    on_reopen = on_open

    @property
    def takes_numbers(self) -> bool:
        """Whether schools may save now."""
        return self.state == R.OPEN and self.opens_at <= now() < self.closes_at

    @property
    def is_before(self) -> bool:
        """Whether its first moment is still to come."""
        return now() < self.opens_at


@contextmanager
def _taken_once(code: str, **values: Any) -> Iterator[None]:
    """Store what the database takes once; what was stored a moment before by somebody else is refused by `code`."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        raise Refused(Refusal(code, **values)) from None


def create_round(by: Account, content: Mapping[str, Any]) -> Round:
    """A round that is prepared: year พ.ศ., number, from when to when; the caller commits.

    Raises Refused: not_permitted, round_exists.
    """
    if not kinds_of(by, MANAGE):
        raise Refused(Refusal("not_permitted", permission=MANAGE))
    made = Round(**{name: content[name] for name in ROUND_FIELDS})
    with _taken_once("round_exists", year=made.academic_year, number=made.number):
        db.session.add(made)
    return made


class Unlock(Audited, Model):
    """A school that may save after the round's end, until a moment, and why (spec: assessment.md 7)."""

    __tablename__ = "assessment_unlock"
    __table_args__ = (Index("ix_assessment_unlock_place", "round_id", "school_id", "until"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("assessment_round.id"), nullable=False)
    school_id: Mapped[int] = mapped_column(ForeignKey("assessment_school.id"), nullable=False)
    until: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    reason: Mapped[str] = mapped_column(String(500), nullable=False)
    given_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)

    round: Mapped[Round] = relationship(Round)
    school: Mapped[School] = relationship("School")

    def audit_root(self) -> Any:
        """A school's unlock belongs to the history of its round."""
        return self.round


def open_round() -> Round | None:
    """The round that is open; None between rounds."""
    return db.session.scalar(select(Round).where(Round.state == R.OPEN))


def current_round() -> Round | None:
    """The round that pages are about: the open one, else the latest; None before the first (spec: assessment.md 3)."""
    is_open = case((Round.state == R.OPEN, 0), else_=1)
    return db.session.scalar(select(Round).order_by(is_open, *_LATEST).limit(1))


def round_before(this: Round) -> Round | None:
    """The round before another by academic year and number, which its pages call last year; None for the first."""
    earlier = tuple_(Round.academic_year, Round.number) < tuple_(literal(this.academic_year), literal(this.number))
    return db.session.scalar(select(Round).where(earlier).order_by(*_LATEST).limit(1))


_LATEST = (Round.academic_year.desc(), Round.number.desc())


def refusal_to_save(this: Round | None, school: School) -> Refusal | None:
    """Why numbers of a school cannot be saved in a round now; None means they can."""
    if this is None:
        return Refusal("no_round")
    refusal = _refusal_by_date(this)
    return None if refusal is None or unlocked_until(this, school) is not None else refusal


def _refusal_by_date(this: Round) -> Refusal | None:
    if this.takes_numbers:
        return None
    if this.state == R.PREPARED or now() < this.opens_at:
        return Refusal("round_not_open_yet", day=this.opens_at)
    return Refusal("round_is_over", day=this.closes_at)


def hold(this: Round, school: School) -> None:
    """Keep a school and a round as they stand now until the transaction ends; whoever saves asks only then.

    Two who save for one school follow each other, and who closes it or locks the round waits, or was there first.
    """
    db.session.execute(select(School.id).where(School.id == school.id).with_for_update())
    db.session.refresh(this, attribute_names=this._lockable(), with_for_update={"read": True})


def unlocked_until(this: Round, school: School) -> datetime | None:
    """Until when a school may save in a round that takes no numbers any more; None where it was not unlocked."""
    if this.state == R.PREPARED:
        return None
    found = select(Unlock.until).where(Unlock.round_id == this.id, Unlock.school_id == school.id, Unlock.until > now())
    return db.session.scalar(found.order_by(Unlock.until.desc()).limit(1))


def unlocked_round(school: School) -> Round | None:
    """The latest round in which a school was let in after the end and may still save; None for none."""
    given = select(Unlock.round_id).where(Unlock.school_id == school.id, Unlock.until > now())
    rows = select(Round).where(Round.id.in_(given), Round.state != R.PREPARED)
    return db.session.scalar(rows.order_by(*_LATEST).limit(1))
