"""A conflict of interest that comes about after the agenda was made closes the item all the same (spec: fund.md 7)."""

from __future__ import annotations

import pytest

from models.core.db import db
from models.fund.codes import COMMITTEE, State
from models.fund.merging import merge_organizations
from models.fund.proposal import Proposal
from models.fund.session import CommitteeAffiliation
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_organization, make_proposal, put_on


@pytest.fixture
def member(session):
    return make_account(COMMITTEE)


@pytest.fixture
def item(session, member):
    """An item of an organization with which the member has nothing to do yet."""
    cast = Cast(members=[member])
    proposal = make_proposal(State.WAIT_GROUP, author=make_manager(make_organization("ชมรมริมน้ำเก่า")), cast=cast)
    meeting = put_on(proposal, cast)
    session.commit()
    return meeting.items[0]


def sees(member, item):
    rows = Proposal.visible_to(member, "proposal.view").where(Proposal.id == item.proposal_id)
    return db.session.scalar(rows) is not None


def test_a_merge_that_brings_the_proposal_to_ones_own_organization(session, member, item):
    kept = make_organization("มูลนิธิแสงเทียน")
    session.add(CommitteeAffiliation(user=member, organization=kept))
    session.commit()
    assert sees(member, item)

    duplicate = item.proposal.organization
    chief = make_account("super_user")
    merge_organizations(kept, duplicate, chief, (kept.version, duplicate.version), "ลงทะเบียนซ้ำ", {})
    session.commit()

    assert not sees(member, item)


def test_a_new_name_under_which_the_organization_stands_among_ones_affiliations(session, member, item):
    session.add(CommitteeAffiliation(user=member, name="สมาคมเพื่อนผู้เรียนภาคเหนือ"))
    session.commit()
    assert sees(member, item)

    item.proposal.organization.name = "สมาคมเพื่อนผู้เรียนภาคเหนือ"
    session.commit()

    assert not sees(member, item)
