"""Two who changed one branch differently: both numbers side by side, mine kept (templates/core/_conflict.html)."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _

from forms.assessment.branches import NUMBER, PICK, READ, TICK, write_counts
from models.assessment.counts import Counts, merged
from models.assessment.registration import Saved
from models.core.identity import names_of
from views.assessment import labels
from views.assessment.branches import Row, Tree, label_of
from views.core.conflict import Clash, Conflict
from views.core.look import clock

MOST_NAMED = 10  # branches that a sentence names


def students_label(students: int) -> str:
    """A number of students in words, none included."""
    if not students:
        return _("none")
    return labels.students_label(students)


def saver_name(saved_by: int | None) -> str:
    """Who saved, to the reader; the reader's own account is that of another window."""
    if saved_by == g.user.id:
        return _("You, in another window,")
    return names_of([saved_by]).get(saved_by, _("Somebody")) if saved_by else _("Somebody")


def conflict_of(saved: Saved, tree: Tree, mine: Counts, read: Counts) -> Conflict:
    """What to ask: of each clashing branch mine and theirs; what does not clash is posted along merged."""
    rows = {row.id: row for row in tree.rows}
    theirs = saved.found
    conflict = Conflict(
        saver_name(theirs.saved_by).rstrip(","),
        clock(theirs.saved_at),
        theirs.version,
        is_me=theirs.saved_by == g.user.id,
    )
    for one in saved.clashes:
        label = label_of(rows[one.branch]) if one.branch in rows else str(one.branch)
        texts = students_label(one.mine), students_label(one.theirs)
        conflict.fields.append(Clash(f"{PICK}{one.branch}", label, str(one.mine), str(one.theirs), *texts))
    clashing = {one.branch for one in saved.clashes}
    # From here on the reader has seen theirs.
    conflict.hidden.append((READ, write_counts(theirs.counts)))
    for branch, students in merged(read, mine, theirs.counts).counts.items():
        if branch not in clashing:
            conflict.hidden += [(TICK, str(branch)), (f"{NUMBER}{branch}", str(students))]
    return conflict


def taken_words(saved: Saved, tree: Tree) -> str:
    """What stands now as somebody else said while one typed, in a sentence; "" for nothing."""
    if not saved.taken:
        return ""
    rows: dict[int, Row] = {row.id: row for row in tree.rows}
    named = [
        f"{rows[branch].name} {students_label(students)}" for branch, students in saved.taken.items() if branch in rows
    ]
    what = ", ".join(named[:MOST_NAMED])
    if len(named) > MOST_NAMED:
        what = _("%(what)s and %(count)s more", what=what, count=len(named) - MOST_NAMED)
    return _(
        "%(by)s saved this page at %(when)s while you were at it. These stand as they said: %(what)s.",
        by=saver_name(saved.found.saved_by),
        when=clock(saved.found.saved_at),
        what=what,
    )
