"""One version of a proposal: its content, its rows, its results (spec: fund.md 4)."""

from models.fund.revision import frozen as frozen
from models.fund.revision.content import FrozenRevision, Revision
from models.fund.revision.rows import Activity, Attachment, Disability, Line, Step, new_line_id
from models.fund.revision.sums import days

__all__ = [
    "Activity",
    "Attachment",
    "Disability",
    "FrozenRevision",
    "Line",
    "Revision",
    "Step",
    "days",
    "new_line_id",
]
