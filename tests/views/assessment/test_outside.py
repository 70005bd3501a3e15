"""The pages of outside agencies: entered, edited, deleted with an undo, taken over from last year, or none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.assessment.agency import Details, confirm_none, remove
from models.assessment.codes import NATIONAL, PRIVATE, RoundState
from models.assessment.outside import OutsideAgency, none_outside
from models.core.audit import AuditEntry
from models.core.clock import now
from models.core.db import db
from models.core.draft import Draft
from tests.factories.assessment import make_branches, make_committee, make_round, make_school
from tests.factories.core import make_account
from tests.views.assessment.outside_pages import (
    ADD,
    ARMY,
    LIST,
    NONE,
    PVC,
    WHO,
    Place,
    chosen_in_conflict,
    fields_of,
    stored,
    typed,
    words_of,
)
from views.core.sentences import known_codes

FACTORY = Details("ศูนย์ฝึกอบรมสยามยานยนต์", PRIVATE, "", "20")


@pytest.fixture
def place(session):
    this, committee = make_round(year=2569), make_committee()
    branches = [one.id for one in make_branches(4, PVC)]
    db.session.commit()
    return Place(this, committee, branches)


@pytest.fixture
def browser(client, place, sign_in):
    return sign_in(client, place.committee.account)


def opened(browser, url=ADD):
    answer = browser.get(url)
    assert answer.status_code == 200, answer.status_code
    return fields_of(answer.text)


@pytest.mark.parametrize(
    "code",
    [
        *("no_round", "round_not_open_yet", "round_is_over", "no_such_branch", "nothing_asked"),
        *("none_outside_confirmed", "outside_agencies_exist", "agency_deleted", "agency_is_there"),
    ],
)
def test_every_refusal_has_its_sentence(app, code):
    assert code in known_codes()


# --- the menu ---------------------------------------------------------------------------------------------------------


def test_the_menu_of_three_stands_under_its_heading_and_the_page_has_the_four_ways_to_add(browser):
    page = browser.get("/outside/").text

    for label in (
        "สถานศึกษานอกสังกัด สอศ. (ให้ อศก./อศจ. รายงาน)",
        "บันทึกข้อมูลสถานศึกษานอกสังกัด",
        "รายการสถานศึกษานอกสังกัด",
        "ยืนยันไม่มีการขอใช้เครื่องมือของสถานศึกษานอกสังกัด",
        "เพิ่มหน่วยงานขอใช้เครื่องมือระดับ ปวช. หลักสูตร 56",
        "เพิ่มหน่วยงานขอใช้เครื่องมือระดับ ปวส. หลักสูตร 57",
        "เพิ่มหน่วยงานขอใช้เครื่องมือระดับ ปวช. หลักสูตร 62",
        "เพิ่มหน่วยงานขอใช้เครื่องมือระดับ ปวส. หลักสูตร 63",
    ):
        assert label in page


def test_the_four_menus_say_what_is_entered(browser, place):
    place.added(counts={place.branches[0]: 1_000, place.branches[1]: 7})
    place.added(FACTORY)

    words = words_of(browser.get("/outside/").text)

    assert "1,019 คน 2 หน่วยงาน" in words


def test_the_menu_runs_no_query_per_agency(browser, place, count_queries):
    def queries():
        count_queries.clear()
        assert browser.get("/outside/").status_code == 200
        return len(count_queries)

    place.added()
    queries()
    few = queries()
    for number in range(5):
        place.added(replace(FACTORY, name=f"ศูนย์ฝึก {number}"))

    assert queries() == few


# --- adding -----------------------------------------------------------------------------------------------------------


def test_an_agency_is_added_and_stands_on_the_list(browser, place):
    first, second, *_rest = place.branches

    answer = browser.post(ADD, data=typed(opened(browser), {first: "12", second: "1,030"}, **WHO))
    page = browser.get(answer.location).text

    (made,) = place.agencies
    assert (answer.status_code, stored(made).details, stored(made).counts) == (303, ARMY, {first: 12, second: 1030})
    assert "เพิ่ม โรงเรียนช่างฝีมือทหาร แล้ว รวม 1,042 คน" in page
    assert "กองบัญชาการกองทัพไทย" in page


def test_a_page_that_is_sent_twice_adds_once(browser, place):
    posted = typed(opened(browser), {place.branches[0]: "12"}, **WHO)

    answers = [browser.post(ADD, data=posted) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 302]
    assert len(place.agencies) == 1


def test_what_is_missing_or_wrong_is_named_and_nothing_typed_is_lost(browser, place):
    first, second, *_rest = place.branches
    posted = typed(opened(browser), {first: "สิบ", second: "5"}, name="ศูนย์ฝึกของฉัน", sector="state")

    answer = browser.post(ADD, data=posted)
    again = fields_of(answer.text)

    assert (answer.status_code, place.agencies) == (422, [])
    for words in ("หน่วยงานรัฐบาลต้องกรอกสังกัด", "เลือกจังหวัด", f'href="#n-{first}"'):
        assert words in answer.text
    assert (again["name"], again[f"n-{first}"], again[f"n-{second}"]) == ("ศูนย์ฝึกของฉัน", "สิบ", "5")


def test_an_agency_without_numbers_is_told_what_to_do(browser, place):
    answer = browser.post(ADD, data=typed(opened(browser), **WHO))

    assert (answer.status_code, place.agencies) == (422, [])
    assert "เลือกสาขางานอย่างน้อยหนึ่งสาขางาน" in answer.text


def test_an_agency_that_is_there_already_is_not_added_again(browser, place):
    place.added()

    answer = browser.post(ADD, data=typed(opened(browser), {place.branches[1]: "3"}, **WHO))

    assert answer.status_code == 422
    assert "มีอยู่ในรายการของหลักสูตรนี้แล้ว" in answer.text
    assert len(place.agencies) == 1


def test_a_corrected_page_is_saved_though_it_was_refused_before(browser, place):
    posted = typed(opened(browser), **WHO)
    refused = browser.post(ADD, data=posted)

    answer = browser.post(ADD, data=typed(fields_of(refused.text), {place.branches[0]: "12"}))

    assert answer.status_code == 303
    assert len(place.agencies) == 1


def test_a_curriculum_that_is_none_has_no_page(browser):
    assert browser.get("/outside/pvc1999/add").status_code == 404


def test_before_the_first_round_nothing_can_be_entered_and_the_pages_say_so(client, session, sign_in):
    browser = sign_in(client, make_committee().account)

    assert "ยังไม่มีรอบการลงทะเบียน" in browser.get("/outside/").text
    assert "ยังไม่มีรอบการลงทะเบียน" in browser.get(NONE).text
    assert browser.get(LIST).status_code == 200
    assert browser.get(ADD).status_code == 404


# --- last year --------------------------------------------------------------------------------------------------------


@pytest.fixture
def next_year(place):
    """The round after, in which last year's agencies are known."""

    def begin():
        place.round.state = RoundState.LOCKED
        db.session.flush()
        this = make_round(year=2570)
        db.session.commit()
        return Place(this, place.committee, place.branches)

    return begin


