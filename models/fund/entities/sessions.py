"""Evaluation sessions, who sits, what is on the agenda, who steps out (spec: fund.md 7)."""

from __future__ import annotations

from typing import Any

from models.core.entities import OFFICE
from models.core.entity import Deeds, Entity, Gates, Kind, Values, declare
from models.core.listing import Order
from models.fund.codes import SESSION_LEVELS
from models.fund.rules import MEETING_NEEDS, wrong_meeting
from models.fund.session import (
    CANCELLED,
    CLOSED,
    DELETED,
    OPEN,
    ROLES,
    AgendaItem,
    ClearedConflict,
    EvaluationSession,
    Invitation,
    ItemState,
    SessionMember,
    SteppingOut,
    create_session,
)

TYPED = ("name", "level", "starts_at", "ends_at", "place", "link")
STATES = (OPEN, CLOSED, CANCELLED, DELETED)


def _change(user: Any, session: EvaluationSession, values: Values) -> None:
    session.perform("edit", user, session.version, content=dict(values))


def _refusal(deed: str, user: Any, session: Any) -> Any:
    moves = {"change": "edit", "delete": "delete"}
    return session.refusal(moves[deed], user) if deed in moves and session is not None else None


EVALUATION_SESSION = declare(
    Entity(
        "evaluation_session",
        EvaluationSession,
        Gates("session.view", add="session.edit", change="session.edit", delete="session.edit"),
        users=OFFICE,
        group="fund",
        listed=("name", "level", "starts_at", "ends_at", "place", "state"),
        shown=(*TYPED, "state", "created_by_id", "invited_at", "invitation_number", "cancel_reason"),
        added=TYPED,
        changed=TYPED,
        filtered=("level", "state", "starts_at", "created_by_id"),
        orders=(
            Order("-date", (EvaluationSession.starts_at,), EvaluationSession.id, descending=True),
            Order("date", (EvaluationSession.starts_at,), EvaluationSession.id),
        ),
        search=(EvaluationSession.name_search,),
        alike=("name", EvaluationSession.name_search),
        deeds=Deeds(
            add=lambda user, values: create_session(user, **values),
            change=_change,
            delete=lambda user, session: session.perform("delete", user, session.version),
            refusal=_refusal,
        ),
        choices={"level": SESSION_LEVELS, "state": STATES},
        kinds={"link": Kind.WEB_LINK},
        required=MEETING_NEEDS,
        rule=wrong_meeting,
        moves={"invite": (), "cancel": ("reason",), "close": (), "reopen": ()},
    )
)

SESSION_MEMBER = declare(
    Entity(
        "session_member",
        SessionMember,
        Gates("session.view"),
        users=OFFICE,
        group="fund",
        listed=("user_id", "role", "session_id", "attended"),
        shown=("session_id", "user_id", "role", "position", "attended"),
        filtered=("session_id", "user_id", "role", "attended"),
        within=(SessionMember.position,),
        counted=("position",),
        parent="session_id",
        choices={"role": ROLES},
    )
)

AGENDA_ITEM = declare(
    Entity(
        "agenda_item",
        AgendaItem,
        Gates("session.view"),
        users=OFFICE,
        group="fund",
        listed=("proposal_id", "session_id", "position", "state", "put_on_at"),
        shown=("session_id", "proposal_id", "revision_id", "position", "state", "put_on_at", "ended_at"),
        filtered=("session_id", "proposal_id", "state", "put_on_at"),
        within=(AgendaItem.position,),
        counted=("position",),
        parent="session_id",
        choices={"state": (ItemState.ON, ItemState.OFF, ItemState.DONE)},
    )
)

STEPPING_OUT = declare(
    Entity(
        "stepping_out",
        SteppingOut,
        Gates("session.view"),
        users=OFFICE,
        group="fund",
        listed=("user_id", "item_id", "reason", "since"),
        shown=("item_id", "user_id", "reason", "why", "note", "since"),
        filtered=("item_id", "user_id", "since"),
        parent="item_id",
    )
)

CLEARED_CONFLICT = declare(
    Entity(
        "cleared_conflict",
        ClearedConflict,
        Gates("session.view"),
        users=OFFICE,
        group="fund",
        listed=("user_id", "item_id", "cleared_by_id", "cleared_at"),
        shown=("item_id", "user_id", "note", "cleared_by_id", "cleared_at"),
        filtered=("item_id", "user_id", "cleared_at"),
        parent="item_id",
    )
)

INVITATION = declare(
    Entity(
        "invitation",
        Invitation,
        Gates("session.view"),
        users=OFFICE,
        group="fund",
        listed=("user_id", "session_id", "sent_at", "called_off_at"),
        shown=("session_id", "user_id", "sequence", "sent_at", "called_off_at"),
        filtered=("session_id", "user_id", "sent_at"),
        parent="session_id",
    )
)
