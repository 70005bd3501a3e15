"""How the typed content of a part becomes columns and rows of the draft (spec: fund.md 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models.core.db import db
from models.core.file import StoredFile, staged_by
from models.core.thai.text import clean_block, clean_line
from models.fund.codes import ATTACHMENT_PURPOSE, PARTS
from models.fund.kinds import OTHER_DOCUMENT, disability_kinds, document_kinds, has_amount, line_kinds
from models.fund.revision import Activity, Attachment, Disability, Line, Revision, Step, new_line_id
from models.fund.wizard.check import TEXTS, Problem, WrongContent, problems

if TYPE_CHECKING:
    from models.core.identity import Account
    from models.fund.proposal import Proposal

_BLOCKS = frozenset({"achievements", "problems_met", "rationale", "method", "detail"})
_PLAIN: dict[str, tuple[str, ...]] = {
    "1": ("asked_before", "times_asked", "last_supported_year"),
    "2.1": ("is_research",),
    "2.3": ("starts_on", "ends_on", "amount_asked"),
}


def save_part(
    proposal: Proposal, part: str, content: Mapping[str, Any], by: Account, version: int | str | None
) -> None:
    """Save one part of the draft; the caller commits. `version` is the proposal's, which every save raises.

    Typed content in: texts, dates, Decimal baht, bool or None by the revision's column names; `disabilities` a list of
    codes; each list by its kind, [{line_id, text, detail, amount}]; 2.4 as `steps`, [{line_id, name, activities:
    [{line_id, name, detail, starts_on, ends_on, budget}]}]; 4 as `attachments`, [{line_id, kind, kind_name, file_id}].
    A list that is given replaces what was there, rows matched by line_id; what is not given stays.
    Raises Refused, StaleVersion, or WrongContent (before anything is changed).
    """
    if part not in PARTS:
        raise ValueError(f"The wizard has no part {part}.")
    if found := problems(part, content):
        raise WrongContent(found)
    proposal.perform("save", by, version, part=part, content=content)


def write_part(revision: Revision, part: str, content: Mapping[str, Any], by: Account) -> None:
    """Write the typed content of a part into the revision's columns and rows; for the move `save`."""
    if found := problems(part, content) + _retired(revision, content) + _files_wrong(revision, content, by):
        raise WrongContent(found)
    for field in TEXTS[part]:
        if field in content:
            setattr(revision, field, _cleaned(field, content[field]))
    for field in _PLAIN.get(part, ()):
        if field in content:
            setattr(revision, field, content[field])
    if part == "1" and revision.asked_before is False:
        revision.times_asked = revision.last_supported_year = None
        revision.last_project = revision.problems_met = ""
    if "disabilities" in content and part == "2.1":
        _write_disabilities(revision, content["disabilities"])
    for kind in line_kinds(part, revision):
        if kind in content:
            _write_lines(revision, kind, content[kind])
    if part == "2.4" and "steps" in content:
        _write_steps(revision, content["steps"])
        revision.compute_totals()
    if part == "4" and "attachments" in content:
        _write_attachments(revision, content["attachments"])


def _cleaned(field: str, text: str | None) -> str:
    return clean_block(text or "") if field in _BLOCKS else clean_line(text or "")


_LINE_ID = re.compile(r"[0-9a-f]{32}\Z")


def _line_ids(rows: Iterable[Mapping[str, Any]], taken: Iterable[str] = ()) -> list[str]:
    """The identity of each typed row: its own where it is a proper one not used before, else a new one."""
    used = set(taken)
    found = []
    for row in rows:
        line_id = str(row.get("line_id") or "")
        if not _LINE_ID.match(line_id) or line_id in used:
            line_id = new_line_id()
        used.add(line_id)
        found.append(line_id)
    return found


def _write_disabilities(revision: Revision, kinds: Iterable[str]) -> None:
    wanted = set(kinds)
    for row in [row for row in revision.disability_rows if row.kind not in wanted]:
        revision.disability_rows.remove(row)
    for kind in sorted(wanted - {row.kind for row in revision.disability_rows}):
        revision.disability_rows.append(Disability(kind=kind))