def test_who_asked_last_year_is_taken_over_with_the_branches_and_without_the_numbers(browser, place, next_year):
    first, second, *_rest = place.branches
    before = place.added(counts={first: 12, second: 8})
    place = next_year()

    page = browser.get("/outside/").text
    assert f"{ADD}?from={before.id}" in page
    carried = browser.get(f"{ADD}?from={before.id}").text
    fields = fields_of(carried)

    assert {name: fields[name] for name in WHO} == WHO
    assert (fields["tick"], fields[f"n-{first}"]) == ([str(first), str(second)], "")
    assert "ปีที่แล้ว 12" in carried

    answer = browser.post(f"{ADD}?from={before.id}", data=typed(fields, {first: "15", second: ""}))
    (made,) = place.agencies
    assert (answer.status_code, stored(made).counts) == (303, {first: 15})
    assert f"from={before.id}" not in browser.get("/outside/").text
    assert "ปีที่แล้ว 12" in browser.get(f"{LIST}{made.id}").text


def test_a_branch_that_is_no_longer_taught_is_not_taken_over(browser, place, next_year):
    branches = make_branches(2, PVC)
    first, second = (one.id for one in branches)
    before = place.added(counts={first: 12, second: 8})
    next_year()
    branches[0].is_retired = True
    db.session.commit()

    assert fields_of(browser.get(f"{ADD}?from={before.id}").text)["tick"] == [str(second)]


