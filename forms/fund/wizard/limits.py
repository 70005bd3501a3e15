"""How many rows a list of the wizard takes: far more than any proposal has, few enough for one page to hold."""

from __future__ import annotations

from models.core import setting
from models.fund import settings
from models.fund.kinds import is_contribution

_SETTINGS = {"steps": settings.ROWS_STEP, "activities": settings.ROWS_ACTIVITY}


def most_rows(name: str) -> int:
    """The most rows that the list `name` takes."""
    otherwise = settings.ROWS_LIST
    if is_contribution(name):
        otherwise = settings.ROWS_CONTRIBUTION
    elif name in setting.choices(settings.KINDS_OF_DOCUMENT):
        otherwise = settings.ROWS_DOCUMENT
    rows: int = setting.value(_SETTINGS.get(name, otherwise))
    return rows
