"""The pages of the access log: found by filters that stay in the address, read in words, taken away as a file."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from jobs.runner import run_due
from models.core import access_log, audit
from models.core.clock import today
from models.core.thai.dates import format_date
from models.fund.codes import State
from tests.factories.core import make_account
from tests.factories.fund import make_proposal
from views.core.access_log import view
from views.core.access_log.details import Reader


@pytest.fixture
def clerk(session):
    account = make_account("staff", first_name="พิมพ์ชนก", last_name="ศรีสุข")
    session.commit()
    return account


@pytest.fixture
def browser(client, clerk, sign_in):
    return sign_in(client, clerk)


def rows(page):
    return re.findall(r'href="/access-log/(\d+)"', page)


def note(session, action, record=None, by=None, address="", **said):
    audit.act_as(by.id if by else None, address)
    audit.note(action, record, **said)
    session.commit()
    audit.act_as(None)
    return str(session.query(audit.AuditEntry).order_by(audit.AuditEntry.seq.desc()).first().seq)


def test_the_log_is_filtered_by_person_kind_of_event_record_and_address(browser, session, clerk):
    other = make_account("committee")
    session.commit()
    signed_in = note(session, "sign_in", other, by=other, address="10.9.8.7")
    viewed = note(session, "account.view", clerk, by=other)
    failed = note(session, "sign_in_failed", None, address="10.9.8.7", why="unknown", typed="s***@sala.example")

    def found(query):
        answer = browser.get(f"/access-log/?{query}")
        assert answer.status_code == 200
        return rows(answer.text)

    assert found(f"person={other.id}") == [viewed, signed_in]
    assert found("group=sign_in_failed")[0] == failed
    assert found(f"group=view&person={other.id}") == [viewed]
    assert found("address=10.9.8.7") == [failed, signed_in]
    assert found("action=account.view")[0] == viewed
    assert viewed in found(f"entity=ab_user&number={clerk.id}")
    assert found(f"group=sign_out&person={other.id}") == []


def test_days_are_read_in_the_buddhist_era_and_both_are_within(browser, session, clerk):
    entry = note(session, "sign_out", clerk, by=clerk)
    here = format_date(today(), "field")

    assert entry in rows(browser.get(f"/access-log/?since={here}&until={here}").text)
    assert rows(browser.get("/access-log/?until=01/01/2560").text) == []
    assert rows(browser.get("/access-log/?since=01/01/2590").text) == []


def test_a_project_number_finds_the_entries_of_its_proposal(browser, session):
    proposal = make_proposal(State.SCREENING)
    session.commit()

    page = browser.get(f"/access-log/?number={proposal.number}").text

    entries = {str(entry.seq) for entry in audit.history_of(proposal)}
    assert set(rows(page)) == entries


@pytest.mark.parametrize("query", ["since=31/02/2569", "since=11/03/2569&until=10/03/2569", "person=999x"])
def test_a_filter_that_cannot_be_meant_is_told_at_its_field_and_kept(browser, query):
    answer = browser.get(f"/access-log/?{query}")

    assert answer.status_code == 400
    assert "s-error" in answer.text


def test_filters_stand_as_chips_that_can_be_taken_out_and_pages_keep_them(browser, session, clerk):
    for _ in range(view.PAGE + 2):
        note(session, "account.view", clerk, by=clerk)

    page = browser.get(f"/access-log/?group=view&person={clerk.id}").text

    applied = re.search(r'<ul class="s-applied".*?</ul>', page, re.S)[0]
    assert "เปิดดูข้อมูลส่วนบุคคล" in applied
    assert "โดย นางสาวพิมพ์ชนก ศรีสุข" in applied
    assert 'href="/access-log/?group=view"' in applied
    further = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "group=view" in further
    assert len(rows(page)) == view.PAGE
    assert len(rows(browser.get(further).text)) == 2


def test_an_export_holds_what_is_filtered_defused_and_is_itself_written_down(browser, session, clerk):
    evil = make_account(first_name="=cmd()", last_name="+1")
    session.commit()
    entry = note(session, "account.view", clerk, by=evil, address="=1+1")

    with browser.get(f"/access-log/export.csv?person={evil.id}") as answer:
        lines = answer.text.splitlines()
    with browser.get(f"/access-log/export.xlsx?person={evil.id}") as answer:
        sheet = load_workbook(io.BytesIO(answer.data)).active

    assert len(lines) == 2
    assert lines[1].startswith(f"{entry},")
    assert ",'=1+1," in lines[1]
    assert [cell.data_type for cell in sheet[2]][8] == "s"
    written = session.query(audit.AuditEntry).filter_by(action="core_audit_entry.export").all()
    assert [one.payload["notes"][0]["asked"] for one in written] == [{"person": str(evil.id)}] * 2
    assert browser.get("/access-log/export.pdf").status_code == 404


def test_what_is_too_long_to_wait_for_is_made_by_the_worker_with_the_same_filters(browser, monkeypatch, session, clerk):
    monkeypatch.setitem(view.AT_ONCE, "csv", 1)
    for _ in range(2):
        note(session, "account.view", clerk, by=clerk)

    answer = browser.get(f"/access-log/export.csv?group=view&person={clerk.id}")
    run_due()

    assert answer.headers["Location"] == "/exports/"
    url = re.search(r'href="(/files/[^"]+)"', browser.get("/exports/").text)[1].replace("&amp;", "&")
    with browser.get(url) as file:
        assert len(file.data.decode().splitlines()) == 3


def test_an_export_leaves_out_the_content_that_its_reader_may_not_read(browser, session):
    draft = make_proposal(State.DRAFT, title="ร่างที่ยังไม่ส่ง")
    sent = make_proposal(State.SCREENING, title="โครงการที่ส่งแล้ว")
    session.commit()

    def told(proposal):
        with browser.get(f"/access-log/export.csv?entity=fund_proposal&number={proposal.id}") as answer:
            return answer.text

    assert "ร่างที่ยังไม่ส่ง" not in told(draft)
    assert "ไม่แสดงแก่คุณ" in told(draft)
    assert "โครงการที่ส่งแล้ว" in told(sent)


def test_fields_and_values_are_read_in_words(app, session, clerk):
    person = make_account("committee")
    session.commit()
    person.active, person.profile.mobile = False, "0899999999"
    session.commit()
    entry = audit.history_of(person)[0]

    with app.test_request_context():
        lines = list(Reader.of([entry]).lines(entry))

    assert "บัญชีผู้ใช้งาน: แก้ไข · เปิดการใช้งาน: ใช่ → ไม่ใช่" in lines
    assert any("0899999999" in line and "mobile" not in line for line in lines)


def test_a_permission_change_reads_as_one_entry_with_its_reason(browser, session, clerk):
    from models.core.matrix import changing

    chief = make_account("super_user")
    session.commit()
    audit.act_as(chief.id)
    made = changing.change(
        "fund", {("session.view", "staff"): False}, "ทดลอง", by=chief, version=changing.version_now()
    )
    session.commit()

    page = browser.get(f"/access-log/{audit.history_of(made)[0].seq}").text

    assert "แก้ไขสิทธิ์การใช้งาน" in page
    assert "ทดลอง" in page
    assert "เรียกดูข้อมูลวาระการพิจารณา" in page
    assert "เจ้าหน้าที่กองทุนฯ" in page
    assert ">core_" not in page


def test_a_failed_sign_in_keeps_a_mask_of_what_was_typed_and_no_password(client, session):
    client.post("/sign/in", data={"email": "somchai@sala.example", "password": "ความลับสุดยอด"})

    entry = session.query(audit.AuditEntry).filter_by(action="sign_in_failed").one()

    assert entry.payload["notes"][0] == {"action": "sign_in_failed", "why": "unknown", "typed": "s***@sala.example"}
    assert access_log.group_of(entry.action) == "sign_in_failed"


def test_people_are_found_for_the_filter(browser, session):
    person = make_account("committee", first_name="สาวิตรี", last_name="บุญมี", email="savitri@sala.example")
    session.commit()

    assert [one["value"] for one in browser.get("/access-log/people?q=สาวิตรี").json["results"]] == [person.id]
    assert [one["value"] for one in browser.get("/access-log/people?q=savitri@").json["results"]] == [person.id]


def test_a_page_asks_the_database_little_with_every_filter_set(browser, session, clerk, count_queries):
    note(session, "account.view", clerk, by=clerk)
    day = format_date(today(), "field")
    query = f"/access-log/?group=view&person={clerk.id}&since={day}&until={day}&entity=ab_user"
    browser.get(query)
    count_queries.clear()

    assert rows(browser.get(query).text)
    assert len(count_queries) <= 10
    count_queries.clear()
    browser.get("/access-log/")
    assert len(count_queries) <= 8
