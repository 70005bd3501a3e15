"""Two revisions compared field by field, rows matched by identity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from models.fund.compare import compare
from models.fund.wizard import save_part
from tests.factories.fund import activity, make_file, make_manager, make_proposal


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
