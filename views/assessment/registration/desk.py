"""What a school's registration page shows: the round, numbers as saved or as typed, last year's, who else is at it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import g, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from forms.assessment.branches import READ, field_of, read_counts, rows_of, typed_rows
from models.assessment import counts as counting
from models.assessment.catalogue import Branch
from models.assessment.codes import SCHOOL, SCOPE_SCHOOL
from models.assessment.counts import Counts, Typed
from models.assessment.note import Note, notes_on
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import REGISTER, Registration, Sheet, registered, sheet_of
from models.assessment.round import (
    Round,
    current_round,
    refusal_to_save,
    round_before,
    unlocked_round,
    unlocked_until,
)
from models.assessment.school import School
from models.core import draft
from models.core.clock import today
from models.core.db import db
from models.core.draft import Draft
from models.core.identity import Account
from models.core.thai.dates import bangkok_day
from models.core.workflow import Refusal
from views.assessment.asked import asked_round
from views.assessment.branches import Tree, tree_of
from views.core.kept import others_at

FORM = "assessment.registration"

Fields = Sequence[tuple[str, str]]


# --- the school and the round ----------------------------------------------------------------------------------------


def own_school(user: Account) -> School | None:
    """The school that `user` reports for: whose account it is, else the one that somebody let them report for."""
    own = School.id.in_(user.scopes(SCHOOL, SCOPE_SCHOOL))
    rows = School.visible_to(user, REGISTER).where(own)
    return db.session.scalar(rows.order_by(School.account_id != user.id, School.id).limit(1))


def school_or_404() -> School:
    """The reader's own school."""
    school = own_school(g.user)
    if school is None:
        raise NotFound
    return school


@dataclass(frozen=True)
class Standing:
    """A round as a school meets it: why it takes no numbers, and until when the school was let in after the end."""

    round: Round | None
    refusal: Refusal | None = None
    until: datetime | None = None

    @property
    def last_day(self) -> datetime | None:
        """When it ends for the school; a round that ends at midnight ends on the day before."""
        ends = self.until or (self.round.closes_at if self.round else None)
        return ends - timedelta(microseconds=1) if ends else None

    @property
    def days_left(self) -> int:
        """Days from today to the last one."""
        return (bangkok_day(self.last_day) - today()).days if self.last_day else 0


def standing_of(school: School, rounds: Collection[Round]) -> Standing:
    """The round that the address asks for, else the open one, else the latest; before the first the one to come."""
    this = asked_round(rounds, request.args) or current_round()
    refusal = refusal_to_save(this, school)
    until = unlocked_until(this, school) if this and not refusal and not this.takes_numbers else None
    return Standing(this, refusal, until)


def elsewhere(school: School, standing: Standing) -> Round | None:
    """Another round, in which the school was let in after the end and may still save; None for none."""
    found = unlocked_round(school) if standing.until is None else None
    return found if found is not standing.round else None


# --- typing that was not saved ---------------------------------------------------------------------------------------


def record_key(this: Round, school: School) -> str:
    """Under which typing is kept, for each curriculum apart."""
    return f"{this.id}-{school.id}"


def keep(user_id: int, this: Round, school: School, curriculum: str, fields: Fields, version: int) -> datetime:
    """Keep typing as this user's own, with what the page was opened on."""
    content = {"fields": [list(pair) for pair in fields if pair[0] not in ("csrf_token", "version")]}
    return draft.keep(user_id, FORM, record_key(this, school), curriculum, version, content)


def drop(user_id: int, this: Round, school: School, curriculum: str) -> None:
    """Forget typing: it was saved, or its writer let it go."""
    draft.drop(user_id, FORM, record_key(this, school), curriculum)


def kept_fields(row: Draft) -> Fields:
    """What was kept, as pairs of name and text."""
    content = row.content if isinstance(row.content, dict) else {}
    return [(str(pair[0]), str(pair[1])) for pair in content.get("fields", ()) if len(pair) == 2]


def says(rows: Mapping[int, Typed], counts: Counts) -> bool:
    """Whether rows say just these counts."""
    found = counting.read(rows)
    return not found.wrong and found.counts == dict(counts)


# --- the page of a curriculum ----------------------------------------------------------------------------------------


@dataclass
class Desk:
    """The page of one curriculum."""

    school: School
    standing: Standing
    curriculum: str
    sheet: Sheet
    tree: Tree
    version: int
    read: Counts
    kept_at: datetime | None = None
    others: str = ""
    last_round: Round | None = None
    gone: list[str] = field(default_factory=list)  # last year's branches that the catalogue has no more
    notes: list[Note] = field(default_factory=list)

    @property
    def may_save(self) -> bool:
        """Whether the page is a form; else it shows what is saved."""
        return self.standing.refusal is None


