"""Lists kept under a name: one's own alone, named once, not without end."""

from __future__ import annotations

import pytest

from models.core.saved_list import MOST, rename_list, save_list, saved_list, saved_lists
from models.core.workflow import Refused
from tests.factories.core import make_account


@pytest.fixture
def me(session):
    return make_account("staff").id


def test_a_list_is_kept_and_its_name_again_replaces_it(me):
    save_list(me, "page", " ปี  2569 ", {"year": "2569"})
    save_list(me, "page", "ปี 2569", {"year": "2568"})

    assert [(one.name, one.query) for one in saved_lists(me, "page")] == [("ปี 2569", {"year": "2568"})]


def test_a_list_is_found_by_its_owner_on_its_page_alone(me):
    one = save_list(me, "page", "ของฉัน", {})

    assert saved_list(me, "page", one.id) is one
    assert saved_list(make_account("staff").id, "page", one.id) is None
    assert saved_list(me, "other", one.id) is None
    assert saved_lists(me, "other") == []


@pytest.mark.parametrize(("name", "code"), [(" ", "list_name_needed"), ("ก" * 61, "list_name_too_long")])
def test_a_name_that_cannot_be_is_refused(me, name, code):
    with pytest.raises(Refused) as refused:
        save_list(me, "page", name, {})

    assert refused.value.refusal.code == code


def test_no_more_are_kept_than_stand_beside_each_other(me):
    for number in range(MOST):
        save_list(me, "page", str(number), {})

    with pytest.raises(Refused) as refused:
        save_list(me, "page", "อีกหนึ่ง", {})

    assert refused.value.refusal.code == "too_many_lists"
    save_list(me, "page", "0", {"q": "แทน"})


def test_a_name_that_is_taken_is_not_given_twice(me):
    one, two = save_list(me, "page", "หนึ่ง", {}), save_list(me, "page", "สอง", {})

    with pytest.raises(Refused):
        rename_list(two, "หนึ่ง")
    rename_list(one, "หนึ่ง")
    rename_list(two, "สาม")

    assert two.name == "สาม"
