"""Two people at one school's page: what each typed is merged, or both are shown; typing is kept and comes back."""

import pytest

from models.assessment.codes import SCHOOL, SCOPE_SCHOOL, RoundState
from models.assessment.registration import sheet_of
from models.core.clock import later
from models.core.db import db
from models.core.draft import Draft
from models.core.grants import grant
from models.core.identity import SignInSession
from tests.factories.assessment import make_branches, make_round, make_school
from tests.factories.core import make_account
from tests.views.assessment.registration_pages import (
    AS_SCRIPT,
    PVC,
    URL,
    Place,
    conflict_fields,
    fields_of,
    opened,
    typed,
)


@pytest.fixture
def place(session):
    this, school = make_round(), make_school()
    branches = [one.id for one in make_branches(4, PVC)]
    db.session.commit()
    return Place(this, school, branches)


@pytest.fixture
def browser(client, place, sign_in):
    return sign_in(client, place.school.account)


@pytest.fixture
def clerk(place):
    """Somebody else who reports for the school."""
    account = make_account(first_name="ลำดวน", last_name="ใจเย็น")
    grant(account.id, SCHOOL, scope_type=SCOPE_SCHOOL, scope_id=place.school.id)
    db.session.commit()
    return account


@pytest.fixture
def other(new_client, clerk, sign_in):
    return sign_in(new_client(), clerk)


def typing(place, **numbers):
    """What a page sends by itself."""
    rows = [[name, text] for name, text in numbers.items()]
    return {"user": place.school.account_id, "version": 0, "fields": rows}


def ticked(branch, number):
    return [["tick", str(branch)], [f"n-{branch}", number]]


# --- two who save ----------------------------------------------------------------------------------------------------


def test_what_two_typed_into_different_branches_stands_together_and_the_later_one_is_told(browser, other, place):
    first, second, *_rest = place.branches
    mine, theirs = opened(browser), opened(other)

    other.post(URL, data=typed(theirs, **{f"n{first}": "11"}))
    answer = browser.post(URL, data=typed(mine, **{f"n{second}": "22"}))

    assert place.counts == {first: 11, second: 22}
    page = browser.get(answer.location).text
    assert "ลำดวน ใจเย็น บันทึกหน้านี้เมื่อ" in page
    assert "11 คน" in page


def test_a_school_in_two_windows_is_not_called_by_two_names(browser, place):
    first, second, *_rest = place.branches
    mine, theirs = opened(browser), opened(browser)

    browser.post(URL, data=typed(theirs, **{f"n{first}": "1100"}))
    answer = browser.post(URL, data=typed(mine, **{f"n{second}": "22"}))

    page = browser.get(answer.location).text
    assert "บัญชีนี้ (ในอีกหน้าต่างหนึ่ง) บันทึกหน้านี้เมื่อ" in page
    assert "1,100 คน" in page
    assert "คุณ (" not in page


def test_one_branch_that_two_changed_differently_is_shown_side_by_side_and_nothing_is_stored(browser, other, place):
    first, second, *_rest = place.branches
    place.saved({first: 10})
    mine, theirs = opened(browser), opened(other)

    other.post(URL, data=typed(theirs, **{f"n{first}": "12"}))
    answer = browser.post(URL, data=typed(mine, **{f"n{first}": "15", f"n{second}": "3"}))

    assert (answer.status_code, place.counts) == (409, {first: 12})
    assert "15 คน" in answer.text
    assert "12 คน" in answer.text
    assert "ลำดวน ใจเย็น" in answer.text
    under = fields_of(answer.text)
    assert (under[f"n-{first}"], under[f"n-{second}"], under["version"]) == ("15", "3", mine["version"])


def test_keeping_mine_saves_mine_and_what_did_not_clash_of_both(browser, other, place):
    first, second, third, _fourth = place.branches
    place.saved({first: 10})
    mine, theirs = opened(browser), opened(other)
    other.post(URL, data=typed(theirs, **{f"n{first}": "12", f"n{third}": "7"}))

    clash = conflict_fields(browser.post(URL, data=typed(mine, **{f"n{first}": "15", f"n{second}": "3"})).text)
    browser.post(URL, data=clash)

    assert place.counts == {first: 15, second: 3, third: 7}


def test_taking_theirs_leaves_it(browser, other, place):
    first, *_rest = place.branches
    place.saved({first: 10})
    mine, theirs = opened(browser), opened(other)
    other.post(URL, data=typed(theirs, **{f"n{first}": "12"}))

    clash = conflict_fields(browser.post(URL, data=typed(mine, **{f"n{first}": ""})).text)
    assert clash[f"pick-{first}"] == ["0"]
    browser.post(URL, data=clash | {f"pick-{first}": "12"})

    assert place.counts == {first: 12}


def test_keeping_mine_where_mine_is_none_takes_the_branch_out(browser, other, place):
    first, second, *_rest = place.branches
    place.saved({first: 10, second: 5})
    mine, theirs = opened(browser), opened(other)
    other.post(URL, data=typed(theirs, **{f"n{first}": "12"}))

    browser.post(URL, data=conflict_fields(browser.post(URL, data=typed(mine, **{f"n{first}": ""})).text))

    assert place.counts == {second: 5}


