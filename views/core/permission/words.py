"""The matrix in words: its domains, groups, rows, what is assumed of them, and why a change is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.core.matrix import MatrixRow
from models.core.matrix.changing import EDITED, RESET, RESTORED
from views.core.look import lang
from views.core.sentences import says

_domains: dict[str, Any] = {}
# What the manual's own groups are called in English; where it has none, the first part of the code gives the heading.
_groups: dict[str, Any] = {
    "permission": _l("The system"),
    "access_log": _l("The system"),
}
# What is known of the columns of a row, as the reference files say it.
_BASES: dict[str, Any] = {
    "text": _l("The manual’s text names the kinds."),
    "counted": _l("The number of marks leaves no other columns."),
    "columns assumed": _l("The columns are assumed: the manual’s were illegible."),
    "unregistered and staff from the text; third assumed": _l(
        "Unregistered and staff from the manual’s text; the third is assumed."
    ),
    "managers from the text; third assumed": _l("The managers from the manual’s text; the third is assumed."),
    "staff from the text; second assumed": _l("Staff from the manual’s text; the second is assumed."),
    "staff from the text; rest assumed": _l("Staff from the manual’s text; the rest is assumed."),
    "organization manager from the text; rest assumed": _l(
        "The organization manager from the manual’s text; the rest is assumed."
    ),
    "applicant kinds from the text; third assumed": _l(
        "The applicants’ kinds from the manual’s text; the third is assumed."
    ),
}


def name_domain(domain: str, label: Any) -> None:
    """Let a domain say what its matrix is called."""
    _domains[domain] = label


def name_groups(names: Mapping[str, Any]) -> None:
    """Let a domain name its groups: the manual's Thai heading, or the first part of a code -> heading."""
    _groups.update(names)


def domain_label(domain: str) -> str:
    """What a domain's matrix is called."""
    return str(_domains.get(domain, domain))


def group_label(row: MatrixRow) -> str:
    """The heading under which a row stands."""
    if row.is_house:
        return _("Added by this office")
    if row.group_th:
        return row.group_th if lang() == "th" else str(_groups.get(row.group_th, row.group_th))
    return str(_groups.get(row.code.partition(".")[0], _("Other permissions")))


def title_of(row: MatrixRow) -> str:
    """A permission in the reader's language."""
    return row.title_en if lang() == "en" else row.title_th


def basis_label(basis: str) -> str:
    """What is known of a row's columns."""
    return str(_BASES.get(basis, basis))


def is_assumed(basis: str) -> bool:
    """Whether some of a row's columns are assumed."""
    return "assumed" in basis


def what_label(what: str) -> str:
    """What sort of change it was."""
    words = {EDITED: _("Changed"), RESET: _("Set back to the manual’s"), RESTORED: _("Put back as before")}
    return words.get(what, what)


@says("matrix_no_change")
def _no_change(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("Nothing differs from what holds now.")


@says("matrix_reason_needed")
def _reason_needed(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("Give the reason. It is kept in the history and in the access log.")


@says("matrix_reason_too_long")
def _reason_too_long(values: dict[str, Any]) -> str:
    return _("The reason is too long. %(limit)s characters at most are possible.", **values)


@says("matrix_last_super_user")
def _last_super_user(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("Super users keep this right; without it nobody could change the permissions any more.")


@says("matrix_not_for_visitors")
def _not_for_visitors(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("Not for visitors: nobody knows who they are, so nothing can be theirs or be done in their name.")


@says("matrix_nobody_left")
def _nobody_left(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _(
        "After this change no open account could change the permissions any more. Leave the right to one kind "
        "that somebody is of."
    )
