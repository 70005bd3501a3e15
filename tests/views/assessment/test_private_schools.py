"""The page of private schools: one is added and listed at once; those called alike are shown first."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import select

from models.assessment.codes import PRIVATE
from models.assessment.school import School
from models.core.db import db
from tests.factories.assessment import make_committee, make_school

URL = "/private-schools/"
NAME = "วิทยาลัยเทคโนโลยีชลธารวิทยา"


@pytest.fixture
def committee(session: Any) -> School:
    return make_committee(province_code="20", name="วิทยาลัยเทคนิคชลบุรีสามัคคี")


@pytest.fixture
def province(committee: School, client: Any, sign_in: Any) -> Any:
    """The browser of the committee."""
    return sign_in(client, committee.account)


def typed(committee: School, **more: str) -> dict[str, str]:
    values = {"name": NAME, "code": "132 099 9901", "province_code": "20", "phone": "038-123-456", "email": ""}
    return values | {"committee": str(committee.id), "looked_at": ""} | more


def added() -> School | None:
    return db.session.scalar(select(School).where(School.name == NAME))


def test_a_school_is_added_and_listed_at_once(committee, province):
    answer = province.post(URL, data=typed(committee), follow_redirects=True)

    school = added()
    assert (school.code, school.sector, school.under_id, school.phone) == (
        "1320999901",
        PRIVATE,
        committee.id,
        "038123456",
    )
    page = html.unescape(answer.text)
    assert "เพิ่มข้อมูลสถานศึกษาเอกชน ในสังกัด อศก./อศจ." in page
    assert f">{NAME}</a>" in page


def test_one_that_is_called_alike_is_shown_and_the_form_sent_again_adds_it(committee, province):
    like = make_school(name="วิทยาลัยเทคโนโลยีชลธาร วิทยา", province_code="20", under=committee)

    asked = province.post(URL, data=typed(committee))
    assert (asked.status_code, added()) == (422, None)
    page = html.unescape(asked.text)
    assert like.name in page
    assert committee.name in page
    looked_at = re.search(r'name="looked_at"[^>]*value="([^"]*)"', page)[1]

    assert province.post(URL, data=typed(committee, looked_at=looked_at)).status_code == 302
    assert added() is not None


def test_a_code_that_is_taken_names_the_school_that_has_it(committee, province):
    other = make_school(name="วิทยาลัยการอาชีพบางน้ำใส", under=make_committee(name="วิทยาลัยเทคนิคระยองสามัคคี"))

    answer = province.post(URL, data=typed(committee, code=other.code))

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert other.name in page
    assert "วิทยาลัยเทคนิคระยองสามัคคี" in page
    assert added() is None


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"code": "12345"}, {"province_code": "00"}, {"phone": "1"}, {"email": "nobody"}]
)
def test_what_is_wrong_comes_back_as_it_was_typed(committee, province, wrong):
    answer = province.post(URL, data=typed(committee, **wrong))

    assert answer.status_code == 422
    assert added() is None


def test_nobody_adds_a_school_under_another_committee(committee, province, new_client, sign_in):
    assert province.post(URL, data=typed(make_committee())).status_code == 404
    school = sign_in(new_client(), make_school(under=committee).account)
    assert school.get(URL).status_code == 403
    assert school.post(URL, data=typed(committee)).status_code == 403
    assert added() is None
