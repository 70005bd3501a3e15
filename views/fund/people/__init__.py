"""Accounts as staff keep them: committee members, staff, and everybody who may sign in (spec: fund.md 2.4)."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, url_for
from flask_babel import lazy_gettext as _l

from models.core.db import db
from models.core.identity import Account
from models.core.staffing import visible_accounts
from views.core.notification import read_at
from views.fund.people.view import UserView


def register(builder: Any) -> None:
    """Add the view and its two entries in the menu."""
    category = {"category": "fund", "category_label": _l("Fund")}
    view = builder.add_view_no_menu(UserView)
    builder.add_link("committee", "committee", label=_l("Committee"), icon="people", baseview=view, **category)
    read_at("ab_user", _page_of)
    builder.add_link("users", "list", label=_l("System users"), icon="person-gear", baseview=view, **category)


def _page_of(key: str) -> str | None:
    """The page of somebody's account, for those who keep it."""
    if "UserView.show" not in current_app.view_functions:
        return None
    rows = visible_accounts(g.user, "user.edit").where(Account.id == (int(key) if key.isdecimal() else 0))
    return url_for("UserView.show", pk=int(key)) if db.session.scalar(rows.with_only_columns(Account.id)) else None
