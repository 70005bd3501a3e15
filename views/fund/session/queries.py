"""What the pages of sessions read: bounded queries, and never more of an item than the reader may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from models.core.db import db, now
from models.core.grants import users_of_kind
from models.core.identity import Account
from models.core.listing import BadPosition, Order, Page, capped_counts, walk
from models.core.thai.dates import day_bounds, format_date, parse_date
from models.core.thai.errors import BadValue
from models.core.thai.text import search_term, search_text
from models.fund.agenda import Line
from models.fund.codes import COMMITTEE, SESSION_LEVELS, STAFF
from models.fund.conflicts import waiting_at
from models.fund.proposal import Proposal, parse_number
from models.fund.revision import Revision
from models.fund.session import (
    CANCELLED,
    CLOSED,
    OPEN,
    AgendaItem,
    ClearedConflict,
    CommitteeAffiliation,
    EvaluationSession,
    ItemState,
    MemberRole,
    SessionMember,
    SteppingOut,
)
from models.fund.session.quorum import Count, count_of, rule_of

SOONEST_FIRST = Order("starts_at", (EvaluationSession.starts_at,), EvaluationSession.id)
LATEST_FIRST = Order("starts_at", (EvaluationSession.starts_at,), EvaluationSession.id, descending=True)
PAGE = 25
WAITING_SHOWN = 50
LONGEST = timedelta(days=1)  # a meeting begins and ends on one day
FOUND_AT_MOST = 20

TABS = ("upcoming", "minute", "closed", "cancelled", "all")


@dataclass(frozen=True)
class Filters:
    """What a list of sessions is narrowed to; every field may be empty.

    Who comes without asking for anything sees what is coming, the soonest first; who searches, searches everywhere.
    """

    tab: str = "upcoming"
    q: str = ""
    level: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, args: Any) -> Filters:
        """The filters of a query string; what cannot be meant counts as not given."""
        level = args.get("level", "")
        found = cls(
            q=args.get("q", "").strip()[:200],
            level=level if level in SESSION_LEVELS else "",
            since=_day(args.get("since", "")),
            until=_day(args.get("until", "")),
        )
        tab = args.get("tab", "all" if found.are_narrow else "upcoming")
        return replace(found, tab=tab if tab in TABS else "upcoming")

    @property
    def are_narrow(self) -> bool:
        """Whether anything but the tab is asked for."""
        return bool(self.q or self.level or self.since or self.until)

    @property
    def order(self) -> Order:
        """What is coming stands soonest first, everything else latest first."""
        return SOONEST_FIRST if self.tab == "upcoming" else LATEST_FIRST

    def values(self, **changed: Any) -> dict[str, Any]:
        """The query string of these filters, with some of them changed."""
        found = {
            "tab": self.tab,
            "q": self.q or None,
            "level": self.level or None,
            "since": format_date(self.since, "field") if self.since else None,
            "until": format_date(self.until, "field") if self.until else None,
        }
        return {name: value for name, value in {**found, **changed}.items() if value is not None}


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text.strip() else None
    except BadValue:
        return None


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
    elif filters.tab in (CLOSED, CANCELLED):
        rows = rows.where(EvaluationSession.state == filters.tab)
    if term := search_term(filters.q):
        rows = rows.where(EvaluationSession.name_search.contains(term, autoescape=True))
    if filters.level:
        rows = rows.where(EvaluationSession.level == filters.level)
    if filters.since:
        rows = rows.where(EvaluationSession.starts_at >= day_bounds(filters.since)[0])
    if filters.until:
        rows = rows.where(EvaluationSession.starts_at < day_bounds(filters.until)[1])
    return rows


def page_of(rows: Select[Any], order: Order, after: str = "", before: str = "") -> Page:
    """A page of `Row`s. A position that cannot be meant begins at the start."""
    try:
        page = walk(rows, order, PAGE, after=after or None, before=before or None)
    except BadPosition:
        page = walk(rows, order, PAGE)
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


def all_rows(rows: Select[Any], order: Order, pieces: int = 500) -> Iterator[Row]:
    """Every session of a list with its counts, in its order, a piece at a time."""
    statement = order.sorted(rows).execution_options(yield_per=pieces)
    for piece in db.session.scalars(with_people(statement)).partitions():
        yield from _with_counts(list(piece))


def tab_counts(rows: Select[Any], filters: Filters, at_most: int = 99) -> dict[str, int]:
    """How many sessions each tab holds, counted up to `at_most` + 1; one query."""
    several = [narrowed(rows, replace(filters, tab=tab)) for tab in TABS[:-1]]
    return dict(zip(TABS[:-1], capped_counts(several, EvaluationSession.id, at_most), strict=True))


# --- the calendar, and other sessions --------------------------------------------------------------------------------


def between(rows: Select[Any], first: date, last: date) -> list[EvaluationSession]:
    """The sessions that begin on these days, in the order of time."""
    begins, ends = day_bounds(first)[0], day_bounds(last)[1]
    within = rows.where(EvaluationSession.starts_at >= begins, EvaluationSession.starts_at < ends)
    return list(db.session.scalars(SOONEST_FIRST.sorted(within)))


def seats_taken_by(user: Account, since: datetime) -> list[EvaluationSession]:
    """The sessions in which somebody sits, from a moment on; for their own calendar."""
    mine = select(SessionMember.session_id).where(SessionMember.user_id == user.id)
    rows = EvaluationSession.visible_to(user, "session.view").where(
        EvaluationSession.id.in_(mine), EvaluationSession.starts_at >= since
    )
    return list(db.session.scalars(SOONEST_FIRST.sorted(rows)))


def other_sessions(session: EvaluationSession, user: Account) -> list[Row]:
    """The open sessions of the same level to which an item may move, the soonest first, past ones at the end."""
    rows = EvaluationSession.visible_to(user, "session.edit").where(
        EvaluationSession.level == session.level, EvaluationSession.state == OPEN, EvaluationSession.id != session.id
    )
    coming = case((EvaluationSession.starts_at > now(), 0), else_=1)
    found = db.session.scalars(
        rows.order_by(coming, EvaluationSession.starts_at, EvaluationSession.id).limit(WAITING_SHOWN)
    )
    return _with_counts(list(found))


@dataclass
class Overlap:
    """Another open session at the same time that needs the same people, or the same room."""

    session: EvaluationSession
    people: list[str]
    same_place: bool


def overlaps(session: EvaluationSession) -> list[Overlap]:
    """Sessions at overlapping times with somebody or the place in common: something to know, nothing to refuse."""
    if session.state != OPEN:
        return []
    rows = select(EvaluationSession).where(
        EvaluationSession.state == OPEN,
        EvaluationSession.deleted_at.is_(None),
        EvaluationSession.id != session.id,
        EvaluationSession.starts_at < session.over_at,
        EvaluationSession.starts_at > session.starts_at - LONGEST,
    )
    place = search_text(session.place)
    seated = {member.user_id: member.user.full_name for member in session.members}
    found = []
    for other in db.session.scalars(with_people(rows.order_by(EvaluationSession.starts_at, EvaluationSession.id))):
        if other.over_at <= session.starts_at:
            continue
        people = [seated[member.user_id] for member in other.members if member.user_id in seated]
        same_place = bool(place) and search_text(other.place) == place
        if people or same_place:
            found.append(Overlap(other, people, same_place))
    return found


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
        items.selectinload(AgendaItem.cleared).joinedload(ClearedConflict.user),
    )


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


@dataclass(frozen=True)
class Quorum:
    """Whether enough take part: in the meeting as a whole, and the items for which too few are left, by place."""

    meeting: Count
    items: dict[int, Count]


def quorum_of(session: EvaluationSession, lines: list[Line]) -> Quorum:
    """The meeting's count and those of undecided items that fall below the quorum, or cannot reach it."""
    rule = rule_of(session.level)
    counts = {line.n: count_of(session, rule, line.item) for line in lines if line.item.state == ItemState.ON}
    short = {n: count for n, count in counts.items() if count.is_short or count.cannot_be_met}
    return Quorum(count_of(session, rule), short)


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


def session_before(session: EvaluationSession, user: Account | None) -> EvaluationSession | None:
    """The meeting of the same level that took place before, with who sat in it; among all where nobody asks."""
    reach = select(EvaluationSession).where(EvaluationSession.deleted_at.is_(None))
    rows = (EvaluationSession.visible_to(user, "session.view") if user is not None else reach).where(
        EvaluationSession.level == session.level,
        EvaluationSession.id != session.id,
        EvaluationSession.state != CANCELLED,
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
