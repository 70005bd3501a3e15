"""The queries behind the proposals' list: what the user may see, narrowed by what the address asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from models.core.clock import today
from models.core.containing import contains
from models.core.db import db
from models.core.listing import Page, capped_counts, walk
from models.core.matrix import allows, kinds_of
from models.core.thai.dates import BadDate, day_bounds, fiscal_year, parse_date
from models.core.thai.text import to_ascii_digits
from models.fund import scope
from models.fund.codes import COMMITTEE, DRAFT_STATES, LEVELS, LevelStatus, State
from models.fund.organization import Organization
from models.fund.proposal import NUMBER_ROOM, Proposal, parse_number
from models.fund.screening import Screening
from models.fund.workflow import ON_AGENDA, WAITS
from views.fund.proposal.asked import TABS, Asked, can_be_at
from views.fund.proposal.lines import Row

VIEW = "proposal.view"

_RETURNED = or_(
    Proposal.state == State.RETURNED,
    and_(Proposal.state.in_(DRAFT_STATES), Proposal.submitted_revision_id.is_not(None)),
)
_TABS = {
    "screening": Proposal.state == State.SCREENING,
    "agenda": Proposal.state.in_(WAITS),
    "meeting": Proposal.state.in_(ON_AGENDA),
    "returned": _RETURNED,
    "drafts": Proposal.state.in_(DRAFT_STATES),
}


def sees_many(user: Any) -> bool:
    """Whether the user's list reaches beyond one organization."""
    return bool(kinds_of(user, VIEW) & (scope.INTERNAL | {COMMITTEE}))


def tabs_of(user: Any) -> tuple[str, ...]:
    """The saved filters that make sense for the user: drafts are for those who write them."""
    return TABS if allows(user, "proposal.edit") else TABS[:-1]


def base(user: Any) -> Select[Any]:
    """Every proposal of the user's list."""
    return Proposal.visible_to(user, VIEW)


def narrowed(user: Any, asked: Asked) -> Select[Any]:
    """The proposals that the address asks for."""
    rows = base(user).join(Proposal.organization)
    if asked.tab in _TABS:
        rows = rows.where(_TABS[asked.tab])
    if asked.q:
        rows = rows.where(_number_or_name(asked.q))
    if asked.org:
        rows = rows.where(contains(Organization.name_search, asked.org))
    if asked.province:
        rows = rows.where(Organization.province_code == asked.province)
    if asked.year:
        rows = rows.where(Proposal.fiscal_year == asked.year)
    if asked.level or asked.status:
        rows = rows.where(_at_level(asked.level, asked.status))
    return rows


def contains_name(typed: str) -> Any:
    """The condition "has this number, or this in its name"."""
    return _number_or_name(typed)


def _number_or_name(typed: str) -> Any:
    by_name = contains(Proposal.title_search, typed)
    if number := parse_number(typed):
        return or_(and_(Proposal.fiscal_year == number[0], Proposal.sequence == number[1]), by_name)
    digits = to_ascii_digits(typed)
    if digits.isascii() and digits.isdigit() and len(digits) <= 6:
        return or_(Proposal.sequence == int(digits), by_name)
    return by_name


def _at_level(level: str, status: str) -> Any:
    columns = {name: getattr(Proposal, f"{name}_status") for name in LEVELS}
    if level and not status:
        return columns[level] != LevelStatus.NONE
    if level:
        return columns[level] == status
    return or_(*(column == status for name, column in columns.items() if can_be_at(name, status)))


def page(user: Any, asked: Asked) -> tuple[Asked, Page]:
    """One page of rows, and the list as it came out.

    Each is a `Row`, then whether its screening form is saved and not sent, then the first year of all proposals.

    A jump may change the order. Raises BadPosition.
    """
    rows = _rows_of(user, asked) if asked.q or asked.org else _kept_rows_of(user, asked)
    start: Sequence[Any] | None = None
    if asked.at and not (asked.after or asked.before):
        jump = jump_to(asked)
        if jump is not None:
            asked, start = jump
    return asked, walk(rows, asked.order, asked.size, after=asked.after, before=asked.before, start=start)


