"""Typing that was not saved: kept for its writer alone, through a lapsed session and beside others' saves."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.core.audit import AuditEntry
from models.core.clock import now
from models.core.db import db
from models.core.draft import Draft
from models.core.identity import SignInSession
from tests.factories.fund import complete_content, make_file, make_member, make_proposal
from tests.views.fund.wizard_pages import (
    AS_SCRIPT,
    author,
    browser,
    draft_of,
    fields_of,
    fresh,
    keep,
    member,
    open_part,
    post_part,
    typings,
)

__all__ = ["author", "browser"]


# --- kept and given back ---------------------------------------------------------------------------------------------


def test_typing_comes_back_filled_in_and_the_saved_draft_is_untouched(browser, author):
    proposal = draft_of(author, content=complete_content("ดนตรีบำบัด"))
    fields = open_part(browser, proposal, "2.1")
    version, entries = proposal.version, db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))

    answer = keep(browser, author, proposal, "2.1", {**fields, "title": "ดนตรีบำบัดเพื่อ"})

    assert answer.status_code == 200
    assert "บันทึกอัตโนมัติ" in answer.json["text"]
    again = fresh(proposal)
    assert (again.version, again.current_revision.title) == (version, "ดนตรีบำบัด")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == entries
    page = browser.get(f"/wizard/{proposal.id}/2.1").text
    assert fields_of(page)["title"] == "ดนตรีบำบัดเพื่อ"
    assert "ข้อความที่พิมพ์ค้างไว้ เมื่อ" in page


def test_what_cannot_be_read_comes_back_as_it_was_typed(browser, author):
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.3")

    keep(
        browser,
        author,
        proposal,
        "2.3",
        {**fields, "starts_on": "1/5", "place-0-text": "โรงเรียน", "place-1-text": "วัด"},
    )

    shown = open_part(browser, proposal, "2.3")
    assert (shown["starts_on"], shown["place-0-text"], shown["place-1-text"]) == ("1/5", "โรงเรียน", "วัด")


def test_saving_forgets_the_typing(browser, author):
    proposal = draft_of(author)
    fields = {**open_part(browser, proposal, "2.1"), "title": "ห้องเรียนเสียง"}
    keep(browser, author, proposal, "2.1", fields)

    post_part(browser, proposal, "2.1", fields)

    assert typings() == 0
    assert 'id="kept-typing"' not in browser.get(f"/wizard/{proposal.id}/2.1").text


def test_typing_that_arrives_after_its_own_saving_is_not_offered(browser, author):
    proposal = draft_of(author)
    fields = {**open_part(browser, proposal, "2.1"), "title": "ห้องเรียนเสียง"}
    post_part(browser, proposal, "2.1", fields)

    keep(browser, author, proposal, "2.1", fields)

    assert 'id="kept-typing"' not in browser.get(f"/wizard/{proposal.id}/2.1").text


def test_discarding_shows_what_is_saved(browser, author):
    proposal = draft_of(author, content={"2.1": {"title": "ดนตรีบำบัด"}})
    keep(browser, author, proposal, "2.1", {**open_part(browser, proposal, "2.1"), "title": "อย่างอื่น"})

    browser.post(f"/wizard/{proposal.id}/2.1/typing/discard")

    assert open_part(browser, proposal, "2.1")["title"] == "ดนตรีบำบัด"
    assert typings() == 0


def test_typing_of_one_part_shows_in_no_other(browser, author):
    proposal = draft_of(author)
    keep(browser, author, proposal, "2.1", {**open_part(browser, proposal, "2.1"), "title": "ดนตรีบำบัด"})

    assert 'id="kept-typing"' in browser.get(f"/wizard/{proposal.id}/2.1").text
    assert 'id="kept-typing"' not in browser.get(f"/wizard/{proposal.id}/2.2").text


def test_a_staged_file_comes_back_with_its_name(browser, author):
    proposal = draft_of(author)
    file = make_file(author, "แผนที่โรงเรียน.pdf")
    db.session.commit()
    keep(browser, author, proposal, "4", {**open_part(browser, proposal, "4"), "expense_table-0-file_id": file.id})

    page = browser.get(f"/wizard/{proposal.id}/4").text

    assert "แผนที่โรงเรียน.pdf" in page
    assert fields_of(page)["expense_table-0-file_id"] == file.id


def test_typing_of_a_discarded_revision_is_not_offered_in_the_next(browser, author):
    proposal = make_proposal("returned", author=author)
    proposal.perform("revise", author, proposal.version)
    db.session.commit()
    keep(browser, author, proposal, "2.1", {**open_part(browser, proposal, "2.1"), "title": "ของฉบับที่ทิ้ง"})
    draft_row = db.session.scalars(sa.select(Draft)).one()
    draft_row.content = {**draft_row.content, "revision": proposal.submitted_revision_id}
    db.session.commit()

    assert 'id="kept-typing"' not in browser.get(f"/wizard/{proposal.id}/2.1").text


# --- whose it is -----------------------------------------------------------------------------------------------------


def test_a_colleague_who_may_edit_does_not_get_the_typing(browser, author, new_client, sign_in):
    proposal = draft_of(author, content={"2.1": {"title": "ดนตรีบำบัด"}})
    manager = make_member(proposal.organization, "manager")
    db.session.commit()
    keep(browser, author, proposal, "2.1", {**open_part(browser, proposal, "2.1"), "title": "ยังไม่อยากให้ใครเห็น"})

    theirs = sign_in(new_client(), manager)
    page = theirs.get(f"/wizard/{proposal.id}/2.1").text

    assert fields_of(page)["title"] == "ดนตรีบำบัด"
    assert "ยังไม่อยากให้ใครเห็น" not in page
    assert open_part(browser, proposal, "2.1")["title"] == "ยังไม่อยากให้ใครเห็น"


def test_a_stranger_can_keep_nothing_at_another_s_proposal(author, client, sign_in):
    proposal = draft_of(author)
    stranger = member()

    answer = keep(sign_in(client, stranger), stranger, proposal, "2.1", {"title": "x"})

    assert answer.status_code == 404
    assert typings() == 0


def test_typing_of_somebody_who_is_no_longer_signed_in_does_not_go_to_who_is(browser, author, session):
    proposal = draft_of(author)
    colleague = make_member(proposal.organization)

    answer = keep(browser, colleague, proposal, "2.1", {"title": "ของอีกคน"})

    assert (answer.status_code, answer.json["code"]) == (409, "other_user")
    assert typings() == 0


def test_each_person_s_browser_key_is_their_own_and_lasts(browser, author, new_client, sign_in):
    proposal = draft_of(author)
    manager = make_member(proposal.organization, "manager")
    db.session.commit()
    other = sign_in(new_client(), manager)

    def key_in(page):
        return page.split('"key": "')[1].split('"')[0]

    mine = [key_in(browser.get(f"/wizard/{proposal.id}/{part}").text) for part in ("1", "2.1")]
    theirs = key_in(other.get(f"/wizard/{proposal.id}/1").text)

    assert mine[0] == mine[1]
    assert mine[0] != theirs


@pytest.mark.parametrize(
    "body", ["x", [], {"fields": "x"}, {"fields": [["a"]]}, {"fields": [["a", 1]]}, {"fields": [{"a": "b"}]}]
)
def test_what_is_no_typing_is_refused(browser, author, body):
    proposal = draft_of(author)

    answer = browser.post(f"/wizard/{proposal.id}/2.1/typing", json=body, headers=AS_SCRIPT)

    assert answer.status_code == 400
    assert typings() == 0


def test_typing_needs_the_page_s_token(browser, author):
    proposal = draft_of(author)

    answer = browser.post(f"/wizard/{proposal.id}/2.1/typing", json={"fields": []}, headers=AS_SCRIPT, csrf=False)

    assert (answer.status_code, answer.json["code"]) == (400, "csrf")


# --- a session that lapsed -------------------------------------------------------------------------------------------


def lapse():
    db.session.execute(sa.update(SignInSession).values(seen_at=now() - timedelta(hours=3)))
    db.session.commit()


def test_a_form_posted_after_the_session_lapsed_is_there_after_signing_in_again(browser, author, sign_in):
    proposal = draft_of(author)
    fields = {**open_part(browser, proposal, "2.1"), "title": "พิมพ์นานเกินสองชั่วโมง"}
    lapse()

    answer = post_part(browser, proposal, "2.1", fields)

    assert answer.status_code == 302
    assert f"next=/wizard/{proposal.id}/2.1" in answer.location
    assert fresh(proposal).current_revision.title == ""
    sign_in(browser, author)
    page = browser.get(f"/wizard/{proposal.id}/2.1").text
    assert fields_of(page)["title"] == "พิมพ์นานเกินสองชั่วโมง"
    assert 'id="kept-typing"' in page
    assert post_part(browser, proposal, "2.1", fields_of(page)).status_code == 303
    assert fresh(proposal).current_revision.title == "พิมพ์นานเกินสองชั่วโมง"


def test_an_ended_session_keeps_nothing_for_whoever_holds_its_cookie(browser, author):
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.1")
    db.session.execute(sa.update(SignInSession).values(ended_at=now()))
    db.session.commit()

    post_part(browser, proposal, "2.1", {**fields, "title": "x"})

    assert typings() == 0


def test_autosave_after_the_session_lapsed_answers_401_as_json(browser, author):
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.1")
    lapse()

    answer = keep(browser, author, proposal, "2.1", fields)

    assert (answer.status_code, answer.json["code"]) == (401, "session_ended")


def test_a_lapsed_account_cannot_keep_typing_at_another_s_proposal(client, author, sign_in):
    proposal = draft_of(author)
    stranger = member()
    other = sign_in(client, stranger)
    lapse()

    post_part(other, proposal, "2.1", {"title": "x"})

    assert typings() == 0


def test_a_page_that_outlived_its_session_gets_a_new_token(browser, author):
    answer = browser.get("/typing/token", headers=AS_SCRIPT)

    assert answer.json["user"] == author.id
    assert answer.json["csrf"]


def test_what_was_refused_by_the_rules_of_the_form_is_kept_too(browser, author):
    proposal = draft_of(author)

    post_part(browser, proposal, "2.3", {**open_part(browser, proposal, "2.3"), "amount_asked": "-5"})

    shown = open_part(browser, proposal, "2.3")
    assert shown["amount_asked"] == "-5"
