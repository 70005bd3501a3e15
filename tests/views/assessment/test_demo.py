"""The registry's demo is whole: schools in every province, a locked year, a year on its way, accounts that sign in."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from models.assessment.catalogue import Branch
from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL, RoundState
from models.assessment.enrolment import SCHOOL_CODE
from models.assessment.note import notes_on
from models.assessment.outside import NoneOutside, OutsideAgency, none_outside
from models.assessment.reference.schools import demo_schools
from models.assessment.registration import Registration, RegistrationLine, sheet_of
from models.assessment.round import current_round, round_before
from models.assessment.school import School
from models.assessment.standing import tally
from models.core import audit
from models.core.db import db
from models.core.identity import Account, Identity
from models.core.kinds import SUPER_USER
from models.core.password import password_matches
from models.core.reference.provinces import PROVINCES
from views.assessment.demo import build, numbers
from views.assessment.demo.making import SHOWN_IN, academic_year, shown_of
from views.core.cli import DemoOptions

PASSWORD = "ศาลาริมน้ำ2569"


@pytest.fixture
def small_demo(own_database, monkeypatch):
    """A database with the demo of one province alone, and the accounts that it shows."""
    here = tuple(one for one in demo_schools() if one.province == SHOWN_IN)
    monkeypatch.setattr("views.assessment.demo.making.demo_schools", lambda: here)
    with own_database.app_context():
        # Another domain's demo came before it: this one goes back to last year all the same.
        audit.note("system.demo", entity="system")
        db.session.commit()
        yield list(build(DemoOptions(password=PASSWORD)))
        assert audit.verify() is None


def test_the_demo_is_believable_and_whole(own_database):
    with own_database.app_context():
        build(DemoOptions(password=PASSWORD))
        _check_demo()


def _check_demo():
    assert db.session.scalar(select(func.count(School.id))) == 900
    assert db.session.scalar(select(func.count(Identity.id)).where(Identity.type == SCHOOL_CODE)) == 900
    assert set(db.session.scalars(select(School.province_code).distinct())) == set(PROVINCES)
    this = current_round()
    last = round_before(this)
    assert (this.state, this.takes_numbers, last.state) == (RoundState.OPEN, True, RoundState.LOCKED)
    assert this.academic_year == last.academic_year + 1

    reported = dict(
        db.session.execute(
            select(Registration.round_id, func.count(Registration.school_id.distinct())).group_by(Registration.round_id)
        ).all()
    )
    assert 900 > reported[last.id] > reported[this.id] > 300
    lines = select(func.sum(RegistrationLine.students)).where(RegistrationLine.registration_id == Registration.id)
    assert db.session.scalar(select(Registration.id).where(Registration.students != lines.scalar_subquery())) is None
    strange = (
        select(Registration.id)
        .join(RegistrationLine)
        .join(Branch, Branch.id == RegistrationLine.branch_id)
        .where(Branch.curriculum != Registration.curriculum)
    )
    assert db.session.scalar(strange) is None
    assert audit.verify() is None
    whole = tally(this.id, select(School))
    assert (whole.total, whole.reported) == (900, reported[this.id])
    assert 5 <= whole.excused < 20
    for one in db.session.scalars(select(OutsideAgency)):
        assert none_outside(one.round_id, one.committee_id) is None
    assert db.session.scalar(select(func.count(NoneOutside.id)).where(NoneOutside.round_id == this.id)) > 10
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []


def test_the_accounts_to_try_are_of_their_kinds_and_sign_in(small_demo):
    assert [one.kind for one in small_demo] == [NATIONAL, PROVINCIAL, SCHOOL, f"{SCHOOL} (first sign-in)", SUPER_USER]
    for one in small_demo:
        account = db.session.scalar(
            select(Account).join(Identity, Identity.user_id == Account.id).where(Identity.value == one.user_name)
        )
        assert one.kind.split(" ")[0] in account.kinds
        assert password_matches(account.password, PASSWORD) is not bool(one.password)
    newcomer = next(one for one in small_demo if one.password)
    kept = db.session.scalar(select(School).where(School.code == newcomer.user_name))
    assert newcomer.password == newcomer.user_name
    assert kept.activated_at is None


def test_the_school_to_try_has_a_level_to_enter_that_it_had_last_year(small_demo):
    this = current_round()
    last = round_before(this)
    code = shown_of(demo_schools()).school
    school = db.session.scalar(select(School).where(School.code == code))

    assert len(sheet_of(last.id, school.id, "pvc2562").counts) >= 15
    assert sheet_of(this.id, school.id, "pvc2562").counts == {}
    assert sheet_of(this.id, school.id, "pvs2563").counts != {}
    assert [note.curriculum for note in notes_on(this.id, [school.id])[school.id]] == ["pvs2563"]


def test_a_year_begins_in_may():
    assert [academic_year(day) for day in (date(2026, 4, 30), date(2026, 5, 1), date(2027, 3, 1))] == [2568, 2569, 2569]


def test_a_year_later_most_numbers_are_much_alike_and_some_doubled_halved_or_are_gone():
    before = {"pvc2562": dict.fromkeys(range(1000), 50)}

    after = numbers.a_year_later(Random(1), before)["pvc2562"]

    assert 5 < 1000 - len(after) < 100
    assert 5 < sum(students >= 100 for students in after.values()) < 100
    assert 3 < sum(students <= 25 for students in after.values()) < 100
    assert sum(40 <= students <= 60 for students in after.values()) > 900
    assert numbers.a_year_later(Random(1), before)["pvc2562"] == after
