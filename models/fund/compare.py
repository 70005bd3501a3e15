"""What differs between two revisions: field by field, rows matched by their line id, files (spec: fund.md 4)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.fund.codes import PART_FIELDS, PARTS
from models.fund.kinds import line_kinds
from models.fund.organization import OFFICE_FIELDS
from models.fund.revision import Revision

SAME, CHANGED, ADDED, REMOVED, MOVED, REPLACED = "same", "changed", "added", "removed", "moved", "replaced"

# What a part says in columns: what is typed there, and the sums that follow from the steps.
FIELDS = {**PART_FIELDS, "2.4": ("budget", "duration_days", "span_starts_on", "span_ends_on", "budget_note")}
ORGANIZATION = (*OFFICE_FIELDS, "chair", "directors", "officers", "objectives")
# Said for the reader, not compared: what another column says already, by identity.
_SHOWN_ONLY = frozenset({"step", "file", "size"})
_Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One difference: a field, or a row of a list that was changed, added, removed, moved, or a file replaced.

    `name` is a column, a kind of line, "step", "activity" or "attachment"; `before` and `after` are values of a field,
    or of a row its columns by name (None where there is no such row). `line_id` is empty for a field; `places` are the
    row's places in its list, from 1. A row may be changed and moved at once.
    """

    part: str
    name: str
    did: str
    before: Any
    after: Any
    line_id: str = ""
    places: tuple[int | None, int | None] = (None, None)
    is_moved: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a changed row that differ; all of them where only one side has the row."""
        before, after = self.before or {}, self.after or {}
        names = [name for name in (after or before) if name not in _HIDDEN]
        if self.did not in (CHANGED, REPLACED):
            return tuple(names)
        return tuple(name for name in names if before.get(name) != after.get(name))


_HIDDEN = frozenset({"step_id", "file_id"})


def compare(old: Revision, new: Revision, *, everything: bool = False) -> list[Change]:
    """Every difference between two revisions, in the order of the form; [] when the content is the same.

    With `everything`, what is the same as well.
    """
    found = [change for part in PARTS for change in _part(part, old, new)]
    return [change for change in found if everything or change.did != SAME]


def _part(part: str, old: Revision, new: Revision) -> Iterable[Change]:
    if part == "1":
        before, after = old.organization_data, new.organization_data
        for key in (*ORGANIZATION, *sorted((before.keys() | after.keys()) - set(ORGANIZATION))):
            yield _field(part, f"organization.{key}", before.get(key), after.get(key))
    for field in FIELDS[part]:
        yield _field(part, field, getattr(old, field), getattr(new, field))
    for kind in line_kinds(part, old, new):
        yield from _rows(part, kind, _lines(old, kind), _lines(new, kind))
    for name, read in _LISTS.get(part, {}).items():
        yield from _rows(part, name, read(old), read(new))


def _field(part: str, name: str, before: Any, after: Any) -> Change:
    # Empty and absent say the same.
    is_same = before == after or (before in (None, "", []) and after in (None, "", []))
    return Change(part, name, SAME if is_same else CHANGED, before, after)


def _ordered(rows: Iterable[Any]) -> list[Any]:
    """By place: rows that were just moved stand as they were loaded."""
    return sorted(rows, key=lambda row: row.position)


def _lines(revision: Revision, kind: str) -> dict[str, _Row]:
    return {
        line.line_id: {"text": line.text, "detail": line.detail, "amount": line.amount}
        for line in _ordered(revision.lines_of(kind))
    }


def _steps(revision: Revision) -> dict[str, _Row]:
    return {step.line_id: {"name": step.name} for step in _ordered(revision.steps)}


def _activities(revision: Revision) -> dict[str, _Row]:
    return {
        activity.line_id: {
            "step": step.name,
            "step_id": step.line_id,
            "name": activity.name,
            "detail": activity.detail,
            "starts_on": activity.starts_on,
            "ends_on": activity.ends_on,
            "budget": activity.budget,
        }
        for step in _ordered(revision.steps)
        for activity in _ordered(step.activities)
    }


def _attachments(revision: Revision) -> dict[str, _Row]:
    return {
        row.line_id: {
            "kind": row.kind,
            "kind_name": row.kind_name,
            "file_id": row.file_id,
            "file": row.file.name,
            "size": row.file.size,
        }
        for row in _ordered(revision.attachments)
    }


_LISTS: dict[str, dict[str, Callable[[Revision], dict[str, _Row]]]] = {
    "2.4": {"step": _steps, "activity": _activities},
    "4": {"attachment": _attachments},
}


def _rows(part: str, name: str, old: dict[str, _Row], new: dict[str, _Row]) -> Iterable[Change]:
    """The rows of a list in the order of the new one, those that are gone after the one they stood behind."""
    was = {line_id: place for place, line_id in enumerate(old, start=1)}
    now = {line_id: place for place, line_id in enumerate(new, start=1)}
    replaced = _replaced(old, new) if name == "attachment" else {}
    stayed = _longest_rising([line_id for line_id in new if line_id in old], was)
    for line_id in _merged(list(old), list(new)):
        if line_id in replaced.values():
            continue  # Told with the file that it took the place of.
        twin = replaced.get(line_id, line_id)
        before, after = old.get(line_id), new.get(twin)
        is_moved = line_id in old and line_id in new and line_id not in stayed
        if before is None or after is None:
            did = ADDED if before is None else REMOVED
        elif _compared(before) != _compared(after):
            did = REPLACED if before.get("file_id") != after.get("file_id") else CHANGED
        else:
            did = MOVED if is_moved else SAME
        yield Change(part, name, did, before, after, line_id, (was.get(line_id), now.get(twin)), is_moved)


def _compared(row: _Row) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _SHOWN_ONLY}


def _replaced(old: dict[str, _Row], new: dict[str, _Row]) -> dict[str, str]:
    """Files that another of the same kind took the place of: line id of the old -> of the new one."""
    came: dict[tuple[Any, Any], list[str]] = {}
    for line_id, row in new.items():
        if line_id not in old:
            came.setdefault((row["kind"], row["kind_name"]), []).append(line_id)
    pairs = {}
    for line_id, row in old.items():
        waiting = came.get((row["kind"], row["kind_name"]))
        if line_id not in new and waiting:
            pairs[line_id] = waiting.pop(0)
    return pairs


def _merged(old: list[str], new: list[str]) -> list[str]:
    kept, merged = set(new), list(new)
    place = 0
    for line_id in old:
        if line_id in kept:
            place = merged.index(line_id) + 1
        else:
            merged.insert(place, line_id)
            place += 1
    return merged


def _longest_rising(line_ids: list[str], was: Mapping[str, int]) -> set[str]:
    """The most rows that stand in the order they stood in before: the others were moved."""
    ends: list[int] = []  # the smallest last place of a rising run of each length
    chain: list[tuple[str, int]] = []  # row, length of the longest run that ends with it
    for line_id in line_ids:
        length = bisect_left(ends, was[line_id])
        if length == len(ends):
            ends.append(was[line_id])
        else:
            ends[length] = was[line_id]
        chain.append((line_id, length))
    stayed: set[str] = set()
    wanted, above = len(ends) - 1, len(was) + 1
    for line_id, length in reversed(chain):
        if length == wanted and was[line_id] < above:
            stayed.add(line_id)
            wanted, above = wanted - 1, was[line_id]
    return stayed
