"""What is said about organizations: bell, mail, names of sectors (spec: fund.md 3 and 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from jobs.letters import Words, letter
from models.fund.codes import PUBLIC
from services.core import settings
from views.core.notification import event_says

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
