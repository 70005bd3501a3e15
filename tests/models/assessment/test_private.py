"""A province adds a private school, after a look at those that may be the same."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from models.assessment.codes import PRIVATE
from models.assessment.enrolment import Newcomer
from models.assessment.private import add_private, alike
from models.core.clock import now
from models.core.db import db
from models.core.identity import Identity
from models.core.workflow import Refused
from tests.factories.assessment import make_committee, make_school
from tests.factories.core import make_account

NEW = Newcomer("1320999901", "วิทยาลัยเทคโนโลยีชลธารวิทยา", "20", phone="038012345", email="office@chon.example")


@pytest.fixture
def committee(session):
    return make_committee(province_code="20")


def test_a_private_school_comes_under_the_province_with_an_account_that_signs_in_by_its_code(committee):
    school = add_private(committee.account, committee, NEW)

    assert (school.name, school.sector, school.under_id) == (NEW.name, PRIVATE, committee.id)
    signs_in_by = db.session.scalars(select(Identity.value).where(Identity.user_id == school.account_id)).all()
    assert signs_in_by == [NEW.code]


def test_what_is_asked_for_beside_that_is_not_believed(committee):
    other = make_committee()

    school = add_private(committee.account, committee, replace(NEW, sector="state", under=other.code))

    assert (school.sector, school.under_id) == (PRIVATE, committee.id)


def test_nobody_adds_a_school_under_another_province(committee):
    for user in (make_committee().account, make_school(under=committee).account, make_account("national")):
        with pytest.raises(Refused, match="not_permitted"):
            add_private(user, committee, NEW)


def test_a_school_is_the_same_by_its_code_and_may_be_by_its_name(committee):
    same_code = make_school(name="วิทยาลัยการอาชีพบางน้ำใส")
    like = make_school(name="วิทยาลัยเทคโนโลยี ชลธารวิทยา", province_code="20")
    make_school(name="วิทยาลัยเกษตรและเทคโนโลยีทุ่งรวงทอง", province_code="20")

    found = alike(NEW.name, "20", same_code.code)

    assert [(one.school_id, one.same_code) for one in found] == [(same_code.id, True), (like.id, False)]


def test_a_namesake_in_another_province_is_shown_when_it_is_called_nearly_the_same(committee):
    namesake = make_school(name="วิทยาลัยเทคโนโลยีชลธารวิทยา", province_code="50")
    make_school(name="วิทยาลัยเทคโนโลยีชลธารพัฒนา", province_code="50")

    assert [one.school_id for one in alike(NEW.name, "20")] == [namesake.id]


def test_a_like_school_is_looked_at_first_and_then_the_new_one_is_added(committee):
    like = make_school(name="วิทยาลัยเทคโนโลยีชลธาร วิทยา", province_code="20")

    with pytest.raises(Refused, match="school_alike"):
        add_private(committee.account, committee, NEW)
    with pytest.raises(Refused, match="school_alike"):
        add_private(committee.account, committee, NEW, looked_at=[committee.id])

    assert add_private(committee.account, committee, NEW, looked_at=[like.id]).id


def test_a_code_that_is_taken_is_never_given_twice_whatever_was_looked_at(committee):
    taken = make_school(name=NEW.name, province_code="20")
    taken.code = NEW.code
    db.session.flush()

    with pytest.raises(Refused, match="code_taken"):
        add_private(committee.account, committee, NEW, looked_at=[taken.id])
    taken.deleted_at = now()
    db.session.flush()
    with pytest.raises(Refused, match="code_taken"):
        add_private(committee.account, committee, NEW)
