"""The list of sessions as a spreadsheet (spec: README, Lists)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from models.core.thai.dates import to_bangkok
from reports.core.table import Column
from views.fund.session.queries import Row
from views.fund.session.words import session_type, state_word


def columns() -> list[Column]:
    """The headings; day and time are Bangkok's."""
    return [
        Column(_("Name of the session"), width=44),
        Column(_("Date"), "date", 14),
        Column(_("Begins"), width=10),
        Column(_("Ends"), width=10),
        Column(_("Type of session"), width=22),
        Column(_("Place"), width=30),
        Column(_("Chair"), width=30),
        Column(_("Proposals"), "number", 12),
        Column(_("Results recorded"), "number", 12),
        Column(_("Status"), width=14),
    ]


def line_of(row: Row) -> tuple[Any, ...]:
    """A session under these headings."""
    session = row.session
    starts, ends = to_bangkok(session.starts_at), session.ends_at
    return (
        session.name,
        starts.date(),
        f"{starts:%H.%M}",
        f"{to_bangkok(ends):%H.%M}" if ends else "",
        session_type(session.level),
        session.place,
        session.chair.full_name if session.chair else "",
        row.items,
        row.done,
        state_word(session.state),
    )
