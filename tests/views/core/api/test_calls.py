"""Calls of the API: reading, writing with ETags, moves, errors, limits; and that keys and cookies do not mix."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from models.core.audit import AuditEntry
from models.core.clock import now
from models.core.db import db
from models.core.grants import grant
from models.core.matrix import set_cells
from models.fund.codes import MemberState, State
from models.fund.membership import Membership
from models.fund.organization import Organization
from services import throttle
from tests.factories.core import make_account
from tests.factories.fund import make_member, make_organization, make_proposal, make_session
from tests.views.core.api.test_rows import key_for
from views.core.access_log.details import Reader

NEW = {
    "name": "โรงเรียนโสตศึกษาจังหวัดขอนแก่น",
    "sector": "public",
    "parent_agency": "สำนักบริหารงานการศึกษาพิเศษ",
    "address": "88 ถนนมิตรภาพ",
    "province_code": "40",
    "chair_first_name": "สมหมาย",
}


@pytest.fixture
def chief(session):
    """A super user who is staff as well, where staff change organizations: whoever may everything that is here."""
    account = make_account("super_user")
    grant(account.id, "staff")
    set_cells({("organization.edit", "staff"): True})
    return account


@pytest.fixture
def call(client, chief):
    """A call by the super user's key: call("GET", "organization/1", json=…)."""
    headers = key_for(chief)

    def do(method, path, *, etag=None, **more):
        extra = {"If-Match": etag} if etag is not None else {}
        return client.open(f"/api/v1/{path}", method=method, headers={**headers, **extra}, **more)

    do.app = client.application
    return do


def test_a_record_is_added_read_changed_deleted_and_restored(call):
    added = call("POST", "organization/", json=NEW)
    place = added.headers["Location"].removeprefix("/api/v1/")
    read = call("GET", place)
    change = {"phone": "043246493", "latitude": 16.4, "longitude": 102.8}
    changed = call("PATCH", place, json=change, etag=read.headers["ETag"])
    deleted = call("DELETE", place, etag=changed.headers["ETag"])
    gone = call("GET", place)
    restored = call("POST", f"{place}/restore", etag=deleted.headers["ETag"])

    assert (added.status_code, read.status_code, changed.status_code) == (201, 200, 200)
    assert read.json == added.json
    assert read.json["etag"] == read.headers["ETag"]
    assert (changed.json["phone"], changed.json["latitude"]) == ("043246493", 16.4)
    assert changed.json["name"] == NEW["name"]
    assert (deleted.status_code, deleted.data, gone.status_code) == (204, b"", 404)
    assert restored.status_code == 200
    assert call("GET", place).status_code == 200


def test_a_change_without_the_etag_or_with_one_of_before_changes_nothing(call):
    organization = make_organization()
    path = f"organization/{organization.id}"
    etag = call("GET", path).headers["ETag"]
    call("PATCH", path, json={"phone": "021234567"}, etag=etag)

    answers = [
        call("PATCH", path, json={"phone": "029999999"}),
        call("PATCH", path, json={"phone": "029999999"}, etag=etag),
        call("PATCH", path, json={"phone": "029999999"}, etag="*"),
        call("DELETE", path, etag=etag),
    ]

    assert [answer.status_code for answer in answers] == [428, 412, 400, 412]
    assert call("GET", path).json["phone"] == "021234567"


def test_wrong_values_are_told_field_by_field(call):
    body = {"name": " ", "sector": "church", "registered_year": "2511", "email": "x", "latitude": 91, "owner": 1}

    told = call("POST", "organization/", json=body)

    assert told.status_code == 422
    assert told.content_type == "application/problem+json"
    assert {name: wrong["code"] for name, wrong in told.json["errors"].items()} == {
        "name": "needed",
        "address": "needed",
        "province_code": "needed",
        "chair_first_name": "needed",
        "sector": "not_a_choice",
        "registered_year": "not_a_number",
        "email": "not_as_written",
        "latitude": "too_large",
        "owner": "not_a_field",
    }
    assert db.session.query(Organization).count() == 0


@pytest.mark.parametrize(("language", "title"), [("th", "ไม่พบ"), ("en-GB,en;q=0.9", "Not found")])
def test_errors_speak_thai_or_english_as_accept_language_says(client, chief, language, title):
    chief.locale = "en" if language == "th" else "th"
    headers = {**key_for(chief), "Accept-Language": language}

    answer = client.get("/api/v1/organization/1", headers=headers)

    assert answer.json["title"].startswith(title)
    assert answer.headers["Content-Language"] == language[:2]


