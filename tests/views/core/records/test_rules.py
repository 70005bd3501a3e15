"""What the pages made for the work refuse, the generated form, a file and a program are refused as well."""

import io
import re
from datetime import timedelta

import pytest

from models.core.api_key import give, scopes_of
from models.core.db import db, now
from models.core.entity import entities
from models.core.grants import grant
from models.core.thai.dates import to_bangkok
from models.fund.organization import Organization
from models.fund.session import EvaluationSession
from tests.factories.fund import make_organization, make_session
from tests.views.core.records.test_changing import TYPED, form_values, one_named
from tests.views.core.records.test_files import as_csv, run_of
from views.core.api.examples import example
from views.core.records.words import field_label

NOT_LINKS = ("javascript:alert(1)", "data:text/html,x", "//evil.example", "http://", "ห้องประชุม")


def wrong_fields(page):
    """The fields that the summary of errors leads to."""
    return set(re.findall(r'href="#([a-z_]+)"', page[page.index("data-error-summary") :].split("</section>")[0]))


@pytest.fixture(autouse=True)
def also_staff(chief, session):
    """Who may everything that is here."""
    for kind in ("staff", "national"):
        grant(chief.id, kind)
    chief.forget_grants()
    session.commit()


@pytest.fixture
def call(client, chief, session):
    _key, token = give(chief, chief, "x", scopes_of(chief), "-")
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    return lambda method, path, etag=None, **more: client.open(
        f"/api/v1/{path}", method=method, headers={**headers, **({"If-Match": etag} if etag else {})}, **more
    )


@pytest.mark.parametrize("entity", [one for one in entities() if one.gates.add], ids=lambda entity: entity.name)
def test_adding_with_what_is_optional_left_out_is_stored_or_told_and_never_fails(entity, chair, call):
    needed = {name: example(entity, entity.fields[name], is_told=False) for name in entity.added}
    needed = {name: value for name, value in needed.items() if entity.fields[name].is_required}

    whole = call("POST", f"{entity.name}/", json=needed)
    none = call("POST", f"{entity.name}/", json={})
    forms = [chair.post(f"/records/{entity.name}/add", data=data) for data in ({}, {"name": "มีแต่ชื่อ"})]
    without = {
        name: call("POST", f"{entity.name}/", json={key: value for key, value in needed.items() if key != name})
        for name in needed
    }

    assert whole.status_code in (201, 422), whole.text
    assert set(none.json["errors"]) == set(needed)
    assert {answer.status_code for answer in forms} <= {302, 422}
    assert {name: (answer.status_code, list(answer.json["errors"])) for name, answer in without.items()} == {
        name: (422, [name]) for name in needed
    }


def test_an_organization_with_a_name_alone_is_told_what_it_lacks(session, chair):
    answer = chair.post("/records/organization/add", data={"name": "มีแต่ชื่อ"})
    made = chair.post("/records/organization/add", data=TYPED)

    assert answer.status_code == 422
    assert wrong_fields(answer.text) == {"sector", "address", "province_code", "chair_first_name"}
    assert one_named("มีแต่ชื่อ") is None
    assert made.status_code == 302


