"""The wizard's parts: what is missing, what is wrong, how typed content becomes rows (spec: fund.md 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models.core.db import db
from models.core.file import StoredFile, staged_by
from models.core.thai.text import clean_block, clean_line
from models.fund.codes import (
    AMOUNT_KINDS,
    ATTACHMENT_KINDS,
    ATTACHMENT_PURPOSE,
    DISABILITIES,
    EMAIL_LENGTH,
    LARGEST_AMOUNT,
    LINE_KINDS,
    LONG_LENGTH,
    NAME_LENGTH,
    PARTS,
    PHONE_LENGTH,
    SHORT_LENGTH,
)
from models.fund.revision import Activity, Attachment, Disability, Line, Revision, Step, new_line_id

if TYPE_CHECKING:
    from models.core.identity import Account
    from models.fund.proposal import Proposal

__all__ = ["PARTS", "Problem", "WrongContent", "copy_revision", "missing", "problems", "save_part", "write_part"]


# --- what is missing ---------------------------------------------------------------------------------------------------


def missing(revision: Revision) -> dict[str, list[str]]:
    """What keeps a draft from being complete: part -> codes of what is required and absent; {} when complete."""
    found = {part: _MISSING[part](revision) for part in PARTS}
    return {part: codes for part, codes in found.items() if codes}


def _empty(revision: Revision, *fields: str) -> list[str]:
    return [field for field in fields if not getattr(revision, field)]


def _no_lines(revision: Revision, *kinds: str) -> list[str]:
    return [kind for kind in kinds if not any(line.text for line in revision.lines_of(kind))]


def _missing_1(revision: Revision) -> list[str]:
    if revision.asked_before is None:
        return ["asked_before"]
    return ["times_asked"] if revision.asked_before and not revision.times_asked else []


def _missing_2_1(revision: Revision) -> list[str]:
    unit = ("unit_name", "unit_phone", "unit_email")
    coordinator = ("coordinator_name", "coordinator_phone", "coordinator_email")
    return _empty(revision, "title", "disabilities", *unit, *coordinator)


def _missing_2_2(revision: Revision) -> list[str]:
    return _empty(revision, "rationale") + _no_lines(revision, "objective", "target", "indicator", "output")


def _missing_2_3(revision: Revision) -> list[str]:
    period = [] if revision.starts_on and revision.ends_on else ["period"]
    return _no_lines(revision, "place") + period + _empty(revision, "method", "amount_asked")


def _missing_2_4(revision: Revision) -> list[str]:
    if not revision.steps:
        return ["steps"]
    activities = [activity for step in revision.steps for activity in step.activities]
    codes = {
        "step_name": any(not step.name for step in revision.steps),
        "activities": any(not step.activities for step in revision.steps),
        "activity_name": any(not activity.name for activity in activities),
        "activity_dates": any(not (activity.starts_on and activity.ends_on) for activity in activities),
        "budget_note": revision.budget_difference != 0 and not revision.budget_note,
    }
    return [code for code, is_missing in codes.items() if is_missing]


def _missing_3(_revision: Revision) -> list[str]:
    return []


def _missing_4(revision: Revision) -> list[str]:
    return ["research_outline"] if revision.is_research and not revision.attachments_of("research_outline") else []


_MISSING: dict[str, Callable[[Revision], list[str]]] = {
    "1": _missing_1,
    "2.1": _missing_2_1,
    "2.2": _missing_2_2,
    "2.3": _missing_2_3,
    "2.4": _missing_2_4,
    "3": _missing_3,
    "4": _missing_4,
}


# --- what is wrong -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What is wrong with typed content: where (as in `steps.0.activities.2.ends_on`), a code, and its values."""

    where: str
    code: str  # too_long, too_large, negative, ends_before_start, no_such_choice, not_a_file, name_needed, out_of_range
    values: Mapping[str, Any]


class WrongContent(Exception):
    """Content that breaks a rule reached the model; forms ask `problems` first, so that a person is told in place."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.where}: {problem.code}" for problem in found))
        self.problems = found


_TEXTS: dict[str, dict[str, int]] = {
    "1": {"achievements": LONG_LENGTH, "last_project": NAME_LENGTH, "problems_met": LONG_LENGTH},
    "2.1": {
        "title": NAME_LENGTH,
        "unit_name": NAME_LENGTH,
        "unit_phone": PHONE_LENGTH,
        "unit_email": EMAIL_LENGTH,
        "coordinator_name": NAME_LENGTH,
        "coordinator_phone": PHONE_LENGTH,
        "coordinator_email": EMAIL_LENGTH,
    },
    "2.2": {"rationale": LONG_LENGTH},
    "2.3": {"method": LONG_LENGTH},
    "2.4": {"budget_note": SHORT_LENGTH},
    "3": {},
    "4": {},
}
_BLOCKS = frozenset({"achievements", "problems_met", "rationale", "method", "detail"})
_PLAIN: dict[str, tuple[str, ...]] = {
    "1": ("asked_before", "times_asked", "last_supported_year"),
    "2.1": ("is_research",),
    "2.3": ("starts_on", "ends_on", "amount_asked"),
}


def problems(part: str, content: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the typed content of a part; [] when it may be saved. Shapes: see `save_part`."""
    found = [
        *_texts_wrong("", content, _TEXTS[part]),
        *_period_wrong("", content),
        *_amount_wrong("amount_asked", content.get("amount_asked")),
    ]
    times, year = content.get("times_asked"), content.get("last_supported_year")
    if times is not None and not 1 <= times <= 1000:
        found.append(Problem("times_asked", "out_of_range", {"lowest": 1, "highest": 1000}))
    if year is not None and not 2400 <= year <= 2800:
        found.append(Problem("last_supported_year", "out_of_range", {"lowest": 2400, "highest": 2800}))
    found += [
        Problem("disabilities", "no_such_choice", {"choice": kind})
        for kind in content.get("disabilities", ())
        if kind not in DISABILITIES
    ]
    for kind in LINE_KINDS.get(part, ()):
        for index, row in enumerate(content.get(kind, ())):
            where = f"{kind}.{index}."
            found += _texts_wrong(where, row, {"text": SHORT_LENGTH, "detail": SHORT_LENGTH})
            found += _amount_wrong(f"{where}amount", row.get("amount"))
    for index, step in enumerate(content.get("steps", ())):
        found += _step_wrong(f"steps.{index}.", step)
    for index, row in enumerate(content.get("attachments", ())):
        found += _attachment_wrong(f"attachments.{index}.", row)
    return found


