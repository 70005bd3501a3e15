"""Schools come in by file: the office's list with codes, each under the committee whose code stands beside it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from sqlalchemy import select

from models.assessment.codes import NATIONAL
from models.assessment.enrolment import SCHOOL_CODE
from models.assessment.school import School
from models.core.db import db
from models.core.identity import account_by_identity
from models.core.imports import Import
from tests.factories.assessment import make_committee
from tests.factories.core import make_account

HEADING = ["รหัสสถานศึกษา", "ชื่อสถานศึกษา", "รัฐบาลหรือเอกชน", "จังหวัด", "สังกัด อศก./อศจ."]


@pytest.fixture
def office(session: Any, new_client: Any, sign_in: Any) -> Any:
    account = make_account(NATIONAL)
    session.commit()
    return sign_in(new_client(), account)


def send(office: Any, *rows: list[str]) -> Import:
    """The file, checked."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADING, *rows])
    data = {"way": "both", "file": (io.BytesIO(out.getvalue().encode()), "สถานศึกษา.csv")}
    answer = office.post("/records/school/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    rows_of = select(Import).order_by(Import.id.desc()).execution_options(populate_existing=True)
    found = db.session.scalars(rows_of).first()
    assert found is not None
    return found


def test_schools_of_a_file_have_accounts_and_lie_under_the_committee_of_the_code(office, session):
    committee = make_committee()
    session.commit()
    run = send(
        office,
        ["1320026301", "วิทยาลัยอาชีวศึกษาเนินงาม", "รัฐบาล", "ชลบุรี", committee.code],
        ["๑๓๒๐๐๓๗๑๐๑", "วิทยาลัยเทคโนโลยีธรรมเมธี", "เอกชน", "ชลบุรี", ""],
    )

    office.post(f"/records/school/import/{run.id}", data={"action": "store"})
    session.expire_all()

    rows = {school.code: school for school in db.session.scalars(select(School))}
    assert (run.adds, run.bad) == (2, 0)
    assert rows["1320026301"].under_id == committee.id
    assert (rows["1320037101"].sector, rows["1320037101"].under_id) == ("private", None)
    assert account_by_identity(SCHOOL_CODE, "1320037101").id == rows["1320037101"].account_id


def test_a_line_that_is_wrong_is_named_with_its_row_and_nothing_is_imported(office, session):
    committee = make_committee()
    session.commit()

    run = send(
        office,
        ["1320026301", "วิทยาลัยอาชีวศึกษาเนินงาม", "รัฐบาล", "ชลบุรี", committee.code],
        ["132002", "วิทยาลัยเทคนิคทุ่งงาม", "รัฐบาล", "ชลบุรี", ""],
        ["1320026302", "วิทยาลัยเทคนิคดอนงาม", "รัฐบาล", "ชลบุรี", "1399999999"],
    )

    assert [(row, column) for row, column, _read, _why in run.found["bad"]] == [(3, HEADING[0]), (4, HEADING[4])]
    assert set(db.session.scalars(select(School.code))) == {committee.code}


def test_the_same_file_again_changes_nothing(office, session):
    committee = make_committee()
    session.commit()
    line = [committee.code, committee.name, "รัฐบาล", "ชลบุรี", ""]

    run = send(office, line)

    assert (run.adds, run.changes, run.same, run.bad) == (0, 0, 1, 0)