WRONG = [
    ({"sector": "public"}, "parent_agency"),
    ({"postcode": "123"}, "postcode"),
    ({"latitude": "16.4"}, "longitude"),
    ({"registered_year": "2399"}, "registered_year"),
    ({"registered_year": "2701"}, "registered_year"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_the_rules_of_an_organization_hold_in_its_form_a_file_and_a_program(session, chair, call, typed, field):
    values = TYPED | typed
    entity = next(one for one in entities() if one.name == "organization")
    as_json = {name: int(text) if name == "registered_year" else text for name, text in values.items()}
    as_json |= {name: float(text) for name, text in values.items() if name == "latitude"}

    form = chair.post("/records/organization/add", data=values)
    heads = [field_label(entity, name) for name in values]
    file = {"way": "add", "file": (io.BytesIO(as_csv(heads, list(values.values()))), "x.csv")}
    chair.post("/records/organization/import", data=file, content_type="multipart/form-data")
    told = call("POST", "organization/", json=as_json)

    assert (form.status_code, wrong_fields(form.text)) == (422, {field})
    assert [(row, column) for row, column, _read, _why in run_of().found["bad"]] == [(2, field_label(entity, field))]
    assert (told.status_code, set(told.json["errors"])) == (422, {field})
    assert db.session.query(Organization).count() == 0


def test_thai_digits_of_a_postcode_are_stored_as_digits(session, chair):
    chair.post("/records/organization/add", data=TYPED | {"postcode": "๔๐๐๐๐"})

    assert one_named("สมาคมใหม่").postcode == "40000"


def test_what_was_wrong_before_hinders_no_program_that_changes_something_else(session, call):
    one = make_organization(sector="private", address="")
    session.commit()
    path = f"organization/{one.id}"
    etag = call("GET", path).headers["ETag"]

    phone = call("PATCH", path, etag, json={"phone": "021234567"})
    sector = call("PATCH", path, phone.headers["ETag"], json={"sector": "public"})

    assert phone.status_code == 200
    assert set(sector.json["errors"]) == {"parent_agency"}


@pytest.mark.parametrize("link", NOT_LINKS)
def test_a_meeting_s_link_is_one_of_the_web_or_none(session, chair, call, link):
    meeting = make_session()
    session.commit()
    page = f"/records/evaluation_session/edit/{meeting.id}"
    before = form_values(chair.get(page).text)

    form = chair.post(page, data=before | {"link": link})
    etag = call("GET", f"evaluation_session/{meeting.id}").headers["ETag"]
    told = call("PATCH", f"evaluation_session/{meeting.id}", etag, json={"link": link})
    right = chair.post(page, data=before | {"link": "https://meet.example.com/1"})

    assert (form.status_code, wrong_fields(form.text)) == (422, {"link"})
    assert "ไม่ใช่ลิงก์" in form.text
    assert (told.status_code, set(told.json["errors"])) == (422, {"link"})
    assert right.status_code == 302
    assert meeting.link == "https://meet.example.com/1"


def test_a_link_of_former_times_that_is_none_is_no_link_on_any_page(session, chair):
    meeting = make_session(link="javascript:alert(1)")
    good = make_session(link="https://meet.example.com/2")
    session.commit()

    pages = [
        chair.get(f"{place}/{one.id}").text
        for one in (meeting, good)
        for place in ("/sessions", "/records/evaluation_session/show")
    ]

    assert ['href="javascript' in page for page in pages] == [False] * 4
    assert ['href="https://meet.example.com/2"' in page for page in pages] == [False, False, True, True]


@pytest.mark.parametrize(
    ("name", "typed"),
    [("ends_at", timedelta(days=60)), ("ends_at", timedelta(0)), ("starts_at", timedelta(days=-25000))],
)
def test_a_meeting_ends_on_its_day_in_a_year_that_can_be(session, chair, name, typed):
    meeting = make_session()
    session.commit()
    page = f"/records/evaluation_session/edit/{meeting.id}"
    moment = to_bangkok(meeting.starts_at + typed)
    text = f"{moment.day:02d}/{moment.month:02d}/{moment.year + 543} {moment:%H:%M}"

    answer = chair.post(page, data=form_values(chair.get(page).text) | {name: text})

    assert (answer.status_code, wrong_fields(answer.text)) == (422, {name})
    assert meeting.ends_at is None


def test_a_session_is_added_on_the_page_that_chooses_its_chair(session, chair):
    listed = chair.get("/records/evaluation_session/").text

    answers = [chair.get("/records/evaluation_session/add"), chair.post("/records/evaluation_session/add", data={})]

    assert 'href="/sessions/new"' in listed
    assert [answer.headers["Location"] for answer in answers] == ["/sessions/new"] * 2
    assert db.session.query(EvaluationSession).count() == 0


def test_like_names_are_told_while_one_is_typed(chair, organizations):
    page = chair.get("/records/organization/add").text

    assert 'hx-get="/organizations/like"' in page
    assert 'hx-target="#name-asked"' in page
    assert 'id="name-asked"' in page


def test_a_save_that_changes_nothing_counts_no_version_and_is_no_entry(session, chair, organizations):
    one = organizations[0]
    page = f"/records/organization/edit/{one.id}"
    version = one.version

    answer = chair.post(page, data=form_values(chair.get(page).text))
    history = chair.get(f"/records/organization/history/{one.id}").text

    assert answer.status_code == 302
    assert one.version == version
    assert "ธนวัฒน์" not in history.split("<main", 1)[1]


def test_a_meeting_s_save_without_a_change_keeps_its_seconds(session, chair):
    meeting = make_session(starts_at=now().replace(second=7, microsecond=0) + timedelta(days=3))
    session.commit()
    page = f"/records/evaluation_session/edit/{meeting.id}"
    before = meeting.starts_at, meeting.version

    chair.post(page, data=form_values(chair.get(page).text))

    assert (meeting.starts_at, meeting.version) == before
