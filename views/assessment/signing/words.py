"""What is said about the first sign-in of schools: refusals, news, mails, the log (spec: assessment.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from jobs.letters import Words, letter
from models.assessment import activation
from views.core.look import moment
from views.core.notification import event_says
from views.core.sentences import says

Values = Mapping[str, Any]

OWN, CODE, LETTER, NO_LETTER = "own", "code", "letter", "no_letter"
STATES = (OWN, CODE, LETTER, NO_LETTER)
"""What a school signs in with: its own password, its code, a printed letter's, or nothing until one is printed."""

_STATES = {
    OWN: _l("Changed by the school"),
    CODE: _l("Initial"),
    LETTER: _l("Letter printed"),
    NO_LETTER: _l("No letter yet"),
}
STATE_CHIPS = {OWN: "pass", CODE: "wait", LETTER: "doing", NO_LETTER: "fix"}
_MOVES = {
    "first": _l("Came in by the first password"),
    "letter": _l("Activation letter printed"),
    "reset": _l("First password given back"),
}


def state_label(state: str) -> str:
    """Where a school stands with its password."""
    return str(_STATES[state])


def sign_in_move(action: str) -> str:
    """What was done, for the log."""
    return str(_MOVES.get(action, action))


_PLAIN = {
    "codes_are_off": _l("Letters are not in use: a school’s first password is its code. The setting is the office’s."),
    "no_letters": _l("None of these schools waits for a letter: all have chosen a password of their own."),
    "no_account": _l("This school has no account that could sign in. Ask the national office."),
    "own_password": _l("This is your own account. Change your password on the page of your account."),
    "not_activated": _l("This school has not chosen a password of its own yet; its first password still holds."),
}


def _say(code: str, words: Any) -> None:
    says(code)(lambda values: str(words))  # noqa: ARG005 - the sentence needs none


for _code, _words in _PLAIN.items():
    _say(_code, _words)


@says("too_many_letters")
def _too_many_letters(values: dict[str, Any]) -> str:
    return _("%(limit)s letters at most can be printed at once. Narrow the list by committee or province.", **values)


def _named(values: Values) -> dict[str, str]:
    return {"school": str(values.get("school", "")), "code": str(values.get("code", ""))}


@event_says(activation.ENTERED)
def _entered(values: Values) -> str:
    return _("First sign-in of %(school)s (%(code)s)", **_named(values))


@event_says(activation.RESET)
def _reset(values: Values) -> str:
    return _("The first password of %(school)s (%(code)s) was given back", **_named(values))


def _whom_to_ask(values: Values) -> str:
    """The committee that helps, with its telephone; the national office where there is none."""
    if not values.get("committee"):
        return _("the national office")
    phone = values.get("phone")
    return f"{values['committee']} ({phone})" if phone else str(values["committee"])


@letter(activation.ENTERED)
def _entered_letter(values: Values) -> Words:
    return Words(
        _entered(values),
        [
            _(
                "At %(moment)s somebody came in with the first password of %(school)s, whose code is %(code)s.",
                moment=moment(datetime.fromisoformat(str(values["at"]))),
                **_named(values),
            ),
            _("If that was the school, there is nothing to do: it now chooses a password of its own."),
            _(
                "If it was not, tell %(whom)s at once. The first password can be given back, and whoever came in is"
                " signed out.",
                whom=_whom_to_ask(values),
            ),
        ],
        _("Sign in"),
        url_for("SignView.sign_in"),
    )


@letter(activation.RESET)
def _reset_letter(values: Values) -> Words:
    return Words(
        _reset(values),
        [
            _(
                "The password that %(school)s (%(code)s) had chosen holds no more, and every device is signed out.",
                **_named(values),
            ),
            _("Sign in with the first password while a registration round is open, and choose a new one."),
            _("If your school did not ask for this, tell %(whom)s.", whom=_whom_to_ask(values)),
        ],
        _("Sign in"),
        url_for("SignView.sign_in"),
    )
