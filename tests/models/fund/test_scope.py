"""What each kind of user sees of proposals (spec: fund.md 1); every denial beside the case that succeeds."""

from __future__ import annotations

import pytest

from models.core.file import may_read
from models.core.grants import grant
from models.core.matrix import set_cells
from models.core.workflow import Refused
from models.fund.codes import ORGANIZATION_MANAGER, PROJECT_MANAGER, STATES, State
from models.fund.conflicts import declare
from models.fund.membership import membership_of
from models.fund.organization import Organization
from models.fund.proposal import Proposal
from models.fund.results import results_for
from models.fund.scoring import save_sheet
from models.fund.wizard import save_part
from tests.factories.core import make_account
from tests.factories.fund import (
    Cast,
    all_topics,
    make_file,
    make_manager,
    make_member,
    make_organization,
    make_proposal,
    make_session,
    manager_of,
    put_on,
    score,
    walk,
)

S = State
UNSENT = {S.DRAFT, S.READY, S.DELETED}


def sees(user, proposal, permission="proposal.view"):
    return proposal.within(user, permission)


@pytest.mark.parametrize("state", STATES)
def test_staff_see_all_that_was_ever_submitted_and_no_draft_of_others(session, state):
    proposal = make_proposal(state)

    assert sees(make_account("staff"), proposal) is (state not in UNSENT)
    assert sees(make_account("super_user"), proposal) is (state not in UNSENT)


def test_a_project_manager_sees_what_they_drafted_and_not_what_a_colleague_did(session):
    proposal = make_proposal()
    colleague = make_member(proposal.organization)

    assert sees(proposal.author, proposal)
    assert not sees(colleague, proposal)


def test_an_organization_manager_sees_all_of_the_organizations_and_of_no_other(session):
    proposal = make_proposal()

    assert sees(manager_of(proposal.organization), proposal)
    assert not sees(make_manager(), proposal)


@pytest.mark.parametrize("move", ["leave", "remove", "suspend"])
def test_who_no_longer_belongs_to_the_organization_loses_sight_and_the_manager_keeps_it(session, move):
    proposal = make_proposal()
    manager = manager_of(proposal.organization)
    membership = membership_of(proposal.author)
    by = proposal.author if move == "leave" else manager
    assert sees(proposal.author, proposal)

    membership.perform(move, by, membership.version)

    assert not sees(proposal.author, proposal)
    assert sees(manager, proposal)


def test_a_committee_member_sees_the_proposals_of_their_sessions_only(session):
    cast = Cast(members=[make_account("committee")])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    elsewhere = make_proposal(S.AGENDA_GROUP)

    assert sees(cast.members[0], proposal)
    assert not sees(cast.members[0], elsewhere)
    assert not sees(make_account("committee"), proposal)


def test_what_is_taken_off_the_agenda_is_out_of_the_committees_sight_and_what_was_decided_stays(session):
    cast = Cast(members=[make_account("committee")])
    taken_off, decided = make_proposal(S.AGENDA_GROUP, cast=cast), make_proposal(S.AGENDA_GROUP, cast=cast)

    taken_off.perform("take_off_agenda", cast.staff, taken_off.version)
    score(decided, cast.staff)

    assert not sees(cast.members[0], taken_off)
    assert sees(cast.members[0], decided)


def test_who_steps_out_of_an_item_sees_neither_its_papers_nor_its_results_even_as_staff(session):
    both = make_account("committee")
    grant(both.id, "staff")
    both.forget_grants()
    cast = Cast(members=[both])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    assert sees(both, proposal)
    assert sees(both, proposal, "result.record")

    declare(proposal.open_item, both, both, "เคยเป็นที่ปรึกษา")

    assert not sees(both, proposal)
    assert not sees(both, proposal, "result.record")
    score(proposal, cast.staff)
    assert results_for(proposal, proposal.submitted_revision, both) == []
    assert results_for(proposal, proposal.submitted_revision, cast.chair) != []


def test_somebody_with_two_kinds_sees_the_union(session):
    own, theirs = make_proposal(), make_proposal(S.SCREENING)
    author = own.author
    assert not sees(author, theirs)

    grant(author.id, "staff")
    author.forget_grants()

    assert sees(author, own)
    assert sees(author, theirs)


