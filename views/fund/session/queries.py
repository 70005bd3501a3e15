"""What the pages of sessions read: bounded queries, and never more of an item than the reader may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from models.core.clock import BANGKOK
from models.core.db import db, now
from models.core.grants import users_of_kind
from models.core.identity import Account
from models.core.listing import BadPosition, Order, Page, capped_counts, walk
from models.core.thai.text import search_term
from models.fund.codes import AGENDA_STATE, BOARD, COMMITTEE, SESSION_LEVELS, STAFF
from models.fund.conflicts import waiting_at
from models.fund.proposal import Proposal, parse_number
from models.fund.revision import Revision
from models.fund.session import (
    OPEN,
    AgendaItem,
    CommitteeAffiliation,
    EvaluationSession,
    ItemState,
    MemberRole,
    SessionMember,
    SteppingOut,
)

LATEST_FIRST = Order("starts_at", (EvaluationSession.starts_at,), EvaluationSession.id, descending=True)
PAGE = 25
WAITING_SHOWN = 50
FOUND_AT_MOST = 20

TABS = ("all", "upcoming", "minute", "closed")


@dataclass(frozen=True)
class Filters:
    """What a list of sessions is narrowed to; every field may be empty."""

    tab: str = "all"
    q: str = ""
    level: str = ""
    year: int | None = None  # CE

    @classmethod
    def read(cls, args: Any) -> Filters:
        """The filters of a query string; what cannot be meant counts as not given."""
        tab, level, year = args.get("tab", "all"), args.get("level", ""), args.get("year", "")
        is_year = year.isascii() and year.isdecimal() and len(year) == 4 and 2400 <= int(year) <= 2700
        return cls(
            tab=tab if tab in TABS else "all",
            q=args.get("q", "").strip()[:200],
            level=level if level in SESSION_LEVELS else "",
            year=int(year) - 543 if is_year else None,
        )

    def values(self, **changed: Any) -> dict[str, Any]:
        """The query string of these filters, with some of them changed."""
        found = {
            "tab": self.tab if self.tab != "all" else None,
            "q": self.q or None,
            "level": self.level or None,
            "year": self.year + 543 if self.year else None,
        }
        return {name: value for name, value in {**found, **changed}.items() if value is not None}


@dataclass
class Row:
    """A line of the list: the session, how many items it has and how many of them are decided."""

    session: EvaluationSession
    items: int = 0
    done: int = 0

    @property
    def is_to_minute(self) -> bool:
        """Whether the meeting has begun and results are missing."""
        return self.session.state == OPEN and self.session.starts_at <= now() and self.done < self.items


def undecided() -> Any:
    """Condition: the session has items without a result."""
    return exists().where(AgendaItem.session_id == EvaluationSession.id, AgendaItem.state == ItemState.ON)


def narrowed(rows: Select[Any], filters: Filters) -> Select[Any]:
    """The sessions that the filters leave."""
    if filters.tab == "upcoming":
        rows = rows.where(EvaluationSession.state == OPEN, EvaluationSession.starts_at > now())
    elif filters.tab == "minute":
        rows = rows.where(EvaluationSession.state == OPEN, EvaluationSession.starts_at <= now(), undecided())
    elif filters.tab == "closed":
        rows = rows.where(EvaluationSession.state != OPEN)
    if term := search_term(filters.q):
        rows = rows.where(EvaluationSession.name_search.contains(term, autoescape=True))
    if filters.level:
        rows = rows.where(EvaluationSession.level == filters.level)
    if filters.year:
        # Bangkok has no daylight saving: its year begins seven hours before that of UTC.
        begins, ends = (_new_year(filters.year), _new_year(filters.year + 1))
        rows = rows.where(EvaluationSession.starts_at >= begins, EvaluationSession.starts_at < ends)
    return rows


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=BANGKOK)


def page_of(rows: Select[Any], after: str = "", before: str = "") -> Page:
    """A page of `Row`s, the latest meeting first. A position that cannot be meant begins at the start."""
    try:
        page = walk(rows, LATEST_FIRST, PAGE, after=after or None, before=before or None)
    except BadPosition:
        page = walk(rows, LATEST_FIRST, PAGE)
    return replace(page, rows=_with_counts(page.rows))


def _with_counts(sessions: list[EvaluationSession]) -> list[Row]:
    rows = {session.id: Row(session) for session in sessions}
    if rows:
        counts = (
            select(
                AgendaItem.session_id, func.count(), func.sum(case((AgendaItem.state == ItemState.DONE, 1), else_=0))
            )
            .where(AgendaItem.session_id.in_(rows), AgendaItem.state != ItemState.OFF)
            .group_by(AgendaItem.session_id)
        )
        for session_id, items, done in db.session.execute(counts):
            rows[session_id].items, rows[session_id].done = items, int(done or 0)
    return list(rows.values())


def all_rows(rows: Select[Any], pieces: int = 500) -> Iterator[Row]:
    """Every session of a list with its counts, the latest first, a piece at a time."""
    statement = LATEST_FIRST.sorted(rows).execution_options(yield_per=pieces)
    for piece in db.session.scalars(with_people(statement)).partitions():
        yield from _with_counts(list(piece))


def tab_counts(rows: Select[Any], filters: Filters, at_most: int = 99) -> dict[str, int]:
    """How many sessions each tab holds, counted up to `at_most` + 1; one query."""
    several = [narrowed(rows, replace(filters, tab=tab)) for tab in TABS[1:]]
    return dict(zip(TABS[1:], capped_counts(several, EvaluationSession.id, at_most), strict=True))


# --- one session -----------------------------------------------------------------------------------------------------


def with_people(rows: Select[Any]) -> Select[Any]:
    """Read who sits along with a session."""
    return rows.options(selectinload(EvaluationSession.members).joinedload(SessionMember.user))


def with_agenda(rows: Select[Any]) -> Select[Any]:
    """Read who sits, the items, their proposals and who steps out along with a session; a fixed number of queries."""
    items = selectinload(EvaluationSession.items)
    return with_people(rows).options(
        items.joinedload(AgendaItem.proposal).joinedload(Proposal.organization),
        items.joinedload(AgendaItem.revision).load_only(
            Revision.id,
            Revision.proposal_id,
            Revision.number,
            Revision.title,
            Revision.amount_asked,
            Revision.group_result,
            Revision.group_points,
            Revision.sub_result,
            Revision.sub_points,
            Revision.board_result,
        ),
        items.selectinload(AgendaItem.stepping_out).joinedload(SteppingOut.user),
    )


@dataclass
class Line:
    """An item of the agenda as one reader sees it; `is_left` hides everything but its place."""

    n: int
    item: AgendaItem
    is_left: bool
    may_record: bool

    @property
    def result(self) -> str | None:
        """The result of this session's level on the item's revision."""
        found = getattr(self.item.revision, f"{self.item.session.level}_result")
        return found if self.item.state == ItemState.DONE else None

    @property
    def points(self) -> int | None:
        """The points that go with the result; the board gives none."""
        level = self.item.session.level
        return None if self.result is None or level == BOARD else getattr(self.item.revision, f"{level}_points")

    @property
    def amount(self) -> Decimal:
        """Baht that the revision asks for."""
        return self.item.revision.amount_asked or Decimal(0)


def lines_of(session: EvaluationSession, user: Account) -> list[Line]:
    """The agenda for one reader: items they stepped out of are only a place; two queries."""
    agenda = session.agenda
    proposals = [item.proposal_id for item in agenda]
    if not proposals:
        return []
    left = set(
        db.session.scalars(
            select(AgendaItem.proposal_id)
            .join(SteppingOut, SteppingOut.item_id == AgendaItem.id)
            .where(SteppingOut.user_id == user.id, AgendaItem.proposal_id.in_(proposals))
        )
    )
    recordable = set(
        db.session.scalars(
            Proposal.visible_to(user, "result.record")
            .where(Proposal.id.in_(proposals), Proposal.state == AGENDA_STATE[session.level])
            .with_only_columns(Proposal.id)
        )
    )
    return [
        Line(
            n,
            item,
            is_left=item.proposal_id in left,
            may_record=item.state == ItemState.ON and item.proposal_id in recordable and item.proposal_id not in left,
        )
        for n, item in enumerate(agenda, 1)
    ]


def total_of(lines: Iterable[Line]) -> Decimal:
    """Baht over the items that the reader may know; a sum over all would give the hidden one away."""
    return sum((line.amount for line in lines if not line.is_left), Decimal(0))


@dataclass
class Seat:
    """Somebody who sits in the session, where they belong, and the items they step out of: (place, row)."""

    member: SessionMember
    affiliations: list[str] = field(default_factory=list)
    leaves: list[tuple[Line, SteppingOut]] = field(default_factory=list)


def seats_of(session: EvaluationSession, lines: list[Line]) -> list[Seat]:
    """Who sits, chair first, with affiliations and what they step out of; one query."""
    order = {MemberRole.CHAIR: 0, MemberRole.SECRETARY: 1, MemberRole.MEMBER: 2}
    seats = {
        member.user_id: Seat(member) for member in sorted(session.members, key=lambda m: (order[m.role], m.position))
    }
    for user_id, words in affiliations_of(seats).items():
        seats[user_id].affiliations = words
    for line in lines:
        for row in line.item.stepping_out:
            if row.user_id in seats:
                seats[row.user_id].leaves.append((line, row))
    return list(seats.values())


def affiliations_of(user_ids: Iterable[int]) -> dict[int, list[str]]:
    """Where people belong; one query."""
    ids = list(user_ids)
    found: dict[int, list[str]] = {}
    if ids:
        rows = db.session.scalars(
            select(CommitteeAffiliation)
            .where(CommitteeAffiliation.user_id.in_(ids))
            .options(joinedload(CommitteeAffiliation.organization))
            .order_by(CommitteeAffiliation.id)
        )
        for row in rows:
            found.setdefault(row.user_id, []).append(str(row))
    return found


def offered(session: EvaluationSession, user: Account, q: str = "") -> tuple[list[Proposal], bool]:
    """The proposals that wait at exactly the session's level, the longest waiting first, and whether there are more."""
    mine = Proposal.visible_to(user, "session.edit").with_only_columns(Proposal.id)
    rows = waiting_at(session.level).where(Proposal.id.in_(mine)).options(joinedload(Proposal.organization))
    if term := search_term(q):
        number = parse_number(q)
        by_number = [and_(Proposal.fiscal_year == number[0], Proposal.sequence == number[1])] if number else []
        rows = rows.where(or_(Proposal.title_search.contains(term, autoescape=True), *by_number))
    found = list(db.session.scalars(rows.limit(WAITING_SHOWN + 1)))
    return found[:WAITING_SHOWN], len(found) > WAITING_SHOWN


