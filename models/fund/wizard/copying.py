"""The next revision, a copy of the one before (spec: fund.md 4, "Revision")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.core.db import db
from models.fund.revision import Activity, Attachment, Disability, Line, Revision, Step

_NOT_COPIED = {"id", "version", "number", "created_at", "saved_at", "submitted_at", "submitted_by_id"} | {
    "organization_snapshot"
}


def copy_revision(source: Revision) -> Revision:
    """The next revision of the same proposal: all content, rows with their line ids and files, no results."""
    skipped = _NOT_COPIED | (Revision.RESULT_COLUMNS - {"version"})
    copy = Revision(**_columns(source, skipped), number=source.number + 1)
    source.proposal.revisions.append(copy)
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
