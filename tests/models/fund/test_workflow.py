"""The table of moves: every move from every state, by those who may and those who may not."""

from __future__ import annotations

import pytest

from models.core.workflow import Refusal, Refused
from models.fund.codes import LEVEL_OF_STATE, SCORED_LEVELS, STATES, WAITING_STATE, State
from models.fund.proposal import Proposal
from models.fund.scoring import save_sheet
from models.fund.screening import save_screening
from models.fund.workflow import PROPOSAL_MOVES, arrows, diagram
from tests.factories.fund import Cast, all_items, all_topics, make_manager, make_proposal, make_session, make_user

S = State
WAITS = ("wait_group", "wait_sub", "wait_board")
# The spec's table, written out once more: (move, from) -> to. Sheets are filled to pass.
EXPECTED = {
    ("save", "draft"): "draft",
    ("mark_ready", "draft"): "ready",
    ("take_back", "ready"): "draft",
    ("submit", "draft"): "screening",
    ("submit", "ready"): "screening",
    ("pass_screening", "screening"): "wait_group",
    ("fail_screening", "screening"): "returned",
    ("documents_incomplete", "screening"): "returned",
    ("put_on_agenda", "wait_group"): "agenda_group",
    ("put_on_agenda", "wait_sub"): "agenda_sub",
    ("put_on_agenda", "wait_board"): "agenda_board",
    ("take_off_agenda", "agenda_group"): "wait_group",
    ("take_off_agenda", "agenda_sub"): "wait_sub",
    ("take_off_agenda", "agenda_board"): "wait_board",
    ("record", "agenda_group"): "wait_sub",
    ("record", "agenda_sub"): "wait_board",
    ("approve", "agenda_board"): "approved",
    ("refuse", "agenda_board"): "returned",
    ("not_consider", "screening"): "not_considered",
    **{("not_consider", state): "not_considered" for state in WAITS},
    ("revise", "returned"): "draft",
    ("discard", "draft"): "returned",
    ("delete", "draft"): "deleted",
    ("restore", "deleted"): "draft",
}
# A first draft cannot be discarded; EXPECTED's other drafts can. Tested on a draft of a later revision below.
STAFFS = {"proposal.decide", "session.edit", "result.record"}
KINDS = ("project_manager", "organization_manager", "staff", "committee", "super_user")


def prepare(proposal, cast):
    """Fill the form of the level that has the proposal in hand."""
    if proposal.state == S.SCREENING:
        save_screening(proposal, all_items(proposal.submitted_revision), cast.staff, 0)
    elif LEVEL_OF_STATE.get(proposal.state) in SCORED_LEVELS and proposal.state.startswith("agenda"):
        save_sheet(proposal, all_topics(4), cast.staff, 0)


def given_with(move, proposal, cast):
    if move == "save":
        return {"part": "2.1", "content": {"unit_name": "ฝ่ายใหม่"}}
    if move == "put_on_agenda" and proposal.state in WAITING_STATE.values():
        return {"session": make_session(LEVEL_OF_STATE[proposal.state], cast=cast)}
    if move == "put_on_agenda":
        return {"session": make_session("group", cast=cast)}
    if move == "not_consider":
        return {"reason": "อยู่นอกภารกิจ"}
    return {}


def actor_of(move, proposal, cast):
    """Somebody who holds the move's permission on the proposal: staff, or its author who also manages."""
    return cast.staff if PROPOSAL_MOVES[move].permission in STAFFS else proposal.author


@pytest.mark.parametrize("state", STATES)
def test_from_each_state_the_tables_moves_lead_to_their_ends_and_any_other_is_refused(session, state):
    cast = Cast()
    proposal = make_proposal(state, author=make_manager(), cast=cast)
    prepare(proposal, cast)

    for move in PROPOSAL_MOVES:
        with session.begin_nested() as attempt:
            given = given_with(move, proposal, cast)
            expected = None if (move, state) == ("discard", "draft") else EXPECTED.get((move, state))
            if expected is None:
                with pytest.raises(Refused) as refused:
                    proposal.perform(move, actor_of(move, proposal, cast), proposal.version, **given)
                assert refused.value.refusal.code in {"wrong_stage", "not_permitted", "first_draft"}
                assert proposal.state == state
            else:
                proposal.perform(move, actor_of(move, proposal, cast), proposal.version, **given)
                assert proposal.state == expected
            attempt.rollback()
        session.expire_all()


