"""What is said about organizations: bell, mail, names of sectors (spec: fund.md 3 and 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from jobs.letters import Words, letter
from models.fund.codes import PUBLIC
from services.core import settings
from views.core.log_words import name_entities, name_moves
from views.core.notification import event_says
from views.core.sentences import says

Values = Mapping[str, Any]


def sector_label(sector: str) -> str:
    """ภาครัฐ or ภาคเอกชน."""
    return _("Public sector") if sector == PUBLIC else _("Private sector")


@event_says("member_joined")
def _member_joined(values: Values) -> str:
    return _(
        "%(member)s joined %(organization)s",
        member=values.get("member", ""),
        organization=values.get("organization", ""),
    )


@event_says("organization_merged")
def _organization_merged(values: Values) -> str:
    return _(
        "%(name)s was merged into %(organization)s; members and proposals went along",
        name=values.get("name", ""),
        organization=values.get("organization", ""),
    )


@letter("organization_merged")
def _organization_merged_letter(values: Values) -> Words:
    said = _organization_merged(values)
    after = _("Your part in the organization stays what it was. Look at its data and tell the fund of what is wrong.")
    subject = _("Organizations were merged: %(organization)s", organization=values.get("organization", ""))
    return Words(subject, [said, after], _("Open the organization"), url_for("OrganizationView.list"))


@says("was_merged")
def _was_merged(values: Values) -> str:  # noqa: ARG001
    return _("The organization was merged into another one, so it cannot be restored.")


@says("merge_reason_needed")
def _merge_reason_needed(values: Values) -> str:  # noqa: ARG001
    return _("Give the reason; it stands in the log.")


@says("same_author")
def _same_author(values: Values) -> str:  # noqa: ARG001
    return _("This person takes care of the proposal already.")


@letter("member_invited")
def _member_invited(values: Values) -> Words:
    organization, by = values.get("organization", ""), values.get("by", "")
    return Words(
        _("Invitation to %(organization)s", organization=organization),
        [
            _(
                "%(by)s invites you to work for %(organization)s in the system of %(agency)s.",
                by=by,
                organization=organization,
                agency=settings().agency_name,
            ),
            _("Open an account with this e-mail, or sign in, and choose the organization in the form that follows."),
            _("If you belong to another organization there, leave it first."),
        ],
        _("Open an account"),
        url_for("RegisterView.form"),
    )


# What the access log calls what is done to organizations beyond saving.
_MOVES = {
    "merge": _l("Merged with a duplicate"),
    "merged_away": _l("Merged into another one"),
}


def _move_label(move: str) -> str:
    return str(_MOVES.get(move, move))


name_moves("fund_organization", _move_label)
name_entities({"fund_organization_distinct": _l("Pair of organizations told apart")})
