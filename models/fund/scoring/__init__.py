"""Scoring by the working group and the sub-committee, and the board's decision (spec: fund.md 8)."""

from models.fund.scoring.form import FORM_MOVES, Indicator, ScoringForm, Topic
from models.fund.scoring.points import BAND_CODES, FULL_TOTAL, Scale, ShapeOfPoints, points
from models.fund.scoring.sheet import Answer, BoardDecision, Choice, Sheet, save_sheet, sheet_of
from models.fund.scoring.versions import changes, current_form, ensure_reference, new_version, open_draft

__all__ = [
    "BAND_CODES",
    "FORM_MOVES",
    "FULL_TOTAL",
    "Answer",
    "BoardDecision",
    "Choice",
    "Indicator",
    "Scale",
    "ScoringForm",
    "ShapeOfPoints",
    "Sheet",
    "Topic",
    "changes",
    "current_form",
    "ensure_reference",
    "new_version",
    "open_draft",
    "points",
    "save_sheet",
    "sheet_of",
]