def test_whoever_goes_back_from_the_dialog_and_saves_is_asked_again(browser, other, place):
    first, *_rest = place.branches
    place.saved({first: 10})
    mine, theirs = opened(browser), opened(other)
    other.post(URL, data=typed(theirs, **{f"n{first}": "12"}))

    again = fields_of(browser.post(URL, data=typed(mine, **{f"n{first}": "15"})).text)

    assert browser.post(URL, data=again).status_code == 409
    assert place.counts == {first: 12}


def test_a_third_save_while_the_dialog_is_open_is_shown_too(browser, other, place):
    first, *_rest = place.branches
    place.saved({first: 10})
    mine, theirs = opened(browser), opened(other)
    other.post(URL, data=typed(theirs, **{f"n{first}": "12"}))
    clash = conflict_fields(browser.post(URL, data=typed(mine, **{f"n{first}": "15"})).text)
    other.post(URL, data=typed(opened(other), **{f"n{first}": "13"}))

    assert browser.post(URL, data=clash).status_code == 409
    assert place.counts == {first: 13}


def test_the_same_press_twice_saves_once(browser, place):
    fields = typed(opened(browser), **{f"n{place.branches[0]}": "8"})

    answers = [browser.post(URL, data=fields).status_code for _press in range(2)]

    assert answers == [303, 303]
    sheet = sheet_of(place.round.id, place.school.id, PVC)
    assert sheet.counts == {place.branches[0]: 8}


# --- typing ----------------------------------------------------------------------------------------------------------


def test_typing_comes_back_to_who_typed_it_and_is_not_saved(browser, other, place):
    first = place.branches[0]

    answer = browser.post(f"{URL}/typing", json=typing(place) | {"fields": ticked(first, "25")}, headers=AS_SCRIPT)
    mine, theirs = browser.get(URL).text, opened(other)

    assert answer.status_code == 200
    assert "ยังไม่ได้บันทึก" in answer.json["text"]
    assert (fields_of(mine)[f"n-{first}"], fields_of(mine)["tick"]) == ("25", [str(first)])
    assert (theirs[f"n-{first}"], place.counts) == ("", {})
    assert "กรอกไว้ ยังไม่บันทึก" in browser.get("/registration/").text


def test_typing_keeps_what_it_was_typed_upon(browser, other, place):
    first, second, *_rest = place.branches
    place.saved({first: 10})
    base = opened(browser)
    rows = [["read", base["read"]], *ticked(first, "11")]
    browser.post(f"{URL}/typing", json=typing(place) | {"version": base["version"], "fields": rows})
    other.post(URL, data=typed(opened(other), **{f"n{first}": "10", f"n{second}": "4"}))

    browser.post(URL, data=opened(browser))

    assert place.counts == {first: 11, second: 4}


def test_who_types_learns_of_the_other(browser, other, place, clerk):
    body = {"user": clerk.id, "version": 0, "fields": ticked(place.branches[0], "4")}
    other.post(f"{URL}/typing", json=body)

    answer = browser.post(f"{URL}/typing", json=typing(place) | {"fields": ticked(place.branches[1], "5")})

    assert "ลำดวน ใจเย็น" in answer.json["others"]


def test_typing_that_is_let_go_is_gone(browser, place):
    browser.post(f"{URL}/typing", json=typing(place) | {"fields": ticked(place.branches[0], "25")})

    browser.post(f"{URL}/typing/discard")

    assert db.session.query(Draft).count() == 0
    assert opened(browser)["tick"] == []


def test_typing_that_was_taken_back_leaves_nothing_behind(browser, place):
    first = place.branches[0]
    place.saved({first: 10})
    for number in ("11", "10"):
        answer = browser.post(f"{URL}/typing", json=typing(place) | {"version": 1, "fields": ticked(first, number)})

    assert "บันทึกล่าสุด" in answer.json["text"]
    assert db.session.query(Draft).count() == 0
    assert "กรอกไว้ ยังไม่บันทึก" not in browser.get("/registration/").text


@pytest.mark.parametrize("body", [None, [], {"fields": "x"}, {"fields": [["a"]]}, {"fields": [["a", 1]]}])
def test_typing_that_cannot_be_read_answers_400(browser, place, body):
    assert browser.post(f"{URL}/typing", json=body, headers=AS_SCRIPT).status_code == 400


def test_typing_of_somebody_else_in_the_same_browser_is_not_taken(browser, place, clerk):
    body = {"user": clerk.id, "version": 0, "fields": ticked(place.branches[0], "4")}

    assert browser.post(f"{URL}/typing", json=body, headers=AS_SCRIPT).status_code == 409
    assert db.session.query(Draft).count() == 0


def test_what_is_posted_after_the_session_lapsed_is_kept_and_comes_back_after_signing_in(browser, place, sign_in):
    first = place.branches[0]
    fields = typed(opened(browser), **{f"n{first}": "25"})

    db.session.query(SignInSession).filter_by(user_id=place.school.account_id).update({"seen_at": later(days=-1)})

    answer = browser.post(URL, data=fields)
    page = sign_in(browser, place.school.account).get(URL).text

    assert "/sign/in" in answer.location
    assert (fields_of(page)[f"n-{first}"], place.counts) == ("25", {})


def test_typing_is_taken_in_a_round_that_has_ended_and_no_curriculum_is_made_up(browser, place):
    place.round.state = RoundState.LOCKED
    db.session.commit()

    assert browser.post(f"{URL}/typing", json=typing(place) | {"fields": []}).status_code == 200
    assert browser.post("/registration/pvc1999/typing", json=typing(place)).status_code == 404
    assert browser.post("/registration/pvc1999", data={}).status_code == 404