def _write_lines(revision: Revision, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    typed = [row for row in rows if _says_something(row)]
    known = {line.line_id: line for line in revision.lines_of(kind)}
    others = [line.line_id for line in revision.lines if line.kind != kind]
    line_ids = _line_ids(typed, others)
    for line_id in known.keys() - set(line_ids):
        revision.lines.remove(known[line_id])
    for position, (line_id, row) in enumerate(zip(line_ids, typed, strict=True)):
        line = known.get(line_id)
        if line is None:
            line = Line(line_id=line_id, kind=kind)
            revision.lines.append(line)
        line.position = position
        line.text = _cleaned("text", row.get("text"))
        line.detail = clean_line(row.get("detail") or "")
        line.amount = row.get("amount") if has_amount(kind) else None


def _says_something(row: Mapping[str, Any]) -> bool:
    return bool(clean_line(row.get("text") or "") or clean_line(row.get("detail") or "") or row.get("amount"))


def _write_steps(revision: Revision, rows: Iterable[Mapping[str, Any]]) -> None:
    typed = list(rows)
    steps = {step.line_id: step for step in revision.steps}
    activities = {activity.line_id: activity for step in revision.steps for activity in step.activities}
    line_ids = _line_ids(typed)
    flat = [activity for row in typed for activity in row.get("activities", ())]
    activity_ids = iter(_line_ids(flat))
    kept: set[str] = set()
    for position, (line_id, row) in enumerate(zip(line_ids, typed, strict=True)):
        step = steps.get(line_id)
        if step is None:
            step = Step(line_id=line_id)
            revision.steps.append(step)
        step.position, step.name = position, _cleaned("name", row.get("name"))
        for place, typed_activity in enumerate(row.get("activities", ())):
            activity_id = next(activity_ids)
            kept.add(activity_id)
            activity = activities.get(activity_id)
            if activity is None:
                activity = Activity(line_id=activity_id, revision=revision)
                step.activities.append(activity)
            elif activity.step is not step:
                # The row moves to another step: handed over, not deleted by the step that loses it.
                activity.step = step
            _write_activity(activity, place, typed_activity)
    for activity_id in activities.keys() - kept:
        lost = activities[activity_id]
        lost.step.activities.remove(lost)
    for line_id in steps.keys() - set(line_ids):
        revision.steps.remove(steps[line_id])


def _write_activity(activity: Activity, position: int, typed: Mapping[str, Any]) -> None:
    activity.position = position
    activity.name = _cleaned("name", typed.get("name"))
    activity.detail = _cleaned("detail", typed.get("detail"))
    activity.starts_on, activity.ends_on = typed.get("starts_on"), typed.get("ends_on")
    activity.budget = typed.get("budget") or Decimal(0)


def _retired(revision: Revision, content: Mapping[str, Any]) -> list[Problem]:
    """Kinds that can be chosen no more and that this revision has not had before."""
    open_kinds = disability_kinds(revision)
    found = [
        Problem("disabilities", "no_such_choice", {"choice": kind})
        for kind in content.get("disabilities", ())
        if kind not in open_kinds
    ]
    documents = document_kinds(revision)
    return found + [
        Problem(f"attachments.{index}.kind", "no_such_choice", {"choice": row["kind"]})
        for index, row in enumerate(content.get("attachments", ()))
        if row["kind"] not in documents
    ]


def _files_wrong(revision: Revision, content: Mapping[str, Any], by: Account) -> list[Problem]:
    """Files that are neither the user's own in staging nor on this proposal already: nobody attaches another's file."""
    rows = list(content.get("attachments", ()))
    if not rows:
        return []
    own = select(Attachment.file_id).join(Revision).where(Revision.proposal_id == revision.proposal_id)
    known = set(db.session.scalars(own))
    return [
        Problem(f"attachments.{index}.file_id", "not_a_file", {})
        for index, row in enumerate(rows)
        if row["file_id"] not in known and staged_by(by, row["file_id"], ATTACHMENT_PURPOSE) is None
    ]


def _write_attachments(revision: Revision, rows: Iterable[Mapping[str, Any]]) -> None:
    typed = list(rows)
    known = {attachment.line_id: attachment for attachment in revision.attachments}
    line_ids = _line_ids(typed)
    for line_id in known.keys() - set(line_ids):
        revision.attachments.remove(known[line_id])
    for position, (line_id, row) in enumerate(zip(line_ids, typed, strict=True)):
        attachment = known.get(line_id)
        if attachment is None:
            attachment = Attachment(line_id=line_id)
            revision.attachments.append(attachment)
        attachment.kind, attachment.position = row["kind"], position
        attachment.kind_name = clean_line(row.get("kind_name") or "") if row["kind"] == OTHER_DOCUMENT else ""
        attachment.file_id = row["file_id"]
        file = db.session.get(StoredFile, row["file_id"])
        if file is not None:
            file.attach()
