"""A school that is closed, or a round that is locked, in the very moment of a save: nothing is stored any more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.assessment import agency, registration, status
from models.assessment import round as rounds
from models.assessment.agency import Details
from models.assessment.codes import NATIONAL, RoundState
from models.assessment.keeping import close_school
from models.assessment.outside import NoneOutside, OutsideAgency
from models.assessment.registration import Registration
from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.status import SchoolStatus, Status
from models.core.db import db
from models.core.workflow import Refused
from tests.factories.assessment import make_branches, make_round, make_school
from tests.factories.core import make_account

PVC = "pvc2562"


@pytest.fixture
def place(session):
    """A committee, a school under it, and branches, while a round is open."""
    committee = make_school(committee="province")
    made = make_round(), committee, make_school(under=committee), [one.id for one in make_branches(2, PVC)]
    session.commit()
    return made


@pytest.fixture
def first(app, monkeypatch):
    """Let something be done and stored just before a save gets its turn: `first(deed)`."""
    real = rounds.hold

    def arrange(deed):
        waiting = [deed]

        def hold(*given):
            if waiting:
                with app.app_context():
                    waiting.pop()()
                    db.session.commit()
            real(*given)

        for module in (registration, agency, status):
            monkeypatch.setattr(module, "hold", hold)

    return arrange


def lock(this):
    """The office locks the round."""
    key = this.id

    def deed():
        found = db.session.get(Round, key)
        found.perform("lock", make_account(NATIONAL), found.version)

    return deed


def close(school):
    """The office closes the school."""
    key = school.id
    return lambda: close_school(make_account(NATIONAL), db.session.get(School, key))


def refused(deed):
    with pytest.raises(Refused) as caught:
        deed()
    return caught.value.refusal.code


def test_a_school_that_was_closed_a_moment_before_saves_no_number_that_would_count_for_nobody(place, first, session):
    this, _committee, school, branches = place
    first(close(school))

    code = refused(lambda: registration.save(school.account, this, school, PVC, {branches[0]: 5}, read={}, version=0))

    assert code == "not_permitted"
    assert session.scalar(select(Registration)) is None


def test_a_round_that_was_locked_a_moment_before_takes_no_number(place, first, session):
    this, _committee, school, branches = place
    first(lock(this))

    code = refused(lambda: registration.save(school.account, this, school, PVC, {branches[0]: 5}, read={}, version=0))

    assert code == "round_is_over"
    assert session.get(Round, this.id).state == RoundState.LOCKED
    assert session.scalar(select(Registration)) is None


def test_nor_an_agency_nor_the_word_that_there_is_none(place, first, session):
    this, committee, _school, branches = place
    asks = Details("โรงเรียนพลตำรวจ", "state", "สำนักงานตำรวจแห่งชาติ", "20")
    first(lock(this))

    assert (
        refused(lambda: agency.add(committee.account, this, committee, PVC, asks, {branches[0]: 5})) == "round_is_over"
    )
    assert refused(lambda: agency.confirm_none(committee.account, this, committee)) == "round_is_over"
    assert session.scalar(select(OutsideAgency)) is None
    assert session.scalar(select(NoneOutside)) is None


def test_nor_a_status(place, first, session):
    this, committee, school, _branches = place
    first(lock(this))

    code = refused(lambda: status.set_status(committee.account, this, school, Status.CLOSED, 0))

    assert code == "round_is_over"
    assert session.scalar(select(SchoolStatus)) is None
