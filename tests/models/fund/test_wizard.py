"""The wizard: what is missing, what is wrong, how typed content becomes rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.core.db import StaleVersion
from models.core.workflow import Refused
from models.fund.codes import PARTS
from models.fund.proposal import create_proposal
from models.fund.wizard import WrongContent, missing, problems, save_part
from tests.factories.fund import (
    activity,
    complete_content,
    make_file,
    make_manager,
    make_member,
    make_organization,
    make_proposal,
    organization_of,
    row,
    save_all,
)


@pytest.fixture
def draft(session):
    """An empty draft of somebody who manages their organization."""
    author = make_manager()
    return create_proposal(author, organization_of(author))


def save(proposal, part, **content):
    save_part(proposal, part, content, proposal.author, proposal.version)


def test_an_empty_draft_misses_what_the_spec_requires(draft):
    assert missing(draft.current_revision) == {
        "1": ["asked_before"],
        "2.1": [
            "title",
            "disabilities",
            "unit_name",
            "unit_phone",
            "unit_email",
            "coordinator_name",
            "coordinator_phone",
            "coordinator_email",
        ],
        "2.2": ["rationale", "objective", "target", "indicator", "output"],
        "2.3": ["place", "period", "method", "amount_asked"],
        "2.4": ["steps"],
    }


def test_a_complete_draft_misses_nothing(draft):
    save_all(draft, complete_content(), draft.author)

    assert missing(draft.current_revision) == {}


@pytest.mark.parametrize("part", [part for part in PARTS if part not in ("3", "4")])
def test_each_part_left_out_is_missed(draft, part):
    content = complete_content()
    del content[part]

    save_all(draft, content, draft.author)

    assert set(missing(draft.current_revision)) == ({"2.3", "2.4"} if part == "2.3" else {part})


def test_who_asked_before_says_how_often(draft):
    save_all(draft, complete_content(), draft.author)

    save(draft, "1", asked_before=True)
    assert missing(draft.current_revision) == {"1": ["times_asked"]}
    save(draft, "1", times_asked=2, last_supported_year=2567, last_project="ห้องสมุดเสียง")
    assert missing(draft.current_revision) == {}
    save(draft, "1", asked_before=False)
    assert (draft.current_revision.times_asked, draft.current_revision.last_project) == (None, "")


def test_a_research_project_needs_its_outline(draft):
    save_all(draft, complete_content(), draft.author)
    save(draft, "2.1", is_research=True)

    assert missing(draft.current_revision) == {"4": ["research_outline"]}
    file = make_file(draft.author, "โครงร่าง.pdf")
    save(draft, "4", attachments=[{"kind": "research_outline", "file_id": file.id}])
    assert missing(draft.current_revision) == {}


def test_a_budget_that_differs_from_what_is_asked_needs_a_note(draft):
    save_all(draft, complete_content(budget=300_000), draft.author)

    save(draft, "2.3", amount_asked=Decimal("290000"))
    assert draft.current_revision.budget_difference == Decimal("10000")
    assert missing(draft.current_revision) == {"2.4": ["budget_note"]}
    save(draft, "2.3", other_source=[row("อบต. ดอนแก้ว", amount=Decimal("10000"))])
    assert missing(draft.current_revision) == {}
    save(draft, "2.3", other_source=[])
    save(draft, "2.4", budget_note="ส่วนต่างเป็นเงินบำรุงโรงเรียน")
    assert missing(draft.current_revision) == {}


def test_saving_computes_the_sums_of_the_steps(draft):
    steps = [
        {
            "name": "เตรียมการ",
            "activities": [activity("ก", date(2026, 5, 1), 15, 1000), activity("ข", date(2026, 5, 10), 3, "0.25")],
        },
        {"name": "ประเมินผล", "activities": [activity("ค", date(2026, 7, 1), 1, 99)]},
    ]

    save(draft, "2.4", steps=steps)

    revision = draft.current_revision
    assert [(step.budget, step.duration_days) for step in revision.steps] == [
        (Decimal("1000.25"), 18),
        (Decimal(99), 1),
    ]
    assert (revision.budget, revision.duration_days, revision.span_days) == (Decimal("1099.25"), 19, 62)


def test_rows_keep_their_line_id_when_they_are_changed_moved_or_left_out(draft):
    save(draft, "2.2", objective=[row("หนึ่ง"), row("สอง"), row("สาม")])
    one, two, three = (
        {"line_id": line.line_id, "text": line.text} for line in draft.current_revision.lines_of("objective")
    )

    save(draft, "2.2", objective=[three, {**one, "text": "หนึ่งใหม่"}, {"text": "สี่"}])
    draft_lines = draft.current_revision.lines_of("objective")
    draft_lines.sort(key=lambda line: line.position)

    assert [line.text for line in draft_lines] == ["สาม", "หนึ่งใหม่", "สี่"]
    assert [line.line_id for line in draft_lines[:2]] == [three["line_id"], one["line_id"]]
    assert draft_lines[2].line_id not in {one["line_id"], two["line_id"], three["line_id"]}


def test_an_activity_that_is_moved_to_another_step_stays_the_same_row(session, draft):
    first = activity("ก", date(2026, 5, 1), 5, 100)
    save(
        draft,
        "2.4",
        steps=[{"line_id": "a" * 32, "name": "หนึ่ง", "activities": [first]}, {"line_id": "b" * 32, "name": "สอง"}],
    )
    save(draft, "2.4", steps=[{"line_id": "b" * 32, "name": "สอง", "activities": [first]}])
    session.expire_all()

    (step,) = draft.current_revision.steps

    assert (step.line_id, [found.line_id for found in step.activities]) == ("b" * 32, [first["line_id"]])
    assert draft.current_revision.budget == 100


def test_a_line_id_given_twice_or_malformed_becomes_a_new_one(draft):
    same = "c" * 32

    save(
        draft,
        "2.2",
        objective=[{"line_id": same, "text": "ก"}, {"line_id": same, "text": "ข"}, {"line_id": "x", "text": "ค"}],
    )
    save(draft, "2.2", target=[{"line_id": same, "text": "ง"}])

    ids = [line.line_id for line in draft.current_revision.lines]
    assert len(set(ids)) == 4
    assert all(len(line_id) == 32 for line_id in ids)


def test_empty_rows_are_not_kept(draft):
    save(draft, "3", contribution_food=[{"text": " ", "detail": ""}, {"text": "อาหารกลางวัน", "detail": "อบต."}])

    assert [line.text for line in draft.current_revision.lines_of("contribution_food")] == ["อาหารกลางวัน"]


def test_what_is_not_given_stays(draft):
    save_all(draft, complete_content(title="ชื่อเดิม"), draft.author)

    save(draft, "2.1", unit_name="หน่วยใหม่")

    assert (draft.current_revision.title, draft.current_revision.unit_name) == ("ชื่อเดิม", "หน่วยใหม่")
    assert draft.current_revision.disabilities == ["intellectual", "learning"]


@pytest.mark.parametrize(
    ("part", "content", "where", "code"),
    [
        ("2.1", {"title": "ก" * 301}, "title", "too_long"),
        ("2.2", {"rationale": "ก" * 20_001}, "rationale", "too_long"),
        ("2.2", {"objective": [{"text": "ก" * 501}]}, "objective.0.text", "too_long"),
        ("2.3", {"amount_asked": Decimal("1000000000")}, "amount_asked", "too_large"),
        ("2.3", {"amount_asked": Decimal("-0.01")}, "amount_asked", "negative"),
        ("2.3", {"amount_asked": Decimal("0.001")}, "amount_asked", "too_many_decimals"),
        ("2.3", {"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}, "ends_on", "ends_before_start"),
        ("2.1", {"disabilities": ["seeing", "other"]}, "disabilities", "no_such_choice"),
        ("1", {"times_asked": 0}, "times_asked", "out_of_range"),
        ("1", {"last_supported_year": 2024}, "last_supported_year", "out_of_range"),
        ("4", {"attachments": [{"kind": "other", "file_id": "x"}]}, "attachments.0.kind_name", "name_needed"),
        ("4", {"attachments": [{"kind": "diary", "file_id": "x"}]}, "attachments.0.kind", "no_such_choice"),
        (
            "2.4",
            {"steps": [{"activities": [{"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}]}]},
            "steps.0.activities.0.ends_on",
            "ends_before_start",
        ),
        ("2.4", {"steps": [{"activities": [{"budget": Decimal("1e12")}]}]}, "steps.0.activities.0.budget", "too_large"),
    ],
)
def test_wrong_content_is_named_by_its_place_and_changes_nothing(draft, part, content, where, code):
    version = draft.version

    assert [(problem.where, problem.code) for problem in problems(part, content)] == [(where, code)]
    with pytest.raises(WrongContent):
        save(draft, part, **content)
    assert draft.version == version


def test_the_longest_allowed_texts_and_amounts_are_kept(draft):
    save(draft, "2.1", title="ก" * 300)
    save(draft, "2.2", rationale="ก" * 20_000, objective=[row("ก" * 500)])
    save(draft, "2.3", amount_asked=Decimal("999999999.99"))

    assert draft.amount_asked == Decimal("999999999.99")
    assert len(draft.title) == 300


@given(st.dictionaries(st.sampled_from(["title", "unit_name"]), st.text(max_size=400)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_any_text_is_either_a_named_problem_or_saved(draft, content):
    if problems("2.1", content):
        with pytest.raises(WrongContent):
            save(draft, "2.1", **content)
    else:
        save(draft, "2.1", **content)
        assert len(draft.current_revision.title) <= 300


def test_a_file_of_somebody_else_cannot_be_attached(draft):
    stranger = make_manager()
    foreign, own = make_file(stranger), make_file(draft.author)

    with pytest.raises(WrongContent) as wrong:
        save(draft, "4", attachments=[{"kind": "expense_table", "file_id": foreign.id}])
    assert [(problem.where, problem.code) for problem in wrong.value.problems] == [
        ("attachments.0.file_id", "not_a_file")
    ]
    save(draft, "4", attachments=[{"kind": "expense_table", "file_id": own.id}])
    assert own.attached_at is not None


def test_a_file_of_another_proposal_cannot_be_attached_by_its_number(session):
    other = make_proposal(author=make_manager())
    file = make_file(other.author)
    save(other, "4", attachments=[{"kind": "expense_table", "file_id": file.id}])
    mine = make_proposal(author=make_manager())

    with pytest.raises(WrongContent):
        save(mine, "4", attachments=[{"kind": "expense_table", "file_id": file.id}])
    save(other, "4", attachments=[{"kind": "training_table", "file_id": file.id}])
    assert [found.kind for found in other.current_revision.attachments] == ["training_table"]


def test_every_save_raises_the_version_and_a_stale_one_is_refused(draft):
    seen = draft.version

    save(draft, "3", contribution_vehicle=[row("รถตู้", "อบต.")])
    assert draft.version > seen
    with pytest.raises(StaleVersion):
        save_part(draft, "3", {}, draft.author, seen)


def test_a_proposal_is_begun_by_members_of_the_organization_only(session):
    organization = make_organization()
    member, outsider = make_member(organization), make_manager()

    assert create_proposal(member, organization).state == "draft"
    with pytest.raises(Refused) as refused:
        create_proposal(outsider, organization)
    assert refused.value.refusal.code == "not_a_member"
    with pytest.raises(Refused) as refused:
        create_proposal(make_staff(), organization)
    assert refused.value.refusal.code == "not_permitted"


def make_staff():
    from tests.factories.core import make_account

    return make_account("staff")


def test_lists_show_the_draft_before_and_the_submitted_title_after_submission(session):
    proposal = make_proposal("returned", author=make_manager(), title="ชื่อที่ส่ง")
    proposal.perform("revise", proposal.author, proposal.version)

    save(proposal, "2.1", title="ชื่อใหม่")

    assert (proposal.title, proposal.current_revision.title) == ("ชื่อที่ส่ง", "ชื่อใหม่")
    proposal.perform("submit", proposal.author, proposal.version)
    assert proposal.title == "ชื่อใหม่"
