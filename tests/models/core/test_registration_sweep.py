"""Accounts that nobody confirmed go, as the privacy policy says; nobody else's do."""

from datetime import timedelta

import pytest

from models.core import audit
from models.core.clock import frozen_at, now
from models.core.identity import Account, account_by_identity
from models.core.registration import forget_unconfirmed, register
from tests.factories.core import make_account


@pytest.fixture
def newcomer(session):
    register("newcomer@sala.example", "pbkdf2:x", lambda token: token)
    session.commit()
    return account_by_identity("email", "newcomer@sala.example")


def test_an_account_that_nobody_confirmed_is_gone_after_its_time_and_can_be_opened_anew(session, newcomer):
    with frozen_at(now() + timedelta(days=29, hours=1)):
        assert forget_unconfirmed() == 1
        session.commit()

        assert account_by_identity("email", "newcomer@sala.example") is None
        register("newcomer@sala.example", "pbkdf2:x", lambda token: token)
        session.commit()
    assert account_by_identity("email", "newcomer@sala.example") is not None
    assert audit.verify() is None


def test_who_registered_again_lately_confirmed_or_was_made_by_staff_stays(session, newcomer):
    made = make_account("staff")
    made.confirmed_at = None  # no consent either: not one that registered
    confirmed = make_account()
    session.commit()
    with frozen_at(now() + timedelta(days=20)):
        register("newcomer@sala.example", "pbkdf2:y", lambda token: token)
        session.commit()

    with frozen_at(now() + timedelta(days=29, hours=1)):
        assert forget_unconfirmed() == 0

    assert {session.get(Account, account.id) for account in (newcomer, made, confirmed)} == {newcomer, made, confirmed}
