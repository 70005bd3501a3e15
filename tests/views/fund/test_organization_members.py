"""Members of an organization, as a browser sees them (spec: fund.md 3, "Members")."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.core.identity import Account
from models.core.outbox import Message, Notification
from models.fund.membership import Membership, membership_of
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_member, make_organization


@pytest.fixture
def house(session):
    organization = make_organization(name="สมาคมริมปิง")
    manager = make_manager(organization)
    member = make_member(organization)
    session.commit()
    return organization, manager, member


@pytest.fixture
def move(client, session):
    """Press a member's button; the membership as it is afterwards."""

    def do(account, action, version=None):
        session.expire_all()
        membership = session.scalars(select(Membership).where(Membership.user_id == account.id)).one()
        version = membership.version if version is None else version
        session.commit()
        address = f"/organizations/{membership.organization_id}/members/{membership.id}/{action}"
        response = client.post(address, data={"version": version})
        session.expire_all()
        return response, session.get(Membership, membership.id)

    return do


def add(client, organization, email):
    return client.post(f"/organizations/{organization.id}/members/add", data={"email": email})


def events_for(session, account):
    session.expire_all()
    return [row.event for row in session.scalars(select(Notification).where(Notification.user_id == account.id))]


def test_a_manager_adds_a_free_applicant_who_is_told(client, sign_in, session, house):
    organization, manager, _member = house
    free = make_account("project_manager")
    session.commit()
    sign_in(client, manager)

    add(client, organization, free.email.upper())

    assert membership_of(session.get(Account, free.id)).organization_id == organization.id
    assert events_for(session, free) == ["member_added"]


def test_an_unknown_e_mail_gets_an_invitation_once_a_day(client, sign_in, session, house):
    organization, manager, _member = house
    sign_in(client, manager)

    add(client, organization, "new@school.example")
    add(client, organization, "new@school.example")

    session.expire_all()
    sent = session.scalars(select(Message).where(Message.address == "new@school.example")).all()
    assert [message.event for message in sent] == ["member_invited"]


def test_somebody_elses_member_is_invited_and_stays_where_they_are(client, sign_in, session, house):
    organization, manager, _member = house
    taken = make_member(make_organization())
    session.commit()
    sign_in(client, manager)

    unknown = add(client, organization, "nobody@school.example")
    known = add(client, organization, taken.email)

    assert (unknown.status_code, unknown.headers["Location"]) == (known.status_code, known.headers["Location"])
    session.expire_all()
    assert membership_of(session.get(Account, taken.id)).organization_id != organization.id
    assert session.scalar(select(Message.event).where(Message.address == taken.email)) == "member_invited"


def test_a_plain_member_adds_nobody(client, sign_in, session, house):
    organization, _manager, member = house
    free = make_account("project_manager")
    session.commit()
    sign_in(client, member)

    assert add(client, organization, free.email).status_code == 403
    session.expire_all()
    assert membership_of(session.get(Account, free.id)) is None


def test_a_manager_of_another_organization_adds_nobody_here(client, sign_in, session, house):
    organization, _manager, _member = house
    stranger = make_manager()
    session.commit()
    sign_in(client, stranger)

    assert add(client, organization, "new@school.example").status_code == 404


def test_a_wrong_e_mail_is_told_on_the_page(client, sign_in, session, house):
    organization, manager, _member = house
    sign_in(client, manager)

    response = add(client, organization, "no address")

    assert response.status_code == 422
    assert 'value="no address"' in response.text


def test_a_manager_suspends_reinstates_appoints_and_removes(client, sign_in, session, house, move):
    _organization, manager, member = house
    sign_in(client, manager)

    assert move(member, "suspend")[1].state == "suspended"
    assert move(member, "reinstate")[1].state == "active"
    assert move(member, "appoint")[1].is_manager
    assert move(member, "remove")[1].state == "removed"
    assert events_for(session, member) == ["member_suspended", "member_reinstated", "role_changed", "member_removed"]


@pytest.mark.parametrize("action", ["suspend", "remove", "appoint"])
def test_a_plain_member_moves_nobody_else(client, sign_in, session, house, move, action):
    organization, _manager, member = house
    colleague = make_member(organization)
    session.commit()
    sign_in(client, member)

    response, membership = move(colleague, action)

    assert response.status_code in (302, 403, 404)
    assert (membership.state, membership.role) == ("active", "member")


def test_somebody_elses_members_are_not_found(client, sign_in, session, house, move):
    _organization, _manager, member = house
    stranger = make_manager()
    session.commit()
    sign_in(client, stranger)

    response, membership = move(member, "remove")

    assert response.status_code == 404
    assert membership.state == "active"


def test_a_member_leaves_and_the_manager_is_told(client, sign_in, session, house, move):
    organization, manager, member = house
    sign_in(client, member)

    _response, membership = move(member, "leave")

    assert membership.state == "left"
    assert events_for(session, manager) == ["member_left"]
    assert client.get(f"/organizations/{organization.id}").status_code == 404


def test_the_last_manager_stays_while_there_are_others_and_goes_when_alone(client, sign_in, session, house, move):
    organization, manager, member = house
    sign_in(client, manager)

    assert move(manager, "leave")[1].state == "active"
    page = client.get(f"/organizations/{organization.id}").text
    own = session.scalars(select(Membership).where(Membership.user_id == manager.id)).one()
    assert f"/members/{own.id}/leave" not in page
    move(member, "remove")
    assert move(manager, "leave")[1].state == "left"


def test_a_stale_button_changes_nothing(client, sign_in, session, house, move):
    _organization, manager, member = house
    sign_in(client, manager)

    assert move(member, "suspend", version=99)[1].state == "active"
    assert move(member, "suspend")[1].state == "suspended"


def test_an_unknown_action_is_not_found(client, sign_in, session, house, move):
    _organization, manager, member = house
    sign_in(client, manager)

    assert move(member, "promote")[0].status_code == 404
