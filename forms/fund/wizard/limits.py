"""How many rows a list of the wizard takes: far more than any proposal has, few enough for one page to hold."""

from __future__ import annotations

from flask import current_app, has_app_context

from models.fund.codes import ALL_LINE_KINDS, ATTACHMENT_KINDS, CONTRIBUTION_KINDS

# Data, not rules: an installation gives its own in the configuration key FUND_MOST_ROWS, by the same names.
MOST_ROWS: dict[str, int] = {
    **dict.fromkeys(ALL_LINE_KINDS, 100),
    **{f"contribution_{kind}": 50 for kind in CONTRIBUTION_KINDS},
    **dict.fromkeys(ATTACHMENT_KINDS, 50),
    "steps": 50,
    "activities": 100,
}


def most_rows(name: str) -> int:
    """The most rows that the list `name` takes in this installation."""
    own = current_app.config.get("FUND_MOST_ROWS", {}) if has_app_context() else {}
    return int(own.get(name, MOST_ROWS[name]))
