"""What the API lists is what the entity's own rows give to that account, for every kind of user."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.core.api_key import ApiKey, give, scope
from models.core.audit import AuditEntry
from models.core.clock import now
from models.core.db import db
from models.core.entity import entities, entity_named
from models.core.entity.rows import opens, seen_by
from models.core.identity import hash_token
from models.fund.codes import State
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, make_session, put_on
from views.core.api.records import routes_of

SECRET = "A" * 43


def key_for(account, scopes=None, number=0):
    """A key with these scopes (all of them), whoever may have given it; the token."""
    prefix = f"sala_{number or account.id:012x}"
    token = f"{prefix}_{SECRET}"
    every = [scope(entity.name, way) for entity in entities() for way in ("read", "write")]
    db.session.add(
        ApiKey(
            name="x",
            reason="y",
            prefix=prefix,
            token_hash=hash_token(token),
            account_id=account.id,
            scopes=every if scopes is None else scopes,
        )
    )
    db.session.flush()
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def people(session):
    """One of every kind, around organizations, a session and proposals in several states."""
    cast = Cast(staff=make_account("staff"), secretary=make_account("committee"))
    ours, theirs = make_organization(), make_organization()
    manager, author = make_member(ours, role="manager"), make_member(ours)
    make_proposal(author=author, organization=ours)
    on_agenda = make_proposal(State.WAIT_GROUP, author=author, organization=ours, cast=cast)
    put_on(on_agenda, cast, make_session(cast=cast))
    make_proposal(State.SCREENING, organization=theirs, cast=cast)
    gone = make_organization()
    gone.deleted_at = now()
    session.flush()
    return {
        "manager": manager,
        "author": author,
        "staff": cast.staff,
        "secretary": cast.secretary,
        "super_user": make_account("super_user"),
    }


def listed(client, entity, headers):
    """The keys of every record that the API lists, page by page; None where it is closed."""
    found, after = [], None
    while True:
        query = {"limit": "2", **({"after": after} if after else {})}
        answer = client.get(f"/api/v1/{entity.name}/", query_string=query, headers=headers)
        if answer.status_code == 403:
            return None
        assert answer.status_code == 200, answer.json
        found += [one["id"] for one in answer.json["items"]]
        after = answer.json["next"]
        if after is None:
            return found


@pytest.mark.parametrize("kind", ["manager", "author", "staff", "secretary", "super_user"])
def test_the_api_lists_what_the_rows_give_and_nothing_else(client, people, kind):
    headers, account = key_for(people[kind]), people[kind]
    wanted, got = {}, {}

    for entity in entities():
        if entity.name == "log_entry":
            continue  # grows with every request of this test
        keys = seen_by(entity, account).with_only_columns(entity.pk).order_by(None)
        wanted[entity.name] = sorted(db.session.scalars(keys)) if opens(entity, account) else None
        found = listed(client, entity, headers)
        got[entity.name] = sorted(found) if found is not None else None

    assert got == wanted
    assert any(got.values()) == (kind in ("staff", "super_user"))


def test_a_key_without_the_scope_gets_the_same_refusal_whatever_is_there(client, people):
    there = db.session.scalars(seen_by(entity_named("organization"), people["super_user"])).first()
    headers = key_for(people["super_user"], ["proposal:read", "organization:read"])
    answers = set()

    for method, path in (
        ("PATCH", f"/api/v1/organization/{there.id}"),
        ("PATCH", "/api/v1/organization/987654"),
        ("DELETE", f"/api/v1/organization/{there.id}"),
        ("POST", "/api/v1/organization/"),
        ("POST", f"/api/v1/organization/{there.id}/restore"),
        ("GET", "/api/v1/membership/"),
        ("GET", "/api/v1/membership/1"),
        ("GET", "/api/v1/membership/1/history"),
        ("POST", "/api/v1/membership/1/moves/suspend"),
    ):
        answer = client.open(path, method=method, headers=headers, json={} if method != "GET" else None)
        answers.add((answer.status_code, answer.json["code"], answer.json["detail"]))

    assert len(answers) == 1
    assert next(iter(answers))[:2] == (403, "no_scope")
    assert client.get(f"/api/v1/organization/{there.id}", headers=headers).status_code == 200


def test_another_s_record_is_not_found_and_not_forbidden(client, session):
    draft = make_proposal()
    headers = key_for(make_account("staff"))

    refused = client.get(f"/api/v1/proposal/{draft.id}", headers=headers)

    assert refused.status_code == 404
    assert refused.json["code"] == "not_found"
    assert refused.json["detail"] == client.get("/api/v1/proposal/987654", headers=headers).json["detail"]


def test_the_document_tells_of_no_more_than_the_key_reaches(client, session):
    chief = make_account("super_user")
    _key, token = give(chief, chief, "x", ["organization:read", "proposal:write"], "y")

    paths = client.get("/api/v1/_openapi", headers={"Authorization": f"Bearer {token}"}).json["paths"]

    assert {path.split("/")[3] for path in paths} == {"organization"}


def test_every_entity_has_its_routes_and_no_more_than_its_gates_open(filled_app):
    rules = {rule.endpoint: rule for rule in filled_app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}

    for entity in entities():
        routes = routes_of(entity)
        assert ("add" in routes) == (entity.gates.add is not None)
        assert ("delete" in routes) == (entity.gates.delete is not None)

    assert sum(len(routes_of(entity)) for entity in entities()) + 1 == len(rules)


def test_a_list_of_people_by_the_api_is_in_the_log_and_one_of_things_is_not(client, session, people):
    key = key_for(people["staff"])
    session.commit()

    for name in ("organization_person", "account", "step"):
        assert client.get(f"/api/v1/{name}/?limit=2", headers=key).status_code == 200

    taken = session.scalars(select(AuditEntry).where(AuditEntry.action.endswith(".export"))).all()
    assert [(entry.action, entry.payload["notes"][0]["count"]) for entry in taken] == [("ab_user.export", 2)]