def find_people(q: str, role: str, at_most: int = FOUND_AT_MOST) -> list[Account]:
    """Those who may have the role: committee members, and fund staff as secretaries; by name or e-mail."""
    kinds = (COMMITTEE, STAFF) if role == MemberRole.SECRETARY else (COMMITTEE,)
    rows = select(Account).where(Account.active, or_(*(Account.id.in_(users_of_kind(kind)) for kind in kinds)))
    if term := search_term(q):
        rows = rows.where(Account.search_text.contains(term, autoescape=True))
    return list(db.session.scalars(rows.order_by(Account.sort_key, Account.id).limit(at_most)))


def session_before(session: EvaluationSession, user: Account) -> EvaluationSession | None:
    """The session of the same level that came before, with who sat in it."""
    rows = EvaluationSession.visible_to(user, "session.view").where(
        EvaluationSession.level == session.level,
        EvaluationSession.id != session.id,
        EvaluationSession.starts_at < session.starts_at,
    )
    return db.session.scalar(
        with_people(rows).order_by(EvaluationSession.starts_at.desc(), EvaluationSession.id.desc()).limit(1)
    )


def seats_again(session: EvaluationSession, before: EvaluationSession | None) -> dict[str, list[int]]:
    """Who of the session before may sit again and does not sit yet: accounts by role, as they sat then.

    The chair of then is a member where this session has a chair already.
    """
    found: dict[str, list[int]] = {MemberRole.CHAIR: [], MemberRole.SECRETARY: [], MemberRole.MEMBER: []}
    if before is None:
        return found
    seated = {member.user_id for member in session.members}
    missing = [member for member in before.members if member.user_id not in seated]
    keys = [member.user_id for member in missing]
    able = {kind: _active_of_kind(kind, keys) for kind in (COMMITTEE, STAFF)}
    for member in missing:
        role = MemberRole.MEMBER if member.role == MemberRole.CHAIR and session.chair else member.role
        if member.user_id in able[COMMITTEE] or (role == MemberRole.SECRETARY and member.user_id in able[STAFF]):
            found[role].append(member.user_id)
    return found


def _active_of_kind(kind: str, keys: list[int]) -> set[int]:
    rows = select(Account.id).where(Account.active, Account.id.in_(keys), Account.id.in_(users_of_kind(kind)))
    return set(db.session.scalars(rows))
