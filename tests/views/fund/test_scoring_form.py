"""The versions of the scoring form: written, kept, previewed, published and thrown away; two editors at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from forms.fund.scoring_form import saved_values
from models.core import draft
from models.core.audit import AuditEntry, act_as
from models.core.db import db
from models.core.identity import SignInSession
from models.fund.codes import State
from models.fund.scoring import (
    ScoringForm,
    current_form,
    ensure_reference,
    new_version,
    open_draft,
    save_sheet,
    sheet_of,
)
from tests.factories.core import make_account
from tests.factories.fund import Cast, all_topics, make_proposal


@pytest.fixture
def staff(session: Any) -> Any:
    """Somebody of the fund, where version 1 is in force."""
    ensure_reference()
    account = make_account("staff", first_name="ณัฐวุฒิ", last_name="ใจงาม")
    db.session.commit()
    return account


@pytest.fixture
def version(staff: Any) -> ScoringForm:
    """The draft of version 2."""
    made = new_version(staff)
    db.session.commit()
    return made


def typed(version: ScoringForm, **changed: Any) -> dict[str, str]:
    """The whole page as a browser posts it."""
    values = {name: str(value) for name, value in saved_values(version).items()}
    return values | {name.replace("__", "-"): str(value) for name, value in changed.items()}


def now_stored(pk: int) -> ScoringForm:
    db.session.expire_all()
    return db.session.get_one(ScoringForm, pk)


def test_the_list_says_state_publisher_and_how_many_sheets_keep_each_version(client, sign_in, staff):
    cast = Cast(staff=staff)
    save_sheet(make_proposal(State.AGENDA_GROUP, cast=cast), all_topics(4), staff, 0)
    second = new_version(staff)
    second.perform("publish", staff, second.version)
    db.session.commit()
    sign_in(client, staff)

    page = client.get("/scoring-forms/").text

    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr><td.*?</tr>", page, re.S)]
    assert [re.search(r"ฉบับที่ (\d)", row)[1] for row in rows] == ["2", "1"]
    assert "ใช้อยู่" in rows[0]
    assert "ณัฐวุฒิ ใจงาม" in rows[0]
    assert "เคยใช้" in rows[1]
    assert "เริ่มกรอกแล้ว ยังไม่ส่งผล 1 แบบ" in rows[1]


def test_a_draft_is_begun_once_and_from_the_version_that_was_asked_for(client, sign_in, staff):
    first = current_form()
    second = new_version(staff)
    second.perform("edit", staff, second.version, content={"passing": 70})
    second.perform("publish", staff, second.version)
    db.session.commit()
    sign_in(client, staff)

    client.post("/scoring-forms/new", data={"from": first.id})
    again = client.post("/scoring-forms/new", data={"from": second.id}, follow_redirects=True)

    found = open_draft()
    assert (found.number, found.passing, found.based_on_id) == (3, 80, first.id)
    assert "มีร่างฉบับที่ 3 อยู่แล้ว" in again.text


def test_everything_of_a_version_is_edited(client, sign_in, staff, version):
    sign_in(client, staff)
    changed = typed(
        version, title__9="ค่าใช้จ่าย", full__9="๑๒", points__9__1="1", points__9__2="4", points__9__3="8", passing="75"
    ) | {"indicator-9-3": "ข้อบ่งชี้ใหม่", "band-very_good": "85", "note": "มติ 3/2569"}

    answer = client.post(f"/scoring-forms/{version.id}/edit", data=changed)

    found = now_stored(version.id)
    topic = found.topics[8]
    assert answer.status_code == 302
    assert (topic.title_th, topic.full, topic.points) == ("ค่าใช้จ่าย", 12, [0, 1, 4, 8, 12])
    assert topic.indicators[3].text == "ข้อบ่งชี้ใหม่"
    assert (found.floors, found.passing, found.note) == ([85, 60, 40, 20], 75, "มติ 3/2569")
    assert current_form().number == 1


@pytest.mark.parametrize("bad", ["", "สิบ", "101", "-1", "1.5"])
def test_what_is_no_number_is_told_at_its_field_and_everything_typed_stays(client, sign_in, staff, version, bad):
    sign_in(client, staff)

    answer = client.post(f"/scoring-forms/{version.id}/edit", data=typed(version, full__3=bad, title__1="ชื่อที่พิมพ์"))

    assert answer.status_code == 422
    assert 'id="full-3-e"' in answer.text
    assert 'href="#full-3"' in answer.text
    assert "ชื่อที่พิมพ์" in answer.text
    assert now_stored(version.id).topics[0].title_th != "ชื่อที่พิมพ์"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"full-1": "6"}, "full-1"),
        ({"points-4-2": "12"}, "points-4-1"),
        ({"title-2": " "}, "title-2"),
        ({"indicator-5-2": ""}, "indicator-5-2"),
        ({"band-good": "80"}, "band-very_good"),
        ({"passing": "0"}, "passing"),
    ],
)
def test_what_does_not_add_up_is_saved_but_not_published_and_told_at_its_field(
    client, sign_in, staff, version, changed, field
):
    sign_in(client, staff)

    answer = client.post(f"/scoring-forms/{version.id}/edit", data=typed(version) | changed | {"go": "publish"})
    forced = client.post(
        f"/scoring-forms/{version.id}/publish", data={"version": now_stored(version.id).version}, follow_redirects=True
    )

    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text
    assert "ยังประกาศใช้ไม่ได้" in forced.text
    found = now_stored(version.id)
    assert (found.state, current_form().number) == ("draft", 1)
    assert str(saved_values(found)[next(iter(changed))]) == next(iter(changed.values())).strip()


def test_the_dialog_of_publishing_says_what_changes_and_begun_sheets_keep_their_version(
    client, sign_in, staff, version
):
    cast = Cast(staff=staff)
    begun = make_proposal(State.AGENDA_GROUP, cast=cast)
    save_sheet(begun, all_topics(4), staff, 0)
    db.session.commit()
    sign_in(client, staff)
    data = typed(version, title__1="ชื่อใหม่ของหัวข้อ", passing="70") | {"go": "publish"}

    asked = client.post(f"/scoring-forms/{version.id}/edit", data=data, follow_redirects=True).text

    dialog = asked[asked.index('id="publish"') :]
    assert "data-open-now" in dialog[:200]
    assert "<del>ชื่อแผนงานหรือโครงการ</del>" in dialog
    assert "<ins>ชื่อใหม่ของหัวข้อ</ins>" in dialog
    assert "<ins>70 คะแนนขึ้นไป</ins>" in dialog
    assert "แบบที่เริ่มกรอกแล้ว 1 แบบใช้ฉบับที่ 1 ต่อไป" in dialog
    client.post(f"/scoring-forms/{version.id}/publish", data={"version": now_stored(version.id).version})
    assert (now_stored(version.id).published_by_id, current_form().number) == (staff.id, 2)
    assert sheet_of(begun.submitted_revision, "group").form.number == 1
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.entity == "fund_scoring_form")).all()
    assert {"fund_scoring_form.edit", "fund_scoring_form.publish"} <= set(actions)


def test_a_published_version_has_no_editor_and_what_comes_too_late_stays_on_the_page(client, sign_in, staff, version):
    sign_in(client, staff)
    data = typed(version, title__1="พิมพ์ไม่ทัน")
    version.perform("publish", make_account("super_user"), version.version)
    db.session.commit()

    late = client.post(f"/scoring-forms/{version.id}/edit", data=data)

    assert late.status_code == 409
    assert "พิมพ์ไม่ทัน" in late.text
    assert "data-save>" not in late.text
    assert client.get(f"/scoring-forms/{version.id}/edit").location.endswith(f"/scoring-forms/{version.id}")


def test_of_two_editors_the_second_sees_both_and_chooses(client, sign_in, staff, version):
    other = make_account("super_user", first_name="กมลวรรณ", last_name="เรืองศรี")
    mine = typed(version, title__1="ของฉัน", passing="77")
    act_as(other.id)
    version.perform("edit", other, version.version, content={"topics": [{"number": 1, "title_th": "ของเขา"}]})
    db.session.commit()
    sign_in(client, staff)

    page = client.post(f"/scoring-forms/{version.id}/edit", data=mine)

    assert page.status_code == 409
    dialog = page.text[page.text.index('id="conflict"') :]
    assert "กมลวรรณ เรืองศรี" in dialog
    assert 'data-conflict-field="title-1"' in dialog
    assert "ของเขา" in dialog
    assert "ของฉัน" in dialog
    newer = re.search(r'name="version" value="(\d+)"', dialog)[1]
    client.post(f"/scoring-forms/{version.id}/edit", data=mine | {"version": newer})
    found = now_stored(version.id)
    assert (found.topics[0].title_th, found.passing) == ("ของฉัน", 77)


def test_typing_is_kept_apart_comes_back_and_tells_of_others(client, sign_in, staff, version):
    other = make_account("super_user", first_name="กมลวรรณ", last_name="เรืองศรี")
    draft.keep(other.id, "fund_scoring_form", str(version.id), "", 1, {"fields": [["title-1", "ของเขา"]]})
    db.session.commit()
    sign_in(client, staff)
    fields = [[name, value] for name, value in typed(version, title__1="ที่ยังไม่บันทึก").items()]
    body = {"user": staff.id, "version": str(version.version), "fields": fields}

    said = client.post(f"/scoring-forms/{version.id}/typing", json=body).get_json()
    page = client.get(f"/scoring-forms/{version.id}/edit").text

    assert "กมลวรรณ เรืองศรี" in said["others"]
    assert "กำลังกรอกแบบนี้อยู่ด้วย" in said["others"]
    assert "ที่ยังไม่บันทึก" in page
    assert "ของเขา" not in page
    assert now_stored(version.id).topics[0].title_th == "ชื่อแผนงานหรือโครงการ"
    version.perform("edit", other, version.version, content={"passing": 60})
    db.session.commit()
    said = client.post(f"/scoring-forms/{version.id}/typing", json=body).get_json()
    assert "หลังจากที่คุณเปิด" in said["others"]
    client.post(f"/scoring-forms/{version.id}/typing/discard")
    assert "ที่ยังไม่บันทึก" not in client.get(f"/scoring-forms/{version.id}/edit").text


def test_what_is_posted_after_the_session_lapsed_is_kept(client, sign_in, staff, version):
    sign_in(client, staff)
    db.session.query(SignInSession).update(
        {"seen_at": db.session.query(SignInSession).first().seen_at.replace(year=2020)}
    )
    db.session.commit()

    answer = client.post(f"/scoring-forms/{version.id}/edit", data=typed(version, title__1="พิมพ์ก่อนหมดเวลา"))

    assert "/sign/in" in answer.location
    kept = draft.kept(staff.id, "fund_scoring_form", str(version.id), "")
    assert ["title-1", "พิมพ์ก่อนหมดเวลา"] in kept.content["fields"]


def test_a_discarded_draft_stays_readable_and_the_next_one_has_a_number_of_its_own(client, sign_in, staff, version):
    sign_in(client, staff)

    stale = client.post(f"/scoring-forms/{version.id}/discard", data={"version": 0}, follow_redirects=True)
    client.post(f"/scoring-forms/{version.id}/discard", data={"version": version.version})
    client.post("/scoring-forms/new")

    assert "จึงยังไม่ได้ยกเลิก" in stale.text
    assert now_stored(version.id).state == "discarded"
    assert client.get(f"/scoring-forms/{version.id}").status_code == 200
    assert open_draft().number == 3


def test_a_version_prints_as_an_empty_form(client, sign_in, staff, version):
    sign_in(client, staff)

    answer = client.get(f"/scoring-forms/{version.id}.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    noted = db.session.scalars(select(AuditEntry.action).where(AuditEntry.entity == "fund_scoring_form")).all()
    assert "fund_scoring_form.print" in noted
