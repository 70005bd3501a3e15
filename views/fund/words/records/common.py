"""What the words of several of the fund's records share."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from views.core.records.words import Look
from views.fund.words.labels import Chip

LINKS = {
    "organization_id": _l("Organization"),
    "proposal_id": _l("Proposal"),
    "revision_id": _l("Revision of a proposal"),
    "session_id": _l("Evaluation session"),
    "item_id": _l("Item of an agenda"),
    "form_id": _l("Version of the scoring form"),
    "user_id": _l("User account"),
    "position": _l("Place in order"),
}


def look_of(chip: Chip) -> Look:
    """The look of a code that the fund's own pages draw as this chip."""
    return chip.kind, chip.icon
