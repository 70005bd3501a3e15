"""The demo is lived through by the real moves: every state, numbers without gaps, an unbroken history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from models.core import audit
from models.core.clock import today
from models.core.counter import Counter, next_number
from models.core.db import db
from models.core.identity import Account
from models.core.password import password_matches
from models.core.thai.dates import fiscal_year
from models.fund.codes import State
from models.fund.organization import Organization
from models.fund.proposal import Proposal
from models.fund.proposal_moves import NUMBER_COUNTER
from models.fund.revision import Revision
from models.fund.session import EvaluationSession
from models.fund.wizard import missing
from views.core.cli import DemoOptions
from views.fund.demo import build as building
from views.fund.demo import bulk


@pytest.fixture
def demo(own_database, monkeypatch):
    """A database with a shorter demo than `flask sala demo` makes, and the accounts that it shows."""
    monkeypatch.setattr("views.fund.demo.making.SMALL", 36)
    with own_database.app_context():
        yield building(DemoOptions(password="ศาลาริมน้ำ2569"))


def test_the_demo_is_believable_and_whole(demo):
    states = set(db.session.scalars(select(Proposal.state).distinct()))
    assert {State.DRAFT, State.READY, State.DELETED, State.APPROVED, State.RETURNED, State.AGENDA_GROUP} <= states

    sent = select(Proposal.fiscal_year, Proposal.sequence).where(Proposal.sequence.is_not(None))
    numbers = db.session.execute(sent).all()
    last = fiscal_year(today())
    assert {year for year, _sequence in numbers} == {last - 2, last - 1, last}
    for year in (last - 2, last - 1, last):
        given = sorted(sequence for of, sequence in numbers if of == year)
        assert given == list(range(1, len(given) + 1))

    for revision in db.session.scalars(select(Revision).where(Revision.submitted_at.is_not(None))):
        assert missing(revision) == {}
        assert revision.budget == revision.compute_budget()
    starts = db.session.scalars(select(EvaluationSession.starts_at)).all()
    assert min(starts).date() < today() - timedelta(days=365)
    assert max(starts).date() > today()
    assert db.session.scalar(select(func.count(Organization.id))) >= 40
    assert audit.verify() is None

    shown = {one.kind.split(" ")[0]: one for one in demo}
    assert set(shown) == {"project_manager", "organization_manager", "staff", "committee", "super_user"}
    for one in demo:
        account = db.session.scalar(select(Account).where(Account.username == one.user_name))
        assert password_matches(account.password, "ศาลาริมน้ำ2569")
        assert one.kind.split(" ")[0] in account.kinds


def test_rows_by_the_thousand_keep_every_constraint_and_numbers_go_on(own_database):
    with own_database.app_context():
        from tests.factories.fund import make_manager, make_proposal

        author = make_manager()
        bulk.fill(1_250, before=date(2024, 10, 1))

        assert db.session.scalar(select(func.count(Proposal.id))) == 1_250
        assert audit.verify() is None
        years = db.session.execute(select(Counter.period, Counter.value).where(Counter.name == NUMBER_COUNTER)).all()
        assert sorted(int(year) for year, _value in years) == list(range(2556, 2568))
        assert next_number(NUMBER_COUNTER, 2567) == max(value for year, value in years if year == "2567") + 1
        counted = select(func.count(Proposal.id)).where(Proposal.fiscal_year == 2567)
        assert db.session.scalar(counted) == dict(years)["2567"]
        one = db.session.scalars(select(Proposal).where(Proposal.state == State.APPROVED)).first()
        assert one.submitted_revision.compute_budget() == one.amount_asked
        assert one.submitted_revision.board_result == "approved"
        assert one.decided_at > one.submitted_at
        # Keys go on behind those that were given.
        assert make_proposal(author=author).id > 1_250
        db.session.rollback()
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
