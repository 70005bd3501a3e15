"""The four curricula as the catalogue begins with them, and the schools of the demo."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from models.assessment.reference import catalogue
from models.assessment.reference.catalogue import COLUMNS, CURRICULA, LEVELS, branches_of
from models.assessment.reference.schools import BANGKOK, COMMITTEES, KINDS, demo_schools
from models.core.reference.provinces import PROVINCES
from models.core.thai.email import parse_email
from models.core.thai.phone import parse_phone
from models.core.thai.text import clean_line

ROOT = Path(__file__).parents[3]

EVERYWHERE = {
    "อุตสาหกรรม",
    "ศิลปกรรม",
    "คหกรรม",
    "เกษตรกรรม",
    "ประมง",
    "อุตสาหกรรมท่องเที่ยว",
    "อุตสาหกรรมสิ่งทอ",
    "เทคโนโลยีสารสนเทศและการสื่อสาร",
    "อุตสาหกรรมบันเทิงและดนตรี",
    "พาณิชยนาวี",
}
"""ประเภทวิชา of all four curricula; the eleventh has another name at each level."""

OF_LEVEL = {"pvc3": "พาณิชยกรรม", "pvs2": "บริหารธุรกิจ"}

every_curriculum = pytest.mark.parametrize("curriculum", CURRICULA.values(), ids=CURRICULA)


def test_there_are_four_curricula_and_the_older_two_are_for_students_left_over():
    assert [(c.level, c.year, c.is_leftover) for c in CURRICULA.values()] == [
        ("pvc3", 2556, True),
        ("pvs2", 2557, True),
        ("pvc3", 2562, False),
        ("pvs2", 2563, False),
    ]
    assert all(code == curriculum.code for code, curriculum in CURRICULA.items())
    assert {name for name, _ in LEVELS.values()} == {"ปวช.3", "ปวส.2"}


def test_a_curriculum_has_a_title_in_each_language():
    newest = CURRICULA["pvs2563"]

    assert newest.title() == "หลักสูตรประกาศนียบัตรวิชาชีพชั้นสูง พุทธศักราช 2563"
    assert newest.title("en") == "High Vocational Certificate Curriculum B.E. 2563"


@every_curriculum
def test_a_curriculum_has_all_its_programme_types_each_with_an_english_name(curriculum):
    programmes = {branch.field.programme for branch in branches_of(curriculum)}

    assert {p.name_th for p in programmes} == EVERYWHERE | {OF_LEVEL[curriculum.level]}
    assert all(p.name_en.isascii() and p.name_en for p in programmes)
    assert len({p.code for p in programmes}) == len(programmes)


@every_curriculum
def test_no_code_comes_twice_within_a_curriculum_and_each_begins_with_its_parents(curriculum):
    branches = branches_of(curriculum)

    assert len({branch.code for branch in branches}) == len(branches)
    assert len({branch.field for branch in branches}) == len({branch.field.code for branch in branches})
    for branch in branches:
        assert re.fullmatch(re.escape(branch.field.code) + r"\d\d", branch.code)
        assert re.fullmatch(re.escape(branch.field.programme.code) + r"\d\d", branch.field.code)


@every_curriculum
def test_no_name_comes_twice_beside_itself(curriculum):
    branches = branches_of(curriculum)
    fields = {branch.field for branch in branches}

    assert len({(branch.field.code, branch.name) for branch in branches}) == len(branches)
    assert len({(field.programme.code, field.name) for field in fields}) == len(fields)


@every_curriculum
def test_branches_stand_in_the_order_of_programme_type_field_and_number(curriculum):
    def place(branch):
        programme, field = branch.field.programme.code, branch.field.code
        return int(programme[1:]), int(field[len(programme) :]), int(branch.code[len(field) :])

    branches = branches_of(curriculum)

    assert list(branches) == sorted(branches, key=place)


@every_curriculum
def test_the_file_of_a_curriculum_is_whole_and_its_text_clean(curriculum):
    path = Path(catalogue.__file__).with_name(f"{curriculum.code}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        heading, *rows = list(reader)

    assert tuple(heading) == COLUMNS
    assert rows == [
        [b.field.programme.code, b.field.programme.name_th, b.field.code, b.field.name, b.code, b.name]
        for b in branches_of(curriculum)
    ]
    assert all(cell and cell == clean_line(cell) for row in rows for cell in row)


def test_the_codes_tell_the_level_and_the_curriculum():
    first = {code: branches_of(curriculum)[0] for code, curriculum in CURRICULA.items()}

    assert {code: (branch.field.code, branch.code) for code, branch in first.items()} == {
        "pvc2556": ("2101", "210101"),
        "pvs2557": ("3101", "310101"),
        "pvc2562": ("20101", "2010101"),
        "pvs2563": ("30101", "3010101"),
    }
    assert (first["pvc2562"].field.name, first["pvc2562"].name) == ("ช่างยนต์", "ยานยนต์")
    assert (first["pvs2563"].field.name, first["pvs2563"].name) == ("เทคนิคเครื่องกล", "เทคนิคยานยนต์")


def test_there_are_hundreds_of_branches_to_look_for():
    counts = [len(branches_of(curriculum)) for curriculum in CURRICULA.values()]

    assert min(counts) >= 60
    assert sum(counts) >= 300


def test_the_demo_has_900_schools_in_77_provinces():
    schools = demo_schools()
    counts = Counter(school.province for school in schools)

    assert len(schools) == 900
    assert set(counts) == set(PROVINCES)
    assert max(counts, key=counts.__getitem__) == BANGKOK
    assert min(counts.values()) >= 4


def test_a_schools_code_has_ten_digits_names_its_province_and_is_its_own():
    schools = demo_schools()

    assert len({school.code for school in schools}) == len(schools)
    for school in schools:
        assert re.fullmatch(r"13" + school.province + r"\d{6}", school.code)


def test_no_school_has_the_name_of_another():
    names = [school.name for school in demo_schools()]

    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert all(name == clean_line(name) and name.startswith("วิทยาลัย") for name in names)


def test_schools_are_of_every_kind_and_every_province_has_both():
    kinds = {(school.province, school.kind) for school in demo_schools()}
    beginnings = ("เทคนิค", "อาชีวศึกษา", "การอาชีพ", "เกษตรและเทคโนโลยี", "สารพัดช่าง", "พณิชยการ", "เทคโนโลยี")

    assert kinds == {(province, kind) for province in PROVINCES for kind in KINDS}
    for beginning in beginnings:
        assert any(school.name.startswith(f"วิทยาลัย{beginning}") for school in demo_schools())


def test_each_province_has_one_committee_and_bangkok_several():
    committees = Counter((school.province, school.committee) for school in demo_schools() if school.committee)

    assert committees.pop((BANGKOK, "bangkok")) == 5
    assert committees == {(province, "province"): 1 for province in PROVINCES if province != BANGKOK}
    assert {name for name, _ in COMMITTEES.values()} == {"อศก.", "อศจ."}


def test_every_school_lies_under_a_committee_of_its_province_and_a_committee_under_itself():
    schools = {school.code: school for school in demo_schools()}

    for school in schools.values():
        above = schools[school.under]
        assert above.committee
        assert above.province == school.province
        assert (above is school) == bool(school.committee)
    under = Counter(school.under for school in schools.values() if school.province == BANGKOK)
    assert max(under.values()) - min(under.values()) <= 1


def test_telephone_and_address_are_well_formed_and_reach_nobody():
    for school in demo_schools():
        assert parse_phone(school.phone) == school.phone
        assert re.match(r"(02|0[3-7]\d)0", school.phone)
        assert parse_email(school.email) == school.email
        assert school.email.endswith(".example")
    assert len({school.phone for school in demo_schools()}) == len({school.email for school in demo_schools()}) == 900


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_schools_are_the_same_at_each_run(seed):
    listing = "from models.assessment.reference.schools import demo_schools; print(ascii(demo_schools()))"

    elsewhere = subprocess.run(
        [sys.executable, "-c", listing],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert elsewhere.stdout.strip() == ascii(demo_schools())


def test_the_first_school_is_the_one_that_the_manual_signs_in():
    first = demo_schools()[0]

    assert (first.code, first.committee) == ("1310016201", "bangkok")
