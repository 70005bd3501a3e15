"""The page of an agency: who asks and for how many, as saved, as taken over from last year, as typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from forms.assessment.branches import NUMBER, PICK, READ, TICK, field_of, read_counts, rows_of, typed_rows, write_counts
from forms.assessment.outside import WAS, AgencyForm, details_read
from models.assessment import counts as counting
from models.assessment.agency import Details, Saved, Sheet, asked_before, sheet_of
from models.assessment.catalogue import Branch
from models.assessment.counts import Counts, Typed
from models.assessment.outside import OutsideAgency
from models.assessment.round import Round, round_before
from models.assessment.school import School
from models.core import draft
from models.core.db import db
from models.core.draft import Draft
from views.assessment.branches import Tree, label_of, tree_of
from views.assessment.outside.words import DETAIL_LABELS
from views.assessment.registration.clash import students_label
from views.core.conflict import Clash, Conflict, last_change
from views.core.kept import base_number, others_at

FORM = "assessment.outside"

Fields = Sequence[tuple[str, str]]


@dataclass
class Desk:
    """What the page of one agency shows; `agency` is None while it is being added."""

    this: Round
    committee: School
    curriculum: str
    form: AgencyForm
    rows: dict[int, Typed]
    opened: Sheet
    agency: OutsideAgency | None = None
    source: OutsideAgency | None = None  # last year's, which an added one begins with
    last: Counts = field(default_factory=dict)
    kept_at: datetime | None = None
    is_checked: bool = False

    @property
    def place(self) -> tuple[str, str, str]:
        """Where its typing is kept: an agency's own, else that of the page for adding."""
        if self.agency is not None:
            return FORM, str(self.agency.id), ""
        return FORM, f"new-{self.this.id}-{self.committee.id}", self.curriculum

    @property
    def tree(self) -> Tree:
        """The curriculum's branches with what is typed."""
        return tree_of(self.curriculum, self.rows, last=self.last, read=self.opened.counts, check=self.is_checked)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The hidden fields that say what the page was opened on."""
        found = [(READ, write_counts(self.opened.counts))]
        return found + [(f"{WAS}{name}", value) for name, value in asdict(self.opened.details).items()]

    @property
    def others(self) -> str:
        """Who else saved this agency or types into it."""
        if self.agency is None:
            return ""
        saved = {"version": self.agency.version, "saved_by": self.agency.saved_by, "saved_at": self.agency.saved_at}
        return others_at(*self.place, base=self.opened.version, **saved)


def new_desk(this: Round, committee: School, curriculum: str, source: OutsideAgency | None = None) -> Desk:
    """The page for adding: empty, or who asked last year with its branches ticked, whose numbers are this year's."""
    last = _taught(sheet_of(source).counts) if source is not None else {}
    who = sheet_of(source).details if source is not None else Details()
    rows = {branch: Typed(True, "") for branch in last}
    form = AgencyForm(formdata=None, data=asdict(who) | {"version": "0"})
    return Desk(this, committee, curriculum, form, rows, Sheet(), source=source, last=last)


def saved_desk(agency: OutsideAgency) -> Desk:
    """The page of an agency as it is saved."""
    sheet = sheet_of(agency)
    form = AgencyForm(formdata=None, data=asdict(sheet.details) | {"version": str(sheet.version)})
    desk = Desk(agency.round, agency.committee, agency.curriculum, form, rows_of(sheet.counts), sheet, agency)
    last = round_before(agency.round)
    desk.last = asked_before(last, agency.committee, agency) if last is not None else {}
    return desk


def typed_over(desk: Desk, fields: Fields, version: str | int | None) -> Desk:
    """The same page with what was typed into it, upon what it was opened on."""
    desk.form = AgencyForm(formdata=MultiDict([*fields, ("version", str(version or 0))]))
    desk.rows = typed_rows(fields)
    posted = MultiDict(fields)
    desk.opened = Sheet(base_number(version), details_read(posted), read_counts(field_of(fields, READ)))
    return desk


