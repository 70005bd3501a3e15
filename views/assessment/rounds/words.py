"""What the codes of rounds are called on screen, why they refuse, and what schools are told (spec: 3, 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from jobs.letters import Words, letter
from models.assessment import readiness
from models.assessment.codes import RoundState
from models.assessment.readiness import Need
from models.assessment.unlocking import LOCKED_AGAIN, UNLOCKED
from views.assessment.curricula import curriculum_label
from views.core.look import moment
from views.core.notification import event_says
from views.core.sentences import says

Values = Mapping[str, Any]

_STATES = {
    RoundState.PREPARED: _l("Prepared"),
    RoundState.OPEN: _l("Round open"),
    RoundState.LOCKED: _l("Round locked"),
}
_MOVES = {
    "edit": _l("Dates of the round changed"),
    "open": _l("Round opened"),
    "lock": _l("The round was locked"),
    "reopen": _l("Round opened again"),
}


def state_word(state: str) -> str:
    """Where a round stands."""
    return str(_STATES.get(state, state))


def round_move(action: str) -> str:
    """What was done to a round, for the log."""
    return str(_MOVES.get(action, action))


def need_words(need: Need) -> str:
    """What opening needs, as it is: a sentence that says what is in order or what to do."""
    values = need.values
    if need.code == readiness.DATES:
        when = moment(values["closes_at"])
        if need.is_met:
            return _("It closes at %(when)s.", when=when)
        return _("Its end, %(when)s, is past. Give it other dates.", when=when)
    if need.code == readiness.ALONE:
        if need.is_met:
            return _("No other round is open.")
        return _("Round %(number)s of %(year)s is open. Lock it first.", **values)
    if need.code == readiness.CATALOGUE:
        if need.is_met:
            return _("The catalogue has %(count)s branches in four curricula.", count=f"{values['branches']:,}")
        names = ", ".join(curriculum_label(code) for code in values["empty"])
        return _("The catalogue has no branch of: %(names)s", names=names)
    if need.code == readiness.SCHOOLS:
        if need.is_met:
            return ngettext(
                "%(schools)s school is registered.",
                "%(schools)s schools are registered.",
                values["count"],
                schools=f"{values['count']:,}",
            )
        return _("There is no school yet. Import the schools first.")
    return _of_schools(need)


def _of_schools(need: Need) -> str:
    count = need.values["without"]
    if need.code == readiness.COMMITTEES:
        if need.is_met:
            return _("Every school lies under its committee.")
        return ngettext(
            "%(schools)s school lies under no committee: nobody checks it.",
            "%(schools)s schools lie under no committee: nobody checks them.",
            count,
            schools=f"{count:,}",
        )
    if need.is_met:
        return _("Every school has an e-mail of its contact.")
    return ngettext(
        "%(schools)s school has no e-mail: nobody is told of its first sign-in, and no reminder reaches it.",
        "%(schools)s schools have no e-mail: nobody is told of their first sign-in, and no reminder reaches them.",
        count,
        schools=f"{count:,}",
    )


# --- refusals ---------------------------------------------------------------------------------------------------------


@says("another_round_is_open")
def _another_round_is_open(values: Values) -> str:
    if not values:
        return _("Another round was opened a moment before. One is open at a time.")
    return _("Round %(number)s of %(year)s is open. Lock it first.", **values)


@says("round_exists")
def _round_exists(values: Values) -> str:
    return _("There is a round %(number)s of %(year)s already. Choose another number.", **values)


@says("round_is_named")
def _round_is_named(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("The round was opened, so its academic year and number stay as they are.")


@says("lock_instead")
def _lock_instead(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("An open round cannot close in the past. Lock it to end it now.")


@says("round_takes_numbers")
def _round_takes_numbers(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("The round is open: every school can save.")


@says("unlock_is_over")
def _unlock_is_over(values: Values) -> str:  # noqa: ARG001 - as every sentence
    return _("It has ended already.")


# --- what schools and their committees are told -----------------------------------------------------------------------


def _round(values: Values) -> str:
    return _("Academic year %(year)s, round %(number)s", year=values.get("year"), number=values.get("number"))


@event_says(UNLOCKED)
def _unlocked(values: Values) -> str:
    until = values.get("until")
    when = moment(datetime.fromisoformat(until)) if until else ""
    return _("%(school)s can save until %(when)s (%(round)s)", school=values["school"], when=when, round=_round(values))


@event_says(LOCKED_AGAIN)
def _locked_again(values: Values) -> str:
    return _("%(school)s can no longer save (%(round)s)", school=values["school"], round=_round(values))


@letter(UNLOCKED)
def _unlocked_letter(values: Values) -> Words:
    """The mail to the school's contact and to its committee."""
    words = [
        _("The national office lets the school save its numbers although the round is over."),
        _unlocked(values),
        _("What is to be corrected should be saved before that moment; afterwards the numbers stand as they are."),
    ]
    return Words(_unlocked(values), words, _("Sign in"), url_for("SignView.sign_in"))


@letter(LOCKED_AGAIN)
def _locked_again_letter(values: Values) -> Words:
    """The mail that the school's time is over before its end."""
    words = [
        _("The national office has ended the time in which the school could save after the round."),
        _round(values),
    ]
    return Words(_locked_again(values), words)
