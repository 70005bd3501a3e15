"""A record is added, changed, deleted and taken back; what was typed stays, and of two people one is told."""

import re

from models.core.db import db
from models.fund.organization import Organization

TYPED = {
    "name": "สมาคมใหม่",
    "sector": "private",
    "address": "99 ถนนริมน้ำ",
    "province_code": "10",
    "chair_first_name": "มาลี",
}


def one_named(name):
    return db.session.query(Organization).filter_by(name=name).one_or_none()


def form_values(page):
    """What a browser would post of the page's form."""
    form = page[page.index('class="s-card s-form"') :]
    values = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    chosen = re.findall(r'<select[^>]*name="([^"]+)"[^>]*>.*?<option selected value="([^"]*)"', form, re.S)
    texts = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', form, re.S)
    return {**values, **dict(chosen), **dict(texts)}


def test_a_record_is_added_and_shown(session, chair):
    added = chair.post("/records/organization/add", data=TYPED)

    made = one_named("สมาคมใหม่")
    assert made is not None
    assert added.headers["Location"] == f"/records/organization/show/{made.id}"
    assert "สมาคมใหม่" in chair.get(added.headers["Location"]).text


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(session, chair):
    answer = chair.post("/records/organization/add", data={**TYPED, "sector": "x", "email": "ไม่ใช่อีเมล"})

    assert answer.status_code == 422
    assert 'value="สมาคมใหม่"' in answer.text
    assert 'value="ไม่ใช่อีเมล"' in answer.text
    assert {"#sector", "#email"} <= set(re.findall(r'href="(#\w+)"', answer.text))
    assert one_named("สมาคมใหม่") is None


def test_of_two_who_change_a_record_the_second_is_shown_both_and_loses_nothing(session, chair, organizations):
    one = organizations[0]
    url = f"/records/organization/edit/{one.id}"
    first = form_values(chair.get(url).text)

    saved = chair.post(url, data={**first, "phone": "021234567"})
    stale = chair.post(url, data={**first, "phone": "021112222"})
    newer = re.search(r'name="version" value="(\d+)"', stale.text[stale.text.index('id="conflict"') :]).group(1)
    chosen = chair.post(url, data={**first, "phone": "021112222", "version": newer})

    assert saved.status_code == 302, saved.text
    assert stale.status_code == 409
    assert "021112222" in stale.text.replace("-", "")
    assert "021234567" in stale.text.replace("-", "")
    assert chosen.status_code == 302
    assert one.phone == "021112222"


def test_history_says_who_changed_what_from_what_to_what(session, chair, organizations):
    one = organizations[0]
    url = f"/records/organization/edit/{one.id}"
    chair.post(url, data={**form_values(chair.get(url).text), "name": "ชื่อที่แก้แล้ว"})

    told = chair.get(f"/records/organization/history/{one.id}").text

    assert "ธนวัฒน์ ศรีสุข" in told
    assert re.search(r"มูลนิธิกอไก่</td>\s*<td[^>]*>ชื่อที่แก้แล้ว", told)
    assert "organization.view" not in told


def test_a_record_is_deleted_and_taken_back_by_those_who_may(session, chair, organizations):
    one = organizations[0]
    version = {"version": str(one.version)}

    stale = chair.post(f"/records/organization/delete/{one.id}", data={"version": "99"})
    deleted = chair.post(f"/records/organization/delete/{one.id}", data=version)
    gone = chair.get("/records/organization/").text
    tab = chair.get("/records/organization/?tab=deleted").text
    back = chair.post(f"/records/organization/restore/{one.id}", data={"version": str(one.version)})

    assert (stale.status_code, deleted.status_code, back.status_code) == (409, 302, 302)
    assert "มูลนิธิกอไก่" not in gone
    assert "มูลนิธิกอไก่" in tab
    assert one.deleted_at is None


def test_what_is_not_done_here_has_no_address(chair):
    assert chair.get("/records/membership/add").status_code == 404
    assert chair.post("/records/log_entry/delete/1").status_code == 404
