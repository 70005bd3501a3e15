"""What was found of a proposal at each level, and the scoring form's versions (spec: fund.md 6 and 8).

Found is what was sent: a form that somebody still fills in is not a result yet.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from models.core.entities import OFFICE
from models.core.entity import Entity, Gates, declare
from models.fund.codes import SCORED_LEVELS, Result
from models.fund.entities.proposals import submitted
from models.fund.revision import Revision
from models.fund.scoring.form import DRAFT, PUBLISHED, Indicator, ScoringForm, Topic
from models.fund.scoring.sheet import Answer, BoardDecision, Sheet
from models.fund.screening import DOCUMENT_CHOICES, MISSION_CHOICES, RESULT_MOVES, Screening, ScreeningItem


def _sent(model: Any) -> Any:
    """The rows of a form's table that were sent, of revisions that the user reads."""

    def rows(user: Any, permission: str) -> Select[Any]:
        revisions = submitted(user, permission).with_only_columns(Revision.id)
        return select(model).where(model.sent_at.is_not(None), model.revision_id.in_(revisions))

    return rows


SCREENING = declare(
    Entity(
        "screening",
        Screening,
        Gates("result.view"),
        users=OFFICE,
        group="fund",
        listed=("revision_id", "result", "sent_at", "sent_by_id"),
        shown=("revision_id", "result", "advice", "sent_at", "sent_by_id"),
        filtered=("result", "sent_at", "sent_by_id", "revision_id"),
        rows=_sent(Screening),
        choices={"result": tuple(RESULT_MOVES)},
    )
)

SCREENING_ITEM = declare(
    Entity(
        "screening_item",
        ScreeningItem,
        Gates("result.view"),
        users=OFFICE,
        group="fund",
        listed=("code", "label", "choice", "screening_id"),
        shown=("screening_id", "code", "label", "position", "choice", "advice"),
        filtered=("screening_id", "choice"),
        within=(ScreeningItem.position,),
        counted=("position",),
        parent="screening_id",
        choices={"choice": (*MISSION_CHOICES, *DOCUMENT_CHOICES)},
    )
)

SHEET = declare(
    Entity(
        "sheet",
        Sheet,
        Gates("result.view"),
        users=OFFICE,
        group="fund",
        listed=("revision_id", "level", "total", "sent_at", "sent_by_id"),
        shown=("revision_id", "level", "form_id", "total", "advice", "sent_at", "sent_by_id"),
        filtered=("level", "total", "sent_at", "sent_by_id", "revision_id", "form_id"),
        rows=_sent(Sheet),
        choices={"level": SCORED_LEVELS},
    )
)

ANSWER = declare(
    Entity(
        "answer",
        Answer,
        Gates("result.view"),
        users=OFFICE,
        group="fund",
        listed=("number", "sheet_id", "choice", "points"),
        shown=("sheet_id", "topic_id", "number", "choice", "ticked", "points", "advice"),
        filtered=("sheet_id", "choice", "points"),
        within=(Answer.number,),
        parent="sheet_id",
        choices={"choice": ("none", "has")},
    )
)

DECISION = declare(
    Entity(
        "board_decision",
        BoardDecision,
        Gates("result.view"),
        users=OFFICE,
        group="fund",
        listed=("revision_id", "result", "resolution_number", "resolution_date", "recorded_at"),
        shown=("revision_id", "result", "resolution_number", "resolution_date", "recorded_at", "recorded_by_id"),
        filtered=("result", "resolution_date", "recorded_at", "recorded_by_id", "revision_id"),
        parent="revision_id",
        choices={"result": (Result.APPROVED, Result.REFUSED, Result.NOT_CONSIDERED)},
    )
)

FORM = declare(
    Entity(
        "scoring_form",
        ScoringForm,
        Gates("scoring_form.edit"),
        users=OFFICE,
        group="fund",
        listed=("number", "state", "note", "passing", "published_at"),
        shown=("number", "state", "note", "floors", "passing", "based_on_id", "created_at", "published_at"),
        filtered=("state", "published_at"),
        choices={"state": (DRAFT, PUBLISHED)},
    )
)

TOPIC = declare(
    Entity(
        "topic",
        Topic,
        Gates("scoring_form.edit"),
        users=OFFICE,
        group="fund",
        listed=("number", "title_th", "full", "form_id"),
        shown=("form_id", "number", "title_th", "full", "points"),
        filtered=("form_id", "number"),
        within=(Topic.number,),
        parent="form_id",
    )
)

INDICATOR = declare(
    Entity(
        "indicator",
        Indicator,
        Gates("scoring_form.edit"),
        users=OFFICE,
        group="fund",
        listed=("text", "position", "topic_id"),
        shown=("topic_id", "position", "text"),
        filtered=("topic_id",),
        within=(Indicator.position,),
        counted=("position",),
        parent="topic_id",
    )
)
