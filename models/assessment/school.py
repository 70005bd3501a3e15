"""Schools, and the committees that some of them were made (spec: assessment.md 1, 2, 7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, and_, false, literal, or_, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.assessment.codes import (
    CODE_LENGTH,
    COMMITTEES,
    NAME_LENGTH,
    NATIONAL,
    PROVINCIAL,
    SCHOOL,
    SCOPE_SCHOOL,
    SECTORS,
    STATE,
)
from models.core.db import Audited, Id, Model, SoftDeleted, UtcDateTime, Versioned, sql_list
from models.core.grants import register_grant_source
from models.core.matrix import kinds_of
from models.core.reference.provinces import province_name
from models.core.thai.text import SORT_KEY_LENGTH, clean_line, search_text, sort_key

if TYPE_CHECKING:
    from models.core.identity import Account


class School(Versioned, Audited, SoftDeleted, Model):
    """A school by its ten-digit code; `account` is who signs in with that code."""

    __tablename__ = "assessment_school"
    __table_args__ = (
        CheckConstraint(f"sector IN ({sql_list(SECTORS)})", name="sector"),
        CheckConstraint(f"committee IS NULL OR committee IN ({sql_list(COMMITTEES)})", name="committee"),
        CheckConstraint("committee IS NULL OR under_id IS NULL", name="a_committee_lies_under_none"),
        Index("ix_assessment_school_name_sort", "name_sort", "id"),
        Index("ix_assessment_school_province_sort", "province_sort", "id"),
        Index("ix_assessment_school_province_code", "province_code", "id"),
        Index("ix_assessment_school_under_id", "under_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), nullable=False, unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    name_sort: Mapped[str] = mapped_column(String(SORT_KEY_LENGTH), nullable=False, default="", info={"audit": "skip"})
    search: Mapped[str] = mapped_column(String(600), nullable=False, default="", info={"audit": "skip"})
    sector: Mapped[str] = mapped_column(String(10), nullable=False, default=STATE)
    province_code: Mapped[str] = mapped_column(String(2), nullable=False)  # ISO 3166-2:TH, "10" Bangkok
    province_sort: Mapped[str] = mapped_column(
        String(SORT_KEY_LENGTH), nullable=False, default="", info={"audit": "skip"}
    )
    phone: Mapped[str] = mapped_column(String(50), nullable=False, default="")
    email: Mapped[str] = mapped_column(String(254), nullable=False, default="")
    # What it was made: of a province (อศจ.) or of a part of Bangkok (อศก.); and the committee that it lies under.
    committee: Mapped[str | None] = mapped_column(String(10))
    under_id: Mapped[int | None] = mapped_column(ForeignKey("assessment_school.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), unique=True)
    # When it chose a password of its own; until then what it signs in with is the initial one.
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    under: Mapped[School | None] = relationship("School", remote_side="School.id", foreign_keys=[under_id])
    account: Mapped[Account | None] = relationship("Account", foreign_keys=[account_id])

    @validates("name")
    def _name(self, _key: str, name: str) -> str:
        name = clean_line(name)
        self.name_sort = sort_key(name)
        self.search = _search(name, self.code)
        return name

    @validates("code")
    def _code(self, _key: str, code: str) -> str:
        self.search = _search(self.name, code)
        return code

    @validates("province_code")
    def _province(self, _key: str, code: str) -> str:
        self.province_sort = sort_key(province_name(code))
        return code

    @property
    def committee_id(self) -> int | None:
        """The committee whose reports this school is in: the one that it lies under, or itself."""
        return self.id if self.committee else self.under_id

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The schools on which `user` holds `permission`: one's own, those under one's committee, or all."""
        return select(cls).where(cls.deleted_at.is_(None), within(cls.id, cls.under_id, user, permission))

    @classmethod
    def led_by(cls, user: Account, permission: str) -> Select[Any]:
        """The committees that `user` holds `permission` for: the one that one's school was made, or every one."""
        kinds = kinds_of(user, permission)
        led: Any = true() if NATIONAL in kinds else false()
        if PROVINCIAL in kinds and (own := user.scopes(PROVINCIAL, SCOPE_SCHOOL)):
            led = or_(led, cls.id.in_(own))
        return select(cls).where(cls.deleted_at.is_(None), cls.committee.is_not(None), led)


def _search(name: str | None, code: str | None) -> str:
    return search_text(f"{name or ''} {code or ''}")[:600]


def within(school_id: Any, under_id: Any, user: Account, permission: str) -> Any:
    """The condition "of a school on which `user` holds `permission`" on the columns of a school and its committee."""
    kinds = kinds_of(user, permission)
    if NATIONAL in kinds:
        return true()
    reach: list[Any] = []
    if SCHOOL in kinds and (own := user.scopes(SCHOOL, SCOPE_SCHOOL)):
        reach.append(school_id.in_(own))
    if PROVINCIAL in kinds and (led := user.scopes(PROVINCIAL, SCOPE_SCHOOL)):
        reach.append(or_(school_id.in_(led), under_id.in_(led)))
    return or_(*reach) if reach else false()


def _of_schools(user_id: Any) -> Any:
    """A school's account is of the kind `school` for that school."""
    return select(literal(SCHOOL), literal(SCOPE_SCHOOL), School.id).where(
        School.account_id == user_id, School.deleted_at.is_(None)
    )


def _of_committees(user_id: Any) -> Any:
    """The account of a school that was made a committee is of that kind, too."""
    return select(literal(PROVINCIAL), literal(SCOPE_SCHOOL), School.id).where(
        and_(School.account_id == user_id, School.committee.is_not(None), School.deleted_at.is_(None))
    )


register_grant_source(_of_schools)
register_grant_source(_of_committees)