def test_what_is_no_json_object_is_told_by_its_own_status(call):
    kinds = {"data": "name=x", "content_type": "application/x-www-form-urlencoded"}

    assert call("POST", "organization/", **kinds).status_code == 415
    assert call("POST", "organization/", data="{", content_type="application/json").status_code == 400
    assert call("POST", "organization/", json=[NEW]).status_code == 422
    large = "x" * (1024 * 1024 + 1)
    assert call("POST", "organization/", data=large, content_type="application/json").status_code == 413


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "order=phone",
        "after=x",
        "page=2",
        "sector=church",
        "name=x",
        "registered_year=2511",
        "registered_year_from=๒๕๑๑",
        "q=",
    ],
)
def test_a_parameter_that_there_is_not_or_that_does_not_fit_is_400(call, query):
    answer = call("GET", f"organization/?{query}")

    assert answer.status_code == 400
    assert list(answer.json["errors"]) == [query.partition("=")[0]]


def test_lists_are_filtered_by_codes_numbers_iso_days_and_words_and_walked_in_an_order(call):
    for name, year in (("โรงเรียน ก", 2500), ("โรงเรียน ข", 2520), ("มูลนิธิ ค", 2540)):
        make_organization(name, registered_year=year)

    def names(query):
        return [one["name"] for one in call("GET", f"organization/?{query}").json["items"]]

    assert names("order=name&limit=1") == ["มูลนิธิ ค"]
    assert names("order=-name") == ["โรงเรียน ข", "โรงเรียน ก", "มูลนิธิ ค"]
    assert names("registered_year_from=2500&registered_year_to=2520&order=name") == ["โรงเรียน ก", "โรงเรียน ข"]
    assert names("q=มูลนิธิ") == ["มูลนิธิ ค"]
    today = now().astimezone().date()
    assert call("GET", f"account/?confirmed_at_from={date(today.year - 1, 1, 1)}").json["items"]
    assert call("GET", f"account/?confirmed_at_to={date(today.year - 1, 1, 1)}").json["items"] == []
    assert call("GET", f"account/?confirmed_at_to=01/01/{today.year + 543}").status_code == 400


def test_moves_of_a_workflow_go_through_its_table_and_any_other_is_refused(call, session):
    proposal = make_proposal(State.SCREENING)
    path = f"proposal/{proposal.id}"
    etag = call("GET", path).headers["ETag"]

    answers = {
        "unknown": call("POST", f"{path}/moves/approve", json={}, etag=etag),
        "without its form": call("POST", f"{path}/moves/pass_screening", json={}, etag=etag),
        "without a reason": call("POST", f"{path}/moves/not_consider", json={}, etag=etag),
        "stale": call("POST", f"{path}/moves/not_consider", json={"reason": "ซ้ำกับโครงการเดิม"}, etag='"0"'),
        "done": call("POST", f"{path}/moves/not_consider", json={"reason": "ซ้ำกับโครงการเดิม"}, etag=etag),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "unknown": 404,
        "without its form": 409,
        "without a reason": 422,
        "stale": 412,
        "done": 200,
    }
    assert answers["without its form"].json["code"] == "screening_missing"
    assert answers["done"].json["state"] == State.NOT_CONSIDERED
    again = call("POST", f"{path}/moves/not_consider", json={"reason": "x"}, etag=answers["done"].headers["ETag"])
    assert (again.status_code, again.json["code"]) == (409, "wrong_stage")


def test_a_move_asks_for_its_own_permission(client, session):
    organization = make_organization()
    make_member(organization, role="manager")
    member = make_member(organization)
    row = session.query(Membership).filter_by(user_id=member.id).one()
    set_cells({("member.set_status", "staff"): True, ("appoint.organization_manager", "staff"): False})
    headers = {**key_for(make_account("staff")), "If-Match": f'"{row.version}"'}

    refused = client.post(f"/api/v1/membership/{row.id}/moves/appoint", json={}, headers=headers)
    done = client.post(f"/api/v1/membership/{row.id}/moves/suspend", json={}, headers=headers)

    assert (refused.status_code, refused.json["code"]) == (403, "not_permitted")
    assert done.status_code == 200
    assert session.get(Membership, row.id).state == MemberState.SUSPENDED


def test_what_a_program_does_stands_in_the_log_under_the_account_with_the_key(call, chief, session):
    added = call("POST", "organization/", json=NEW).json
    history = call("GET", f"organization/{added['id']}/history").json["items"]

    entry = session.query(AuditEntry).filter_by(entity="fund_organization", entity_id=str(added["id"])).one()
    assert entry.actor_id == chief.id
    assert entry.payload["api_key"] > 0
    assert [(one["by"], one["api_key"]) for one in history] == [(chief.id, entry.payload["api_key"])]
    assert history[0]["fields"]["name"] == {"from": None, "to": NEW["name"]}
    assert "name_sort" not in history[0]["fields"]
    with call.app.test_request_context():
        assert any("โปรแกรม" in line and "x" in line for line in Reader.of([entry]).lines(entry))


