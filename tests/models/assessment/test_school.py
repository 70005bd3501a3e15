"""Whose reports a user may give: those of the committee that one's school was made, or everybody's."""

import pytest

from models.assessment.codes import NATIONAL, PROVINCIAL
from models.assessment.school import School
from models.core.clock import now
from models.core.db import db
from models.core.matrix import set_cells
from tests.factories.assessment import make_committee, make_school
from tests.factories.core import make_account

REPORT = "registration.report"


@pytest.fixture
def place(session):
    """A committee with a school under it, and another committee."""
    committee = make_committee()
    return committee, make_school(committee), make_committee()


def led(user, place):
    found = {school.id for school in db.session.scalars(School.led_by(user, REPORT))}
    return [school for school in place if school.id in found]


def test_a_committee_leads_itself_a_school_nobody_and_the_office_every_committee(place):
    committee, school, other = place

    assert led(committee.account, place) == [committee]
    assert led(school.account, place) == []
    assert led(make_account(NATIONAL), place) == [committee, other]
    assert led(make_account("staff"), place) == []


def test_a_committee_that_lost_the_permission_leads_nobody_though_its_school_keeps_it(place):
    committee, _school, _other = place

    set_cells({(REPORT, PROVINCIAL): False})

    assert led(committee.account, place) == []
    assert db.session.scalars(School.visible_to(committee.account, REPORT)).all() == [committee]


def test_a_committee_that_is_deleted_or_no_committee_any_more_is_led_by_nobody(place):
    committee, _school, other = place
    committee.deleted_at = now()
    other.committee = None
    db.session.flush()

    assert led(make_account(NATIONAL), place) == []
