"""A curriculum from a file: wrong lines are named, nothing is half stored, what goes out comes back unchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from models.assessment.catalogue import Branch, Line
from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL
from models.assessment.importing import FILE_COLUMNS, plan_of, planned, read_lines, stamp_of, store, store_file
from models.assessment.reference.catalogue import COLUMNS
from models.core.audit import AuditEntry
from models.core.db import db
from models.core.entity.cells import ExcelError, WrongHeadings, folded
from models.core.workflow import Refused
from tests.factories.core import make_account

PVC = "pvc2562"
NAMES = {folded(name): name for name in FILE_COLUMNS}
CALLED = {folded(PVC)}
CAR = Line(2, "201", "อุตสาหกรรม", "20101", "ช่างยนต์", "2010101", "ยานยนต์")
ENGINE = replace(CAR, row=3, branch_code="2010102", branch="เครื่องกลอุตสาหกรรม")
BOOKS = Line(4, "202", "พาณิชยกรรม", "20201", "การบัญชี", "2020101", "การบัญชี")


@pytest.fixture
def empty(session):
    """A catalogue with nothing in it, as before `init`."""
    session.execute(delete(Branch))


@pytest.fixture
def office(session):
    """Somebody of the national office."""
    return make_account(NATIONAL)


def branches():
    rows = select(Branch).where(Branch.curriculum == PVC).order_by(Branch.position, Branch.id)
    return {one.branch_code: one for one in db.session.scalars(rows)}


def read(*rows, headings=FILE_COLUMNS):
    return read_lines(iter([(1, headings), *enumerate(rows, 2)]), NAMES, CALLED)


def cells(line, curriculum=PVC):
    return [curriculum, *(getattr(line, column) for column in COLUMNS)]


def counts(**given):
    return {"added": 0, "changed": 0, "retired": 0, "moved": 0, "same": 0} | given


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_right_file_gives_its_lines_with_their_rows():
    found = read(cells(CAR), cells(ENGINE), cells(BOOKS))

    assert found.lines == (CAR, ENGINE, BOOKS)
    assert found.faults == ()


def test_codes_may_be_numbers_of_the_sheet_and_thai_digits():
    found = read([PVC, 201, CAR.programme, 20101.0, CAR.field, "๒๐๑๐๑๐๑", f"  {CAR.branch} "])

    assert found.lines == (CAR,)


def test_the_column_of_the_curriculum_may_be_missing_and_others_are_named_as_not_read():
    headings = (*COLUMNS, "หมายเหตุ")

    found = read([*cells(CAR)[1:], "เปิดสอนที่เชียงใหม่"], headings=headings)

    assert found.lines == (CAR,)
    assert found.unread == ("หมายเหตุ",)


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        (("ก", "ข"), "none_known"),
        ((), "none_known"),
        ((*FILE_COLUMNS, "field"), "twice"),
        (FILE_COLUMNS[:-1], "columns_missing"),
    ],
)
def test_headings_that_do_not_say_enough_are_refused(headings, code):
    with pytest.raises(WrongHeadings) as wrong:
        read(cells(CAR), headings=headings)

    assert wrong.value.code == code


@pytest.mark.parametrize(
    ("place", "cell", "column", "code"),
    [
        (6, None, "branch", "missing"),
        (5, "2.01E+06", "branch_code", "spoiled"),
        (3, ExcelError("#N/A"), "field_code", "excel_error"),
        (0, "pvs2563", "curriculum", "other_curriculum"),
        (0, None, "curriculum", "other_curriculum"),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_column_and_why_and_once(place, cell, column, code):
    row = cells(ENGINE)
    row[place] = cell

    found = read(cells(CAR), row)

    assert [(fault.row, fault.column, fault.code) for fault in found.faults] == [(3, column, code)]


def test_faults_stand_in_the_order_of_the_rows():
    found = read([None, *cells(CAR)[1:]], cells(CAR), cells(replace(BOOKS, branch="")))

    assert [fault.row for fault in found.faults] == [2, 3, 4]


# --- storing ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("empty")
def test_a_file_adds_renames_and_retires_and_what_is_retired_comes_back():
    assert store(PVC, [CAR, ENGINE]).counts == counts(added=2)

    renamed = replace(CAR, branch="เทคนิคยานยนต์")
    plan = store(PVC, [renamed, BOOKS])
    assert plan.counts == counts(added=1, changed=1, retired=1)
    assert plan.changed[0].columns == {"branch": ("ยานยนต์", "เทคนิคยานยนต์")}
    known = branches()
    assert known["2010101"].branch == "เทคนิคยานยนต์"
    assert "เทคนิคยานยนต์" in known["2010101"].search
    assert [code for code, one in known.items() if one.is_retired] == ["2010102"]

    # The one that only makes room for it did not change.
    plan = store(PVC, [renamed, ENGINE, BOOKS])
    assert plan.counts == counts(changed=1, same=2)
    assert plan.changed[0].comes_back
    assert not any(one.is_retired for one in branches().values())
    assert list(branches()) == ["2010101", "2010102", "2020101"]


@pytest.mark.usefixtures("empty")
def test_another_order_is_told_by_how_few_branches_it_moves():
    store(PVC, [CAR, ENGINE, BOOKS])

    assert store(PVC, [BOOKS, CAR, ENGINE]).counts == counts(moved=1, same=3)
    assert list(branches()) == ["2020101", "2010101", "2010102"]


@pytest.mark.usefixtures("empty")
def test_what_would_be_is_said_before_anything_is_stored():
    store(PVC, [CAR, ENGINE])

    plan = plan_of(PVC, [replace(CAR, branch="ใหม่"), BOOKS])

    assert plan.counts == counts(added=1, changed=1, retired=1)
    assert branches()["2010101"].branch == "ยานยนต์"
    assert not branches()["2010102"].is_retired


def as_rows():
    """The catalogue as its file has it: what is in use."""
    return [cells(one) for one in branches().values() if not one.is_retired]


def test_what_goes_out_comes_back_unchanged(session):
    found = read(*as_rows())

    assert found.faults == ()
    assert plan_of(PVC, found.lines).is_nothing


@given(st.permutations(range(12)), st.integers(0, 12), st.integers(0, 12))
def test_of_any_part_of_a_catalogue_in_any_order_the_counts_add_up(order, taken, retired):
    known = {}
    for place in range(12):
        line = replace(CAR, branch_code=str(place))
        branch = Branch(id=place + 1, is_retired=place < retired, **{name: getattr(line, name) for name in COLUMNS})
        known[branch.branch_code] = branch
    lines = [replace(CAR, branch_code=str(place)) for place in order[:taken]]

    plan = planned(known, lines)

    stays = [place for place in order[:taken] if place >= retired]
    assert plan.added == ()
    assert len(plan.changed) == taken - len(stays)
    assert len(plan.retired) == 12 - retired - len(stays)
    assert plan.same == len(stays)
    # Those that do not move follow each other as before, and no more of them could.
    assert (plan.moved == 0) == (stays == sorted(stays))
    assert plan.moved < max(len(stays), 1)


def test_a_file_is_stored_by_the_office_with_a_line_in_the_log(office):
    found = read(*as_rows(), cells(replace(CAR, branch_code="2010199", branch="รถราง")))

    plan = store_file(office, PVC, found, stamp=stamp_of(PVC), name="ปวช.xlsx")
    db.session.commit()

    assert plan.counts["added"] == 1
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "assessment_branch.import")).one()
    (note,) = entry.payload["notes"]
    assert (note["name"], note["curriculum"], note["added"], note["retired"]) == ("ปวช.xlsx", PVC, 1, 0)


def test_with_one_wrong_line_nothing_is_stored(office):
    before = stamp_of(PVC)
    found = read(cells(CAR), cells(replace(BOOKS, branch="")))

    with pytest.raises(Refused, match="file_has_faults"):
        store_file(office, PVC, found, stamp=before, name="x.xlsx")

    assert stamp_of(PVC) == before


def test_an_empty_file_retires_nothing(office):
    with pytest.raises(Refused, match="file_is_empty"):
        store_file(office, PVC, read(), stamp=stamp_of(PVC), name="x.xlsx")


def test_a_file_that_was_judged_before_the_catalogue_changed_is_judged_anew(office):
    found, stamp = read(*as_rows()[1:]), stamp_of(PVC)
    next(iter(branches().values())).branch = "ชื่อที่แก้ระหว่างนั้น"
    db.session.flush()

    with pytest.raises(Refused, match="catalogue_changed"):
        store_file(office, PVC, found, stamp=stamp, name="x.xlsx")

    assert not next(iter(branches().values())).is_retired


@pytest.mark.parametrize("kind", [SCHOOL, PROVINCIAL, "staff"])
def test_nobody_else_stores_a_file(session, kind):
    with pytest.raises(Refused, match="not_permitted"):
        store_file(make_account(kind), PVC, read(*as_rows()), stamp=stamp_of(PVC), name="x.xlsx")


def test_another_curriculum_is_left_alone(office):
    before = stamp_of("pvs2563")

    store_file(office, PVC, read(cells(CAR)), stamp=stamp_of(PVC), name="x.xlsx")

    assert stamp_of("pvs2563") == before
