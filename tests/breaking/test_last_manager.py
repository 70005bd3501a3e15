"""An organization with members is never left without somebody who can manage it, however its managers go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from models.core import staffing
from models.core.db import db
from models.core.identity import Account
from models.core.workflow import Refused
from models.fund.codes import MANAGER, MemberState
from models.fund.membership import Membership, membership_of
from tests.factories.fund import make_manager, make_member, make_organization


def usable_managers(organization_id: int) -> int:
    rows = db.session.query(Membership).join(Account, Account.id == Membership.user_id)
    return rows.filter(
        Membership.organization_id == organization_id,
        Membership.role == MANAGER,
        Membership.state == MemberState.ACTIVE,
        Account.active,
    ).count()


def test_a_manager_whose_account_is_closed_does_not_let_the_other_one_go(session):
    organization = make_organization()
    first, second = make_manager(organization), make_manager(organization)
    make_member(organization)
    second.active = False
    session.flush()

    with pytest.raises(Refused, match="last_manager"):
        staffing.set_status(first, False, by=first)
    with pytest.raises(Refused, match="last_manager"):
        membership_of(first).perform("leave", by=first, version=1)


@pytest.mark.parametrize("deeds", [("close", "close"), ("close", "leave"), ("leave", "leave")])
def test_of_two_managers_who_go_at_once_one_stays(deeds, own_database):
    app = own_database
    with app.app_context():
        organization = make_organization()
        managers = [make_manager(organization).id for _n in range(2)]
        make_member(organization)
        key = organization.id
        db.session.commit()

    def go(who: tuple[int, str]) -> str:
        with app.app_context():
            account: Any = db.session.get(Account, who[0])
            try:
                if who[1] == "close":
                    staffing.set_status(account, False, by=account)
                else:
                    membership_of(account).perform("leave", by=account, version=1)
                db.session.commit()
            except Refused as refused:
                db.session.rollback()
                return refused.refusal.code
            return "went"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(go, zip(managers, deeds, strict=True)))

    assert results == ["last_manager", "went"]
    with app.app_context():
        assert usable_managers(key) == 1
