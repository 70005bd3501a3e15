"""โครงการ: the list that applicants and the fund share, a proposal's page, its revisions and its history."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.fund.proposal.view import ProposalView


def register(builder: Any) -> None:
    """Add the proposals to FAB and to the menu."""
    builder.add_view(
        ProposalView, "proposals", label=_l("Proposals"), icon="folder2", category="fund", category_label=_l("Fund")
    )
