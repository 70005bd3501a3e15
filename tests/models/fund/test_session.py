"""Evaluation sessions: seats, agenda, conflicts of interest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models.core.clock import now
from models.core.db import StaleVersion
from models.core.workflow import Refusal, Refused
from models.fund.codes import State
from models.fund.conflicts import declare, find_conflicts, set_affiliations, waiting_at, withdraw
from models.fund.organization import OrganizationPerson
from models.fund.session import AgendaItem, CommitteeAffiliation, SessionMember, create_session
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, make_session, put_on, score

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


# --- conflicts of interest -------------------------------------------------------------------------------------------


def of_the_author(_member, proposal):
    proposal.author = _member


def by_membership(member, proposal):
    make_member(proposal.organization, account=member)


def by_affiliation(member, proposal):
    from models.core.db import db

    db.session.add(CommitteeAffiliation(user=member, organization=proposal.organization))


def by_affiliation_in_words(member, proposal):
    from models.core.db import db

    db.session.add(CommitteeAffiliation(user=member, name=f"  {proposal.organization.name} "))


def by_citizen_id(member, proposal):
    person = OrganizationPerson(role="director", first_name="ก", citizen_id=member.profile.citizen_id)
    proposal.organization.people.append(person)


@pytest.mark.parametrize(
    ("arrange", "why"),
    [
        (of_the_author, "author"),
        (by_membership, "membership"),
        (by_affiliation, "affiliation"),
        (by_affiliation_in_words, "affiliation"),
        (by_citizen_id, "citizen_id"),
    ],
)
def test_a_conflict_is_found_when_the_proposal_goes_on_the_agenda(session, arrange, why):
    member, bystander = make_account("committee"), make_account("committee")
    cast = Cast(members=[member, bystander])
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)
    arrange(member, proposal)
    session.flush()

    evaluation = put_on(proposal, cast)

    (item,) = evaluation.agenda
    assert [(row.user, row.reason, row.why) for row in item.stepping_out] == [(member, "found", why)]
    assert proposal.content_for(bystander) is not None
    assert [(conflict.user, conflict.why) for conflict in find_conflicts(evaluation)] == [(member, why)]


def test_a_conflict_of_somebody_seated_later_is_found_then(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    evaluation = proposal.open_item.session
    late = make_account("committee")
    by_affiliation(late, proposal)

    evaluation.perform("edit", cast.staff, evaluation.version, content={"member_ids": [late.id]})

    assert proposal.open_item.is_left_by(late)
    assert not proposal.within(late, "proposal.view")


def test_an_affiliation_with_another_organization_is_no_conflict(session):
    member = make_account("committee")
    cast = Cast(members=[member])
    session.add(CommitteeAffiliation(user=member, organization=make_organization()))
    session.add(CommitteeAffiliation(user=member, name="ส"))

    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)

    assert proposal.open_item.stepping_out == []


def test_a_conflict_is_declared_by_the_person_or_by_staff_and_by_nobody_else(session):
    member, other = make_account("committee"), make_account("committee")
    cast = Cast(members=[member, other])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    item = proposal.open_item

    assert refusal_of(declare, item, member, other).code == "not_permitted"
    assert refusal_of(declare, item, make_account("committee"), cast.staff).code == "not_seated"
    row = declare(item, member, member, "เคยเป็นที่ปรึกษามูลนิธิ")
    assert (row.reason, row.note) == ("declared", "เคยเป็นที่ปรึกษามูลนิธิ")
    assert declare(item, other, cast.staff).reason == "declared"


def test_a_stepping_out_by_mistake_is_taken_back_by_staff_not_by_the_person(session):
    member = make_account("committee")
    cast = Cast(members=[member])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    declare(proposal.open_item, member, member)

    assert refusal_of(withdraw, proposal.open_item, member, member).code == "not_permitted"
    withdraw(proposal.open_item, member, cast.staff)
    assert proposal.within(member, "proposal.view")


def test_who_stepped_out_once_steps_out_at_the_next_level_too(session):
    member = make_account("committee")
    cast = Cast(members=[member])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    declare(proposal.open_item, member, member)
    score(proposal, cast.staff)

    put_on(proposal, cast)

    assert [row.why for row in proposal.open_item.stepping_out] == ["stepped_out_before"]


def test_affiliations_are_kept_by_those_who_edit_users(session):
    member, organization = make_account("committee"), make_organization()

    assert refusal_of(set_affiliations, member, [(organization.id, "")], member).code == "not_permitted"
    set_affiliations(member, [(organization.id, ""), (None, " มหาวิทยาลัยราชพฤกษ์ "), (None, " ")], make_account("staff"))
    set_affiliations(member, [(None, "มหาวิทยาลัยราชพฤกษ์")], make_account("staff"))

    found = session.query(CommitteeAffiliation).filter_by(user_id=member.id).all()
    assert [str(affiliation) for affiliation in found] == ["มหาวิทยาลัยราชพฤกษ์"]
