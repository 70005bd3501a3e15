"""The page of statuses: a province says of all its schools at once why they report nothing."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from models.assessment.codes import NATIONAL, RoundState
from models.assessment.registration import save
from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.status import SchoolStatus, Status, set_status
from models.assessment.unlocking import unlock
from models.core.clock import later
from models.core.db import db
from tests.factories.assessment import make_branches, make_committee, make_registration, make_round, make_school
from tests.factories.core import make_account

URL = "/school-statuses/"


@dataclass
class Place:
    """A round, a committee, two schools that are missing and one that reported."""

    round: Round
    committee: School
    one: School
    other: School
    reported: School


@pytest.fixture
def place(session: Any) -> Place:
    this, committee = make_round(), make_committee(name="วิทยาลัยเทคนิคชลบุรีสามัคคี")
    one = make_school(under=committee, name="วิทยาลัยการอาชีพเกาะจันทร์")
    other = make_school(under=committee, name="วิทยาลัยเทคโนโลยีพนัสนิคม")
    reported = make_school(under=committee, name="วิทยาลัยอาชีวศึกษาบางพระ")
    (branch,) = make_branches(1)
    make_registration(this, reported, {branch: 30})
    return Place(this, committee, one, other, reported)


@pytest.fixture
def province(place: Place, client: Any, sign_in: Any) -> Any:
    """The browser of the committee."""
    return sign_in(client, place.committee.account)


def posted(**rows: tuple[School, str, str, int]) -> dict[str, str]:
    """The form: for each row its school, the status on the page, the one that was chosen, and the version read."""
    found = {}
    for school, was, status, version in rows.values():
        found |= {f"was-{school.id}": was, f"status-{school.id}": status, f"version-{school.id}": str(version)}
    return found


def said() -> dict[int, str]:
    return {row.school_id: row.status for row in db.session.scalars(select(SchoolStatus))}


def test_the_page_shows_those_without_numbers_in_the_words_of_the_round(place, province):
    page = html.unescape(province.get(URL).text)

    assert "กรณีที่ไม่มีสาขางานในปีการศึกษา 2569" in page
    assert place.one.name in page
    assert place.other.name in page
    assert place.reported.name not in page
    for words in ("ปกติ (รอสถานศึกษากรอกข้อมูล)", "สถานศึกษาปิดกิจการ"):
        assert words in page
    assert "สถานศึกษาไม่มีผู้เข้ารับการประเมินมาตรฐานวิชาชีพ ปีการศึกษา 2569" in page


def test_a_school_that_saved_that_there_is_nobody_is_marked_so_for_its_province(place, province):
    save(place.one.account, place.round, place.one, "pvc2562", {}, read={}, version=0)
    db.session.commit()

    for url in (URL, "/checking/"):
        page = html.unescape(province.get(url).text)
        assert page.count("ว่าไม่มีผู้เข้ารับการประเมิน") == 1


def test_what_was_changed_is_kept_and_the_rest_left_alone(place, province):
    form = posted(a=(place.one, "normal", "closed", 0), b=(place.other, "normal", "normal", 0))

    assert province.post(URL, data=form).status_code == 302

    assert said() == {place.one.id: Status.CLOSED}


def test_who_pressed_second_is_told_at_the_row_and_the_others_are_kept(place, province):
    set_status(place.committee.account, place.round, place.one, Status.NO_STUDENTS, 0)
    form = posted(a=(place.one, "normal", "closed", 0), b=(place.other, "normal", "closed", 0))

    answer = province.post(URL, data=form)

    assert answer.status_code == 409
    assert "มีผู้อื่นแก้ไขสถานะนี้ก่อนแล้ว" in answer.text
    assert said() == {place.one.id: Status.NO_STUDENTS, place.other.id: Status.CLOSED}
    assert f'name="version-{place.one.id}" value="1"' in answer.text


def test_a_school_that_reported_meanwhile_is_shown_with_the_reason(place, province):
    (branch,) = make_branches(1)
    make_registration(place.round, place.one, {branch: 12})

    answer = province.post(URL, data=posted(a=(place.one, "normal", "closed", 0)))

    assert answer.status_code == 409
    assert "12 คน" in answer.text
    assert said() == {}


def test_schools_of_others_are_passed_over(place, province):
    foreign = make_school(under=make_committee())

    province.post(URL, data=posted(a=(foreign, "normal", "closed", 0)))

    assert said() == {}


@pytest.mark.parametrize("version", ["", "x", "9" * 40, "-1"])
def test_nonsense_for_a_version_is_a_page_that_is_out_of_date(place, province, version):
    form = posted(a=(place.one, "normal", "closed", 0)) | {f"version-{place.one.id}": version}

    assert province.post(URL, data=form).status_code == 409
    assert said() == {}


def test_last_rounds_status_stands_beside_this_ones(place, province):
    last = make_round(RoundState.LOCKED, year=2568)
    db.session.add(SchoolStatus(round=last, school=place.one, status=Status.CLOSED))

    page = html.unescape(province.get(URL).text)

    assert '<td data-l="ปีที่แล้ว">สถานศึกษาปิดกิจการ</td>' in page


def test_after_the_end_only_a_school_that_was_let_in_can_be_changed(place, province):
    place.round.state = RoundState.LOCKED
    db.session.flush()
    assert f'name="status-{place.one.id}"' not in province.get(URL).text

    unlock(make_account(NATIONAL), place.round, place.one, until=later(days=1), reason="น้ำท่วม")

    page = province.get(URL).text
    assert f'name="status-{place.one.id}"' in page
    assert f'name="status-{place.other.id}"' not in page


def test_a_school_does_not_set_its_own_status(place, new_client, sign_in):
    browser = sign_in(new_client(), place.one.account)

    assert browser.get(URL).status_code == 403
    assert browser.post(URL, data=posted(a=(place.one, "normal", "closed", 0))).status_code == 403
