"""Recording results of the working group, the sub-committee and the board, and showing them (spec: fund.md 8)."""

from __future__ import annotations

from typing import Any

from flask import current_app

from views.fund.scoring.desk import fund_results
from views.fund.scoring.view import ScoringView


def register(builder: Any) -> None:
    """Add the record form, and let every template ask for the results of a revision."""
    current_app.jinja_env.globals.update(fund_results=fund_results)
    builder.add_view_no_menu(ScoringView)
