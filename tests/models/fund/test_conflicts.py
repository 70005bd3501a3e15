"""Conflicts of interest: found, declared, judged, and taken back (spec: fund.md 5)."""

from __future__ import annotations

import pytest

from models.core.audit import AuditEntry
from models.core.workflow import Refused
from models.fund.codes import State
from models.fund.conflicts import declare, find_conflicts, set_affiliations, withdraw
from models.fund.organization import OrganizationPerson
from models.fund.session import CommitteeAffiliation, SteppingOut
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, make_session, put_on, score

S = State


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.refusal


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

    assert refusal_of(withdraw, proposal.open_item, member, member, "ผิด").code == "not_permitted"
    assert refusal_of(withdraw, proposal.open_item, member, cast.staff, " ").code == "withdraw_reason_needed"
    withdraw(proposal.open_item, member, cast.staff, "เลือกวาระผิด")
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


# --- what becomes known later, and what staff judge ------------------------------------------------------------------


@pytest.mark.parametrize("arrange", [by_membership, by_affiliation, by_affiliation_in_words, by_citizen_id])
def test_a_tie_that_becomes_known_after_the_agenda_was_made_is_found_at_the_next_save(session, arrange):
    member = make_account("committee")
    cast = Cast(members=[member])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    assert not proposal.open_item.is_left_by(member)

    arrange(member, proposal)
    session.commit()

    assert proposal.open_item.is_left_by(member)
    assert not proposal.within(member, "proposal.view")


def test_a_tie_found_later_leaves_decided_items_as_they_are(session):
    member = make_account("committee")
    cast = Cast(members=[member])
    proposal = make_proposal(S.WAIT_SUB, cast=cast)

    by_affiliation(member, proposal)
    session.commit()

    assert session.query(SteppingOut).count() == 0


def by_like_name(member, proposal):
    from models.core.db import db

    db.session.add(CommitteeAffiliation(user=member, name=f"สาขาของ{proposal.organization.name}"))


def test_what_was_found_by_a_like_name_is_judged_by_staff_with_a_reason_and_not_found_again(session):
    member = make_account("committee")
    cast = Cast(members=[member])
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)
    by_like_name(member, proposal)
    session.flush()
    evaluation = put_on(proposal, cast)
    assert proposal.open_item.is_left_by(member)

    withdraw(proposal.open_item, member, cast.staff, "ชื่อคล้ายกัน แต่เป็นคนละองค์กร")
    evaluation.perform("edit", cast.staff, evaluation.version, content={"member_ids": [member.id]})

    assert not proposal.open_item.is_left_by(member)
    assert [row.note for row in proposal.open_item.cleared] == ["ชื่อคล้ายกัน แต่เป็นคนละองค์กร"]
    declare(proposal.open_item, member, member, "เป็นองค์กรเดียวกันจริง")
    assert proposal.open_item.cleared == []


@pytest.mark.parametrize("arrange", [of_the_author, by_membership, by_affiliation, by_citizen_id])
def test_a_fact_is_not_taken_back_while_it_stands(session, arrange):
    member = make_account("committee")
    cast = Cast(members=[member])
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)
    arrange(member, proposal)
    session.flush()
    put_on(proposal, cast)

    reason = refusal_of(withdraw, proposal.open_item, member, cast.staff, "ไม่เป็นไร")

    assert reason.code == "conflict_stands"
    assert proposal.open_item.is_left_by(member)


def test_a_declaration_taken_back_stands_in_the_log_with_its_reason(session):
    member = make_account("committee")
    cast = Cast(members=[member])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    declare(proposal.open_item, member, member, "ญาติ")
    withdraw(proposal.open_item, member, cast.staff, "เลือกวาระผิด")
    session.commit()

    entry = session.query(AuditEntry).filter_by(action="fund_evaluation_session.step_in").one()
    noted = entry.payload["notes"][0]
    assert (noted["note"], noted["person"]) == ("เลือกวาระผิด", member.id)


def test_conflicts_of_a_long_agenda_are_found_with_a_few_queries(session, count_queries):
    cast = Cast(members=[make_account("committee") for _n in range(4)])
    evaluation = make_session(cast=cast)
    for _n in range(6):
        put_on(make_proposal(S.WAIT_GROUP, cast=cast), cast, evaluation)
    session.flush()
    count_queries.clear()

    find_conflicts(evaluation)

    assert len(count_queries) <= 6
