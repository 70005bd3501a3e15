"""Puts the generated pages into the application: a FAB view for each entity, one for what all lists share."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from jobs import bulk as bulk  # the work on many records, registered by its import
from models.core.entity import entities
from views.core.records import files
from views.core.records import refusals as refusals
from views.core.records.kept import RecordTypingView, keep_lapsed
from views.core.records.policy import is_served
from views.core.records.tools import RecordToolsView
from views.core.records.view import view_of


def register(builder: Any) -> None:
    """Make the view of each entity that this installation has, and put the page of all of them into the menu."""
    builder.add_view(
        RecordToolsView, "records", label=_l("All records"), icon="table", category="system",
        category_label=_l("System"),
    )  # fmt: skip
    for entity in entities():
        if is_served(entity):
            builder.add_view_no_menu(view_of(entity))
            keep_lapsed(entity)
    builder.add_view_no_menu(RecordTypingView)
    files.register(builder)
