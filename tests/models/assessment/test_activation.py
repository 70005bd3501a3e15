"""A school's first sign-in: what opens it and when, who is told, letters, and the way back (spec: assessment.md 2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.assessment import activation
from models.assessment.activation import ActivationCode, clean_activation_code, opens
from models.assessment.codes import NATIONAL, Committee, RoundState
from models.assessment.enrolment import SCHOOL_CODE, Newcomer, enrol
from models.assessment.settings import ACTIVATION_CODES
from models.core import setting
from models.core.address import ask_address
from models.core.audit import AuditEntry
from models.core.clock import frozen_at, now
from models.core.identity import Identity, OneTimeLink, account_by_identity, open_session, open_sessions
from models.core.outbox import Message, Notification
from models.core.password import hash_password
from models.core.registration import first_password, set_password
from models.core.workflow import Refused
from tests.factories.assessment import enrolled, make_committee, make_round
from tests.factories.core import make_account

CODE, OTHER = "1320016201", "1320016202"


@pytest.fixture
def committee(session):
    [made] = enrolled(
        Newcomer(
            "1320016200",
            "วิทยาลัยเทคนิคชลบุรี",
            "20",
            committee=Committee.PROVINCE,
            email="province@vec.example",
            phone="038276521",
        )
    )
    return made


@pytest.fixture
def school(session, committee):
    return enrol(Newcomer(CODE, "วิทยาลัยการอาชีพบ้านสวน", "20", under=committee.code, email="office@bansuan.example"))


@pytest.fixture
def with_codes(session):
    setting.change(ACTIVATION_CODES, True, 0)
    session.commit()


def told(session, event=activation.ENTERED):
    bells = set(session.scalars(select(Notification.user_id).where(Notification.event == event)))
    mails = sorted(session.scalars(select(Message.address).where(Message.event == event)))
    return bells, mails


def refused(call, *given):
    with pytest.raises(Refused) as caught:
        call(*given)
    return caught.value.refusal.code


# --- when the code opens ----------------------------------------------------------------------------------------------


def test_the_code_of_a_school_opens_its_account_while_a_round_is_open(session, school):
    make_round()

    assert opens(CODE, CODE)
    assert opens(CODE, "๑๓๒๐๐๑๖๒๐๑")
    assert not opens(CODE, OTHER)
    assert not opens(OTHER, OTHER)


@pytest.mark.parametrize("state", [RoundState.PREPARED, RoundState.LOCKED, None])
def test_without_an_open_round_the_code_opens_nothing(session, school, state):
    if state is not None:
        make_round(state)

    assert not opens(CODE, CODE)


@pytest.mark.parametrize(("days", "is_open"), [(-8, False), (0, True), (8, False)])
def test_an_open_round_opens_it_between_its_days_alone(session, school, days, is_open):
    make_round()

    with frozen_at(now() + timedelta(days=days)):
        assert opens(CODE, CODE) is is_open


def test_the_code_opens_nothing_once_the_school_chose_its_own_password(session, school):
    make_round()
    set_password(school.account, hash_password("ริมฝั่งน้ำยามเย็น2569"))
    session.flush()

    assert not opens(CODE, CODE)
    assert school.activated_at is not None


@pytest.mark.parametrize("field", ["deleted", "closed"])
def test_a_deleted_school_and_a_closed_account_stay_closed(session, school, field):
    make_round()
    if field == "deleted":
        school.deleted_at = now()
    else:
        school.account.active = False
    session.flush()

    assert not opens(CODE, CODE)


def test_a_known_and_an_unknown_code_are_asked_about_alike(session, school, count_queries, with_codes):
    make_round()
    asked = []
    for code, typed in ((CODE, CODE), (OTHER, OTHER), (CODE, first_password())):
        session.expire_all()
        count_queries.clear()
        opens(code, typed)
        asked.append([statement for statement in count_queries if "assessment_" in statement])

    assert asked[0] == asked[1] == asked[2]
    assert len(asked[0]) == 2


# --- who is told ------------------------------------------------------------------------------------------------------


def test_school_and_province_are_told_at_once_under_the_bell_and_by_mail(session, school, committee):
    activation.entered(school.account)
    session.commit()

    bells, mails = told(session)
    assert bells == {school.account_id, committee.account_id}
    assert mails == ["office@bansuan.example", "province@vec.example"]
    [values] = session.scalars(select(Message.values).where(Message.address == "office@bansuan.example"))
    assert values["code"] == CODE
    assert values["phone"] == "038276521"
    assert session.scalar(select(func.count()).where(AuditEntry.action == "school_sign_in.first")) == 1


def test_of_a_committees_own_first_sign_in_the_national_office_is_told(session):
    national = make_account(NATIONAL, email="national@vec.example")
    committee = make_committee()

    activation.entered(committee.account)
    session.flush()

    bells, mails = told(session)
    assert bells == {committee.account_id, national.id}
    assert mails == ["national@vec.example"]


def test_nobody_is_told_twice_a_day_but_after_a_reset_again(session, school, committee):
    for _time in range(3):
        activation.entered(school.account)
        session.flush()
    assert len(told(session)[1]) == 2

    set_password(school.account, "hashed")
    activation.reset(school, committee.account)
    activation.entered(school.account)
    session.flush()
    assert len(told(session)[1]) == 4

    with frozen_at(now() + timedelta(days=1, minutes=1)):
        activation.entered(school.account)
        session.flush()
        assert len(told(session)[1]) == 6


# --- letters ----------------------------------------------------------------------------------------------------------


@given(st.sampled_from([str.upper, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "]))
def test_a_code_is_read_however_it_is_copied_from_its_letter(written):
    code = first_password()

    assert clean_activation_code(written(code)) == code


@pytest.mark.parametrize("typed", ["", CODE, "abcd-efgh-jkmn", "abcd-efgh-jkmn-pqrs-tuvw", "กขคง-กขคง-กขคง-กขคง"])
def test_what_has_another_look_is_no_code(typed):
    assert clean_activation_code(typed) is None


def test_letters_are_for_the_setting_that_asks_for_them(session, school, committee):
    assert refused(activation.draw, activation.waiting(committee.account)) == "codes_are_off"


def test_with_letters_the_schools_own_code_opens_nothing_and_the_letters_does_once(
    session, school, committee, with_codes
):
    make_round()
    [unprinted] = activation.draw(activation.waiting(committee.account))
    [one] = activation.draw(activation.waiting(committee.account))
    activation.keep([one], committee.account)

    assert not opens(CODE, CODE)
    assert not opens(CODE, unprinted.code)
    assert opens(CODE, one.code.upper())
    set_password(school.account, "hashed")
    session.flush()
    assert not opens(CODE, one.code)
    assert session.get(ActivationCode, school.id) is None


def test_a_new_letter_ends_the_one_before_and_no_letter_works_without_a_round(session, school, committee, with_codes):
    this = make_round()
    first, second = (activation.draw(activation.waiting(committee.account))[0] for _letter in range(2))
    activation.keep([first], committee.account)
    activation.keep([second], committee.account)

    assert not opens(CODE, first.code)
    assert opens(CODE, second.code)
    this.state = RoundState.LOCKED
    session.flush()
    assert not opens(CODE, second.code)


def test_a_code_stands_nowhere_but_in_its_letter(session, school, committee, with_codes):
    [one] = activation.draw(activation.waiting(committee.account))
    activation.keep([one], committee.account)
    session.commit()

    assert one.code not in session.get(ActivationCode, school.id).code_hash
    assert not any(one.code in str(entry.payload) for entry in session.scalars(select(AuditEntry)))


def test_a_province_prints_letters_for_its_own_schools_that_wait(session, school, committee, with_codes):
    enrol(Newcomer(OTHER, "วิทยาลัยการอาชีพเกาะลอย", "21", under=make_committee().code))
    done = enrol(Newcomer("1320016203", "วิทยาลัยการอาชีพศรีราชา", "20", under=committee.code))
    set_password(done.account, "hashed")
    session.flush()

    printed = {one.school.id for one in activation.draw(activation.waiting(committee.account))}

    assert printed == {school.id}


def test_a_school_that_chose_its_password_while_letters_were_made_gets_no_code(session, school, committee, with_codes):
    [one] = activation.draw(activation.waiting(committee.account))
    set_password(school.account, "hashed")
    session.flush()

    activation.keep([one], committee.account)

    assert session.get(ActivationCode, school.id) is None


def test_no_print_is_longer_than_its_limit(session, school, committee, with_codes, monkeypatch):
    monkeypatch.setattr(activation, "MOST_LETTERS", 0)

    assert refused(activation.draw, activation.waiting(committee.account)) == "too_many_letters"


# --- the way back -----------------------------------------------------------------------------------------------------


def test_a_reset_ends_every_way_in_but_the_first_password(session, school, committee):
    make_round()
    set_password(school.account, hash_password("ริมฝั่งน้ำยามเย็น2569"))
    open_session(school.account, "a stranger", "10.0.0.9")
    session.add(Identity(user_id=school.account_id, type="email", value="stranger@else.example"))
    school.account.email = "stranger@else.example"
    session.flush()

    activation.reset(school, committee.account)

    assert school.account.password is None
    assert school.activated_at is None
    assert open_sessions(school.account_id) == []
    assert account_by_identity("email", "stranger@else.example") is None
    assert not school.account.has_mail
    assert account_by_identity(SCHOOL_CODE, CODE) == school.account
    assert opens(CODE, CODE)
    assert told(session, activation.RESET)[1] == ["office@bansuan.example"]


def test_the_links_that_a_stranger_asked_for_die_with_a_reset(session, school, committee):
    set_password(school.account, "hashed")
    ask_address(school.account, "stranger@else.example", lambda token: token)
    activation.reset(school, committee.account)

    alive = select(func.count()).where(OneTimeLink.user_id == school.account_id, OneTimeLink.used_at.is_(None))
    assert session.scalar(alive) == 0


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("foreign", "not_permitted"),
        ("itself", "not_permitted"),
        ("committee", "own_password"),
        ("early", "not_activated"),
    ],
)
def test_only_the_province_and_the_national_office_reset_and_only_what_was_chosen(
    session, school, committee, who, code
):
    foreign = make_committee()
    if who != "early":
        set_password(school.account, "hashed")
        session.flush()
    by = {"foreign": foreign.account, "itself": school.account}.get(who, committee.account)
    whose = committee if who == "committee" else school

    assert refused(activation.reset, whose, by) == code


def test_the_national_office_resets_a_committee(session, committee):
    activation.reset(committee, make_account(NATIONAL))

    assert committee.activated_at is None
