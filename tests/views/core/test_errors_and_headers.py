"""Error pages are clear and in Thai, need no database when it is gone, and every answer carries its guards."""

import re

import pytest
import sqlalchemy as sa
from flask import abort

from models.core.db import StaleVersion
from models.core.workflow import Refusal, Refused
from tests.conftest import make_app
from tests.factories.core import make_account
from views.core.access import open_to_all

WORDS = {
    400: "ระบบไม่เข้าใจคำขอนี้",
    403: "ท่านไม่มีสิทธิ์เปิดหน้านี้",
    404: "ไม่พบหน้าที่ต้องการ",
    409: "ยังทำรายการนี้ไม่ได้ในขณะนี้",
    413: "ไฟล์มีขนาดใหญ่เกินไป",
    429: "ลองหลายครั้งเกินไป",
    500: "เกิดข้อผิดพลาดจากระบบ",
    503: "ระบบยังไม่พร้อมให้บริการชั่วคราว",
}


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """An application with a route that fails in each way, and whose database is not there."""
    folder = tmp_path_factory.mktemp("failing")
    app = make_app(f"sqlite:///{folder / 'no.db'}", folder)
    app.config["PROPAGATE_EXCEPTIONS_IN_TESTS"] = False

    def fail(way):
        ways = {
            "crash": ValueError("ความลับในข้อความ"),
            "gone": sa.exc.OperationalError("SELECT 1", {}, Exception("gone")),
            "stale": StaleVersion(None),
            "refused": Refused(Refusal("not_permitted")),
        }
        if way in ways:
            raise ways[way]
        abort(int(way))

    # Flask forbids new routes after the first request; none was made yet.
    app.add_url_rule("/fail/<way>", "fail", open_to_all(fail))
    return app


@pytest.mark.parametrize("code", sorted(WORDS))
def test_each_error_has_its_page_in_thai(failing, code):
    answer = failing.test_client().get(f"/fail/{code}")

    assert answer.status_code == code
    page = answer.get_data(as_text=True)
    assert WORDS[code] in page
    assert '<html lang="th"' in page


@pytest.mark.parametrize(("way", "code"), [("crash", 500), ("gone", 503), ("stale", 409), ("refused", 409)])
def test_what_fails_inside_ends_in_a_clear_page_without_its_words(failing, capfd, way, code):
    answer = failing.test_client().get(f"/fail/{way}")

    assert answer.status_code == code
    assert WORDS[code] in answer.get_data(as_text=True)
    assert "ความลับ" not in answer.get_data(as_text=True)
    assert "ความลับ" not in "".join(capfd.readouterr())


def test_a_script_gets_the_error_as_json(failing):
    answer = failing.test_client().get("/fail/crash", headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 500
    assert answer.get_json()["title"] == WORDS[500]


def test_english_is_one_choice_away(failing):
    answer = failing.test_client().get("/fail/404", headers={"Accept-Language": "en"})

    assert "Page not found" in answer.get_data(as_text=True)


def test_every_answer_carries_its_guards_and_a_fresh_nonce(client):
    answers = [client.get("/sign/in") for _ in range(2)]

    policies = [answer.headers["Content-Security-Policy"] for answer in answers]
    assert policies[0] != policies[1]
    for policy in policies:
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
    for name, value in {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }.items():
        assert answers[0].headers[name] == value


def test_no_script_and_no_style_stands_in_a_page_without_its_nonce(client, session, sign_in):
    sign_in(client, make_account("staff"))

    for path in ("/", "/proposals/", "/sessions/", "/organizations/", "/outbox/"):
        answer = client.get(path)
        page = answer.get_data(as_text=True)
        nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
        for tag in re.findall(r"<script\b[^>]*>", page):
            assert "src=" in tag or f'nonce="{nonce}"' in tag or 'type="application/json"' in tag, (path, tag)
        assert not re.search(r"<[^>]+\son\w+\s*=", page), path
        assert not re.search(r"<[^>]+\sstyle\s*=", page), path


def test_a_host_that_is_not_ours_is_not_answered(client):
    assert client.get("/sign/in", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\t//evil.example"]
)
def test_signing_in_leads_nowhere_outside(client, session, target):
    make_account("staff", email="clerk@sala.example", password="ศาลาริมน้ำ2569")
    session.commit()

    answer = client.post("/sign/in", data={"email": "clerk@sala.example", "password": "ศาลาริมน้ำ2569", "next": target})

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_signing_in_leads_back_to_where_one_wanted_to_go(client, session):
    make_account("staff", email="clerk@sala.example", password="ศาลาริมน้ำ2569")
    session.commit()
    wanted = client.get("/proposals/?year=2569")

    assert "next=" in wanted.headers["Location"]
    answer = client.post(
        "/sign/in",
        data={"email": "CLERK@sala.example", "password": "ศาลาริมน้ำ2569", "next": "/proposals/?year=2569"},
    )
    assert answer.headers["Location"] == "/proposals/?year=2569"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, session):
    make_account("staff", email="clerk@sala.example", password="ศาลาริมน้ำ2569")
    session.commit()

    answer = client.post("/sign/in", data={"email": "clerk@sala.example", "password": "ศาลาริมน้ำ2569"})

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "clerk" not in cookie


def test_wrong_password_and_unknown_account_answer_alike_and_are_limited(client, session):
    make_account("staff", email="clerk@sala.example", password="ศาลาริมน้ำ2569")
    session.commit()

    def tell(email):
        page = client.post("/sign/in", data={"email": email, "password": "ไม่ใช่รหัสนี้"})
        return page.status_code, re.sub(
            r'csrf_token[^>]+>|nonce-?="?[^"\s]+|value="[^"]*"', "", page.get_data(as_text=True)
        )

    assert tell("clerk@sala.example")[0] == tell("nobody@sala.example")[0] == 400
    for _ in range(5):
        client.post("/sign/in", data={"email": "clerk@sala.example", "password": "ไม่ใช่รหัสนี้"})
    locked = client.post("/sign/in", data={"email": "clerk@sala.example", "password": "ศาลาริมน้ำ2569"})
    assert "ลองหลายครั้งเกินไป" in locked.get_data(as_text=True)


def test_signing_out_ends_this_session_alone_and_only_by_post(client, new_client, session, sign_in):
    account = make_account("staff")
    session.commit()
    here, there = sign_in(client, account), sign_in(new_client(), account)

    assert here.get("/sign/out").status_code == 405
    assert here.get("/").status_code == 200
    here.post("/sign/out")

    assert here.get("/").status_code == 302
    assert there.get("/").status_code == 200
