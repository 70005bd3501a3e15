"""Giving proposals to another member, as a manager's browser does it (spec: fund.md 1)."""

from __future__ import annotations

import pytest

from models.core.outbox import Notification
from models.fund.membership import membership_of
from models.fund.proposal import Proposal
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_member, make_organization, make_proposal


@pytest.fixture
def house(session):
    """An organization with its manager, an author of two drafts who then left, and a member to take over."""
    organization = make_organization()
    manager, gone, heir = make_manager(organization), make_member(organization), make_member(organization)
    proposals = [make_proposal(author=gone, organization=organization) for _number in range(2)]
    membership = membership_of(gone)
    membership.perform("leave", gone, membership.version)
    session.commit()
    return organization, manager, gone, heir, proposals


def url(house, more=""):
    return f"/organizations/{house[0].id}/proposals/{more}"


def ticks(*proposals):
    return [f"{proposal.id}:{proposal.version}" for proposal in proposals]


def authors(session, *proposals):
    session.expire_all()
    return [session.get(Proposal, proposal.id).author_id for proposal in proposals]


def test_the_members_page_says_what_is_left_behind_and_leads_to_it(client, sign_in, house):
    sign_in(client, house[1])

    page = client.get(f"/organizations/{house[0].id}").text

    assert "มี 2 โครงการที่ผู้ดูแลไม่ได้ดำเนินการแทนองค์กรแล้ว" in page
    assert "author=left" in page


def test_a_manager_gives_several_at_once_and_the_heir_is_told(client, sign_in, session, house):
    _organization, manager, _gone, heir, proposals = house
    sign_in(client, manager)

    client.post(url(house, "hand-over"), data={"ids": ticks(*proposals), "to": heir.id})

    assert authors(session, *proposals) == [heir.id, heir.id]
    told = session.query(Notification).filter_by(event="proposal_handed_over").all()
    assert [line.user_id for line in told] == [heir.id, heir.id]
    assert "มอบ 2 โครงการ" in client.get(url(house)).text
    assert proposals[0].within(heir, "proposal.edit")


def test_one_who_still_belongs_is_told_too(client, sign_in, session, house):
    organization, manager, _gone, heir, _proposals = house
    member = make_member(organization)
    proposal = make_proposal(author=member, organization=organization)
    session.commit()
    sign_in(client, manager)

    client.post(url(house, "hand-over"), data={"ids": ticks(proposal), "to": heir.id})

    told = session.query(Notification).filter_by(user_id=member.id, event="proposal_given_away").all()
    assert len(told) == 1


def test_what_changed_in_the_meantime_stays_and_is_named(client, sign_in, session, house):
    _organization, manager, gone, heir, (fresh, stale) = house
    sign_in(client, manager)

    client.post(
        url(house, "hand-over"), data={"ids": [*ticks(fresh), f"{stale.id}:{stale.version - 1}"], "to": heir.id}
    )

    assert authors(session, fresh, stale) == [heir.id, gone.id]
    assert "มีผู้แก้ไขระหว่างนี้" in client.get(url(house)).text


@pytest.mark.parametrize("given", [{}, {"to": "1"}, {"ids": "x:y", "to": "1"}])
def test_nothing_ticked_or_nobody_chosen_is_told(client, sign_in, session, house, given):
    sign_in(client, house[1])

    client.post(url(house, "hand-over"), data=given)

    assert "เลือกโครงการ แล้วเลือกสมาชิก" in client.get(url(house)).text
    assert authors(session, *house[4]) == [house[2].id] * 2


def test_nobody_outside_the_organization_is_given_anything(client, sign_in, session, house):
    stranger, suspended = make_manager(), make_member(house[0])
    membership = membership_of(suspended)
    membership.perform("suspend", house[1], membership.version)
    session.commit()
    sign_in(client, house[1])

    for person in (stranger, suspended):
        answer = client.post(url(house, "hand-over"), data={"ids": ticks(house[4][0]), "to": person.id})
        assert answer.status_code == 404
    assert authors(session, house[4][0]) == [house[2].id]


def test_a_proposal_of_another_organization_is_left_alone(client, sign_in, session, house):
    foreign = make_proposal()
    session.commit()
    author = foreign.author_id
    sign_in(client, house[1])

    client.post(url(house, "hand-over"), data={"ids": ticks(foreign), "to": house[3].id})

    assert authors(session, foreign) == [author]


def test_the_list_asks_for_an_author_for_those_who_left_or_for_one_proposal(client, sign_in, session, house):
    organization, manager, gone, heir, (one, two) = house
    mine = make_proposal(author=heir, organization=organization)
    session.commit()
    sign_in(client, manager)

    def shown(query):
        text = client.get(url(house) + query).text
        return {proposal.id for proposal in (one, two, mine) if f'value="{proposal.id}:' in text}

    assert shown("") == {one.id, two.id, mine.id}
    assert shown(f"?author={heir.id}") == {mine.id}
    assert shown("?author=left") == shown(f"?author={gone.id}") == {one.id, two.id}
    assert shown(f"?proposal={two.id}") == {two.id}
    assert client.get(url(house) + "?author=nobody").status_code == 400


@pytest.mark.parametrize("kind", ["member", "staff", "stranger"])
def test_nobody_but_a_manager_comes_here(client, sign_in, session, house, kind):
    people = {"member": house[3], "staff": make_account("staff"), "stranger": make_manager()}
    session.commit()
    sign_in(client, people[kind])

    assert client.get(url(house)).status_code in (403, 404)
    assert client.post(url(house, "hand-over"), data={"ids": ticks(house[4][0]), "to": house[3].id}).status_code in (
        403,
        404,
    )


def test_a_managers_page_of_a_proposal_offers_to_give_it_away(client, sign_in, house):
    sign_in(client, house[1])

    page = client.get(f"/proposals/{house[4][0].id}").text

    assert f"/organizations/{house[0].id}/proposals/?proposal={house[4][0].id}" in page