def test_scope_follows_the_kinds_that_hold_each_permission(session):
    staff = make_account("staff")
    proposal = make_proposal(S.SCREENING)
    assert sees(staff, proposal, "proposal.decide")
    assert not sees(staff, proposal, "proposal.edit")

    set_cells({("proposal.decide", "staff"): False})

    assert not sees(staff, proposal, "proposal.decide")
    assert sees(staff, proposal)


def test_a_permission_to_edit_given_to_staff_does_not_reach_drafts_of_a_later_revision(session):
    set_cells({("proposal.edit", "staff"): True})
    staff = make_account("staff")
    proposal = make_proposal(S.RETURNED, author=make_manager())
    assert sees(staff, proposal, "proposal.edit")

    proposal.perform("revise", proposal.author, proposal.version)

    assert not sees(staff, proposal, "proposal.edit")
    assert sees(staff, proposal)


def test_the_deleted_are_found_for_restoring_by_those_who_could_see_them_and_nowhere_else(session):
    proposal = make_proposal(S.DELETED)
    manager = manager_of(proposal.organization)

    for user in (proposal.author, manager, make_account("super_user")):
        assert sees(user, proposal, "proposal.restore")
        assert not sees(user, proposal)
    assert not sees(make_account("staff"), proposal, "proposal.restore")
    assert not sees(make_member(proposal.organization), proposal, "proposal.restore")


def test_nobody_signed_in_sees_nothing(session):
    from models.core.identity import Visitor

    make_proposal(S.APPROVED)

    assert session.scalars(Proposal.visible_to(Visitor(), "proposal.view")).all() == []


def test_applicants_read_the_draft_of_a_later_revision_and_the_fund_the_one_submitted(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, author=make_manager(), cast=cast)
    score(proposal, cast.staff, 0)
    proposal.perform("revise", proposal.author, proposal.version)

    assert proposal.content_for(proposal.author).number == 2
    assert proposal.content_for(cast.staff).number == 1
    assert proposal.content_for(cast.chair).number == 1
    assert proposal.content_for(make_account("committee")) is None


def test_a_committee_reads_no_revision_that_came_after_its_session(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, author=make_manager(), cast=cast)
    score(proposal, cast.staff, 0)
    proposal.perform("revise", proposal.author, proposal.version)
    proposal.perform("submit", proposal.author, proposal.version)
    assert [revision.number for revision in proposal.readable_revisions(cast.chair)] == [1]

    walk(proposal, S.AGENDA_GROUP, cast)

    assert [revision.number for revision in proposal.readable_revisions(cast.chair)] == [1, 2]


def test_an_attached_file_is_read_by_whoever_reads_a_revision_that_names_it(session):
    cast = Cast()
    author = make_manager()
    proposal = make_proposal(author=author)
    file = make_file(author)
    save_part(proposal, "4", {"attachments": [{"kind": "expense_table", "file_id": file.id}]}, author, proposal.version)
    assert may_read(author, file)
    assert not may_read(cast.staff, file)

    walk(proposal, S.SCREENING, cast)

    assert may_read(cast.staff, file)
    assert not may_read(cast.chair, file)
    walk(proposal, S.AGENDA_GROUP, cast)
    assert may_read(cast.chair, file)
    assert not may_read(make_manager(), file)


def test_a_file_of_a_draft_revision_is_not_the_funds_to_read(session):
    author = make_manager()
    proposal = make_proposal(S.RETURNED, author=author)
    proposal.perform("revise", author, proposal.version)
    file = make_file(author)
    save_part(proposal, "4", {"attachments": [{"kind": "expense_table", "file_id": file.id}]}, author, proposal.version)

    assert may_read(author, file)
    assert not may_read(make_account("staff"), file)


# --- H1: a secretary records in their own session --------------------------------------------------------------------


