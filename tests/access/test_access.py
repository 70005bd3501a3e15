"""The doors of the whole house, and each of the core's routes."""

from __future__ import annotations

import secrets

import pytest

from models.core.entity import entities, entity_named
from tests.access.core_routes import CORE_ROUTES, RECORD_METHODS
from tests.access.table import (
    API_KEY,
    HOLDS,
    OFFICE,
)
from tests.access.walking import ROUTES, got, kinds_of_person, rules_of, token, walked, wrong_answers
from views.core.access import policy_of
from views.core.records.asked import endpoint_of


def test_every_route_stands_in_the_table(filled_app):
    assert set(rules_of(filled_app)) == set(ROUTES)


def test_every_permission_that_the_table_names_is_one_of_the_matrix():
    named = {permission for route in ROUTES.values() if isinstance(route.who, tuple) for permission in route.who}

    assert named <= set(HOLDS)


@pytest.mark.parametrize("endpoint", walked(CORE_ROUTES))
def test_a_route_lets_in_whom_the_matrix_and_the_scope_let_in_and_nobody_else(endpoint, app, world):
    wrong = wrong_answers(endpoint, app, world)

    assert not wrong, "\n".join(wrong)


def test_no_browser_comes_to_the_api_whoever_is_signed_in_and_every_route_asks_for_its_scope(app, world, sign_in):
    clients = [app.test_client(), *(sign_in(app.test_client(), world.people[name]) for name in ("staff", "super_user"))]
    wrong = []

    for endpoint in sorted(name for name, route in ROUTES.items() if route.who == API_KEY):
        policy, method = policy_of(endpoint, app), endpoint.rpartition(".")[2]
        way = "read" if method in ("list", "show", "history") else "write"
        entity = app.view_functions[endpoint].__self__.entity
        if (policy.kind, policy.scope) != ("api_key", f"{entity.name}:{way}"):
            wrong.append(f"{endpoint}: {policy}")
        for rule in rules_of(app)[endpoint]:
            path = app.url_map.bind("localhost").build(endpoint, dict.fromkeys(rule.arguments, "1"))
            for verb in sorted(rule.methods - {"HEAD"}):
                answers = {client.open(path, method=verb, json={}).status_code for client in clients}
                if answers != {401}:
                    wrong.append(f"{verb} {path}: {answers}")

    assert not wrong, "\n".join(wrong)


def test_pages_of_records_open_to_the_office_as_the_matrix_says_and_to_nobody_else(app, world, sign_in):
    by_class = {endpoint_of(entity): entity for entity in entities()}
    people = ("visitor", "author", "manager", "staff", "secretary", "super_user", "school", "province", "national")
    clients = {name: app.test_client() for name in people}
    for name in people[1:]:
        sign_in(clients[name], world.people[name])
    wrong = []

    for endpoint, route in sorted(ROUTES.items()):
        if route.who != OFFICE:
            continue
        view, method = endpoint.split(".")
        entity = by_class[view] if view in by_class else entity_named("membership")
        gates = entity.gates
        needed = {gates.of(RECORD_METHODS.get(method, "view")), *(["access_log.view"] if method == "history" else [])}
        for rule in rules_of(app)[endpoint]:
            values = {key: value for key, value in route.url.items() if key in rule.arguments}
            path = app.url_map.bind("localhost").build(endpoint, values, method=route.method)
            for name, client in clients.items():
                kinds = kinds_of_person(name)
                may = all(HOLDS[permission] & kinds & entity.users for permission in needed)
                if endpoint == "RecordToolsView.index":  # the page of all kinds of record that one may open
                    may = any(HOLDS[one.gates.view] & kinds & one.users for one in entities())
                wanted = {"in", "not found"} if may else {"sign in" if name == "visitor" else "forbidden"}
                response = client.open(path, method=route.method, data={}, headers=token(client, route.method))
                if (answer := got(response, route, name)) not in wanted:
                    wrong.append(f"{route.method} {path} as {name}: {answer} ({response.status_code}), wanted {wanted}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "path",
    [
        "/login/",
        "/logout/",
        "/register/form",
        "/users/list/",
        "/roles/list/",
        "/resetmypassword/form",
        "/resetpassword/form",
        "/userinfoeditview/form",
        "/lang/en",
        "/back",
        "/api/v1/security/login",
        "/api/v1/security/refresh",
        "/api/v1/menu/",
        "/swagger/v1",
        "/registeruser/list/",
        "/permissions/list/",
    ],
)
def test_the_doors_that_fab_opens_unasked_are_shut(client, path):
    assert client.get(path).status_code in (404, 405)
    assert client.post(path, data={"username": "a", "password": "b"}).status_code in (404, 405)


def test_a_post_without_the_forms_token_changes_nothing(app, world, sign_in):
    client = sign_in(app.test_client(), world.people["manager"])
    answers = {}

    for endpoint, route in ROUTES.items():
        for rule in rules_of(app)[endpoint]:
            if "POST" in rule.methods and endpoint not in {"health.metrics"}:
                values = {key: world.get(value) for key, value in route.url.items() if key in rule.arguments}
                path = app.url_map.bind("localhost").build(endpoint, values, method="POST")
                answers[path] = client.post(path, data={}, csrf=False).status_code

    assert len(answers) > 40
    # The API asks for a key before anything else; a browser's session, and so a forged form, is nobody there.
    wanted = {path: 401 if path.startswith("/api/") else 400 for path in answers}
    assert {path: status for path, status in answers.items() if status != wanted[path]} == {}


def test_a_session_token_of_nobody_opens_nothing(client):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secrets.token_urlsafe(32)

    assert "/sign/in" in client.get("/").headers["Location"]
