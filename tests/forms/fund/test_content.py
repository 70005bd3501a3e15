"""What two contents of a part say: the same or not, and what differs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forms.fund.wizard import differences, digest, has_content, same_content

pytestmark = pytest.mark.usefixtures("in_request")
ONE, TWO, THREE = ("1" * 32, "2" * 32, "3" * 32)


def row(line_id, text, **more):
    return {"line_id": line_id, "text": text, "detail": "", "amount": None, **more}


def test_what_a_reader_cannot_tell_apart_is_the_same():
    saved = {"title": "ก", "place": [row(ONE, "วัด")], "amount_asked": None, "disabilities": ["seeing", "autism"]}
    typed = {"title": "ก", "place": [{"line_id": "", "text": "วัด"}], "amount_asked": Decimal(0)}
    typed["disabilities"] = ["autism", "seeing"]

    assert same_content(saved, typed)
    assert digest(saved) == digest(typed)


@pytest.mark.parametrize(
    "other",
    [{"title": "ข"}, {"place": []}, {"place": [row(ONE, "วัด"), row(TWO, "โรงเรียน")]}, {"place": [row(ONE, "บ้าน")]}],
)
def test_what_a_reader_can_tell_apart_is_not(other):
    saved = {"title": "ก", "place": [row(ONE, "วัด")]}

    assert not same_content(saved, {**saved, **other})
    assert digest(saved) != digest({**saved, **other})


def test_the_order_of_rows_means_something():
    one, two = [row(ONE, "ก"), row(TWO, "ข")], [row(TWO, "ข"), row(ONE, "ก")]

    assert not same_content({"place": one}, {"place": two})


def test_an_answer_of_no_makes_what_hangs_on_yes_meaningless():
    no = {"asked_before": False, "times_asked": None, "last_project": ""}

    assert same_content(no, {**no, "times_asked": 3, "last_project": "โครงการเก่า"})
    assert not same_content({**no, "asked_before": True}, {**no, "asked_before": True, "times_asked": 3})


def test_rows_are_told_by_their_lasting_identity():
    mine = {"place": [row(ONE, "วัด"), row(TWO, "โรงเรียน")]}
    theirs = {"place": [row(ONE, "วัดป่า"), row(THREE, "ศาลา")]}

    (found,) = differences(mine, theirs)

    assert found.is_list
    assert found.changes == [("changed", "วัดป่า"), ("added", "ศาลา"), ("removed", "โรงเรียน")]


def test_a_part_with_nothing_but_the_research_answer_is_empty():
    assert not has_content({"title": "", "disabilities": [], "is_research": True, "amount_asked": None})
    assert has_content({"title": "ก"})
