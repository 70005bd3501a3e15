"""Scoring by the working group and the sub-committee, and the board's decision (spec: fund.md 8)."""

from models.fund.scoring.form import FORM_MOVES, Indicator, ScoringForm, Topic, current_form, ensure_reference
from models.fund.scoring.points import BANDS, FULL_TOTAL, PASSING, ShapeOfPoints, band, passes, points
from models.fund.scoring.sheet import Answer, BoardDecision, Choice, Sheet, save_sheet, sheet_of

__all__ = [
    "BANDS",
    "FORM_MOVES",
    "FULL_TOTAL",
    "PASSING",
    "Answer",
    "BoardDecision",
    "Choice",
    "Indicator",
    "ScoringForm",
    "ShapeOfPoints",
    "Sheet",
    "Topic",
    "band",
    "current_form",
    "ensure_reference",
    "passes",
    "points",
    "save_sheet",
    "sheet_of",
]
