"""Rows of a list: read from any numbering, kept as typed, told where they are wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.fund.wizard import typed_form
from forms.fund.wizard.parts import STEP
from forms.fund.wizard.rows import Rows, typed_rows

pytestmark = pytest.mark.usefixtures("in_request")


def steps_of(**typed):
    return typed_form("2.4", MultiDict({name.replace("__", "-"): value for name, value in typed.items()}))


def test_rows_come_in_the_order_of_their_numbers_whatever_the_gaps():
    typed = MultiDict({"place-7-text": "ค", "place-0-text": "ก", "place-12-text": "ง", "place-3-text": "ข"})

    assert [row["text"] for row in typed_rows(typed, "place")] == ["ก", "ข", "ค", "ง"]


def test_a_list_reads_no_row_of_another_whose_name_begins_alike():
    typed = MultiDict({"place-0-text": "ก", "places-0-text": "ข", "contribution_place-0-text": "ค"})

    assert typed_rows(typed, "place") == [{"text": "ก"}]


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=20))
def test_nothing_posted_under_a_list_s_name_breaks_it(posted):
    typed = MultiDict({f"steps-{key}": value for key, value in posted.items()})

    rows = Rows(STEP, "steps")
    rows.take(typed_rows(typed, "steps"))

    assert isinstance(rows.content, list)


def test_a_nested_row_is_read_into_values():
    form = steps_of(
        **{
            "steps-0-name": "เตรียมการ",
            "steps-0-activities-4-name": "ประชุม",
            "steps-0-activities-4-starts_on": "๑ พ.ค. ๒๕๖๙",
            "steps-0-activities-4-ends_on": "15/05/2569",
            "steps-0-activities-4-budget": "18,500",
        }
    )

    assert form.validate()
    (activity,) = form.content()["steps"][0]["activities"]
    assert activity["starts_on"] == date(2026, 5, 1)
    assert activity["ends_on"] == date(2026, 5, 15)
    assert activity["budget"] == Decimal("18500.00")


def test_blank_rows_between_others_do_not_move_an_error_to_a_neighbour():
    form = typed_form(
        "2.2", MultiDict({"target-0-text": "", "target-1-text": "ดี", "target-2-text": "ก" * 501, "target-3-text": ""})
    )

    assert not form.validate()
    assert [place for place, _label, _error in form.summary()] == ["target-2-text"]


def test_an_error_within_a_step_names_its_place_as_people_count():
    form = steps_of(
        **{
            "steps-0-name": "หนึ่ง",
            "steps-1-activities-0-name": "ก",
            "steps-1-activities-1-name": "ข",
            "steps-1-activities-1-starts_on": "02/05/2569",
            "steps-1-activities-1-ends_on": "01/05/2569",
        }
    )

    assert not form.validate()
    ((place, label, _error),) = form.summary()
    assert place == "steps-1-activities-1-ends_on"
    assert label.endswith("2.2")


def test_far_more_rows_than_the_limit_are_not_even_read():
    form = typed_form("2.3", MultiDict({f"place-{number}-text": "ก" for number in range(5000)}))

    assert not form.validate()
    assert len(form["place"].list.rows) == 200


def test_a_zero_width_character_alone_is_a_blank_row():
    form = typed_form("2.2", MultiDict({"target-0-text": "\u200b"}))

    assert form.validate()
    assert [row["text"] for row in form.content()["target"]] in ([], [""])
