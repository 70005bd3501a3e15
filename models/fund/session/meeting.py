"""Evaluation sessions (วาระการพิจารณา): who sits, which proposals, who steps out of which item (spec: fund.md 7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Select, String, false, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.core.db import Audited, Id, Model, SoftDeleted, UtcDateTime, db, now, sql_list
from models.core.identity import Account
from models.core.matrix import allows, kinds_of
from models.core.thai.text import clean_line, search_text
from models.core.thai.web import is_web_link
from models.core.workflow import HasWorkflow, Refusal, Refused, move, moves
from models.fund.codes import COMMITTEE, NAME_LENGTH, SESSION_LEVELS, SHORT_LENGTH, STAFF, SUPER_USER
from models.fund.session import invitations, quorum
from models.fund.session.codes import (
    CANCELLED,
    CLOSED,
    DELETED,
    OPEN,
    ROLES,
    USUAL_LENGTH,
    ItemState,
    MemberRole,
)
from models.fund.session.rows import AgendaItem, Invitation, SessionMember

# fmt: off
SESSION_MOVES = moves(
    #    name       from    to         permission
    move("edit",    OPEN,   OPEN,      "session.edit"),
    move("arrange", OPEN,   OPEN,      "session.edit"),
    move("invite",  OPEN,   OPEN,      "session.edit"),
    move("attend",  OPEN,   OPEN,      "session.view"),
    move("close",   OPEN,   CLOSED,    "session.edit"),
    move("reopen",  CLOSED, OPEN,      "session.edit"),
    move("cancel",  OPEN,   CANCELLED, "session.edit"),
    move("delete",  OPEN,   DELETED,   "session.edit"),
)
# fmt: on

FIELDS = ("name", "level", "starts_at", "ends_at", "place", "link")


class EvaluationSession(HasWorkflow, Audited, SoftDeleted, Model):
    """A meeting of one level that decides on the proposals of its agenda."""

    __tablename__ = "fund_evaluation_session"
    __table_args__ = (
        CheckConstraint(f"level IN ({sql_list(SESSION_LEVELS)})", name="level"),
        CheckConstraint(f"state IN ({sql_list((OPEN, CLOSED, CANCELLED, DELETED))})", name="state"),
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
    # What calendars know the meeting by, for as long as it exists (RFC 5545 UID); no other office gives the same.
    calendar_uid: Mapped[str] = mapped_column(
        String(80), nullable=False, default=lambda: f"{uuid4()}@sala", info={"audit": "skip"}
    )
    cancel_reason: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")

    members: Mapped[list[SessionMember]] = relationship(
        back_populates="session",
        cascade="all, delete-orphan",
        order_by=lambda: (SessionMember.position, SessionMember.id),
    )
    items: Mapped[list[AgendaItem]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by=lambda: (AgendaItem.position, AgendaItem.id)
    )
    invitations: Mapped[list[Invitation]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by=lambda: Invitation.id
    )

    def __str__(self) -> str:
        return self.name

    @property
    def agenda(self) -> list[AgendaItem]:
        """The items in their order, without those that were taken off."""
        return [item for item in self.items if item.state != ItemState.OFF]

    @property
    def undecided(self) -> list[AgendaItem]:
        """The items that wait for a result."""
        return [item for item in self.agenda if item.state == ItemState.ON]

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

    @property
    def over_at(self) -> datetime:
        """When the meeting ends, or would by what is usual."""
        return self.ends_at or self.starts_at + USUAL_LENGTH

    @property
    def online(self) -> str:
        """Where the meeting is joined by browser; "" where nothing stands there that a browser opens as a page."""
        return self.link if is_web_link(self.link) else ""

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

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:
        """The guard of each move; what is given with it is judged only when it is given."""
        judge = getattr(self, f"_guard_{action}", None)
        reason: Refusal | None = judge(user, given) if judge is not None else None
        return reason

    def _guard_edit(self, _user: Account, given: Mapping[str, Any]) -> Refusal | None:
        """A level stays once proposals are on the agenda, and so does the chair's seat once others count on it."""
        content = given.get("content", {})
        if content.get("level", self.level) != self.level and self.agenda:
            return Refusal("level_is_fixed")
        is_chair_gone = "chair_id" in content and not content["chair_id"] and self.chair is not None
        if is_chair_gone and (self.agenda or self.invited_at is not None):
            return Refusal("chair_needed")
        return _wrong_content({**{field: getattr(self, field) for field in FIELDS}, **content})

    def _guard_invite(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        return Refusal("no_chair") if self.chair is None else None

    def _guard_attend(self, user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        return None if quorum.may_note_attendance(self, user) else Refusal("not_permitted", permission="session.edit")

    def _guard_close(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        return Refusal("items_undecided") if self.undecided else None

    def _guard_cancel(self, user: Account, given: Mapping[str, Any]) -> Refusal | None:
        if any(item.state == ItemState.DONE for item in self.items):
            return Refusal("has_results")
        if "reason" in given and not clean_line(given["reason"] or ""):
            return Refusal("cancel_reason_needed")
        return self._guard_close(user, given)

    def _guard_delete(self, _user: Account, _given: Mapping[str, Any]) -> Refusal | None:
        return Refusal("has_items") if self.agenda else None

    def on_edit(self, by: Account, content: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Take over what was typed; chair_id, secretary_ids and member_ids where given. Those invited hear of it."""
        self.take_over(content)
        invitations.bring_up_to_date(self)

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
        now_seated = {role: [m.user_id for m in self.members if m.role == role] for role in ROLES}
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
            self.members.remove(seated.pop(user_id))
        for user_id, old in seated.items():
            if old.role == MemberRole.CHAIR and wanted[user_id] != MemberRole.CHAIR:
                old.role = wanted[user_id]
        db.session.flush()  # The old chair leaves the seat before the new one takes it: the table holds one.
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
        """Invite everybody who sits, again where they were invited before."""
        invitations.invite(self)

    def on_attend(self, by: Account, present: Collection[int]) -> None:  # noqa: ARG002
        """Note who came: the ids of those of the seated who take part."""
        for member in self.members:
            member.attended = member.user_id in present

    def on_cancel(self, by: Account, reason: str = "") -> None:  # noqa: ARG002
        """Call the meeting off; those who were invited are told why."""
        self.cancel_reason = clean_line(reason)[:SHORT_LENGTH]
        if not self.cancel_reason:
            raise Refused(Refusal("cancel_reason_needed"))
        invitations.call_off(self)

    def on_delete(self, by: Account) -> None:  # noqa: ARG002
        """Mark as deleted; whoever was invited is told that the meeting is off."""
        invitations.call_off(self)
        self.deleted_at = now()


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