def desk_of(
    school: School,
    standing: Standing,
    curriculum: str,
    fields: Fields | None = None,
    version: int = 0,
    *,
    carry: bool = False,
) -> Desk:
    """The page as it stands: what was posted (`fields`, on `version`), else what was kept, else what is saved."""
    this = standing.round
    assert this is not None  # noqa: S101 - pages without a round are drawn before
    sheet, last_round = sheet_of(this.id, school.id, curriculum), round_before(this)
    last = sheet_of(last_round.id, school.id, curriculum).counts if last_round is not None else {}
    rows, read, version, kept_at = _typed(school, standing, curriculum, sheet, fields, version)
    if carry:
        rows = {**{branch: Typed(True, "") for branch in last}, **rows}
    tree = tree_of(curriculum, rows, last=last, read={*read, *sheet.counts}, check=fields is not None)
    if carry:
        _leave_out_retired(tree, sheet)
    where = (FORM, record_key(this, school), curriculum)
    saved = {"version": sheet.version, "saved_by": sheet.saved_by, "saved_at": sheet.saved_at}
    others = others_at(*where, base=version, **saved) if standing.refusal is None else ""
    missing = set(last) - {row.id for row in tree.rows}
    notes = notes_on(this.id, [school.id], curriculum).get(school.id, [])
    return Desk(
        school,
        standing,
        curriculum,
        sheet,
        tree,
        version,
        read,
        kept_at,
        others,
        last_round,
        _names(missing),
        notes,
    )


def _typed(
    school: School, standing: Standing, curriculum: str, sheet: Sheet, fields: Fields | None, version: int
) -> tuple[dict[int, Typed], Counts, int, datetime | None]:
    """The rows that the page shows, what they were typed upon, its version, and when they were kept."""
    if fields is not None:
        return typed_rows(fields), read_counts(field_of(fields, READ)), version, None
    if standing.refusal is None and standing.round is not None:
        kept = draft.kept(g.user.id, FORM, record_key(standing.round, school), curriculum)
        if kept is not None and not says(rows := typed_rows(kept_fields(kept)), sheet.counts):
            read = read_counts(field_of(kept_fields(kept), READ))
            return rows, read, kept.base_version, kept.saved_at
    return rows_of(sheet.counts), sheet.counts, sheet.version, None


def _leave_out_retired(tree: Tree, sheet: Sheet) -> None:
    """What was brought over is what can still be chosen."""
    for row in tree.rows:
        if row.is_retired and row.id not in sheet.counts and not row.typed.number:
            row.typed = Typed(False, "")


def _names(branches: set[int]) -> list[str]:
    if not branches:
        return []
    rows = select(Branch.branch_code, Branch.branch).where(Branch.id.in_(branches)).order_by(Branch.position, Branch.id)
    return [f"{row.branch_code} {row.branch}" for row in db.session.execute(rows)]


# --- the menu --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A curriculum in the menu: what is saved, what it was last year, whether typing or notes wait."""

    curriculum: str
    saved: Registration | None
    last: int = 0
    is_typed: bool = False
    notes: int = 0

    @property
    def state(self) -> str:
        """A note waits, typing waits, saved with students, saved with none, or not yet."""
        if self.notes:
            return "note"
        if self.is_typed:
            return "typed"
        if self.saved is None:
            return "empty"
        return "saved" if self.saved.students else "none"


def places_of(school: School, this: Round, last_round: Round | None = None) -> list[Place]:
    """The four curricula in the order of the menu; three queries, four with last year."""
    saved = registered(this.id, school.id)
    last = registered(last_round.id, school.id) if last_round is not None else {}
    typed = select(Draft.part).where(
        Draft.user_id == g.user.id, Draft.form == FORM, Draft.record == record_key(this, school)
    )
    waiting = set(db.session.scalars(typed))
    notes: dict[str, int] = {}
    for note in notes_on(this.id, [school.id]).get(school.id, []):
        notes[note.curriculum] = notes.get(note.curriculum, 0) + (note.state == "open")
    return [
        Place(code, saved.get(code), last[code].students if code in last else 0, code in waiting, notes.get(code, 0))
        for code in CURRICULA
    ]


def more(**values: Any) -> dict[str, Any]:
    """What an address of these pages carries on: the round, where one was asked for."""
    asked = request.args.get("round")
    return {**values, **({"round": asked} if asked else {})}