def _texts_wrong(where: str, row: Mapping[str, Any], lengths: Mapping[str, int]) -> Iterable[Problem]:
    for field, longest in lengths.items():
        length = len(row.get(field) or "")
        if length > longest:
            yield Problem(f"{where}{field}", "too_long", {"longest": longest, "length": length})


def _amount_wrong(where: str, amount: Decimal | None) -> Iterable[Problem]:
    if amount is None:
        return
    if not amount.is_finite() or amount < 0:
        yield Problem(where, "negative", {})
    elif amount > LARGEST_AMOUNT:
        yield Problem(where, "too_large", {"largest": LARGEST_AMOUNT})
    elif amount != amount.quantize(Decimal("0.01")):
        yield Problem(where, "too_many_decimals", {})


def _period_wrong(where: str, row: Mapping[str, Any]) -> Iterable[Problem]:
    start: date | None = row.get("starts_on")
    end: date | None = row.get("ends_on")
    if start is not None and end is not None and end < start:
        yield Problem(f"{where}ends_on", "ends_before_start", {})


def _step_wrong(where: str, step: Mapping[str, Any]) -> Iterable[Problem]:
    yield from _texts_wrong(where, step, {"name": NAME_LENGTH})
    for index, activity in enumerate(step.get("activities", ())):
        inner = f"{where}activities.{index}."
        yield from _texts_wrong(inner, activity, {"name": NAME_LENGTH, "detail": LONG_LENGTH})
        yield from _period_wrong(inner, activity)
        yield from _amount_wrong(f"{inner}budget", activity.get("budget"))


def _attachment_wrong(where: str, row: Mapping[str, Any]) -> Iterable[Problem]:
    if row.get("kind") not in ATTACHMENT_KINDS:
        yield Problem(f"{where}kind", "no_such_choice", {"choice": row.get("kind")})
    elif row["kind"] == "other" and not clean_line(row.get("kind_name") or ""):
        yield Problem(f"{where}kind_name", "name_needed", {})
    yield from _texts_wrong(where, row, {"kind_name": NAME_LENGTH})
    if not row.get("file_id"):
        yield Problem(f"{where}file_id", "not_a_file", {})


# --- saving ------------------------------------------------------------------------------------------------------------


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
    if found := problems(part, content) + _files_wrong(revision, content, by):
        raise WrongContent(found)
    for field in _TEXTS[part]:
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
    for kind in LINE_KINDS.get(part, ()):
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
        line.amount = row.get("amount") if kind in AMOUNT_KINDS or kind == "contribution_budget" else None


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
                activity.step = step
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
        attachment.kind_name = clean_line(row.get("kind_name") or "") if row["kind"] == "other" else ""
        attachment.file_id = row["file_id"]
        file = db.session.get(StoredFile, row["file_id"])
        if file is not None:
            file.attach()


# --- the next revision -------------------------------------------------------------------------------------------------

_NOT_COPIED = {"id", "version", "number", "created_at", "saved_at", "submitted_at", "submitted_by_id"} | {
    "organization_snapshot"
}


def copy_revision(source: Revision) -> Revision:
    """The next revision of the same proposal: all content, rows with their line ids and files, no results."""
    skipped = _NOT_COPIED | (Revision.RESULT_COLUMNS - {"version"})
    copy = Revision(**_columns(source, skipped), number=source.number + 1)
    copy.proposal = source.proposal
    copy.disability_rows = [Disability(kind=row.kind) for row in source.disability_rows]
    copy.lines = [Line(**_columns(line, {"id", "revision_id"})) for line in source.lines]
    copy.attachments = [Attachment(**_columns(row, {"id", "revision_id"})) for row in source.attachments]
    for step in source.steps:
        new_step = Step(**_columns(step, {"id", "revision_id"}))
        copy.steps.append(new_step)
        new_step.activities = [
            Activity(**_columns(activity, {"id", "revision_id", "step_id"}), revision=copy)
            for activity in step.activities
        ]
    return copy


def _columns(record: Any, but: Iterable[str]) -> dict[str, Any]:
    keys = {attribute.key for attribute in db.inspect(type(record)).column_attrs}
    return {key: getattr(record, key) for key in keys - set(but)}
