"""A new proposal from an earlier one: what comes along, what does not, and from whose."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import audit
from models.core.db import db
from models.core.file import may_read
from models.core.workflow import Refused
from models.fund.bringing import ACHIEVEMENTS, CHOICES, bring_forward, later, sources
from models.fund.codes import MANAGER, MEMBER, State
from models.fund.compare import compare
from models.fund.wizard import missing, save_part
from tests.factories.core import make_account
from tests.factories.fund import make_file, make_member, make_organization, make_proposal, manager_of

EVERYTHING = frozenset(CHOICES)


@pytest.fixture
def source(session):
    return make_proposal(State.APPROVED)


def content_changes(one, other):
    """What differs between two drafts but for the identities of their rows."""
    found = compare(one, other)
    fields = [change.name for change in found if not change.line_id]
    rows = {}
    for change in found:
        if change.line_id:
            values = {k: v for k, v in (change.before or change.after).items() if k != "step_id"}
            rows.setdefault((change.name, str(sorted(values.items(), key=str))), []).append(change.did)
    return fields, {key: dids for key, dids in rows.items() if sorted(dids) != ["added", "removed"]}


def test_everything_comes_along_under_identities_of_its_own(source):
    proposal = bring_forward(source, source.author, EVERYTHING)
    old, new = source.current_revision, proposal.current_revision

    fields, rows = content_changes(old, new)

    assert rows == {}
    assert set(fields) <= {"asked_before", "times_asked", "last_supported_year", "last_project"}
    assert {line.line_id for line in old.lines}.isdisjoint(line.line_id for line in new.lines)
    assert (proposal.number, proposal.state, new.number, new.is_submitted) == ("", State.DRAFT, 1, False)
    assert missing(new) == {}
    assert (new.budget, new.duration_days) == (old.budget, old.duration_days)
    assert (proposal.origin_id, proposal.origin_revision) == (source.id, old.number)
    assert proposal.title == source.title


@pytest.mark.parametrize("choice", CHOICES)
def test_only_what_is_chosen_comes_along(source, choice):
    save_years = source.current_revision
    proposal = bring_forward(source, source.author, {choice})
    new = proposal.current_revision

    has = {
        "1": bool(new.lines_of("current_activity") or new.asked_before),
        ACHIEVEMENTS: bool(new.achievements) or not save_years.achievements,
        "2.1": bool(new.title),
        "2.2": bool(new.rationale),
        "2.3": bool(new.method),
        "2.4": bool(new.steps),
        "3": bool(new.lines_of("contribution_place")),
        "4": bool(new.attachments) or not save_years.attachments,
    }
    assert has[choice]
    assert [part for part in ("1", "2.1", "2.2", "2.3", "2.4", "3") if has[part]] == (
        [choice] if choice not in (ACHIEVEMENTS, "4") else []
    )


def test_dates_move_on_by_whole_years(source):
    old = source.current_revision
    new = bring_forward(source, source.author, {"2.3", "2.4"}, years=2).current_revision

    assert new.starts_on == later(old.starts_on, 2)
    assert [a.starts_on for step in new.steps for a in step.activities] == [
        later(a.starts_on, 2) for step in old.steps for a in step.activities
    ]
    assert new.span_starts_on == later(old.span_starts_on, 2)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 10))
def test_a_day_some_years_on_keeps_month_and_day_but_for_the_29th_of_february(day, years):
    moved = later(day, years)

    assert moved.year == day.year + years
    assert (moved.month, moved.day) == (day.month, day.day) or (day.month, day.day, moved.day) == (2, 29, 28)


def test_part_one_speaks_of_the_earlier_support(source):
    new = bring_forward(source, source.author, {"1"}).current_revision

    assert new.asked_before is True
    assert new.last_supported_year == source.fiscal_year
    assert new.last_project == source.title


def test_a_draft_that_was_never_sent_says_nothing_of_support(session):
    source = make_proposal()
    was = source.current_revision.asked_before

    assert bring_forward(source, source.author, {"1"}).current_revision.asked_before is was


def test_files_are_named_again_and_read_by_whoever_reads_either(session):
    source = make_proposal()
    file = make_file(source.author, "ตาราง.pdf")
    rows = [{"kind": "expense_table", "file_id": file.id}]
    save_part(source, "4", {"attachments": rows}, source.author, source.version)

    proposal = bring_forward(source, source.author, {"4"})
    save_part(source, "4", {"attachments": []}, source.author, source.version)

    assert [row.file_id for row in proposal.current_revision.attachments] == [file.id]
    assert may_read(source.author, file)
    assert may_read(manager_of(source.organization), file)
    assert not may_read(make_member(make_organization()), file)
    assert not may_read(make_account("staff"), file)
    save_part(proposal, "2.1", {"title": "ชื่อใหม่"}, source.author, proposal.version)
    assert may_read(source.author, file)


def test_one_copies_what_one_may_write_and_nothing_else(source):
    ours = source.organization
    colleague, manager = make_member(ours, MEMBER), make_member(ours, MANAGER)
    strangers = [colleague, make_member(make_organization(), MANAGER), make_account("staff")]

    for stranger in strangers:
        assert db.session.scalars(sources(stranger)).all() == []
        with pytest.raises(Refused):
            bring_forward(source, stranger, {"2.1"})
    assert bring_forward(source, manager, {"2.1"}).author is manager


def test_nothing_chosen_begins_nothing(source):
    with pytest.raises(Refused) as refused:
        bring_forward(source, source.author, set())

    assert refused.value.refusal.code == "nothing_chosen"


def test_the_log_says_where_the_draft_came_from(source):
    proposal = bring_forward(source, source.author, {"2.1", "4"})
    db.session.commit()

    notes = [note for entry in audit.history_of(proposal) for note in (entry.payload or {}).get("notes", ())]
    assert {"action": "fund_proposal.bring_forward", "source": source.id, "parts": ["2.1", "4"]} in notes
