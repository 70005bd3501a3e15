"""Evaluation sessions (วาระการพิจารณา): who sits, which proposals, who steps out of which item (spec: fund.md 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    false,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.core.db import Audited, Id, Model, SoftDeleted, UtcDateTime, db, now
from models.core.identity import Account
from models.core.matrix import allows, kinds_of
from models.core.thai.text import clean_line, search_text
from models.core.workflow import HasWorkflow, Refusal, Refused, move, moves
from models.fund.codes import (
    COMMITTEE,
    NAME_LENGTH,
    SESSION_LEVELS,
    SHORT_LENGTH,
    STAFF,
    SUPER_USER,
    sql_list,
)
from models.fund.organization import Organization

if TYPE_CHECKING:
    from models.fund.proposal import Proposal
    from models.fund.revision import Revision

OPEN, CLOSED, DELETED = "open", "closed", "deleted"


class MemberRole:
    """What somebody does in a session."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    MEMBER = "member"


class ItemState:
    """Where an item of an agenda stands."""

    ON = "on"
    OFF = "off"
    DONE = "done"


# fmt: off
SESSION_MOVES = moves(
    #    name       from    to       permission
    move("edit",    OPEN,   OPEN,    "session.edit"),
    move("arrange", OPEN,   OPEN,    "session.edit"),
    move("invite",  OPEN,   OPEN,    "session.edit"),
    move("close",   OPEN,   CLOSED,  "session.edit"),
    move("reopen",  CLOSED, OPEN,    "session.edit"),
    move("delete",  OPEN,   DELETED, "session.edit"),
)
# fmt: on

FIELDS = ("name", "level", "starts_at", "ends_at", "place", "link")


class EvaluationSession(HasWorkflow, Audited, SoftDeleted, Model):
    """A meeting of one level that decides on the proposals of its agenda."""

    __tablename__ = "fund_evaluation_session"
    __table_args__ = (
        CheckConstraint(f"level IN ({sql_list(SESSION_LEVELS)})", name="level"),
        CheckConstraint(f"state IN ({sql_list((OPEN, CLOSED, DELETED))})", name="state"),
        CheckConstraint("ends_at >= starts_at", name="ends_after_it_starts"),
        CheckConstraint("(state = 'deleted') = (deleted_at IS NOT NULL)", name="deleted_at"),
        Index("ix_fund_evaluation_session_starts_at", "starts_at", "id"),
        Index("ix_fund_evaluation_session_level", "level", "starts_at", "id"),
    )

    moves = SESSION_MOVES

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    name_search: Mapped[str] = mapped_column(String(900), nullable=False, default="", info={"audit": "skip"})
    level: Mapped[str] = mapped_column(String(10), nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default=OPEN)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")
    link: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Counts the invitations, so that a calendar takes a later one over (RFC 5545 SEQUENCE).
    invitation_number: Mapped[int] = mapped_column(Integer, nullable=False, default=0)

    members: Mapped[list[SessionMember]] = relationship(
        back_populates="session",
        cascade="all, delete-orphan",
        order_by=lambda: (SessionMember.position, SessionMember.id),
    )
    items: Mapped[list[AgendaItem]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by=lambda: (AgendaItem.position, AgendaItem.id)
    )

    def __str__(self) -> str:
        return self.name

    @property
    def agenda(self) -> list[AgendaItem]:
        """The items in their order, without those that were taken off."""
        return [item for item in self.items if item.state != ItemState.OFF]

    def people(self, role: str) -> list[Account]:
        """Who has the role in this session."""
        return [member.user for member in self.members if member.role == role]

    @property
    def chair(self) -> Account | None:
        """ประธานการพิจารณา."""
        return next(iter(self.people(MemberRole.CHAIR)), None)

    @property
    def secretaries(self) -> list[Account]:
        """เลขานุการการพิจารณา."""
        return self.people(MemberRole.SECRETARY)

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The sessions on which `user` holds `permission`: staff and super users all, a committee member their own."""
        kinds = kinds_of(user, permission)
        rows = select(cls).where(cls.deleted_at.is_(None))
        if kinds & {STAFF, SUPER_USER}:
            return rows
        reach: list[Any] = [false()]
        if COMMITTEE in kinds:
            reach.append(cls.id.in_(select(SessionMember.session_id).where(SessionMember.user_id == user.id)))
        return rows.where(or_(*reach))

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG002
        """A level stays once proposals are on the agenda; a session closes when all are decided."""
        if action == "edit":
            level = given.get("content", {}).get("level", self.level)
            if level != self.level and self.agenda:
                return Refusal("level_is_fixed")
            return _wrong_content({**{field: getattr(self, field) for field in FIELDS}, **given.get("content", {})})
        if action == "close" and any(item.state == ItemState.ON for item in self.items):
            return Refusal("items_undecided")
        if action == "delete" and self.agenda:
            return Refusal("has_items")
        if action == "invite" and self.chair is None:
            return Refusal("no_chair")
        return None

    def on_edit(self, by: Account, content: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Take over what was typed; chair_id, secretary_ids and member_ids where given."""
        self.take_over(content)

    def take_over(self, content: Mapping[str, Any]) -> None:
        """Write typed content into the columns and the list of who sits."""
        for field in FIELDS:
            if field in content:
                value = content[field]
                setattr(self, field, clean_line(value) if isinstance(value, str) else value)
        self.name_search = search_text(self.name)[:900]
        if {"chair_id", "secretary_ids", "member_ids"} & content.keys():
            self._seat(content)

    def _seat(self, content: Mapping[str, Any]) -> None:
        wanted: dict[int, str] = {}
        now_seated = {role: [m.user_id for m in self.members if m.role == role] for role in _ROLES}
        chair = content.get("chair_id", next(iter(now_seated[MemberRole.CHAIR]), None))
        seats = [(chair, MemberRole.CHAIR)] if chair else []
        seats += [
            (user_id, MemberRole.SECRETARY)
            for user_id in content.get("secretary_ids", now_seated[MemberRole.SECRETARY])
        ]
        seats += [(user_id, MemberRole.MEMBER) for user_id in content.get("member_ids", now_seated[MemberRole.MEMBER])]
        for user_id, role in seats:
            if int(user_id) in wanted:
                raise Refused(Refusal("sits_twice", user_id=int(user_id)))
            wanted[int(user_id)] = role
        seated = {member.user_id: member for member in self.members}
        for user_id, role in wanted.items():
            if user_id not in seated and not _may_sit(user_id, role):
                raise Refused(Refusal("may_not_sit", user_id=user_id, role=role))
        for user_id in seated.keys() - wanted.keys():
            self.members.remove(seated[user_id])
        for position, (user_id, role) in enumerate(wanted.items()):
            member = seated.get(user_id)
            if member is None:
                self.members.append(SessionMember(user_id=user_id, role=role, position=position))
            else:
                member.role, member.position = role, position
        db.session.flush()
        from models.fund.conflicts import mark_conflicts

        mark_conflicts(self)

    def on_arrange(self, by: Account, order: Sequence[int]) -> None:  # noqa: ARG002
        """Order the agenda by the items' ids as given; items that are not named keep their place behind."""
        place = {int(item_id): position for position, item_id in enumerate(order)}
        for position, item in enumerate(sorted(self.agenda, key=lambda i: (place.get(i.id, len(place)), i.position))):
            item.position = position

    def on_invite(self, by: Account) -> None:  # noqa: ARG002
        """Note the invitation; the mails and their calendar files are written by whoever sends them."""
        self.invited_at = now()
        self.invitation_number += 1

    def on_delete(self, by: Account) -> None:  # noqa: ARG002
        """Mark as deleted."""
        self.deleted_at = now()


