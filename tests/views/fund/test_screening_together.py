"""The document check by two officers, and typing that is not saved."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from models.core.draft import Draft
from models.fund.codes import State
from models.fund.screening import screening_of
from tests.factories.fund import make_proposal
from tests.views.fund.screening_pages import address, answers, browser, officer, other

__all__ = ["browser", "officer", "other"]


# --- two officers ----------------------------------------------------------------------------------------------------


def test_of_two_officers_saving_the_second_is_shown_both_and_loses_nothing(browser, officer, other, session):
    proposal = make_proposal(State.SCREENING)
    browser(officer).post(address(proposal), data=answers(advice="ของจิตรลดา"))

    answer = browser(other).post(address(proposal), data=answers(advice="ของธีรวัฒน์"))

    assert answer.status_code == 409
    assert "นางสาวจิตรลดา ผู้ตรวจเอกสาร" in answer.text
    assert "ของจิตรลดา" in answer.text
    assert "ของธีรวัฒน์" in answer.text
    session.expire_all()
    assert screening_of(proposal.submitted_revision).advice == "ของจิตรลดา"

    chosen = browser(other).post(address(proposal), data=answers(advice="ของธีรวัฒน์", version="1"))
    assert chosen.status_code == 302
    session.expire_all()
    assert screening_of(proposal.submitted_revision).advice == "ของธีรวัฒน์"


def test_of_two_officers_sending_one_wins_and_the_other_is_told_with_their_typing(browser, officer, other, session):
    proposal = make_proposal(State.SCREENING)
    browser(officer).post(address(proposal, "/send"), data=answers(result="pass"))

    answer = browser(other).post(address(proposal, "/send"), data=answers(result="fail", advice="ไม่ตรงภารกิจ"))

    assert answer.status_code == 409
    assert "นางสาวจิตรลดา ผู้ตรวจเอกสาร ส่งผลแล้ว: ผ่าน" in answer.text
    assert "ไม่ตรงภารกิจ" in answer.text
    session.refresh(proposal)
    assert proposal.state == State.WAIT_GROUP


# --- typing that is not saved ----------------------------------------------------------------------------------------


def keep(client, proposal, account, **fields):
    body = {"user": account.id, "version": "0", "fields": [[name, value] for name, value in fields.items()]}
    return client.post(address(proposal, "/typing"), json=body)


def test_typing_is_kept_by_itself_and_comes_back_to_its_writer_only(browser, officer, other, session):
    proposal = make_proposal(State.SCREENING)

    kept = keep(browser(officer), proposal, officer, advice="พิมพ์ค้างไว้")

    assert kept.status_code == 200
    assert "บันทึกอัตโนมัติ" in kept.json["text"]
    assert screening_of(proposal.submitted_revision) is None
    assert "พิมพ์ค้างไว้" in browser(officer).get(address(proposal)).text
    assert "พิมพ์ค้างไว้" not in browser(other).get(address(proposal)).text


def test_saving_or_letting_go_forgets_the_kept_typing(browser, officer, session):
    for deed in ("", "/typing/discard"):
        proposal = make_proposal(State.SCREENING)
        keep(browser(officer), proposal, officer, advice="พิมพ์ค้างไว้")
        browser(officer).post(address(proposal, deed), data=answers(advice="บันทึกแล้ว"))
        assert "พิมพ์ค้างไว้" not in browser(officer).get(address(proposal)).text
    assert session.scalars(select(Draft)).all() == []


def test_kept_typing_over_an_older_form_ends_in_the_choice_between_both(browser, officer, other):
    proposal = make_proposal(State.SCREENING)
    keep(browser(officer), proposal, officer, advice="ของจิตรลดา")
    browser(other).post(address(proposal), data=answers(advice="ของธีรวัฒน์"))

    page = browser(officer).get(address(proposal)).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    answer = browser(officer).post(address(proposal), data=answers(advice="ของจิตรลดา", version=version))

    assert "ของจิตรลดา" in page
    assert answer.status_code == 409
    assert "ของธีรวัฒน์" in answer.text


def test_the_typing_of_a_lapsed_session_is_kept_and_found_after_signing_in(app, browser, officer, sign_in, session):
    from datetime import timedelta

    from models.core.clock import frozen_at, now

    proposal = make_proposal(State.SCREENING)
    client = browser(officer)
    with frozen_at(now() + timedelta(hours=3)):
        answer = client.post(address(proposal, "/send"), data=answers(result="pass", advice="ก่อนหมดเวลา"))
        assert answer.status_code == 302
        assert "/screening/" in answer.location
        session.refresh(proposal)
        assert proposal.state == State.SCREENING
        again = sign_in(app.test_client(), officer)
        assert "ก่อนหมดเวลา" in again.get(address(proposal)).text


@pytest.mark.parametrize(
    "body", [None, [], {"fields": "x"}, {"fields": [["a"]]}, {"fields": [["a", 1]]}, {"fields": [["a", "b"]] * 3000}]
)
def test_typing_that_cannot_be_read_answers_400(browser, officer, body):
    assert browser(officer).post(address(make_proposal(State.SCREENING), "/typing"), json=body).status_code == 400


def test_typing_of_somebody_else_in_the_same_browser_is_not_taken(browser, officer, other, session):
    proposal = make_proposal(State.SCREENING)

    assert keep(browser(officer), proposal, other, advice="ของอีกคน").status_code == 409
    assert session.scalars(select(Draft)).all() == []


def test_a_result_that_was_chosen_and_only_saved_is_there_another_day_and_sent_to_nobody(browser, officer, other):
    proposal = make_proposal(State.SCREENING)

    browser(officer).post(address(proposal), data=answers(result="documents"))

    for reader in (officer, other):
        page = browser(reader).get(address(proposal)).text
        assert re.search(r'<input checked[^>]*name="result"[^>]*value="documents"', page)
    form = screening_of(proposal.submitted_revision)
    assert (proposal.state, form.result, form.sent_at) == (State.SCREENING, None, None)
    assert "เอกสารไม่ถูกต้องหรือไม่ครบถ้วน" not in browser(proposal.author).get(f"/proposals/{proposal.id}").text


def test_the_result_that_another_chose_meanwhile_stands_beside_ones_own(browser, officer, other):
    proposal = make_proposal(State.SCREENING)
    browser(other).post(address(proposal), data=answers(result="fail"))

    answer = browser(officer).post(address(proposal), data=answers(result="pass"))

    assert answer.status_code == 409
    assert "ผลการตรวจเอกสาร" in answer.text
    assert screening_of(proposal.submitted_revision).chosen == "fail"
