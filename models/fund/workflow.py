"""The moves of a proposal, as one table; any other move is refused (spec: fund.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from models.core.workflow import move, moves
from models.fund.codes import AGENDA_STATE, SCORED_LEVELS, STATE_AFTER, WAITING_STATE, State

S = State  # for the table's columns

WAITS = frozenset(WAITING_STATE.values())
ON_AGENDA = frozenset(AGENDA_STATE.values())
SCORED = frozenset(AGENDA_STATE[level] for level in SCORED_LEVELS)

# fmt: off
PROPOSAL_MOVES = moves(
    #    name                   from                   to                permission          tells
    move("save",                S.DRAFT,               S.DRAFT,          "proposal.edit"),
    move("mark_ready",          S.DRAFT,               S.READY,          "proposal.edit",    "proposal_ready"),
    move("take_back",           S.READY,               S.DRAFT,          "proposal.edit",    "proposal_taken_back"),
    move("submit",              {S.DRAFT, S.READY},    S.SCREENING,      "proposal.submit",  "proposal_submitted"),
    move("pass_screening",      S.SCREENING,           S.WAIT_GROUP,     "proposal.decide",  "screening_passed"),
    move("fail_screening",      S.SCREENING,           S.RETURNED,       "proposal.decide",  "screening_failed"),
    move("documents_incomplete", S.SCREENING,           S.RETURNED,       "proposal.decide",  "screening_documents"),
    move("put_on_agenda",       WAITS,                 None,             "session.edit",     "proposal_on_agenda"),
    move("take_off_agenda",     ON_AGENDA,             None,             "session.edit",     "proposal_off_agenda"),
    move("record",              SCORED,                None,             "result.record",    "evaluation_recorded"),
    move("approve",             S.AGENDA_BOARD,        S.APPROVED,       "result.record",    "board_approved"),
    move("refuse",              S.AGENDA_BOARD,        S.RETURNED,       "result.record",    "board_refused"),
    move("not_consider",        {S.SCREENING, *WAITS}, S.NOT_CONSIDERED, "proposal.decide",  "proposal_not_considered"),
    move("revise",              S.RETURNED,            S.DRAFT,          "proposal.edit",    "proposal_revised"),
    move("discard",             S.DRAFT,               S.RETURNED,       "proposal.edit",    "revision_discarded"),
    move("delete",              S.DRAFT,               S.DELETED,        "proposal.delete",  "proposal_deleted"),
    move("restore",             S.DELETED,             S.DRAFT,          "proposal.restore", "proposal_restored"),
)
# fmt: on

# The ends of the moves whose end depends on where they start, or on the points: source -> possible ends.
ENDS: dict[str, dict[str, tuple[str, ...]]] = {
    "put_on_agenda": {WAITING_STATE[level]: (AGENDA_STATE[level],) for level in WAITING_STATE},
    "take_off_agenda": {AGENDA_STATE[level]: (WAITING_STATE[level],) for level in WAITING_STATE},
    "record": {AGENDA_STATE[level]: (STATE_AFTER[level], S.RETURNED) for level in SCORED_LEVELS},
}


def arrows() -> Iterator[tuple[str, str, str]]:
    """Every arrow of the table: move, from, to."""
    for row in PROPOSAL_MOVES.values():
        for source in sorted(row.sources):
            ends = ENDS[row.name][source] if row.name in ENDS else (row.target or source,)
            for end in ends:
                yield row.name, source, end


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {S.DRAFT}"]
    lines += [f"    {source} --> {end}: {name}" for name, source, end in arrows()]
    lines += [f"    {state} --> [*]" for state in (S.APPROVED, S.NOT_CONSIDERED)]
    return "\n".join(lines)
