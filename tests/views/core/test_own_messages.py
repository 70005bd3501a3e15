"""The page on which one chooses how to be told."""

import re

from models.core import choice
from tests.factories.core import make_account

PAGE = "/account/messages/"


def test_a_choice_is_kept_and_shown(client, session, sign_in):
    person = make_account("project_manager")
    sign_in(client, person)

    answer = client.post(
        PAGE, data={"proposals": "daily", "administration": "bell", "version": "1"}, follow_redirects=True
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "บันทึกแล้ว" in page
    assert choice.choice_of(person.id).ways == {"proposals": "daily", "administration": "bell"}
    assert len(re.findall(r'<input(?=[^>]*checked)(?=[^>]*value="(?:daily|bell)")', page)) == 2


def test_only_the_groups_that_may_concern_one_are_asked_about(client, session, sign_in, new_client):
    applicant = sign_in(client, make_account("project_manager")).get(PAGE).get_data(as_text=True)
    committee = sign_in(new_client(), make_account("committee")).get(PAGE).get_data(as_text=True)

    assert 'name="proposals"' in applicant
    assert 'name="sessions"' not in applicant
    assert 'name="sessions"' in committee
    assert 'name="proposals"' not in committee


def test_a_way_that_there_is_not_and_a_stale_page_change_nothing(client, session, sign_in):
    person = make_account("project_manager")
    sign_in(client, person)
    good = {"proposals": "daily", "administration": "bell", "version": "1"}

    assert client.post(PAGE, data=good | {"proposals": "never"}).status_code == 422
    assert client.post(PAGE, data=good | {"version": "7"}).status_code == 409
    assert client.post(PAGE, data=good | {"version": "x"}).status_code == 409

    assert choice.choice_of(person.id).ways == {}
