"""What people are told of a proposal's moves (spec: fund.md 9)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.core.outbox import Message, Notification
from models.fund.codes import State
from models.fund.membership import membership_of
from models.fund.workflow import PROPOSAL_MOVES
from tests.factories.fund import Cast, make_member, make_proposal, manager_of, put_on, score, screen

S = State


def told(session, event, entity="core_notification"):
    kind = Notification if entity == "core_notification" else Message
    return sorted(session.scalars(select(kind.user_id).where(kind.event == event)))


def test_a_draft_that_is_ready_is_told_to_the_managers_by_bell_and_mail(session):
    proposal = make_proposal()
    manager = manager_of(proposal.organization)
    make_member(proposal.organization)

    proposal.perform("mark_ready", proposal.author, proposal.version)

    assert told(session, "proposal_ready") == [manager.id]
    assert told(session, "proposal_ready", "core_message") == [manager.id]


def test_a_submission_is_told_to_author_manager_and_staff(session):
    cast = Cast()
    proposal = make_proposal(S.SCREENING, cast=cast)

    everybody = told(session, "proposal_submitted")

    assert {proposal.author_id, manager_of(proposal.organization).id, cast.staff.id} <= set(everybody)
    assert len(everybody) == len(set(everybody))
    assert cast.chair.id not in everybody


@pytest.mark.parametrize(("ticked", "event"), [(4, "evaluation_passed"), (1, "evaluation_failed")])
def test_a_record_says_whether_it_passed_with_level_and_points(session, ticked, event):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)

    score(proposal, cast.staff, ticked)

    row = session.scalars(select(Notification).where(Notification.event == event)).first()
    assert row.values["level"] == "group"
    assert row.values["points"] == (100 if ticked == 4 else 0)
    assert row.values["number"] == proposal.number


def test_going_on_an_agenda_names_the_session(session):
    cast = Cast()
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)

    evaluation = put_on(proposal, cast)

    row = session.scalars(select(Notification).where(Notification.event == "proposal_on_agenda")).first()
    assert (row.values["session"], row.values["level"]) == (evaluation.name, "group")


def test_an_author_who_left_is_told_nothing_more_and_the_manager_is(session):
    cast = Cast()
    proposal = make_proposal(S.SCREENING, cast=cast)
    membership = membership_of(proposal.author)
    membership.perform("leave", proposal.author, membership.version)

    screen(proposal, cast.staff, "fail")

    assert told(session, "screening_failed") == [manager_of(proposal.organization).id]


def test_every_move_but_saving_tells_somebody():
    assert {name for name, move in PROPOSAL_MOVES.items() if move.tells is None} == {"save"}


def test_a_deleted_draft_of_a_deleted_organization_is_not_restored(session):
    proposal = make_proposal(S.DELETED)
    assert proposal.refusal("restore", proposal.author) is None

    from models.core.clock import now

    proposal.organization.deleted_at = now()
    session.flush()

    assert proposal.refusal("restore", proposal.author).code == "organization_deleted"
