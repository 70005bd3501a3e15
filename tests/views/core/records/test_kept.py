"""What was typed into a generated form outlives the session of its writer, and comes back to nobody else."""

import json
import re

import pytest
from sqlalchemy import update

from models.core.db import db, now
from models.core.draft import Draft
from models.core.identity import SignInSession
from tests.factories.core import make_account
from tests.views.core.records.test_changing import TYPED, form_values, one_named


def lapse():
    db.session.execute(update(SignInSession).values(seen_at=now().replace(year=2020)))
    db.session.commit()


def of_script(page):
    return json.loads(re.search(r"data-unsent='([^']*)'", page)[1])


@pytest.fixture
def chair_again(chief, sign_in, new_client):
    return lambda: sign_in(new_client(), chief)


def test_a_form_sent_after_the_session_lapsed_comes_back_as_it_was_typed(session, chair, chair_again, organizations):
    one = organizations[0]
    page = f"/records/organization/edit/{one.id}"
    before = form_values(chair.get(page).text)
    lapse()

    sent = chair.post(page, data=before | {"name": "ชื่อที่พิมพ์ไว้", "phone": "ยังไม่ครบ"})
    back = chair_again()
    shown = form_values(back.get(f"{page}?kept=1").text)
    saved = back.post(page, data=shown | {"phone": "021234567"})

    assert sent.headers["Location"].startswith("/sign/in")
    assert f"organization/edit/{one.id}?kept" in sent.headers["Location"]
    typed = before | {"name": "ชื่อที่พิมพ์ไว้", "phone": "ยังไม่ครบ"}
    assert {name: text for name, text in shown.items() if text != typed[name]}.keys() <= {"csrf_token"}
    assert saved.status_code == 302
    assert one.name == "ชื่อที่พิมพ์ไว้"
    assert db.session.query(Draft).count() == 0


def test_a_new_record_sent_after_the_session_lapsed_comes_back_and_is_added(session, chair, chair_again):
    chair.get("/records/organization/add")
    lapse()
    chair.post("/records/organization/add", data=TYPED)
    made_before = one_named("สมาคมใหม่")

    back = chair_again()
    shown = form_values(back.get("/records/organization/add?kept=1").text)
    back.post("/records/organization/add", data=shown)

    assert made_before is None
    assert shown.items() >= TYPED.items()
    assert one_named("สมาคมใหม่") is not None


def test_typing_is_given_back_to_its_writer_only(session, chair, browser, organizations):
    one = organizations[0]
    page = f"/records/organization/edit/{one.id}"
    before = form_values(chair.get(page).text)
    lapse()
    chair.post(page, data=before | {"name": "ชื่อที่พิมพ์ไว้"})

    other = browser(make_account("super_user")).get(f"{page}?kept=1").text

    assert "ชื่อที่พิมพ์ไว้" not in other


def test_who_saved_meanwhile_is_told_to_whoever_comes_back(session, chair, chair_again, organizations):
    one = organizations[0]
    page = f"/records/organization/edit/{one.id}"
    before = form_values(chair.get(page).text)
    lapse()
    chair.post(page, data=before | {"phone": "021112222"})
    one.phone = "029999999"
    session.commit()

    back = chair_again()
    answer = back.post(page, data=form_values(back.get(f"{page}?kept=1").text))

    assert answer.status_code == 409


def test_what_a_browser_kept_is_handed_over_and_shown(session, chair, chief, organizations):
    page = f"/records/organization/edit/{organizations[0].id}"
    data = of_script(chair.get(page).text)
    body = {
        "user": chief.id,
        "record": data["record"],
        "version": "1",
        "fields": [["name", "จากเบราว์เซอร์"], ["x", "y"]],
    }

    answer = chair.post(data["keepUrl"], json=body)
    shown = chair.get(data["keptUrl"]).text

    assert answer.status_code == 200
    assert form_values(shown)["name"] == "จากเบราว์เซอร์"
    assert of_script(shown)["typed"]
    assert chair.post(data["keepUrl"], json=body | {"user": chief.id + 1}).status_code == 409
    assert chair.post(data["keepUrl"], json=body | {"record": "x"}).status_code == 404


def test_the_key_of_a_browser_is_its_person_s_alone(chair, browser, organizations):
    page = f"/records/organization/edit/{organizations[0].id}"
    other = browser(make_account("super_user"))

    keys = [of_script(one.get(page).text)["key"] for one in (chair, chair, other)]

    assert keys[0] == keys[1] != keys[2]
