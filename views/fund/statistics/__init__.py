"""Statistics of requests (สถิติการขอรับการสนับสนุน), open to all kinds of user (spec: fund.md 10)."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from jobs import statistics as jobs_statistics  # noqa: F401 - the job that folds the sums
from models.core.matrix import allows
from views.core.home import Tile, tile_sources
from views.core.log_words import name_entities
from views.fund.statistics import command as command
from views.fund.statistics.view import StatisticsView

name_entities({"fund_statistics": _l("Statistics")})


def tiles(user: Any) -> list[Tile]:
    """สถิติ, for whoever may see them."""
    if not allows(user, "statistics.view"):
        return []
    return [Tile(_("Statistics"), "bar-chart", [(_("Statistics of requests"), url_for("StatisticsView.index"))])]


def register(builder: Any) -> None:
    """Add the page, its place in the menu and its tile."""
    builder.add_view(
        StatisticsView, "statistics", label=_l("Statistics"), icon="bar-chart", category="fund",
        category_label=_l("Fund"),
    )  # fmt: skip
    if tiles not in tile_sources:
        tile_sources.append(tiles)
