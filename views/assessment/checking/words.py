"""What is said about a province's check: refusals, news and letters, and the log (spec: assessment.md 6.2 to 6.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from jobs.letters import Words, letter
from models.assessment.codes import SCHOOL, SCOPE_SCHOOL
from models.assessment.note import AGAIN, ANSWERED_NEWS, CHECK, WRITTEN, Note, NoteState, waiting_for
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.reminder import REMINDED
from models.assessment.standing import ELSEWHERE, EXCUSED, SchoolStanding
from models.assessment.status import REPORTED_AFTER_ALL, SchoolStatus, Status
from models.core.db import db
from models.core.matrix import allows
from views.assessment.checking.scope import permission_here
from views.assessment.curricula import curriculum_label
from views.assessment.standings import STANDING_CHIPS, standing_label, status_label
from views.core.log_words import name_moves
from views.core.look import link, moment
from views.core.notification import entity_page, event_says
from views.core.permission.pages import name_pages
from views.core.pulse import badge_sources
from views.core.sentences import says

Values = Mapping[str, Any]

_PLAIN = {
    "no_such_status": _l("Choose one of the three statuses."),
    "note_is_empty": _l("Write what is meant."),
    "no_such_curriculum": _l("Choose one of the four curricula."),
    "round_takes_no_numbers": _l("The round takes no numbers now, so nobody is reminded."),
}


def _say(code: str, words: Any) -> None:
    says(code)(lambda values: str(words))  # noqa: ARG005 - the sentence needs none


for _code, _words in _PLAIN.items():
    _say(_code, _words)


@says("school_has_numbers")
def _school_has_numbers(values: dict[str, Any]) -> str:
    return ngettext(
        "The school has registered %(num)s student, so it cannot be without any. It deletes its numbers first.",
        "The school has registered %(num)s students, so it cannot be without any. It deletes its numbers first.",
        values["students"],
    )


@says("note_is_too_long")
def _note_is_too_long(values: dict[str, Any]) -> str:
    return _("The text is too long. %(most)s characters at most are possible.", **values)


@says("school_alike")
def _school_alike(values: dict[str, Any]) -> str:
    return ngettext(
        "%(num)s school is called alike. Look whether it is the same one.",
        "%(num)s schools are called alike. Look whether one of them is the same.",
        values["count"],
    )


# --- notes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chip:
    """Where something stands, as it is drawn: the kind gives the colour, icon and word say the same without it."""

    kind: str
    text: str
    icon: str | None = None


def standing_chip(one: SchoolStanding, curriculum: str | None = None) -> Chip:
    """Where a school stands, in all or in one curriculum."""
    code = one.standing_in(curriculum) if curriculum else one.standing
    return Chip(STANDING_CHIPS[code], standing_label(code), "dash-circle" if code == ELSEWHERE else None)


def standing_reason(one: SchoolStanding, year: int) -> str:
    """Why a school is excused, as its province says it; empty for any other."""
    return status_label(one.status, year) if one.standing == EXCUSED else ""


_NOTE_LOOKS = {
    NoteState.OPEN: ("fix", _l("To be corrected")),
    NoteState.ANSWERED: ("doing", _l("Answered, to be looked at again")),
    NoteState.SETTLED: ("pass", _l("Settled")),
}
_NOTE_MOVES = {
    "answer": _l("The school answered the note"),
    "settle": _l("The note was settled"),
    "ask_again": _l("The note was asked again"),
}


def note_chip(state: str) -> Chip:
    """Where a note stands."""
    kind, text = _NOTE_LOOKS[state]
    return Chip(kind, str(text), "chat-left-text" if state == NoteState.ANSWERED else None)


# --- news -------------------------------------------------------------------------------------------------------------


def _curriculum(values: Values) -> str:
    code = values.get("curriculum", "")
    return curriculum_label(code) if code in CURRICULA else ""


@event_says(WRITTEN)
def _written(values: Values) -> str:
    return _(
        "The provincial committee noted what is to be corrected in the numbers of %(curriculum)s",
        curriculum=_curriculum(values),
    )


@event_says(AGAIN)
def _again(values: Values) -> str:
    return _("The provincial committee asks you to look at %(curriculum)s once more", curriculum=_curriculum(values))


@event_says(ANSWERED_NEWS)
def _answered(values: Values) -> str:
    return _(
        "%(school)s answered the note on %(curriculum)s",
        school=values.get("school", ""),
        curriculum=_curriculum(values),
    )


@event_says(REPORTED_AFTER_ALL)
def _reported_after_all(values: Values) -> str:
    was = values.get("was", "")
    return _(
        "%(school)s entered numbers, so its status “%(status)s” was taken back",
        school=values.get("school", ""),
        status=status_label(was, values.get("year", 0)) if was in (Status.CLOSED, Status.NO_STUDENTS) else "",
    )


@event_says(REMINDED)
def _reminded(values: Values) -> str:
    return _(
        "Academic year %(year)s, round %(number)s: your school has not reported yet. The round closes at %(when)s",
        year=values.get("year", ""),
        number=values.get("number", ""),
        when=_moment(values.get("closes_at")),
    )


def _moment(text: Any) -> str:
    try:
        return moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return ""


def _of_registration(values: Values) -> str:
    """The page of a school's numbers, or where one begins while there is none."""
    code = values.get("curriculum", "")
    page = link(f"RegistrationView.{code}" if code in CURRICULA else "RegistrationView.index")
    return page or url_for("HomeView.index")