def test_a_draft_of_a_later_revision_is_discarded_and_never_deleted(session):
    proposal = make_proposal(S.RETURNED, author=make_manager())
    proposal.perform("revise", proposal.author, proposal.version)

    assert proposal.refusal("delete", proposal.author) == Refusal("was_submitted")
    proposal.perform("discard", proposal.author, proposal.version)

    assert proposal.state == S.RETURNED
    assert proposal.current_revision is proposal.submitted_revision


def test_the_table_names_each_arrow_of_the_spec_and_no_other():
    both_ends = {(move, source, S.RETURNED) for move, source in EXPECTED if move == "record"}

    assert set(arrows()) == {(move, source, end) for (move, source), end in EXPECTED.items()} | both_ends


def test_the_diagram_draws_every_arrow():
    text = diagram()

    assert text.startswith("stateDiagram-v2")
    assert all(f"    {source} --> {end}: {move}\n" in text + "\n" for move, source, end in arrows())


FIRST_STATE = dict(reversed(EXPECTED)) | {"discard": "draft"}


@pytest.mark.parametrize("move", PROPOSAL_MOVES)
def test_a_move_is_open_to_those_who_hold_its_permission_on_the_proposal_and_to_nobody_else(session, move):
    cast = Cast()
    proposal = make_proposal(FIRST_STATE[move], author=make_manager(), cast=cast)
    if move == "discard":
        from tests.factories.fund import walk

        walk(proposal, S.RETURNED, cast)
        proposal.perform("revise", proposal.author, proposal.version)
    prepare(proposal, cast)
    given = given_with(move, proposal, cast)
    permission = PROPOSAL_MOVES[move].permission

    for kind in KINDS:
        stranger = make_user(kind)
        holds = (kind == "staff" and permission in STAFFS) or (kind == "super_user" and move == "restore")
        if not holds:
            with pytest.raises(Refused) as refused:
                proposal.perform(move, stranger, proposal.version, **given)
            assert refused.value.refusal == Refusal("not_permitted", permission=permission)
    before = proposal.state
    proposal.perform(move, actor_of(move, proposal, cast), proposal.version, **given)
    assert (move, before, proposal.state) in set(arrows())


def test_of_two_who_act_at_once_the_second_is_told(session):
    from models.core.db import StaleVersion

    proposal = make_proposal(S.READY)
    manager = make_user("organization_manager", proposal)
    seen = proposal.version

    proposal.perform("submit", manager, seen)

    with pytest.raises(StaleVersion):
        proposal.perform("take_back", proposal.author, seen)
    assert proposal.state == S.SCREENING


def test_only_a_manager_of_the_organization_submits(session):
    proposal = make_proposal(S.READY)

    assert proposal.refusal("submit", proposal.author) == Refusal("not_permitted", permission="proposal.submit")
    assert proposal.refusal("submit", make_user("organization_manager", proposal)) is None


def test_a_manager_submits_their_own_complete_draft_but_anothers_only_when_it_is_ready(session):
    own = make_proposal(author=make_manager())
    others = make_proposal()
    manager = make_user("organization_manager", others)

    assert own.refusal("submit", own.author) is None
    assert others.refusal("submit", manager) == Refusal("not_ready")
    others.perform("mark_ready", others.author, others.version)
    assert others.refusal("submit", manager) is None


def test_an_incomplete_draft_is_neither_ready_nor_submitted(session):
    from models.fund.wizard import save_part

    proposal = make_proposal(author=make_manager())
    save_part(proposal, "2.2", {"indicator": []}, proposal.author, proposal.version)
    expected = Refusal("incomplete", parts={"2.2": ("indicator",)})

    assert proposal.refusal("mark_ready", proposal.author) == expected
    assert proposal.refusal("submit", proposal.author) == expected


def test_a_ready_draft_is_locked_until_it_is_taken_back(session):
    proposal = make_proposal(S.READY)

    assert proposal.refusal("save", proposal.author).code == "wrong_stage"
    proposal.perform("take_back", proposal.author, proposal.version)
    assert proposal.refusal("save", proposal.author) is None