@dataclass(frozen=True)
class _Reader:
    """All of a user that says which proposals their list has: who they are, and the kinds that open it to them."""

    id: int
    kinds: frozenset[str]


def _kept_rows_of(user: Any, asked: Asked) -> Select[Any]:
    question = replace(asked, after=None, before=None, at="", sort=Asked.sort, size=Asked.size)
    return _rows_of_reader(_Reader(user.id, kinds_of(user, VIEW)), question)


@lru_cache(500)
def _rows_of_reader(reader: _Reader, asked: Asked) -> Select[Any]:
    """The rows of a list that people open again and again: built once for each of them."""
    return _rows_of(reader, asked)


def _rows_of(user: Any, asked: Asked) -> Select[Any]:
    rows = narrowed(user, asked)
    return rows.with_only_columns(*Row.columns(), _is_saved_unsent().label("is_saved"), _first_year())


@cache
def _is_saved_unsent() -> Any:
    return exists().where(
        Screening.revision_id == Proposal.submitted_revision_id,
        Screening.sent_at.is_(None),
        Proposal.state == State.SCREENING,
    )


def jump_to(asked: Asked) -> tuple[Asked, Sequence[Any]] | None:
    """The order and the value that a typed number or date goes to; None for anything else.

    A number without its year is one of the year filtered by, or of this fiscal year.
    """
    falls = asked.sort.startswith("-")
    typed = to_ascii_digits(asked.at)
    if typed.isascii() and typed.isdigit() and len(typed) <= 6:
        typed = f"{asked.year or fiscal_year(today())}-{typed}"
    if number := parse_number(typed):
        sort = asked.sort if asked.sort.endswith("number") else "-number"
        return replace(asked, sort=sort), [number[0] * NUMBER_ROOM + number[1]]
    try:
        first, last = day_bounds(parse_date(asked.at))
    except BadDate:
        return None
    sort = asked.sort if asked.sort.endswith("date") else "-date"
    falls = sort.startswith("-")
    return replace(asked, sort=sort), [last - timedelta(microseconds=1) if falls else first]


def counts(user: Any, asked: Asked, saved: Sequence[Asked] = ()) -> tuple[dict[str, int], list[int], int]:
    """How many proposals each tab has, each list of one's own, and this list in all.

    Each is counted up to a limit, all in one query.
    """
    tabs = tabs_of(user)
    selects = [base(user).where(_TABS[tab]) if tab in _TABS else base(user) for tab in tabs]
    selects += [narrowed(user, one) for one in saved]
    found = capped_counts([*selects, narrowed(user, asked)], Proposal.id)
    return dict(zip(tabs, found, strict=False)), found[len(tabs) : -1], found[-1]


def counts_without_one(user: Any, asked: Asked) -> dict[str, int]:
    """For a list that came out empty: how many there would be with one of its filters taken away."""
    names = asked.filters + (["tab"] if asked.tab != "all" else [])
    unset: dict[str, Any] = {"tab": "all", "year": None}
    selects = [narrowed(user, replace(asked, **{name: unset.get(name, "")})) for name in names]
    return dict(zip(names, capped_counts(selects, Proposal.id), strict=True))


@cache
def _first_year() -> Any:
    return select(func.min(Proposal.fiscal_year)).scalar_subquery()


def years(page: Page | None = None) -> list[int]:
    """The fiscal years to choose from, the latest first: from the first number given to this year.

    A page that has rows knows it already.
    """
    this = fiscal_year(today())
    first = (page.rows[0][-1] if page is not None and page.rows else db.session.scalar(select(_first_year()))) or this
    return list(range(this, min(first, this) - 1, -1))