def test_nobody_takes_over_from_the_agencies_of_another_committee(browser, place, next_year):
    theirs = Place(place.round, make_committee(), place.branches).added()
    next_year()

    assert browser.get(f"{ADD}?from={theirs.id}").status_code == 404


# --- editing ----------------------------------------------------------------------------------------------------------


def test_name_branches_and_numbers_are_edited(browser, place):
    first, second, *_rest = place.branches
    made = place.added()

    fields = opened(browser, f"{LIST}{made.id}")
    answer = browser.post(f"{LIST}{made.id}", data=typed(fields, {first: "", second: "31"}, name="โรงเรียนนายสิบ"))

    assert answer.status_code == 303
    assert (stored(made).details.name, stored(made).counts) == ("โรงเรียนนายสิบ", {second: 31})


def test_what_somebody_else_saved_meanwhile_stays_beside_what_i_typed(browser, place):
    first, second, *_rest = place.branches
    made = place.added()
    fields = opened(browser, f"{LIST}{made.id}")
    place.changed(made, replace(ARMY, province_code="11"), {first: 12, second: 3})

    answer = browser.post(f"{LIST}{made.id}", data=typed(fields, {first: "14"}, parent="กระทรวงกลาโหม"))

    assert stored(made).details == replace(ARMY, province_code="11", parent="กระทรวงกลาโหม")
    assert stored(made).counts == {first: 14, second: 3}
    assert "ใช้ค่าของผู้นั้น 2 ช่อง" in browser.get(answer.location).text


def test_what_both_changed_is_asked_for_and_what_is_chosen_is_saved_with_all_the_rest(browser, place):
    first, second, third, _fourth = place.branches
    made = place.added(counts={first: 10, second: 20})
    fields = opened(browser, f"{LIST}{made.id}")
    place.changed(made, replace(ARMY, name="ชื่อของคนแรก", province_code="11"), {first: 12, second: 20, third: 4})

    mine = typed(fields, {first: "15", second: "21"}, name="ชื่อของฉัน")
    answer = browser.post(f"{LIST}{made.id}", data=mine)
    assert answer.status_code == 409
    assert stored(made).counts == {first: 12, second: 20, third: 4}
    for words in ("ชื่อของคนแรก", "ชื่อของฉัน", "12 คน", "15 คน"):
        assert words in answer.text

    chosen = chosen_in_conflict(answer.text)
    theirs = browser.post(f"{LIST}{made.id}", data=chosen | {f"pick-{first}": "12"})

    assert theirs.status_code == 303
    assert stored(made).details == replace(ARMY, name="ชื่อของฉัน", province_code="11")
    assert stored(made).counts == {first: 12, second: 21, third: 4}


def test_who_edits_what_was_deleted_meanwhile_is_told_and_keeps_the_typing(browser, place):
    made = place.added()
    fields = opened(browser, f"{LIST}{made.id}")
    remove(place.committee.account, made, made.version)
    db.session.commit()

    answer = browser.post(f"{LIST}{made.id}", data=typed(fields, {place.branches[0]: "15"}))

    assert answer.status_code == 422
    assert "ถูกลบไปแล้วระหว่างนี้" in answer.text
    assert fields_of(answer.text)[f"n-{place.branches[0]}"] == "15"


# --- deleting and bringing back ---------------------------------------------------------------------------------------


def test_a_deleted_row_can_be_undone_at_once_and_later(browser, place):
    made = place.added()

    answer = browser.post(f"{LIST}{made.id}/delete", data={"version": made.version})
    page = browser.get(answer.location).text
    assert (answer.status_code, place.agencies) == (303, [])
    assert f"{LIST}{made.id}/restore" in page
    assert f"{LIST}{made.id}/restore" in browser.get(f"{LIST}?deleted=1").text

    browser.post(f"{LIST}{made.id}/restore")
    assert [one.id for one in place.agencies] == [made.id]
    assert stored(made).counts == {place.branches[0]: 12}


def test_a_row_that_somebody_changed_is_not_deleted_unseen(browser, place):
    made = place.added()
    old = made.version
    place.changed(made, counts={place.branches[0]: 13})

    answer = browser.post(f"{LIST}{made.id}/delete", data={"version": old})

    assert [one.id for one in place.agencies] == [made.id]
    assert "จึงยังไม่ได้ลบ" in browser.get(answer.location).text