def test_citizen_ids_are_masked_and_a_look_at_a_person_is_written_down(call, session):
    person = make_account("committee")

    shown = call("GET", f"profile/{person.id}").json

    assert person.profile.citizen_id not in str(shown)
    assert shown["citizen_id"].startswith("x-xxxx-xxxxx-")
    assert session.query(AuditEntry).filter_by(action="core_profile.view").count() == 1


def test_a_cookie_opens_nothing_of_the_api_and_a_key_opens_no_page(client, chief, sign_in):
    headers = key_for(chief)
    pages = [client.get(path, headers=headers) for path in ("/", "/settings/", "/api-keys/", "/api-docs/")]
    sign_in(client, chief)

    answers = [
        client.get("/api/v1/organization/"),
        client.post("/api/v1/organization/", json=NEW, csrf=False),
        client.get("/api/v1/organization/", headers={"Authorization": "Basic YTpi"}),
        client.get("/api/v1/organization/", headers={"Authorization": f"Bearer sala_{'0' * 12}_{'A' * 43}"}),
    ]

    assert all("/sign/in" in page.headers["Location"] for page in pages)
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {'Bearer realm="Sala"'}
    assert client.get("/api/v1/_openapi").status_code == 200
    wrong = client.get("/api/v1/_openapi", headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401


def test_a_revoked_right_and_a_closed_account_stop_the_key_at_the_next_call(client, session):
    staff = make_account("staff")
    headers = key_for(staff)
    before = client.get("/api/v1/organization/", headers=headers).status_code

    set_cells({("organization.view", "staff"): False})
    session.commit()
    without_right = client.get("/api/v1/organization/", headers=headers)
    staff.active = False
    session.commit()

    assert before == 200
    assert (without_right.status_code, without_right.json["code"]) == (403, "not_permitted")
    assert client.get("/api/v1/organization/", headers=headers).status_code == 401


def test_nothing_under_the_api_is_ever_a_page(client, session):
    answers = [
        client.get("/api/v1/nothing"),
        client.get("/api/"),
        client.put("/api/v1/organization/"),
        client.get("/api/v1/_openapi"),
        client.get("/api/v1/organization"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 405, 401, 308]
    assert {answer.content_type for answer in answers[:4]} == {"application/problem+json"}
    assert "GET" in answers[2].headers["Allow"]
    assert answers[4].data == b""


def test_a_key_is_let_through_so_often_and_then_told_to_wait(call, client, chief, monkeypatch):
    monkeypatch.setattr(throttle, "_lots", {})
    monkeypatch.setattr(throttle, "API_REQUEST", dataclasses.replace(throttle.API_REQUEST, most=3))
    other = key_for(make_account("super_user"))

    answers = [call("GET", "organization/") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert client.get("/api/v1/organization/", headers=other).status_code == 200


def test_an_address_that_shows_wrong_keys_is_told_to_wait_and_right_keys_still_open(call, client, monkeypatch):
    monkeypatch.setattr(throttle, "API_FAILURE", dataclasses.replace(throttle.API_FAILURE, most=2))
    wrong = {"Authorization": f"Bearer sala_{'0' * 12}_{'A' * 43}"}

    answers = [client.get("/api/v1/organization/", headers=wrong) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[-1].headers["Retry-After"]
    assert call("GET", "organization/").status_code == 200


def test_most_calls_of_a_key_write_nothing(call, client, chief, monkeypatch):
    from views.core import log

    lines = []
    monkeypatch.setattr(log.log, "info", lambda _event, **line: lines.append(line))
    call("GET", "organization/")
    call("GET", "organization/")

    call("GET", "organization/")

    assert lines[-1]["queries"] == 3  # the key with its account, its grants, the rows
    assert lines[-1]["api_key_id"]
    assert "sala_" not in str(lines)


def test_a_session_s_days_are_told_in_utc_and_taken_as_they_are_told(call, session):
    meeting = make_session()
    path = f"evaluation_session/{meeting.id}"
    read = call("GET", path)
    starts = read.json["starts_at"]
    assert starts.endswith("Z")

    body = {"starts_at": "2026-12-01T02:30:00Z", "ends_at": "2026-12-01T09:30:00Z"}
    changed = call("PATCH", path, json=body, etag=read.headers["ETag"])

    assert changed.status_code == 200, changed.json
    assert changed.json["starts_at"] == "2026-12-01T02:30:00Z"
    assert call("PATCH", path, json={"starts_at": "01/12/2569"}, etag=changed.headers["ETag"]).status_code == 422
