"""Two who write one draft: the second to save is shown both, and nobody's typing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.core import audit, draft
from models.core.clock import frozen_at, now
from models.core.db import db
from tests.factories.fund import complete_content, make_member
from tests.views.fund.wizard_pages import (
    author,
    browser,
    draft_of,
    fields_of,
    fresh,
    keep,
    open_part,
    post_part,
)

__all__ = ["author", "browser"]


@pytest.fixture
def manager_browser(author, new_client, sign_in, proposal):
    manager = make_member(proposal.organization, "manager")
    db.session.commit()
    return sign_in(new_client(), manager)


@pytest.fixture
def proposal(author):
    content = complete_content("ดนตรีบำบัด")
    content["2.1"] |= {"unit_phone": "053123456", "coordinator_phone": "0812345678"}
    return draft_of(author, content=content)


def test_the_second_to_save_sees_both_values_and_keeps_their_own(browser, manager_browser, proposal):
    mine, theirs = open_part(browser, proposal, "2.1"), open_part(manager_browser, proposal, "2.1")
    post_part(manager_browser, proposal, "2.1", {**theirs, "title": "ดนตรีบำบัดสำหรับทุกคน", "unit_name": "ฝ่ายวิชาการ"})

    answer = post_part(browser, proposal, "2.1", {**mine, "title": "ดนตรีบำบัดในโรงเรียน"})

    assert answer.status_code == 409
    assert fields_of(answer.text)["title"] == "ดนตรีบำบัดในโรงเรียน"
    dialog = answer.text.split('id="conflict"')[1].split("</dialog>")[0]
    assert dialog.count("data-conflict-field=") == 2
    for text in ("ดนตรีบำบัดในโรงเรียน", "ดนตรีบำบัดสำหรับทุกคน", "ฝ่ายวิชาการ"):
        assert text in dialog
    saver = audit.history_of(fresh(proposal), 1)[0]
    assert saver.actor_id is not None
    assert fresh(proposal).current_revision.title == "ดนตรีบำบัดสำหรับทุกคน"


def test_what_is_picked_of_theirs_is_saved_with_mine(browser, manager_browser, proposal):
    mine, theirs = open_part(browser, proposal, "2.1"), open_part(manager_browser, proposal, "2.1")
    post_part(manager_browser, proposal, "2.1", {**theirs, "title": "ดนตรีบำบัดสำหรับทุกคน", "unit_name": "ฝ่ายวิชาการ"})
    clash = post_part(browser, proposal, "2.1", {**mine, "title": "ดนตรีบำบัดในโรงเรียน"})

    answer = post_part(browser, proposal, "2.1", {**fields_of(clash.text), "pick-unit_name": "theirs"})

    assert answer.status_code == 303
    revision = fresh(proposal).current_revision
    assert (revision.title, revision.unit_name) == ("ดนตรีบำบัดในโรงเรียน", "ฝ่ายวิชาการ")


def test_rows_that_differ_are_shown_with_what_changed(browser, manager_browser, proposal):
    mine, theirs = open_part(browser, proposal, "2.2"), open_part(manager_browser, proposal, "2.2")
    post_part(manager_browser, proposal, "2.2", {**theirs, "indicator-1-text": "ครูร้อยละ 90 ใช้สื่อ"})

    answer = post_part(browser, proposal, "2.2", {**mine, "indicator-1-text": "ผู้ปกครองพึงพอใจ"})

    assert answer.status_code == 409
    dialog = answer.text.split('id="conflict"')[1]
    assert "มีเพิ่ม" in dialog
    assert "ครูร้อยละ 90 ใช้สื่อ" in dialog
    assert fields_of(answer.text)["indicator-1-text"] == "ผู้ปกครองพึงพอใจ"


def test_a_save_of_another_part_meanwhile_is_no_conflict(browser, manager_browser, proposal):
    mine, theirs = open_part(browser, proposal, "2.1"), open_part(manager_browser, proposal, "2.2")
    post_part(manager_browser, proposal, "2.2", {**theirs, "rationale": "เหตุผลใหม่"})

    answer = post_part(browser, proposal, "2.1", {**mine, "title": "ชื่อใหม่"})

    assert answer.status_code == 303
    revision = fresh(proposal).current_revision
    assert (revision.title, revision.rationale) == ("ชื่อใหม่", "เหตุผลใหม่")


def test_saving_twice_with_one_page_is_no_conflict(browser, proposal):
    fields = {**open_part(browser, proposal, "2.2"), "indicator-1-text": "ผู้ปกครองพึงพอใจ"}

    answers = [post_part(browser, proposal, "2.2", fields).status_code for _press in range(2)]

    assert answers == [303, 303]
    assert len(fresh(proposal).current_revision.lines_of("indicator")) == 2


def test_restored_typing_over_somebody_s_later_save_is_a_conflict(browser, author, manager_browser, proposal):
    mine, theirs = open_part(browser, proposal, "2.1"), open_part(manager_browser, proposal, "2.1")
    keep(browser, author, proposal, "2.1", {**mine, "title": "ของฉัน"})
    post_part(manager_browser, proposal, "2.1", {**theirs, "title": "ของเขา"})

    restored = open_part(browser, proposal, "2.1")
    answer = post_part(browser, proposal, "2.1", restored)

    assert restored["title"] == "ของฉัน"
    assert answer.status_code == 409


def test_a_form_with_an_error_still_notices_the_other_s_save_afterwards(browser, manager_browser, proposal):
    mine, theirs = open_part(browser, proposal, "2.1"), open_part(manager_browser, proposal, "2.1")
    post_part(manager_browser, proposal, "2.1", {**theirs, "title": "ของเขา"})
    wrong = post_part(browser, proposal, "2.1", {**mine, "title": "ของฉัน", "unit_email": "x"})
    assert wrong.status_code == 422

    answer = post_part(browser, proposal, "2.1", {**fields_of(wrong.text), "unit_email": "a@b.example"})

    assert answer.status_code == 409


def test_typing_is_kept_when_the_draft_was_locked_meanwhile(browser, author, proposal):
    fields = {**open_part(browser, proposal, "2.1"), "title": "เปลี่ยนชื่อ"}
    proposal.perform("mark_ready", author, proposal.version)
    db.session.commit()

    answer = post_part(browser, proposal, "2.1", fields)

    assert answer.status_code == 302
    assert fresh(proposal).current_revision.title == "ดนตรีบำบัด"
    again = fresh(proposal)
    again.perform("take_back", author, again.version)
    db.session.commit()
    assert open_part(browser, proposal, "2.1")["title"] == "เปลี่ยนชื่อ"


def test_kept_typing_says_the_time_and_of_an_older_day_the_day(browser, author):
    proposal = draft_of(author)
    fields = {**open_part(browser, proposal, "2.1"), "title": "เมื่อวาน"}
    with frozen_at(now() - timedelta(days=2)):
        draft.keep(
            author.id,
            "fund.wizard",
            str(proposal.id),
            "2.1",
            int(fields["version"]),
            {"fields": [["title", "เมื่อวาน"]], "base": fields["base"], "revision": int(fields["revision"])},
        )
    db.session.commit()

    heading = browser.get(f"/wizard/{proposal.id}/2.1").text.split('id="kept-typing"')[1].split("</h2>")[0]

    assert "25" in heading.split("เมื่อ")[1]
