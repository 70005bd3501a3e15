"""Accounts as staff keep them: committee members, staff, and everybody who may sign in (spec: fund.md 2.4)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.fund.people.view import UserView


def register(builder: Any) -> None:
    """Add the view and its two entries in the menu."""
    category = {"category": "fund", "category_label": _l("Fund")}
    view = builder.add_view_no_menu(UserView)
    builder.add_link("committee", "committee", label=_l("Committee"), icon="people", baseview=view, **category)
    builder.add_link("users", "list", label=_l("System users"), icon="person-gear", baseview=view, **category)
