"""The document, and that every answer is what it says: asked of schemathesis, and of ourselves."""

from __future__ import annotations

import dataclasses
import logging

import pytest

from models.core.api_key import give, scopes_of
from models.core.clock import now
from models.core.entity import entities
from models.core.grants import grant
from models.core.matrix import set_cells
from models.fund.codes import State
from services import throttle
from tests.factories.assessment import make_committee, make_round, make_school
from tests.factories.core import make_account
from tests.factories.fund import make_member, make_organization, make_proposal, make_session
from tests.views.core.api.exploring import explore, live
from views.core.api.records import class_name, routes_of


@pytest.fixture
def token(session, monkeypatch):
    """A super user's key with every scope, in a small world; nobody counts its calls."""
    for name in ("API_REQUEST", "API_FAILURE"):
        monkeypatch.setattr(throttle, name, dataclasses.replace(getattr(throttle, name), most=10**6))
    monkeypatch.setattr(throttle, "_lots", {})
    chief = make_account("super_user")
    grant(chief.id, "staff")
    grant(chief.id, "national")
    set_cells({("organization.edit", "staff"): True})
    chief.forget_grants()
    organization = make_organization()
    make_member(organization, role="manager")
    make_session()
    make_proposal(State.SCREENING)
    make_round()
    make_school(under=make_committee())
    gone = make_organization()
    gone.deleted_at = now()
    _key, token = give(chief, chief, "schemathesis", scopes_of(chief), "-")
    session.commit()
    return token


@pytest.fixture
def quiet():
    """Thousands of calls need no line each."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def test_schemathesis_finds_no_fault_in_any_operation(app, token, quiet):
    found = explore(app, token, examples=1, phases=("fuzzing",))

    routes = sum(len(set(routes_of(entity)) - {"move"}) + len(entity.moves) for entity in entities())
    assert found.wrong == []
    assert len(found.operations) == routes
    assert found.statuses[200] > len(entities())


def test_schemathesis_finds_no_fault_in_what_writes_however_it_is_asked(app, token, quiet):
    found = explore(
        app, token, examples=2, only="/evaluation_session/[^/]*$", phases=("examples", "fuzzing", "stateful")
    )

    assert found.wrong == []
    assert {label.split()[0] for label in found.operations} == {"GET", "POST", "PATCH", "DELETE"}
    assert {200, 201} <= set(found.statuses)  # Whether it also asks for what it deleted is left to chance: see below.


def test_a_record_lives_as_the_document_says_until_it_is_gone(app, token, quiet):
    new = {"name": "การประชุมคณะทำงาน ครั้งที่ 8/2569", "level": "group", "starts_at": "2026-11-25T02:30:00Z"}

    calls = live(app, token, "/api/v1/evaluation_session/", new, {"place": "ห้องประชุม 2"})

    assert calls == [
        ("POST", 201),
        ("GET", 200),
        ("PATCH", 200),
        ("PATCH", 412),
        ("DELETE", 428),
        ("DELETE", 204),
        ("GET", 404),
        ("PATCH", 404),
        ("DELETE", 404),
    ]


def test_schemathesis_finds_no_fault_at_the_bounds_of_a_kind_of_record(app, token, quiet):
    found = explore(app, token, examples=1, only="/organization/$", phases=("coverage",))

    assert found.wrong == []
    assert {200, 201, 400, 405, 422} <= set(found.statuses)


def test_the_document_names_every_field_its_type_and_an_example(client, token):
    document = client.get("/api/v1/_openapi", headers={"Authorization": f"Bearer {token}"}).json
    schemas = document["components"]["schemas"]

    for entity in entities():
        properties = schemas[class_name(entity).removesuffix("Api")]["properties"]
        assert set(properties) == {"id", *entity.fields, "etag"}
        for name in entity.fields:
            assert properties[name]["title"]
            is_taken = name in entity.added or name in entity.changed
            assert properties[name].get("readOnly", False) != is_taken

    new = schemas["OrganizationNew"]["properties"]
    assert schemas["OrganizationNew"]["required"] == ["name", "sector", "address", "province_code", "chair_first_name"]
    assert new["name"]["maxLength"] > 0
    assert new["province_code"]["enum"][0] == "10"
    assert (new["latitude"]["minimum"], new["latitude"]["maximum"], new["latitude"]["nullable"]) == (-90, 90, True)
    assert schemas["EvaluationSessionNew"]["properties"]["starts_at"]["format"] == "date-time"


def test_the_document_speaks_the_reader_s_language(client, token):
    headers = {"Authorization": f"Bearer {token}"}

    thai = client.get("/api/v1/_openapi", headers={**headers, "Accept-Language": "th"}).json
    english = client.get("/api/v1/_openapi", headers={**headers, "Accept-Language": "en"}).json

    assert thai["info"]["title"] == "ศาลา: API สำหรับโปรแกรม"
    assert english["info"]["title"] == "Sala: the API for programs"
    assert thai["paths"].keys() == english["paths"].keys()
