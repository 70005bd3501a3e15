"""Cells of files: fields whose values have words without being choices say them, and take the word or the code back."""

import pytest

from models.core.entity import Kind, entity_named
from models.core.entity.cells import Codes
from models.core.entity.portions import cell_of
from models.core.thai.errors import BadValue

ORGANIZATION = entity_named("organization")
DISTRICT, NAME = ORGANIZATION.fields["district"], ORGANIZATION.fields["name"]
SAID = {"a": "คลองหลวง", "b": "ธัญบุรี"}
CODED = {"district": ("a", "b")}


@pytest.fixture
def codes():
    return Codes.of(ORGANIZATION, lambda _name, code: SAID.get(code, code), CODED)


def test_a_coded_text_says_its_word_and_another_one_itself():
    def label(_name, code):
        return SAID[code]

    assert (DISTRICT.kind, cell_of(DISTRICT, "a", label, CODED)) == (Kind.TEXT, "คลองหลวง")
    assert cell_of(NAME, "a", label, CODED) == "a"
    assert cell_of(DISTRICT, "", label, CODED) is None


@pytest.mark.parametrize(("cell", "stored"), [("ธัญบุรี", "b"), (" ธัญ บุรี ", "b"), ("b", "b"), ("B", "b"), ("อื่น", "อื่น")])
def test_a_cell_of_a_coded_text_takes_the_word_or_the_code(codes, cell, stored):
    assert codes.read(DISTRICT, cell) == stored
    assert codes.read(NAME, cell) == cell.strip()


def test_a_coded_text_that_comes_back_as_it_went_out_is_unchanged(codes):
    assert codes.is_unchanged(DISTRICT, "ธัญบุรี", "b")
    assert not codes.is_unchanged(DISTRICT, "คลองหลวง", "b")


def test_words_that_two_codes_share_mean_neither():
    shared = Codes.of(ORGANIZATION, lambda _name, _code: "คำเดียวกัน", CODED)

    assert shared.read(DISTRICT, "คำเดียวกัน") == "คำเดียวกัน"
    assert shared.read(DISTRICT, "a") == "a"


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [
        ("registered_year", "สองพัน", "not_a_year"),
        ("registered_year", 2020, "year_not_buddhist"),
        ("registered_year", "63", "two_digit_year"),
        ("latitude", "เหนือ", "not_a_decimal"),
    ],
)
def test_what_is_no_year_or_no_coordinate_is_told_as_such(codes, name, cell, code):
    with pytest.raises(BadValue) as wrong:
        codes.read(ORGANIZATION.fields[name], cell)

    assert wrong.value.code == code


@pytest.mark.parametrize("cell", ["2570", "๒๕๗๐", "พ.ศ. 2570", 2570, 2570.0])
def test_a_year_is_read_as_it_is_typed(codes, cell):
    assert codes.read(ORGANIZATION.fields["registered_year"], cell) == 2570
