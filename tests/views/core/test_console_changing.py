"""Changing in the console: trees, cells of a list, a record with its children, and the stored files (spec: H7)."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from models.core import audit, setting
from models.core.clock import now
from models.core.file import STAGING_LASTS
from models.fund.codes import State
from models.fund.duplicates import Distinct
from models.fund.proposal import ATTACHMENT_PURPOSE
from models.fund.revision.rows import Attachment
from models.fund.scoring import Indicator, ScoringForm, current_form, new_version
from models.fund.session import CommitteeAffiliation
from services import storage
from tests.factories.core import make_account
from tests.factories.fund import make_file, make_organization, make_proposal
from views.core.conflict import Conflict, last_change
from views.core.console.fields import Inline, write_children

LIST = "fund.kinds.disability"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def boss(client, sign_in, session):
    account = make_account("super_user", first_name="กมลวรรณ", last_name="เรืองศรี")
    sign_in(client, account)
    return account


@pytest.fixture
def draft(session, boss):
    form = new_version(boss)
    session.commit()
    return form


def entries(name=LIST):
    """The list as it stands in the database; what this test's own session has read before is another's."""
    row = setting.stored(name)
    declared = setting.declared()[name]
    return declared.kind.read(row.value) if row is not None else declared.default


def names():
    return [choice.th for choice in entries()]


def last_entry(session):
    return session.scalar(select(audit.AuditEntry).order_by(audit.AuditEntry.seq.desc()).limit(1))


def do(client, view, root, deed, version, **texts):
    return client.post(
        f"/console/{view}/do/", data={"id": root, "deed": deed, "version": version, **texts}, headers=FETCH
    )


# --- lists to choose from --------------------------------------------------------------------------------------------


def test_an_entry_of_a_list_is_added_renamed_moved_retired_and_brought_back(client, session, boss):
    before = names()
    version = 0
    for deed, texts in (
        ("add:list", {"th": "การเห็นและการได้ยิน", "en": "Seeing and hearing"}),
        ("rename:hearing", {"th": "การได้ยินบกพร่อง", "en": "Hearing"}),
        ("down:seeing", {}),
        ("remove:autism", {}),
        ("remove:multiple", {}),
        ("restore:multiple", {}),
    ):
        answer = do(client, "choices", LIST, deed, version, **texts)
        assert answer.status_code == 200, (deed, answer.text)
        version = setting.stored(LIST).version

    assert names()[:2] == ["การได้ยินบกพร่อง", before[0]]
    assert names()[-1] == "การเห็นและการได้ยิน"
    assert [choice.code for choice in entries() if choice.is_retired] == ["autism"]
    assert (last_entry(session).entity, last_entry(session).actor_id) == ("core_setting", boss.id)


def test_a_name_that_the_list_does_not_take_is_told_and_stays_typed(client, boss):
    answer = do(client, "choices", LIST, "rename:hearing", 0, th="การเห็น", en="Hearing, anew")

    assert answer.status_code == 422
    assert "การเห็น" in answer.text
    assert 'value="Hearing, anew"' in answer.text
    assert names()[1] == "การได้ยิน"


def test_of_two_who_change_a_list_the_second_is_told_and_keeps_what_was_typed(client, boss):
    first = do(client, "choices", LIST, "rename:hearing", 0, th="หูตึง", en="Hearing")
    second = do(client, "choices", LIST, "rename:seeing", 0, th="ตาบอด", en="Seeing")

    assert (first.status_code, second.status_code) == (200, 409)
    assert 'value="ตาบอด"' in second.text
    assert names()[:2] == ["การเห็น", "หูตึง"]


def test_an_entry_that_a_rule_counts_on_is_not_retired(client, boss):
    answer = do(client, "choices", "fund.kinds.document", "remove:other", 0)

    assert answer.status_code == 409
    assert not any(choice.is_retired for choice in entries("fund.kinds.document"))


def test_a_tree_works_without_scripts_too(client, boss):
    form = client.get(f"/console/choices/?id={LIST}&node=seeing&deed=rename").text
    answer = client.post(
        "/console/choices/do/", data={"id": LIST, "deed": "rename:seeing", "version": 0, "th": "ตา", "en": "Seeing"}
    )

    assert 'name="th" value="การเห็น"' in form
    assert answer.headers["Location"].endswith("node=seeing#n-seeing")
    assert names()[0] == "ตา"


# --- the scoring form ------------------------------------------------------------------------------------------------


def test_topics_and_indicators_of_a_draft_are_renamed_and_moved(client, session, boss, draft):
    first, second = draft.topics[0].title_th, draft.topics[1].title_th
    texts = [one.text for one in draft.topics[0].indicators]
    for deed, given in (
        ("rename:t3", {"text": "ความเหมาะสม"}),
        ("rename:t1-2", {"text": "มีตัวชี้วัดใหม่"}),
        ("up:t1-1", {}),
        ("down:t1", {}),
    ):
        answer = do(client, "scoring", draft.id, deed, session.get(ScoringForm, draft.id).version, **given)
        assert answer.status_code == 200, (deed, answer.text)

    session.expire_all()
    assert [topic.title_th for topic in draft.topics[:3]] == [second, first, "ความเหมาะสม"]
    assert [one.text for one in draft.topics[1].indicators] == [texts[1], texts[0], "มีตัวชี้วัดใหม่", texts[3]]
    assert last_entry(session).action == "fund_scoring_form.edit"


def test_a_published_version_is_read_only_everywhere(client, session, boss, draft):
    form = current_form()
    topic, title = form.topics[0], form.topics[0].title_th

    tree = do(client, "scoring", form.id, "rename:t1", form.version, text="แก้")
    typed = {"title_th": "แก้", "full": "5", "version": form.version}
    cell = client.post("/console/topics/ajax/update/", data={"id": topic.id, "column": "title_th", **typed})
    page = client.post(f"/console/topics/edit/?id={topic.id}", data=typed)
    shown = client.get(f"/console/topics/edit/?id={topic.id}")

    assert [answer.status_code for answer in (tree, cell, page, shown)] == [409, 409, 409, 302]
    session.expire_all()
    assert topic.title_th == title


def test_a_cell_is_saved_with_its_version_and_a_stale_one_is_told(client, session, boss, draft):
    topic = draft.topics[0]
    given = {"id": topic.id, "column": "full", "version": draft.version}

    saved = client.post("/console/topics/ajax/update/", data={**given, "full": "๑๒"})
    stale = client.post("/console/topics/ajax/update/", data={**given, "full": "13"})
    wrong = client.post("/console/topics/ajax/update/", data={**given, "full": "ร้อย"})

    session.expire_all()
    assert (saved.status_code, stale.status_code, wrong.status_code) == (200, 409, 422)
    assert (saved.json["shown"], saved.json["version"]) == ("12", str(draft.version))
    assert stale.json["version"] == str(draft.version)
    assert (topic.full, topic.points[-1]) == (12, 12)


@pytest.mark.parametrize("column", ["points", "form_id", "number", "", "password"])
def test_only_cells_that_the_view_opens_are_written(client, boss, draft, column):
    topic = draft.topics[0]

    answer = client.post(
        "/console/topics/ajax/update/", data={"id": topic.id, "column": column, column: "1", "version": draft.version}
    )

    assert answer.status_code == 400


def fields(page):
    found = re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', page.partition("<main")[2])
    return {name: value for name, value in found if name != "csrf_token"}


def test_a_topic_is_saved_with_its_indicators_on_one_page(client, session, boss, draft):
    topic = draft.topics[4]
    page = client.get(f"/console/topics/edit/?id={topic.id}").text
    given = {"version": fields(page)["version"], "title_th": "หัวข้อใหม่", "full": str(topic.full)}
    given |= {f"indicators-{n}-id": str(one.id) for n, one in enumerate(topic.indicators)}
    given |= {f"indicators-{n}-text": f"ตัวชี้วัดที่ {n + 1}" for n in range(4)}

    saved = client.post(f"/console/topics/edit/?id={topic.id}", data=given)
    again = client.post(f"/console/topics/edit/?id={topic.id}", data={**given, "title_th": "ของฉัน"})

    session.expire_all()
    assert (saved.status_code, again.status_code) == (302, 409)
    assert topic.title_th == "หัวข้อใหม่"
    assert [one.text for one in topic.indicators] == [f"ตัวชี้วัดที่ {n}" for n in range(1, 5)]
    assert "ของฉัน" in again.text
    assert "data-conflict" in again.text


def test_who_saved_a_part_of_another_record_before_and_when_is_said(client, new_client, sign_in, session, boss):
    committee = make_account("committee")
    affiliation = CommitteeAffiliation(user=committee, name="ชื่อเดิม")
    session.add(affiliation)
    other = make_account("super_user", first_name="ธนวัฒน์", last_name="ใจดี")
    session.commit()
    page = f"/console/affiliations/edit/?id={affiliation.id}"
    version = fields(client.get(page).text)["version"]
    sign_in(new_client(), other).post(page, data={"version": version, "name": "ชื่อของเขา"})
    audit.note("account.view", committee)
    audit.note("sign_in", committee)
    session.commit()

    answer = client.post(page, data={"version": version, "name": "ชื่อของฉัน"})

    assert answer.status_code == 409
    said = re.search(r'id="conflict-t">(.*?)<br>', answer.text, re.S)[1]
    assert re.search(r"ธนวัฒน์ ใจดี บันทึกเมื่อ \d\d\.\d\d น\. ต่าง", said), said
    assert last_change(committee)[0] == other.full_name


def test_where_nothing_says_who_saved_before_the_sentence_is_whole(app):
    with app.test_request_context(), force_locale("th"):
        drawn = app.jinja_env.get_template("core/_conflict.html").module.dialog(Conflict("ผู้ใช้งานอื่น", "", 2))

    assert "มีผู้อื่นบันทึกไปก่อนแล้ว ต่างจากที่พิมพ์ไว้ 0 ช่อง" in drawn
    assert "บันทึกเมื่อ" not in drawn


def test_what_cannot_be_saved_is_told_at_its_field_and_stays(client, boss, draft):
    topic = draft.topics[0]

    answer = client.post(
        f"/console/topics/edit/?id={topic.id}", data={"version": draft.version, "title_th": "ใหม่", "full": "ห้าร้อย"}
    )

    assert answer.status_code == 422
    assert 'value="ห้าร้อย"' in answer.text
    assert "data-error-summary" in answer.text


CHILDREN = Inline("indicators", Indicator, "-", "-", ("text",), {"text": "-"}, position="position")


def test_rows_of_children_are_matched_made_ordered_and_taken_out(session, boss, draft):
    topic = draft.topics[0]
    first, second, third, fourth = topic.indicators
    fourth.text = "ตัวสุดท้าย"
    session.delete(third)
    session.flush()
    session.refresh(topic)

    write_children(topic, CHILDREN, [{"id": str(first.id), "text": "ก"}, {"id": str(second.id), "text": "ข"}])
    session.flush()
    write_children(
        topic, CHILDREN, [*({"id": str(one.id), "text": one.text} for one in topic.indicators), {"text": "ค"}]
    )
    session.flush()

    assert [(one.text, one.position) for one in topic.indicators] == [("ก", 0), ("ข", 1), ("ค", 2)]


def test_a_row_of_somebody_elses_is_refused(session, boss, draft):
    foreign = draft.topics[1].indicators[0]

    with pytest.raises(BadRequest):
        write_children(draft.topics[0], CHILDREN, [{"id": str(foreign.id), "text": "-"}])

    assert foreign.topic_id == draft.topics[1].id


# --- small tables ----------------------------------------------------------------------------------------------------


def test_an_affiliation_is_written_and_deleted_with_a_fingerprint_for_its_version(client, session, boss):
    member = make_account("committee")
    row = CommitteeAffiliation(user_id=member.id, name="มูลนิธิเก่า")
    session.add(row)
    session.commit()
    version = re.search(r'data-version="(\w+)"', client.get("/console/affiliations/").text).group(1)
    cell = {"id": row.id, "column": "name", "version": version}

    saved = client.post("/console/affiliations/ajax/update/", data={**cell, "name": "มูลนิธิใหม่"})
    stale = client.post("/console/affiliations/ajax/update/", data={**cell, "name": "อื่น"})
    newer = {**cell, "version": saved.json["version"]}
    empty = client.post("/console/affiliations/ajax/update/", data={**newer, "name": ""})
    kept = client.post("/console/affiliations/delete/", data={"id": row.id, "version": version})
    assert session.get(CommitteeAffiliation, row.id).name == "มูลนิธิใหม่"
    gone = client.post("/console/affiliations/delete/", data={"id": row.id, "version": saved.json["version"]})

    assert [answer.status_code for answer in (saved, stale, empty, kept, gone)] == [200, 409, 409, 302, 302]
    assert session.scalars(select(CommitteeAffiliation)).all() == []
    log = select(audit.AuditEntry).where(audit.AuditEntry.entity_id == str(member.id)).order_by(audit.AuditEntry.seq)
    entries = session.scalars(log).all()
    assert [change["did"] for entry in entries[-2:] for change in entry.payload["changes"]] == ["change", "delete"]


def test_a_pair_told_apart_can_be_shown_again(client, session, boss):
    low, high = make_organization("มูลนิธิหนึ่ง"), make_organization("มูลนิธิสอง")
    row = Distinct(low_id=low.id, high_id=high.id, said_by=boss.id)
    session.add(row)
    session.commit()
    page = client.get(f"/console/apart/details/?id={row.id}").text

    client.post("/console/apart/delete/", data={"id": row.id, "version": fields(page)["version"]})

    assert "มูลนิธิหนึ่ง / มูลนิธิสอง" in page
    assert session.scalars(select(Distinct)).all() == []


# --- stored files ----------------------------------------------------------------------------------------------------


def test_files_lie_in_folders_by_purpose_and_month_with_their_state(client, session, boss):
    author = make_account("project_manager")
    attached, staged, left = (make_file(author) for _n in range(3))
    for file, name in ((attached, "แนบแล้ว.pdf"), (staged, "รอ.pdf"), (left, "ค้าง.pdf")):
        file.purpose, file.name, file.attached_at = ATTACHMENT_PURPOSE, name, None
    attached.attached_at = now()
    left.uploaded_at = now() - STAGING_LASTS - timedelta(hours=1)
    session.commit()
    folders = client.get("/console/files/").text
    months = client.get(f"/console/files/?purpose={ATTACHMENT_PURPOSE}").text
    links = re.findall(r'href="(/console/files/\?purpose=[^"]*month=[^"]*)"', months)

    pages = "".join(client.get(link.replace("&amp;", "&")).text for link in links)
    narrowed = "".join(client.get(link.replace("&amp;", "&") + "&standing=staged&name=รอ").text for link in links)

    assert f"purpose={ATTACHMENT_PURPOSE}" in folders
    assert all(name in pages for name in ("แนบแล้ว.pdf", "รอ.pdf", "ค้าง.pdf", "ตกค้าง"))
    assert re.findall(r">([^<]+\.pdf)</a>", narrowed) == ["รอ.pdf"]


def test_a_file_opens_for_those_alone_who_may_read_its_record_and_each_opening_is_logged(client, session, boss):
    author = make_account("project_manager")
    file = make_file(author)
    storage.put(file.key, io.BytesIO(b"%PDF-1.4"), 1024)
    session.commit()

    own = client.get(f"/console/files/open/?id={file.id}")
    shown = client.get(f"/console/files/file/?id={file.id}").text
    file.uploaded_by = boss.id
    session.commit()
    mine = client.get(f"/console/files/open/?id={file.id}")
    mine.close()

    assert (own.status_code, mine.status_code) == (403, 200)
    assert f"open/?id={file.id}" not in shown
    entries = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "file.view")).all()
    assert [(entry.entity_id, entry.actor_id) for entry in entries] == [(file.id, boss.id)]


def test_a_files_page_names_the_record_that_it_belongs_to(client, session, boss):
    proposal = make_proposal(State.DRAFT)
    file = make_file(proposal.author)
    file.attached_at = now()
    proposal.revisions[0].attachments.append(Attachment(position=0, kind="other", file_id=file.id))
    session.commit()

    page = client.get(f"/console/files/file/?id={file.id}").text

    assert f"/proposals/{proposal.id}" in page