_ROLES = (MemberRole.CHAIR, MemberRole.SECRETARY, MemberRole.MEMBER)


class SessionMember(Audited, Model):
    """Somebody who sits in a session, in one role; nobody twice."""

    __tablename__ = "fund_session_member"
    __table_args__ = (
        UniqueConstraint("session_id", "user_id"),
        CheckConstraint(f"role IN ({sql_list(_ROLES)})", name="role"),
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

    session: Mapped[EvaluationSession] = relationship(EvaluationSession, back_populates="members")
    user: Mapped[Account] = relationship(Account)

    def audit_root(self) -> Any:
        """The session."""
        return self.session or db.session.get(EvaluationSession, self.session_id)


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

    session: Mapped[EvaluationSession] = relationship(EvaluationSession, back_populates="items")
    proposal: Mapped[Proposal] = relationship("Proposal")
    revision: Mapped[Revision] = relationship("Revision")
    stepping_out: Mapped[list[SteppingOut]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by=lambda: SteppingOut.id
    )

    def audit_root(self) -> Any:
        """The session."""
        return self.session or db.session.get(EvaluationSession, self.session_id)

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


def _may_sit(user_id: int, role: str) -> bool:
    """Whether the lists offer this person: committee members, and for a secretary the fund's staff as well."""
    account = db.session.get(Account, user_id)
    if account is None or not account.active:
        return False
    account.forget_grants()
    return bool(account.kinds & ({COMMITTEE, STAFF} if role == MemberRole.SECRETARY else {COMMITTEE}))


def _wrong_content(content: Mapping[str, Any]) -> Refusal | None:
    if not clean_line(content.get("name") or ""):
        return Refusal("name_needed")
    if content.get("level") not in SESSION_LEVELS:
        return Refusal("level_needed")
    if content.get("starts_at") is None:
        return Refusal("starts_at_needed")
    if content.get("ends_at") is not None and content["ends_at"] < content["starts_at"]:
        return Refusal("ends_before_it_starts")
    return None


def create_session(by: Account, **content: Any) -> EvaluationSession:
    """Begin a session; the caller commits.

    `content`: name, level, starts_at and ends_at (aware), place, link, chair_id, secretary_ids, member_ids.
    Raises Refused: not_permitted, what is missing, sits_twice, may_not_sit.
    """
    if not allows(by, "session.edit"):
        raise Refused(Refusal("not_permitted", permission="session.edit"))
    if reason := _wrong_content(content):
        raise Refused(reason)
    session = EvaluationSession(created_by_id=by.id)
    with db.session.no_autoflush:
        session.take_over({field: value for field, value in content.items() if field in FIELDS})
        db.session.add(session)
    db.session.flush()
    session.take_over({field: value for field, value in content.items() if field not in FIELDS})
    db.session.flush()
    return session
