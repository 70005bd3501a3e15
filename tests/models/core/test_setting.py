"""Settings: defaults until somebody changes them, checked, versioned, known to every process at its next request."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import audit, setting
from models.core.db import StaleVersion, db
from models.core.setting import Baht, Choice, Choices, Whole, WrongSetting, YesNo

PETS = Choices(most=5, flags=("is_loud",), kept=frozenset({"cat"}))


@pytest.fixture(autouse=True)
def a_few(monkeypatch):
    monkeypatch.setattr(setting, "_declared", {})
    setting.declare("test.rows", 10, Whole(1, 50), "a test")
    setting.declare("test.most", Decimal("100.00"), Baht(Decimal(1), Decimal(500)), "a test")
    setting.declare("test.strict", True, YesNo(), "a test")
    setting.declare("test.pets", [("cat", "แมว", "Cat"), ("dog", "สุนัข", "Dog", ["is_loud"])], PETS, "a test")


def test_a_setting_that_nobody_changed_has_its_default(session):
    assert setting.value("test.rows") == 10
    assert setting.value("test.strict") is True
    assert [choice.th for choice in setting.value("test.pets")] == ["แมว", "สุนัข"]
    assert setting.choices("test.pets")["dog"].flags == {"is_loud"}


@pytest.mark.parametrize(
    ("name", "given_value"), [("test.rows", 50), ("test.most", Decimal("12.50")), ("test.strict", False)]
)
def test_a_changed_setting_holds_at_once_and_goes_back(session, name, given_value):
    before = setting.value(name)

    setting.change(name, given_value, 0)
    assert setting.value(name) == given_value
    setting.reset(name, 1)

    assert setting.value(name) == before


def test_another_process_knows_the_change_at_its_next_request(session):
    setting.change("test.rows", 20, 0)
    db.session.commit()
    version = db.session.scalar(db.select(setting.SettingsVersion.version))

    setting._kept.version, setting._kept.values = -1, {}  # another process
    setting.know_version(0)
    setting.know_version(version)

    assert setting.value("test.rows") == 20


def test_what_was_rolled_back_is_forgotten(session):
    setting.change("test.rows", 20, 0)
    db.session.rollback()

    assert setting.value("test.rows") == 10


@pytest.mark.parametrize(
    ("name", "wrong", "code"),
    [
        ("test.rows", 0, "out_of_range"),
        ("test.rows", 51, "out_of_range"),
        ("test.rows", None, "not_a_number"),
        ("test.rows", True, "not_a_number"),
        ("test.most", Decimal("500.01"), "out_of_range"),
        ("test.most", Decimal("NaN"), "not_a_number"),
        ("test.strict", None, "no_such_choice"),
    ],
)
def test_what_does_not_fit_is_refused(session, name, wrong, code):
    with pytest.raises(WrongSetting) as refused:
        setting.change(name, wrong, 0)

    assert refused.value.code == code


def test_of_two_who_change_at_once_the_second_is_told(session):
    setting.change("test.rows", 20, 0)

    with pytest.raises(StaleVersion):
        setting.change("test.rows", 30, 0)

    setting.change("test.rows", 30, 1)
    assert setting.value("test.rows") == 30


def test_a_change_is_written_into_the_chain(session):
    setting.change("test.rows", 20, 0)
    db.session.commit()

    row = setting.stored("test.rows")
    assert row is not None
    [entry] = audit.history_of(row, 5)
    assert entry.payload["changes"][0]["fields"]["value"] == [None, 20]
    assert audit.verify() is None


# --- lists to choose from --------------------------------------------------------------------------------------------


def test_an_entry_is_added_renamed_and_retired_and_keeps_its_code(session):
    cat, _dog = setting.value("test.pets")

    setting.change("test.pets", [Choice("dog", "หมา", "Dog"), cat, Choice("", "ปลา", "Fish")], 0)
    fish = setting.open_choices("test.pets")[2]
    setting.change("test.pets", [cat, Choice("dog", "หมา", "Dog", is_retired=True), Choice(fish, "ปลา", "Fish")], 1)

    assert setting.open_choices("test.pets") == ("cat", fish)
    assert setting.choice_name("test.pets", "dog") == "หมา"
    assert setting.choice_name("test.pets", fish, "en") == "Fish"


def test_an_entry_that_is_left_out_is_retired_never_lost(session):
    setting.change("test.pets", [setting.value("test.pets")[0]], 0)

    assert setting.open_choices("test.pets") == ("cat",)
    assert setting.choice_name("test.pets", "dog") == "สุนัข"


def test_going_back_keeps_the_names_of_what_was_added(session):
    setting.change("test.pets", [*setting.value("test.pets"), Choice("", "ปลา", "Fish")], 0)
    fish = setting.open_choices("test.pets")[2]

    setting.reset("test.pets", 1)

    assert setting.open_choices("test.pets") == ("cat", "dog")
    assert setting.choice_name("test.pets", fish) == "ปลา"


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ([Choice("cat", " ", "Cat")], "name_needed", 0),
        ([Choice("cat", "แมว", "")], "name_needed", 0),
        ([Choice("cat", "แมว", "Cat"), Choice("dog", "แมว", "Dog")], "same_name", 1),
        ([Choice("cat", "แมว", "Cat", is_retired=True)], "kept", 0),
        ([Choice("dog", "สุนัข", "Dog")], "kept", None),
        ([Choice("cat", "ม" * 201, "Cat")], "too_long", 0),
        ([Choice("cat", "แมว", "Cat"), *(Choice("", str(n), str(n)) for n in range(9))], "too_many", None),
    ],
)
def test_a_list_that_cannot_be_is_refused_at_its_row(session, rows, code, row):
    with pytest.raises(WrongSetting) as refused:
        setting.change("test.pets", rows, 0)

    assert (refused.value.code, refused.value.row) == (code, row)


def test_a_list_without_anything_to_choose_is_refused():
    with pytest.raises(WrongSetting) as refused:
        Choices().checked([Choice("", "ก", "a", is_retired=True)], ())

    assert refused.value.code == "none_left"


_names = st.text("กขคงจ", min_size=1, max_size=4)


@given(st.lists(st.tuples(_names, st.booleans()), min_size=1, max_size=6, unique_by=lambda row: row[0]), st.data())
def test_no_entry_that_was_ever_there_loses_its_code(names, data):
    kind = Choices(most=200)
    before: tuple[Choice, ...] = ()
    for _round in range(3):
        kept = [choice for choice in before if data.draw(st.booleans())]
        added = [Choice("", name, name, retired) for name, retired in names if name not in {c.th for c in kept}]
        if all(choice.is_retired for choice in (*kept, *added)):
            return
        after = kind.read(kind.checked([*kept, *added], before))
        codes = [choice.code for choice in after]
        assert len(set(codes)) == len(codes)
        assert {choice.code for choice in before} <= set(codes)
        before = after