def test_a_secretary_records_for_their_session_and_other_members_do_not(session):
    cast = Cast(members=[make_account("committee")])
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    elsewhere = make_proposal(S.AGENDA_GROUP)

    for other in (cast.members[0], cast.chair):
        with pytest.raises(Refused):
            save_sheet(proposal, all_topics(4), other, 0)
    with pytest.raises(Refused):
        save_sheet(elsewhere, all_topics(4), cast.secretary, 0)
    save_sheet(proposal, all_topics(4), cast.secretary, 0)
    proposal.perform("record", cast.secretary, proposal.version)
    assert proposal.state == S.WAIT_SUB


def test_a_secretary_never_records_for_an_item_they_stepped_out_of(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    save_sheet(proposal, all_topics(4), cast.staff, 0)
    assert proposal.refusal("record", cast.secretary) is None

    declare(proposal.open_item, cast.secretary, cast.secretary)

    assert proposal.refusal("record", cast.secretary).code == "not_permitted"


def test_with_h1_off_the_secretary_does_not_record_and_staff_do(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_BOARD, cast=cast)
    assert proposal.refusal("approve", cast.secretary) is None

    set_cells({("result.record_own_session", "committee"): False})

    assert proposal.refusal("approve", cast.secretary).code == "not_permitted"
    assert proposal.refusal("approve", cast.staff) is None


# --- results ---------------------------------------------------------------------------------------------------------


def test_applicants_see_results_points_and_advice_and_never_who(session):
    cast = Cast()
    proposal = make_proposal(S.WAIT_SUB, cast=cast)

    screening, group = results_for(proposal, proposal.submitted_revision, proposal.author)

    assert (screening.level, screening.result) == ("screening", "pass")
    assert (group.level, group.result, group.points, group.band) == ("group", "pass", 100, "very_good")
    first = group.topics[0]
    assert (first.number, first.points, first.advice) == (1, 5, "ข้อเสนอแนะ ข้อ 1")
    told = set(vars(group)) | set(vars(first))
    assert not any(word in name for name in told for word in ("by", "user", "account", "ticked"))
    assert results_for(proposal, proposal.submitted_revision, make_manager()) == []


def test_a_sheet_that_is_not_sent_shows_to_no_reader(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)

    save_sheet(proposal, all_topics(1), cast.staff, 0)

    assert [result.level for result in results_for(proposal, proposal.submitted_revision, proposal.author)] == [
        "screening"
    ]


# --- organizations and sessions --------------------------------------------------------------------------------------


def organizations_seen(session, user, permission="organization.view"):
    return set(session.scalars(Organization.visible_to(user, permission)))


def test_members_see_their_organization_managers_edit_theirs_staff_see_all(session):
    organization, other = make_organization(), make_organization()
    member, manager = make_member(organization), make_member(organization, "manager")

    assert organizations_seen(session, member) == {organization}
    assert organizations_seen(session, member, "organization.edit") == set()
    assert organizations_seen(session, manager, "organization.edit") == {organization}
    assert {organization, other} <= organizations_seen(session, make_account("staff"))
    assert organizations_seen(session, make_account("staff"), "organization.edit") == set()


def test_a_committee_member_sees_the_organizations_and_sessions_they_decide_on(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    make_proposal(S.AGENDA_GROUP)
    evaluation = proposal.open_item.session

    assert organizations_seen(session, cast.chair) == {proposal.organization}
    assert evaluation.within(cast.chair, "session.view")
    assert not evaluation.within(cast.chair, "session.edit")
    assert not evaluation.within(make_account("committee"), "session.view")
    assert evaluation.within(make_account("staff"), "session.edit")
    assert not evaluation.within(proposal.author, "session.view")


def test_managers_hold_their_kind_within_their_organization(session):
    manager = make_manager()

    assert {ORGANIZATION_MANAGER, PROJECT_MANAGER} <= manager.kinds
    assert manager.scopes(ORGANIZATION_MANAGER, "organization") == {membership_of(manager).organization_id}


def test_an_item_put_on_a_session_is_seen_by_those_who_sit_there(session):
    cast = Cast()
    proposal = make_proposal(S.WAIT_GROUP, cast=cast)
    evaluation = make_session("group", cast=cast)
    assert not sees(cast.chair, proposal)

    put_on(proposal, cast, evaluation)

    assert sees(cast.chair, proposal)
