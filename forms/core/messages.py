"""How one wants to be told: a choice for each group of events (spec: fund.md 9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField

from forms.core.base import SalaForm
from models.core.choice import ADMINISTRATION, AT_ONCE, BELL, DAILY, GROUPS, PROPOSALS, SESSIONS

WAY_LABELS = {
    AT_ONCE: _("An e-mail at once"),
    DAILY: _("One e-mail a day, at 07.00, with all of the day before"),
    BELL: _("Only under the bell, no e-mail"),
}


def _choice(label: Any, hint: Any) -> RadioField:
    return RadioField(label, description=hint, choices=list(WAY_LABELS.items()), default=AT_ONCE)


class MessageChoiceForm(SalaForm):
    """A choice for each group that concerns the user; `groups` names those."""

    version = HiddenField()
    proposals = _choice(_("Proposals"), _("Ready to confirm, submitted, results, returned for revision"))
    sessions = _choice(
        _("Evaluation sessions"), _("Invitations and changes; the calendar file comes with an e-mail at once")
    )
    administration = _choice(_("Membership and roles"), _("Members of the organization, appointments"))

    def __init__(self, groups: Iterable[str], **given: Any) -> None:
        super().__init__(**given)
        for group in set(GROUPS) - set(groups):
            delattr(self, group)

    @property
    def chosen(self) -> dict[str, str]:
        """Group -> way, for the groups that are asked about."""
        return {group: str(self[group].data) for group in (PROPOSALS, SESSIONS, ADMINISTRATION) if group in self}
