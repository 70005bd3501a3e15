"""Revisions: numbers, immutability, copies."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.core.audit import history_of
from models.core.clock import frozen_at
from models.fund.codes import State
from models.fund.revision import FrozenRevision, Line
from models.fund.wizard import save_part
from tests.factories.fund import make_file, make_manager, make_proposal, row

S = State


@pytest.mark.parametrize(
    "change",
    [
        lambda revision: setattr(revision, "title", "เปลี่ยน"),
        lambda revision: setattr(revision, "budget", 1),
        lambda revision: setattr(revision, "submitted_at", None),
        lambda revision: setattr(revision, "organization_snapshot", {"name": "อื่น"}),
        lambda revision: setattr(revision.lines[0], "text", "เปลี่ยน"),
        lambda revision: setattr(revision.steps[0].activities[0], "budget", 1),
        lambda revision: setattr(revision.steps[0], "name", "เปลี่ยน"),
        lambda revision: revision.lines.append(Line(kind="objective", text="เพิ่ม")),
        lambda revision: revision.lines.pop(),
        lambda revision: revision.steps[0].activities.pop(),
        lambda revision: revision.disability_rows.pop(),
        lambda revision: revision.proposal.revisions.remove(revision),
    ],
)
def test_nothing_of_a_submitted_revision_can_be_changed(session, change):
    proposal = make_proposal(S.SCREENING)

    change(proposal.submitted_revision)

    with pytest.raises(FrozenRevision):
        session.flush()


def test_a_draft_of_a_later_revision_can_be_changed_while_the_submitted_one_stays(session):
    proposal = make_proposal(S.RETURNED, author=make_manager(), title="เดิม")
    proposal.perform("revise", proposal.author, proposal.version)

    save_part(proposal, "2.1", {"title": "ใหม่"}, proposal.author, proposal.version)
    session.expire_all()

    assert [(r.number, r.title, r.is_submitted) for r in proposal.revisions] == [(1, "เดิม", True), (2, "ใหม่", False)]


def test_a_new_revision_is_a_copy_with_the_same_line_ids_and_no_results(session):
    author = make_manager()
    proposal = make_proposal(author=author)
    file = make_file(author)
    save_part(
        proposal,
        "4",
        {"attachments": [{"kind": "other", "kind_name": "แผนที่", "file_id": file.id}]},
        author,
        proposal.version,
    )
    from tests.factories.fund import walk

    walk(proposal, S.RETURNED)
    proposal.perform("revise", author, proposal.version)
    session.expire_all()
    old, new = proposal.revisions

    def content(revision):
        lines = sorted((line.line_id, line.kind, line.text, line.amount) for line in revision.lines)
        steps = [(s.line_id, s.name, [(a.line_id, a.name, a.budget) for a in s.activities]) for s in revision.steps]
        files = [(f.line_id, f.kind, f.kind_name, f.file_id) for f in revision.attachments]
        return revision.title, revision.rationale, revision.budget, revision.disabilities, lines, steps, files

    assert content(new) == content(old)
    assert (old.screening_result, new.screening_result) == ("documents", None)
    assert (new.number, new.submitted_at, new.organization_snapshot) == (2, None, None)


def test_saving_never_counts_as_a_revision_and_submitting_does(session):
    author = make_manager()
    proposal = make_proposal(author=author)
    assert (proposal.revision_number, len(proposal.revisions)) == (0, 1)

    for expected in (1, 2, 3):
        save_part(proposal, "2.1", {"unit_name": f"ฝ่าย {expected}"}, author, proposal.version)
        proposal.perform("submit", author, proposal.version)
        assert proposal.revision_number == expected
        return_and_revise(proposal, author)

    assert [revision.number for revision in proposal.revisions] == [1, 2, 3, 4]


def return_and_revise(proposal, author):
    from tests.factories.core import make_account
    from tests.factories.fund import screen

    screen(proposal, make_account("staff"), "fail")
    proposal.perform("revise", author, proposal.version)


def test_the_organization_is_live_in_a_draft_and_frozen_at_submission(session):
    author = make_manager()
    proposal = make_proposal(author=author)
    organization = proposal.organization

    organization.name = "ชื่อก่อนส่ง"
    session.flush()
    assert proposal.current_revision.organization_data["name"] == "ชื่อก่อนส่ง"
    proposal.perform("submit", author, proposal.version)
    organization.name = "ชื่อหลังส่ง"
    session.flush()

    assert proposal.submitted_revision.organization_data["name"] == "ชื่อก่อนส่ง"
    session.refresh(proposal)
    assert proposal.organization_sort == organization.name_sort


def test_a_new_revision_starts_again_at_screening_and_results_stay_with_the_one_they_judged(session):
    from tests.factories.fund import Cast, score, walk

    cast = Cast()
    author = make_manager()
    proposal = make_proposal(S.AGENDA_GROUP, author=author, cast=cast)
    score(proposal, cast.staff, 2)
    assert (proposal.state, proposal.screening_status, proposal.group_status) == (S.RETURNED, "passed", "failed")

    proposal.perform("revise", author, proposal.version)
    assert proposal.group_status == "failed"
    proposal.perform("submit", author, proposal.version)

    assert (proposal.screening_status, proposal.group_status, proposal.group_points) == ("waiting", "none", None)
    first, second = proposal.revisions
    assert (first.group_result, first.group_points, second.group_result) == ("fail", 20, None)
    walk(proposal, S.APPROVED, cast)
    assert (first.board_result, second.board_result) == (None, "approved")


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2025, 9, 30, 16, 59, tzinfo=UTC), 2568),  # 23.59 in Bangkok
        (datetime(2025, 9, 30, 17, 0, tzinfo=UTC), 2569),  # midnight of 1 October
    ],
)
def test_the_number_is_of_the_fiscal_year_that_begins_on_1_october_in_bangkok(session, moment, year):
    with frozen_at(moment):
        first, second = make_proposal(S.SCREENING), make_proposal(S.SCREENING)

    assert first.fiscal_year == second.fiscal_year == year
    assert second.sequence == first.sequence + 1
    assert first.number == f"{year}-{first.sequence:04d}"


def test_a_proposal_keeps_its_number_over_its_revisions(session):
    author = make_manager()
    proposal = make_proposal(S.RETURNED, author=author)
    number, first = proposal.number, proposal.first_submitted_at

    proposal.perform("revise", author, proposal.version)
    proposal.perform("submit", author, proposal.version)

    assert (proposal.number, proposal.first_submitted_at) == (number, first)
    assert proposal.submitted_at >= first


def test_one_save_makes_one_entry_in_the_history_with_what_changed_in_it(session):
    author = make_manager()
    proposal = make_proposal(author=author)
    session.commit()
    before = len(history_of(proposal))

    save_part(proposal, "2.2", {"objective": [row("ใหม่")], "rationale": "เหตุผลใหม่"}, author, proposal.version)
    session.commit()

    entries = history_of(proposal)
    assert len(entries) == before + 1
    assert entries[0].action == "fund_proposal.save"
    assert {change["in"] for change in entries[0].payload["changes"]} >= {"fund_revision", "fund_line"}