def test_a_screening_result_needs_a_saved_form_with_every_item_answered(session):
    cast = Cast()
    proposal = make_proposal(S.SCREENING, cast=cast)

    assert proposal.refusal("pass_screening", cast.staff) == Refusal("screening_missing")
    form = save_screening(proposal, {"items": {"mission_fit": {"choice": "fits"}}}, cast.staff, 0)
    assert proposal.refusal("pass_screening", cast.staff).code == "screening_unanswered"
    save_screening(proposal, all_items(proposal.submitted_revision), cast.staff, form.version)
    assert proposal.refusal("pass_screening", cast.staff) is None


def test_a_record_needs_all_eleven_topics_answered(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    content = all_topics(4)
    del content["topics"][11]

    assert proposal.refusal("record", cast.staff) == Refusal("sheet_missing")
    sheet = save_sheet(proposal, content, cast.staff, 0)
    assert proposal.refusal("record", cast.staff) == Refusal("topics_unanswered", topics=(11,))
    save_sheet(proposal, {"topics": {11: {"choice": "none"}}}, cast.staff, sheet.version)
    assert proposal.refusal("record", cast.staff) is None


# Topics 1-11 with so many indicators ticked: 79 cannot be made of these points, 78 and 80 can.
@pytest.mark.parametrize(
    ("ticked", "total", "end", "status"),
    [
        ([4] * 11, 100, S.WAIT_SUB, "passed"),
        ([0, 0, 4, 4, 0, 4, 4, 4, 4, 4, 4][:11], 85, S.WAIT_SUB, "passed"),
        ([0, 0, 4, 4, 0, 0, 4, 4, 4, 4, 4], 80, S.WAIT_SUB, "passed"),
        ([0, 0, 4, 4, 0, 0, 4, 3, 4, 4, 4], 78, S.RETURNED, "failed"),
        ([0] * 11, 0, S.RETURNED, "failed"),
    ],
)
def test_eighty_passes_to_the_next_level_and_less_goes_back(session, ticked, total, end, status):
    from tests.factories.fund import score

    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)

    score(proposal, cast.staff, ticked)

    assert (proposal.state, proposal.group_status, proposal.group_points) == (end, status, total)
    assert proposal.submitted_revision.group_points == total


def test_not_considered_needs_a_reason(session):
    cast = Cast()
    proposal = make_proposal(S.WAIT_SUB, cast=cast)

    for given in ({}, {"reason": " "}):
        with pytest.raises(Refused) as refused:
            proposal.perform("not_consider", cast.staff, proposal.version, **given)
        assert refused.value.refusal == Refusal("reason_needed")
    proposal.perform("not_consider", cast.staff, proposal.version, reason="ซ้ำกับโครงการเดิม")
    assert (proposal.state, proposal.closing_reason) == (S.NOT_CONSIDERED, "ซ้ำกับโครงการเดิม")


def test_a_proposal_goes_only_on_an_open_agenda_of_the_level_it_waits_at(session):
    cast = Cast()
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)
    other_level, closed = make_session("sub", cast=cast), make_session("group", cast=cast)
    closed.perform("close", cast.staff, closed.version)
    fitting = make_session("group", cast=cast)

    assert proposal.refusal("put_on_agenda", cast.staff, session=other_level) == Refusal("wrong_level", level="sub")
    assert proposal.refusal("put_on_agenda", cast.staff, session=closed) == Refusal("session_not_open")
    assert proposal.refusal("put_on_agenda", cast.staff, session=fitting) is None
    proposal.perform("put_on_agenda", cast.staff, proposal.version, session=fitting)
    assert proposal.refusal("put_on_agenda", cast.staff, session=make_session("group", cast=cast)).code == "wrong_stage"


def test_every_move_of_the_table_is_permitted_by_a_row_of_the_matrix(session):
    from models.core.matrix import current_matrix

    assert {move.permission for move in PROPOSAL_MOVES.values()} <= current_matrix().keys()


def test_no_state_is_outside_the_database_constraint(session):
    from sqlalchemy.exc import IntegrityError

    proposal = make_proposal()

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(Proposal.__table__.update().values(state="lost").where(Proposal.id == proposal.id))
