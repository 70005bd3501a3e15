"""The page of one school in a province’s check: its branches beside last year’s, and the notes (spec: 6.2)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g
from sqlalchemy import select

from models.assessment.note import CHECK, Note
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.reminder import last_reminded
from models.assessment.round import round_before
from models.assessment.school import School
from models.assessment.standing import standings
from models.core.db import db
from models.core.matrix import allows
from views.assessment.checking.queries import lines_of_school
from views.assessment.checking.scope import round_or_404
from views.core.base import PageView

SCHOOL_PAGE = "assessment/checking/show.html"


def school_page(view: PageView, school: School, *, typed: Mapping[str, str] | None = None, problem: str = "") -> str:
    """The page; `typed` is a note that was refused, by its curriculum, `problem` why. Eight queries at most."""
    this = round_or_404()
    last = round_before(this)
    (standing,) = standings(this.id, select(School).where(School.id == school.id))
    every = select(Note).where(Note.round_id == this.id, Note.school_id == school.id).order_by(Note.id)
    notes: dict[str, list[Note]] = {code: [] for code in CURRICULA}
    for note in db.session.scalars(every):
        notes[note.curriculum].append(note)
    lines, typed = lines_of_school(this, last, school.id), typed or {}
    shown = [code for code in CURRICULA if lines[code] or notes[code] or code in typed]
    return view.page(
        SCHOOL_PAGE,
        round=this,
        last=last,
        school=school,
        committee=db.session.get(School, school.committee_id) if school.committee_id else None,
        standing=standing,
        lines=lines,
        notes=notes,
        shown=shown,
        others=[code for code in CURRICULA if code not in shown],
        may_note=allows(g.user, CHECK),
        reminded=last_reminded(this.id, [school.id]).get(school.id),
        typed=typed,
        problem=problem,
    )
