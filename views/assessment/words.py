"""What the registry’s records are called: on generated pages, in files, for programs, in the log."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from forms.core.sentences import SENTENCES
from models.assessment.codes import RoundState
from models.assessment.committees import BadSchool
from models.assessment.note import NoteState
from models.assessment.status import Status
from views.assessment.curricula import CURRICULUM_LABELS
from views.assessment.labels import COMMITTEES, SECTORS
from views.core.log_words import name_entities
from views.core.records.words import name_record, name_record_group
from views.core.sentences import says

Values = dict[str, Any]

LINKS = {
    "school_id": _l("School"),
    "round_id": _l("Round"),
    "committee_id": _l("Provincial committee"),
    "curriculum": _l("Curriculum"),
    "students": _l("Students"),
    # In one entry with the numbers of each branch, by its code.
    "counts": _l("Students by branch, before and after"),
}
CURRICULA = {"curriculum": CURRICULUM_LABELS}
SCHOOL_FIELDS = {
    "code": _l("School code"),
    "province_code": _l("Province"),
    "name": _l("Name of the school"),
    "sector": _l("State or private"),
    "phone": _l("Contact’s telephone"),
    "email": _l("Contact’s e-mail"),
    "committee": _l("Made a committee"),
    "under_id": _l("Lies under the committee"),
    "account_id": _l("Account that signs in"),
    "activated_at": _l("Password of its own since"),
    "round": _l("Academic year and round"),
}

SENTENCES[BadSchool] = {
    "committee_elsewhere": _l(
        "A school of Bangkok is made the committee of a part of Bangkok, another one that of its province."
    ),
    "lies_under_none": _l("A committee lies under no other committee. Leave this empty."),
    "not_a_committee": _l("That school is no committee. Choose one that is."),
}


def register(builder: Any) -> None:  # noqa: ARG001 - as every module of the domain
    """Say the words of every record of the registry."""
    name_record_group("assessment", _l("Assessment instruments"))
    name_entities(
        {
            "assessment_school": _l("School"),
            "assessment_branch": _l("Branch"),
            "assessment_round": _l("Registration round"),
            "assessment_unlock": _l("Leave to save after the end"),
            "assessment_registration": _l("Registration of a school"),
            "assessment_note": _l("Note on a registration"),
            "assessment_status": _l("Status of a school"),
            "assessment_reminder": _l("Reminder to a school"),
        }
    )
    _schools()
    _rounds()
    _reports()
    _provinces()


def _schools() -> None:
    name_record(
        "school",
        _l("School"),
        _l("Schools"),
        "building",
        purpose=_l("Every school that reports, its code, and the committee that it lies under"),
        fields=SCHOOL_FIELDS,
        helps={
            "code": _l("Ten digits; the school signs in by it, so it stays as it is"),
            "committee": _l("Empty for a school like others; of a part of Bangkok in Bangkok, else of a province"),
            "under_id": _l("In a file: the committee’s code. It must be there before its schools come."),
            "email": _l("Where the school is told of its first sign-in and reminded"),
        },
        values={"sector": SECTORS, "committee": COMMITTEES},
        sections=(
            (_l("The school"), ("code", "name", "sector", "province_code")),
            (_l("Whom to reach"), ("phone", "email")),
            (_l("Its committee"), ("committee", "under_id", "activated_at")),
        ),
    )
    name_record(
        "branch",
        _l("Branch"),
        _l("Branches"),
        "diagram-3",
        purpose=_l("The branches of every curriculum; they are edited and imported on the catalogue’s own page"),
        fields={
            "curriculum": _l("Curriculum"),
            "programme_code": _l("Code of the programme type"),
            "programme": _l("Programme type"),
            "field_code": _l("Code of the subject field"),
            "field": _l("Subject field"),
            "branch_code": _l("Code of the branch"),
            "branch": _l("Branch"),
            "position": _l("Place in order"),
            "is_retired": _l("Retired"),
        },
        values=CURRICULA,
    )


def _rounds() -> None:
    name_record(
        "assessment_round",
        _l("Registration round"),
        _l("Registration rounds"),
        "calendar-range",
        purpose=_l("From when to when schools report, and for which academic year"),
        fields={
            "academic_year": _l("Academic year"),
            "number": _l("Number of the round"),
            "opens_at": _l("Opens"),
            "closes_at": _l("Closes"),
            "state": _l("Standing of the round"),
        },
        values={
            "state": {
                RoundState.PREPARED: _l("Prepared"),
                RoundState.OPEN: _l("Round open"),
                RoundState.LOCKED: _l("Round locked"),
            }
        },
        chips={
            "state": {
                RoundState.PREPARED: "draft",
                RoundState.OPEN: "doing",
                RoundState.LOCKED: ("off", "lock"),
            }
        },
    )
    name_record(
        "unlock",
        _l("Leave to save after the end"),
        _l("Leaves to save after the end"),
        "unlock",
        purpose=_l("Which school may save after a round’s end, until when, and why"),
        fields=LINKS
        | {
            "until": _l("May save until"),
            "reason": _l("Reason"),
            "given_by": _l("Let in by"),
            "given_at": _l("Let in at"),
        },
    )


def _reports() -> None:
    name_record(
        "registration",
        _l("Registration of a school"),
        _l("Registrations of schools"),
        "card-checklist",
        purpose=_l("How many students each school reported in a round and curriculum"),
        fields=LINKS | {"saved_at": _l("Saved at"), "saved_by": _l("Saved in the name of")},
        values=CURRICULA,
    )
    name_record(
        "registration_note",
        _l("Note on a registration"),
        _l("Notes on registrations"),
        "chat-left-text",
        purpose=_l("What committees asked schools to correct, and what came of it"),
        fields=LINKS
        | {
            "state": _l("Standing of the note"),
            "text": _l("What is to be corrected"),
            "written_by": _l("Noted by"),
            "written_at": _l("Noted at"),
            "answer": _l("Answer"),
            "answered_by": _l("Answered by"),
            "answered_at": _l("Answered at"),
        },
        values=CURRICULA
        | {
            "state": {
                NoteState.OPEN: _l("To be corrected"),
                NoteState.ANSWERED: _l("Answered, to be looked at again"),
                NoteState.SETTLED: _l("Settled"),
            }
        },
        chips={
            "state": {
                NoteState.OPEN: "fix",
                NoteState.ANSWERED: ("doing", "chat-left-text"),
                NoteState.SETTLED: "pass",
            }
        },
    )


def _provinces() -> None:
    name_record(
        "school_status",
        _l("Status of a school"),
        _l("Statuses of schools"),
        "slash-circle",
        purpose=_l("Which schools report nothing in a round, and why"),
        fields=LINKS | {"status": _l("Status"), "set_by": _l("Said by"), "set_at": _l("Said at")},
        values={
            "status": {
                Status.NORMAL: _l("Normal (numbers of the school are awaited)"),
                Status.CLOSED: _l("The school has closed"),
                Status.NO_STUDENTS: _l("The school has no students to be assessed"),
            }
        },
        chips={
            "status": {
                Status.NORMAL: "wait",
                Status.CLOSED: ("off", "door-closed"),
                Status.NO_STUDENTS: "off",
            }
        },
    )
    name_record(
        "reminder",
        _l("Reminder to a school"),
        _l("Reminders to schools"),
        "bell",
        purpose=_l("Which schools were reminded on which day"),
        fields=LINKS | {"day": _l("Reminded on"), "sent_by": _l("Sent by"), "sent_at": _l("Sent at")},
    )
    name_record(
        "outside_agency",
        _l("Outside school or agency"),
        _l("Outside schools and agencies"),
        "buildings",
        purpose=_l("What schools and agencies outside the office ask for through their committee"),
        fields=LINKS
        | {
            "name": _l("Name of the school or agency"),
            "sector": _l("State or private"),
            "parent": _l("Parent agency"),
            "province_code": _l("Province"),
            "saved_at": _l("Saved at"),
            "saved_by": _l("Saved in the name of"),
        },
        values=CURRICULA | {"sector": SECTORS},
    )
    name_record(
        "none_outside",
        _l("Word that no outside school asks"),
        _l("Words that no outside school asks"),
        "hand-thumbs-up",
        purpose=_l("Which committees confirmed that no outside school asks for instruments"),
        fields=LINKS | {"confirmed_at": _l("Confirmed at"), "confirmed_by": _l("Confirmed by")},
    )


# --- why the registry refuses what is asked of a school ---------------------------------------------------------------

_PLAIN = {
    "is_a_committee": _l("This school is a committee. Let it be none first."),
    "is_no_committee": _l("This school is no committee."),
}


def _say(code: str, words: Any) -> None:
    says(code)(lambda values: str(words))  # noqa: ARG005 - the sentence needs none


for _code, _words in _PLAIN.items():
    _say(_code, _words)


@says("schools_lie_under")
def _schools_lie_under(values: Values) -> str:
    return ngettext(
        "%(num)s school lies under it. Move it to another committee first.",
        "%(num)s schools lie under it. Move them to another committee first.",
        values["count"],
    )


@says("agencies_ask_through")
def _agencies_ask_through(values: Values) -> str:
    return ngettext(
        "%(num)s outside agency asks through it in the open round. It stays a committee till the end.",
        "%(num)s outside agencies ask through it in the open round. It stays a committee till the end.",
        values["count"],
    )


@says("too_many_schools")
def _too_many_schools(values: Values) -> str:
    return _("Choose %(most)s schools at most at one time.", **values)


@says("committee_lies_under_none")
def _committee_lies_under_none(values: Values) -> str:
    return _("%(school)s is a committee itself, so it lies under no other one.", **values)


@says("not_a_committee")
def _not_a_committee(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("That school is no committee. Choose one that is.")


@says("code_wrong")
def _code_wrong(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("A school code has ten digits, such as 1310016201.")


@says("code_taken")
def _code_taken(values: Values) -> str:
    return _("The code %(school)s is another school’s, perhaps of one that was closed.", **values)
