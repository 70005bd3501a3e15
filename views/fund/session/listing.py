"""The sessions as a list and as a month, and what of them goes into files."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from models.core.clock import now, today
from models.core.matrix import allows
from models.core.thai.dates import format_date, to_bangkok
from models.fund.codes import SESSION_LEVELS
from models.fund.session import EvaluationSession
from views.core.access import needs
from views.core.export import send_table
from views.core.look import lang
from views.fund.session import queries
from views.fund.session.calendar import calendar_of
from views.fund.session.deeds import session_or_404
from views.fund.session.export import columns, line_of

# How far back somebody's own calendar file reaches.
KEPT = timedelta(days=366)
EARLIEST, LATEST = date(1957, 1, 1), date(2156, 12, 31)


@dataclass(frozen=True)
class Day:
    """A day of the month's page with its meetings."""

    day: date
    is_in_month: bool
    is_today: bool
    sessions: list[EvaluationSession]


def month_of(text: str) -> date:
    """The first day of the month "2569-03"; the current month for anything that is none."""
    year, _dash, month = text.partition("-")
    if all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in (year, month)):
        try:
            found = date(int(year) - 543, int(month), 1)
        except ValueError:
            found = EARLIEST - timedelta(days=1)
        if EARLIEST <= found <= LATEST:
            return found
    return today().replace(day=1)


def month_key(day: date) -> str:
    """The month of a day as addresses write it."""
    return f"{day.year + 543}-{day.month:02d}"


class Listing:
    """Pages and files of many sessions; mixed into `SessionView`."""

    page: Any

    @expose("/")
    @needs("session.view")
    def list(self) -> ResponseReturnValue:
        """The sessions that the user may see, what is coming first."""
        filters = queries.Filters.read(request.args)
        rows = EvaluationSession.visible_to(g.user, "session.view")
        page = queries.page_of(
            queries.narrowed(rows, filters),
            filters.order,
            request.args.get("after", ""),
            request.args.get("before", ""),
        )
        return self.page(
            "fund/session/list.html",
            page_of_list=page,
            filters=filters,
            counts=queries.tab_counts(rows, filters),
            may_edit=allows(g.user, "session.edit"),
        )

    @expose("/month")
    @needs("session.view")
    def month(self) -> ResponseReturnValue:
        """A month of meetings, by day."""
        first = month_of(request.args.get("month", ""))
        level = request.args.get("level", "")
        level = level if level in SESSION_LEVELS else ""
        weeks = calendar.Calendar(firstweekday=6).monthdatescalendar(first.year, first.month)
        rows = queries.narrowed(
            EvaluationSession.visible_to(g.user, "session.view"), queries.Filters(tab="all", level=level)
        )
        by_day: dict[date, Any] = {}
        for session in queries.between(rows, weeks[0][0], weeks[-1][-1]):
            by_day.setdefault(to_bangkok(session.starts_at).date(), []).append(session)
        this_day = today()
        return self.page(
            "fund/session/month.html",
            title=format_date(first, "long", lang()).partition(" ")[2],
            level=level,
            weeks=[
                [Day(day, day.month == first.month, day == this_day, by_day.get(day, [])) for day in week]
                for week in weeks
            ],
            month=month_key(first),
            before=month_key(first - timedelta(days=1)),
            after=month_key(first + timedelta(days=32)),
            now_month=month_key(this_day),
            may_edit=allows(g.user, "session.edit"),
        )

    @expose("/export.<ending>")
    @needs("session.view")
    def export(self, ending: str) -> ResponseReturnValue:
        """The list as it is filtered, as xlsx or csv."""
        filters = queries.Filters.read(request.args)
        rows = queries.narrowed(EvaluationSession.visible_to(g.user, "session.view"), filters)
        lines = (line_of(row) for row in queries.all_rows(rows, filters.order))
        return send_table(ending, columns(), lines, name="sessions", entity="fund_evaluation_session")

    @expose("/mine.ics")
    @needs("session.view")
    def mine(self) -> ResponseReturnValue:
        """The sessions in which the user sits, as one calendar file."""
        return _calendar_file(queries.seats_taken_by(g.user, now() - KEPT), "sessions.ics")

    @expose("/<int:pk>/session.ics")
    @needs("session.view")
    def calendar(self, pk: int) -> ResponseReturnValue:
        """The meeting as a calendar file, for whoever may see the session."""
        return _calendar_file([session_or_404(pk, "session.view")], f"session-{pk}.ics")


def _calendar_file(sessions: Any, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(calendar_of(sessions), mimetype="text/calendar", headers=headers)
