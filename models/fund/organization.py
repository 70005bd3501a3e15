"""Organizations that may apply to the fund, and the people named in their registration (spec: fund.md 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    and_,
    event,
    false,
    func,
    inspect,
    or_,
    select,
    table,
    update,
)
from sqlalchemy import column as sql_column
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.core.db import Audited, Id, Model, SoftDeleted, Versioned, db, sql_list
from models.core.matrix import kinds_of
from models.core.reference.provinces import province_name
from models.core.thai.text import SORT_KEY_LENGTH, clean_line, search_term, search_text, sort_key
from models.fund.codes import (
    COMMITTEE,
    MANAGER,
    NAME_LENGTH,
    ORGANIZATION_MANAGER,
    PRIVATE,
    PROJECT_MANAGER,
    PUBLIC,
    SECTORS,
    SHORT_LENGTH,
    STAFF,
    SUPER_USER,
    MemberState,
)
from models.fund.membership import Membership

if TYPE_CHECKING:
    from models.core.identity import Account

DIRECTOR = "director"
OFFICER = "officer"

# What is said of the office itself, apart from its people.
OFFICE_FIELDS = (
    "name",
    "sector",
    "parent_agency",
    "registered_year",
    "address",
    "subdistrict",
    "district",
    "province_code",
    "postcode",
    "phone",
    "email",
    "latitude",
    "longitude",
)


class Organization(Versioned, Audited, SoftDeleted, Model):
    """A school, agency, foundation or association that applies; its data are frozen into each submission."""

    __tablename__ = "fund_organization"
    __table_args__ = (
        CheckConstraint(f"sector IN ({sql_list(SECTORS)})", name="sector"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("registered_year BETWEEN 2300 AND 2800", name="registered_year"),
        Index("ix_fund_organization_name_sort", "name_sort", "id"),
        CheckConstraint("merged_into_id IS NULL OR deleted_at IS NOT NULL", name="merged_is_deleted"),
        Index("ix_fund_organization_province_code", "province_code", "id"),
        Index("ix_fund_organization_province_sort", "province_sort", "id"),
        Index("ix_fund_organization_year_order", "year_order", "id"),
        Index("ix_fund_organization_merged_into_id", "merged_into_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    name_sort: Mapped[str] = mapped_column(String(SORT_KEY_LENGTH), nullable=False, default="", info={"audit": "skip"})
    name_search: Mapped[str] = mapped_column(String(600), nullable=False, default="", info={"audit": "skip"})
    sector: Mapped[str] = mapped_column(String(10), nullable=False, default=PRIVATE)
    parent_agency: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")
    registered_year: Mapped[int | None] = mapped_column(Integer)  # พ.ศ.
    address: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")
    subdistrict: Mapped[str] = mapped_column(String(100), nullable=False, default="")
    district: Mapped[str] = mapped_column(String(100), nullable=False, default="")
    province_code: Mapped[str] = mapped_column(String(2), nullable=False, default="")  # ISO 3166-2:TH, "10" Bangkok
    postcode: Mapped[str] = mapped_column(String(5), nullable=False, default="")
    phone: Mapped[str] = mapped_column(String(50), nullable=False, default="")
    email: Mapped[str] = mapped_column(String(254), nullable=False, default="")
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    chair_title: Mapped[str] = mapped_column(String(50), nullable=False, default="")
    chair_first_name: Mapped[str] = mapped_column(String(150), nullable=False, default="")
    chair_last_name: Mapped[str] = mapped_column(String(150), nullable=False, default="")
    # The record that this one turned out to be a duplicate of; its old addresses lead there.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("fund_organization.id"))
    # Copies for the orders of the list, never NULL: 0 where the year is not known.
    year_order: Mapped[int] = mapped_column(
        Integer, nullable=False, default=0, server_default="0", info={"audit": "skip"}
    )
    province_sort: Mapped[str] = mapped_column(
        String(SORT_KEY_LENGTH), nullable=False, default="", server_default="", info={"audit": "skip"}
    )

    people: Mapped[list[OrganizationPerson]] = relationship(
        back_populates="organization",
        cascade="all, delete-orphan",
        order_by=lambda: (OrganizationPerson.position, OrganizationPerson.id),
    )
    objectives: Mapped[list[OrganizationObjective]] = relationship(
        back_populates="organization",
        cascade="all, delete-orphan",
        order_by=lambda: (OrganizationObjective.position, OrganizationObjective.id),
    )
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="organization", order_by=lambda: Membership.id, overlaps="organization"
    )

    @validates("name")
    def _name(self, _key: str, name: str) -> str:
        name = clean_line(name)
        self.name_sort = sort_key(name)
        self.name_search = search_text(name)[:600]
        return name

    @validates("registered_year")
    def _year(self, _key: str, year: int | None) -> int | None:
        self.year_order = year or 0
        return year

    @validates("province_code")
    def _province(self, _key: str, code: str) -> str:
        self.province_sort = sort_key(province_name(code)) if code else ""
        return code

    def __str__(self) -> str:
        return self.name

    @property
    def chair(self) -> str:
        """The president's or chair's title and names as one writes them."""
        return full_name(self.chair_title, self.chair_first_name, self.chair_last_name)

    @property
    def directors(self) -> list[OrganizationPerson]:
        """Its directors in their order."""
        return [person for person in self.people if person.role == DIRECTOR]

    @property
    def officers(self) -> list[OrganizationPerson]:
        """Its officers in their order."""
        return [person for person in self.people if person.role == OFFICER]

    def is_managed_by(self, user: Account) -> bool:
        """Whether `user` is one of its managers now."""
        return self._has_member(user, Membership.role == MANAGER)

    def has_member(self, user: Account) -> bool:
        """Whether `user` is an active member now, manager or not."""
        return self._has_member(user)

    def _has_member(self, user: Account, *conditions: Any) -> bool:
        rows = select(Membership.id).where(
            Membership.organization_id == self.id,
            Membership.user_id == user.id,
            Membership.state == MemberState.ACTIVE,
            *conditions,
        )
        return db.session.execute(select(rows.exists())).scalar_one()

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The organizations on which `user` holds `permission` (spec: fund.md 1, "What each sees").

        Members see their own organization, managers act on theirs, staff and super users on all; a committee member
        sees those whose proposals are on sessions they sit on.
        """
        kinds = kinds_of(user, permission)
        if kinds & {STAFF, SUPER_USER}:
            return select(cls).where(cls.deleted_at.is_(None))
        reach: list[Any] = [false()]
        if PROJECT_MANAGER in kinds:
            reach.append(cls.id.in_(organizations_of(user)))
        if ORGANIZATION_MANAGER in kinds:
            reach.append(cls.id.in_(organizations_of(user, managed=True)))
        if COMMITTEE in kinds:
            from models.fund.scope import proposals_of_committee

            proposals = table("fund_proposal", sql_column("id"), sql_column("organization_id"))
            reach.append(
                cls.id.in_(select(proposals.c.organization_id).where(proposals.c.id.in_(proposals_of_committee(user))))
            )
        return select(cls).where(cls.deleted_at.is_(None), or_(*reach))

    def snapshot(self) -> dict[str, Any]:
        """What a submission freezes of the organization: everything a reader of the proposal needs, no citizen ID."""
        return {
            **{field: getattr(self, field) for field in (*OFFICE_FIELDS, "chair")},
            "directors": [person.full_name for person in self.directors],
            "officers": [person.full_name for person in self.officers],
            "objectives": [objective.text for objective in self.objectives],
        }


