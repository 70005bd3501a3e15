"""What the pages of outside agencies read: committees, tallies, a page of the list; none of it in a loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from models.assessment.codes import SECTORS
from models.assessment.outside import ENTER, VIEW, OutsideAgency, OutsideLine, agencies_in
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.standing import committees_of
from models.core.db import db
from models.core.identity import Account
from models.core.listing import BadPosition, Order, Page, walk
from models.core.matrix import allows
from models.core.thai.text import search_term
from views.assessment.asked import asked_round, rounds_of
from views.core.asked import number, one_of

BY_NAME = Order("name_sort", (OutsideAgency.name_sort,), OutsideAgency.id)
PAGE = 25
_LARGEST = 999_999_999


# --- the committee ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Where:
    """The committee that a page is about, and those that the reader may choose among."""

    committee: School
    committees: tuple[School, ...]

    @property
    def kept(self) -> dict[str, Any]:
        """What addresses of this page carry along: the committee, where there are several."""
        return {"committee": self.committee.id} if len(self.committees) > 1 else {}


def where_or_404(permission: str = ENTER) -> Where:
    """The committee that the address names among those for which the reader holds the permission, else the first."""
    committees = tuple(db.session.scalars(committees_of(g.user, permission)))
    given = number(request.args, "committee", 1, _LARGEST)
    found = next((one for one in committees if given in (None, one.id)), None)
    if found is None:
        raise NotFound
    return Where(found, committees)


def committee_for(user: Account) -> School | None:
    """The same for an account that is not signed in any more."""
    rows = committees_of(user, ENTER)
    if given := number(request.args, "committee", 1, _LARGEST):
        rows = rows.where(School.id == given)
    return db.session.scalar(rows.limit(1))


# --- tallies ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How many agencies, and their students together."""

    agencies: int = 0
    students: int = 0


def tallies(this: Round, committee: School) -> dict[str, Tally]:
    """Curriculum -> what is entered in it; one query."""
    rows = (
        agencies_in(this.id)
        .where(OutsideAgency.committee_id == committee.id)
        .with_only_columns(
            OutsideAgency.curriculum, func.count().label("agencies"), func.sum(OutsideAgency.students).label("students")
        )
        .group_by(OutsideAgency.curriculum)
    )
    found = {row.curriculum: Tally(row.agencies, row.students) for row in db.session.execute(rows)}
    return {code: found.get(code, Tally()) for code in CURRICULA}


# --- the list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; every field but the round may be empty. `deleted`: those that can be restored."""

    round: Round | None
    rounds: tuple[Round, ...] = ()
    q: str = ""
    curriculum: str = ""
    sector: str = ""
    committee: int | None = None
    deleted: bool = False

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Filters:
        """The filters of a query string. Raises BadRequest for what no page of ours can say."""
        rounds = tuple(rounds_of(g.user))
        return cls(
            round=asked_round(rounds, args),
            rounds=rounds,
            q=args.get("q", "").strip()[:200],
            curriculum=one_of(args, "curriculum", tuple(CURRICULA)),
            sector=one_of(args, "sector", SECTORS),
            committee=number(args, "committee", 1, _LARGEST),
            deleted=bool(one_of(args, "deleted", ("1",))) and allows(g.user, ENTER),
        )

    @property
    def are_narrow(self) -> bool:
        """Whether anything but round and tab is asked for."""
        return bool(self.q or self.curriculum or self.sector or self.committee)

    def tab(self, deleted: bool) -> dict[str, Any]:
        """The query string of what is entered in the round, or of what was deleted, without any filter."""
        return Filters(self.round, self.rounds, deleted=deleted).values()

    def values(self, **changed: Any) -> dict[str, Any]:
        """The query string of these filters, with some of them changed."""
        is_other = self.round is not None and self.round != asked_round(self.rounds, {})
        found = {
            "round": self.round.id if self.round is not None and is_other else None,
            "q": self.q or None,
            "curriculum": self.curriculum or None,
            "sector": self.sector or None,
            "committee": self.committee,
            "deleted": 1 if self.deleted else None,
        }
        return {name: value for name, value in {**found, **changed}.items() if value is not None}


def narrowed(filters: Filters, this: Round) -> Select[Any]:
    """The agencies of the round that the reader sees and the filters leave."""
    if filters.deleted:
        rows = OutsideAgency.reported_by(g.user, ENTER).where(OutsideAgency.deleted_at.is_not(None))
    else:
        rows = OutsideAgency.visible_to(g.user, VIEW)
    rows = rows.where(OutsideAgency.round_id == this.id)
    if term := search_term(filters.q):
        rows = rows.where(OutsideAgency.search.contains(term, autoescape=True))
    for column, value in (
        (OutsideAgency.curriculum, filters.curriculum),
        (OutsideAgency.sector, filters.sector),
        (OutsideAgency.committee_id, filters.committee),
    ):
        if value:
            rows = rows.where(column == value)
    return rows


@dataclass(frozen=True)
class Row:
    """A line of the list: an agency and in how many branches it has students."""

    agency: OutsideAgency
    branches: int


def page_of(rows: Select[Any], after: str, before: str) -> Page:
    """A page of `Row`s; two queries. A position that cannot be meant begins at the start."""
    rows = rows.options(joinedload(OutsideAgency.committee))
    try:
        page = walk(rows, BY_NAME, PAGE, after=after or None, before=before or None)
    except BadPosition:
        page = walk(rows, BY_NAME, PAGE)
    counted = (
        select(OutsideLine.agency_id, func.count().label("branches"))
        .where(OutsideLine.agency_id.in_([one.id for one in page.rows]))
        .group_by(OutsideLine.agency_id)
    )
    branches = {row.agency_id: row.branches for row in db.session.execute(counted)}
    return Page([Row(one, branches.get(one.id, 0)) for one in page.rows], page.after, page.before)


def tally_of(rows: Select[Any]) -> Tally:
    """How many agencies there are in these rows, and their students; one query."""
    counted = rows.order_by(None).with_only_columns(func.count(), func.coalesce(func.sum(OutsideAgency.students), 0))
    agencies, students = db.session.execute(counted).one()
    return Tally(agencies, students)


def deleted_in(this: Round) -> int:
    """How many agencies of the round the reader deleted, or somebody of the same committee, and may bring back."""
    rows = OutsideAgency.reported_by(g.user, ENTER).where(
        OutsideAgency.round_id == this.id, OutsideAgency.deleted_at.is_not(None)
    )
    return db.session.scalar(rows.with_only_columns(func.count())) or 0
