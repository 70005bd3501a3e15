"""The main page: what waits for this person now, and the ways on (spec: fund.md 2.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_appbuilder import IndexView, expose
from flask_babel import ngettext

from models.core.clock import now, today
from models.core.kinds import KINDS
from models.core.thai.dates import fiscal_year
from views.core.access import signed_in


@dataclass(frozen=True)
class Waiting:
    """Something that waits for this user: how many, what, since when, and the one button."""

    count: int
    title: str
    detail: str
    url: str
    button: str
    oldest: datetime | None = None
    is_late: bool = False


@dataclass
class Tile:
    """A part of the system on the main page, with the links that this user may follow."""

    title: str
    icon: str
    links: list[tuple[str, str]] = field(default_factory=list)


# Each domain adds what it knows; asked in order at every visit of the main page.
waiting_sources: list[Callable[[Any], list[Waiting]]] = []
tile_sources: list[Callable[[Any], list[Tile]]] = []
# Anything else that a domain shows beside the list (next sessions, the latest opened): {"template", ...}, which the
# template gets as `panel`.
panel_sources: list[Callable[[Any], list[dict[str, Any]]]] = []


def age_of(oldest: datetime) -> str:
    """How long the oldest of what waits has waited, in the reader's language."""
    waited = now() - oldest
    if waited.days:
        return ngettext("Oldest %(num)s day", "Oldest %(num)s days", waited.days)
    hours = max(1, waited.seconds // 3600)
    return ngettext("Oldest %(num)s hour", "Oldest %(num)s hours", hours)


class HomeView(IndexView):  # type: ignore[misc]
    """หน้าหลัก."""

    route_base = ""
    default_view = "index"

    @expose("/")
    @signed_in
    def index(self) -> ResponseReturnValue:
        """Show what waits, the tiles and the panels."""
        return render_template(
            "core/home.html",
            # One's own people are spoken to as colleagues, the public as guests.
            is_internal=any(KINDS[kind].internal for kind in g.user.kinds),
            waiting=[item for source in waiting_sources for item in source(g.user) if item.count],
            tiles=[tile for source in tile_sources for tile in source(g.user) if tile.links],
            panels=[panel for source in panel_sources for panel in source(g.user)],
            fiscal_year=fiscal_year(today()),
            age_of=age_of,
        )