# --- there is none ----------------------------------------------------------------------------------------------------


def test_none_is_confirmed_and_withdrawn_and_the_log_says_both(browser, place):
    where = (place.round.id, place.committee.id)

    confirmed = browser.post(f"{NONE}confirm")
    assert none_outside(*where) is not None
    page = browser.get(confirmed.location).text
    assert f"{NONE}withdraw" in page
    assert f"{NONE}confirm" not in page

    browser.post(f"{NONE}withdraw")
    assert none_outside(*where) is None
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(2)).all()
    assert actions == ["assessment_outside.withdraw_none", "assessment_outside.confirm_none"]


def test_none_is_not_confirmed_while_agencies_are_entered(browser, place):
    place.added()

    page = browser.get(NONE).text
    assert f"{NONE}confirm" not in page
    assert "รอบนี้บันทึกไว้แล้ว 1 หน่วยงาน" in page

    browser.post(f"{NONE}confirm")
    assert none_outside(place.round.id, place.committee.id) is None


def test_no_agency_is_entered_while_none_is_confirmed_and_the_page_leads_to_the_way_out(browser, place):
    fields = opened(browser)
    confirm_none(place.committee.account, place.round, place.committee)
    db.session.commit()

    answer = browser.post(ADD, data=typed(fields, {place.branches[0]: "12"}, **WHO))
    assert (answer.status_code, place.agencies) == (422, [])
    assert "ยกเลิกการยืนยันก่อน" in answer.text
    assert fields_of(answer.text)["name"] == ARMY.name

    assert browser.get(ADD).location == "/outside/"
    assert NONE in browser.get("/outside/").text


# --- after the round --------------------------------------------------------------------------------------------------


def test_after_the_round_everything_is_shown_and_nothing_can_be_changed(browser, place):
    made = place.added()
    fields = opened(browser, f"{LIST}{made.id}")

    place.round.closes_at = now() - timedelta(hours=1)
    db.session.commit()

    page = browser.get(f"{LIST}{made.id}").text
    assert "<form id=" not in page
    assert "12 คน" in page
    assert "รอบนี้ปิดแล้ว" in page
    listed = browser.get(LIST).text
    assert f"{LIST}{made.id}/delete" not in listed
    assert "รอบนี้ปิดแล้ว" in listed
    assert browser.get(ADD).location == "/outside/"
    answer = browser.post(f"{LIST}{made.id}", data=typed(fields, {place.branches[0]: "13"}))
    browser.post(f"{LIST}{made.id}/delete", data={"version": made.version})
    browser.post(f"{NONE}confirm")

    assert answer.status_code == 422
    assert fields_of(answer.text)[f"n-{place.branches[0]}"] == "13"
    assert stored(made).counts == {place.branches[0]: 12}
    assert [one.id for one in place.agencies] == [made.id]
    assert none_outside(place.round.id, place.committee.id) is None


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_name_parent_curriculum_and_kind(browser, place):
    place.added()
    place.added(FACTORY)

    def names(query):
        page = browser.get(f"{LIST}?{query}").text
        return [one.name for one in (ARMY, FACTORY) if f">{one.name}</a>" in page]

    assert names("") == [ARMY.name, FACTORY.name]
    assert names("q=ช่างฝีมือ") == [ARMY.name]
    assert names("q=กองทัพไทย") == [ARMY.name]
    assert names("sector=private") == [FACTORY.name]
    assert names("curriculum=pvs2563") == []
    assert browser.get(f"{LIST}?curriculum=pvc1999").status_code == 400
    assert browser.get(f"{LIST}?round=99999999").status_code == 400


def test_a_long_list_goes_on_on_the_next_page_and_runs_no_query_per_row(browser, place, count_queries):
    for number in range(27):
        place.added(replace(FACTORY, name=f"ศูนย์ฝึก {number:02}"))
    browser.get(LIST)
    count_queries.clear()

    page = browser.get(LIST).text

    assert len(count_queries) <= 14
    assert ("ศูนย์ฝึก 24" in page, "ศูนย์ฝึก 25" in page) == (True, False)
    following = next(part for part in page.split('"') if "after=" in part).replace("&amp;", "&")
    assert "ศูนย์ฝึก 26" in browser.get(following).text
    assert browser.get(f"{LIST}?after=nonsense").status_code == 200


