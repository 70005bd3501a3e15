"""A school comes with an account of its own and its code to sign in by."""

import pytest
from sqlalchemy import func, select

from models.assessment.codes import PROVINCIAL, SCHOOL, Committee
from models.assessment.enrolment import SCHOOL_CODE, Newcomer, clean_code, enrol, enrol_all, rename
from models.assessment.reference.schools import demo_schools
from models.assessment.school import School
from models.core.clock import now
from models.core.db import db
from models.core.grants import Held
from models.core.identity import Account, Identity, account_by_identity
from models.core.workflow import Refused
from tests.conftest import ON_POSTGRES
from tests.factories.assessment import make_committee

CODE = "1310016201"


def newcomer(code: str = CODE, **fields: str) -> Newcomer:
    return Newcomer(code, **{"name": "วิทยาลัยเทคนิคบ้านสวน", "province_code": "20", **fields})


def refused(*newcomers: Newcomer) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        enrol_all(newcomers)
    refusal = caught.value.refusal
    return refusal.code, refusal.values["school"]


def test_a_school_is_found_by_its_code_and_its_account_reaches_it_alone(session):
    made = enrol(newcomer())

    account = account_by_identity(SCHOOL_CODE, CODE)
    assert made.account == account
    assert account.held == (Held(SCHOOL, "school", made.id),)
    assert account.full_name == "วิทยาลัยเทคนิคบ้านสวน"


def test_nobody_can_write_to_the_account_or_sign_in_to_it_before_the_school_chose_a_password(session):
    account = enrol(newcomer()).account

    assert not account.has_mail
    assert account.password is None


def test_a_committee_and_the_schools_under_it_come_together_in_any_order(session):
    under, committee = enrol_all(
        [newcomer("1320016202", under="1320016201"), newcomer("1320016201", committee=Committee.PROVINCE)]
    )

    assert (under.under_id, committee.under_id) == (committee.id, None)
    assert PROVINCIAL in committee.account.kinds
    assert PROVINCIAL not in under.account.kinds


def test_a_school_comes_to_a_committee_that_is_there(session):
    committee = make_committee()

    assert enrol(newcomer(under=committee.code)).under_id == committee.id


def test_the_whole_country_is_enrolled_without_a_query_for_each_school(session, count_queries):
    country = [
        Newcomer(
            one.code,
            one.name,
            one.province,
            sector=one.kind,
            committee=one.committee,
            under="" if one.committee else one.under,
            phone=one.phone,
            email=one.email,
        )
        for one in demo_schools()
    ]
    count_queries.clear()

    made = enrol_all(country)

    # SQLite, which lies in the process, stores row by row what PostgreSQL stores at once.
    asked = [statement for statement in count_queries if ON_POSTGRES or not statement.startswith("INSERT")]
    assert len(asked) < 10
    assert [school.code for school in made] == [one.code for one in country]
    assert all(school.committee or school.under_id for school in made)
    identities = select(func.count()).select_from(Identity).where(Identity.type == SCHOOL_CODE)
    assert db.session.scalar(identities) == len(country)


def test_a_code_is_given_once_even_when_its_school_was_deleted(session):
    enrol(newcomer()).deleted_at = now()
    session.flush()

    assert refused(newcomer("1310016202"), newcomer()) == ("code_taken", CODE)


def test_a_code_that_comes_twice_in_one_list_is_told(session):
    assert refused(newcomer(), newcomer(name="วิทยาลัยอาชีวศึกษาบ้านสวน")) == ("code_taken", CODE)


def test_a_list_with_one_wrong_line_makes_no_school_and_no_account(session):
    def there() -> tuple[int, ...]:
        return tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (School, Account))

    before = there()

    refused(newcomer(), newcomer("131001620"))

    assert there() == before


def test_a_school_lies_under_a_committee_and_a_committee_under_none(session):
    school = enrol(newcomer())

    assert refused(newcomer("1310016202", under=school.code)) == ("not_a_committee", school.code)
    committee = make_committee()
    inside = newcomer("1310016203", under=committee.code, committee=Committee.PROVINCE)
    assert refused(inside) == ("not_a_committee", committee.code)


def test_an_account_goes_by_the_new_name_of_its_school(session):
    school = enrol(newcomer())

    rename(school, "วิทยาลัยเทคนิคบ้านสวนใหม่")

    assert school.account.full_name == "วิทยาลัยเทคนิคบ้านสวนใหม่"
    assert school.account.search_text.startswith("วิทยาลัยเทคนิคบ้านสวนใหม่")


@pytest.mark.parametrize("typed", ["1310016201", " 1310016201 ", "๑๓๑๐๐๑๖๒๐๑", "1310 016201", "13-1001-6201"])
def test_a_code_is_read_as_people_write_it(typed):
    assert clean_code(typed) == CODE


@pytest.mark.parametrize("typed", ["", "131001620", "13100162011", "131001620a", "131001620²"])
def test_what_is_not_ten_digits_is_no_code(typed):
    assert clean_code(typed) is None
