"""Evaluation sessions (วาระการพิจารณา): who sits, which proposals, who steps out of which item (spec: fund.md 7)."""

from __future__ import annotations

from models.fund.session.codes import CANCELLED, CLOSED, DELETED, OPEN, ROLES, USUAL_LENGTH, ItemState, MemberRole
from models.fund.session.meeting import FIELDS, SESSION_MOVES, EvaluationSession, create_session
from models.fund.session.rows import (
    AgendaItem,
    ClearedConflict,
    CommitteeAffiliation,
    Invitation,
    SessionMember,
    SteppingOut,
)

__all__ = [
    "CANCELLED",
    "CLOSED",
    "DELETED",
    "FIELDS",
    "OPEN",
    "ROLES",
    "SESSION_MOVES",
    "USUAL_LENGTH",
    "AgendaItem",
    "ClearedConflict",
    "CommitteeAffiliation",
    "EvaluationSession",
    "Invitation",
    "ItemState",
    "MemberRole",
    "SessionMember",
    "SteppingOut",
    "create_session",
]
