"""Why the registry refuses, as sentences that say what to do (codes: models/assessment)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from models.core.clock import now
from views.core.look import moment
from views.core.sentences import says

Values = dict[str, Any]

# Codes whose sentence needs no value.
_PLAIN = {
    "no_round": _l("There is no round yet. The national office prepares it and opens it."),
    "nothing_asked": _l("Choose one branch at least and enter its number of students."),
}


def _say(code: str, words: Any) -> None:
    says(code)(lambda values: str(words))  # noqa: ARG005 - the sentence needs none


for _code, _words in _PLAIN.items():
    _say(_code, _words)


@says("round_not_open_yet")
def _round_not_open_yet(values: Values) -> str:
    return _("The round opens at %(moment)s. Nothing can be entered before.", moment=moment(values["day"]))


@says("round_is_over")
def _round_is_over(values: Values) -> str:
    if values["day"] > now():  # Locked before its day: the day says nothing.
        return _("The national office has locked the round. Ask it if something is still to be changed.")
    return _(
        "The round closed at %(moment)s. Ask the national office if something is still to be changed.",
        moment=moment(values["day"]),
    )


@says("no_such_branch")
def _no_such_branch(values: Values) -> str:
    return ngettext(
        "%(num)s branch that was sent is not in this curriculum any more. Open the page again.",
        "%(num)s branches that were sent are not in this curriculum any more. Open the page again.",
        values["count"],
    )


@says("none_outside_confirmed")
def _none_outside_confirmed(values: Values) -> str:
    return _(
        "At %(moment)s it was confirmed that no outside school asks for instruments. Withdraw that first.",
        moment=moment(values["day"]),
    )


@says("outside_agencies_exist")
def _outside_agencies_exist(values: Values) -> str:
    return ngettext(
        "%(num)s agency is entered in this round. Delete it first, if it asks for nothing.",
        "%(num)s agencies are entered in this round. Delete them first, if they ask for nothing.",
        values["count"],
    )


@says("agency_deleted")
def _agency_deleted(values: Values) -> str:
    return _("Somebody deleted %(name)s in the meantime. Restore it from the list first.", **values)


@says("agency_is_there")
def _agency_is_there(values: Values) -> str:
    return _("%(name)s of this province is on the list of this curriculum already. Edit it there.", **values)
