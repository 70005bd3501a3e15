"""Evaluation sessions: seats, agenda, and what goes from one session to another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models.core.clock import now
from models.core.db import StaleVersion
from models.core.outbox import Notification
from models.core.workflow import Refusal, Refused
from models.fund.agenda_moves import end_session, move_to_session
from models.fund.codes import State
from models.fund.conflicts import declare, waiting_at
from models.fund.session import AgendaItem, SessionMember, create_session
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, make_session, put_on, score

S = State


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.refusal


def test_a_session_has_one_chair_secretaries_and_members(session):
    chair, one, two, member = (make_account("committee") for _ in range(4))

    evaluation = create_session(
        make_account("staff"),
        name="คณะทำงาน ครั้งที่ 6/2569",
        level="group",
        starts_at=now(),
        chair_id=chair.id,
        secretary_ids=[one.id, two.id],
        member_ids=[member.id],
    )

    assert evaluation.chair is chair
    assert evaluation.secretaries == [one, two]
    assert evaluation.people("member") == [member]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"name": " "}, "name_needed"),
        ({"level": "screening"}, "level_needed"),
        ({"starts_at": None}, "starts_at_needed"),
        ({"ends_at": now() - timedelta(days=1)}, "ends_before_it_starts"),
    ],
)
def test_a_session_needs_name_level_and_time(session, content, code):
    given = {"name": "ก", "level": "sub", "starts_at": now()}

    assert refusal_of(create_session, make_account("staff"), **{**given, **content}).code == code


def test_only_who_edits_sessions_makes_one(session):
    given = {"name": "ก", "level": "sub", "starts_at": now()}

    for kind in ("committee", "project_manager", "super_user"):
        assert refusal_of(create_session, make_account(kind), **given).code == "not_permitted"
    assert create_session(make_account("staff"), **given).id


def test_nobody_sits_twice(session):
    cast = Cast()
    evaluation = make_session(cast=cast)

    content = {"member_ids": [cast.chair.id]}
    reason = refusal_of(evaluation.perform, "edit", cast.staff, evaluation.version, content=content)
    assert reason == Refusal("sits_twice", user_id=cast.chair.id)
    evaluation.members.append(SessionMember(user_id=cast.chair.id, role="member"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_seats_are_taken_from_the_committee_list_and_a_secretary_may_be_staff(session):
    cast = Cast()
    evaluation = make_session(cast=cast)
    outsider, staff = make_account("project_manager"), make_account("staff")

    for content in ({"member_ids": [outsider.id]}, {"member_ids": [staff.id]}, {"secretary_ids": [outsider.id]}):
        reason = refusal_of(evaluation.perform, "edit", cast.staff, evaluation.version, content=content)
        assert reason.code == "may_not_sit"
    evaluation.perform("edit", cast.staff, evaluation.version, content={"secretary_ids": [staff.id]})
    assert evaluation.secretaries == [staff]


def test_another_takes_the_chair_in_one_save_and_the_old_one_may_stay_as_a_member(session):
    cast = Cast(members=[make_account("committee")])
    evaluation = make_session(cast=cast)
    (member,) = cast.members

    content = {"chair_id": member.id, "member_ids": [cast.chair.id]}
    evaluation.perform("edit", cast.staff, evaluation.version, content=content)
    assert (evaluation.chair, evaluation.people("member")) == (member, [cast.chair])

    newcomer = make_account("committee")
    evaluation.perform("edit", cast.staff, evaluation.version, content={"chair_id": newcomer.id})
    assert evaluation.chair is newcomer


def test_a_closed_account_is_not_seated(session):
    cast = Cast()
    member = make_account("committee")
    member.active = False
    evaluation = make_session(cast=cast)

    content = {"member_ids": [member.id]}

    reason = refusal_of(evaluation.perform, "edit", cast.staff, evaluation.version, content=content)
    assert reason.code == "may_not_sit"


def test_editing_needs_the_version_that_was_seen(session):
    cast = Cast()
    evaluation = make_session(cast=cast)
    seen = evaluation.version
    evaluation.perform("edit", cast.staff, seen, content={"place": "ห้อง 1"})

    with pytest.raises(StaleVersion):
        evaluation.perform("edit", cast.staff, seen, content={"place": "ห้อง 2"})

    assert evaluation.place == "ห้อง 1"


def test_the_level_stays_once_proposals_are_on_the_agenda(session):
    cast = Cast()
    evaluation = make_session("sub", cast=cast)
    evaluation.perform("edit", cast.staff, evaluation.version, content={"level": "group"})
    put_on(make_proposal(S.WAIT_GROUP, cast=cast), cast, evaluation)

    reason = refusal_of(evaluation.perform, "edit", cast.staff, evaluation.version, content={"level": "sub"})

    assert reason == Refusal("level_is_fixed")


def test_only_those_waiting_at_exactly_this_level_are_offered(session):
    cast = Cast()
    waiting = {state: make_proposal(state, cast=cast) for state in (S.WAIT_GROUP, S.WAIT_SUB, S.AGENDA_GROUP)}

    assert session.scalars(waiting_at("group")).all() == [waiting[S.WAIT_GROUP]]
    assert session.scalars(waiting_at("sub")).all() == [waiting[S.WAIT_SUB]]
    assert session.scalars(waiting_at("board")).all() == []


def test_the_agenda_is_ordered_as_arranged(session):
    cast = Cast()
    evaluation = make_session(cast=cast)
    for _ in range(3):
        put_on(make_proposal(S.WAIT_GROUP, cast=cast), cast, evaluation)
    first, second, third = (item.id for item in evaluation.agenda)

    evaluation.perform("arrange", cast.staff, evaluation.version, order=[third, first])
    session.expire_all()

    assert [item.id for item in evaluation.agenda] == [third, first, second]


def test_a_proposal_is_on_one_open_agenda_at_most_says_the_database_too(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    other = make_session(cast=cast)

    session.add(AgendaItem(session=other, proposal=proposal, revision=proposal.submitted_revision))

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_session_closes_when_all_its_items_are_decided(session):
    cast = Cast()
    evaluation = make_session(cast=cast)
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)
    put_on(proposal, cast, evaluation)

    assert evaluation.refusal("close", cast.staff) == Refusal("items_undecided")
    score(proposal, cast.staff)
    evaluation.perform("close", cast.staff, evaluation.version)
    assert evaluation.state == "closed"


def test_a_session_with_an_agenda_is_not_deleted_and_an_empty_one_is(session):
    cast = Cast()
    evaluation = make_session(cast=cast)
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)
    put_on(proposal, cast, evaluation)

    assert evaluation.refusal("delete", cast.staff) == Refusal("has_items")
    proposal.perform("take_off_agenda", cast.staff, proposal.version)
    evaluation.perform("delete", cast.staff, evaluation.version)
    assert evaluation.is_deleted
    assert not evaluation.within(cast.staff, "session.view")


# --- from one session to another -------------------------------------------------------------------------------------


def test_a_proposal_moves_to_another_session_of_its_level_in_one_act_and_its_applicants_are_told_once(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    before, target = proposal.open_item.session, make_session(cast=cast)
    session.query(Notification).delete()

    move_to_session(proposal, target, cast.staff, proposal.version)

    assert proposal.state == S.AGENDA_GROUP
    assert [item.proposal_id for item in target.agenda] == [proposal.id]
    assert before.agenda == []
    told = session.query(Notification).all()
    assert {line.event for line in told} == {"proposal_moved_session"}
    assert len(told) == len({line.user_id for line in told}) > 0
    assert told[0].values["session"] == target.name


def test_a_proposal_moves_only_to_an_open_session_of_its_level_and_by_the_version_that_was_seen(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    here = proposal.open_item.session
    closed, other_level = make_session(cast=cast), make_session("sub", cast=cast)
    closed.perform("close", cast.staff, closed.version)

    for target, code in ((closed, "session_not_open"), (other_level, "wrong_level"), (here, "same_session")):
        assert refusal_of(move_to_session, proposal, target, cast.staff, proposal.version).code == code
    with pytest.raises(StaleVersion):
        move_to_session(proposal, make_session(cast=cast), cast.staff, proposal.version - 1)
    assert proposal.open_item.session is here


def test_who_stepped_out_steps_out_where_it_moves_to(session):
    member = make_account("committee")
    cast = Cast(members=[member])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    declare(proposal.open_item, member, member)

    move_to_session(proposal, make_session(cast=cast), cast.staff, proposal.version)

    assert proposal.open_item.is_left_by(member)
    assert not proposal.within(member, "proposal.view")


def test_a_session_closes_and_lets_what_is_undecided_wait_for_another(session):
    cast = Cast()
    evaluation = make_session(cast=cast)
    decided, waiting = (make_proposal(S.WAIT_GROUP, cast=cast) for _n in range(2))
    for proposal in (decided, waiting):
        put_on(proposal, cast, evaluation)
    score(decided, cast.staff)

    assert end_session(evaluation, "close", cast.staff, evaluation.version) == 1

    assert evaluation.state == "closed"
    assert (decided.state, waiting.state) == (S.WAIT_SUB, S.WAIT_GROUP)


def test_staff_who_step_out_of_an_item_cannot_end_the_session_over_it(session):
    cast = Cast()
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)
    evaluation = make_session(cast=cast, secretary_ids=[cast.staff.id])
    put_on(proposal, cast, evaluation)
    declare(proposal.open_item, cast.staff, cast.staff)

    reason = refusal_of(end_session, evaluation, "cancel", cast.staff, evaluation.version, "ป่วย")

    assert reason == Refusal("stepped_out_of_item", place=1)
    assert proposal.state == S.AGENDA_GROUP
