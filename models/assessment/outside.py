"""Schools and agencies outside the office that ask for instruments through a province (spec: assessment.md 6.1).

One row is what an agency asks for in one round and curriculum: who it is, and students by branch. Or the province
confirms that there is none; the two exclude each other.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Select, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.assessment.codes import NAME_LENGTH, SECTORS, STATE
from models.assessment.counts import LEAST, MOST
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round
from models.assessment.school import School
from models.core.clock import now
from models.core.db import Audited, Id, Model, SoftDeleted, UtcDateTime, Versioned, db, sql_list
from models.core.thai.text import SORT_KEY_LENGTH, clean_line, search_text, sort_key

if TYPE_CHECKING:
    from models.core.identity import Account

VIEW = "outside.view"
ENTER = "outside.enter"
CONFIRM = "outside.confirm"

_LIVE = text("deleted_at IS NULL")


class OutsideAgency(Versioned, Audited, SoftDeleted, Model):
    """What a school or agency outside asks for in a round and curriculum, as its province reports it."""

    __tablename__ = "assessment_outside"
    __table_args__ = (
        CheckConstraint(f"curriculum IN ({sql_list(tuple(CURRICULA))})", name="curriculum"),
        CheckConstraint(f"sector IN ({sql_list(SECTORS)})", name="sector"),
        Index("ix_assessment_outside_name_sort", "name_sort", "id"),
        Index("ix_assessment_outside_committee_id", "committee_id", "round_id", "name_sort", "id"),
        Index("ix_assessment_outside_round_id", "round_id", "curriculum"),
        # An agency asks once: a second row of the same name and province would be printed twice.
        Index(
            "uq_assessment_outside_once",
            "round_id",
            "committee_id",
            "curriculum",
            "province_code",
            "name_sort",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("assessment_round.id"), nullable=False)
    committee_id: Mapped[int] = mapped_column(ForeignKey("assessment_school.id"), nullable=False)
    curriculum: Mapped[str] = mapped_column(String(10), nullable=False)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    name_sort: Mapped[str] = mapped_column(String(SORT_KEY_LENGTH), nullable=False, default="", info={"audit": "skip"})
    search: Mapped[str] = mapped_column(String(600), nullable=False, default="", info={"audit": "skip"})
    sector: Mapped[str] = mapped_column(String(10), nullable=False, default=STATE)
    parent: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")  # สังกัด
    province_code: Mapped[str] = mapped_column(String(2), nullable=False)  # ISO 3166-2:TH, "10" Bangkok
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now, info={"audit": "skip"})
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), info={"audit": "skip"})
    students: Mapped[int] = mapped_column(Integer, nullable=False, default=0)  # the sum of its lines

    round: Mapped[Round] = relationship(Round)
    committee: Mapped[School] = relationship(School)
    saver: Mapped[Account | None] = relationship("Account", foreign_keys=[saved_by])

    @validates("name", "parent")
    def _line(self, key: str, line: str) -> str:
        line = clean_line(line)
        name, parent = (line, self.parent) if key == "name" else (self.name, line)
        if key == "name":
            self.name_sort = sort_key(line)
        self.search = search_text(f"{name or ''} {parent or ''}")[:600]
        return line

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The agencies of the committees on which `user` holds `permission`; without the deleted ones."""
        return cls.reported_by(user, permission).where(cls.deleted_at.is_(None))

    @classmethod
    def reported_by(cls, user: Account, permission: str) -> Select[Any]:
        """As `visible_to`, with the deleted ones: who deletes may undo it."""
        committees = School.visible_to(user, permission).with_only_columns(School.id)
        return select(cls).where(cls.committee_id.in_(committees))


class OutsideLine(Model):
    """The students of one branch of an agency."""

    __tablename__ = "assessment_outside_line"
    __table_args__ = (
        CheckConstraint(f"students BETWEEN {LEAST} AND {MOST}", name="students"),
        Index("ix_assessment_outside_line_branch_id", "branch_id"),
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("assessment_outside.id", ondelete="CASCADE"), primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("assessment_branch.id"), primary_key=True)
    students: Mapped[int] = mapped_column(Integer, nullable=False)


class NoneOutside(Model):
    """A province's word that no agency outside asks for instruments in a round; withdrawn, the row is gone."""

    __tablename__ = "assessment_outside_none"
    __table_args__ = (
        UniqueConstraint("round_id", "committee_id"),
        Index("ix_assessment_outside_none_committee_id", "committee_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("assessment_round.id"), nullable=False)
    committee_id: Mapped[int] = mapped_column(ForeignKey("assessment_school.id"), nullable=False)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    confirmer: Mapped[Account | None] = relationship("Account", foreign_keys=[confirmed_by])


def agencies_in(round_id: int) -> Select[Any]:
    """The agencies that count in a round: those that were not deleted, of every committee."""
    return select(OutsideAgency).where(OutsideAgency.round_id == round_id, OutsideAgency.deleted_at.is_(None))


def none_outside(round_id: int, committee_id: int) -> NoneOutside | None:
    """The committee's word that there is none, where it was given."""
    found = select(NoneOutside).where(NoneOutside.round_id == round_id, NoneOutside.committee_id == committee_id)
    return db.session.scalar(found)
