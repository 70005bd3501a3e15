"""The catalogue: a file is right in every line or its faults are named; what is no longer taught stays known."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from models.assessment.catalogue import Branch, Line, ensure_catalogue, faults_of
from models.assessment.codes import NAME_LENGTH
from models.assessment.reference.catalogue import CURRICULA, branches_of
from models.core.db import db

PVC = "pvc2562"
CAR = Line(2, "201", "อุตสาหกรรม", "20101", "ช่างยนต์", "2010101", "ยานยนต์")
ENGINE = replace(CAR, row=3, branch_code="2010102", branch="เครื่องกลอุตสาหกรรม")
BOOKS = Line(4, "202", "พาณิชยกรรม", "20201", "การบัญชี", "2020101", "การบัญชี")


def branches():
    return {one.branch_code: one for one in db.session.scalars(select(Branch).where(Branch.curriculum == PVC))}


def test_right_lines_have_no_fault():
    assert faults_of([CAR, ENGINE, BOOKS]) == []


@pytest.mark.parametrize(
    ("line", "column", "code", "other"),
    [
        (replace(BOOKS, branch=""), "branch", "missing", None),
        (replace(BOOKS, field_code=""), "field_code", "missing", None),
        (replace(BOOKS, field="ก" * (NAME_LENGTH + 1)), "field", "too_long", None),
        (replace(BOOKS, branch_code="1" * 11), "branch_code", "too_long", None),
        (replace(BOOKS, branch_code="2010101"), "branch_code", "twice", 2),
        (replace(BOOKS, programme_code="201"), "programme", "another_name", 2),
        (replace(CAR, row=4, branch_code="9", field="ช่างรถ"), "field", "another_name", 2),
        (replace(BOOKS, field_code="20101", field="ช่างยนต์"), "field_code", "elsewhere", 2),
    ],
)
def test_a_wrong_line_is_named_with_its_row_and_why(line, column, code, other):
    (fault,) = faults_of([CAR, ENGINE, line])

    assert (fault.row, fault.column, fault.code, fault.other) == (4, column, code, other)


@pytest.fixture
def empty(session):
    """A catalogue with nothing in it, as before `init`."""
    session.execute(delete(Branch))


@pytest.mark.usefixtures("empty")
def test_an_empty_catalogue_begins_with_every_branch_in_its_order_and_is_left_alone_afterwards():
    ensure_catalogue()
    rows = db.session.scalars(select(Branch).where(Branch.curriculum == PVC).order_by(Branch.position))
    assert [one.branch_code for one in rows] == [one.code for one in branches_of(CURRICULA[PVC])]

    branches()["2010101"].branch = "ชื่อที่สำนักงานแก้"
    db.session.flush()
    ensure_catalogue()

    assert branches()["2010101"].branch == "ชื่อที่สำนักงานแก้"
