"""A route asked by every person, and what is expected of each answer."""

from __future__ import annotations

from typing import Any

from models.core.db import db
from tests.access.assessment_routes import ASSESSMENT_ROUTES
from tests.access.core_routes import CORE_ROUTES
from tests.access.fund_routes import FUND_ROUTES
from tests.access.table import (
    ALSO,
    API_KEY,
    HOLDS,
    OFFICE,
    OPEN,
    PEOPLE,
    SEES,
    SIGNED_IN,
    WALKERS,
    Route,
)
from tests.access.world import Pass, World

TABLES = {"core": CORE_ROUTES, "fund": FUND_ROUTES, "assessment": ASSESSMENT_ROUTES}
ROUTES = CORE_ROUTES | FUND_ROUTES | ASSESSMENT_ROUTES
DOMAINS = {endpoint: domain for domain, routes in TABLES.items() for endpoint in routes}


def kinds_of_person(name: str) -> set[str]:
    kind = PEOPLE[name]
    return {kind} | ALSO.get(kind, set())


def expected(route: Route, name: str) -> str:
    """What the table wants for this person: "in", "sign in" (the door), "forbidden" or "not found"."""
    if route.who == OPEN:
        return "in" if route.sees is None else "not found"
    if route.who == API_KEY:
        return "sign in"
    if route.who == SIGNED_IN:
        may = name != "visitor"
    else:
        may = any(HOLDS[permission] & kinds_of_person(name) for permission in route.who)
    if not may:
        return "sign in" if name == "visitor" else "forbidden"
    sees = SEES[route.record] if route.sees is None else route.sees
    return "in" if name in sees or name == "visitor" else "not found"


def got(response: Any, route: Route, name: str) -> str:
    """What the answer amounts to."""
    is_done = route.ends_at_the_door and (name != "visitor" or route.who == OPEN)
    if response.status_code in (302, 303) and "/sign/in" in response.headers["Location"] and not is_done:
        return "sign in"
    if response.status_code in (401, 403, 404, 405, 429) or response.status_code >= 500:
        return {401: "sign in", 403: "forbidden", 404: "not found"}.get(response.status_code, str(response.status_code))
    return "in"


def rules_of(app: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, []).append(rule)
    return found


def walked(routes: dict[str, Route]) -> list[str]:
    """Those of them that every person walks; the API and the pages of records have tests of their own."""
    return sorted(name for name, route in routes.items() if route.who not in (API_KEY, OFFICE))


def wrong_answers(endpoint: str, app: Any, world: World) -> list[str]:
    """What a route answers to whom against the table: by everybody who walks it, every rule and method."""
    route = ROUTES[endpoint]
    connection = db._app_engines[app][None]
    rules = rules_of(app)[endpoint]
    wrong = []

    for name in WALKERS[DOMAINS[endpoint]]:
        for rule in rules:
            methods = [route.method] if route.method else sorted(rule.methods & {"GET", "POST"})
            for method in methods:
                point = connection.begin_nested()
                client = app.test_client()
                headers = bring(client, world.passes[name], method) if name != "visitor" else token(client, method)
                if name != "visitor":
                    world.values["session_row"] = world.passes[name].session_row
                values = {key: world.get(value) for key, value in route.url.items() if key in rule.arguments}
                path = app.url_map.bind("localhost").build(endpoint, values, method=method)
                data = {key: world.get(value) for key, value in route.data.items()}
                response = client.open(
                    path,
                    method=method,
                    data=data if method == "POST" else None,
                    query_string={key: world.get(value) for key, value in route.query.items()},
                    headers=headers,
                )
                answer = got(response, route, name)
                response.close()
                point.rollback()
                if answer != expected(route, name):
                    wrong.append(
                        f"{method} {path} as {name}: {answer} ({response.status_code}), wanted {expected(route, name)}"
                    )

    return wrong


def bring(client: Any, one: Pass, method: str) -> dict[str, str]:
    """Give a browser what it would have of a sign-in; the headers of its request."""
    client.set_cookie(client.application.config["SESSION_COOKIE_NAME"], one.cookie)
    return {"X-CSRFToken": one.token} if method == "POST" else {}


def token(client: Any, method: str) -> dict[str, str]:
    return {"X-CSRFToken": client.csrf_token()} if method == "POST" else {}
