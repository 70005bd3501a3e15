"""Branches by hand: added, changed, renamed with their kin, retired and brought back, as a file's lines would allow."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.assessment.branch_deeds import FIELD, PROGRAMME, add_branch, bring_back, change_branch, rename_group, retire
from models.assessment.catalogue import Branch, faults_of
from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL
from models.assessment.importing import read_lines
from models.assessment.reference.catalogue import COLUMNS
from models.core.audit import AuditEntry
from models.core.db import StaleVersion, db
from models.core.entity.values import WrongValues
from models.core.workflow import Refused
from tests.factories.core import make_account

PVC = "pvc2562"


@pytest.fixture
def office(session):
    """Somebody of the national office."""
    return make_account(NATIONAL)


def branches(curriculum=PVC):
    rows = select(Branch).where(Branch.curriculum == curriculum).order_by(Branch.position, Branch.id)
    return list(db.session.scalars(rows))


def one(code="2010101"):
    return next(branch for branch in branches() if branch.branch_code == code)


def said(branch, /, **changed):
    return {column: getattr(branch, column) for column in COLUMNS} | changed


def wrong_of(deed):
    with pytest.raises(WrongValues) as wrong:
        deed()
    db.session.rollback()
    return {name: (error.code, error.values.get("name")) for name, error in wrong.value.errors.items()}


def test_a_branch_that_is_added_stands_behind_its_field_and_the_others_in_their_order(office):
    before = [branch.branch_code for branch in branches()]

    made = add_branch(office, PVC, said(one(), branch_code="2010199", branch="รถราง"))

    after = [branch.branch_code for branch in branches()]
    last = max(place for place, code in enumerate(before) if code.startswith("20101"))
    assert after == [*before[: last + 1], "2010199", *before[last + 1 :]]
    assert len({branch.position for branch in branches()}) == len(after)
    assert "รถราง" in made.search


def test_a_new_field_stands_behind_its_programme_type_and_a_new_type_at_the_end(office):
    field = said(one(), field_code="20199", field="ช่างใหม่", branch_code="2019901", branch="ใหม่")
    add_branch(office, PVC, field)
    add_branch(
        office,
        PVC,
        said(one(), programme_code="299", programme="ใหม่", field_code="29901", field="ก", branch_code="2990101"),
    )

    codes = [branch.branch_code for branch in branches()]
    programmes = [branch.programme_code for branch in branches()]
    assert programmes[codes.index("2019901") - 1] == "201"
    assert programmes[codes.index("2019901") + 1] != "201"
    assert codes[-1] == "2990101"


@pytest.mark.parametrize(
    ("changed", "name", "found"),
    [
        ({"branch_code": ""}, "branch_code", ("needed", None)),
        ({"branch_code": "1" * 11}, "branch_code", ("too_long", None)),
        ({"branch_code": "2010102"}, "branch_code", ("twice", "เครื่องกลอุตสาหกรรม")),
        ({"field": "ช่างรถ"}, "field", ("another_name", "ช่างยนต์")),
        ({"programme": "เกษตร"}, "programme", ("another_name", "อุตสาหกรรม")),
        ({"branch": " "}, "branch", ("needed", None)),
    ],
)
def test_what_a_file_could_not_say_cannot_be_typed_either(office, changed, name, found):
    content = said(one(), branch_code="2010199", branch="รถราง") | changed

    assert wrong_of(lambda: add_branch(office, PVC, content)) == {name: found}
    assert "รถราง" not in {branch.branch for branch in branches()}


def test_what_a_known_code_says_need_not_be_typed(office):
    made = add_branch(office, PVC, {"branch_code": "2010199", "branch": "รถราง", "field_code": "20101"})

    assert (made.field, made.programme_code, made.programme) == ("ช่างยนต์", "201", "อุตสาหกรรม")
    unknown = {"branch_code": "2019999", "branch": "ก", "field_code": "20199"}
    missing = dict.fromkeys(("field", "programme_code", "programme"), ("needed", None))
    assert wrong_of(lambda: add_branch(office, PVC, unknown)) == missing


def test_a_field_stands_under_one_programme_type(office):
    commerce = next(branch for branch in branches() if branch.programme_code == "202")
    content = said(commerce, field_code="20101", field="ช่างยนต์", branch_code="2019999", branch="ก")

    assert wrong_of(lambda: add_branch(office, PVC, content)) == {"field_code": ("elsewhere", "อุตสาหกรรม")}


def test_a_branch_is_changed_and_told_in_the_log_from_what_to_what(office):
    branch = one()

    change_branch(office, branch, branch.version, said(branch, branch="เทคนิคยานยนต์"))
    db.session.commit()

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.entity_id == str(branch.id))).one()
    assert "เทคนิคยานยนต์" in str(entry.payload)
    assert "position" not in str(entry.payload)


def test_a_branch_that_goes_to_another_field_stands_there(office):
    branch, other = one("2010101"), one("2010401")

    change_branch(office, branch, branch.version, said(branch, field_code=other.field_code, field=other.field))

    codes = [found.branch_code for found in branches()]
    assert codes.index("2010101") == codes.index("2010402") + 1


def test_a_retired_branch_keeps_its_code_and_comes_back(office):
    branch = one()
    retire(office, branch, branch.version)

    again = said(branch, branch="อื่น")
    assert wrong_of(lambda: add_branch(office, PVC, again)) == {"branch_code": ("retired", "ยานยนต์")}


def test_a_retired_branch_is_brought_back_once(office):
    branch = one()
    retire(office, branch, branch.version)
    with pytest.raises(Refused, match="is_retired"):
        retire(office, branch, branch.version)

    bring_back(office, branch, branch.version)

    assert not branch.is_retired
    with pytest.raises(Refused, match="is_not_retired"):
        bring_back(office, branch, branch.version)


def test_renaming_a_field_renames_it_everywhere_and_nothing_else(office):
    retired = one("2010102")
    retired.is_retired = True
    db.session.flush()

    count = rename_group(office, PVC, FIELD, "20101", was="ช่างยนต์", name="ช่างยนต์และราง")

    named = [branch for branch in branches() if branch.field == "ช่างยนต์และราง"]
    assert {branch.field_code for branch in named} == {"20101"}
    assert len(named) == count == 6
    assert "ช่างยนต์และราง" in one().search
    in_use = [branch for branch in branches() if not branch.is_retired]
    rows = [[getattr(branch, column) for column in COLUMNS] for branch in in_use]
    lines = read_lines(iter([(1, COLUMNS), *enumerate(rows, 2)]), {c.replace("_", ""): c for c in COLUMNS}, ()).lines
    assert faults_of(lines) == []


def test_who_renames_what_was_renamed_meanwhile_is_told(office):
    rename_group(office, PVC, PROGRAMME, "201", was="อุตสาหกรรม", name="ช่างอุตสาหกรรม")

    with pytest.raises(Refused, match="renamed_meanwhile"):
        rename_group(office, PVC, PROGRAMME, "201", was="อุตสาหกรรม", name="อุตสาหการ")
    with pytest.raises(Refused, match="no_such_group"):
        rename_group(office, PVC, PROGRAMME, "999", was="", name="อุตสาหการ")
    assert wrong_of(lambda: rename_group(office, PVC, FIELD, "20101", was="ช่างยนต์", name=" ")) == {
        "name": ("needed", None)
    }


def test_of_two_at_one_branch_the_later_one_is_told(office):
    branch = one()
    read = branch.version
    change_branch(office, branch, read, said(branch, branch="ก"))

    for deed in (
        lambda: change_branch(office, branch, read, said(branch, branch="ข")),
        lambda: retire(office, branch, read),
        lambda: bring_back(office, branch, read),
    ):
        with pytest.raises(StaleVersion):
            deed()


@pytest.mark.parametrize("kind", [SCHOOL, PROVINCIAL, "staff"])
def test_nobody_else_changes_the_catalogue(session, kind):
    other, branch = make_account(kind), one()

    for deed in (
        lambda: add_branch(other, PVC, said(branch, branch_code="2010199")),
        lambda: change_branch(other, branch, branch.version, said(branch)),
        lambda: retire(other, branch, branch.version),
        lambda: bring_back(other, branch, branch.version),
        lambda: rename_group(other, PVC, FIELD, "20101", was="ช่างยนต์", name="ก"),
    ):
        with pytest.raises(Refused, match="not_permitted"):
            deed()
