"""Two revisions compared field by field, rows matched by identity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from models.fund.compare import _rows, compare
from models.fund.wizard import save_part
from tests.factories.fund import activity, make_file, make_manager, make_proposal, walk


def revised():
    author = make_manager()
    proposal = make_proposal("returned", author=author, title="เดิม")
    proposal.perform("revise", author, proposal.version)
    return proposal, author


def test_a_copy_does_not_differ(session):
    proposal, _ = revised()

    assert compare(*proposal.revisions) == []


def test_fields_rows_sums_and_files_that_differ_are_named(session):
    proposal, author = revised()
    old, new = proposal.revisions
    one, two = ({"line_id": line.line_id, "text": line.text} for line in new.lines_of("objective"))
    file = make_file(author, "ใหม่.pdf")

    def save(part, **content):
        save_part(proposal, part, content, author, proposal.version)

    save("2.1", title="ใหม่", disabilities=["seeing"])
    save("2.2", objective=[{**two, "text": "แก้ไข"}, {"line_id": "e" * 32, "text": "เพิ่ม"}])
    save("2.4", steps=[{"name": "เดียว", "activities": [activity("ก", date(2026, 5, 1), 2, 100)]}])
    save("4", attachments=[{"kind": "expense_table", "file_id": file.id}])
    found = compare(old, new)

    def named(name):
        return [(change.did, change.before, change.after) for change in found if change.name == name]

    assert named("title") == [("changed", "เดิม", "ใหม่")]
    assert named("disabilities") == [("changed", ["intellectual", "learning"], ["seeing"])]
    assert named("budget") == [("changed", Decimal(486500), Decimal(100))]
    rows = [(change.did, change.line_id) for change in found if change.name == "objective"]
    assert rows == [("removed", one["line_id"]), ("changed", two["line_id"]), ("added", "e" * 32)]
    assert [did for did, _, _ in named("activity")] == ["removed", "removed", "removed", "added"]
    assert named("attachment")[0][2]["file"] == "ใหม่.pdf"


def test_the_organization_that_changed_between_two_submissions_shows(session):
    proposal, _ = revised()
    proposal.organization.name = "ชื่อใหม่"
    session.flush()

    (change,) = compare(*proposal.revisions)

    assert (change.name, change.after) == ("organization.name", "ชื่อใหม่")


def test_moved_rows_are_told_and_those_that_stayed_are_not(session):
    proposal, author = revised()
    old, new = proposal.revisions
    one, two = ({"line_id": line.line_id, "text": line.text} for line in new.lines_of("objective"))

    save_part(proposal, "2.2", {"objective": [two, one]}, author, proposal.version)
    (change,) = compare(old, new)

    assert (change.name, change.did, change.is_moved) == ("objective", "moved", True)
    assert change.places in ((1, 2), (2, 1))


def test_a_file_that_took_the_place_of_another_is_told_as_one_change(session):
    author = make_manager()
    first, second, extra = (make_file(author, f"{name}.pdf") for name in ("เดิม", "ใหม่", "อีกหนึ่ง"))
    proposal = make_proposal("draft", author=author)

    def attach(*files):
        rows = [{"kind": "expense_table", "file_id": file.id} for file in files]
        save_part(proposal, "4", {"attachments": rows}, author, proposal.version)

    attach(first)
    walk(proposal, "returned")
    proposal.perform("revise", author, proposal.version)
    attach(second, extra)
    found = [change for change in compare(*proposal.revisions) if change.name == "attachment"]

    assert [(change.did, (change.before or {}).get("file"), change.after["file"]) for change in found] == [
        ("replaced", "เดิม.pdf", "ใหม่.pdf"),
        ("added", None, "อีกหนึ่ง.pdf"),
    ]


def test_a_step_with_another_name_does_not_change_its_activities(session):
    proposal, author = revised()
    old, new = proposal.revisions
    steps = [
        {
            "line_id": step.line_id,
            "name": f"{step.name} (แก้)",
            "activities": [
                {
                    "line_id": a.line_id,
                    "name": a.name,
                    "detail": a.detail,
                    "starts_on": a.starts_on,
                    "ends_on": a.ends_on,
                    "budget": a.budget,
                }
                for a in step.activities
            ],
        }
        for step in new.steps
    ]

    save_part(proposal, "2.4", {"steps": steps}, author, proposal.version)

    assert {change.name for change in compare(old, new)} == {"step"}


def test_with_everything_what_is_the_same_stands_there_too(session):
    proposal, _ = revised()

    found = compare(*proposal.revisions, everything=True)

    assert {change.did for change in found} == {"same"}
    assert {"title", "objective", "activity", "organization.name"} <= {change.name for change in found}


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 9), unique=True))
def test_every_row_is_told_once_and_moved_rows_explain_the_order(old, new):
    was = {str(key): {"text": str(key)} for key in old}
    now = {str(key): {"text": str(key)} for key in new}

    found = list(_rows("2.2", "objective", was, now))

    assert sorted(change.line_id for change in found) == sorted(was.keys() | now.keys())
    stayed = [change.line_id for change in found if change.did == "same"]
    assert stayed == [key for key in was if key in stayed]
    assert [change.line_id for change in found if change.after is not None] == list(now)
