"""The screening form, the score sheet, the scoring form's versions, the board's decision."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.core.db import StaleVersion
from models.core.outbox import Notification
from models.core.workflow import Refusal, Refused
from models.fund.codes import State
from models.fund.results import results_before, results_of, screening_advice
from models.fund.scoring import (
    ScoringForm,
    changes,
    current_form,
    ensure_reference,
    new_version,
    open_draft,
    points,
    save_sheet,
    sheet_of,
)
from models.fund.scoring.form import PublishedForm, wrong_shapes
from models.fund.scoring.sheet import SentSheet, decision_of
from models.fund.screening import SentScreening, save_screening, screening_of, send_screening
from tests.factories.core import make_account
from tests.factories.fund import Cast, all_items, all_topics, make_proposal, manager_of, score, walk

S = State


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.refusal


def test_a_screening_form_is_kept_and_editable_until_it_is_sent(session):
    cast = Cast()
    proposal = make_proposal(S.SCREENING, cast=cast)

    form = save_screening(proposal, {"advice": "ขอเอกสารเพิ่ม"}, cast.staff, 0)
    save_screening(proposal, all_items(proposal.submitted_revision), cast.staff, form.version)
    assert (proposal.state, form.is_sent) == (S.SCREENING, False)
    send_screening(proposal, "documents", cast.staff, proposal.version)

    assert (proposal.state, form.result, proposal.screening_status) == (S.RETURNED, "documents", "documents")
    form.advice = "เปลี่ยน"
    with pytest.raises(SentScreening):
        session.flush()


def test_two_screeners_at_once_one_is_told(session):
    cast = Cast()
    proposal = make_proposal(S.SCREENING, cast=cast)
    form = save_screening(proposal, {"advice": "ก"}, cast.staff, 0)
    seen = form.version
    save_screening(proposal, {"advice": "ข"}, cast.staff, seen)

    with pytest.raises(StaleVersion):
        save_screening(proposal, {"advice": "ค"}, make_account("staff"), seen)

    assert form.advice == "ข"


@pytest.mark.parametrize("kind", ["committee", "super_user", "project_manager"])
def test_only_staff_screen(session, kind):
    proposal = make_proposal(S.SCREENING)

    assert refusal_of(save_screening, proposal, {}, make_account(kind), 0).code == "not_permitted"
    assert save_screening(proposal, {}, make_account("staff"), 0).id


@pytest.mark.parametrize(
    "items",
    [
        {"mission_fit": {"choice": "correct"}},
        {"expense_table": {"choice": "fits"}},
        {"unknown": {"choice": "correct"}},
    ],
)
def test_a_choice_that_an_item_does_not_have_is_refused(session, items):
    proposal = make_proposal(S.SCREENING)

    assert refusal_of(save_screening, proposal, {"items": items}, make_account("staff"), 0).code.startswith("no_such")


def test_the_result_is_told_at_once_to_author_and_manager_and_not_to_the_screener(session):
    cast = Cast()
    proposal = make_proposal(S.SCREENING, cast=cast)
    save_screening(proposal, all_items(proposal.submitted_revision), cast.staff, 0)

    send_screening(proposal, "fail", cast.staff, proposal.version)

    told = session.scalars(select(Notification.user_id).where(Notification.event == "screening_failed")).all()
    assert sorted(told) == sorted([proposal.author_id, manager_of(proposal.organization).id])


def test_the_server_computes_points_and_total_from_the_ticks(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    content = {
        "topics": {
            1: {"choice": "has", "ticked": [0, 3], "points": 5},
            3: {"choice": "has", "ticked": [0, 1, 2, 3]},
            9: {"choice": "none", "ticked": [0, 1]},
        },
        "total": 100,
    }

    sheet = save_sheet(proposal, content, cast.staff, 0)

    found = {answer.number: (answer.choice, answer.ticked, answer.points) for answer in sheet.answers}
    assert (found[1], found[3], found[9], found[2]) == (("has", 9, 1), ("has", 15, 15), ("none", 0, 0), (None, 0, 0))
    assert (sheet.total, sheet.unanswered) == (16, [2, 4, 5, 6, 7, 8, 10, 11])


@given(st.lists(st.integers(0, 15), min_size=11, max_size=11))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
def test_any_ticks_are_stored_with_the_total_that_the_form_gives(sheet_in_progress, masks):
    proposal, staff = sheet_in_progress
    sheet = sheet_of(proposal.submitted_revision, "group")
    topics = {
        number: {"choice": "has", "ticked": [bit for bit in range(4) if mask >> bit & 1]}
        for number, mask in enumerate(masks, start=1)
    }

    saved = save_sheet(proposal, {"topics": topics}, staff, sheet.version if sheet else 0)

    expected = [points(topic, mask.bit_count()) for topic, mask in zip(saved.form.topics, masks, strict=True)]
    assert [answer.points for answer in saved.answers] == expected
    assert saved.total == sum(expected)
    assert [answer.ticked for answer in saved.answers] == masks


@pytest.fixture
def sheet_in_progress(session):
    cast = Cast()
    return make_proposal(S.AGENDA_GROUP, cast=cast), cast.staff


@pytest.mark.parametrize(
    "typed", [{1: {"choice": "some"}}, {1: {"choice": "has", "ticked": [4]}}, {12: {"choice": "none"}}]
)
def test_what_the_form_does_not_know_is_refused(session, typed):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)

    assert refusal_of(save_sheet, proposal, {"topics": typed}, cast.staff, 0).code.startswith("no_such")


def test_a_sent_sheet_never_changes(session):
    cast = Cast()
    proposal = make_proposal(S.WAIT_SUB, cast=cast)
    sheet = sheet_of(proposal.submitted_revision, "group")

    assert refusal_of(save_sheet, proposal, all_topics(1), cast.staff, sheet.version).code == "wrong_stage"
    sheet.answers[0].advice = "เปลี่ยน"
    with pytest.raises(SentSheet):
        session.flush()


def test_the_sub_committee_sees_the_working_groups_sheet_and_not_the_other_way_round(session):
    cast = Cast()
    proposal = make_proposal(S.WAIT_BOARD, cast=cast)
    revision = proposal.submitted_revision

    assert [result.level for result in results_before(revision, "sub")] == ["screening", "group"]
    assert [result.level for result in results_before(revision, "group")] == ["screening"]
    assert screening_advice(revision) == "เอกสารครบถ้วนตามประกาศ"


def test_each_level_has_a_sheet_of_its_own(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_SUB, cast=cast)
    assert sheet_of(proposal.submitted_revision, "sub") is None

    score(proposal, cast.staff, [4] * 10 + [3])

    assert (proposal.group_points, proposal.sub_points) == (100, 94)


def test_the_boards_decision_is_noted_with_its_resolution(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_BOARD, cast=cast)
    day = date(2026, 3, 11)

    proposal.perform("refuse", cast.staff, proposal.version, resolution_number=" 12/2569 ", resolution_date=day)

    decision = decision_of(proposal.submitted_revision)
    assert (decision.result, decision.resolution_number, decision.resolution_date) == ("refused", "12/2569", day)
    assert (proposal.state, proposal.board_status) == (S.RETURNED, "refused")


# --- versions of the scoring form ------------------------------------------------------------------------------------


def test_the_reference_form_is_loaded_once(session):
    first = ensure_reference()
    session.flush()

    assert ensure_reference() is first
    assert session.scalar(select(func.count()).select_from(ScoringForm)) == 1
    assert len(first.topics) == 11


def test_a_published_version_never_changes_and_staff_edit_the_next_one(session):
    form, staff = ensure_reference(), make_account("staff")

    draft = new_version(staff)
    draft.perform("edit", staff, draft.version, content={"topics": [{"number": 1, "title_th": "ชื่อใหม่"}]})
    draft.perform("publish", staff, draft.version)

    assert current_form() is draft
    assert (form.topics[0].title_th, draft.topics[0].title_th) == ("ชื่อแผนงานหรือโครงการ", "ชื่อใหม่")
    assert draft.refusal("edit", staff).code == "wrong_stage"
    form.topics[0].full = 6
    with pytest.raises(PublishedForm):
        session.flush()


def test_a_recorded_result_keeps_its_version(session):
    cast = Cast()
    proposal = make_proposal(S.AGENDA_GROUP, cast=cast)
    sheet = save_sheet(proposal, all_topics(4), cast.staff, 0)
    draft = new_version(cast.staff)
    draft.perform("publish", cast.staff, draft.version)

    proposal.perform("record", cast.staff, proposal.version)
    walk(proposal, S.WAIT_BOARD, cast)

    assert sheet.form.number == 1
    assert sheet_of(proposal.submitted_revision, "sub").form is draft


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ({"topics": [{"number": 1, "full": 6, "points": [0, 0, 1, 3, 6]}]}, ["total_wrong"]),
        ({"topics": [{"number": 1, "points": [0, 3, 1, 3, 5]}]}, ["points_wrong"]),
        ({"topics": [{"number": 1, "points": [0, 0, 1, 5]}]}, ["points_wrong"]),
        ({"topics": [{"number": 1, "points": [1, 1, 1, 3, 5]}]}, ["points_wrong"]),
        ({"topics": [{"number": 1, "indicators": ["", "ข", "ค", "ง"]}]}, ["indicators_missing"]),
        ({"topics": [{"number": 1, "title_th": " "}]}, ["topic_title_missing"]),
        ({"floors": [80, 80, 40, 20]}, ["bands_wrong"]),
        ({"passing": 0}, ["passing_wrong"]),
        (
            {"floors": [80, 60, 40, 0], "topics": [{"number": 2, "full": 6}]},
            ["points_wrong", "total_wrong", "bands_wrong"],
        ),
    ],
)
def test_a_form_that_does_not_add_up_is_not_published_and_all_that_is_wrong_is_known(session, content, codes):
    ensure_reference()
    staff = make_account("staff")
    draft = new_version(staff)

    draft.perform("edit", staff, draft.version, content=content)

    assert draft.refusal("publish", staff).code == codes[0]
    assert [refusal.code for refusal in wrong_shapes(draft)] == codes


def test_bands_and_the_pass_mark_are_those_of_the_sheets_own_version(session):
    cast = Cast()
    before = make_proposal(S.AGENDA_GROUP, cast=cast)
    sheet = save_sheet(before, all_topics(3), cast.staff, 0)
    total = sheet.total
    assert (sheet.band, sheet.passes) == ("good", False)
    draft = new_version(cast.staff)
    draft.perform("edit", cast.staff, draft.version, content={"floors": [50, 40, 30, 20], "passing": total})
    draft.perform("publish", cast.staff, draft.version)
    after = make_proposal(S.AGENDA_GROUP, cast=cast)
    new_sheet = save_sheet(after, all_topics(3), cast.staff, 0)

    for proposal in (before, after):
        proposal.perform("record", cast.staff, proposal.version)

    assert (before.state, before.group_status, sheet.band) == (S.RETURNED, "failed", "good")
    assert (after.state, after.group_status, new_sheet.total, new_sheet.band) == (
        S.WAIT_SUB,
        "passed",
        total,
        "very_good",
    )
    assert results_of(after.submitted_revision)[-1].band == "very_good"


def test_a_draft_starts_from_the_version_in_force_or_from_an_older_one(session):
    first, staff = ensure_reference(), make_account("staff")
    second = new_version(staff)
    second.perform("edit", staff, second.version, content={"passing": 70, "topics": [{"number": 1, "title_th": "ใหม่"}]})
    second.perform("publish", staff, second.version)

    third = new_version(staff)
    assert (third.passing, third.topics[0].title_th, third.based_on_id) == (70, "ใหม่", second.id)
    third.perform("discard", staff, third.version)
    fourth = new_version(staff, first)

    assert (fourth.number, fourth.passing, fourth.based_on_id) == (4, 80, first.id)
    assert new_version(make_account("staff"), second) is fourth is open_draft()
    assert second.published_by_id == staff.id
    assert current_form() is second


def test_what_differs_between_two_versions_is_told_in_the_order_of_the_form(session):
    first, staff = ensure_reference(), make_account("staff")
    draft = new_version(staff)
    assert changes(first, draft) == []
    topic = {"number": 2, "title_th": "ชื่อใหม่", "full": 6, "points": [0, 1, 2, 3, 6]}
    topic["indicators"] = [indicator.text for indicator in draft.topics[1].indicators[:3]] + ["ข้อใหม่"]

    draft.perform("edit", staff, draft.version, content={"topics": [topic], "floors": [85, 60, 40, 20], "passing": 75})

    found = [(change.what, change.number, change.place, change.after) for change in changes(first, draft)]
    assert found == [
        ("title", 2, None, "ชื่อใหม่"),
        ("indicator", 2, 3, "ข้อใหม่"),
        ("full", 2, None, 6),
        ("points", 2, None, [0, 1, 2, 3, 6]),
        ("band", 0, "very_good", 85),
        ("passing", 0, None, 75),
    ]


def test_only_those_who_may_edit_the_scoring_form_begin_a_version(session):
    ensure_reference()

    assert refusal_of(new_version, make_account("committee")) == Refusal(
        "not_permitted", permission="scoring_form.edit"
    )
    assert new_version(make_account("super_user")).number == 2


def test_a_screening_form_lists_the_users_own_kinds_of_file(session):
    from models.fund.wizard import save_part
    from tests.factories.fund import make_file, make_manager

    author = make_manager()
    proposal = make_proposal(author=author)
    rows = [{"kind": "other", "kind_name": "แผนที่", "file_id": make_file(author).id}]
    save_part(proposal, "4", {"attachments": rows}, author, proposal.version)
    walk(proposal, S.WAIT_GROUP)

    form = screening_of(proposal.submitted_revision)

    assert [item.label for item in form.items if item.code.startswith("other:")] == ["แผนที่"]
