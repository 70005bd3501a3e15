"""Addresses that nobody means: each is answered, none breaks the server."""

from __future__ import annotations

import json

import pytest

from models.core.kinds import STAFF
from models.fund.codes import State
from tests.factories.core import make_account
from tests.factories.fund import make_proposal
from views.core.base import safe_next


@pytest.mark.parametrize("target", ["//[", "http://[", "/\\evil.example", "//evil.example", "https://evil.example"])
def test_a_way_on_that_cannot_be_read_is_no_way_on(target, client):
    assert safe_next(target, "/home") == "/home"
    assert client.get("/sign/in", query_string={"next": target}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/users/?user_name=%00",
        "/users/?first_name=a%00b",
        "/users/committee?last_name=%00",
        "/outbox/?address=%00",
        "/outbox/?after=%00",
        "/outbox/99999999999999999999",
        "/search/?q=%00",
        "/search/suggest?q=%00",
        "/notifications/?before=99999999999999999999",
        "/outbox/2147483648/mail",
        "/users/2147483648",
        "/users/9223372036854775807/edit",
        "/users/99999999999999999999",
    ],
)
def test_an_address_that_cannot_be_meant_is_answered(path, client, session, sign_in):
    sign_in(client, make_account(STAFF))

    assert client.get(path).status_code in (200, 400, 404)


def test_a_file_that_no_database_can_name_is_simply_no_file(client, session, sign_in):
    sign_in(client, make_account("project_manager"))

    answer = client.post("/account/", data={"title": "นาง", "first_name": "มาลี", "card": "a\0b"})

    assert answer.status_code == 422


def test_typing_with_half_a_character_is_kept_and_comes_back(client, session, sign_in):
    proposal = make_proposal(State.DRAFT)
    sign_in(client, proposal.author)
    base = {"user": proposal.author_id, "version": "1", "revision": str(proposal.current_revision_id)}
    typed = json.dumps(base | {"fields": [["title", "ก\ud800\0ข"]]})

    answer = client.post(f"/wizard/{proposal.id}/2.1/typing", data=typed, content_type="application/json")

    assert answer.status_code == 200
    page = client.get(f"/wizard/{proposal.id}/2.1")
    assert page.status_code == 200
    assert "ก?ข" in page.text


def test_json_that_is_too_deep_to_read_is_no_typing(client, session, sign_in):
    proposal = make_proposal(State.DRAFT)
    sign_in(client, proposal.author)

    answer = client.post(f"/wizard/{proposal.id}/2.1/typing", data="[" * 100_000, content_type="application/json")

    assert answer.status_code == 400
    assert json.loads(answer.text)["code"] == "bad_typing"
