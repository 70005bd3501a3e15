"""What a part holds, as plain values: the same shape from a revision and from a form, so that the two compare."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from forms.fund.wizard import labels
from models.core.db import canonical
from models.core.thai.dates import format_date
from models.core.thai.money import format_money
from models.core.thai.phone import format_phone
from models.fund.codes import PART_FIELDS
from models.fund.kinds import line_kinds
from models.fund.revision import Revision


def content_of(revision: Revision, part: str) -> dict[str, Any]:
    """The saved content of a part, in the shape that `models.fund.wizard.save_part` takes."""
    content: dict[str, Any] = {name: getattr(revision, name) for name in PART_FIELDS[part]}
    for kind in line_kinds(part, revision):
        content[kind] = [
            {"line_id": line.line_id, "text": line.text, "detail": line.detail, "amount": line.amount}
            for line in sorted(revision.lines_of(kind), key=lambda line: line.position)
        ]
    if part == "2.4":
        content["steps"] = [
            {
                "line_id": step.line_id,
                "name": step.name,
                "activities": [
                    {
                        "line_id": activity.line_id,
                        "name": activity.name,
                        "detail": activity.detail,
                        "starts_on": activity.starts_on,
                        "ends_on": activity.ends_on,
                        "budget": activity.budget,
                    }
                    for activity in sorted(step.activities, key=lambda activity: activity.position)
                ],
            }
            for step in sorted(revision.steps, key=lambda step: step.position)
        ]
    if part == "4":
        content["attachments"] = [
            {"line_id": row.line_id, "kind": row.kind, "kind_name": row.kind_name, "file_id": row.file_id}
            for row in sorted(revision.attachments, key=lambda row: row.position)
        ]
    return content


def has_content(content: Mapping[str, Any]) -> bool:
    """Whether a part holds anything at all; `is_research` alone, which is always answered, is nothing."""
    return any(value not in (None, "", [], ()) for name, value in content.items() if name != "is_research")


def _plain(value: Any) -> Any:
    """A value without what makes no difference to a reader: line ids, empty against absent, 0 baht against none."""
    if isinstance(value, Mapping):
        inner = {key: _plain(item) for key, item in value.items() if key != "line_id"}
        return {key: item for key, item in inner.items() if item not in (None, "", [])}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:.2f}" if value else None
    if isinstance(value, date):
        return value.isoformat()
    return value


def _comparable(content: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(content)
    if "disabilities" in plain:
        plain["disabilities"] = sorted(plain["disabilities"])
    if content.get("asked_before") is False:
        # The model forgets these when the answer is no.
        for name in ("times_asked", "last_supported_year", "last_project", "problems_met"):
            plain.pop(name, None)
    if "attachments" in plain:
        # The form keeps files by kind, so that only the order within a kind means anything.
        plain["attachments"] = sorted(plain["attachments"], key=lambda row: row.get("kind", ""))
    return plain


def digest(content: Mapping[str, Any]) -> str:
    """A short mark of a part's content, by which a page knows whether the part was changed since it was opened."""
    return hashlib.sha256(canonical(_comparable(content)).encode()).hexdigest()[:32]


def same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two contents of a part say the same to a reader."""
    return _comparable(one) == _comparable(other)


# --- what differs -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A field or list that differs between what I typed and what is saved now; the texts are for reading."""

    name: str
    label: str
    mine: str
    theirs: str
    is_list: bool = False
    changes: list[tuple[str, str]] = field(default_factory=list)  # ("added" | "removed" | "changed", row)


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """The fields in which `mine` differs from `theirs`, in the order of the form."""
    ours, others = _comparable(mine), _comparable(theirs)
    found = []
    for name in theirs:
        if ours.get(name) == others.get(name):
            continue
        if isinstance(theirs[name], list) and name != "disabilities":
            found.append(
                Difference(
                    name,
                    labels.field_label(name),
                    _rows_said(mine.get(name, [])),
                    _rows_said(theirs[name]),
                    is_list=True,
                    changes=_row_changes(mine.get(name, []), theirs[name]),
                )
            )
        else:
            said = [said_value(name, side.get(name)) for side in (mine, theirs)]
            found.append(Difference(name, labels.field_label(name), *said))
    return found


def said_value(name: str, value: Any) -> str:
    """A field's value as a person reads it; a dash for none."""
    if name == "disabilities":
        return ", ".join(labels.disability_label(kind) for kind in value or ()) or "–"
    if value is None or value == "":
        return "–"
    if name == "asked_before":
        return _("Asked before") if value else _("Never")
    if name in ("unit_phone", "coordinator_phone"):
        return format_phone(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return format_money(value)
    if isinstance(value, date):
        return format_date(value)
    return str(value)


def _rows_said(rows: list[Any]) -> str:
    return "; ".join(row_said(row) for row in rows) or "–"


def row_said(row: Mapping[str, Any]) -> str:
    """A row in one line: its texts, dates and amounts in the order they are typed."""
    parts = [said_value(name, value) for name, value in row.items() if name not in _SILENT and value]
    if row.get("kind"):
        parts.insert(0, labels.attachment_label(row["kind"]))
    if row.get("activities"):
        parts.append(_("%(count)s activities", count=len(row["activities"])))
    return " · ".join(parts) or "–"


_SILENT = frozenset({"line_id", "file_id", "kind", "activities"})


def _row_changes(mine: Iterable[Mapping[str, Any]], theirs: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What the other's rows have, lack or say otherwise, rows matched by their lasting identity."""
    ours = {row["line_id"]: row for row in mine if row.get("line_id")}
    changes = []
    for row in theirs:
        own = ours.pop(row["line_id"], None)
        if own is None:
            changes.append(("added", row_said(row)))
        elif _plain(own) != _plain(row):
            changes.append(("changed", row_said(row)))
    return changes + [("removed", row_said(row)) for row in ours.values()]