@letter(WRITTEN)
def _written_letter(values: Values) -> Words:
    after = _("Sign in with the school code, correct the numbers and save them; or answer there if they are right.")
    return Words(_written(values), [_written(values), after], _("Open the registration"), _of_registration(values))


@letter(AGAIN)
def _again_letter(values: Values) -> Words:
    after = _("Sign in with the school code, correct the numbers and save them; or answer there if they are right.")
    return Words(_again(values), [_again(values), after], _("Open the registration"), _of_registration(values))


@letter(ANSWERED_NEWS)
def _answered_letter(values: Values) -> Words:
    code = values.get("curriculum", "")
    path = url_for(f"CheckingView.{code}" if code in CURRICULA else "CheckingView.index")
    after = _("Look at the numbers again and settle the note, or ask again.")
    return Words(_answered(values), [_answered(values), after], _("Look at the numbers"), path)


@letter(REPORTED_AFTER_ALL)
def _reported_after_all_letter(values: Values) -> Words:
    said = _reported_after_all(values)
    return Words(said, [said], _("Look at the numbers"), url_for("CheckingView.index"))


@letter(REMINDED)
def _reminded_letter(values: Values) -> Words:
    said = _reminded(values)
    after = [
        _("Sign in with the school code and enter the number of students of each branch that are to be assessed."),
        _("If the school has nobody to be assessed, tell the provincial committee; it notes that."),
    ]
    return Words(
        _("Please report: academic year %(year)s", year=values.get("year", "")),
        [said, *after],
        _("Open the registration"),
        _of_registration(values),
    )


# --- where news lead, and the log -------------------------------------------------------------------------------------


def _page_of_note(key: str) -> str:
    """The school's own numbers for the school, the school's page for the province."""
    rows = Note.visible_to(g.user, "registration.view").where(Note.id == int(key))
    note = db.session.scalar(rows)
    return _page_of(note.school_id, note.curriculum) if note is not None else url_for("HomeView.index")


def _page_of_status(key: str) -> str:
    school_id = db.session.scalar(select(SchoolStatus.school_id).where(SchoolStatus.id == int(key)))
    return _page_of(school_id) if school_id else url_for("CheckingView.index")


def _page_of(school_id: int, curriculum: str = "") -> str:
    if allows(g.user, permission_here()) and not _is_own(school_id):
        return url_for("CheckingView.show", pk=school_id, _anchor=curriculum or None)
    return _of_registration({"curriculum": curriculum})


def _is_own(school_id: int) -> bool:
    return school_id in g.user.scopes(SCHOOL, SCOPE_SCHOOL)


def _badges(user: Any) -> dict[str, Any]:
    """Answers that wait for the province, behind the first entry of its menu."""
    return {"CheckingView.index": waiting_for(user)} if allows(user, CHECK) else {}


def register() -> None:
    """Let the bell find its pages and the log its words; the menu shows what waits."""
    if _badges not in badge_sources:
        badge_sources.append(_badges)
    entity_page("assessment_note", _page_of_note)
    entity_page("assessment_status", _page_of_status)
    entity_page("assessment_reminder", lambda key: _of_registration({}))  # noqa: ARG005 - wherever it was sent
    name_pages(
        {
            "CheckingView.index": _l("Who has reported"),
            "CheckingView.pvc2562": _l("Check the branches of schools"),
            "CheckingView.show": _l("A school in the check"),
            "StatusView.list": _l("Status of schools without numbers"),
            "PrivateSchoolView.list": _l("Private schools"),
        }
    )
    name_moves("assessment_note", lambda move: str(_NOTE_MOVES.get(move, move)))
    name_moves("assessment_reminder", lambda move: _("Schools reminded") if move == "send" else move)
