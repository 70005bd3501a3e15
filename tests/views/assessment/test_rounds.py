"""The pages of rounds: made, opened and locked by the national office, read by everybody of the registry."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from jobs.letters import render
from models.assessment.codes import NATIONAL, RoundState
from models.assessment.round import Round, Unlock
from models.core.audit import AuditEntry
from models.core.clock import now
from models.core.db import db
from models.core.outbox import Message
from models.core.thai.dates import format_date, to_bangkok
from tests.factories.assessment import make_branches, make_committee, make_registration, make_round, make_school
from tests.factories.core import make_account

DAY = timedelta(days=1)


@pytest.fixture
def office(session: Any) -> Any:
    """Somebody of the national office."""
    return make_account(NATIONAL)


@pytest.fixture
def national(client: Any, sign_in: Any, office: Any) -> Any:
    """A browser of the national office."""
    return sign_in(client, office)


def typed(**changed: Any) -> dict[str, Any]:
    """A round as a browser posts it."""
    day = to_bangkok(now()).date()
    given = {"academic_year": "2569", "number": "1", "opens_on": format_date(day, "field"), "opens_time": "08.30"}
    given |= {"closes_on": format_date(day + 30 * DAY, "field"), "closes_time": "16.30", "once": "a-form"}
    return given | changed


def as_typed(this: Round, **changed: Any) -> dict[str, Any]:
    """A round that is there as its form posts it."""
    opens, closes = to_bangkok(this.opens_at), to_bangkok(this.closes_at)
    return {
        "version": this.version,
        "academic_year": this.academic_year,
        "number": this.number,
        "opens_on": format_date(opens.date(), "field"),
        "opens_time": f"{opens:%H.%M}",
        "closes_on": format_date(closes.date(), "field"),
        "closes_time": f"{closes:%H.%M}",
        **changed,
    }


def words_of(response: Any) -> str:
    """What a page says, without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", response.text))


def only_round() -> Round:
    """The round that was made."""
    db.session.expire_all()
    return db.session.query(Round).one()


def test_a_round_is_prepared_with_its_dates_in_bangkoks_time(national):
    response = national.post("/rounds/new", data=typed())

    made = only_round()
    assert response.headers["Location"].endswith(f"/rounds/{made.id}")
    assert (made.academic_year, made.number, made.state) == (2569, 1, RoundState.PREPARED)
    assert [f"{to_bangkok(at):%H:%M}" for at in (made.opens_at, made.closes_at)] == ["08:30", "16:30"]


