"""Provinces, titles, common passwords."""

import unicodedata

import pytest

from models.core.reference.passwords import is_common_password, password_text
from models.core.reference.provinces import PROVINCES, REGIONS, find_province, province_choices, province_name
from models.core.reference.titles import TITLES


def test_there_are_77_provinces_each_with_its_own_code_and_names():
    assert len(PROVINCES) == 77
    assert len({p.name_th for p in PROVINCES.values()}) == len({p.name_en for p in PROVINCES.values()}) == 77
    assert {p.region for p in PROVINCES.values()} == set(REGIONS)


def test_every_province_lies_in_thailand():
    for province in PROVINCES.values():
        assert 5 < province.latitude < 21
        assert 97 < province.longitude < 106


def test_a_province_has_a_name_in_each_language():
    assert province_name("40") == "ขอนแก่น"
    assert province_name("40", "en") == "Khon Kaen"
    assert province_name("00") == "00"


def test_provinces_are_offered_in_dictionary_order():
    names = [name for _, name in province_choices()]

    assert names[:3] == ["กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี"]
    assert names.index("ชุมพร") < names.index("เชียงราย") < names.index("เชียงใหม่") < names.index("ตรัง")
    assert names[-1] == "อุบลราชธานี"
    assert province_choices("en")[0][1] == "Amnat Charoen"


@pytest.mark.parametrize("text", ["ขอนแก่น", "จังหวัดขอนแก่น", "จ. ขอนแก่น", "khon kaen", "๔๐", "40"])
def test_a_province_is_found_as_imports_write_it(text):
    assert find_province(text) == "40"


def test_bangkok_has_short_names_and_nowhere_has_none():
    assert find_province("กทม.") == find_province("กรุงเทพฯ") == "10"
    assert find_province("แอตแลนติส") is None


def test_titles_begin_with_the_commonest_and_none_comes_twice():
    assert TITLES[:3] == ("นาย", "นาง", "นางสาว")
    assert len(set(TITLES)) == len(TITLES)


@pytest.mark.parametrize(
    "password", ["12345678", "Password1", " qwertyuiop", "รหัสผ่าน123", "l;ylfu", "sawasdee", "๑๒๓๔๕๖๗๘"]
)
def test_a_common_password_is_known_whatever_its_case(password):
    assert is_common_password(password)


@pytest.mark.parametrize("password", ["ช้างสามตัวกินกล้วย", "correct horse battery staple", "Xk7!pq02z"])
def test_an_uncommon_password_is_not(password):
    assert not is_common_password(password)


def test_a_password_typed_decomposed_is_the_same_password():
    assert password_text(unicodedata.normalize("NFD", "café-élève")) == "café-élève"
    assert password_text("  kept as typed  ") == "  kept as typed  "
