"""Organizations and their members."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from models.core.outbox import Notification
from models.core.thai.citizen import sample_citizen_id
from models.core.workflow import Refusal, Refused
from models.fund.codes import ORGANIZATION_MANAGER
from models.fund.members import (
    add_member,
    appoint_first_manager,
    create_organization,
    delete_organization,
    edit_organization,
    hand_over,
    join_organization,
)
from models.fund.membership import Membership, membership_of
from models.fund.organization import alike
from tests.factories.core import make_account
from tests.factories.fund import (
    make_manager,
    make_member,
    make_organization,
    make_proposal,
    manager_of,
    organization_of,
)


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.refusal


def test_who_creates_an_organization_becomes_its_manager(session):
    creator = make_account("project_manager")

    organization = create_organization(creator, name="  มูลนิธิ   แสงเทียน ", sector="private")

    assert organization.name == "มูลนิธิ แสงเทียน"
    assert organization.is_managed_by(creator)
    assert ORGANIZATION_MANAGER in creator.kinds


@pytest.mark.parametrize("kind", ["staff", "committee"])
def test_staff_and_committee_create_no_organization(session, kind):
    assert refusal_of(create_organization, make_account(kind), name="ก").code == "not_permitted"


def test_somebody_belongs_to_one_organization_at_a_time(session):
    manager = make_manager()

    assert refusal_of(create_organization, manager, name="อีกแห่ง") == Refusal("belongs_elsewhere")
    assert refusal_of(join_organization, make_organization(), manager) == Refusal("belongs_elsewhere")
    session.add(Membership(organization=make_organization(), user=manager))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_applicant_joins_and_after_leaving_may_join_another(session):
    one, two, applicant = make_organization(), make_organization(), make_account("project_manager")

    first = join_organization(one, applicant)
    first.perform("leave", applicant, first.version)
    join_organization(two, applicant)

    assert (one.has_member(applicant), two.has_member(applicant)) == (False, True)


def test_the_manager_adds_suspends_reinstates_appoints_and_removes_and_a_plain_member_does_not(session):
    organization = make_organization()
    manager, member = make_member(organization, "manager"), make_member(organization)
    newcomer = make_account("project_manager")

    assert refusal_of(add_member, organization, newcomer, member).code == "not_permitted"
    membership = add_member(organization, newcomer, manager)
    for move in ("suspend", "reinstate", "appoint", "remove"):
        assert refusal_of(membership.perform, move, member, membership.version).code == "not_permitted"
        assert refusal_of(membership.perform, move, make_manager(), membership.version).code == "not_permitted"
        membership.perform(move, manager, membership.version)
    assert (membership.state, membership.role) == ("removed", "manager")
    assert membership.ended_at is not None


def test_only_oneself_leaves(session):
    organization = make_organization()
    manager, member = make_member(organization, "manager"), make_member(organization)
    membership = membership_of(member)

    assert refusal_of(membership.perform, "leave", manager, membership.version).code == "not_permitted"
    membership.perform("leave", member, membership.version)
    assert membership.state == "left"


@pytest.mark.parametrize("move", ["leave", "remove", "suspend"])
def test_the_last_manager_stays_while_there_are_others(session, move):
    organization = make_organization()
    manager, member = make_member(organization, "manager"), make_member(organization)
    last = membership_of(manager)
    by = manager if move == "leave" else make_account("staff")

    assert last.refusal(move, by) == Refusal("last_manager")
    colleague = membership_of(member)
    colleague.perform("appoint", manager, colleague.version)
    last.perform(move, by, last.version)
    assert not last.is_manager


def test_a_manager_who_is_alone_may_leave(session):
    manager = make_manager()
    membership = membership_of(manager)

    membership.perform("leave", manager, membership.version)

    assert membership.state == "left"


def test_an_appointment_is_told(session):
    organization = make_organization()
    manager, member = make_member(organization, "manager"), make_member(organization)
    membership = membership_of(member)

    membership.perform("appoint", manager, membership.version)

    told = session.query(Notification).filter_by(event="role_changed").all()
    assert [notification.user_id for notification in told] == [member.id]
    assert membership.refusal("appoint", manager) == Refusal("already_manager")


def test_staff_appoint_a_first_manager_where_there_is_none(session):
    organization, applicant = make_organization(), make_account("project_manager")

    assert refusal_of(appoint_first_manager, organization, applicant, make_manager()).code == "not_permitted"
    appoint_first_manager(organization, applicant, make_account("staff"))
    assert organization.is_managed_by(applicant)


def test_the_manager_edits_directors_officers_and_objectives(session):
    manager = make_manager()
    organization = organization_of(manager)
    person = {"title": "นาย", "first_name": "ก", "last_name": "ข", "citizen_id": sample_citizen_id(7)}

    edit_organization(
        organization,
        {"directors": [person, {"first_name": "ค"}], "officers": [person], "objectives": [{"text": "หนึ่ง"}]},
        manager,
        organization.version,
    )
    first, second = organization.directors
    edit_organization(
        organization, {"directors": [{"id": second.id, "first_name": "ง"}]}, manager, organization.version
    )

    assert [(found.id, found.first_name) for found in organization.directors] == [(second.id, "ง")]
    assert (len(organization.officers), organization.objectives[0].text) == (1, "หนึ่ง")
    assert first not in session


@pytest.mark.parametrize("kind", ["staff", "committee", "super_user", "project_manager"])
def test_nobody_but_its_manager_edits_an_organization(session, kind):
    manager = make_manager()
    organization = organization_of(manager)

    reason = refusal_of(edit_organization, organization, {"name": "ก"}, make_account(kind), organization.version)
    assert reason.code == "not_permitted"
    edit_organization(organization, {"name": "ชื่อใหม่"}, manager, organization.version)
    assert organization.name == "ชื่อใหม่"


def test_like_names_are_found_by_any_of_their_words_with_thai_digits_and_without_spaces(session):
    school = make_organization("โรงเรียนบ้านดอน 12")
    make_organization("มูลนิธิแสงเทียน")

    assert alike("โรงเรียน ๑๒") == [school]
    assert alike("100%_") == []
    assert alike("  ") == []


def test_an_organization_that_others_depend_on_is_not_deleted(session):
    super_user = make_account("super_user")
    proposal = make_proposal()
    organization, empty = proposal.organization, make_organization()

    assert refusal_of(delete_organization, organization, super_user, organization.version).code == "has_members"
    assert refusal_of(delete_organization, empty, make_account("staff"), empty.version).code == "not_permitted"
    delete_organization(empty, super_user, empty.version)
    assert empty.is_deleted


def test_a_proposal_left_behind_is_given_to_another_member_by_the_manager(session):
    proposal = make_proposal()
    manager, heir = manager_of(proposal.organization), make_member(proposal.organization)
    before = proposal.author

    assert refusal_of(hand_over, proposal, heir, before, proposal.version).code == "not_manager"
    assert refusal_of(hand_over, proposal, make_manager(), manager, proposal.version).code == "not_a_member"
    hand_over(proposal, heir, manager, proposal.version)
    assert proposal.within(heir, "proposal.edit")
    assert not proposal.within(before, "proposal.edit")
