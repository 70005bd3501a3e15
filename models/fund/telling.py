"""Which events of the fund are told in which way its users chose (spec: fund.md 9)."""

from __future__ import annotations

from models.core.choice import ADMINISTRATION, PROPOSALS, SESSIONS, group_events
from models.fund.membership import MEMBERSHIP_MOVES
from models.fund.workflow import PROPOSAL_MOVES

# The recording of a sheet says its result; the rest does not follow from a move of the proposal.
_OF_PROPOSALS = {
    "evaluation_passed",
    "evaluation_failed",
    "proposal_moved_session",
    "proposal_handed_over",
    "proposal_given_away",
}

group_events(PROPOSALS, _OF_PROPOSALS | {move.tells for move in PROPOSAL_MOVES.values() if move.tells})
group_events(SESSIONS, ("session_invitation", "session_changed", "session_called_off"))
group_events(
    ADMINISTRATION,
    {"member_added", "member_joined", "organization_merged"}
    | {move.tells for move in MEMBERSHIP_MOVES.values() if move.tells},
)
