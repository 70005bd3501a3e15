"""Who belongs to an organization, and as what (spec: fund.md 3, "Members")."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    column,
    false,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from models.core import outbox
from models.core.db import Audited, Id, Model, UtcDateTime, db, now, sql_list
from models.core.grants import register_grant_source
from models.core.identity import Account
from models.core.matrix import kinds_of
from models.core.workflow import HasWorkflow, Move, Refusal, Refused, move, moves
from models.fund.codes import (
    MANAGER,
    MEMBER,
    ORGANIZATION_MANAGER,
    PROJECT_MANAGER,
    STAFF,
    SUPER_USER,
    MemberState,
)

if TYPE_CHECKING:
    from models.fund.organization import Organization

M = MemberState
BELONGS = (M.ACTIVE, M.SUSPENDED)
BELONGS_SQL = f"state IN ({sql_list(BELONGS)})"

# fmt: off
MEMBERSHIP_MOVES = moves(
    #    name         from                     to           permission                       tells
    move("suspend",   M.ACTIVE,                M.SUSPENDED, "member.set_status",             "member_suspended"),
    move("reinstate", M.SUSPENDED,             M.ACTIVE,    "member.set_status",             "member_reinstated"),
    move("remove",    {M.ACTIVE, M.SUSPENDED}, M.REMOVED,   "member.remove",                 "member_removed"),
    move("leave",     {M.ACTIVE, M.SUSPENDED}, M.LEFT,      "member.leave",                  "member_left"),
    move("appoint",   M.ACTIVE,                M.ACTIVE,    "appoint.organization_manager",  "role_changed"),
)
# fmt: on
ENDS_MANAGING = frozenset({"suspend", "remove", "leave"})


class Membership(HasWorkflow, Audited, Model):
    """A user's place in an organization; somebody belongs to one organization at a time."""

    __tablename__ = "fund_membership"
    __table_args__ = (
        CheckConstraint(f"role IN ({sql_list((MEMBER, MANAGER))})", name="role"),
        CheckConstraint(f"state IN ({sql_list((M.ACTIVE, M.SUSPENDED, M.LEFT, M.REMOVED))})", name="state"),
        Index("ix_fund_membership_organization_id", "organization_id", "state"),
        Index("ix_fund_membership_user_id", "user_id", "state"),
        Index(
            "uq_fund_membership_belongs",
            "user_id",
            unique=True,
            sqlite_where=text(BELONGS_SQL),
            postgresql_where=text(BELONGS_SQL),
        ),
    )

    moves = MEMBERSHIP_MOVES

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("fund_organization.id"), nullable=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    role: Mapped[str] = mapped_column(String(10), nullable=False, default=MEMBER)
    state: Mapped[str] = mapped_column(String(12), nullable=False, default=M.ACTIVE)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship("Organization", back_populates="memberships")
    user: Mapped[Account] = relationship("Account")

    @property
    def is_manager(self) -> bool:
        """Whether this membership makes its user a manager of the organization now."""
        return self.role == MANAGER and self.state == M.ACTIVE

    def audit_root(self) -> Any:
        """The organization."""
        return self.organization

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The memberships on which `user` holds `permission`.

        One's own for leaving and for a plain member; a manager's organization; all for staff and super users.
        """
        kinds = kinds_of(user, permission)
        own = cls.user_id == user.id if kinds else false()
        if permission == "member.leave":
            return select(cls).where(own)
        if kinds & {STAFF, SUPER_USER}:
            return select(cls)
        reach: list[Any] = [false()]
        if PROJECT_MANAGER in kinds:
            reach.append(own)
        if ORGANIZATION_MANAGER in kinds:
            mine = aliased(cls)
            reach.append(
                cls.organization_id.in_(
                    select(mine.organization_id).where(
                        mine.user_id == user.id, mine.role == MANAGER, mine.state == M.ACTIVE
                    )
                )
            )
        return select(cls).where(or_(*reach))

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG002
        """The last manager stays while there are others; appointing a manager again says so."""
        if action in ENDS_MANAGING and self.is_last_manager and self._others():
            return Refusal("last_manager")
        if action == "remove" and self.user_id == user.id:
            return Refusal("leave_instead")
        if action == "appoint" and self.role == MANAGER:
            return Refusal("already_manager")
        return None

    @property
    def is_last_manager(self) -> bool:
        """Whether nobody else manages the organization; somebody whose account is closed cannot."""
        open_accounts = select(Account.id).where(Account.active)
        others = (Membership.role == MANAGER, Membership.state == M.ACTIVE, Membership.user_id.in_(open_accounts))
        return self.is_manager and not self._others(*others)

    def _others(self, *conditions: Any) -> bool:
        rows = select(Membership.id).where(
            Membership.organization_id == self.organization_id,
            Membership.id != self.id,
            Membership.state.in_(BELONGS),
            *conditions,
        )
        return db.session.execute(select(rows.exists())).scalar_one()

    def keep_a_manager(self) -> None:
        """Ask for the last manager under the organization's lock: two who go at once, one stays. Raises Refused."""
        organizations = table("fund_organization", column("id"))
        db.session.execute(
            select(organizations.c.id).where(organizations.c.id == self.organization_id).with_for_update()
        )
        if self.is_last_manager and self._others():
            raise Refused(Refusal("last_manager"))

    def on_suspend(self, by: Account) -> None:  # noqa: ARG002
        """Somebody else still manages."""
        self.keep_a_manager()

    def on_appoint(self, by: Account) -> None:  # noqa: ARG002
        """The member manages the organization from here on."""
        self.role = MANAGER

    def on_remove(self, by: Account) -> None:  # noqa: ARG002
        """The membership has ended; somebody else still manages."""
        self.keep_a_manager()
        self.ended_at = now()

    def on_leave(self, by: Account) -> None:  # noqa: ARG002
        """The membership has ended; somebody else still manages."""
        self.keep_a_manager()
        self.ended_at = now()

    def tell(self, move: Move, by: Account, given: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Tell the member; of a leaving, the managers who stay. Whoever did it knows."""
        self.user.forget_grants()
        if move.tells is None:
            return
        audience = managers_of(self.organization_id) if move.name == "leave" else [self.user]
        people = [person for person in audience if person.id != by.id]
        about: dict[str, Any] = {
            "organization": self.organization.name,
            "member": self.user.full_name,
            "role": self.role,
        }
        outbox.tell(people, move.tells, self.organization, **about)


def managers_of(organization_id: int) -> list[Account]:
    """The accounts that manage the organization now."""
    return list(
        db.session.scalars(
            select(Account)
            .join(Membership, Membership.user_id == Account.id)
            .where(
                Membership.organization_id == organization_id,
                Membership.role == MANAGER,
                Membership.state == M.ACTIVE,
            )
            .order_by(Account.id)
        )
    )


def membership_of(user: Account) -> Membership | None:
    """The one membership that `user` has now, active or suspended."""
    return db.session.scalar(select(Membership).where(Membership.user_id == user.id, Membership.state.in_(BELONGS)))


def refusal_to_close(account: Account) -> Refusal | None:
    """The last manager of an organization with members does not close the account and leave them alone."""
    membership = membership_of(account)
    if membership is not None:
        try:
            membership.keep_a_manager()
        except Refused as refused:
            return refused.refusal
    return None


def _manager_grants(user_id: int) -> Any:
    """Managers of an organization are of the kind `organization_manager` within it."""
    return select(literal(ORGANIZATION_MANAGER), literal("organization"), Membership.organization_id).where(
        Membership.user_id == user_id, Membership.role == MANAGER, Membership.state == M.ACTIVE
    )


register_grant_source(_manager_grants)
