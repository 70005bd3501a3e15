"""The document check: its queue, its form, and the sending."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from models.core.outbox import Notification
from models.fund.codes import COMMITTEE, SUPER_USER, Result, State
from models.fund.screening import save_screening, screening_of
from models.fund.wizard import save_part
from tests.factories.core import make_account
from tests.factories.fund import make_file, make_proposal, walk
from tests.views.fund.screening_pages import DOCUMENTS, address, answers, browser, officer, other

__all__ = ["browser", "officer", "other"]


# --- the queue -------------------------------------------------------------------------------------------------------


def test_the_queue_holds_what_waits_with_the_oldest_first_and_marks_what_is_saved(browser, officer):
    first = make_proposal(State.SCREENING, title="มาก่อน")
    make_proposal(State.SCREENING, title="มาทีหลัง")
    make_proposal(State.WAIT_GROUP, title="ตรวจแล้ว")
    make_proposal(State.READY, title="ยังไม่ส่ง")
    save_screening(first, {"advice": "รอแผนที่"}, officer, 0)

    page = browser(officer).get("/screening/").text
    saved = browser(officer).get("/screening/?tab=saved").text

    assert re.findall(r'class="s-name s-cut"[^>]*>(.*?)</a>', page) == ["มาก่อน", "มาทีหลัง"]
    assert "บันทึกแล้ว ยังไม่ส่ง" in page
    assert re.findall(r'class="s-name s-cut"[^>]*>(.*?)</a>', saved) == ["มาก่อน"]


@pytest.mark.parametrize("query", ["tab=mine", "after=x", "before=1"])
def test_a_queue_that_cannot_be_meant_answers_400(browser, officer, query):
    assert browser(officer).get(f"/screening/?{query}").status_code == 400


def test_the_document_check_is_for_staff_alone(browser, officer):
    proposal = make_proposal(State.SCREENING)

    assert browser(officer).get(address(proposal)).status_code == 200
    for account in (proposal.author, make_account(COMMITTEE), make_account(SUPER_USER)):
        for path in ("/screening/", address(proposal)):
            assert browser(account).get(path).status_code == 403
        assert browser(account).post(address(proposal, "/send"), data=answers(result="pass")).status_code == 403


def test_a_draft_is_not_found_and_what_was_sent_leads_to_its_results(browser, officer):
    assert browser(officer).get(address(make_proposal(State.READY))).status_code == 404
    done = make_proposal(State.WAIT_GROUP)

    answer = browser(officer).get(address(done))

    assert answer.location == f"/proposals/{done.id}#level-screening"


# --- the form --------------------------------------------------------------------------------------------------------


def test_the_form_is_filled_in_with_the_project_and_asks_about_every_document(browser, officer, session):
    proposal = make_proposal(State.DRAFT, title="ห้องเรียนเสียง")
    file, own = make_file(proposal.author, "ค่าใช้จ่าย.pdf"), make_file(proposal.author, "ผัง.pdf")
    rows = [
        {"kind": "expense_table", "file_id": file.id, "kind_name": ""},
        {"kind": "other", "kind_name": "แผนผังห้องเรียน", "file_id": own.id},
    ]
    save_part(proposal, "4", {"attachments": rows}, proposal.author, proposal.version)
    walk(proposal, State.SCREENING)

    page = browser(officer).get(address(proposal)).text

    for words in ("ห้องเรียนเสียง", "486,500.00", "ฝ่ายพัฒนาสื่อ", "นางสาวอรอนงค์ ทองประเสริฐ", "ค่าใช้จ่าย.pdf"):
        assert words in page
    assert "แผนผังห้องเรียน" in page
    assert page.count('value="not_needed"') == len(DOCUMENTS) + 1
    assert 'value="does_not_fit"' in page


def test_saving_keeps_it_unsent_and_editable(browser, officer, session):
    proposal = make_proposal(State.SCREENING)
    typed = answers(**{"expense_table-choice": "missing", "expense_table-advice": "ไม่มีตารางค่าใช้จ่าย", "result": ""})

    answer = browser(officer).post(address(proposal), data=typed)

    assert answer.location.partition("?")[0] == address(proposal)
    session.refresh(proposal)
    form = screening_of(proposal.submitted_revision)
    assert (proposal.state, form.is_sent) == (State.SCREENING, False)
    page = browser(officer).get(address(proposal)).text
    assert "ไม่มีตารางค่าใช้จ่าย" in page
    assert "บันทึกโดย นางสาวจิตรลดา ผู้ตรวจเอกสาร" in page


def test_an_unfinished_form_may_be_saved(browser, officer, session):
    proposal = make_proposal(State.SCREENING)

    answer = browser(officer).post(address(proposal), data={"version": "0", "advice": "ยังไม่เสร็จ"})

    assert answer.status_code == 302
    assert len(screening_of(proposal.submitted_revision).unanswered) == 5


@pytest.mark.parametrize(
    ("result", "state"),
    [(Result.PASS, State.WAIT_GROUP), (Result.FAIL, State.RETURNED), (Result.DOCUMENTS, State.RETURNED)],
)
def test_each_of_the_three_results_is_sent_and_told(browser, officer, session, result, state):
    proposal = make_proposal(State.SCREENING)

    answer = browser(officer).post(address(proposal, "/send"), data=answers(result=result))

    assert answer.location == "/screening/"
    session.refresh(proposal)
    assert proposal.state == state
    form = screening_of(proposal.submitted_revision)
    assert (form.result, form.sent_by_id, form.advice) == (result, officer.id, "เอกสารครบถ้วน")
    of_author = select(Notification.event).where(Notification.user_id == proposal.author_id)
    told = session.scalars(of_author.order_by(Notification.id)).all()
    assert told[-1].startswith("screening_")


def test_sending_asks_first_naming_the_result_and_that_it_cannot_be_changed(browser, officer):
    page = browser(officer).get(address(make_proposal(State.SCREENING))).text

    asks = json.loads(unescape(re.search(r'data-send-result="([^"]*)"', page)[1]))
    names = {"pass": "ผ่าน", "fail": "ไม่ผ่าน", "documents": "เอกสารไม่ถูกต้องหรือไม่ครบถ้วน"}
    assert set(asks) == set(names)
    for result, name in names.items():
        assert f"“{name}”" in asks[result]
        assert "เปลี่ยนผลไม่ได้" in asks[result]


def test_where_a_kind_has_several_files_each_is_checked_on_a_line_of_its_own(browser, officer, session):
    proposal = make_proposal(State.DRAFT)
    files = [make_file(proposal.author, name) for name in ("งวดที่ 1.pdf", "งวดที่ 2.pdf")]
    rows = [{"kind": "expense_table", "file_id": file.id, "kind_name": ""} for file in files]
    save_part(proposal, "4", {"attachments": rows}, proposal.author, proposal.version)
    walk(proposal, State.SCREENING)
    lines = [file.line_id for file in proposal.submitted_revision.attachments_of("expense_table")]
    typed = {name: value for name, value in answers(result="pass").items() if not name.startswith("expense_table")}

    page = browser(officer).get(address(proposal)).text
    first = {f"expense_table_{lines[0]}-choice": "correct", f"expense_table_{lines[1]}-choice": "incorrect"}
    answer = browser(officer).post(address(proposal, "/send"), data={**typed, **first})

    assert "ตารางค่าใช้จ่าย: งวดที่ 1.pdf" in page
    assert "ตารางค่าใช้จ่าย: งวดที่ 2.pdf" in page
    assert page.count('value="not_needed"') == len(DOCUMENTS) + 1
    assert answer.status_code == 302
    found = {item.label: item.choice for item in screening_of(proposal.submitted_revision).items if item.label}
    assert found == {"งวดที่ 1.pdf": "correct", "งวดที่ 2.pdf": "incorrect"}


def test_a_proposal_is_closed_without_consideration_from_the_form_for_a_reason(browser, officer, session):
    proposal = make_proposal(State.SCREENING)

    page = browser(officer).get(address(proposal)).text
    missing = browser(officer).post(f"/proposals/{proposal.id}/not-consider", data={"version": proposal.version})
    browser(officer).post(
        f"/proposals/{proposal.id}/not-consider", data={"version": proposal.version, "reason": "อยู่นอกภารกิจ"}
    )

    dialog = page[page.index('id="close-one"') :]
    assert f'action="/proposals/{proposal.id}/not-consider"' in dialog
    assert 'name="reason"' in dialog
    assert missing.status_code == 422
    session.refresh(proposal)
    assert proposal.state == State.NOT_CONSIDERED


def test_two_officers_learn_of_each_other_while_they_type(browser, officer, session):
    proposal = make_proposal(State.SCREENING)
    other = make_account("staff", first_name="กมลวรรณ", last_name="เรืองศรี")
    body = {"version": "0", "fields": [["advice", "ขอเอกสารเพิ่ม"]]}

    browser(other).post(address(proposal, "/typing"), json={**body, "user": other.id})
    told = browser(officer).post(address(proposal, "/typing"), json={**body, "user": officer.id}).get_json()
    page = browser(officer).get(address(proposal)).text

    assert "กมลวรรณ เรืองศรี กำลังกรอกแบบนี้อยู่ด้วย" in told["others"]
    assert told["others"] in unescape(page)
    save_screening(proposal, {"advice": "บันทึกก่อน"}, other, 0)
    session.commit()
    told = browser(officer).post(address(proposal, "/typing"), json={**body, "user": officer.id}).get_json()
    assert "กมลวรรณ เรืองศรี บันทึกแบบนี้เมื่อ" in told["others"]


def test_an_unfinished_form_is_not_sent_and_says_what_is_missing_in_place(browser, officer, session):
    proposal = make_proposal(State.SCREENING)
    typed = answers(result="pass", **{"training_table-choice": ""})

    answer = browser(officer).post(address(proposal, "/send"), data=typed)

    assert answer.status_code == 422
    assert 'href="#training_table-choice"' in answer.text
    assert "เอกสารครบถ้วน" in answer.text
    session.refresh(proposal)
    assert proposal.state == State.SCREENING
    assert browser(officer).post(address(proposal, "/send"), data=answers()).status_code == 422


@pytest.mark.parametrize(
    "forged",
    [
        {"result": "approved"},
        {"result": "not_considered"},
        {"expense_table-choice": "fits"},
        {"mission_fit-choice": "correct"},
        {"mission_fit-choice": "x" * 5000},
    ],
)
def test_a_forged_choice_is_refused(browser, officer, session, forged):
    proposal = make_proposal(State.SCREENING)

    for deed in ("", "/send"):
        answer = browser(officer).post(address(proposal, deed), data={**answers(result="pass"), **forged})
        assert answer.status_code == 422
    session.refresh(proposal)
    assert proposal.state == State.SCREENING


def test_fields_that_the_form_does_not_have_are_ignored(browser, officer, session):
    proposal = make_proposal(State.SCREENING)
    typed = answers(state="approved", sent_by_id="1", **{"other_x-choice": "correct"})

    browser(officer).post(address(proposal), data=typed)

    session.refresh(proposal)
    form = screening_of(proposal.submitted_revision)
    assert (proposal.state, form.sent_by_id, len(form.items)) == (State.SCREENING, None, 5)


def test_advice_that_is_too_long_is_told_and_kept(browser, officer):
    proposal = make_proposal(State.SCREENING)

    answer = browser(officer).post(address(proposal), data=answers(advice="ก" * 20_001))

    assert answer.status_code == 422
    assert "ก" * 20_001 in answer.text


def test_what_was_sent_cannot_be_changed_or_sent_again(browser, officer, session):
    proposal = make_proposal(State.SCREENING)
    browser(officer).post(address(proposal, "/send"), data=answers(result="fail"))

    again = browser(officer).post(address(proposal, "/send"), data=answers(result="pass", version="1"))
    saved = browser(officer).post(address(proposal), data=answers(advice="เปลี่ยนใจ", version="1"))

    assert (again.status_code, saved.status_code) == (409, 409)
    assert "เปลี่ยนใจ" in saved.text
    session.refresh(proposal)
    assert proposal.state == State.RETURNED
    assert screening_of(proposal.submitted_revision).advice == "เอกสารครบถ้วน"


def test_a_button_pressed_twice_sends_once(browser, officer, session):
    proposal = make_proposal(State.SCREENING)
    data = answers(result="pass")

    first = browser(officer).post(address(proposal, "/send"), data=data)
    second = browser(officer).post(address(proposal, "/send"), data=data)

    assert (first.location, second.location) == ("/screening/", "/screening/")
    told = session.scalars(
        select(Notification).where(Notification.event == "screening_passed", Notification.user_id == proposal.author_id)
    ).all()
    assert len(told) == 1


def test_the_results_of_earlier_revisions_stand_in_a_menu(browser, officer):
    proposal = make_proposal(State.RETURNED)
    proposal.perform("revise", proposal.author, proposal.version)
    walk(proposal, State.SCREENING)

    page = browser(officer).get(address(proposal)).text

    assert f"/proposals/{proposal.id}/revisions/1#level-screening" in page


def test_no_citizen_id_stands_on_the_form_or_in_the_queue(browser, officer):
    proposal = make_proposal(State.SCREENING)

    for path in ("/screening/", address(proposal)):
        page = browser(officer).get(path).text
        for account in (proposal.author, officer):
            assert account.profile.citizen_id not in page
