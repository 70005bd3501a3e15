"""What waits for a school, a committee and the national office on the main page, and the round's state beside it.

(spec: assessment.md 1, 4, 6, 7.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL, SCOPE_SCHOOL, RoundState
from models.assessment.note import CHECK, Note, NoteState
from models.assessment.overview import Outside, outside_of
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import REGISTER, Registration
from models.assessment.round import MANAGE, Round, current_round, refusal_to_save, round_before
from models.assessment.school import School
from models.assessment.standing import MISSING, SchoolStanding, Tally, standings, tally
from models.core.clock import now
from models.core.db import db
from models.core.matrix import allows, kinds_of
from views.assessment.curricula import curriculum_label, round_label
from views.core.home import Waiting, panel_sources, waiting_sources
from views.core.look import moment

FOLLOW = "completeness.view"
ENTER_OUTSIDE = "outside.enter"
LATE = timedelta(days=3)
"""So long before the round closes what is missing is called late."""


@dataclass
class Own:
    """The reader's own school in the round that pages are about."""

    school: School
    standing: SchoolStanding
    saved: dict[str, int] = field(default_factory=dict)  # curriculum -> students, of those saved
    expected: tuple[str, ...] = ()  # curricula that it had last year and has not saved
    may_save: bool = False


@dataclass
class Facts:
    """What the page asks once for the list, and for the panel."""

    round: Round | None = None
    own: Own | None = None
    tally: Tally | None = None  # of the schools that the reader checks or follows
    is_national: bool = False

    @property
    def is_late(self) -> bool:
        """Whether the round closes soon, or has."""
        return self.round is not None and self.round.closes_at - now() < LATE


def facts(user: Any) -> Facts:
    """What is known of the round and of this reader's schools; asked of the database once a request."""
    kept = g.get("assessment_facts")
    if kept is None:
        kept = g.assessment_facts = _facts(user)
    found: Facts = kept
    return found


def _facts(user: Any) -> Facts:
    is_school = SCHOOL in kinds_of(user, REGISTER)
    over = CHECK if PROVINCIAL in kinds_of(user, CHECK) else FOLLOW if allows(user, FOLLOW) else ""
    if not (is_school or over):
        return Facts()
    this = current_round()
    if this is None or this.state == RoundState.PREPARED:
        return Facts(this, is_national=over == FOLLOW)
    own = _own(user, this) if is_school else None
    counted = tally(this.id, School.visible_to(user, over)) if over else None
    return Facts(this, own, counted, is_national=over == FOLLOW)


def _own(user: Any, this: Round) -> Own | None:
    rows = School.visible_to(user, REGISTER).where(School.id.in_(user.scopes(SCHOOL, SCOPE_SCHOOL))).limit(1)
    found = standings(this.id, rows)
    if not found:
        return None
    last = round_before(this)
    of_years = db.session.execute(
        select(Registration.round_id, Registration.curriculum, Registration.students).where(
            Registration.school_id == found[0].school.id,
            Registration.round_id.in_([this.id, last.id if last else this.id]),
        )
    ).all()
    saved = {row.curriculum: row.students for row in of_years if row.round_id == this.id}
    before = {row.curriculum for row in of_years if row.round_id != this.id and row.students}
    return Own(
        found[0].school,
        found[0],
        saved,
        tuple(code for code in CURRICULA if code in before and code not in saved),
        refusal_to_save(this, found[0].school) is None,
    )


# --- what waits ------------------------------------------------------------------------------------------------------


def to_enter(user: Any) -> list[Waiting]:
    """Curricula that a school had last year and has not entered; all of them where it has entered none and had none."""
    known = facts(user)
    own, this = known.own, known.round
    if own is None or this is None or not own.may_save:
        return []
    waits = len(own.expected) or (1 if own.standing.standing == MISSING and not own.saved else 0)
    if own.standing.standing not in (MISSING, "reported") or not waits:
        return []
    one = own.expected[0] if len(own.expected) == 1 else ""
    url = url_for(f"RegistrationView.{one}") if one else url_for("RegistrationView.index")
    detail = _("The round closes on %(day)s", day=moment(this.closes_at))
    if own.expected:
        title = ngettext("Curriculum to enter, as last year", "Curricula to enter, as last year", waits)
    else:
        title = _("Numbers of your school to enter")
    return [Waiting(waits, title, detail, url, _("Enter numbers"), is_late=known.is_late)]


def to_correct(user: Any) -> list[Waiting]:
    """Notes of the province on a school's numbers."""
    known = facts(user)
    if known.own is None or known.round is None:
        return []
    rows = select(Note.curriculum, Note.written_at).where(
        Note.round_id == known.round.id, Note.school_id == known.own.school.id, Note.state == NoteState.OPEN
    )
    notes = db.session.execute(rows.order_by(Note.written_at)).all()
    if not notes:
        return []
    title = ngettext(
        "Note of your provincial committee to answer", "Notes of your provincial committee to answer", len(notes)
    )
    url = url_for(f"RegistrationView.{notes[0].curriculum}")
    detail = _("Correct the numbers and save, or answer in words")
    if refusal_to_save(known.round, known.own.school) is not None:
        detail = _("Numbers can no longer be changed; answer in words")
    return [Waiting(len(notes), title, detail, url, _("Read the note"), notes[0].written_at)]