def test_a_form_that_is_sent_twice_makes_one_round(national):
    for _ in range(2):
        national.post("/rounds/new", data=typed())

    assert only_round().number == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"academic_year": ""}, "กรอกปีการศึกษา"),
        ({"academic_year": "2026"}, "2026"),
        ({"closes_on": "1/1/2560"}, "วันเวลาปิดรับต้องอยู่หลังวันเวลาเปิดรับ"),
        ({"closes_time": "ค่ำ"}, "ไม่ใช่เวลา"),
        ({"number": "12"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(national, changed, says):
    response = national.post("/rounds/new", data=typed(**changed))

    assert response.status_code == 422
    if says != "Not a valid choice":
        assert says in words_of(response)
    assert db.session.query(Round).count() == 0


def test_a_year_has_a_round_of_that_number_once(national):
    make_round(RoundState.LOCKED, year=2569)

    response = national.post("/rounds/new", data=typed())

    assert response.status_code == 422
    assert "มีรอบที่ 1 ของปีการศึกษา 2569 แล้ว" in words_of(response)


def test_a_round_is_opened_locked_and_opened_again(national):
    this = make_round(RoundState.PREPARED)

    for action, state in (("open", RoundState.OPEN), ("lock", RoundState.LOCKED), ("reopen", RoundState.OPEN)):
        national.post(f"/rounds/{this.id}/{action}", data={"version": only_round().version})
        assert only_round().state == state


def test_a_button_pressed_on_an_old_page_does_nothing_and_says_who_was_there_first(national, new_client, sign_in):
    this, colleague = make_round(RoundState.PREPARED), make_account(NATIONAL)
    read = this.version
    sign_in(new_client(), colleague).post(f"/rounds/{this.id}/open", data={"version": read})

    page = national.post(f"/rounds/{this.id}/lock", data={"version": read}, follow_redirects=True)

    assert only_round().state == RoundState.OPEN
    assert f"{colleague.full_name} แก้ไขรอบนี้" in words_of(page)


def test_a_prepared_round_shows_what_opening_needs(national):
    make_round(RoundState.OPEN, year=2568)
    this = make_round(RoundState.PREPARED, year=2569)
    make_school()

    words = words_of(national.get(f"/rounds/{this.id}"))

    assert "รอบที่ 1 ปีการศึกษา 2568 เปิดอยู่ ล็อกรอบนั้นก่อน" in words
    assert "สถานศึกษา 1 แห่งยังไม่มี อศก./อศจ. ที่สังกัด" in words
    assert "เปิดรอบ…" not in words


def test_locking_asks_first_and_says_how_many_are_missing(national):
    this = make_round(RoundState.OPEN)
    make_school()

    page = national.get(f"/rounds/{this.id}").text

    assert "ต้องการล็อกรอบหรือไม่" in page
    assert "ยังไม่รายงาน 1 แห่ง" in page


def test_of_two_who_edit_at_once_the_later_one_sees_both_and_chooses(national, office):
    this = make_round(RoundState.PREPARED)
    mine = as_typed(this, closes_time="12.00")
    theirs = this.closes_at + 3 * DAY
    content = {"academic_year": 2569, "number": 1, "opens_at": this.opens_at, "closes_at": theirs}
    this.perform("edit", office, this.version, content=content)
    db.session.commit()

    response = national.post(f"/rounds/{this.id}/edit", data=mine)

    assert response.status_code == 409
    assert only_round().closes_at == theirs
    assert 'value="12.00"' in response.text
    assert f'value="{format_date(to_bangkok(theirs).date(), "field")}"' in response.text
    again = national.post(f"/rounds/{this.id}/edit", data=mine | {"version": only_round().version})
    assert again.status_code == 302
    assert f"{to_bangkok(only_round().closes_at):%H.%M}" == "12.00"


def test_the_name_of_an_opened_round_stays(national):
    this = make_round(RoundState.LOCKED)

    response = national.post(f"/rounds/{this.id}/edit", data=as_typed(this, number=2))

    assert response.status_code == 422
    assert "เปลี่ยนปีการศึกษาและเลขรอบไม่ได้" in words_of(response)
    assert only_round().number == 1


def test_a_locked_round_that_is_over_says_what_opening_it_again_takes(national):
    this = make_round(RoundState.LOCKED, closes_at=now() - DAY)

    words = words_of(national.get(f"/rounds/{this.id}"))

    assert "ผ่านไปแล้ว กำหนดวันใหม่ก่อน" in words
    assert "เปิดอีกครั้ง…" not in words


@pytest.mark.parametrize("who", ["school", "committee"])
def test_schools_and_committees_read_the_rounds_and_change_nothing(client, sign_in, session, who):
    committee = make_committee()
    school = make_school(committee)
    this = make_round(RoundState.OPEN)
    reader = sign_in(client, (school if who == "school" else committee).account)

    page = reader.get(f"/rounds/{this.id}")

    assert page.status_code == 200
    for words in ("ล็อกรอบ…", "แก้ไขวันเวลา", "เปิดให้สถานศึกษา"):
        assert words not in page.text
    for address in ("new", f"{this.id}/edit", f"{this.id}/unlock", "schools"):
        assert reader.get(f"/rounds/{address}").status_code == 403
    assert reader.post(f"/rounds/{this.id}/lock", data={"version": this.version}).status_code == 403
    assert only_round().state == RoundState.OPEN


def test_figures_of_a_round_are_those_of_the_readers_schools(client, new_client, sign_in, office):
    this = make_round(RoundState.OPEN)
    mine, other = make_school(make_committee()), make_school(make_committee())
    (branch,) = make_branches(1)
    make_registration(this, mine, {branch: 30})
    make_registration(this, other, {branch: 500})

    seen_by = {
        who: words_of(sign_in(new_client(), account).get("/rounds/"))
        for who, account in (("school", mine.account), ("committee", mine.under.account), ("office", office))
    }

    assert "530" in seen_by["office"]
    for who in ("school", "committee"):
        assert "30" in seen_by[who]
        assert "530" not in seen_by[who]
        assert "500" not in seen_by[who]


def test_who_need_not_report_is_called_so_as_everywhere(national):
    this = make_round(RoundState.OPEN)

    page = words_of(national.get(f"/rounds/{this.id}"))

    assert "ไม่ต้องรายงาน" in page
    assert "ยกเว้น" not in page


def test_the_list_costs_the_same_with_many_rounds(national, count_queries):
    make_round(RoundState.LOCKED, year=2560)
    national.get("/rounds/")
    count_queries.clear()
    national.get("/rounds/")
    few = len(count_queries)
    for year in range(2561, 2569):
        make_round(RoundState.LOCKED, year=year)
    db.session.commit()
    count_queries.clear()
    national.get("/rounds/")

    assert len(count_queries) == few


# --- schools let in after the end -------------------------------------------------------------------------------------


@pytest.fixture
def over(session: Any) -> Round:
    """A round that is over."""
    return make_round(RoundState.LOCKED, closes_at=now() - DAY)


@pytest.fixture
def school(session: Any) -> Any:
    """A school under its committee."""
    return make_school(make_committee(), name="วิทยาลัยการอาชีพหนองประดู่", email="contact@sala.example")


def asked(school: Any, /, **changed: Any) -> dict[str, Any]:
    """The form of an unlock as a browser posts it."""
    day = format_date((now() + 3 * DAY).date(), "field")
    return {"school": school.id, "until": day, "until_time": "16.30", "reason": "ตกหล่นหนึ่งสาขางาน", **changed}


def test_a_school_is_found_by_name_and_code_and_let_in(national, over, school):
    found = [national.get(f"/rounds/schools?q={typed}").json["results"] for typed in ("หนองประดู่", school.code)]

    response = national.post(f"/rounds/{over.id}/unlock", data=asked(school))

    assert [[one["value"] for one in results] for results in found] == [[school.id], [school.id]]
    assert response.status_code == 302
    given = db.session.query(Unlock).one()
    assert (given.school_id, given.reason, f"{to_bangkok(given.until):%H.%M}") == (
        school.id,
        "ตกหล่นหนึ่งสาขางาน",
        "16.30",
    )
    page = words_of(national.get(f"/rounds/{over.id}"))
    assert "ตกหล่นหนึ่งสาขางาน" in page
    assert "บันทึกได้อยู่" in page


def test_the_mail_to_the_contact_says_who_may_save_until_when(national, over, school):
    national.post(f"/rounds/{over.id}/unlock", data=asked(school))

    written = render(db.session.query(Message).filter_by(address="contact@sala.example").one())

    assert "วิทยาลัยการอาชีพหนองประดู่ บันทึกได้ถึง" in written.subject
    assert "16.30" in written.text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"school": ""}, "เลือกสถานศึกษาจากรายการ"),
        ({"school": "9" * 18}, "เลือกสถานศึกษาจากรายการ"),
        ({"school": "อื่น"}, "เลือกสถานศึกษาจากรายการ"),
        ({"reason": " "}, "กรอกเหตุผล"),
        ({"until": "1/1/2560"}, "เวลานี้ผ่านไปแล้ว"),
        ({"until": "1/1/2690"}, "ไม่เกิน 60 วัน"),
    ],
)
def test_what_is_wrong_with_an_unlock_is_told_and_nothing_is_given(national, over, school, changed, says):
    response = national.post(f"/rounds/{over.id}/unlock", data=asked(school, **changed))

    assert response.status_code == 422
    assert says in words_of(response)
    assert db.session.query(Unlock).count() == 0


