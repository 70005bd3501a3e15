"""Keeps what was submitted as it was: a flush that would change a submitted revision is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from models.core.db import db
from models.fund.revision.content import FrozenRevision, Revision
from models.fund.revision.rows import Activity, Attachment, Disability, Line, Step

ROWS = (Disability, Step, Activity, Line, Attachment)


@event.listens_for(Session, "before_flush")
def _keep_submitted_revisions(session: Session, _context: Any, _instances: Any) -> None:
    """Refuse to write what would change a revision that was submitted before this transaction's change of it."""
    for record in session.deleted:
        _refuse_if_frozen(record, "a row was removed" if isinstance(record, ROWS) else "it was deleted")
    for record in (*session.new, *session.dirty):
        if isinstance(record, ROWS) and session.is_modified(record):
            _refuse_if_frozen(record, "a row was changed")
        elif isinstance(record, Revision) and record not in session.new:
            changed = set(_changed_columns(record)) - Revision.RESULT_COLUMNS
            if inspect(record).attrs.proposal.history.deleted:
                changed.add("proposal")
            if changed:
                _refuse_if_frozen(record, ", ".join(sorted(changed)))


def _changed_columns(record: Any) -> Iterable[str]:
    state = inspect(record)
    return (a.key for a in state.mapper.column_attrs if state.attrs[a.key].history.has_changes())


def _refuse_if_frozen(record: Any, what: str) -> None:
    revision = _revision_of(record)
    if revision is None or inspect(revision).transient or inspect(revision).pending:
        return
    history: Any = inspect(revision).attrs.submitted_at.load_history()
    was_submitted = any(value is not None for value in (*history.unchanged, *history.deleted))
    if was_submitted:
        raise FrozenRevision(revision, what)


def _revision_of(record: Any) -> Revision | None:
    if isinstance(record, Revision):
        return record
    if not isinstance(record, ROWS):
        return None
    if record.revision is not None:
        return record.revision
    revision_id = inspect(record).committed_state.get("revision_id", record.revision_id)
    return db.session.get(Revision, revision_id) if revision_id else None
