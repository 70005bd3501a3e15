"""What there is to find in the fund: proposals, organizations, sessions and people (spec: fund.md 1)."""

from __future__ import annotations

import re
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, literal, or_, select, union_all

from models.core import staffing
from models.core.clock import today
from models.core.db import db
from models.core.identity import Account
from models.core.matrix import allows
from models.core.thai.dates import fiscal_year
from models.fund.organization import Organization
from models.fund.proposal import NUMBER_ROOM, Proposal, parse_number
from models.fund.session import EvaluationSession
from views.core.look import moment
from views.core.search import Asked, Found, Source, search_sources
from views.fund.proposal.queries import VIEW, contains, sees_many
from views.fund.words import state_label

# The latest proposals are looked at first, and of organizations so many before they are put in order: a word that a
# million names hold costs no more.
LATEST = 2000
LOOKED_AT = 200
YEARS_BACK = 10
ORGANIZATIONS_LOOKED_AT = 50
_YEAR = re.compile(r"(2[45]\d\d)-?")


def _ways(user: Any, asked: Asked) -> list[Select[Any]]:
    """The ways to find a proposal, the cheapest first: by number, among the latest, by name, by organization."""
    reach = Proposal.visible_to(user, VIEW)
    if number := parse_number(asked.term):
        return [reach.where(Proposal.number_sort == number[0] * NUMBER_ROOM + number[1])]
    organizations = (
        select(Organization.id).where(contains(Organization.name_search, asked.term)).limit(ORGANIZATIONS_LOOKED_AT)
    )
    latest = (
        reach.with_only_columns(Proposal.id, Proposal.title_search, Proposal.organization_id)
        .order_by(Proposal.listed_at.desc(), Proposal.id.desc())
        .limit(LATEST)
        .subquery()
    )
    among_latest = select(latest.c.id).where(
        or_(contains(latest.c.title_search, asked.term), latest.c.organization_id.in_(organizations))
    )
    ways = [among_latest, reach.where(contains(Proposal.title_search, asked.term)).with_only_columns(Proposal.id)]
    if sees_many(user):  # Those of one organization are all among the latest.
        ways.append(reach.where(Proposal.organization_id.in_(organizations)).with_only_columns(Proposal.id))
    if asked.term.isascii() and asked.term.isdigit() and len(asked.term) <= 6 and int(asked.term):
        this = fiscal_year(today())
        numbers = [(this - back) * NUMBER_ROOM + int(asked.term) for back in range(-1, YEARS_BACK)]
        ways.insert(0, reach.where(Proposal.number_sort.in_(numbers)).with_only_columns(Proposal.id))
    if year := _YEAR.fullmatch(asked.term):  # The beginning of a number, as it stands while it is typed.
        first = int(year[1]) * NUMBER_ROOM
        of_year = reach.where(Proposal.number_sort.between(first, first + NUMBER_ROOM - 1))
        ways.insert(0, of_year.with_only_columns(Proposal.id).order_by(Proposal.number_sort.desc(), Proposal.id.desc()))
    return ways


def find_proposals(user: Any, asked: Asked, most: int) -> list[Found]:
    """Proposals by number, name or organization; one query, bounded however many there are.

    As soon as one way has given enough the others are not gone: what a word that half of all names hold costs, is
    a look at the latest.
    """
    if not allows(user, VIEW):
        return []
    enough = 2 * most  # a way may give again what an earlier one gave
    parts = []
    for rank, way in enumerate(_ways(user, asked)):
        # PostgreSQL plans each way as if all of it were wanted (for a few rows of many it would read the table),
        # and yet runs only as far as the outer limit asks.
        part = way.limit(LOOKED_AT).cte(f"way_{rank}").prefix_with("MATERIALIZED", dialect="postgresql")
        parts.append(select(part.c.id.label("id"), literal(rank).label("rank")))
    every = union_all(*parts).subquery()
    looked_at = select(every.c.id, every.c.rank).limit(enough).subquery()
    ranked = select(looked_at.c.id, func.min(looked_at.c.rank).label("rank")).group_by(looked_at.c.id).subquery()
    rows = (
        select(Proposal, Organization.name)
        .join(ranked, ranked.c.id == Proposal.id)
        .join(Organization, Organization.id == Proposal.organization_id)
        .order_by(ranked.c.rank, Proposal.listed_at.desc(), Proposal.id.desc())
        .limit(most)
    )
    unnamed = _("(no name yet)")
    return [
        Found(
            f"{proposal.number} {proposal.title or unnamed}".strip(),
            url_for("ProposalView.show", pk=proposal.id),
            f"{organization} · {state_label(proposal.state)}",
        )
        for proposal, organization in db.session.execute(rows)
    ]


