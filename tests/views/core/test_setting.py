"""The page of settings: what is changed there holds, what does not fit is told, two at once do not overwrite."""

from __future__ import annotations

import pytest

from models.core import setting
from tests.factories.core import make_account

LONG = "/settings/fund.length.long"


@pytest.fixture
def browser(client, session, sign_in):
    return sign_in(client, make_account("super_user"))


def test_every_setting_stands_on_the_page_with_its_words(browser):
    page = browser.get("/settings/").text

    assert {name for name in setting.declared() if f'id="{name}"' not in page} == set()
    assert "20,000" in page


def test_every_setting_can_be_opened(browser):
    assert {name: browser.get(f"/settings/{name}").status_code for name in setting.declared()} == dict.fromkeys(
        setting.declared(), 200
    )


def test_a_changed_value_holds_and_says_who_changed_it(browser):
    answer = browser.post(LONG, data={"version": "0", "value": "๓๐,๐๐๐"})

    assert answer.status_code == 302
    assert setting.value("fund.length.long") == 30_000
    page = browser.get("/settings/").text
    assert "30,000" in page
    assert "20,000" in page  # what the system came with


@pytest.mark.parametrize("typed", ["มาก", "-1", "99999999", ""])
def test_a_value_that_does_not_fit_is_told_and_kept(browser, typed):
    answer = browser.post(LONG, data={"version": "0", "value": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert setting.value("fund.length.long") == 20_000


def test_the_second_of_two_is_told_what_the_first_saved(browser):
    browser.post(LONG, data={"version": "0", "value": "30000"})

    answer = browser.post(LONG, data={"version": "0", "value": "40000"})

    assert answer.status_code == 409
    assert "30,000" in answer.text
    assert 'value="40000"' in answer.text
    assert 'name="version" value="1"' in answer.text


def test_a_value_goes_back_to_what_the_system_came_with(browser):
    browser.post(LONG, data={"version": "0", "value": "30000"})

    assert browser.post(f"{LONG}/reset", data={"version": "1"}).status_code == 302

    assert setting.value("fund.length.long") == 20_000


def test_a_rule_is_switched_off(browser):
    assert browser.post("/settings/fund.budget_note_wanted", data={"version": "0", "value": "no"}).status_code == 302
    assert browser.post("/settings/fund.budget_note_wanted", data={"version": "1", "value": "2"}).status_code == 422

    assert setting.value("fund.budget_note_wanted") is False


def test_a_setting_that_is_none_is_not_found(browser):
    assert browser.get("/settings/fund.unheard_of").status_code == 404


def test_the_pages_ask_the_database_little(browser, count_queries):
    browser.post(LONG, data={"version": "0", "value": "30000"})
    browser.post("/settings/fund.rows.list", data={"version": "0", "value": "30"})
    count_queries.clear()

    browser.get("/settings/")

    assert len(count_queries) <= 8


def test_the_log_names_what_was_changed(browser):
    browser.post(LONG, data={"version": "0", "value": "30000"})

    page = browser.get("/access-log/").text

    assert ">ค่าที่กำหนดได้<" in page
    assert ">core_setting" not in page
