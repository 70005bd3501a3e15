"""What the comparison with last year is said in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from models.assessment.comparison import BRANCH, DOUBLED, HALVED, NEW, SCHOOL, SCHOOL_BRANCH, VANISHED, Pair

CHANGE_LABELS: dict[str, Any] = {
    DOUBLED: _l("At least doubled"),
    HALVED: _l("At most half"),
    VANISHED: _l("Vanished"),
    NEW: _l("New this year"),
}
LEVEL_LABELS: dict[str, Any] = {
    SCHOOL_BRANCH: _l("By school and branch"),
    SCHOOL: _l("By school"),
    BRANCH: _l("By branch"),
}


def change_label(code: str) -> str:
    """What became of a number."""
    return str(CHANGE_LABELS[code])


def level_label(code: str) -> str:
    """By what numbers are compared."""
    return str(LEVEL_LABELS[code])


def difference(pair: Pair) -> str:
    """How many more or fewer, and of a hundred where there were some: +12 (+30%)."""
    if not pair.difference:
        return "0"
    if pair.percent is None:
        return f"{pair.difference:+,}"
    return f"{pair.difference:+,} ({pair.percent:+,}%)"
