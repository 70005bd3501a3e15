"""The numbers of one registration as rows: read, checked and written alike for schools and for outside agencies.

`line` is the table's model: `branch_id`, `students` and the column that names whose lines they are (spec: assessment.md
4, 6.1).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from models.assessment.catalogue import Branch
from models.assessment.counts import Counts
from models.core.db import db
from models.core.workflow import Refusal, Refused


def counts_of(line: Any, owner: Any, owner_id: int) -> dict[int, int]:
    """The students of each branch; one query."""
    rows = db.session.execute(select(line.branch_id, line.students).where(owner == owner_id))
    return {row.branch_id: row.students for row in rows}


def check_branches(curriculum: str, mine: Counts, read: Counts) -> None:
    """Let only the curriculum's branches in; one that was retired in the meantime may stay and go, not come.

    `read` is what the page was opened on, or what is stored where nobody saved since. Raises Refused (no_such_branch).
    """
    known = select(Branch.id, Branch.is_retired).where(Branch.curriculum == curriculum)
    welcome = {row.id for row in db.session.execute(known) if not row.is_retired or row.id in read}
    if strange := set(mine) - welcome:
        raise Refused(Refusal("no_such_branch", count=len(strange)))


def store(line: Any, owner: Any, owner_id: int, before: Counts, after: Counts) -> None:
    """Write what differs, in as few statements as there are kinds of difference."""
    lines = line.__table__
    differing = [branch for branch, students in before.items() if after.get(branch) != students]
    if differing:
        own = lines.c[owner.key] == owner_id
        db.session.execute(delete(lines).where(own, lines.c.branch_id.in_(differing)))
    if new := [branch for branch, students in after.items() if before.get(branch) != students]:
        rows = [{owner.key: owner_id, "branch_id": branch, "students": after[branch]} for branch in new]
        db.session.execute(lines.insert(), rows)


def told(before: Counts, after: Counts) -> dict[str, list[int | None]]:
    """Of each branch that changed, from what to what, by its code: as the log keeps it."""
    differing = sorted(branch for branch in {*before, *after} if before.get(branch) != after.get(branch))
    rows = db.session.execute(select(Branch.id, Branch.branch_code).where(Branch.id.in_(differing)))
    codes = {row.id: row.branch_code for row in rows}
    return {codes[branch]: [before.get(branch), after.get(branch)] for branch in differing}
