"""The page of the keys: given, shown once, revoked; for super users alone."""

import re

import pytest

from models.core.api_key import ApiKey, give, key_of_token
from models.core.audit import AuditEntry
from tests.factories.core import make_account

FORM = {"name": "แดชบอร์ดจังหวัด", "reason": "ตามบันทึกข้อตกลง", "scopes": ["organization:read"], "until": ""}


@pytest.fixture
def chief(session):
    """A super user."""
    return make_account("super_user")


@pytest.fixture
def browser(client, chief, sign_in):
    """Their browser."""
    return sign_in(client, chief)


def once_of(page):
    return re.search(r'name="once"[^>]*value="([^"]+)"', page.text)[1]


def test_a_key_is_shown_once_and_only_on_the_answer_to_its_form(browser, session):
    staff = make_account("staff")
    form = {**FORM, "account": str(staff.id), "once": once_of(browser.get("/api-keys/new"))}

    given = browser.post("/api-keys/new", data=form)
    token = re.search(r"sala_[0-9a-f]{12}_[\w-]{43}", given.text)[0]
    again = browser.post("/api-keys/new", data=form)

    key = session.query(ApiKey).one()
    assert given.status_code == 200
    assert key_of_token(token).account_id == staff.id
    assert again.headers["Location"] == "/api-keys/"
    for path in ("/api-keys/", f"/api-keys/{key.id}"):
        page = browser.get(path).text
        assert key.prefix in page
        assert token not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "ตั้งชื่อกุญแจ"),
        ({"scopes": []}, "อย่างน้อยหนึ่งอย่าง"),
        ({"scopes": ["organization:read", "setting:read"]}, "ไม่มีสิทธิ์ทำ"),
        ({"reason": " "}, "ระบุเหตุผล"),
        ({"until": "01/01/2560"}, "ผ่านไปแล้ว"),
        ({"until": "32/01/2570"}, "ไม่มีวันที่"),
        ({"account": "987654"}, "เลือกบัญชี"),
        ({"account": "x"}, "เลือกบัญชี"),
        ({"account": "@other"}, "ด้วยตนเอง"),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(browser, session, changed, said):
    staff, other = make_account("staff"), make_account("super_user")
    changed = {name: str(other.id) if value == "@other" else value for name, value in changed.items()}
    form = {**FORM, "account": str(staff.id), "once": once_of(browser.get("/api-keys/new")), **changed}

    answer = browser.post("/api-keys/new", data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.query(ApiKey).count() == 0
    if "name" not in changed:
        assert FORM["name"] in answer.text
    if "scopes" not in changed:
        assert re.search(r'value="organization:read"[^>]*checked', answer.text)


def test_all_that_does_not_fit_is_told_at_once_in_the_order_of_the_page(browser, session):
    empty = {"once": once_of(browser.get("/api-keys/new")), "name": "", "reason": "", "until": "32/01/2570"}

    page = browser.post("/api-keys/new", data=empty).text

    summary = page.partition("data-error-summary")[2].partition("</ul>")[0]
    assert re.findall(r'href="#([a-z]+)"', summary) == ["name", "account", "until", "reason", "scopes"]
    assert all(said in summary for said in ("ตั้งชื่อกุญแจ", "เลือกบัญชี", "ไม่มีวันที่", "ระบุเหตุผล", "อย่างน้อยหนึ่งอย่าง"))
    assert session.query(ApiKey).count() == 0


def test_a_key_is_revoked_with_its_reason_and_a_second_time_is_told(browser, chief, session):
    key, token = give(chief, make_account("staff"), "x", ["organization:read"], "y")
    session.commit()

    without = browser.post(f"/api-keys/{key.id}/revoke", data={"reason": ""})
    done = browser.post(f"/api-keys/{key.id}/revoke", data={"reason": "เลิกใช้ระบบเดิม"})
    again = browser.post(f"/api-keys/{key.id}/revoke", data={"reason": "x"})

    assert (without.status_code, done.status_code, again.status_code) == (422, 302, 409)
    assert key_of_token(token) is None
    assert session.get(ApiKey, key.id).revoke_reason == "เลิกใช้ระบบเดิม"
    assert "เลิกใช้ระบบเดิม" in browser.get(f"/api-keys/{key.id}").text
    log = session.query(AuditEntry).filter_by(entity="core_api_key", entity_id=str(key.id)).all()
    assert [entry.actor_id for entry in log][-1] == chief.id


def test_the_page_for_programmers_shows_the_records_of_its_reader_and_calls_to_copy(browser, client):
    page = browser.get("/api-docs/").text

    assert "curl -sS" in page
    assert "/api/v1/organization/{id}" in page
    assert "If-Match" in page


def test_who_sees_nothing_by_the_api_is_told_so(client, session, sign_in):
    page = sign_in(client, make_account("committee")).get("/api-docs/")

    assert page.status_code == 200
    assert "/api/v1/organization/{id}" not in page.text
