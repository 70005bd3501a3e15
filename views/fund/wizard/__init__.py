"""The proposal wizard: its parts, the typing it keeps by itself, and the applicants' moves (spec: fund.md 4 and 5)."""

from __future__ import annotations

from typing import Any

from flask import current_app

from forms.fund.wizard import labels
from models.core.thai.phone import format_phone
from models.fund.codes import ATTACHMENT_PURPOSE, ATTACHMENT_TYPES
from models.fund.kinds import line_kinds
from views.core.files import Upload, register_upload
from views.fund.wizard.bringing import BringView, origin_of
from views.fund.wizard.kept import KeptTypingView
from views.fund.wizard.loading import load_revision, office_address
from views.fund.wizard.moving import ProposalMoveView, moves_of
from views.fund.wizard.pages import WizardView


def register(builder: Any) -> None:
    """Add the wizard's views to FAB, its upload place, and its words to the templates."""
    builder.add_view_no_menu(WizardView)
    builder.add_view_no_menu(BringView)
    builder.add_view_no_menu(KeptTypingView)
    builder.add_view_no_menu(ProposalMoveView)
    register_upload(Upload(ATTACHMENT_PURPOSE, ATTACHMENT_TYPES, permission="proposal.edit"))
    environment = current_app.jinja_env
    environment.globals.update(
        field_label=labels.field_label,
        line_kinds=line_kinds,
        moves_of=moves_of,
        load_revision=load_revision,
        office_address=office_address,
        origin_of=origin_of,
    )
    environment.filters.update(missing_words=labels.missing_label, phone_number=format_phone)