def to_check(user: Any) -> list[Waiting]:
    """Notes that schools answered, schools that are missing, and agencies outside of which nothing is said yet."""
    known = facts(user)
    this = known.round
    if this is None or known.tally is None or PROVINCIAL not in kinds_of(user, CHECK):
        return []
    return [*_answered(user, this), *_missing(known, this), *_outside(user, this)]


def _answered(user: Any, this: Round) -> list[Waiting]:
    rows = Note.visible_to(user, CHECK).where(Note.round_id == this.id, Note.state == NoteState.ANSWERED)
    some = rows.with_only_columns(Note.id, Note.school_id, Note.answered_at).subquery()
    count, oldest, school = db.session.execute(
        select(func.count(), func.min(some.c.answered_at), func.min(some.c.school_id)).select_from(some)
    ).one()
    url = url_for("CheckingView.show", pk=school) if count == 1 else url_for("CheckingView.index")
    title = ngettext("Note that a school has answered", "Notes that schools have answered", count)
    return [Waiting(count, title, _("Look at the numbers again and settle the note"), url, _("Look"), oldest)]


def _missing(known: Facts, this: Round) -> list[Waiting]:
    if known.tally is None or not this.takes_numbers:
        return []
    count = known.tally.missing
    title = ngettext("School that has not reported", "Schools that have not reported", count)
    detail = _("The round closes on %(day)s", day=moment(this.closes_at))
    if known.is_national:
        url, button = url_for("CompletenessView.index", order="missing"), _("See the provinces")
    else:
        url, button = url_for("CheckingView.missing"), _("See who is missing")
    return [Waiting(count, title, detail, url, button, is_late=known.is_late)]


def _outside(user: Any, this: Round) -> list[Waiting]:
    if not allows(user, ENTER_OUTSIDE) or not this.takes_numbers:
        return []
    said = outside_of(this.id)
    silent = [key for key in user.scopes(PROVINCIAL, SCOPE_SCHOOL) if not said.get(key, Outside()).is_answered]
    detail = _("Enter those that ask for instruments, or confirm that there is none")
    title = _("Outside schools: nothing is said yet")
    return [Waiting(len(silent), title, detail, url_for("OutsideView.index"), _("Enter or confirm"))]


def to_run(user: Any) -> list[Waiting]:
    """Rounds whose day to open or to lock has come, and how many schools are missing in the country."""
    if NATIONAL not in kinds_of(user, MANAGE):
        return []
    found = []
    due = Round.visible_to(user, MANAGE).where(
        ((Round.state == RoundState.PREPARED) & (Round.opens_at <= now()))
        | ((Round.state == RoundState.OPEN) & (Round.closes_at <= now()))
    )
    for one in db.session.scalars(due.order_by(Round.academic_year, Round.number)):
        url = url_for("RoundView.show", pk=one.id)
        if one.state == RoundState.PREPARED:
            detail = _("It was to open on %(day)s", day=moment(one.opens_at))
            found.append(Waiting(1, _("Round to open"), detail, url, _("Open the round"), one.opens_at))
        else:
            detail = _("It closed on %(day)s", day=moment(one.closes_at))
            found.append(Waiting(1, _("Round to lock"), detail, url, _("Lock the round"), one.closes_at, is_late=True))
    known = facts(user)
    return [*found, *(_missing(known, known.round) if known.round and known.is_national else [])]


# --- beside the list --------------------------------------------------------------------------------------------------


def round_panel(user: Any) -> list[dict[str, Any]]:
    """The round: until when it is open, how far the reader's schools are, and what the own school has entered."""
    known = facts(user)
    if known.round is None or (known.own is None and known.tally is None):
        return []
    own = known.own
    lines = []
    if own is not None and known.tally is None:
        lines = [
            {
                "label": curriculum_label(code),
                "url": url_for(f"RegistrationView.{code}"),
                "students": own.saved.get(code),
                "is_expected": code in own.expected,
            }
            for code in CURRICULA
        ]
    return [
        {
            "template": "assessment/_home_round.html",
            "round": known.round,
            "title": round_label(known.round),
            "tally": known.tally,
            "lines": lines,
            "follow": url_for("CompletenessView.index" if known.is_national else "CheckingView.index"),
            "days": max(0, (known.round.closes_at - now()).days),
        }
    ]


def register(builder: Any) -> None:  # noqa: ARG001 - every module of the domain is registered alike
    """Add the sources of the main page, once."""
    for sources, source in (
        *((waiting_sources, one) for one in (to_run, to_correct, to_enter, to_check)),
        (panel_sources, round_panel),
    ):
        if source not in sources:
            sources.append(source)  # type: ignore[arg-type]
