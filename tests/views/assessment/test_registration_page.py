"""A school's page of a curriculum: entered, saved, refused, carried over, shown when nothing can be saved."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.assessment.catalogue import Branch
from models.assessment.codes import NATIONAL, SCHOOL, SCOPE_SCHOOL, RoundState
from models.assessment.note import Note, NoteState, write
from models.assessment.registration import registered
from models.assessment.round import Unlock
from models.core.audit import AuditEntry
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.draft import Draft
from models.core.grants import grant
from tests.factories.assessment import make_branches, make_committee, make_registration, make_round, make_school
from tests.factories.core import make_account
from tests.views.assessment.registration_pages import PVC, URL, Place, fields_of, opened, typed


@pytest.fixture
def place(session):
    this, school = make_round(year=2569), make_school()
    branches = [one.id for one in make_branches(4, PVC)]
    db.session.commit()
    return Place(this, school, branches)


@pytest.fixture
def browser(client, place, sign_in):
    return sign_in(client, place.school.account)


def row_of(page, branch):
    """The row of a branch as it stands on the page."""
    found = re.search(rf'<li class="([^"]*)" data-branch="{branch}".*?</li>', page, re.S)
    assert found, branch
    return found


# --- saving ----------------------------------------------------------------------------------------------------------


def test_what_is_ticked_and_entered_is_saved_with_totals(browser, place):
    first, second, *_rest = place.branches

    answer = browser.post(URL, data=typed(opened(browser), **{f"n{first}": "25", f"n{second}": "1,007"}))
    page = browser.get(answer.location).text

    assert (answer.status_code, place.counts) == (303, {first: 25, second: 1007})
    assert "บันทึกแล้ว รวม 1,032 คน จาก 2 สาขางาน" in page
    assert re.search(r"<output data-total>1,032</output>", page)
    assert "is-on" in row_of(page, first)[1]


def test_thai_digits_are_read(browser, place):
    browser.post(URL, data=typed(opened(browser), **{f"n{place.branches[0]}": "๒๕"}))

    assert place.counts == {place.branches[0]: 25}


def test_a_branch_that_is_cleared_goes_and_the_log_says_from_what_to_what(browser, place):
    first, second, *_rest = place.branches
    place.saved({first: 10, second: 20})

    browser.post(URL, data=typed(opened(browser), **{f"n{first}": "", f"n{second}": "21"}))

    assert place.counts == {second: 21}
    codes = {row.id: row.branch_code for row in db.session.scalars(select(Branch).where(Branch.id.in_(place.branches)))}
    latest = select(AuditEntry).where(AuditEntry.action == "assessment_registration.change").order_by(AuditEntry.seq)
    said = [note for entry in db.session.scalars(latest) for note in entry.payload.get("notes", [entry.payload])]
    assert said[-1]["counts"] == {codes[first]: [10, None], codes[second]: [20, 21]}


@pytest.mark.parametrize(
    ("number", "ticked", "words"),
    [
        ("", True, "เลือกไว้แล้ว กรอกจำนวนผู้เรียน"),
        ("25", False, "กรอกจำนวนแล้ว แต่ยังไม่ได้เลือกสาขางานนี้"),
        ("2.5", True, "กรอกเป็นจำนวนเต็ม"),
        ("0", True, "กรอกจำนวนตั้งแต่ 1 ถึง 9,999"),
        ("10000", True, "กรอกจำนวนตั้งแต่ 1 ถึง 9,999"),
    ],
)
def test_a_wrong_row_is_shown_at_its_row_and_nothing_typed_is_lost(browser, place, number, ticked, words):
    first, second, *_rest = place.branches
    fields = typed(opened(browser), **{f"n{second}": "7"})
    fields[f"n-{first}"] = number
    fields["tick"] += [str(first)] if ticked else []

    answer = browser.post(URL, data=fields)

    row = row_of(answer.text, first)
    assert (answer.status_code, place.counts) == (422, {})
    assert "is-bad" in row[1]
    assert words in row[0]
    assert f'aria-describedby="e-{first}"' in row[0]
    assert f'href="#n-{first}"' in answer.text
    again = fields_of(answer.text)
    assert (again[f"n-{first}"], again[f"n-{second}"]) == (number, "7")
    assert sorted(again["tick"]) == sorted(fields["tick"])


def test_a_branch_retired_meanwhile_is_named_at_its_row(browser, place):
    first, second, *_rest = place.branches
    fields = typed(opened(browser), **{f"n{first}": "5", f"n{second}": "6"})
    db.session.get(Branch, first).is_retired = True

    answer = browser.post(URL, data=fields)

    assert (answer.status_code, place.counts) == (422, {})
    assert "สาขางานนี้ไม่อยู่ในหลักสูตรแล้ว" in row_of(answer.text, first)[0]
    assert "is-bad" not in row_of(answer.text, second)[1]


def test_a_branch_of_another_curriculum_is_not_taken(browser, place):
    (other,) = make_branches(1, "pvs2563")

    answer = browser.post(URL, data=typed(opened(browser), **{f"n{other.id}": "5"}))

    assert (answer.status_code, place.counts) == (422, {})


def test_an_empty_page_says_that_there_is_nobody(browser, place):
    answer = browser.post(URL, data=opened(browser))

    assert "ไม่มีผู้เข้ารับการประเมินในหลักสูตรนี้" in browser.get(answer.location).text
    assert registered(place.round.id, place.school.id)[PVC].students == 0
    assert "ไม่มีผู้เรียน" in browser.get("/registration/").text


def test_saving_again_without_a_change_says_so(browser, place):
    place.saved({place.branches[0]: 10})

    answer = browser.post(URL, data=opened(browser))

    assert "ไม่มีอะไรเปลี่ยน" in browser.get(answer.location).text


# --- last year -------------------------------------------------------------------------------------------------------


@pytest.fixture
def last_year(place):
    """The round before, with three branches, one of which is no longer taught."""
    then = make_round(RoundState.LOCKED, year=2568)
    first, second, third, _fourth = place.branches
    branches = {
        db.session.get(Branch, branch): students for branch, students in {first: 31, second: 24, third: 9}.items()
    }
    make_registration(then, place.school, branches)
    db.session.get(Branch, third).is_retired = True
    db.session.commit()
    return then


def test_last_years_numbers_stand_beside_and_what_is_gone_is_named(browser, place, last_year):
    first, _second, third, fourth = place.branches

    page = browser.get(URL).text

    assert "ปีที่แล้ว 31" in row_of(page, first)[0]
    assert "ปีที่แล้ว" not in row_of(page, fourth)[0]
    assert f'data-branch="{third}"' not in page
    assert "สาขางานของปีที่แล้ว 1 สาขางานไม่อยู่ในหลักสูตรแล้ว" in page


def test_last_years_branches_are_brought_over_without_their_numbers(browser, place, last_year):
    first, second, _third, fourth = place.branches
    place.saved({fourth: 3})

    brought = opened(browser, f"{URL}?carry=1")

    assert sorted(brought["tick"]) == sorted(map(str, (first, second, fourth)))
    assert (brought[f"n-{first}"], brought[f"n-{fourth}"]) == ("", "3")


def test_the_first_year_offers_nothing_to_bring_over(browser, place):
    assert "data-carry" not in browser.get(URL).text


# --- when nothing can be saved ---------------------------------------------------------------------------------------


def test_a_round_that_was_locked_before_its_day_is_not_said_to_have_closed_on_a_day_to_come(browser, place):
    place.round.state = RoundState.LOCKED
    db.session.flush()

    page = browser.get(URL).text

    assert "ระดับชาติล็อกรอบนี้แล้ว" in page
    assert "ปิดแล้วเมื่อ" not in page


def test_after_the_end_the_page_shows_what_is_saved_and_why_it_is_no_form(browser, place):
    place.saved({place.branches[0]: 10})
    place.round.state = RoundState.LOCKED
    db.session.commit()

    page = browser.get(URL).text

    assert 'id="branches"' not in page
    assert "ขณะนี้บันทึกไม่ได้" in page
    assert "1 สาขางาน รวม 10 คน" in page


def test_what_was_typed_when_the_round_ended_is_kept_until_the_school_is_let_in(browser, place):
    first = place.branches[0]
    fields = typed(opened(browser), **{f"n{first}": "25"})
    place.round.state = RoundState.LOCKED

    answer = browser.post(URL, data=fields)
    told = browser.get(answer.location).text
    given = {"until": now() + timedelta(days=1), "reason": "น้ำท่วม", "given_by": make_account(NATIONAL).id}
    db.session.add(Unlock(round_id=place.round.id, school_id=place.school.id, **given))
    page = browser.get(URL).text

    assert (answer.status_code, place.counts) == (303, {})
    assert "สิ่งที่ท่านกรอกยังเก็บไว้" in told
    assert "ระดับชาติเปิดให้สถานศึกษาของท่านบันทึกได้ถึง" in page
    assert fields_of(page)[f"n-{first}"] == "25"


def test_an_older_round_is_looked_at_by_its_address(browser, place, last_year):
    page = browser.get(f"{URL}?round={last_year.id}").text

    assert "ปีการศึกษา 2568 รอบที่ 1" in page
    assert "3 สาขางาน รวม 64 คน" in page
    assert browser.get(f"{URL}?round=999999").status_code == 400
    assert browser.get(f"{URL}?round=abc").status_code == 400


def test_a_school_that_was_let_in_to_an_older_round_is_led_there_and_saves_there(browser, place, last_year):
    first = place.branches[0]
    given = {"until": now() + timedelta(days=1), "reason": "น้ำท่วม", "given_by": make_account(NATIONAL).id}
    db.session.add(Unlock(round_id=last_year.id, school_id=place.school.id, **given))
    there = f"{URL}?round={last_year.id}"

    assert f"/registration/?round={last_year.id}" in browser.get("/registration/").text
    answer = browser.post(there, data=typed(opened(browser, there), **{f"n{first}": "99"}))

    assert answer.location == there
    assert registered(last_year.id, place.school.id)[PVC].students == 99 + 24 + 9
    assert place.counts == {}


def test_before_the_first_round_the_pages_say_so(client, sign_in, session):
    school = make_school()
    browser = sign_in(client, school.account)

    assert browser.get(URL).location.endswith("/registration/")
    assert browser.get("/registration/").status_code == 200
    assert browser.post(URL, data={}).status_code == 404


# --- the menu --------------------------------------------------------------------------------------------------------


def test_the_menu_shows_the_four_curricula_with_state_and_totals(browser, place):
    place.saved({place.branches[0]: 10, place.branches[1]: 5})

    page = browser.get("/registration/").text

    labels = ["ปวช3. หลักสูตร ปวช.56", "ปวส2. หลักสูตร ปวส.57", "ปวช3. หลักสูตร ปวช.62", "ปวส2. หลักสูตร ปวส.63"]
    nav = page[page.index('class="s-five"') :]
    assert [nav.index(label) for label in labels] == sorted(nav.index(label) for label in labels)
    assert "<b>15</b>" in nav
    assert nav.count("ยังไม่กรอก") == 3


@pytest.mark.parametrize(("before", "words"), [({"hours": 2}, "ปิดรับวันนี้ 23.59 น."), ({"days": 2}, "เหลือ 2 วัน")])
def test_the_last_day_is_told_and_midnight_belongs_to_the_day_before(client, sign_in, place, before, words):
    midnight = now().replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=3)  # in Bangkok
    place.round.closes_at = midnight
    db.session.commit()

    with frozen_at(midnight - timedelta(minutes=1) - timedelta(**before)):
        assert words in sign_in(client, place.school.account).get(URL).text


# --- what the province notes ------------------------------------------------------------------------------------------


def test_a_note_of_the_province_stands_on_the_page_and_saving_answers_it(browser, place):
    first = place.branches[0]
    place.saved({first: 250})
    committee = make_committee()
    place.school.under = committee
    db.session.flush()
    write(committee.account, place.round, place.school, PVC, "จำนวนเกินจริง โปรดตรวจสอบ")

    page, menu = browser.get(URL).text, browser.get("/registration/").text
    browser.post(URL, data=typed(fields_of(page), **{f"n{first}": "25"}))

    assert "จำนวนเกินจริง โปรดตรวจสอบ" in page
    assert "ต้องแก้ไข" in menu
    assert place.counts == {first: 25}
    assert "ต้องแก้ไข" not in browser.get("/registration/").text
    assert db.session.scalars(select(Note)).one().state == NoteState.ANSWERED


# --- who ----------------------------------------------------------------------------------------------------------


def test_somebody_who_was_let_report_for_a_school_reports_for_it(new_client, place, sign_in):
    clerk = make_account()
    grant(clerk.id, SCHOOL, scope_type=SCOPE_SCHOOL, scope_id=place.school.id)
    browser = sign_in(new_client(), clerk)

    browser.post(URL, data=typed(opened(browser), **{f"n{place.branches[0]}": "8"}))

    assert place.counts == {place.branches[0]: 8}


def test_a_school_sees_and_saves_its_own_alone(new_client, place, sign_in):
    place.saved({place.branches[0]: 10})
    other = make_school()
    browser = sign_in(new_client(), other.account)

    fields = opened(browser)
    browser.post(URL, data=typed(fields, **{f"n{place.branches[0]}": "99"}))

    assert fields["tick"] == []
    assert place.counts == {place.branches[0]: 10}


def test_a_save_drops_the_typing_that_was_kept(browser, place):
    fields = typed(opened(browser), **{f"n{place.branches[0]}": "8"})
    body = {"user": place.school.account_id, "version": 0, "fields": [[f"n-{place.branches[0]}", "8"]]}
    browser.post(f"{URL}/typing", json=body)
    assert db.session.query(Draft).count() == 1

    browser.post(URL, data=fields)

    assert db.session.query(Draft).count() == 0


def test_a_page_runs_few_queries_whatever_the_branches(browser, place, count_queries):
    def queries():
        count_queries.clear()
        assert browser.get(URL).status_code == 200
        return len(count_queries)

    queries()
    few = queries()
    place.saved({one.id: 3 for one in make_branches(30, PVC)})

    assert queries() <= few + 2 <= 22
