"""What one does with the list as a whole: take it away as a file, keep its filters as a tab (spec: README, Lists)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager
from werkzeug.exceptions import BadRequest

from jobs.exporting import NotGiven, Table, register_list
from models.core.db import db
from models.core.listing import capped_count
from models.core.matrix import allows, kinds_of
from models.core.reference.provinces import province_name
from models.core.saved_list import SavedList, kept_of
from models.core.thai.dates import bangkok_day
from models.fund import scope
from models.fund.codes import LEVELS
from models.fund.proposal import Proposal
from reports.core.table import Column
from views.core.access import needs
from views.core.export import send_list
from views.core.lists import carried, change_kept, keep_filters, readable
from views.core.look import lang
from views.fund.organization.words import sector_label
from views.fund.proposal import asked as asking
from views.fund.proposal import queries
from views.fund.proposal.asked import Asked
from views.fund.proposal.lines import Reader
from views.fund.proposal.page import shown_state
from views.fund.words import level_chip, level_label

VIEW = "proposal.view"
PAGE = "fund.proposals"
LIST = "fund_proposal"
# What a request can write while somebody waits; longer lists are made by the worker.
AT_ONCE = {"xlsx": 50_000, "csv": 100_000}


class ListTools:
    """The list's routes beside the page itself."""

    @expose("/export.<ending>")
    @needs(VIEW)
    def export(self, ending: str) -> ResponseReturnValue:
        """The list as it is filtered and sorted, all pages of it."""
        wanted = asking.read(request.args, queries.tabs_of(g.user))
        asked = wanted.values(after=None, before=None, at="", size=Asked.size)
        return send_list(LIST, ending, asked, back=wanted.url(), most=AT_ONCE)

    @expose("/saved", methods=["POST"])
    @needs(VIEW)
    def save_filters(self) -> ResponseReturnValue:
        """Keep what the list asks for under a name, as a tab of one's own; the fund's people may share it."""
        wanted = returning()
        return keep_filters(PAGE, query_of(wanted), wanted.url(), may_share=may_share(g.user))

    @expose("/saved/<int:pk>", methods=["POST"])
    @needs(VIEW)
    def change_filters(self, pk: int) -> ResponseReturnValue:
        """Rename, share or take away a tab of one's own."""
        return change_kept(PAGE, pk, returning().url(), url_for("ProposalView.list"), may_share=may_share(g.user))


def may_share(user: Any) -> bool:
    """Whether tabs of this list are shared with the user: among the fund's people, never with applicants."""
    return bool(kinds_of(user, VIEW) & scope.INTERNAL)


def open_list(user: Any, given: Mapping[str, Any]) -> Table:
    """The proposals that the user sees now and asked for, as a table. Raises NotGiven."""
    if not allows(user, VIEW):
        raise NotGiven
    try:
        wanted = asking.read({name: str(value) for name, value in given.items()}, queries.tabs_of(user))
    except BadRequest:
        raise NotGiven from None
    rows, reader = queries.narrowed(user, wanted), Reader.of(user)
    return Table(
        title=_("Proposals"),
        name="proposals",
        entity="fund_proposal",
        columns=_columns(reader),
        count=lambda most: capped_count(rows, Proposal.id, most),
        rows=lambda: _lines(wanted.order.sorted(rows), reader),
    )


register_list(LIST, open_list)


def returning() -> Asked:
    """The list that a form carried along. Raises BadRequest where it cannot be meant."""
    return asking.read(carried(), queries.tabs_of(g.user))


def query_of(asked: Asked) -> dict[str, str]:
    """What of a list is worth keeping: its tab, filters and order, not the place in it."""
    return {name: str(value) for name, value in asked.values(after=None, before=None, at="", size=Asked.size).items()}


def saved_tabs() -> list[tuple[SavedList, Asked]]:
    """One's own tabs, then those that are shared, with what they ask for; what can no longer be meant is left out."""
    kept = kept_of(g.user.id, PAGE, sees_shared=may_share(g.user))
    tabs = queries.tabs_of(g.user)
    return readable((*kept.own, *kept.shared), lambda query: asking.read(query, tabs))


def _columns(reader: Reader) -> list[Column]:
    points = [Column(_("Points: %(level)s", level=level_label(level)), "number", 12) for level in ("group", "sub")]
    return [
        Column(_("Project number"), width=14),
        Column(_("Project name"), width=50),
        Column(_("Organization"), width=40),
        Column(_("Sector"), width=14),
        Column(_("Province"), width=18),
        Column(_("Fiscal year (B.E.)"), "number", 12),
        Column(_("Date submitted"), "date", 14),
        Column(_("Revision"), "number", 10),
        Column(_("Amount asked from the fund (baht)"), "money", 18),
        Column(_("State"), width=22),
        *(Column(level_label(level), width=24) for level in LEVELS),
        *(points if reader.sees_results else []),
    ]


def _lines(rows: Any, reader: Reader) -> Iterator[tuple[Any, ...]]:
    """The rows of the file, read in portions so that a long list needs no more memory than a short one."""
    statement = rows.options(contains_eager(Proposal.organization)).execution_options(yield_per=500)
    sectors: dict[str, str] = {}
    provinces: dict[str, str] = {}
    labels: dict[tuple[str, str], str] = {}
    for proposal in db.session.scalars(statement):
        organization = proposal.organization
        is_own = reader.owns(proposal)
        sector, province = organization.sector, organization.province_code
        if sector not in sectors:
            sectors[sector] = sector_label(sector)
        if province not in provinces:
            provinces[province] = province_name(province, lang()) if province else ""
        statuses = []
        for level in LEVELS:
            key = (level, getattr(proposal, f"{level}_status"))
            if key not in labels:
                chip = level_chip(*key)
                labels[key] = str(chip.text) if chip is not None else ""
            statuses.append(labels[key])
        state = shown_state(proposal, is_own)
        points = (proposal.group_points, proposal.sub_points) if reader.sees_results else ()
        yield (
            proposal.number,
            proposal.title,
            organization.name,
            sectors[sector],
            provinces[province],
            proposal.fiscal_year,
            bangkok_day(proposal.submitted_at) if proposal.submitted_at else None,
            proposal.revision_number or None,
            proposal.amount_asked,
            str(state.text),
            *statuses,
            *points,
        )