class OrganizationPerson(Audited, Model):
    """A director or officer of an organization; not an account."""

    __tablename__ = "fund_organization_person"
    __table_args__ = (CheckConstraint("role IN ('director', 'officer')", name="role"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("fund_organization.id", ondelete="CASCADE"), nullable=False, index=True
    )
    role: Mapped[str] = mapped_column(String(10), nullable=False)
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    title: Mapped[str] = mapped_column(String(50), nullable=False, default="")
    first_name: Mapped[str] = mapped_column(String(150), nullable=False)
    last_name: Mapped[str] = mapped_column(String(150), nullable=False, default="")
    citizen_id: Mapped[str] = mapped_column(
        String(13), nullable=False, default="", index=True, info={"audit": "citizen"}
    )

    organization: Mapped[Organization] = relationship(back_populates="people")

    @property
    def full_name(self) -> str:
        """Title and names as one writes them."""
        return full_name(self.title, self.first_name, self.last_name)

    def __str__(self) -> str:
        return self.full_name

    def audit_root(self) -> Any:
        """The organization."""
        return self.organization or db.session.get(Organization, self.organization_id)


class OrganizationObjective(Audited, Model):
    """One objective from an organization's registration."""

    __tablename__ = "fund_organization_objective"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("fund_organization.id", ondelete="CASCADE"), nullable=False, index=True
    )
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    text: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False)

    organization: Mapped[Organization] = relationship(back_populates="objectives")

    def __str__(self) -> str:
        return self.text

    def audit_root(self) -> Any:
        """The organization."""
        return self.organization or db.session.get(Organization, self.organization_id)


def full_name(title: str, first: str, last: str) -> str:
    """Names as Thai writes them: the title touches the first name, a space before the last."""
    return f"{title}{first} {last}".strip()


def organizations_of(user: Account, *, managed: bool = False) -> Select[Any]:
    """Ids of the organizations of which `user` is an active member, or a manager where `managed`."""
    rows = select(Membership.organization_id).where(
        Membership.user_id == user.id, Membership.state == MemberState.ACTIVE
    )
    return rows.where(Membership.role == MANAGER) if managed else rows


def alike(name: str, limit: int = 8) -> list[Organization]:
    """Organizations with a like name, for the hint while typing one; the exact name first."""
    term = search_term(name)
    if not term:
        return []
    words = [word for word in term.split(" ") if word] or [term]
    like = [Organization.name_search.contains(word, autoescape=True) for word in words]
    # Who knows a merged duplicate by its name, as somebody invited to it does, finds what it became.
    former = select(Organization.merged_into_id).where(Organization.merged_into_id.is_not(None), *like)
    rows = (
        select(Organization)
        .where(Organization.deleted_at.is_(None))
        .where(or_(and_(*like), Organization.id.in_(former)))
        .order_by((Organization.name_search == term).desc(), func.length(Organization.name_search), Organization.id)
        .limit(limit)
    )
    return list(db.session.scalars(rows))


@event.listens_for(Organization, "after_update")
def _renamed(_mapper: Any, connection: Connection, organization: Organization) -> None:
    """A new name moves the organization's proposals in lists that are sorted by it."""
    if inspect(organization).attrs.name_sort.history.has_changes():
        proposals = table("fund_proposal", sql_column("organization_id"), sql_column("organization_sort"))
        connection.execute(
            update(proposals)
            .where(proposals.c.organization_id == organization.id)
            .values(organization_sort=organization.name_sort)
        )


__all__ = ["DIRECTOR", "OFFICER", "PRIVATE", "PUBLIC", "Organization", "OrganizationObjective", "OrganizationPerson"]