def test_the_office_reads_all_agencies_by_committee_and_changes_none(client, place, sign_in):
    other = Place(place.round, make_committee(), place.branches)
    mine, theirs = place.added(), other.added(FACTORY)
    browser = sign_in(client, make_account(NATIONAL))

    page = browser.get(LIST).text
    assert all(f"{LIST}{one.id}" in page for one in (mine, theirs))
    assert f"{LIST}{mine.id}/delete" not in page
    narrowed = browser.get(f"{LIST}?committee={other.committee.id}").text
    assert (f"{LIST}{mine.id}" in narrowed, f"{LIST}{theirs.id}" in narrowed) == (False, True)
    assert "<form id=" not in browser.get(f"{LIST}{mine.id}").text
    assert browser.post(f"{LIST}{mine.id}", data={}).status_code == 403
    assert browser.get("/outside/").status_code == 403


def test_a_committee_meets_no_agency_of_another_one(browser, place):
    theirs = Place(place.round, make_committee(), place.branches).added()

    assert theirs.name not in browser.get(LIST).text
    assert browser.get(f"{LIST}{theirs.id}").status_code == 404
    for deed in ("", "/delete", "/restore", "/typing", "/typing/discard"):
        assert browser.post(f"{LIST}{theirs.id}{deed}", data={"version": theirs.version}).status_code == 404
    assert browser.get(f"/outside/?committee={theirs.committee_id}").status_code == 404
    assert db.session.get(OutsideAgency, theirs.id).deleted_at is None


def test_a_school_under_the_committee_has_none_of_these_pages(client, place, sign_in):
    school = make_school(under=place.committee)
    db.session.commit()
    browser = sign_in(client, school.account)

    for url in ("/outside/", ADD, LIST, NONE):
        assert browser.get(url).status_code == 403


# --- typing that was not saved ----------------------------------------------------------------------------------------


def kept(browser, url, account, fields, version="0"):
    pairs = [[name, one] for name, value in fields.items() for one in (value if isinstance(value, list) else [value])]
    sent = {"user": account.id, "version": version, "fields": pairs}
    return browser.post(url, json=sent, headers={"X-Requested-With": "fetch", "Accept": "application/json"})


def test_typing_is_kept_comes_back_and_goes_when_it_is_saved(browser, place):
    posted = typed(opened(browser), {place.branches[0]: "12"}, **WHO)

    assert kept(browser, f"{ADD}/typing", place.committee.account, posted).status_code == 200
    back = browser.get(ADD).text
    assert "ที่ท่านพิมพ์ไว้" in back or "ยังไม่ได้บันทึก" in back
    fields = fields_of(back)
    assert (fields["name"], fields[f"n-{place.branches[0]}"]) == (ARMY.name, "12")

    browser.post(ADD, data=fields)
    assert len(place.agencies) == 1
    assert db.session.scalars(select(Draft).where(Draft.form == "assessment.outside")).all() == []
    assert fields_of(browser.get(ADD).text)["name"] == ""


def test_kept_typing_can_be_thrown_away(browser, place):
    made = place.added()
    url = f"{LIST}{made.id}"
    posted = typed(opened(browser, url), name="ชื่อที่ยังไม่บันทึก")
    kept(browser, f"{url}/typing", place.committee.account, posted, str(made.version))
    assert fields_of(browser.get(url).text)["name"] == "ชื่อที่ยังไม่บันทึก"

    browser.post(f"{url}/typing/discard")

    assert fields_of(browser.get(url).text)["name"] == ARMY.name


def test_typing_upon_what_somebody_saved_since_still_meets_their_save(browser, place):
    made = place.added()
    url = f"{LIST}{made.id}"
    posted = typed(opened(browser, url), name="ชื่อของฉัน")
    kept(browser, f"{url}/typing", place.committee.account, posted, str(made.version))
    place.changed(made, replace(ARMY, name="ชื่อของคนอื่น"))

    answer = browser.post(url, data=fields_of(browser.get(url).text))

    assert answer.status_code == 409
    assert stored(made).details.name == "ชื่อของคนอื่น"
