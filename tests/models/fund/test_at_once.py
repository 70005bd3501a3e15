"""Several people at once, on connections of their own with real commits."""

from __future__ import annotations

from collections.abc import Callable

from models.core.audit import verify
from models.core.db import db
from models.core.identity import Account
from models.fund.membership import Membership, membership_of
from models.fund.proposal import Proposal
from models.fund.session import AgendaItem, EvaluationSession
from tests.at_once import at_once
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_member, make_organization, make_proposal, make_session


def test_numbers_given_at_once_are_all_different_and_without_gaps(own_database):
    with own_database.app_context():
        ids = [make_proposal(author=make_manager()).id for _ in range(6)]
        db.session.commit()

    def submit(proposal_id: int) -> Callable[[], None]:
        def deed() -> None:
            proposal = db.session.get(Proposal, proposal_id)
            proposal.perform("submit", proposal.author, proposal.version)

        return deed

    assert at_once(own_database, [submit(proposal_id) for proposal_id in ids]) == ["done"] * 6
    with own_database.app_context():
        sequences = sorted(db.session.get(Proposal, proposal_id).sequence for proposal_id in ids)
        assert sequences == list(range(1, 7))
        assert verify() is None


def test_of_two_who_put_a_proposal_on_two_agendas_at_once_one_wins_and_the_other_is_told(own_database):
    with own_database.app_context():
        cast = Cast()
        proposal = make_proposal("wait_group", cast=cast)
        proposal_id, version, staff_id = proposal.id, proposal.version, cast.staff.id
        sessions = [make_session("group", cast=cast).id for _ in range(2)]
        db.session.commit()

    def put(session_id: int) -> Callable[[], None]:
        def deed() -> None:
            session, staff = db.session.get(EvaluationSession, session_id), db.session.get(Account, staff_id)
            db.session.get(Proposal, proposal_id).perform("put_on_agenda", staff, version, session=session)

        return deed

    assert sorted(at_once(own_database, [put(session_id) for session_id in sessions])) == ["done", "stale"]
    with own_database.app_context():
        assert db.session.query(AgendaItem).filter_by(proposal_id=proposal_id).count() == 1


def test_of_two_managers_who_leave_at_once_one_stays(own_database):
    with own_database.app_context():
        organization = make_organization()
        managers = [make_member(organization, "manager").id for _ in range(2)]
        make_member(organization)
        make_account("staff")
        db.session.commit()

    def leave(user_id: int) -> Callable[[], None]:
        def deed() -> None:
            user = db.session.get(Account, user_id)
            membership = membership_of(user)
            membership.perform("leave", user, membership.version)

        return deed

    assert sorted(at_once(own_database, [leave(user_id) for user_id in managers])) == ["done", "last_manager"]
    with own_database.app_context():
        assert db.session.query(Membership).filter_by(role="manager", state="active").count() == 1
