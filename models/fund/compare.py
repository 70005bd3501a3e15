"""What differs between two revisions: field by field, rows matched by their line id, files (spec: fund.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.fund.codes import LINE_KINDS, PART_FIELDS, PARTS
from models.fund.revision import Revision

CHANGED, ADDED, REMOVED = "changed", "added", "removed"

# What a part says in columns: what is typed there, and the sums that follow from the steps.
FIELDS = {**PART_FIELDS, "2.4": ("budget", "duration_days", "span_starts_on", "span_ends_on", "budget_note")}
_Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One difference: a field, or a row of a list that was changed, added or removed.

    `name` is a column, a kind of line, "step", "activity" or "attachment"; `before` and `after` are values of a field,
    or of a row its columns by name (None where there is no such row). `line_id` is empty for a field.
    """

    part: str
    name: str
    did: str
    before: Any
    after: Any
    line_id: str = ""


def compare(old: Revision, new: Revision) -> list[Change]:
    """Every difference between two revisions, in the order of the form; [] when the content is the same."""
    return [change for part in PARTS for change in _part(part, old, new)]


def _part(part: str, old: Revision, new: Revision) -> Iterable[Change]:
    if part == "1":
        before, after = old.organization_data, new.organization_data
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) != after.get(key):
                yield Change(part, f"organization.{key}", CHANGED, before.get(key), after.get(key))
    for field in FIELDS[part]:
        was, is_now = getattr(old, field), getattr(new, field)
        if was != is_now:
            yield Change(part, field, CHANGED, was, is_now)
    for kind in LINE_KINDS.get(part, ()):
        yield from _rows(part, kind, _lines(old, kind), _lines(new, kind))
    for name, read in _LISTS.get(part, {}).items():
        yield from _rows(part, name, read(old), read(new))


def _lines(revision: Revision, kind: str) -> dict[str, _Row]:
    return {
        line.line_id: {"text": line.text, "detail": line.detail, "amount": line.amount}
        for line in revision.lines_of(kind)
    }


def _steps(revision: Revision) -> dict[str, _Row]:
    return {step.line_id: {"name": step.name} for step in revision.steps}


def _activities(revision: Revision) -> dict[str, _Row]:
    return {
        activity.line_id: {
            "step": step.name,
            "name": activity.name,
            "detail": activity.detail,
            "starts_on": activity.starts_on,
            "ends_on": activity.ends_on,
            "budget": activity.budget,
        }
        for step in revision.steps
        for activity in step.activities
    }


def _attachments(revision: Revision) -> dict[str, _Row]:
    return {
        row.line_id: {"kind": row.kind, "kind_name": row.kind_name, "file_id": row.file_id, "file": row.file.name}
        for row in revision.attachments
    }


_LISTS: dict[str, dict[str, Callable[[Revision], dict[str, _Row]]]] = {
    "2.4": {"step": _steps, "activity": _activities},
    "4": {"attachment": _attachments},
}


def _rows(part: str, name: str, old: dict[str, _Row], new: dict[str, _Row]) -> Iterable[Change]:
    for line_id in [*old, *(line_id for line_id in new if line_id not in old)]:
        before, after = old.get(line_id), new.get(line_id)
        if before != after:
            did = ADDED if before is None else REMOVED if after is None else CHANGED
            yield Change(part, name, did, before, after, line_id)