def _taught(counts: Counts) -> dict[int, int]:
    """Those of the branches that can still be chosen."""
    rows = select(Branch.id).where(Branch.id.in_(list(counts)), ~Branch.is_retired)
    return {branch: counts[branch] for branch in db.session.scalars(rows)}


# --- typing that was not saved ----------------------------------------------------------------------------------------


def keep(desk: Desk, user_id: int, fields: Fields, version: str | int | None) -> datetime:
    """Keep typing as this user's own."""
    content = {"fields": [list(pair) for pair in fields if pair[0] not in ("csrf_token", "version", "form_token")]}
    return draft.keep(user_id, *desk.place, base_number(version), content)


def drop(desk: Desk) -> None:
    """Forget typing: it was saved, or its writer let it go."""
    draft.drop(g.user.id, *desk.place)


def with_kept(desk: Desk) -> Desk:
    """The page with what this user typed and did not save, where that differs from what stands there."""
    row = draft.kept(g.user.id, *desk.place)
    if row is None or not (fields := _kept_fields(row)):
        return desk
    rows = typed_rows(fields)
    who = Details(**{name: field_of(fields, name).strip() for name in DETAIL_LABELS})
    if who == desk.opened.details and rows == rows_of(desk.opened.counts):
        return desk
    typed_over(desk, fields, row.base_version).kept_at = row.saved_at
    return desk


def _kept_fields(row: Draft) -> Fields:
    content = row.content if isinstance(row.content, dict) else {}
    return [(str(pair[0]), str(pair[1])) for pair in content.get("fields", ()) if len(pair) == 2]


# --- what is wrong, what two people said ------------------------------------------------------------------------------


def wrong_rows(tree: Tree) -> list[tuple[str, str, str]]:
    """The rows to be corrected, as the summary on top names them: where, which branch, what to do."""
    return [(f"{NUMBER}{row.id}", label_of(row), row.wrong_text) for row in tree.wrong]


def conflict_of(saved: Saved, desk: Desk) -> Conflict:
    """What to ask: of each field and branch that two said differently mine and theirs; the rest is posted merged."""
    theirs = saved_desk(desk.agency) if desk.agency is not None else desk
    is_me = theirs.agency is not None and theirs.agency.saved_by == g.user.id
    conflict = Conflict(*last_change(theirs.agency), saved.sheet.version, is_me=is_me)
    for one in saved.differences:
        texts = (_shown(one.field, one.mine, desk.form), _shown(one.field, one.theirs, desk.form))
        conflict.fields.append(Clash(one.field, str(DETAIL_LABELS[one.field]), one.mine, one.theirs, *texts))
    names = {row.id: label_of(row) for row in desk.tree.rows}
    for clash in saved.clashes:
        counted = students_label(clash.mine), students_label(clash.theirs)
        label = names.get(clash.branch, str(clash.branch))
        conflict.fields.append(Clash(f"{PICK}{clash.branch}", label, str(clash.mine), str(clash.theirs), *counted))
    # From here on the reader has seen theirs.
    conflict.hidden = theirs.carried
    asked = {one.field for one in saved.differences}
    conflict.hidden += [(name, value) for name, value in asdict(saved.sheet.details).items() if name not in asked]
    asked_branches = {clash.branch for clash in saved.clashes}
    for branch, students in saved.sheet.counts.items():
        if branch not in asked_branches:
            conflict.hidden += [(TICK, str(branch)), (f"{NUMBER}{branch}", str(students))]
    return conflict


def _shown(name: str, value: str, form: AgencyForm) -> str:
    """A detail as a person reads it."""
    labels: dict[str, Any] = dict(form[name].choices) if name in ("sector", "province_code") else {}
    return str(labels.get(value, value))


def said(desk: Desk) -> counting.Read:
    """What the typed rows say."""
    return counting.read(desk.rows)
