"""What is typed into the wizard's parts: rows, files and the budget, and what is wrong with them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.core import setting
from models.core.db import db
from models.fund import settings
from tests.factories.fund import complete_content, make_file
from tests.views.fund.wizard_pages import (
    author,
    browser,
    draft_of,
    fields_of,
    fresh,
    member,
    open_part,
    post_part,
)

__all__ = ["author", "browser"]


# --- rows ------------------------------------------------------------------------------------------------------------


def test_rows_keep_their_identity_when_they_are_moved_and_one_is_removed(browser, author):
    proposal = draft_of(author, content=complete_content())
    fields = open_part(browser, proposal, "2.2")
    first, second = fields["objective-0-line_id"], fields["objective-1-line_id"]
    rest = {name: value for name, value in fields.items() if not name.startswith("objective-")}

    moved = {
        "objective-0-line_id": second,
        "objective-0-text": "ครูใช้สื่อได้จริง",
        "objective-1-line_id": "",
        "objective-1-text": "ผู้ปกครองอ่านกับลูก",
    }
    post_part(browser, proposal, "2.2", {**rest, **moved})

    lines = sorted(fresh(proposal).current_revision.lines_of("objective"), key=lambda line: line.position)
    assert [line.text for line in lines] == ["ครูใช้สื่อได้จริง", "ผู้ปกครองอ่านกับลูก"]
    assert lines[0].line_id == second
    assert lines[1].line_id not in (first, second, "")


def test_an_activity_may_move_to_another_step_and_the_server_adds_up(browser, author):
    proposal = draft_of(author, content=complete_content())
    fields = open_part(browser, proposal, "2.4")
    moved = {name: fields.pop(name) for name in list(fields) if name.startswith("steps-0-activities-1-")}
    fields |= {name.replace("steps-0-activities-1", "steps-1-activities-1"): value for name, value in moved.items()}
    fields["steps-1-activities-1-budget"] = "1,000.50"

    answer = post_part(browser, proposal, "2.4", fields)

    assert answer.status_code == 303
    revision = fresh(proposal).current_revision
    assert [len(step.activities) for step in revision.steps] == [1, 2]
    assert revision.budget == revision.compute_budget()
    assert revision.steps[1].activities[1].line_id == moved["steps-0-activities-1-line_id"]


def test_blank_rows_are_left_out(browser, author):
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.2")

    post_part(browser, proposal, "2.2", {**fields, "target-0-text": "  ", "target-1-text": "ผู้เรียน 240 คน"})

    assert [line.text for line in fresh(proposal).current_revision.lines_of("target")] == ["ผู้เรียน 240 คน"]


# --- what is wrong ---------------------------------------------------------------------------------------------------

WRONG = [
    ("1", {"asked_before": "yes", "times_asked": "หลายครั้ง"}, "times_asked"),
    ("1", {"asked_before": "yes", "last_supported_year": "2024"}, "last_supported_year"),
    ("2.1", {"title": "ก" * 301}, "title"),
    ("2.1", {"unit_phone": "12345"}, "unit_phone"),
    ("2.1", {"coordinator_email": "ครู@"}, "coordinator_email"),
    ("2.2", {"rationale": "ก" * 20_001}, "rationale"),
    ("2.2", {"indicator-0-text": "ก" * 501}, "indicator-0-text"),
    ("2.3", {"starts_on": "11/03/2026"}, "starts_on"),
    ("2.3", {"starts_on": "30/02/2569"}, "starts_on"),
    ("2.3", {"starts_on": "11/03/2569", "ends_on": "10/03/2569"}, "ends_on"),
    ("2.3", {"amount_asked": "-1"}, "amount_asked"),
    ("2.3", {"other_source-0-text": "มูลนิธิ", "other_source-0-amount": "1,00"}, "other_source-0-amount"),
    ("2.4", {"steps-0-activities-0-name": "ประชุม", "steps-0-activities-0-budget": "-5"}, "steps-0-activities-0-budget"),
    ("2.4", {"steps-0-activities-0-starts_on": "พรุ่งนี้"}, "steps-0-activities-0-starts_on"),
    (
        "2.4",
        {"steps-0-activities-0-starts_on": "02/05/2569", "steps-0-activities-0-ends_on": "01/05/2569"},
        "steps-0-activities-0-ends_on",
    ),
    ("3", {"contribution_food-0-text": "ก" * 501}, "contribution_food-0-text"),
]


@pytest.mark.parametrize(("part", "typed", "place"), WRONG)
def test_what_is_wrong_is_told_at_its_place_and_the_typing_stays(browser, author, part, typed, place):
    proposal = draft_of(author)
    version = proposal.version
    fields = {**open_part(browser, proposal, part), **typed}
    if part == "2.4":
        fields["steps-0-name"] = "เตรียมการ"

    answer = post_part(browser, proposal, part, fields)

    assert answer.status_code == 422
    shown = fields_of(answer.text)
    assert {name: shown[name] for name in typed} == typed
    assert f'href="#{place}"' in answer.text
    assert f'id="{place}-e"' in answer.text
    assert "data-error-summary" in answer.text
    assert fresh(proposal).version == version


def test_everything_wrong_is_told_at_once(browser, author):
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.3")
    typed = {"starts_on": "x", "amount_asked": "มาก", "place-0-text": "ก" * 501}

    answer = post_part(browser, proposal, "2.3", {**fields, **typed})

    summary = answer.text.split("data-error-summary")[1].split("</ul>")[0]
    assert summary.count("<li>") == 3


def test_more_rows_than_the_office_allows_are_refused(browser, author):
    setting.change(settings.ROWS_LIST, 2, 0)
    db.session.commit()
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.3")
    three = {f"place-{number}-text": f"โรงเรียนที่ {number}" for number in range(3)}

    answer = post_part(browser, proposal, "2.3", {**fields, **three})

    assert answer.status_code == 422
    assert {name: fields_of(answer.text)[name] for name in three} == three
    del three["place-2-text"]
    assert post_part(browser, proposal, "2.3", {**fields, **three}).status_code == 303


# --- files -----------------------------------------------------------------------------------------------------------


def test_an_uploaded_file_is_attached_and_can_be_taken_out(browser, author):
    proposal = draft_of(author)
    file = make_file(author, "ประวัติวิทยากร.pdf")
    db.session.commit()
    fields = open_part(browser, proposal, "4")

    assert post_part(browser, proposal, "4", {**fields, "speaker_history-0-file_id": file.id}).status_code == 303
    attached = fresh(proposal).current_revision.attachments
    assert [(row.kind, row.file.name) for row in attached] == [("speaker_history", "ประวัติวิทยากร.pdf")]
    fields = open_part(browser, proposal, "4")
    assert fields["speaker_history-0-file_id"] == file.id

    kept = {name: value for name, value in fields.items() if not name.startswith("speaker_history-")}
    post_part(browser, proposal, "4", kept)
    assert fresh(proposal).current_revision.attachments == []


def test_files_keep_the_order_and_the_kind_that_the_user_names(browser, author):
    proposal = draft_of(author)
    files = [make_file(author, f"{name}.pdf") for name in ("หนังสือรับรอง", "แผนที่")]
    db.session.commit()
    fields = open_part(browser, proposal, "4")
    for number, file in enumerate(files):
        fields |= {f"other-{number}-file_id": file.id, f"other-{number}-kind_name": f"เอกสาร {number}"}

    post_part(browser, proposal, "4", fields)

    rows = fresh(proposal).current_revision.attachments_of("other")
    assert [(row.kind_name, row.file_id) for row in rows] == [("เอกสาร 0", files[0].id), ("เอกสาร 1", files[1].id)]


def test_somebody_else_s_file_is_not_attached(browser, author, session):
    proposal = draft_of(author)
    theirs = make_file(member(), "ความลับ.pdf")
    db.session.commit()

    answer = post_part(
        browser, proposal, "4", {**open_part(browser, proposal, "4"), "expense_table-0-file_id": theirs.id}
    )

    assert answer.status_code == 422
    assert "ความลับ" not in answer.text
    assert fresh(proposal).current_revision.attachments == []


def test_a_document_of_one_s_own_kind_needs_its_name(browser, author):
    proposal = draft_of(author)
    file = make_file(author)
    db.session.commit()

    answer = post_part(browser, proposal, "4", {**open_part(browser, proposal, "4"), "other-0-file_id": file.id})

    assert answer.status_code == 422
    assert 'href="#other-0-kind_name"' in answer.text
    assert fields_of(answer.text)["other-0-file_id"] == file.id


def test_the_research_outline_is_asked_of_research_only(browser, author):
    content = complete_content()
    plain = draft_of(author, content=content)
    content["2.1"]["is_research"] = True
    research = draft_of(author, content=content)

    assert (
        "จำเป็น" not in browser.get(f"/wizard/{plain.id}/4").text.split('id="research_outline-h"')[1].split("</h2>")[0]
    )
    assert "จำเป็น" in browser.get(f"/wizard/{research.id}/4").text.split('id="research_outline-h"')[1].split("</h2>")[0]


# --- the budget ------------------------------------------------------------------------------------------------------


def test_a_budget_that_differs_from_the_amounts_asked_is_shown_and_needs_a_note(browser, author):
    content = complete_content(budget=486_500)
    content["2.3"]["amount_asked"] = Decimal(480_000)
    proposal = draft_of(author, content=content)

    page = browser.get(f"/wizard/{proposal.id}/2.4").text
    notice = page.split('id="budget-difference"')[1].split("</div></div>")[0]
    assert "6,500.00" in notice
    assert "hidden" not in notice.split(">")[0]

    post_part(browser, proposal, "2.4", {**fields_of(page), "budget_note": "ส่วนต่างออกจากเงินบริจาค"})
    assert "ครบ 7 จาก 7 ส่วน" in browser.get(f"/wizard/{proposal.id}/2.4").text


def test_an_equal_budget_shows_no_difference(browser, author):
    proposal = draft_of(author, content=complete_content())

    notice = browser.get(f"/wizard/{proposal.id}/2.4").text.split('id="budget-difference"')[1]

    assert "hidden" in notice.split(">")[0]