def jump_to_proposal(user: Any, asked: Asked) -> str | None:
    """The page of the proposal whose number was typed, in Thai digits or without its zeros."""
    number = parse_number(asked.term)
    if number is None or not allows(user, VIEW):
        return None
    reach = Proposal.visible_to(user, VIEW).where(
        and_(Proposal.fiscal_year == number[0], Proposal.sequence == number[1])
    )
    pk = db.session.scalar(reach.with_only_columns(Proposal.id))
    return url_for("ProposalView.show", pk=pk) if pk else None


def find_organizations(user: Any, asked: Asked, most: int) -> list[Found]:
    """Organizations by name; one query."""
    if not allows(user, "organization.view"):
        return []
    rows = Organization.visible_to(user, "organization.view").where(
        Organization.deleted_at.is_(None), contains(Organization.name_search, asked.term)
    )
    some = (
        rows.with_only_columns(Organization.id, Organization.name, Organization.name_search).limit(LOOKED_AT).subquery()
    )
    ordered = select(some.c.id, some.c.name).order_by(func.length(some.c.name_search), some.c.id).limit(most)
    return [
        Found(name, url_for("OrganizationView.show", pk=pk), icon="building")
        for pk, name in db.session.execute(ordered)
    ]


def find_sessions(user: Any, asked: Asked, most: int) -> list[Found]:
    """Sessions by name, the latest first; one query."""
    if not allows(user, "session.view"):
        return []
    rows = (
        EvaluationSession.visible_to(user, "session.view")
        .where(EvaluationSession.name_search.contains(asked.term, autoescape=True))
        .order_by(EvaluationSession.starts_at.desc(), EvaluationSession.id.desc())
        .limit(most)
    )
    return [
        Found(meeting.name, url_for("SessionView.show", pk=meeting.id), moment(meeting.starts_at), "calendar3")
        for meeting in db.session.scalars(rows)
    ]


def find_people(user: Any, asked: Asked, most: int) -> list[Found]:
    """Accounts by name or e-mail, for those who keep accounts; one query."""
    if not allows(user, "user.edit"):
        return []
    rows = staffing.filtered(staffing.visible_accounts(user, "user.edit"), {"q": asked.term})
    rows = rows.order_by(Account.sort_key, Account.id).limit(most)
    return [
        Found(
            account.full_name or account.email,
            url_for("UserView.show", pk=account.id),
            account.email if account.has_mail else "",
            "person",
        )
        for account in db.session.scalars(rows)
    ]


SOURCES = (
    Source(
        _l("Proposals"),
        find_proposals,
        lambda asked: url_for("ProposalView.list", q=asked.typed),
        jump_to_proposal,
    ),
    Source(_l("Organizations"), find_organizations, lambda asked: url_for("OrganizationView.list", q=asked.typed)),
    Source(_l("Evaluation sessions"), find_sessions, lambda asked: url_for("SessionView.list", q=asked.typed)),
    Source(_l("People"), find_people, lambda asked: url_for("UserView.list", q=asked.typed)),
)


def register(builder: Any) -> None:  # noqa: ARG001 - every module of the fund is registered alike
    """Add the sources before those of the core, once."""
    search_sources[:] = [*SOURCES, *(source for source in search_sources if source not in SOURCES)]