def test_in_a_round_that_takes_numbers_nobody_is_let_in(national, school):
    this = make_round(RoundState.OPEN)

    page, response = (
        national.get(f"/rounds/{this.id}/unlock"),
        national.post(f"/rounds/{this.id}/unlock", data=asked(school)),
    )

    assert "ทุกสถานศึกษาบันทึกได้" in words_of(page)
    assert response.status_code == 422
    assert db.session.query(Unlock).count() == 0


def test_what_was_given_is_taken_back_once(national, over, school):
    national.post(f"/rounds/{over.id}/unlock", data=asked(school))
    given = db.session.query(Unlock).one()

    first, second = (
        national.post(f"/rounds/{over.id}/unlocks/{given.id}/end", follow_redirects=True) for _ in range(2)
    )

    db.session.expire_all()
    assert given.until <= now()
    assert "บันทึกไม่ได้แล้ว และได้รับแจ้งแล้ว" in words_of(first)
    assert "สิ้นสุดไปแล้ว" in words_of(second)


def test_an_unlock_is_found_under_its_own_round_alone(national, over, school):
    national.post(f"/rounds/{over.id}/unlock", data=asked(school))
    given = db.session.query(Unlock).one()
    other = make_round(RoundState.LOCKED, year=2560)

    assert national.post(f"/rounds/{other.id}/unlocks/{given.id}/end").status_code == 404


def test_opening_and_locking_stand_in_the_log(national):
    this = make_round(RoundState.PREPARED)
    for action in ("open", "lock"):
        national.post(f"/rounds/{this.id}/{action}", data={"version": only_round().version})

    actions = [row.action for row in db.session.query(AuditEntry).filter_by(entity="assessment_round")]
    assert {"assessment_round.open", "assessment_round.lock"} <= set(actions)
