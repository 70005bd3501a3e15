"""The rows of a session: who sits, its items, who steps out of which, who was invited (spec: fund.md 7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.core.db import Audited, Id, Json, Model, UtcDateTime, db, now, sql_list
from models.core.identity import Account
from models.fund.codes import NAME_LENGTH, SHORT_LENGTH
from models.fund.organization import Organization
from models.fund.session.codes import ROLES, ItemState, MemberRole

if TYPE_CHECKING:
    from models.fund.proposal import Proposal
    from models.fund.revision import Revision
    from models.fund.session.meeting import EvaluationSession


def _session_of(key: int) -> Any:
    from models.fund.session.meeting import EvaluationSession

    return db.session.get(EvaluationSession, key)


class SessionMember(Audited, Model):
    """Somebody who sits in a session, in one role; nobody twice."""

    __tablename__ = "fund_session_member"
    __table_args__ = (
        UniqueConstraint("session_id", "user_id"),
        CheckConstraint(f"role IN ({sql_list(ROLES)})", name="role"),
        Index("ix_fund_session_member_user_id", "user_id", "session_id"),
        Index(
            "uq_fund_session_member_chair",
            "session_id",
            unique=True,
            sqlite_where=text("role = 'chair'"),
            postgresql_where=text("role = 'chair'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey("fund_evaluation_session.id", ondelete="CASCADE"), nullable=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    role: Mapped[str] = mapped_column(String(10), nullable=False, default=MemberRole.MEMBER)
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    # None until somebody noted at the meeting who came.
    attended: Mapped[bool | None] = mapped_column(Boolean)

    session: Mapped[EvaluationSession] = relationship("EvaluationSession", back_populates="members")
    user: Mapped[Account] = relationship(Account)

    def audit_root(self) -> Any:
        """The session."""
        return self.session or _session_of(self.session_id)


class AgendaItem(Audited, Model):
    """A proposal on a session's agenda, with the revision that is decided on."""

    __tablename__ = "fund_agenda_item"
    __table_args__ = (
        CheckConstraint("state IN ('on', 'off', 'done')", name="state"),
        Index("ix_fund_agenda_item_session_id", "session_id", "position"),
        Index("ix_fund_agenda_item_proposal_id", "proposal_id", "state"),
        # On one open agenda at most.
        Index(
            "uq_fund_agenda_item_on",
            "proposal_id",
            unique=True,
            sqlite_where=text("state = 'on'"),
            postgresql_where=text("state = 'on'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("fund_evaluation_session.id"), nullable=False)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("fund_proposal.id"), nullable=False)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id"), nullable=False)
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    state: Mapped[str] = mapped_column(String(5), nullable=False, default=ItemState.ON)
    put_on_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why a result was recorded although too few took part.
    quorum_reason: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")

    session: Mapped[EvaluationSession] = relationship("EvaluationSession", back_populates="items")
    proposal: Mapped[Proposal] = relationship("Proposal")
    revision: Mapped[Revision] = relationship("Revision")
    stepping_out: Mapped[list[SteppingOut]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by=lambda: SteppingOut.id
    )
    cleared: Mapped[list[ClearedConflict]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by=lambda: ClearedConflict.id
    )

    def audit_root(self) -> Any:
        """The session."""
        return self.session or _session_of(self.session_id)

    def is_left_by(self, user: Account) -> bool:
        """Whether `user` steps out of this item."""
        return any(row.user_id == user.id for row in self.stepping_out)


class SteppingOut(Audited, Model):
    """Somebody leaves the room for an item: a conflict of interest that was found, or declared by themselves."""

    __tablename__ = "fund_stepping_out"
    __table_args__ = (
        UniqueConstraint("item_id", "user_id"),
        CheckConstraint("reason IN ('found', 'declared')", name="reason"),
        Index("ix_fund_stepping_out_user_id", "user_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("fund_agenda_item.id", ondelete="CASCADE"), nullable=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    reason: Mapped[str] = mapped_column(String(10), nullable=False)
    why: Mapped[str] = mapped_column(String(20), nullable=False, default="")  # what was found
    note: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")
    since: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)

    item: Mapped[AgendaItem] = relationship(AgendaItem, back_populates="stepping_out")
    user: Mapped[Account] = relationship(Account)

    def audit_root(self) -> Any:
        """The session."""
        item = self.item or db.session.get(AgendaItem, self.item_id)
        return item.audit_root() if item is not None else None


class ClearedConflict(Audited, Model):
    """Staff judged that what was found is no conflict, and why; it is not found again for this item."""

    __tablename__ = "fund_cleared_conflict"
    __table_args__ = (UniqueConstraint("item_id", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("fund_agenda_item.id", ondelete="CASCADE"), nullable=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False, index=True)
    note: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False)
    cleared_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    cleared_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)

    item: Mapped[AgendaItem] = relationship(AgendaItem, back_populates="cleared")
    user: Mapped[Account] = relationship(Account, foreign_keys=[user_id])

    def audit_root(self) -> Any:
        """The session."""
        item = self.item or db.session.get(AgendaItem, self.item_id)
        return item.audit_root() if item is not None else None


class Invitation(Audited, Model):
    """What somebody was last told of a session, so that they hear of what changes for them and of nothing twice."""

    __tablename__ = "fund_session_invitation"
    __table_args__ = (UniqueConstraint("session_id", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey("fund_evaluation_session.id", ondelete="CASCADE"), nullable=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False, index=True)
    sequence: Mapped[int] = mapped_column(Integer, nullable=False)
    told: Mapped[Any] = mapped_column(Json, nullable=False)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    called_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    session: Mapped[EvaluationSession] = relationship("EvaluationSession", back_populates="invitations")
    user: Mapped[Account] = relationship(Account)

    def audit_root(self) -> Any:
        """The session."""
        return self.session or _session_of(self.session_id)


class CommitteeAffiliation(Audited, Model):
    """Where a committee member belongs: an organization known here, or one written out."""

    __tablename__ = "fund_committee_affiliation"
    __table_args__ = (
        CheckConstraint("organization_id IS NOT NULL OR name <> ''", name="names_one"),
        Index("ix_fund_committee_affiliation_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("fund_organization.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")

    user: Mapped[Account] = relationship(Account)
    organization: Mapped[Organization | None] = relationship(Organization)

    def __str__(self) -> str:
        return self.organization.name if self.organization else self.name

    def audit_root(self) -> Any:
        """The account."""
        return self.user or db.session.get(Account, self.user_id)
